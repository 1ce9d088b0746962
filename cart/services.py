"""What a shopper does with a cart."""

import re
import secrets
import uuid
from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from cart import store
from cart.selectors import CartLine, Notice, Offer, PricedCart, group_by_seller, offers
from cart.store import CartFull
from pymart.common.errors import DomainError

GUEST_COOKIE = "guest_cart"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


class NotForSale(DomainError):
    """Raised for unknown variants as well, so that nobody learns which hidden products exist."""

    code = "not_for_sale"
    status = 404
    message = "This item is not sold at the moment."


class SoldOut(DomainError):
    code = "out_of_stock"
    message = "This item just sold out."


class VariantRequired(DomainError):
    code = "variant_required"
    status = 400
    message = "This product comes in several variants: say which one."
    field = "variant_id"


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


def get_cart(owner: str | None, *, mend: bool = True) -> PricedCart:
    """
    The cart at today's prices.

    Lines that can no longer be bought leave it (what sold out waits in "saved for later"), quantities over stock are
    lowered, and `notices` says so. Without `mend` that is only said, and the cart stays as it is.
    """
    if owner is None:
        return PricedCart(None, [])
    stored = store.read(owner)
    return _priced(owner, stored, offers(stored.quantities) if stored.quantities else {}, mend=mend)


def _priced(owner: str, stored: store.StoredCart, known: dict[int, Offer], *, mend: bool = True) -> PricedCart:
    """The stored cart, priced by the offers in `known`."""
    lines, notices, corrections = [], [], {}
    for variant_id, quantity in stored.quantities.items():
        offer = known.get(variant_id)
        allowed = _allowed(offer, quantity)
        if offer and allowed:
            lines.append(CartLine(offer, allowed))
        if allowed != quantity:
            corrections[variant_id] = allowed
            if offer:
                notices.append(_notice(offer, allowed))
    if corrections and mend:
        _correct(owner, corrections, known)
    return PricedCart(stored.id if lines or not mend else None, group_by_seller(lines), notices)


def _allowed(offer: Offer | None, quantity: int) -> int:
    if offer is None or not offer.is_for_sale:
        return 0
    return min(quantity, offer.stock, settings.CART_MAX_QUANTITY)


def _notice(offer: Offer, allowed: int) -> Notice:
    if allowed:
        code, fact, consequence = "quantity_lowered", f"Only {_left(offer)} left.", "We lowered your quantity."
    elif offer.is_for_sale:
        code, fact = "sold_out", f"“{offer.name}” just sold out."
        consequence = "We kept it for you under “saved for later”."
    else:
        code, fact, consequence = "unavailable", f"“{offer.name}” is no longer sold.", "It left your cart."
    return Notice(code, fact, consequence, offer.product_id, offer.variant_id)


def _correct(owner: str, corrections: dict[int, int], known: dict[int, Offer]) -> None:
    with suppress(CartFull):  # a line that left meanwhile, and whose room was taken, does not come back
        store.put(owner, corrections)
    for variant_id, allowed in corrections.items():
        offer = known.get(variant_id)
        if not allowed and offer and offer.is_for_sale:
            store.save(owner, variant_id)


def add_item(owner: str, *, variant_id: int, quantity: int = 1) -> int:
    """
    Put pieces into the cart, as far as there are any; answers the quantity that is in it now.

    :raises NotForSale, SoldOut, CartFull:
    """
    reached, _ = store.add(owner, variant_id, quantity, maximum=_most(_for_sale(variant_id)))
    return reached


def set_quantity(owner: str, *, variant_id: int, quantity: int) -> None:
    """
    Set a line; 0 removes it. A quantity above the stock is lowered, with a notice, when the cart is next read.

    :raises NotForSale, CartFull:
    """
    if quantity:
        _for_sale(variant_id)
    store.put(owner, {variant_id: min(quantity, settings.CART_MAX_QUANTITY)})


