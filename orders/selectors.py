"""Orders as somebody may see them; others are left out, so that they answer 404."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Exists, F, Max, OuterRef, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Left

from accounts.models import Role, User
from cart.selectors import thumb
from orders.models import WATCHED_EVENTS, Invoice, Order, OrderEvent, OrderItem, SellerOrder, TimedSteps
from orders.states import SOLD, STEPS, OrderStatus, overall
from pymart.common.books import Drift
from pymart.common.db import prepared_cursor

STEP_LABELS = {**dict(OrderStatus.choices), OrderStatus.PENDING: "Placed"}  # of what was done, not of what is awaited


_STAMPS = {step: "created_at" if step == OrderStatus.PENDING else f"{step}_at" for step in OrderStatus}


@dataclass(frozen=True)
class Step:
    """A step of the timeline: `state` is done, current, todo or cancelled."""

    status: str
    label: str
    at: datetime | None
    state: str


class Part(NamedTuple):
    """A seller order and who ships it."""

    order_id: int
    id: int
    seller_id: int
    shop_name: str
    seller_user_id: int
    status: str
    subtotal: Decimal
    shipping: Decimal
    carrier: str
    tracking_number: str
    tracking_url: str
    created_at: datetime
    paid_at: datetime | None
    processing_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    cancelled_at: datetime | None


class Line(NamedTuple):
    """What was bought, as it was then; `slug` is today's."""

    id: int
    product_id: int
    slug: str
    variant_id: int
    title: str
    variant_name: str
    sku: str
    image: str
    unit_price: Decimal
    mrp: Decimal
    quantity: int
    line_total: Decimal

    @property
    def thumb(self) -> str:
        """The address of the small picture."""
        return thumb(self.image) if self.image else ""


# A `Part` and a `Line` in each row, in their order.
_LINES = """
SELECT part.order_id, part.id, part.seller_id, seller.shop_name, seller.user_id, part.status, part.subtotal,
    part.shipping, part.carrier, part.tracking_number, part.tracking_url, part.created_at, part.paid_at,
    part.processing_at, part.shipped_at, part.delivered_at, part.cancelled_at,
    item.id, variant.product_id, product.slug, item.variant_id, item.title, item.variant_name, item.sku, item.image,
    item.unit_price, item.mrp, item.quantity, item.line_total
FROM orders_sellerorder part
JOIN accounts_sellerprofile seller ON seller.id = part.seller_id
JOIN orders_orderitem item ON item.seller_order_id = part.id
JOIN catalog_variant variant ON variant.id = item.variant_id
JOIN catalog_product product ON product.id = variant.product_id
WHERE part.order_id = ANY(%s::bigint[])
ORDER BY part.id, item.id
"""


def steps(subject: TimedSteps | Part) -> list[tuple[OrderStatus, datetime | None]]:
    """
    The five steps of an order or a seller order, with the time of each that was reached; of a cancelled one those it
    reached, and the cancellation.
    """
    status: str = subject.status  # type: ignore[union-attr]
    if status == OrderStatus.CANCELLED:
        reached = [(step, at) for step in STEPS if (at := _reached_at(subject, step))]
        return [*reached, (OrderStatus.CANCELLED, subject.cancelled_at)]
    position = STEPS.index(status)
    return [(step, _reached_at(subject, step) if i <= position else None) for i, step in enumerate(STEPS)]


def timeline(subject: TimedSteps | Part) -> list[Step]:
    """The steps as pages show them."""
    status: str = subject.status  # type: ignore[union-attr]
    found = steps(subject)
    current = [step for step, _ in found].index(OrderStatus(status))
    states = ["done" if i < current else "current" if i == current else "todo" for i in range(len(found))]
    if status in (OrderStatus.DELIVERED, OrderStatus.CANCELLED):
        states[-1] = "done" if status == OrderStatus.DELIVERED else "cancelled"
    return [Step(step, STEP_LABELS[step], at, state) for (step, at), state in zip(found, states, strict=True)]


def _reached_at(subject: TimedSteps | Part, step: OrderStatus) -> datetime | None:
    at: datetime | None = getattr(subject, _STAMPS[step])
    return at


def orders_of(buyer: User) -> QuerySet[Order]:
    """With everything a list row or the detail page shows, in a fixed number of queries."""
    parts = SellerOrder.objects.select_related("seller", "invoice").prefetch_related(
        Prefetch("items", OrderItem.objects.select_related("variant__product"))
    )
    return Order.objects.filter(buyer=buyer).prefetch_related(Prefetch("seller_orders", parts))


def invoices_of(buyer: User) -> QuerySet[Invoice]:
    invoices = Invoice.objects.filter(seller_order__order__buyer=buyer)
    return invoices.select_related("seller_order__order").prefetch_related("lines")


