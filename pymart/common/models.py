from datetime import timedelta

from django.conf import settings
from django.db import models
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
