from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from cart import services
from cart.forms import AddForm, QuantityForm, RemovedForm, VariantForm
from cart.selectors import item_count, removed_line, saved_for_later
from catalog.services import remove_from_wishlist
from pymart.common.errors import DomainError
from pymart.common.htmx import page_or_fragment
from pymart.common.net import safe_next


@never_cache
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    form = RemovedForm(request.GET)
    removed = (form.cleaned_data["removed"], form.cleaned_data["quantity"]) if form.is_valid() else None
    return _cart_page(request, removed=removed)


def _cart_page(request: HttpRequest, error: str = "", removed: tuple[int, int] | None = None) -> HttpResponse:
    owner = services.owner_of(request)
    cart = services.get_cart(owner)
    context = {
        "cart": cart,
        "saved": saved_for_later(owner) if owner else [],
        "error": error,
        "removed": removed_line(cart, *removed) if removed else None,
    }
    response = page_or_fragment(request, "cart/cart.html", {"cart-content"}, context, status=422 if error else 200)
    return trigger_client_event(response, "cart-changed", {"count": cart.item_count})


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Into the cart; htmx gets the new badge and a toast, a plain form the cart page, "buy now" the checkout."""
    owner = services.owner_of(request) or services.new_guest()
    form = AddForm(request.POST)
    error = "" if form.is_valid() else f"Please choose how many you want, up to {settings.CART_MAX_QUANTITY}."
    held, reached = item_count(owner), 0
    if not error:
        data = form.cleaned_data
        try:
            reached = services.add_item(owner, variant_id=data["variant"], quantity=data["quantity"])
        except DomainError as refusal:
            error = str(refusal)
    if error:
        return _refuse(request, error)
    if form.cleaned_data["from_wishlist"] and request.user.is_authenticated:
        remove_from_wishlist(user=request.user, product_id=form.cleaned_data["from_wishlist"])
    count = item_count(owner)
    level, text = "success", "Added to your cart."
    if count - held < form.cleaned_data["quantity"]:
        level, text = "warning", f"Your cart has {reached} of this item: no more can be had."
    if form.cleaned_data["buy_now"]:
        response: HttpResponse = redirect("payments:checkout")
    elif request.htmx:  # type: ignore[attr-defined]
        response = render(request, "cart/_added.html", {"cart_count": count})
        link = {"href": reverse("cart:show"), "label": "View cart"}
        trigger_client_event(response, "toast", {"level": level, "text": text, **link})
    else:
        messages.add_message(request, messages.DEFAULT_LEVELS[level.upper()], text)
        response = redirect("cart:show")
    services.remember_guest(response, owner)
    return response


def _refuse(request: HttpRequest, error: str) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        response = HttpResponse(status=409, headers={"HX-Reswap": "none"})
        return trigger_client_event(response, "toast", {"level": "error", "text": error})
    messages.error(request, error)
    return redirect(safe_next(request, "/cart/"))


def _change(request: HttpRequest, form: VariantForm, change: Callable[..., None], **values: int) -> HttpResponse:
    """One change to one line; htmx gets the cart's new content, a plain form the page."""
    owner = services.owner_of(request)
    error = ""
    if owner and form.is_valid():
        try:
            change(owner, variant_id=form.cleaned_data["variant"], **values)
        except DomainError as refusal:
            error = str(refusal)
    elif owner:
        error = f"Please choose a quantity from 0 to {settings.CART_MAX_QUANTITY}."
    removed = _removed(form) if owner and not error else None
    if request.htmx:  # type: ignore[attr-defined]
        return _cart_page(request, error, removed)
    if error:
        messages.error(request, error)
    if removed:
        variant, quantity = removed
        return redirect(f"{reverse('cart:show')}?{urlencode({'removed': variant, 'quantity': quantity})}")
    return redirect("cart:show")


def _removed(form: VariantForm) -> tuple[int, int] | None:
    """Which variant a form takes out of the cart, and how many of it."""
    data = form.cleaned_data
    return (data["variant"], data["was"] or 1) if data.get("quantity") == 0 else None


@require_POST
def set_line(request: HttpRequest) -> HttpResponse:
    form = QuantityForm(request.POST)
    return _change(
        request, form, services.set_quantity, quantity=form.cleaned_data["quantity"] if form.is_valid() else 0
    )


@require_POST
def save_line(request: HttpRequest) -> HttpResponse:
    return _change(request, VariantForm(request.POST), services.save_for_later)


@require_POST
def restore_line(request: HttpRequest) -> HttpResponse:
    return _change(request, VariantForm(request.POST), services.move_to_cart)


@require_POST
def forget_line(request: HttpRequest) -> HttpResponse:
    return _change(request, VariantForm(request.POST), services.forget_saved)


@never_cache
@require_GET
def badge(request: HttpRequest) -> HttpResponse:
    return render(request, "cart/_added.html")
