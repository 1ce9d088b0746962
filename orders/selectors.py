"""Orders as somebody may see them: foreign ones do not exist."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F, Prefetch, QuerySet, Sum

from accounts.models import User
from orders.models import Order, OrderItem, SellerOrder, TimedSteps
from orders.states import STEPS, OrderStatus, overall
from pymart.common.books import Drift

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


def total_drift() -> list[Drift]:
    """Orders whose amounts do not follow from their lines, or whose status not from their parts."""
    drifts = []
    parts = SellerOrder.objects.annotate(lines=Sum("items__line_total")).select_related("order", "seller")
    for part in parts.exclude(subtotal=F("lines")):
        drifts.append(Drift(f"subtotal of {part}", part.subtotal, part.lines))
    orders = Order.objects.annotate(
        lines=Sum("seller_orders__subtotal"),
        fees=Sum("seller_orders__shipping"),
        statuses=ArrayAgg("seller_orders__status"),
    )
    for order in orders.exclude(subtotal=F("lines"), shipping=F("fees")):
        drifts.append(
            Drift(f"total of {order}", f"{order.subtotal} + {order.shipping}", f"{order.lines} + {order.fees}")
        )
    for order in orders.only("number", "status").iterator():
        if order.status != overall(order.statuses):
            drifts.append(Drift(f"status of {order}", order.status, overall(order.statuses)))
    return drifts
