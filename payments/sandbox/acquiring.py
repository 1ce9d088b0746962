"""
Orders and payments: the only writer of their states.

Every change locks the order first and the payment second, so two tabs, a capture and a late answer of the bank
cannot cross. The events of one step are written in its transaction.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from payments.sandbox import events, ids, refunds
from payments.sandbox.errors import (
    ORDER_IS_PAID,
    PAYMENT_IN_PROGRESS,
    invalid,
    refused,
    unknown_id,
)
from payments.sandbox.events import Snapshot
from payments.sandbox.faults import Kind, take
from payments.sandbox.instruments import Instrument
from payments.sandbox.models import Fault, Order, Payment
from payments.sandbox.reasons import error_fields

BANK_ANSWERS_WITHIN = timedelta(minutes=10)
FEE_PERCENT, GST_PERCENT = 2, 18


@transaction.atomic
def start_payment(*, order_id: str, instrument: Instrument, buyer: dict[str, Any]) -> Payment:
    """A buyer chose how to pay and goes to the bank."""
    order = _lock_order(order_id)
    if order.status == Order.Status.PAID:
        raise refused(ORDER_IS_PAID)
    if order.payments.filter(status=Payment.Status.AUTHORIZED).exists():
        raise refused(PAYMENT_IN_PROGRESS)
    order.attempts += 1
    order.status = Order.Status.ATTEMPTED
    order.save(update_fields=["attempts", "status"])
    return _new_payment(order, instrument, buyer)


@transaction.atomic
def authorize_payment(payment_id: str) -> Payment:
    """The bank said yes. Captured at once unless the order or a knob says otherwise."""
    order, payment = _lock(payment_id)
    if payment.status != Payment.Status.CREATED:
        return payment
    if order.status == Order.Status.PAID:
        return _fail(order, payment, "order_already_paid")
    if order.attempts == 1 and take(Kind.FAIL_FIRST_ATTEMPT) is not None:
        return _fail(order, payment, "bank_technical_error")
    if late := take(Kind.LATE_AUTHORIZATION):
        payment.late_at = _later(late)
        return _fail(order, payment, "payment_timed_out")
    steps = _authorize(payment)
    if delay := take(Kind.DELAYED_CAPTURE):
        payment.capture_at = _later(delay)
        payment.save(update_fields=["capture_at"])
    elif order.capture == Order.Capture.AUTOMATIC:
        steps += _capture(order, payment)
        if take(Kind.DOUBLE_CAPTURE) is not None:
            steps += _another_capture(order, payment)
    events.emit(order, steps)
    return payment


@transaction.atomic
def fail_payment(payment_id: str, *, reason: str = "payment_failed") -> Payment:
    order, payment = _lock(payment_id)
    if payment.status != Payment.Status.CREATED:
        return payment
    return _fail(order, payment, reason)


@transaction.atomic
def capture_payment(payment_id: str, *, amount: int | None = None, currency: str = "INR") -> Payment:
    """Take what was authorised; without an amount, all of it (the dashboard's button)."""
    order, payment = _lock(payment_id)
    if payment.is_captured:
        raise refused(ORDER_IS_PAID)
    if payment.status != Payment.Status.AUTHORIZED:
        raise refused("Only payments which have been authorized and not yet captured can be captured")
    if currency != payment.currency:
        raise invalid("Payment currency does not match the currency to be captured.", "currency")
    if amount is not None and amount != payment.amount:
        raise invalid("Capture amount must be equal to the amount authorized.", "amount")
    events.emit(order, _capture(order, payment))
    return payment


@transaction.atomic
def authorize_late(payment_id: str) -> Payment:
    """
    The bank's yes came after the payment had been marked failed.

    Captured like any other, unless its window is over; given back at once if the order was paid by another payment.
    """
    order, payment = _lock(payment_id)
    if payment.status != Payment.Status.FAILED:
        return payment
    payment.late_at = None
    payment.error = {}
    payment.save(update_fields=["late_at", "error"])
    steps = _authorize(payment)
    window = timedelta(minutes=order.automatic_expiry_minutes)
    if order.status == Order.Status.PAID:
        steps += refunds.give_back(payment)
    elif order.capture == Order.Capture.AUTOMATIC and timezone.now() - payment.created_at <= window:
        steps += _capture(order, payment)
    events.emit(order, steps)
    return payment


@transaction.atomic
def capture_again(order_id: str, *, instrument: Instrument) -> Payment:
    """A captured payment on any order, paid or not: what no gateway promises never to do."""
    order = _lock_order(order_id)
    order.attempts += 1
    if order.status == Order.Status.CREATED:
        order.status = Order.Status.ATTEMPTED
    order.save(update_fields=["attempts", "status"])
    payment = _new_payment(order, instrument, {})
    events.emit(order, [*_authorize(payment), *_capture(order, payment)])
    return payment


def settle_due(now: datetime) -> None:
    """What time brings: delayed captures, late answers, payments nobody finished, captures nobody made."""
    for pk in _ids(status=Payment.Status.AUTHORIZED, capture_at__lte=now):
        _capture_if_authorized(pk)
    for pk in _ids(status=Payment.Status.FAILED, late_at__lte=now):
        authorize_late(pk)
    for pk in _ids(status=Payment.Status.CREATED, created_at__lte=now - BANK_ANSWERS_WITHIN):
        fail_payment(pk, reason="payment_timed_out")
    for pk in _ids(status=Payment.Status.AUTHORIZED, authorized_at__isnull=False):
        _give_back_if_lapsed(pk, now)


def _ids(**conditions: Any) -> list[str]:
    return list(Payment.objects.filter(**conditions).values_list("pk", flat=True))


@transaction.atomic
def _capture_if_authorized(payment_id: str) -> None:
    order, payment = _lock(payment_id)
    if payment.status == Payment.Status.AUTHORIZED:
        events.emit(order, _capture(order, payment))


@transaction.atomic
def _give_back_if_lapsed(payment_id: str, now: datetime) -> None:
    order, payment = _lock(payment_id)
    lapsed = payment.authorized_at and payment.authorized_at + timedelta(minutes=order.manual_expiry_minutes) <= now
    if lapsed and payment.status == Payment.Status.AUTHORIZED:
        events.emit(order, refunds.give_back(payment))


def _lock_order(order_id: str) -> Order:
    order = Order.objects.select_for_update().filter(pk=order_id).first()
    if order is None:
        raise unknown_id()
    return order


def _lock(payment_id: str) -> tuple[Order, Payment]:
    order_id = Payment.objects.filter(pk=payment_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise unknown_id()
    order = _lock_order(order_id)
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    payment.order = order
    return order, payment


def _new_payment(order: Order, instrument: Instrument, buyer: dict[str, Any]) -> Payment:
    return Payment.objects.create(
        order=order,
        amount=order.amount,
        currency=order.currency,
        method=instrument.method,
        instrument=instrument.details,
        description=buyer.get("description", ""),
        email=buyer.get("email", ""),
        contact=buyer.get("contact", ""),
        notes=buyer.get("notes") or order.notes,
    )


def _authorize(payment: Payment) -> list[Snapshot]:
    payment.status = Payment.Status.AUTHORIZED
    payment.authorized_at = timezone.now()
    payment.acquirer_data = _acquirer_data(payment.method)
    payment.save(update_fields=["status", "authorized_at", "acquirer_data"])
    return [events.payment_event("payment.authorized", payment)]


def _capture(order: Order, payment: Payment) -> list[Snapshot]:
    charge = payment.amount * FEE_PERCENT // 100
    payment.tax = round(charge * GST_PERCENT / 100)
    payment.fee = charge + payment.tax
    payment.status = Payment.Status.CAPTURED
    payment.is_captured = True
    payment.capture_at = None
    payment.save(update_fields=["tax", "fee", "status", "is_captured", "capture_at"])
    steps = [events.payment_event("payment.captured", payment)]
    if order.status != Order.Status.PAID:
        order.status = Order.Status.PAID
        order.amount_paid = order.amount
        order.save(update_fields=["status", "amount_paid"])
        steps.append(events.order_paid(order, payment))
    return steps


def _another_capture(order: Order, payment: Payment) -> list[Snapshot]:
    buyer = {"email": payment.email, "contact": payment.contact, "notes": payment.notes}
    second = _new_payment(order, Instrument(payment.method, payment.instrument), buyer)
    order.attempts += 1
    order.save(update_fields=["attempts"])
    return [*_authorize(second), *_capture(order, second)]


def _fail(order: Order, payment: Payment, reason: str) -> Payment:
    payment.status = Payment.Status.FAILED
    payment.error = error_fields(reason)
    payment.save(update_fields=["status", "error", "late_at"])
    events.emit(order, [events.payment_event("payment.failed", payment)])
    return payment


def _acquirer_data(method: str) -> dict[str, str]:
    number = str(int(ids.secrets.token_hex(5), 16) % 10**12).zfill(12)
    if method == "upi":
        return {"rrn": number, "upi_transaction_id": ids.secrets.token_hex(16).upper()}
    if method == "card":
        return {"auth_code": number[:6]}
    return {"bank_transaction_id": number[:7]}


def _later(fault: Fault) -> datetime | None:
    seconds = fault.options.get("seconds")
    return None if seconds is None else timezone.now() + timedelta(seconds=seconds)
