from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Min, Model, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Role, User
from catalog.models import Product, ProductStatus
from orders.models import Order
from orders.states import OrderStatus, PaymentStatus
from payments.models import Payment, PaymentState, Refund, RefundStatus, WebhookEvent
from pymart.common.books import Drift
from pymart.common.db import money_field
from pymart.common.money import ZERO

TAKEN = [PaymentState.CAPTURED, PaymentState.REFUNDED]  # whether or not the money went back
RECENT_EVENTS, RECENT = 500, timedelta(minutes=15)  # by which the pace of the work on webhooks is told


def money_drift() -> list[Drift]:
    """
    Orders where what was paid, less what went back, is not what the order says.

    A live order holds exactly its total, unless staff sent it back once all was on its way; a cancelled one nothing,
    once its refunds are through; whatever else was captured is owed back by a refund.
    """
    return [*_orders_without_their_money(), *_money_without_an_order(), *_refunded_too_much()]


def _orders_without_their_money() -> list[Drift]:
    settled = Payment.objects.filter(order=OuterRef("pk"), settles_order=True, status__in=TAKEN)
    paid = Order.objects.filter(payment_status="paid")
    drifts = [Drift(f"payment of {order}", "none", order.total) for order in paid.exclude(Exists(settled))]
    wrong = Payment.objects.filter(settles_order=True).exclude(amount=F("order__total")).select_related("order")
    drifts += [Drift(f"payment of {payment.order}", payment.amount, payment.order.total) for payment in wrong]
    gone = Payment.objects.filter(
        settles_order=True, status=PaymentState.REFUNDED, order__status__in=[OrderStatus.PAID, OrderStatus.PROCESSING]
    )
    drifts += [
        Drift(f"payment of {payment.order}", "sent back", payment.order.total)
        for payment in gone.select_related("order")
    ]
    refunded = Order.objects.filter(payment_status="refunded").exclude(payments__refunds__status=RefundStatus.PROCESSED)
    return drifts + [Drift(f"refund of {order}", "none", order.total) for order in refunded]


def _money_without_an_order() -> list[Drift]:
    """Captured money that neither pays for a live order nor is on its way back."""
    owed = Coalesce(Sum("refunds__amount"), 0, output_field=money_field())
    kept = Payment.objects.filter(status=PaymentState.CAPTURED).filter(
        Q(settles_order=False) | Q(order__status="cancelled")
    )
    return [
        Drift(f"payment {payment} of {payment.order}", f"{payment.amount - payment.owed} kept", "a refund")
        for payment in kept.annotate(owed=owed).filter(owed__lt=F("amount")).select_related("order")
    ]


def _refunded_too_much() -> list[Drift]:
    back = Coalesce(
        Sum("refunds__amount", filter=~Q(refunds__status=RefundStatus.FAILED)), 0, output_field=money_field()
    )
    return [
        Drift(f"refunds of {payment}", payment.back, f"at most {payment.amount}")
        for payment in Payment.objects.annotate(back=back).filter(back__gt=F("amount"))
    ]


def failed_refunds() -> QuerySet[Refund]:
    """What staff must look after: failed, and not made good by later ones."""
    later = Refund.objects.filter(payment=OuterRef("payment"), created_at__gt=OuterRef("created_at"))
    sums = later.exclude(status=RefundStatus.FAILED).order_by().values("payment").annotate(sum=Sum("amount"))
    again = Coalesce(Subquery(sums.values("sum")), 0, output_field=money_field())
    return Refund.objects.filter(status=RefundStatus.FAILED).alias(again=again).filter(again__lt=F("amount"))


def has_refunds_under_way(*, buyer: User) -> bool:
    """Whether money is on its way back to them, or waits for staff to send it."""
    theirs = Refund.objects.filter(payment__order__buyer=buyer)
    asked = theirs.filter(status__in=[RefundStatus.CREATED, RefundStatus.PENDING])
    return asked.exists() or (theirs & failed_refunds()).exists()


def open_refunds() -> dict[str, tuple[int, datetime | None]]:
    """
    How many refunds are in each open state, and when the oldest was made; of failed ones those that wait for staff.
    """
    asked = Refund.objects.filter(status__in=[RefundStatus.CREATED, RefundStatus.PENDING])
    failed = failed_refunds().order_by().aggregate(count=Count("pk"), oldest=Min("created_at"))
    rows = asked.order_by().values_list("status").annotate(Count("pk"), Min("created_at"))
    found = {status: (count, oldest) for status, count, oldest in rows}
    return {"created": (0, None), "pending": (0, None), **found, "failed": (failed["count"], failed["oldest"])}


def waiting_events() -> dict[str, Any]:
    """Webhook events that are not worked off: how many will be, since when, and how many are left to staff."""
    stuck = Q(attempts__gte=WebhookEvent.MAX_ATTEMPTS)
    return WebhookEvent.objects.filter(processed_at=None).aggregate(
        waiting=Count("pk", filter=~stuck), oldest=Min("received_at", filter=~stuck), stuck=Count("pk", filter=stuck)
    )


def webhook_lags(now: datetime) -> list[float]:
    """How many seconds each of the newest processed events waited, sorted."""
    newest = WebhookEvent.objects.order_by("-pk").values_list("received_at", "processed_at")[:RECENT_EVENTS]
    recent = [(received, done) for received, done in newest if done and received > now - RECENT]
    return sorted((done - received).total_seconds() for received, done in recent)


def shop_stats(now: datetime | None = None) -> dict[str, Any]:
    """What staff want to know of the whole shop."""
    roles = _counts(User, "role", Role.values)
    statuses = _counts(Order, "status", OrderStatus.values)
    return {
        "revenue": _revenue(now or timezone.now()),
        "users": {"total": sum(roles.values()), **{f"{role}s": count for role, count in roles.items()}},
        "orders": {"total": sum(statuses.values()), "by_status": statuses},
        "products": {"by_status": _counts(Product, "status", ProductStatus.values)},
    }


def _revenue(now: datetime) -> dict[str, Any]:
    """Of orders that were paid and not refunded, by months in India."""
    this_month = timezone.localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    last_month = (this_month - timedelta(days=1)).replace(day=1)
    paid = Order.objects.filter(payment_status=PaymentStatus.PAID, paid_at__gte=last_month)
    sums = paid.aggregate(
        this_month=Coalesce(Sum("total", filter=Q(paid_at__gte=this_month)), ZERO),
        last_month=Coalesce(Sum("total", filter=Q(paid_at__lt=this_month)), ZERO),
    )
    new, old = sums["this_month"], sums["last_month"]
    return {**sums, "change_percent": float(round((new - old) * 100 / old, 1)) if old else None}


def _counts(model: type[Model], column: str, values: list[str]) -> dict[str, int]:
    """The number of rows for each of these values of a column, in this order; 0 where there are none."""
    rows = model._default_manager.order_by().values_list(column).annotate(Count("pk"))
    return {**dict.fromkeys(values, 0), **dict(rows)}
