"""From cart to order."""

import logging
import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from cart.selectors import Notice, PricedCart
from cart.services import NotForSale, empty_cart, get_cart
from catalog.services import OutOfStock, StockLine, take_stock
from orders.models import Order, new_number
from orders.services.delivery import NotDeliverable, check_delivery
from orders.services.writing import insert_order
from pymart.common import counters, logs
from pymart.common.db import violates
from pymart.common.errors import DomainError, Part, Unavailable
from pymart.common.money import inr

log = logging.getLogger(__name__)

REFUSALS = "checkout_refusals"  # counted by code


class EmptyCart(DomainError):
    code = "empty_cart"
    status = 400
    message = "Your cart is empty."


class PriceChanged(DomainError):
    """The total is not the one the buyer saw; nothing was written."""

    code = "price_changed"
    message = "The total changed from ₹598 to ₹648. Please look over it again."

    def __init__(self, expected: Decimal, total: Decimal) -> None:
        self.expected, self.total = expected, total
        super().__init__(f"The total changed from {inr(expected)} to {inr(total)}. Please look over it again.")


class CartChanged(DomainError):
    """
    Some lines cannot be bought as they are in the cart, or it is another cart. Nothing was written, and the cart is
    unchanged.
    """

    code = "cart_changed"
    message = "Your cart changed. Please look over it again."

    def __init__(self, notices: Sequence[Notice] = ()) -> None:
        self.notices = notices
        super().__init__(" ".join(notice.fact for notice in notices))

    def parts(self) -> list[Part]:
        """Every line that stands in the way."""
        if not self.notices:
            return super().parts()
        return [
            Part(
                NotForSale.code if notice.code == "unavailable" else OutOfStock.code,
                notice.fact,
                f"items.{notice.variant_id}",
            )
            for notice in self.notices
        ]


def place_order(
    *,
    buyer: User,
    address: Mapping[str, str],
    expected_total: Decimal | None = None,
    cart_id: uuid.UUID | None = None,
) -> Order:
    """
    Turn the buyer's cart into a pending order that holds its stock for half an hour, and empty the cart.

    `expected_total` is what the buyer saw and `cart_id` the cart it was seen for: pressed twice, in two tabs or after
    "back", the same cart answers with the same order, also when another has been begun since. That one is never
    ordered in its stead.

    :raises EmptyCart, CartChanged, NotDeliverable, PriceChanged, OutOfStock: and nothing is written.
    """
    cart = get_cart(str(buyer.pk), mend=False)
    if cart_id and cart.id != cart_id:
        if placed := _already_placed(buyer, cart_id):
            return placed
        if cart.id:
            counters.add(REFUSALS, CartChanged.code)
            raise CartChanged
    try:
        # One that can be placed is not looked up first: the unique `cart_id` speaks up at the insert.
        order = _write(buyer, address, cart, _placeable(cart, address["state"], expected_total))
    except (EmptyCart, CartChanged, NotDeliverable, PriceChanged, OutOfStock) as refusal:
        before = _already_placed(buyer, cart.id)
        if before is None:
            counters.add(REFUSALS, refusal.code)
            raise
        order = before
    _empty_cart(order)
    return order


def _placeable(cart: PricedCart, state: str, expected_total: Decimal | None) -> uuid.UUID:
    """The cart's id. :raises EmptyCart, CartChanged, NotDeliverable, PriceChanged:"""
    if cart.notices:
        raise CartChanged(cart.notices)
    if cart.is_empty or cart.id is None:
        raise EmptyCart
    check_delivery(cart, state)
    if expected_total is not None and cart.total != expected_total:
        raise PriceChanged(expected_total, cart.total)
    return cart.id


def _empty_cart(order: Order) -> None:
    """If this fails the order is not lost: placing the same cart again answers with it."""
    try:
        empty_cart(str(order.buyer_id), order.cart_id)
    except Unavailable:
        log.warning("order %s: the cart stays full, Redis does not answer", order.number)


def _already_placed(buyer: User, cart_id: uuid.UUID | None) -> Order | None:
    return Order.objects.filter(buyer=buyer, cart_id=cart_id).first() if cart_id else None


def _write(buyer: User, address: Mapping[str, str], cart: PricedCart, cart_id: uuid.UUID) -> Order:
    try:
        with transaction.atomic(durable=True):
            return _insert(buyer, address, cart, cart_id)
    except IntegrityError as error:
        # The same cart was placed a moment earlier, by a second click or another tab.
        if placed := _already_placed(buyer, cart_id):
            return placed
        if not violates(error, "orders_order_number_key"):
            raise
        return _write(buyer, address, cart, cart_id)  # one number in a hundred million was taken
    except OutOfStock as error:
        if error.shortages:
            raise
        changed = get_cart(str(buyer.pk), mend=False)  # no line is short, so a price moved between look and lock
        raise PriceChanged(cart.total, changed.total) from error


def _insert(buyer: User, address: Mapping[str, str], cart: PricedCart, cart_id: uuid.UUID) -> Order:
    now = timezone.now()
    number = new_number()
    logs.note(order=number)
    order = insert_order(
        buyer=buyer,
        address=address,
        cart=cart,
        cart_id=cart_id,
        number=number,
        now=now,
        expires_at=now + timedelta(minutes=settings.ORDER_EXPIRY_MINUTES),
    )
    # Last, so that the locks of much-wanted products are held for one statement and the commit.
    lines = [StockLine(line.offer.variant_id, line.quantity, line.unit_price) for line in cart.lines]
    take_stock(lines, reference=order.number, actor=buyer)
    return order
