"""Money back: a row first, then the call, then the answer, each of which may happen again."""

import logging
import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import NotificationType, User
from accounts.services import notify, queue_email
from orders.models import Order, OrderEvent
from orders.services import record_event, set_payment_status
from orders.states import OrderStatus, PaymentStatus
from payments import gateway, tasks
from payments.gateway import GatewayRefused, GatewayUnavailable, RefundSnapshot
from payments.models import Payment, PaymentState, Refund, RefundReason, RefundStatus
from pymart.common import logs
from pymart.common.db import after_commit
from pymart.common.errors import DomainError
from pymart.common.money import inr

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
FIRST_DELAY, LONGEST_DELAY = timedelta(minutes=1), timedelta(hours=6)
ASK_AGAIN = timedelta(hours=6)  # for refunds that are pending at the bank


class NotRefundable(DomainError):
    code = "not_refundable"
    message = "This payment is being refunded already."


def open_refund(*, payment: Payment, order: Order, reason: str) -> Refund:
    """Owe a captured payment back, inside the caller's transaction with the order locked; asked for on commit."""
    refund, is_new = Refund.objects.exclude(status=RefundStatus.FAILED).get_or_create(
        payment=payment, defaults={"amount": payment.amount, "reason": reason}
    )
    if is_new:
        record_event(order=order, kind=OrderEvent.Kind.REFUND_STARTED, note=RefundReason(reason).label)
        if order.status == OrderStatus.CANCELLED and order.payment_status != PaymentStatus.REFUNDING:
            set_payment_status(order=order, status=PaymentStatus.REFUNDING)
        after_commit(tasks.issue_refund.delay, refund.pk)
    return refund


@transaction.atomic
def refund_again(*, refund: Refund, actor: User) -> Refund:
    """
    Staff try a failed refund once more, under a new key.

    :raises NotRefundable: when it did not fail, or another one is on its way.
    """
    order = Order.objects.locked().get(payments=refund.payment_id)
    refund.refresh_from_db()
    if refund.status != RefundStatus.FAILED or refund.payment.refunds.exclude(status=RefundStatus.FAILED).exists():
        raise NotRefundable
    log.info("refund %s is tried again by %s", refund.pk, actor.pk)
    return open_refund(payment=refund.payment, order=order, reason=refund.reason)


def issue_refund(pk: uuid.UUID) -> None:
    """
    Ask Razorpay for a refund that is owed, or how a pending one goes. Safe to repeat and to run twice at once.

    :raises GatewayUnavailable: after setting when to try again.
    """
    now = timezone.now()
    claimed = Refund.objects.filter(
        pk=pk, status__in=[RefundStatus.CREATED, RefundStatus.PENDING], not_before__lte=now
    ).update(not_before=now + LEASE)
    if not claimed:
        return
    refund = Refund.objects.select_related("payment__order").get(pk=pk)
    logs.note(order=refund.payment.order.number)
    try:
        snapshot = _ask(refund)
    except GatewayUnavailable as error:
        delay = min(FIRST_DELAY * 2**refund.attempts, LONGEST_DELAY)
        Refund.objects.filter(pk=pk).update(
            attempts=refund.attempts + 1, last_error=str(error), not_before=timezone.now() + delay
        )
        raise
    except GatewayRefused as error:
        _fail(refund, str(error))
    else:
        apply_refund(snapshot)


def _ask(refund: Refund) -> RefundSnapshot:
    payment_id = refund.payment.razorpay_payment_id
    if refund.status == RefundStatus.PENDING:
        known = {found.id: found for found in gateway.payment_refunds(payment_id)}
        if refund.razorpay_refund_id in known:
            return known[refund.razorpay_refund_id]
    return gateway.refund(payment_id=payment_id, amount=refund.amount, key=refund.pk.hex)


@transaction.atomic
def apply_refund(snapshot: RefundSnapshot) -> Refund | None:
    """
    Take note of how a refund goes, as often and in whatever order messages come; `processed` and `failed` are final.

    Answers None for a payment that is not ours.
    """
    payment = Payment.objects.filter(razorpay_payment_id=snapshot.payment_id).first()
    if payment is None:
        log.warning("refund %s is for %r, which is no payment of ours", snapshot.id, snapshot.payment_id)
        return None
    order = Order.objects.locked().select_related("buyer").get(pk=payment.order_id)
    logs.note(order=order.number)
    refund = _find(payment, snapshot)
    if refund.status in (RefundStatus.PROCESSED, RefundStatus.FAILED):
        return refund
    refund.razorpay_refund_id = snapshot.id
    if snapshot.status == RefundStatus.PROCESSED:
        _settle(refund, payment, order)
    elif snapshot.status == RefundStatus.FAILED:
        _fail(refund, "Razorpay could not refund this payment.")
        return refund
    else:
        refund.status, refund.not_before = RefundStatus.PENDING, timezone.now() + ASK_AGAIN
    refund.save()
    return refund


def _find(payment: Payment, snapshot: RefundSnapshot) -> Refund:
    """Our row for it, by Razorpay's id or our key; a refund made at Razorpay's dashboard gets one now."""
    rows = list(payment.refunds.select_for_update())
    for row in rows:
        if row.razorpay_refund_id == snapshot.id or (not row.razorpay_refund_id and row.pk.hex == snapshot.receipt):
            return row
    return Refund.objects.create(payment=payment, amount=snapshot.amount, reason=RefundReason.BY_HAND)


def _settle(refund: Refund, payment: Payment, order: Order) -> None:
    refund.status, refund.processed_at, refund.last_error = RefundStatus.PROCESSED, timezone.now(), ""
    if refund.amount == payment.amount:
        payment.status = PaymentState.REFUNDED
        payment.save(update_fields=["status"])
    record_event(order=order, kind=OrderEvent.Kind.REFUNDED, note=f"{refund.amount} {payment.currency}")
    if order.payment_status == PaymentStatus.REFUNDING:
        set_payment_status(order=order, status=PaymentStatus.REFUNDED)
    notify(
        user=order.buyer,
        type=NotificationType.ORDER_STATUS_CHANGED,
        title="Refund sent",
        body=f"{inr(refund.amount)} for order {order.number} went back to where you paid from.",
        url=order.get_absolute_url(),
        order_id=order.pk,
        number=order.number,
    )
    queue_email(
        kind="order-refunded",
        key=f"order-refunded:{refund.pk}",
        user=order.buyer,
        params={"order": order.pk, "amount": str(refund.amount)},
    )


@transaction.atomic
def _fail(refund: Refund, error: str) -> None:
    """A failed refund is a work item for staff: it shows in the admin until it is tried again and goes through."""
    refund.status, refund.last_error = RefundStatus.FAILED, error[:300]
    refund.save()
    order = Order.objects.locked().get(pk=refund.payment.order_id)
    record_event(order=order, kind=OrderEvent.Kind.REFUND_FAILED, note=error)
    log.error("order %s: refund %s failed: %s", order.number, refund.pk, error)
