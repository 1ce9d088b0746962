"""Products from and to spreadsheets."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import SellerProfile
from accounts.services import seller_page
from catalog import services
from catalog.csv.cells import NOTHING, SEPARATOR
from catalog.csv.columns import DOCUMENTED
from catalog.csv.files import MAX_BYTES, MAX_COLUMNS, MAX_ROWS
from catalog.csv.writing import columns_of, faulty_rows, rows_of, template_rows
from catalog.forms import ImportForm
from catalog.models import ProductImport, ProductStatus
from catalog.selectors import imports_of
from pymart.common.csv import csv_response
from pymart.common.errors import DomainError
from pymart.common.forms import form_page, posted
from pymart.common.htmx import page_or_fragment

RECENT = 10  # imports on the first page
SHOWN = 50  # errors on a page; all of them are in the file
LIMITS = {"megabytes": MAX_BYTES // 2**20, "rows": MAX_ROWS, "columns": MAX_COLUMNS}


@seller_page
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, seller: SellerProfile) -> HttpResponse:
    form = ImportForm(posted(request), request.FILES or None)
    refusal = None
    if form.is_valid():
        try:
            job = services.start_import(seller=seller, actor=request.user, **form.cleaned_data)
        except DomainError as error:
            refusal = error
        else:
            return redirect(job)
    context = {
        "seller": seller,
        "imports": imports_of(seller)[:RECENT],
        "statuses": ProductStatus.choices,
        "limits": LIMITS,
    }
    return form_page(request, "seller/import.html", form, context, refusal=refusal)


@seller_page
@require_safe
def detail(request: HttpRequest, seller: SellerProfile, pk: int) -> HttpResponse:
    """While the import goes on, the open page asks for its `import-progress` fragment anew."""
    job = get_object_or_404(imports_of(seller), pk=pk)
    context = {"seller": seller, "job": job, "problems": job.problems.all()[:SHOWN] if job.failed else []}
    return page_or_fragment(request, "seller/import_detail.html", {"import-progress"}, context)


@seller_page
@require_POST
def cancel(request: HttpRequest, seller: SellerProfile, pk: int) -> HttpResponse:
    job = get_object_or_404(imports_of(seller), pk=pk)
    try:
        services.cancel_import(job=job)
    except DomainError as error:
        messages.warning(request, str(error))
    return redirect(job)


@seller_page
@require_POST
def carry_out(request: HttpRequest, seller: SellerProfile, pk: int) -> HttpResponse:
    """What was only checked is now to be done."""
    job = get_object_or_404(imports_of(seller).filter(is_dry_run=True), pk=pk)
    try:
        return redirect(services.carry_out(job=job, actor=request.user))
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(job)


@seller_page
@require_safe
def errors(request: HttpRequest, seller: SellerProfile, pk: int) -> HttpResponseBase:
    """The rows that were not imported, as they were sent, and what is wrong with each."""
    job: ProductImport = get_object_or_404(imports_of(seller).exclude(file=""), pk=pk)
    if not job.failed:
        raise Http404
    rows = faulty_rows(job)
    return csv_response(request, f"errors-{job.pk}.csv", [str(name) for name in next(rows)], rows)


@seller_page
@require_safe
def template(request: HttpRequest, seller: SellerProfile) -> HttpResponseBase:
    return csv_response(request, "products-template.csv", [column.name for column in DOCUMENTED], template_rows())


@seller_page
@require_safe
def columns(request: HttpRequest, seller: SellerProfile) -> HttpResponse:
    context = {
        "seller": seller,
        "columns": DOCUMENTED,
        "limits": LIMITS,
        "nothing": NOTHING,
        "separator": SEPARATOR,
    }
    return render(request, "seller/import_help.html", context)


@seller_page
@require_safe
def export(request: HttpRequest, seller: SellerProfile) -> HttpResponseBase:
    """All variants on offer, or those of products with one status."""
    status = request.GET.get("status", "")
    if status not in ("", *ProductStatus.values):
        raise Http404
    columns = columns_of(seller.pk)
    filename = f"products-{timezone.localdate():%Y-%m-%d}.csv"
    return csv_response(request, filename, [c.name for c in columns], rows_of(seller.pk, columns, status=status))
