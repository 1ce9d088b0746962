"""From cart to order."""

import logging
import uuid
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from cart.selectors import PricedCart, SellerGroup
from cart.services import empty_cart, get_cart
from catalog.services import OutOfStock, StockLine, take_stock
from orders.models import Order, OrderEvent, OrderItem, SellerOrder, new_number
from orders.states import OrderStatus
from pymart.common.errors import DomainError, Unavailable
from pymart.common.money import inr

log = logging.getLogger(__name__)


class EmptyCart(DomainError):
    code = "empty_cart"
    status = 400
    message = "Your cart is empty."


class PriceChanged(DomainError):
    """The total is not the one the buyer saw; nothing was written."""

    code = "price_changed"

    def __init__(self, expected: Decimal, total: Decimal) -> None:
        self.expected, self.total = expected, total
        super().__init__(f"The total changed from {inr(expected)} to {inr(total)}. Please look over it again.")


class CartChanged(DomainError):
    """Lines left the cart or shrank since the buyer last saw it; nothing was written."""

    code = "cart_changed"

    def __init__(self, cart: PricedCart) -> None:
        self.notices = cart.notices
        super().__init__(" ".join(notice.detail for notice in cart.notices))


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
    "back", the same cart answers with the same order.

    :raises EmptyCart, CartChanged, PriceChanged, OutOfStock: and nothing is written.
    """
    cart = get_cart(str(buyer.pk))
    if placed := _already_placed(buyer, cart.id or cart_id):
        _empty_cart(placed)
        return placed
    if cart.notices:
        raise CartChanged(cart)
    if cart.is_empty or cart.id is None:
        raise EmptyCart
    if expected_total is not None and cart.total != expected_total:
        raise PriceChanged(expected_total, cart.total)
    order = _write(buyer, address, cart, cart.id)
    _empty_cart(order)
    return order


def _empty_cart(order: Order) -> None:
    """The order stands whether or not this works: its cart answers with it from now on."""
    try:
        empty_cart(str(order.buyer_id), order.cart_id)
    except Unavailable:
        log.warning("order %s: the cart stays full, Redis does not answer", order.number)


def _already_placed(buyer: User, cart_id: uuid.UUID | None) -> Order | None:
    return Order.objects.filter(buyer=buyer, cart_id=cart_id).first() if cart_id else None


def _write(buyer: User, address: Mapping[str, str], cart: PricedCart, cart_id: uuid.UUID) -> Order:
    number = new_number()
    while Order.objects.filter(number=number).exists():
        number = new_number()
    try:
        with transaction.atomic(durable=True):
            return _insert(buyer, address, cart, cart_id, number)
    except IntegrityError:
        # The same cart was placed a moment earlier, by a second click or another tab.
        if placed := _already_placed(buyer, cart_id):
            return placed
        raise
    except OutOfStock as error:
        if error.shortages:
            raise
        changed = get_cart(str(buyer.pk))  # no line is short, so a price moved between look and lock
        raise PriceChanged(cart.total, changed.total) from error


def _insert(buyer: User, address: Mapping[str, str], cart: PricedCart, cart_id: uuid.UUID, number: str) -> Order:
    order = Order.objects.create(
        **{name: address.get(name, "") for name in Order.FIELDS},
        number=number,
        buyer=buyer,
        cart_id=cart_id,
        subtotal=cart.subtotal,
        shipping=cart.shipping,
        total=cart.total,
        expires_at=timezone.now() + timedelta(minutes=settings.ORDER_EXPIRY_MINUTES),
    )
    seller_orders = SellerOrder.objects.bulk_create(
        SellerOrder(order=order, seller=group.seller, subtotal=group.subtotal, shipping=group.shipping)
        for group in cart.groups
    )
    OrderItem.objects.bulk_create(
        item
        for seller_order, group in zip(seller_orders, cart.groups, strict=True)
        for item in _items(seller_order, group)
    )
    OrderEvent.objects.create(order=order, kind=OrderEvent.Kind.PLACED, status=OrderStatus.PENDING, actor=buyer)
    # Last, so that the locks of much-wanted products are held for one statement and the commit.
    lines = [StockLine(line.variant.pk, line.quantity, line.unit_price) for line in cart.lines]
    take_stock(lines, reference=order.number, actor=buyer)
    return order


def _items(seller_order: SellerOrder, group: SellerGroup) -> list[OrderItem]:
    return [
        OrderItem(
            seller_order=seller_order,
            variant=line.variant,
            title=line.variant.product.title,
            variant_name=line.variant.name,
            sku=line.variant.sku,
            image=(line.image and line.image.image.name) or "",
            hsn=line.variant.product.hsn,
            gst_rate=line.variant.product.gst_rate,
            unit_price=line.unit_price,
            mrp=line.variant.mrp,
            quantity=line.quantity,
            line_total=line.line_total,
        )
        for line in group.lines
    ]
