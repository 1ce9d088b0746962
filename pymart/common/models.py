from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Upper
from django.utils import timezone

# A request that is not done by then was lost with its process; a repetition may take its place.
LEASE = timedelta(seconds=60)
KEPT = timedelta(hours=24)


def lease() -> "timezone.datetime":
    return timezone.now() + LEASE


class IdempotentRequest(models.Model):
    """A request that shall have its effect once, however often it is sent, and what it was answered."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of method, path and body.")
    subject = models.CharField(max_length=64, blank=True, help_text="What it is about, noted before it has an effect.")
    status = models.PositiveSmallIntegerField(null=True, help_text="Of the answer; empty while there is none.")
    body = models.BinaryField(default=b"")
    leased_until = models.DateTimeField(default=lease)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="common_idempotentrequest_key", fields=["user", "key"])]
        indexes = [models.Index(name="common_idempotent_age", fields=["created_at"])]

    def __str__(self) -> str:
        return self.key


class AuditEntry(models.Model):
    """What one of the staff did to one thing: append-only, the database refuses changes."""

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    action = models.CharField(max_length=40)
    subject_type = models.CharField("type", max_length=60, help_text="Its model, such as orders.order.")
    subject_id = models.CharField("id", max_length=40)
    subject = models.CharField(max_length=200, help_text="What it was called then.")
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder, help_text="What was changed, as it was.")
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder, help_text="And as it is since.")
    reason = models.CharField(max_length=300, blank=True)
    ip = models.GenericIPAddressField("IP address", null=True)
    path = models.CharField(max_length=200, help_text="The page, or the endpoint of the API.")
    request_id = models.CharField("request", max_length=64, blank=True, help_text="Its id in the logs.")
    created_at = models.DateTimeField("when", auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name, verbose_name_plural = "audit entry", "audit log"
        indexes = [
            models.Index(name="common_audit_subject", fields=["subject_type", "subject_id", "-id"]),
            models.Index(name="common_audit_actor", fields=["actor", "-id"]),
            models.Index(name="common_audit_when", fields=["-created_at"]),
            GinIndex(OpClass(Upper("subject"), "gin_trgm_ops"), name="common_audit_subject_words"),
        ]

    def __str__(self) -> str:
        return f"{self.action}: {self.subject}"
