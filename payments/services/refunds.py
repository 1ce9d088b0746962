"""Money back: a row first, then the call, then the answer, each of which may happen again."""

import logging
import uuid
from datetime import timedelta
from decimal import Decimal

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
from payments.selectors import failed_refunds
from pymart.common import logs
from pymart.common.db import after_commit
from pymart.common.errors import DomainError
from pymart.common.money import ZERO, inr

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
FIRST_DELAY, LONGEST_DELAY = timedelta(minutes=1), timedelta(hours=6)
MOST_DOUBLINGS = 10  # of the first delay: beyond the longest one, and years before numbers overflow
ASK_AGAIN = timedelta(hours=6)  # for refunds that are pending at the bank
FINAL = (RefundStatus.PROCESSED, RefundStatus.FAILED)


class NotRefundable(DomainError):
    code = "not_refundable"
    message = "This payment was refunded or is being refunded already."


def refund_order(*, order: Order) -> None:
    """Owe back what is left of a cancelled order's payments, inside the transaction that cancels it."""
    for payment in order.payments.filter(status=PaymentState.CAPTURED):
        open_refund(payment=payment, order=order, reason=RefundReason.CANCELLED)
    _note_all_is_back(order)  # staff may have sent it back at Razorpay's dashboard before


def open_refund(*, payment: Payment, order: Order, reason: str) -> None:
    """
    Owe back what is left of a captured payment, inside the caller's transaction with the order locked; Razorpay is
    asked on commit. What goes back already is not owed again.
    """
    if (left := _left(payment)) > 0:
        _owe(payment, order, amount=left, reason=reason)


def _left(payment: Payment) -> Decimal:
    """What of a payment neither went back nor is on its way back."""
    live = payment.refunds.exclude(status=RefundStatus.FAILED)
    left: Decimal = payment.amount - sum(live.values_list("amount", flat=True), ZERO)
    return left


def _owe(payment: Payment, order: Order, *, amount: Decimal, reason: str) -> Refund:
    refund = Refund.objects.create(payment=payment, amount=amount, reason=reason)
    record_event(order=order, kind=OrderEvent.Kind.REFUND_STARTED, note=RefundReason(reason).label)
    if order.status == OrderStatus.CANCELLED and order.payment_status != PaymentStatus.REFUNDING:
        set_payment_status(order=order, status=PaymentStatus.REFUNDING)
    after_commit(tasks.issue_refund.delay, refund.pk)
    return refund


@transaction.atomic
def refund_again(*, refund: Refund, actor: User) -> Refund:
    """
    Staff try a failed refund once more, under a new key; if less than that is left by now, what is left.

    :raises NotRefundable: when it did not fail, or later refunds have made it good.
    """
    order = Order.objects.locked().get(payments=refund.payment_id)
    failed, amount = _still_owed(refund)
    log.info("refund %s is tried again by %s", refund.pk, actor.pk)
    return _owe(failed.payment, order, amount=amount, reason=failed.reason)


@transaction.atomic
def mark_paid_back(*, refund: Refund, reference: str, actor: User) -> Refund:
    """
    Staff have paid what a failed refund owed, or what is left of it, without Razorpay, which goes on holding the
    payment as captured. The buyer reads the reference.

    :raises NotRefundable: when it did not fail, or later refunds have made it good.
    """
    order = Order.objects.locked().select_related("buyer").get(payments=refund.payment_id)
    failed, amount = _still_owed(refund)
    paid_back = Refund(payment=failed.payment, amount=amount, reason=failed.reason, reference=reference)
    _settle(paid_back, failed.payment, order, actor=actor)
    log.info("refund %s was paid back by %s", refund.pk, actor.pk)
    return paid_back


def _still_owed(refund: Refund) -> tuple[Refund, Decimal]:
    """
    A refund that waits for staff, and how much of it does, with the order locked.

    :raises NotRefundable:
    """
    failed = failed_refunds().select_related("payment").filter(pk=refund.pk).first()
    amount = min(failed.amount, _left(failed.payment)) if failed else ZERO
    if failed is None or amount <= 0:
        raise NotRefundable
    return failed, amount


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
        _ask_later(refund, str(error))
        raise
    except GatewayRefused as error:
        _note_refusal(refund, str(error))
    else:
        apply_refund(snapshot)


