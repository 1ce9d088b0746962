"""
Tables of the sandbox gateway, a stand-in for a foreign company.

Nothing outside this package reads them: the shop knows the gateway by HTTP only. Amounts are paise.
"""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from payments.sandbox import ids


class Order(models.Model):
    class Status(models.TextChoices):
        CREATED = "created"
        ATTEMPTED = "attempted"
        PAID = "paid"

    class Capture(models.TextChoices):
        AUTOMATIC = "automatic"
        MANUAL = "manual"

    id = models.CharField(primary_key=True, max_length=24, default=ids.order_id)
    amount = models.PositiveIntegerField()
    amount_paid = models.PositiveIntegerField(default=0)
    currency = models.CharField(max_length=3, default="INR")
    receipt = models.CharField(max_length=40, null=True, db_index=True)  # noqa: DJ001 - null and "" differ in the API
    status = models.CharField(max_length=10, choices=Status, default=Status.CREATED)
    attempts = models.PositiveIntegerField(default=0)
    notes = models.JSONField(default=dict)
    capture = models.CharField(max_length=10, choices=Capture, default=Capture.AUTOMATIC)
    automatic_expiry_minutes = models.PositiveIntegerField(default=4320)
    manual_expiry_minutes = models.PositiveIntegerField(default=4320)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(name="sandbox_order_amount", condition=Q(amount__gte=100)),
            models.CheckConstraint(name="sandbox_order_paid", condition=Q(amount_paid__lte=F("amount"))),
        ]

    def __str__(self) -> str:
        return self.id

    @property
    def amount_due(self) -> int:
        return self.amount - self.amount_paid


class Payment(models.Model):
    class Status(models.TextChoices):
        CREATED = "created"
        AUTHORIZED = "authorized"
        CAPTURED = "captured"
        REFUNDED = "refunded"
        FAILED = "failed"

    id = models.CharField(primary_key=True, max_length=24, default=ids.payment_id)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    amount = models.PositiveIntegerField()
    amount_refunded = models.PositiveIntegerField(default=0)
    currency = models.CharField(max_length=3, default="INR")
    status = models.CharField(max_length=10, choices=Status, default=Status.CREATED)
    is_captured = models.BooleanField(default=False)
    method = models.CharField(max_length=12)
    instrument = models.JSONField(default=dict, help_text="bank, wallet, vpa or card, as the API shows them")
    acquirer_data = models.JSONField(default=dict)
    description = models.CharField(max_length=255, blank=True)
    email = models.CharField(max_length=254, blank=True)
    contact = models.CharField(max_length=20, blank=True)
    notes = models.JSONField(default=dict)
    fee = models.PositiveIntegerField(null=True)
    tax = models.PositiveIntegerField(null=True)
    error = models.JSONField(default=dict, help_text="code, description, source, step, reason")
    capture_at = models.DateTimeField(null=True)
    late_at = models.DateTimeField(null=True)
    authorized_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(name="sandbox_payment_refunded", condition=Q(amount_refunded__lte=F("amount"))),
        ]
        indexes = [models.Index(fields=["status", "created_at"], name="sandbox_payment_status")]

    def __str__(self) -> str:
        return self.id

    @property
    def refund_status(self) -> str | None:
        if not self.amount_refunded:
            return None
        return "full" if self.amount_refunded == self.amount else "partial"


class Refund(models.Model):
    class Status(models.TextChoices):
        PENDING = "pending"
        PROCESSED = "processed"
        FAILED = "failed"

    id = models.CharField(primary_key=True, max_length=24, default=ids.refund_id)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount = models.PositiveIntegerField()
    currency = models.CharField(max_length=3, default="INR")
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    speed_requested = models.CharField(max_length=10, default="normal")
    receipt = models.CharField(max_length=255, null=True)  # noqa: DJ001 - null and "" differ in the API
    notes = models.JSONField(default=dict)
    arn = models.CharField(max_length=30, blank=True)
    idempotency_key = models.CharField(max_length=255, null=True, unique=True)  # noqa: DJ001 - null is "none given"
    request_digest = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=10, choices=Status, default=Status.PROCESSED)
    settle_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [models.CheckConstraint(name="sandbox_refund_amount", condition=Q(amount__gte=1))]

    def __str__(self) -> str:
        return self.id


class CheckoutSession(models.Model):
    """One opened checkout page, in the shop's overlay or as a page of its own."""

    class Mode(models.TextChoices):
        MODAL = "modal"
        EMBEDDED = "embedded"

    id = models.CharField(primary_key=True, max_length=40, default=ids.session_id)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="sessions")
    mode = models.CharField(max_length=10, choices=Mode)
    options = models.JSONField(default=dict)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.mode} checkout of {self.order_id}"


class Event(models.Model):
    """What happened, frozen as the bytes that are sent; its id stays the same over every delivery."""

    id = models.CharField(primary_key=True, max_length=24, default=ids.event_id)
    name = models.CharField(max_length=40)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="events")
    body = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.name} {self.id}"


class Delivery(models.Model):
    class Status(models.TextChoices):
        PENDING = "pending"
        DELIVERED = "delivered"
        WITHHELD = "withheld"
        ABANDONED = "abandoned"

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="deliveries")
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    response_status = models.PositiveSmallIntegerField(null=True)
    detail = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["next_attempt_at", "id"], name="sandbox_delivery_due", condition=Q(status="pending")),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.status}"


class Fault(models.Model):
    """A knob that is turned on; `remaining` counts down, null means until it is reset."""

    kind = models.CharField(primary_key=True, max_length=40)
    remaining = models.PositiveIntegerField(null=True)
    options = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.kind
