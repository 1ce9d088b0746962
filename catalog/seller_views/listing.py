"""The list of a seller's products, and what is changed in it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.decorators.http import require_POST, require_safe

from accounts.models import SellerProfile
from accounts.services import seller_page
from catalog.models import Product, ProductStatus, Variant
from catalog.selectors import LOW_STOCK
from catalog.seller_forms import ListForm, RowForm, TickedForm, posted_ids
from catalog.seller_selectors import products_found, products_of_seller, rows_of, tabs_of
from catalog.services import Offer, change_offer, change_status
from pymart.common.errors import DomainError
from pymart.common.htmx import page_or_fragment, wants_fragment
from pymart.common.net import safe_next

PAGE_SIZE = 25
AT_ONCE = 100  # products that one press changes
NAMED = 5  # refusals told one by one
UNDO = "products-undo"  # in the session: what the last press changed, until the list has offered to undo it
DONE = {
    ProductStatus.ACTIVE: "on sale",
    ProductStatus.DRAFT: "a draft again",
    ProductStatus.ARCHIVED: "archived",
}


class Row:
    """A product as the list shows it; price and stock are changed there where it has one variant."""

    def __init__(self, product: Product, form: RowForm | None = None) -> None:
        self.product = product
        self.form = form or RowForm(initial=self._initial(), auto_id=f"row{product.pk}-%s")

    @cached_property
    def variants(self) -> list[Variant]:
        """Those on sale, or all where none is."""
        variants = list(self.product.variants.all())
        return [variant for variant in variants if variant.is_active] or variants

    @property
    def only(self) -> Variant | None:
        return self.variants[0] if len(self.variants) == 1 else None

    @property
    def price(self) -> Decimal:
        return min(variant.price for variant in self.variants)

    @property
    def stock(self) -> int:
        return sum(variant.stock for variant in self.variants)

    @property
    def is_low(self) -> bool:
        return any(variant.stock <= LOW_STOCK for variant in self.variants)

    def _initial(self) -> dict[str, Any]:
        mine = {"price": self.only.price, "stock": self.only.stock, "variant": self.only.pk} if self.only else {}
        return {"status": self.product.status, **mine}


class KnownPaginator(Paginator):
    """A paginator that takes a count that is known already."""

    def __init__(self, *args: Any, count: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if count is not None:
            self.count = count  # takes the place of the cached property


@seller_page
@require_safe
def product_list(request: HttpRequest, seller: SellerProfile) -> HttpResponse:
    wanted = ListForm.wanted(request.GET)
    tabs = tabs_of(seller)
    tab = next(tab for tab in tabs if tab.status == wanted.tab)
    ids = products_found(seller, wanted).values_list("pk", flat=True)
    page = KnownPaginator(ids, PAGE_SIZE, count=None if wanted.is_narrowed else tab.count).get_page(
        request.GET.get("page")
    )
    context = {
        "seller": seller,
        "tabs": tabs,
        "tab": tab,
        "wanted": wanted,
        "filters": ListForm(initial={**vars(wanted)}, auto_id="list-%s"),
        "page": page,
        "rows": [Row(product) for product in rows_of(products_of_seller(seller), list(page.object_list))],
        "undo": request.session.pop(UNDO, None),
    }
    return page_or_fragment(request, "seller/product_list.html", {"seller-products"}, context)


@seller_page
@require_POST
def row(request: HttpRequest, seller: SellerProfile, pk: int) -> HttpResponse:
    """Price, stock and status of one product. With htmx the row comes back, otherwise the list; or what is wrong."""
    product = _row(seller, pk)
    form = RowForm(request.POST.copy(), auto_id=f"row{pk}-%s")
    was = product.status
    if form.is_valid():
        try:
            _change_row(product, form, request)
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    context = {"seller": seller, "product": product, "next": safe_next(request, reverse("seller-products:list"))}
    is_part = wants_fragment(request, {f"product-{pk}"})
    if form.errors:
        # What there is now is what the next try is based on.
        now = Row(_row(seller, pk))
        for name, value in now.form.initial.items():
            if name != "variant":
                form.data[form.add_initial_prefix(name)] = value
        template = "seller/_product_row.html" if is_part else "seller/product_row.html"
        return render(request, template, {**context, "row": Row(product, form)}, status=422)
    undo = _undo([(pk, was)], form.cleaned_data["status"]) if "status" in form.changed_data else None
    if is_part:
        product = _row(seller, pk)
        context |= {"product": product, "row": Row(product), "undo": undo, "is_changed": True}
        context["tabs"] = tabs_of(seller) if undo else []
        return render(request, "seller/_product_row.html", context)
    request.session[UNDO] = undo
    if not undo:
        messages.success(request, f"Saved: {product.title}.")
    return redirect(context["next"])


def _row(seller: SellerProfile, pk: int) -> Product:
    found = rows_of(products_of_seller(seller), [pk])
    if not found:
        raise Http404
    return found[0]


def _change_row(product: Product, form: RowForm, request: HttpRequest) -> None:
    status = form.cleaned_data["status"] if "status" in form.changed_data else None
    if form.offered:
        offer = Offer(id=form.cleaned_data["variant"] or 0, seen=form.seen, **form.offered)
        change_offer(product=product, offer=offer, actor=request.user, status=status)
    elif status:
        change_status(product=product, status=status, actor=request.user)


@seller_page
@require_POST
def ticked(request: HttpRequest, seller: SellerProfile) -> HttpResponse:
    """One press for all products that are ticked. What cannot change says why, and holds up no other."""
    form = TickedForm(request.POST)
    ids = posted_ids(request.POST.getlist("product"), AT_ONCE)
    if not request.POST.getlist("product"):
        messages.warning(request, "Tick the products first.")
    elif not form.is_valid():
        messages.error(request, "That is not what a product can become.")
    else:
        products = list(products_of_seller(seller).filter(pk__in=ids))
        if not ids or len(products) < len(ids):
            raise Http404
        status = form.cleaned_data["status"]
        done, refusals = _changed(request, [(product, status) for product in products if product.status != status])
        request.session[UNDO] = _undo(done, status) if done else None
        _report(request, refusals)
        if not done and not refusals:
            messages.info(request, f"Each is {DONE[ProductStatus(status)]} already.")
    return redirect(safe_next(request, reverse("seller-products:list")))


@seller_page
@require_POST
def undo(request: HttpRequest, seller: SellerProfile) -> HttpResponse:
    """Back to what the products were, unless they have become something else since."""
    was: dict[int, str] = {}
    for pair in request.POST.getlist("was")[:AT_ONCE]:
        pk, _, status = pair.partition(":")
        if status in ProductStatus.values and (ids := posted_ids([pk], 1)):
            was[ids[0]] = status
    products = list(products_of_seller(seller).filter(pk__in=was))
    if not was or len(products) < len(was):
        raise Http404
    back = [(product, was[product.pk]) for product in products if product.status == request.POST.get("now")]
    done, refusals = _changed(request, back)
    _report(request, refusals)
    if done:
        messages.success(request, "Undone." if len(done) == len(was) else f"Undone for {len(done)} of {len(was)}.")
    elif not refusals:
        messages.info(request, "There is nothing left to undo.")
    return redirect(safe_next(request, reverse("seller-products:list")))


def _changed(request: HttpRequest, changes: Sequence[tuple[Product, str]]) -> tuple[list[tuple[int, str]], list[str]]:
    """What was done, as ids with the status before, and why the others were not."""
    done, refusals = [], []
    for product, status in changes:
        was = product.status
        try:
            change_status(product=product, status=status, actor=request.user)
        except DomainError as refusal:
            refusals.append(f"{product.title}: {refusal}")
        else:
            done.append((product.pk, was))
    return done, refusals


def _undo(done: Sequence[tuple[int, str]], now: str) -> dict[str, Any]:
    """What the list says of it, with what takes it back."""
    count = len(done)
    what = "The product is" if count == 1 else f"{count} products are each"
    return {"text": f"{what} {DONE[ProductStatus(now)]}.", "now": now, "was": [f"{pk}:{status}" for pk, status in done]}


def _report(request: HttpRequest, refusals: Sequence[str]) -> None:
    for refusal in refusals[:NAMED]:
        messages.error(request, refusal)
    if len(refusals) > NAMED:
        messages.error(request, f"And {len(refusals) - NAMED} more could not be changed.")
