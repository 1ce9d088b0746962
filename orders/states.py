"""The states of an order and who may step between them. `orders.services` is the only writer."""

from collections.abc import Iterable

from django.db.models import TextChoices


class OrderStatus(TextChoices):
    PENDING = "pending", "Waiting for payment"
    PAID = "paid", "Paid"
    PROCESSING = "processing", "Being packed"
    SHIPPED = "shipped", "On its way"
    DELIVERED = "delivered", "Delivered"
    CANCELLED = "cancelled", "Cancelled"


class PaymentStatus(TextChoices):
    UNPAID = "unpaid"
    PAID = "paid"
    REFUNDING = "refunding"
    REFUNDED = "refunded"


TRANSITIONS: dict[str, frozenset[str]] = {
    OrderStatus.PENDING: frozenset({OrderStatus.PAID, OrderStatus.CANCELLED}),
    OrderStatus.PAID: frozenset({OrderStatus.PROCESSING, OrderStatus.CANCELLED}),
    OrderStatus.PROCESSING: frozenset({OrderStatus.SHIPPED, OrderStatus.CANCELLED}),
    OrderStatus.SHIPPED: frozenset({OrderStatus.DELIVERED}),
    OrderStatus.DELIVERED: frozenset(),
    OrderStatus.CANCELLED: frozenset(),
}
STEPS = (
    OrderStatus.PENDING,
    OrderStatus.PAID,
    OrderStatus.PROCESSING,
    OrderStatus.SHIPPED,
    OrderStatus.DELIVERED,
)
# Paid for and not cancelled: what counts as sold.
SOLD = (OrderStatus.PAID, OrderStatus.PROCESSING, OrderStatus.SHIPPED, OrderStatus.DELIVERED)
# A seller steps along these; `paid` comes from the payment, `cancelled` from buyer, staff or expiry.
SELLER_STEPS = frozenset({OrderStatus.PROCESSING, OrderStatus.SHIPPED, OrderStatus.DELIVERED})
CANCELLABLE = frozenset(status for status, targets in TRANSITIONS.items() if OrderStatus.CANCELLED in targets)


def is_cancellable(statuses: Iterable[str]) -> bool:
    """
    Whether an order with parts in these states can be cancelled. It is cancelled as a whole, so no part may be on its
    way.
    """
    return all(status in CANCELLABLE for status in statuses)


def overall(statuses: list[str]) -> str:
    """The status of an order: that of its least advanced live seller order."""
    live = [status for status in statuses if status != OrderStatus.CANCELLED]
    return min(live, key=STEPS.index) if live else OrderStatus.CANCELLED
