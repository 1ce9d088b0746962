"""Orders as somebody may see them: foreign ones do not exist."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import F, Prefetch, Q, QuerySet, Sum

from accounts.models import User
from orders.models import Order, OrderItem, SellerOrder, TimedSteps
from orders.states import STEPS, OrderStatus

STEP_LABELS = {
    OrderStatus.PENDING: "Placed",
    OrderStatus.PAID: "Paid",
    OrderStatus.PROCESSING: "Processing",
    OrderStatus.SHIPPED: "Shipped",
    OrderStatus.DELIVERED: "Delivered",
    OrderStatus.CANCELLED: "Cancelled",
}


@dataclass(frozen=True)
class Step:
    """A step of the timeline: `state` is done, current, todo or cancelled."""

    status: str
    label: str
    at: datetime | None
    state: str


def timeline(subject: TimedSteps) -> list[Step]:
    """The five steps of an order or a seller order; a cancelled one ends where it was cancelled."""
    status = subject.status  # type: ignore[attr-defined]
    if status == OrderStatus.CANCELLED:
        reached = [step for step in STEPS if _reached_at(subject, step)]
        steps = [Step(step, STEP_LABELS[step], _reached_at(subject, step), "done") for step in reached]
        return [*steps, Step(status, STEP_LABELS[status], subject.cancelled_at, "cancelled")]
    position = STEPS.index(status)
    states = ["done" if i < position else "current" if i == position else "todo" for i in range(len(STEPS))]
    if status == OrderStatus.DELIVERED:
        states[-1] = "done"
    return [
        Step(step, STEP_LABELS[step], _reached_at(subject, step) if i <= position else None, states[i])
        for i, step in enumerate(STEPS)
    ]


def _reached_at(subject: TimedSteps, step: str) -> datetime | None:
    return subject.created_at if step == OrderStatus.PENDING else getattr(subject, f"{step}_at")


def orders_of(buyer: User) -> QuerySet[Order]:
    """With everything a list row or the detail page shows, in a fixed number of queries."""
    parts = SellerOrder.objects.select_related("seller").prefetch_related(
        Prefetch("items", OrderItem.objects.select_related("variant__product"))
    )
    return Order.objects.filter(buyer=buyer).prefetch_related(Prefetch("seller_orders", parts))


def bought_product(user: User, product_id: int) -> bool:
    """Whether some of it was delivered to the user: what makes a review a verified purchase."""
    return OrderItem.objects.filter(
        seller_order__order__buyer=user,
        seller_order__status=OrderStatus.DELIVERED,
        variant__product_id=product_id,
    ).exists()


@dataclass(frozen=True)
class Drift:
    """Books that do not agree: what they say and what they should."""

    what: str
    found: Decimal | str | None
    expected: Decimal | str | None

    def __str__(self) -> str:
        return f"{self.what}: {self.found} instead of {self.expected}"


def total_drift() -> Sequence[Drift]:
    """Orders whose amounts do not follow from their lines, or whose status not from their parts."""
    drifts = []
    lines = Sum("items__line_total")
    for part in SellerOrder.objects.annotate(lines=lines).exclude(subtotal=F("lines")).select_related("order"):
        drifts.append(Drift(f"subtotal of {part}", part.subtotal, part.lines))
    orders = Order.objects.annotate(
        parts_subtotal=Sum("seller_orders__subtotal"), parts_shipping=Sum("seller_orders__shipping")
    )
    for order in orders.exclude(subtotal=F("parts_subtotal"), shipping=F("parts_shipping")):
        expected = f"{order.parts_subtotal} + {order.parts_shipping}"
        drifts.append(Drift(f"total of {order}", f"{order.subtotal} + {order.shipping}", expected))
    live_paid_unpaid = Q(seller_orders__status__in=STEPS[1:]) & ~Q(payment_status="paid")
    for order in Order.objects.filter(live_paid_unpaid).distinct():
        drifts.append(Drift(f"payment of {order}", order.payment_status, "paid"))
    return drifts
