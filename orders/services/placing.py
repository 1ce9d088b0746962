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
from cart.selectors import cart_id as stored_cart_id
from cart.services import NotForSale, empty_cart, get_cart
from catalog.services import OutOfStock, StockLine, take_stock
from orders.models import Order, new_number
from orders.services.delivery import NotDeliverable, check_delivery
from orders.services.progress import expire_order
from orders.services.writing import insert_order
from orders.states import OrderStatus
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
    ordered in its stead. A cart that is still full though its order is cancelled makes another.

    :raises EmptyCart, CartChanged, NotDeliverable, PriceChanged, OutOfStock: and nothing is written.
    """
    cart = get_cart(str(buyer.pk), mend=False)
    if cart_id and cart.id != cart_id:
        if placed := _already_placed(buyer, cart_id):
            return placed
        if cart.id:
            raise _counted(CartChanged())
    if cart.id is None:
        raise _counted(EmptyCart())
    try:
        # One that can be placed is not looked up first: the unique `cart_id` speaks up at the insert.
        _check(cart, address["state"], expected_total)
        order = _write(buyer, address, cart, cart.id)
    except (EmptyCart, CartChanged, NotDeliverable, PriceChanged, OutOfStock) as refusal:
        before = _already_placed(buyer, cart.id)
        if before is None or _is_over(before):
            _counted(refusal)
            raise
        order = before
    _empty_cart(order, cart.id)
    return order


def _counted(refusal: DomainError) -> DomainError:
    counters.add(REFUSALS, refusal.code)
    return refusal


def _check(cart: PricedCart, state: str, expected_total: Decimal | None) -> None:
    """:raises EmptyCart, CartChanged, NotDeliverable, PriceChanged:"""
    if cart.notices:
        raise CartChanged(cart.notices)
    if cart.is_empty:
        raise EmptyCart
    check_delivery(cart, state)
    if expected_total is not None and cart.total != expected_total:
        raise PriceChanged(expected_total, cart.total)


def _empty_cart(order: Order, cart_id: uuid.UUID) -> None:
    """If this fails the order is not lost: placing the same cart again answers with it, or with one that follows it."""
    try:
        empty_cart(str(order.buyer_id), cart_id)
    except Unavailable:
        log.warning("order %s: the cart stays full, Redis does not answer", order.number)


def _already_placed(buyer: User, cart_id: uuid.UUID) -> Order | None:
    """The order of that cart; of one that was cancelled, the order that follows it, if the cart was placed again."""
    order = Order.objects.filter(buyer=buyer, cart_id=cart_id).first()
    if order and order.status == OrderStatus.CANCELLED:
        return _already_placed(buyer, _next_id(cart_id)) or order
    return order


def _next_id(cart_id: uuid.UUID) -> uuid.UUID:
    """Of the order that follows a cancelled one. Always the same, so that the database lets one alone do so."""
    return uuid.uuid5(cart_id, "again")


def _is_over(order: Order) -> bool:
    """Nothing can come of it any more; one whose half hour is over does not wait for the task to notice."""
    return order.status == OrderStatus.CANCELLED or expire_order(pk=order.pk)


def _write(buyer: User, address: Mapping[str, str], cart: PricedCart, cart_id: uuid.UUID) -> Order:
    try:
        with transaction.atomic(durable=True):
            return _insert(buyer, address, cart, cart_id)
    except IntegrityError as error:
        # The same cart was placed before: by a second click, another tab, or when Redis died ahead of emptying it.
        if placed := _already_placed(buyer, cart_id):
            return _place_again(buyer, address, cart, placed) if _is_over(placed) else placed
        if not violates(error, "orders_order_number_key"):
            raise
        return _write(buyer, address, cart, cart_id)  # one number in a hundred million was taken
    except OutOfStock as error:
        if error.shortages:
            raise
        changed = get_cart(str(buyer.pk), mend=False)  # no line is short, so a price moved between look and lock
        raise PriceChanged(cart.total, changed.total) from error


def _place_again(buyer: User, address: Mapping[str, str], cart: PricedCart, over: Order) -> Order:
    """Nothing came of the order of a cart that was not emptied: it is the buyer's to order, once more."""
    if stored_cart_id(str(buyer.pk)) == cart.id:
        return _write(buyer, address, cart, _next_id(over.cart_id))
    return _already_placed(buyer, over.cart_id) or over  # another tab was first, and emptied it


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
