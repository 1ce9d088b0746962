"""Money in: webhook, hand-back and reconciler all end in `apply_payment`."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from orders.models import Order, OrderEvent
from orders.services import extend_hold, mark_paid, record_event
from orders.states import OrderStatus
from payments import gateway
from payments.gateway import GatewayRefused, PaymentSnapshot
from payments.models import RECONCILE_AFTER, Payment, PaymentState, Reconciliation, RefundReason
from payments.selectors import TAKEN
from payments.services.refunds import open_refund
from pymart.common import counters, logs

log = logging.getLogger(__name__)

# Knowledge about a payment only grows along this row; `failed` may still become `authorized` within three days.
_RANK = {state: rank for rank, state in enumerate(PaymentState.values)}
WATCHED = timedelta(days=4)  # Razorpay looks for late authorisations of a payment for three days


@transaction.atomic
def apply_payment(snapshot: PaymentSnapshot) -> Payment | None:
    """
    Take note of a payment, as often and in whatever order messages about it come.

    The first capture with the right amount makes a pending order paid. A capture for an order that is cancelled, or
    paid already, or of another amount, goes back in full. Answers None for an order that is not ours.
    """
    order = Order.objects.locked().select_related("buyer").filter(razorpay_order_id=snapshot.order_id or None).first()
    if order is None:
        log.warning("payment %s is for %r, which no order has", snapshot.id, snapshot.order_id)
        return None
    logs.note(order=order.number)
    payment, is_new = Payment.objects.select_for_update().get_or_create(
        razorpay_payment_id=snapshot.id,
        defaults={"order": order, "amount": snapshot.amount, "currency": snapshot.currency},
    )
    if not is_new and _RANK[snapshot.status] <= _RANK[payment.status]:
        return payment
    payment.status = PaymentState(snapshot.status)
    payment.amount, payment.currency = snapshot.amount, snapshot.currency
    payment.method = snapshot.method or payment.method
    payment.error_reason, payment.error_description = snapshot.error_reason, snapshot.error_description
    if payment.status == PaymentState.CAPTURED:
        payment.captured_at = timezone.now()
    payment.save()
    if payment.status == PaymentState.FAILED:
        record_event(order=order, kind=OrderEvent.Kind.PAYMENT_FAILED, note=snapshot.error_description)
    elif payment.status == PaymentState.AUTHORIZED:
        extend_hold(order=order)
    elif payment.status == PaymentState.CAPTURED:
        _take_money(order, payment)
    return payment


def _take_money(order: Order, payment: Payment) -> None:
    """Settle the order with a captured payment, or send the money back. Each payment gets here once."""
    if (payment.amount, payment.currency) != (order.total, order.currency):
        note = f"{payment.amount} {payment.currency} came for {order.total} {order.currency}"
        record_event(order=order, kind=OrderEvent.Kind.PAYMENT_MISMATCH, note=note)
        open_refund(payment=payment, order=order, reason=RefundReason.MISMATCH)
    elif order.status == OrderStatus.PENDING:
        payment.settles_order = True
        payment.save(update_fields=["settles_order"])
        mark_paid(order=order)
    elif order.payments.filter(settles_order=True).exists():
        open_refund(payment=payment, order=order, reason=RefundReason.SECOND_CAPTURE)
    else:
        open_refund(payment=payment, order=order, reason=RefundReason.LATE_CAPTURE)


def captured_if_due(order: Order, snapshot: PaymentSnapshot) -> PaymentSnapshot:
    """
    Take the money of an authorised payment while its order waits for it; after that Razorpay lets it lapse.

    :raises GatewayUnavailable:
    """
    if snapshot.status != PaymentState.AUTHORIZED or order.status != OrderStatus.PENDING:
        return snapshot
    try:
        return gateway.capture(snapshot)
    except GatewayRefused as error:  # mostly since it has captured by itself meanwhile, which the next look tells
        log.warning("payment %s is not captured: %s", snapshot.id, error)
        return snapshot


def watch_orders() -> None:
    """Schedule the reconciliation of every order that has a Razorpay order and no schedule yet."""
    since = timezone.now() - WATCHED
    unwatched = Order.objects.filter(created_at__gte=since, reconciliation=None).exclude(razorpay_order_id="")
    rows = [
        Reconciliation(order_id=pk, due_at=at + RECONCILE_AFTER) for pk, at in unwatched.values_list("pk", "created_at")
    ]
    Reconciliation.objects.bulk_create(rows, ignore_conflicts=True)


def reconcile_order(order: Order) -> bool:
    """
    Ask Razorpay for the payments of an order, in case every message about them was lost, and set when to ask again.

    Answers whether nothing is left to ask. :raises GatewayUnavailable: and the order's next turn comes after those that
    are due already.
    """
    Reconciliation.objects.filter(order=order).update(due_at=timezone.now() + RECONCILE_AFTER)
    try:
        snapshots = gateway.order_payments(order.razorpay_order_id)
    except GatewayRefused as error:
        log.error("order %s: Razorpay refuses to list payments: %s", order.number, error)
        snapshots = []
    for snapshot in snapshots:
        order.refresh_from_db(fields=["status"])  # the payment before this one may have settled it
        payment = captured_if_due(order, snapshot)
        if _is_news(payment):
            counters.add("reconciler_finds")
        apply_payment(payment)
    order.refresh_from_db()
    return _schedule_next(order)


def _is_news(snapshot: PaymentSnapshot) -> bool:
    """Whether this is money that neither a webhook nor the browser has told us of."""
    known = Payment.objects.filter(razorpay_payment_id=snapshot.id, status__in=TAKEN)
    return snapshot.status in TAKEN and not known.exists()


def _schedule_next(order: Order) -> bool:
    """
    Ask every few minutes while the order waits for money, then ever less often: a late or second capture may still
    come.
    """
    now = timezone.now()
    age = now - order.created_at
    if order.status == OrderStatus.PENDING:
        due_at = now + RECONCILE_AFTER
    elif age < WATCHED:
        due_at = now + max(age, RECONCILE_AFTER)
    else:
        due_at = None
    Reconciliation.objects.filter(order=order).update(due_at=due_at)
    return due_at is None
