import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from orders.models import Order
from pymart.common.db import money_field

RECONCILE_AFTER = timedelta(minutes=3)


def soon() -> datetime:
    return timezone.now() + RECONCILE_AFTER


class PaymentState(models.TextChoices):
    """Razorpay's states of a payment. `failed` is not final: a late authorisation may follow."""

    CREATED = "created"
    FAILED = "failed"
    AUTHORIZED = "authorized"
    CAPTURED = "captured"
    REFUNDED = "refunded"


class Payment(models.Model):
    """One row per Razorpay payment of an order, whatever became of it."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="payments")
    razorpay_payment_id = models.CharField(max_length=40, unique=True)
    status = models.CharField(max_length=10, choices=PaymentState, default=PaymentState.CREATED)
    amount = money_field()
    currency = models.CharField(max_length=3)
    method = models.CharField(max_length=20, blank=True)
    settles_order = models.BooleanField(default=False, help_text="The capture that made the order paid.")
    error_reason = models.CharField(max_length=80, blank=True)
    error_description = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    captured_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="payments_payment_one_settles", fields=["order"], condition=Q(settles_order=True)
            ),
            models.CheckConstraint(
                name="payments_payment_settles_captured",
                condition=Q(settles_order=False) | Q(status__in=["captured", "refunded"]),
            ),
            models.CheckConstraint(name="payments_payment_amount_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="payments_payment_status_known", condition=Q(status__in=PaymentState.values)),
        ]

    def __str__(self) -> str:
        return self.razorpay_payment_id


class Reconciliation(models.Model):
    """
    When to ask Razorpay for the payments of an order next, in case no message about them arrives. Written by the
    reconciler for each order that has a Razorpay order: its checkout does not wait for it.
    """

    order = models.OneToOneField(Order, models.CASCADE, primary_key=True, related_name="reconciliation")
    due_at = models.DateTimeField(null=True, default=soon, help_text="Empty: nothing is left to ask.")

    class Meta:
        indexes = [models.Index(name="payments_reconciliation_due", fields=["due_at"])]

    def __str__(self) -> str:
        return f"{self.order_id} at {self.due_at}"


class RefundStatus(models.TextChoices):
    CREATED = "created"  # ours alone: not yet asked for, or asked and the answer lost
    PENDING = "pending"
    PROCESSED = "processed"
    FAILED = "failed"


class RefundReason(models.TextChoices):
    CANCELLED = "cancelled", "order cancelled"
    LATE_CAPTURE = "late_capture", "paid after the order was cancelled"
    SECOND_CAPTURE = "second_capture", "paid twice"
    MISMATCH = "mismatch", "amount or currency is not the order's"
    BY_HAND = "by_hand", "made at Razorpay's dashboard"


class Refund(models.Model):
    """
    Money on its way back: what is left of a payment, or what staff sent back at Razorpay's dashboard. The row exists
    before the call: its id is Razorpay's idempotency key, so the call can be repeated until an answer is heard. A
    failed one waits for staff: they have it tried again or pay it back themselves, and either is a row of its own.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds")
    amount = money_field()
    reason = models.CharField(max_length=20, choices=RefundReason)
    status = models.CharField(max_length=10, choices=RefundStatus, default=RefundStatus.CREATED)
    razorpay_refund_id = models.CharField(max_length=40, blank=True)
    reference = models.CharField(
        max_length=200, blank=True, default="", db_default="", help_text="How staff paid it back, if not by Razorpay."
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    not_before = models.DateTimeField(default=timezone.now)
    processed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at"]
        indexes = [
            models.Index(
                name="payments_refund_open", fields=["not_before"], condition=Q(status__in=["created", "pending"])
            ),
            models.Index(name="payments_refund_newest", fields=["-created_at"]),
            models.Index(name="payments_refund_failed", fields=["payment"], condition=Q(status="failed")),
        ]
        constraints = [
            models.UniqueConstraint(
                name="payments_refund_one_owed",
                fields=["payment"],
                condition=~Q(status="failed") & ~Q(reason="by_hand"),
            ),
            models.UniqueConstraint(
                name="payments_refund_razorpay_id",
                fields=["razorpay_refund_id"],
                condition=~Q(razorpay_refund_id=""),
            ),
            models.CheckConstraint(
                name="payments_refund_reference_is_paid",
                condition=Q(reference="") | Q(status="processed", razorpay_refund_id=""),
            ),
            models.CheckConstraint(name="payments_refund_amount_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="payments_refund_status_known", condition=Q(status__in=RefundStatus.values)),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.status}"


class WebhookEvent(models.Model):
    """A message of Razorpay as it came. Taken first, worked off afterwards; `event_id` makes repeats harmless."""

    MAX_ATTEMPTS = 10  # after which one that fails is left to staff

    event_id = models.CharField(max_length=80, unique=True)
    type = models.CharField(max_length=60)
    body = models.TextField(blank=True, help_text="Emptied once it is worked off, since it names the buyer.")
    received_at = models.DateTimeField(auto_now_add=True)
    processed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(name="payments_webhook_waiting", fields=["id"], condition=Q(processed_at=None))]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"
