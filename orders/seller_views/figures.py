"""How the shop does: the first page of a seller, and the figures of any span of days."""

from collections.abc import Callable, Iterator, Sequence

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts.models import SellerProfile
from accounts.services import seller_page
from catalog.models import Product
from catalog.selectors import LOW_STOCK, low_stock
from orders.forms import PRESETS, FiguresForm
from orders.periods import Period, Step, last_days
from orders.seller_figures import Change, best_sellers, figures
from orders.seller_selectors import TO_PACK, latest_parts, parts_in
from pymart.common.csv import csv_response
from pymart.common.htmx import page_or_fragment

SHOWN = 5  # rows of a list on the first page
BEST_SHOWN = LOW_SHOWN = 10  # on the page of figures; the files have all
DAYS_SHOWN = 30
Table = tuple[Sequence[str], Iterator[Sequence[object]]]


@seller_page
@require_safe
def dashboard(request: HttpRequest, seller: SellerProfile) -> HttpResponse:
    """The open page asks for its `dashboard` fragment anew when an order comes in or changes."""
    if not Product.objects.filter(seller=seller).exists():
        return render(request, "seller/first_steps.html", {"seller": seller})
    month = figures(seller, Period(last_days(DAYS_SHOWN, timezone.localdate()), Step.DAY))
    week = [sum((row.sales.revenue for row in month.rows[start:][:7]), month.most * 0) for start in (-7, -14)]
    low, waiting = low_stock(seller), parts_in(seller, TO_PACK)
    context = {
        "seller": seller,
        "figures": month,
        "today": month.rows[-1].sales,
        "yesterday": month.rows[-2].sales,
        "week": Change(*week),
        "best_sellers": best_sellers(seller, month.period.span, limit=SHOWN),
        "low_stock": low[:SHOWN],
        "low_stock_count": low.count(),
        "waiting_count": waiting.count(),
        "oldest": waiting.first(),
        "latest": latest_parts(seller)[:SHOWN],
    }
    return page_or_fragment(request, "seller/dashboard.html", {"dashboard"}, context)


@seller_page
@require_safe
def show(request: HttpRequest, seller: SellerProfile) -> HttpResponse:
    form = FiguresForm(request.GET)
    presets = [(name, label) for name, (label, _) in PRESETS.items()]
    if not form.is_valid():
        context = {"seller": seller, "form": form, "presets": presets}
        return page_or_fragment(request, "seller/figures.html", {"figures"}, context, status=422)
    period, low = form.period, low_stock(seller)
    context = {
        "seller": seller,
        "form": FiguresForm.showing(period, form.today),
        "presets": presets,
        "preset": form.preset,
        "query": urlencode({"from": period.span.first, "to": period.span.last, "by": period.step}),
        "figures": figures(seller, period),
        "best_sellers": best_sellers(seller, period.span, limit=BEST_SHOWN),
        "low_stock": low[:LOW_SHOWN],
        "low_stock_count": low.count(),
        "low_from": LOW_STOCK,
    }
    return page_or_fragment(request, "seller/figures.html", {"figures"}, context)


@seller_page
@require_safe
def download(request: HttpRequest, seller: SellerProfile, table: str) -> HttpResponseBase:
    """One of the tables of the page, for the same days, as a file."""
    make = TABLES.get(table)
    if make is None:
        raise Http404
    form = FiguresForm(request.GET)
    if not form.is_valid():
        return page_or_fragment(request, "seller/figures.html", (), {"seller": seller, "form": form}, status=422)
    header, rows = make(seller, form.period)
    first, last = form.period.span
    days = "" if table == "low-stock" else f"-{first}-{last}"
    return csv_response(request, f"{table}{days}.csv", header, rows)


def _sales(seller: SellerProfile, period: Period) -> Table:
    header = (
        "From", "To", "Revenue", "Of it delivery", "Orders", "Units", "Average order", "Revenue in the period before",
        "Orders in the period before", "Views", "Orders per 100 views",
    )  # fmt: skip
    return header, (
        (
            *row.span, row.sales.revenue, row.sales.shipping, row.sales.orders, row.sales.units, row.sales.average,
            row.before.revenue, row.before.orders, row.views, row.conversion,
        )
        for row in figures(seller, period).rows
    )  # fmt: skip


def _best_sellers(seller: SellerProfile, period: Period) -> Table:
    header = ("Product id", "Product", "Revenue without delivery", "Units", "Orders", "Views", "Orders per 100 views")
    return header, (
        (row.product_id, row.title, row.amount, row.units, row.orders, row.views, row.conversion)
        for row in best_sellers(seller, period.span, limit=None)
    )


def _low_stock(seller: SellerProfile, period: Period) -> Table:
    variants = low_stock(seller).iterator(chunk_size=1000)
    return ("SKU", "Product", "Variant", "Pieces left"), (
        (variant.sku, variant.product.title, variant.name, variant.stock) for variant in variants
    )


TABLES: dict[str, Callable[[SellerProfile, Period], Table]] = {
    "sales": _sales,
    "best-sellers": _best_sellers,
    "low-stock": _low_stock,
}