def add_product(owner: str, *, product_id: int, variant_id: int | None = None, quantity: int = 1) -> PricedCart:
    """
    `add_item` for those who know the product: one that comes in a single variant needs no `variant_id`.

    Answers the cart; a notice says so where there are fewer than wanted.

    :raises NotForSale, VariantRequired, SoldOut, CartFull:
    """
    stored = store.read(owner)
    known = offers(stored.quantities, product_id=product_id)
    offer = _choose(known, product_id, variant_id)
    wanted = stored.quantities.get(offer.variant_id, 0) + quantity
    reached, cart_id = store.add(owner, offer.variant_id, quantity, maximum=_most(offer))
    cart = _priced(owner, _with(stored, cart_id, offer, reached), known)
    return _capped(cart, offer, reached) if reached < wanted else cart


def set_product(owner: str, *, product_id: int, variant_id: int | None = None, quantity: int) -> PricedCart:
    """
    Set the line of a product, as far as there are so many; 0 removes the line, even of a product that is no longer
    sold.

    :raises NotForSale, VariantRequired, SoldOut, CartFull:
    """
    stored = store.read(owner)
    known = offers(stored.quantities, product_id=product_id)
    offer = _choose(known, product_id, variant_id, also=() if quantity else stored.quantities)
    reached = min(quantity, _most(offer)) if quantity else 0
    cart_id = store.put(owner, {offer.variant_id: reached})
    cart = _priced(owner, _with(stored, cart_id, offer, reached), known)
    return _capped(cart, offer, reached) if reached < quantity else cart


def _choose(known: dict[int, Offer], product_id: int, variant_id: int | None, *, also: Collection[int] = ()) -> Offer:
    """The variant that is meant, of those of the product that are for sale or among `also`."""
    candidates = [
        offer
        for offer in known.values()
        if offer.product_id == product_id
        and (offer.is_for_sale or offer.variant_id in also)
        and variant_id in (None, offer.variant_id)
    ]
    if not candidates:
        raise NotForSale
    if len(candidates) > 1:
        raise VariantRequired
    return candidates[0]


def _most(offer: Offer) -> int:
    """:raises SoldOut:"""
    if not offer.stock:
        raise SoldOut
    return min(offer.stock, settings.CART_MAX_QUANTITY)


def _with(stored: store.StoredCart, cart_id: uuid.UUID | None, offer: Offer, quantity: int) -> store.StoredCart:
    quantities = {**stored.quantities, offer.variant_id: quantity}
    return store.StoredCart(cart_id, {key: value for key, value in quantities.items() if value})


def _capped(cart: PricedCart, offer: Offer, reached: int) -> PricedCart:
    few = offer.stock <= settings.CART_MAX_QUANTITY
    fact = f"Only {_left(offer)} left." if few else f"At most {reached} of “{offer.name}” go into one cart."
    consequence = f"Your cart has {reached}."
    notice = Notice("quantity_capped", fact, consequence, offer.product_id, offer.variant_id)
    return replace(cart, notices=[*cart.notices, notice])


def _left(offer: Offer) -> str:
    return f"{min(offer.stock, settings.CART_MAX_QUANTITY)} of “{offer.name}”"


def save_for_later(owner: str, *, variant_id: int) -> None:
    store.save(owner, variant_id)
    store.put(owner, {variant_id: 0})


def move_to_cart(owner: str, *, variant_id: int) -> None:
    """:raises NotForSale, SoldOut, CartFull:"""
    add_item(owner, variant_id=variant_id)


def forget_saved(owner: str, *, variant_id: int) -> None:
    store.unsave(owner, variant_id)


def empty_cart(owner: str, cart_id: uuid.UUID) -> None:
    """Empty the cart that became an order, unless another has been begun since."""
    store.clear(owner, cart_id)


def discard_cart(owner: str) -> None:
    store.drop(owner)


def forget_carts(owner: str) -> None:
    """Remove all that is kept of somebody: the cart, and what is saved for later."""
    store.forget(owner)


def merge_guest_cart(*, guest: str, user_id: int) -> bool:
    """
    Pour a guest's cart into the user's: quantities add up, and lines that do not fit are saved for later. Answers
    whether there was anything in it.
    """
    return store.merge(guest, str(user_id), maximum=settings.CART_MAX_QUANTITY)


def _for_sale(variant_id: int) -> Offer:
    offer = offers([variant_id]).get(variant_id)
    if offer is None or not offer.is_for_sale:
        raise NotForSale
    return offer