def _ask_later(refund: Refund, error: str) -> None:
    delay = min(FIRST_DELAY * 2 ** min(refund.attempts, MOST_DOUBLINGS), LONGEST_DELAY)
    Refund.objects.filter(pk=refund.pk).update(
        attempts=refund.attempts + 1, last_error=error[:300], not_before=timezone.now() + delay
    )


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
    if refund.status in FINAL:
        if (refund.status, snapshot.status) == (RefundStatus.FAILED, RefundStatus.PROCESSED):
            log.error("order %s: refund %s went through at Razorpay after it had failed", order.number, refund.pk)
        return refund
    refund.razorpay_refund_id = snapshot.id
    if snapshot.status == RefundStatus.PROCESSED:
        _settle(refund, payment, order)
    elif snapshot.status == RefundStatus.FAILED:
        _fail(refund, order, "Razorpay could not refund this payment.")
    else:
        refund.status, refund.not_before = RefundStatus.PENDING, timezone.now() + ASK_AGAIN
        refund.save()
    return refund


def _find(payment: Payment, snapshot: RefundSnapshot) -> Refund:
    """
    Our row of this refund, found by Razorpay's id or our key; one that staff made at Razorpay's dashboard gets its row
    now.
    """
    rows = list(payment.refunds.select_for_update())
    for row in rows:
        if row.razorpay_refund_id == snapshot.id or (not row.razorpay_refund_id and row.pk.hex == snapshot.receipt):
            return row
    return Refund.objects.create(payment=payment, amount=snapshot.amount, reason=RefundReason.BY_HAND)


def _settle(refund: Refund, payment: Payment, order: Order, *, actor: User | None = None) -> None:
    refund.status, refund.processed_at, refund.last_error = RefundStatus.PROCESSED, timezone.now(), ""
    refund.save()
    processed = payment.refunds.filter(status=RefundStatus.PROCESSED)
    if sum(processed.values_list("amount", flat=True), ZERO) >= payment.amount:
        payment.status = PaymentState.REFUNDED
        payment.save(update_fields=["status"])
    note = ", ".join(filter(None, [f"{refund.amount} {payment.currency}", refund.reference]))
    record_event(order=order, kind=OrderEvent.Kind.REFUNDED, note=note, actor=actor)
    _note_all_is_back(order)
    how = f"was paid back: {refund.reference}" if refund.reference else "went back to where you paid from."
    notify(
        user=order.buyer,
        type=NotificationType.ORDER_STATUS_CHANGED,
        title="Refund sent",
        body=f"{inr(refund.amount)} for order {order.number} {how}",
        url=order.get_absolute_url(),
        order_id=order.pk,
        number=order.number,
    )
    queue_email(
        kind="order-refunded",
        key=f"order-refunded:{refund.pk}",
        user=order.buyer,
        params={"order": order.pk, "amount": str(refund.amount), "reference": refund.reference},
    )


def _note_all_is_back(order: Order) -> None:
    """A cancelled order is refunded once none of its money is held any more."""
    states = set(order.payments.values_list("status", flat=True))
    is_back = PaymentState.REFUNDED in states and PaymentState.CAPTURED not in states
    if order.payment_status == PaymentStatus.REFUNDING and is_back:
        set_payment_status(order=order, status=PaymentStatus.REFUNDED)


@transaction.atomic
def _note_refusal(refund: Refund, error: str) -> None:
    """
    Razorpay will not make this refund, unless it has taken it already: then it tells how it went, now or later, and a
    refusal is about the question.
    """
    order = Order.objects.locked().get(pk=refund.payment.order_id)
    refund.refresh_from_db(from_queryset=Refund.objects.select_for_update())
    if refund.status == RefundStatus.CREATED:
        _fail(refund, order, error)
    elif refund.status == RefundStatus.PENDING:
        log.warning("refund %s is pending, and asking for it is refused: %s", refund.pk, error)
        _ask_later(refund, error)


def _fail(refund: Refund, order: Order, error: str) -> None:
    """A failed refund is a work item for staff: it shows in the admin until it is tried again and goes through."""
    refund.status, refund.last_error = RefundStatus.FAILED, error[:300]
    refund.save()
    record_event(order=order, kind=OrderEvent.Kind.REFUND_FAILED, note=error)
    log.error("order %s: refund %s failed: %s", order.number, refund.pk, error)
