"""What a shopper does with a cart."""

import re
import secrets
import uuid

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from cart import store
from cart.selectors import CartLine, Notice, PricedCart, group_by_seller, variants_for_cart
from catalog.models import Variant
from pymart.common.errors import DomainError

GUEST_COOKIE = "guest_cart"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


class NotForSale(DomainError):
    code = "not_for_sale"
    message = "This item is not sold at the moment."


class SoldOut(DomainError):
    code = "out_of_stock"
    message = "This item just sold out."


def owner_of(request: HttpRequest) -> str | None:
    """Whose cart this request sees: the user's, else the guest's; None for a guest who has none yet."""
    if request.user.is_authenticated:
        return str(request.user.pk)
    token = request.COOKIES.get(GUEST_COOKIE, "")
    return f"guest:{token}" if is_guest_token(token) else None


def is_guest_token(token: str) -> bool:
    return bool(_TOKEN.fullmatch(token))


def new_guest() -> str:
    return f"guest:{secrets.token_urlsafe(24)}"


def remember_guest(response: HttpResponse, owner: str) -> None:
    """Let the browser keep the guest's token."""
    if owner.startswith("guest:"):
        response.set_cookie(
            GUEST_COOKIE,
            owner.removeprefix("guest:"),
            max_age=settings.CART_TTL_DAYS * 24 * 60 * 60,
            secure=not settings.DEBUG,
            httponly=True,
            samesite="Lax",
        )


def get_cart(owner: str | None) -> PricedCart:
    """
    The cart at today's prices.

    Lines that can no longer be bought leave it (what sold out waits in "saved for later"), quantities over stock are
    lowered, and `notices` says so.
    """
    stored = store.read(owner) if owner else store.StoredCart()
    variants = variants_for_cart(stored.quantities) if stored.quantities else {}
    lines, notices, corrections = [], [], {}
    for variant_id, quantity in stored.quantities.items():
        variant = variants.get(variant_id)
        allowed = _allowed(variant, quantity)
        if variant and allowed:
            lines.append(CartLine(variant, allowed))
        if allowed != quantity:
            corrections[variant_id] = allowed
            if variant:
                notices.append(_notice(variant, allowed))
    if owner and corrections:
        _correct(owner, corrections, variants)
    return PricedCart(stored.id if lines else None, group_by_seller(lines), notices)


def _allowed(variant: Variant | None, quantity: int) -> int:
    if variant is None or not variant.is_active or not variant.product.is_listed:
        return 0
    return min(quantity, variant.stock, settings.CART_MAX_QUANTITY)


def _notice(variant: Variant, allowed: int) -> Notice:
    if allowed:
        code, text = "quantity_lowered", f"Only {allowed} of “{variant}” left: we lowered your quantity."
    elif variant.is_active and variant.product.is_listed:
        code, text = "sold_out", f"“{variant}” just sold out. We kept it for you under “saved for later”."
    else:
        code, text = "unavailable", f"“{variant}” is no longer sold and left your cart."
    return Notice(code, text, variant.product_id)


def _correct(owner: str, corrections: dict[int, int], variants: dict[int, Variant]) -> None:
    store.put(owner, corrections)
    for variant_id, allowed in corrections.items():
        variant = variants.get(variant_id)
        if not allowed and variant and variant.is_active and variant.product.is_listed:
            store.save(owner, variant_id)


def add_item(owner: str, *, variant_id: int, quantity: int = 1) -> int:
    """
    Put pieces into the cart, as far as there are any; answers the quantity that is in it now.

    :raises NotForSale, SoldOut:
    """
    variant = _for_sale(variant_id)
    if not variant.stock:
        raise SoldOut
    maximum = min(variant.stock, settings.CART_MAX_QUANTITY)
    reached = store.add(owner, variant_id, quantity, maximum=maximum)
    store.unsave(owner, variant_id)
    return reached


def set_quantity(owner: str, *, variant_id: int, quantity: int) -> None:
    """Set a line; 0 removes it. More than there is becomes what there is at the next look, with a notice."""
    if quantity:
        _for_sale(variant_id)
    store.put(owner, {variant_id: min(quantity, settings.CART_MAX_QUANTITY)})


def save_for_later(owner: str, *, variant_id: int) -> None:
    store.save(owner, variant_id)
    store.put(owner, {variant_id: 0})


def move_to_cart(owner: str, *, variant_id: int) -> None:
    """:raises NotForSale, SoldOut:"""
    add_item(owner, variant_id=variant_id)


def forget_saved(owner: str, *, variant_id: int) -> None:
    store.unsave(owner, variant_id)


def empty_cart(owner: str, cart_id: uuid.UUID) -> None:
    """Empty the cart that became an order, unless another has been begun since."""
    store.clear(owner, cart_id)


def merge_guest_cart(*, guest: str, user_id: int) -> bool:
    """Pour a guest's cart into the user's: quantities add up. Answers whether there was anything in it."""
    return store.merge(guest, str(user_id), maximum=settings.CART_MAX_QUANTITY)


def _for_sale(variant_id: int) -> Variant:
    variant = Variant.objects.select_related("product").filter(pk=variant_id).first()
    if variant is None or not variant.is_active or not variant.product.is_listed:
        raise NotForSale
    return variant