def orders_visible_to(user: User) -> QuerySet[Order]:
    """Every order to staff; to others what they bought, and what they sell a part of."""
    if user.role == Role.ADMIN:
        return Order.objects.all()
    sold = SellerOrder.objects.filter(order=OuterRef("pk"), seller__user=user)
    return Order.objects.filter(Q(buyer=user) | Q(Exists(sold)))


def orders_listed_for(user: User, *, status: str | None = None, bought: bool = False) -> QuerySet[Order]:
    """
    A buyer's own, what a seller has a part of, all to staff; with `bought` what they bought themselves to all of them.
    For what a seller has a part of, `status` is that of the part.
    """
    if user.role == Role.SELLER and not bought:
        part = {"seller_orders__seller__user": user, **({"seller_orders__status": status} if status else {})}
        return Order.objects.filter(**part)
    orders = Order.objects.all() if user.role == Role.ADMIN and not bought else Order.objects.filter(buyer=user)
    return orders.filter(status=status) if status else orders


def parts_to_move(order: Order, user: User, *, seller_order: int | None = None) -> list[SellerOrder]:
    """The user's part of the order; to staff all of them, or the one that is named."""
    parts = SellerOrder.objects.filter(order=order)
    if user.role != Role.ADMIN:
        parts = parts.filter(seller__user=user)
    return list(parts.filter(pk=seller_order) if seller_order else parts)


def parts_of(order_ids: Collection[int]) -> dict[int, list[tuple[Part, list[Line]]]]:
    """The parts of each of these orders with their lines, in one query."""
    found: dict[int, list[tuple[Part, list[Line]]]] = {pk: [] for pk in order_ids}
    width = len(Part._fields)
    with prepared_cursor() as cursor:
        cursor.execute(_LINES, [list(order_ids)])
        for row in cursor.fetchall():
            parts = found[row[0]]
            if not parts or parts[-1][0].id != row[1]:
                parts.append((Part._make(row[:width]), []))
            parts[-1][1].append(Line._make(row[width:]))
    return found


def bought_product(user: User, product_id: int) -> bool:
    """Whether some of it was delivered to the user: what makes a review a verified purchase."""
    return OrderItem.objects.filter(
        seller_order__order__buyer=user,
        seller_order__status=OrderStatus.DELIVERED,
        variant__product_id=product_id,
    ).exists()


def units_sold() -> Iterator[tuple[int, int]]:
    """Each product that was ever ordered, with the pieces that were paid for and not cancelled."""
    kept = Sum("quantity", filter=Q(seller_order__status__in=SOLD), default=0)
    return OrderItem.objects.order_by().values_list("variant__product").annotate(kept=kept).iterator()


def total_drift() -> list[Drift]:
    """Orders whose amounts are not the sums of their lines, or whose status does not follow from their parts."""
    drifts = []
    parts = SellerOrder.objects.annotate(lines=Sum("items__line_total"), pieces=Sum("items__quantity"))
    parts = parts.select_related("order", "seller")
    for part in parts.exclude(subtotal=F("lines"), units=F("pieces")):
        found, expected = f"{part.subtotal} for {part.units}", f"{part.lines} for {part.pieces}"
        drifts.append(Drift(f"subtotal of {part}", found, expected))
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


EXPIRY_LATE = timedelta(minutes=5)  # the task that cancels what is unpaid runs every minute


def order_counts(since: datetime) -> dict[str, int]:
    """How many orders were placed since then, and to how many each watched event happened."""
    events = OrderEvent.objects.filter(kind__in=WATCHED_EVENTS, created_at__gte=since).order_by()
    counted = events.values_list("kind").annotate(Count("order", distinct=True))
    placed = Order.objects.filter(created_at__gte=since).count()
    return {"placed": placed, **dict.fromkeys(WATCHED_EVENTS, 0), **dict(counted)}


def unpaid_counts(now: datetime) -> dict[str, int]:
    """Orders that hold stock without being paid, and those that should have lost it by now."""
    counts: dict[str, int] = Order.objects.filter(status=OrderStatus.PENDING).aggregate(
        pending=Count("pk"), overdue=Count("pk", filter=Q(expires_at__lt=now - EXPIRY_LATE))
    )
    return counts


def invoice_drift() -> list[Drift]:
    """Series of invoices with gaps, and invoices over another sum than was paid for their part."""
    drifts = []
    series = Invoice.objects.order_by().annotate(prefix=Left("number", 3)).values("seller", "financial_year", "prefix")
    for row in series.annotate(count=Count("pk"), last=Max("serial")).exclude(count=F("last")):
        name = f"invoices {row['prefix']} of seller {row['seller']} in {row['financial_year']}"
        drifts.append(Drift(name, row["count"], row["last"]))
    invoices = Invoice.objects.select_related("seller_order")
    for invoice in invoices.exclude(total=F("seller_order__subtotal") + F("seller_order__shipping")):
        drifts.append(Drift(f"invoice {invoice}", invoice.total, invoice.seller_order.total))
    return drifts
