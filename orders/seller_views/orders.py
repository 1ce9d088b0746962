"""A seller's orders: what to pack, what is on its way, and the papers that go with it."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import SellerProfile
from accounts.services import seller_page
from orders.forms import DispatchForm, TickedForm
from orders.models import SellerOrder
from orders.selectors import timeline
from orders.seller_selectors import (
    TO_PACK,
    invoices_of_seller,
    parts_found,
    parts_in,
    parts_numbered,
    parts_of_seller,
    tabs_of,
)
from orders.services import DONE, Outcome, advance_each
from orders.states import OrderStatus
from pymart.common.forms import form_page, posted
from pymart.common.htmx import page_or_fragment
from pymart.common.net import safe_next

PAGE_SIZE = 25
AT_ONCE = 100  # orders that one press moves


@seller_page
@require_safe
def order_list(request: HttpRequest, seller: SellerProfile) -> HttpResponse:
    """The open page asks for its `seller-orders` fragment anew when an order comes in or changes."""
    tabs = tabs_of(seller)
    tab = next((tab for tab in tabs if tab.name == request.GET.get("tab")), tabs[0])
    sought = request.GET.get("q", "").strip()[:20]
    parts = parts_found(seller, sought) if sought else parts_in(seller, tab)
    context = {
        "seller": seller,
        "tabs": tabs,
        "tab": None if sought else tab,
        "q": sought,
        "page": Paginator(parts, PAGE_SIZE).get_page(request.GET.get("page")),
        "is_packing": not sought and tab.name == TO_PACK.name,
    }
    return page_or_fragment(request, "seller/order_list.html", {"seller-orders"}, context)


@seller_page
@require_safe
def order(request: HttpRequest, seller: SellerProfile, number: str) -> HttpResponse:
    part = get_object_or_404(parts_of_seller(seller), order__number=number)
    context = {"seller": seller, "part": part, "order": part.order, "timeline": timeline(part)}
    return page_or_fragment(request, "seller/order_detail.html", {"seller-order"}, context)


@seller_page
@require_POST
def ticked(request: HttpRequest, seller: SellerProfile) -> HttpResponse:
    """Move all ticked orders one step on. To ship them, or to print their packing slips, leads to a page of its own."""
    form = TickedForm(request.POST)
    if not request.POST.getlist("order"):
        messages.warning(request, "Tick the orders first.")
    elif not form.is_valid():
        messages.error(request, "That is not a step an order can take.")
    else:
        parts, to = _ticked(request, seller), form.cleaned_data["to"]
        if to == OrderStatus.SHIPPED:
            return redirect(_address("seller-orders:ship", parts))
        if to == TickedForm.SLIPS:
            return redirect(_address("seller-orders:slips", parts))
        _report(request, advance_each(parts=parts, to=to, actor=request.user), to)
    return redirect(safe_next(request, reverse("seller-orders:list")))


@seller_page
@require_http_methods(["GET", "POST"])
def ship(request: HttpRequest, seller: SellerProfile) -> HttpResponse:
    """Carrier and tracking numbers for one or many orders. Those that cannot go are named, the others go."""
    parts = _ticked(request, seller)
    form = DispatchForm(parts, posted(request))
    if not form.is_valid():
        return form_page(request, "seller/ship.html", form, {"seller": seller, "parts": parts})
    outcomes = advance_each(
        parts=parts,
        to=OrderStatus.SHIPPED,
        actor=request.user,
        tracking={part.pk: form.tracking(part) for part in parts},
    )
    _report(request, outcomes, OrderStatus.SHIPPED)
    if len(parts) == 1:
        return redirect(parts[0])
    return redirect(f"{reverse('seller-orders:list')}?tab=shipped")


@seller_page
@require_safe
def packing_slips(request: HttpRequest, seller: SellerProfile) -> HttpResponse:
    """To print: one sheet for each order that is to be packed or on its way."""
    parts = [part for part in _ticked(request, seller) if part.is_to_deliver]
    if not parts:
        messages.warning(request, "There is nothing left to pack in these orders.")
        return redirect("seller-orders:list")
    return render(request, "seller/packing_slips.html", {"seller": seller, "parts": parts})


@seller_page
@require_safe
def invoice(request: HttpRequest, seller: SellerProfile, number: str) -> HttpResponse:
    found = get_object_or_404(invoices_of_seller(seller), seller_order__order__number=number)
    context = {"seller": seller, "invoice": found, "order": found.seller_order.order}
    return render(request, "seller/invoice.html", context)


def _ticked(request: HttpRequest, seller: SellerProfile) -> list[SellerOrder]:
    """The orders that are named, by the form or in the address. :raises Http404: if one is not the seller's."""
    numbers = request.POST.getlist("order") or request.GET.getlist("order")
    parts = parts_numbered(seller, numbers[:AT_ONCE])
    if parts is None:
        raise Http404
    return parts


def _address(name: str, parts: Sequence[SellerOrder]) -> str:
    return f"{reverse(name)}?{urlencode([('order', part.order.number) for part in parts])}"


def _report(request: HttpRequest, outcomes: Sequence[Outcome], to: str) -> None:
    """What went in one sentence, what did not in one each."""
    went = [outcome.number for outcome in outcomes if not outcome.refusal]
    if len(went) == 1:
        messages.success(request, f"{went[0]} {DONE[to]}.")
    elif went:
        messages.success(request, f"{len(went)} orders: each {DONE[to]}. {', '.join(went)}.")
    for outcome in outcomes:
        if outcome.refusal:
            messages.error(request, outcome.refusal)
