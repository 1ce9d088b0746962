"""Refunds: the only writer of their states and of what a payment has given back."""

import hashlib
import json
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from payments.sandbox import events
from payments.sandbox.errors import invalid, refused, unknown_id
from payments.sandbox.events import Snapshot
from payments.sandbox.faults import Kind, take
from payments.sandbox.models import Payment, Refund

SIX_MONTHS = timedelta(days=182)
KEY_PATTERN = re.compile(r"[A-Za-z0-9_-]{1,255}")
MINIMUM = 100


@dataclass(frozen=True)
class RefundRequest:
    amount: int | None = None
    speed: str = "normal"
    receipt: str | None = None
    notes: dict[str, str] = field(default_factory=dict)

    def digest(self, payment_id: str) -> str:
        facts = [payment_id, self.amount, self.speed, self.receipt, self.notes]
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


@transaction.atomic
def create_refund(*, payment_id: str, request: RefundRequest, key: str | None = None) -> Refund:
    digest = request.digest(payment_id)
    if key is not None:
        _claim_key(key)
        if earlier := Refund.objects.filter(idempotency_key=key).first():
            if earlier.request_digest != digest:
                raise refused("Different request with the same idempotency key has already been processed.", status=409)
            return earlier
    payment = _lock_payment(payment_id)
    amount = _refundable(payment, request)
    refund = Refund(
        payment=payment,
        amount=amount,
        currency=payment.currency,
        speed_requested=request.speed,
        receipt=request.receipt,
        notes=request.notes,
        idempotency_key=key,
        request_digest=digest,
    )
    events.emit(payment.order, _open(refund, payment))
    return refund


@transaction.atomic
def process_refund(refund_id: str) -> Refund:
    refund = _lock_refund(refund_id)
    if refund.status == Refund.Status.PENDING:
        _mark_processed(refund)
        events.emit(refund.payment.order, [events.refund_event("refund.processed", refund, refund.payment)])
    return refund


@transaction.atomic
def fail_refund(refund_id: str) -> Refund:
    """The bank sent the money back to the gateway, so the payment may be refunded again."""
    refund = _lock_refund(refund_id)
    if refund.status == Refund.Status.PENDING:
        refund.status = Refund.Status.FAILED
        refund.settle_at = None
        refund.save(update_fields=["status", "settle_at"])
        payment = refund.payment
        payment.amount_refunded -= refund.amount
        if payment.status == Payment.Status.REFUNDED:
            payment.status = Payment.Status.CAPTURED if payment.is_captured else Payment.Status.AUTHORIZED
        payment.save(update_fields=["amount_refunded", "status"])
        events.emit(payment.order, [events.refund_event("refund.failed", refund, payment)])
    return refund


def give_back(payment: Payment) -> list[Snapshot]:
    """The gateway's own refund of an authorised payment that will not be captured. The caller holds the lock."""
    return _open(Refund(payment=payment, amount=payment.amount, currency=payment.currency), payment)


def settle_due(now: datetime) -> None:
    due = Refund.objects.filter(status=Refund.Status.PENDING, settle_at__lte=now)
    for pk, outcome in list(due.values_list("pk", "outcome")):
        fail_refund(pk) if outcome == Refund.Status.FAILED else process_refund(pk)


def _claim_key(key: str) -> None:
    if len(key) < 10:
        raise refused("The idempotency key must be at least 10 characters long.")
    if not KEY_PATTERN.fullmatch(key):
        raise refused("The idempotency key must only contain alphanumeric characters, underscores, and hyphens")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [lock_name(key)])
        (is_ours,) = cursor.fetchone()
    if not is_ours:
        raise refused("Another request with the same idempotency key is still in progress.", status=409)


def lock_name(key: str) -> str:
    return f"sandbox-refund:{key}"


def _lock_payment(payment_id: str) -> Payment:
    payment = Payment.objects.select_for_update(of=("self",)).select_related("order").filter(pk=payment_id).first()
    if payment is None:
        raise unknown_id()
    return payment


def _lock_refund(refund_id: str) -> Refund:
    payment_id = Refund.objects.filter(pk=refund_id).values_list("payment_id", flat=True).first()
    if payment_id is None:
        raise unknown_id()
    payment = _lock_payment(payment_id)
    refund = Refund.objects.select_for_update().get(pk=refund_id)
    refund.payment = payment
    return refund


def _refundable(payment: Payment, request: RefundRequest) -> int:
    if payment.status == Payment.Status.REFUNDED:
        raise refused("The payment has been fully refunded already.")
    if payment.status != Payment.Status.CAPTURED:
        raise refused("The payment status should be captured for action to be taken")
    remaining = payment.amount - payment.amount_refunded
    amount = remaining if request.amount is None else request.amount
    if amount < MINIMUM:
        raise invalid("The amount must be at least INR 1.00.", "amount")
    if amount > remaining:
        raise invalid("The refund amount provided is greater than amount captured.", "amount")
    if request.speed == "normal" and timezone.now() - payment.created_at > SIX_MONTHS:
        raise refused("Refund is not supported by the bank because the payment is more than 6 months old")
    return amount


def _open(refund: Refund, payment: Payment) -> list[Snapshot]:
    pending = take(Kind.REFUND_PENDING)
    failing = None if pending else take(Kind.REFUND_FAILS)
    later = pending or failing
    if later:
        seconds = later.options.get("seconds")
        refund.settle_at = None if seconds is None else timezone.now() + timedelta(seconds=seconds)
        refund.outcome = Refund.Status.FAILED if failing else Refund.Status.PROCESSED
    refund.save()
    payment.amount_refunded += refund.amount
    if payment.amount_refunded == payment.amount:
        payment.status = Payment.Status.REFUNDED
    payment.save(update_fields=["amount_refunded", "status"])
    steps = [events.refund_event("refund.created", refund, payment)]
    if not later:
        _mark_processed(refund)
        steps.append(events.refund_event("refund.processed", refund, payment))
    return steps


def _mark_processed(refund: Refund) -> None:
    refund.status = Refund.Status.PROCESSED
    refund.settle_at = None
    refund.arn = str(10**22 + secrets.randbelow(10**22))
    refund.save(update_fields=["status", "settle_at", "arn"])
