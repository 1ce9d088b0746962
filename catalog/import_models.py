"""Files of products that sellers sent, and what became of their rows. Written by `catalog.services.importing`."""

import uuid
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import SellerProfile

FOLDER = "imports"


def private_storage() -> Any:
    return storages["private"]


def _place(job: "ProductImport", filename: str) -> str:
    return f"{FOLDER}/{uuid.uuid4()}.csv"


class ImportStatus(models.TextChoices):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class ProductImport(models.Model):
    """
    A file that is worked off chunk by chunk.

    How far it is (`offset`, `row` and the counts) is written in the transaction of what was imported, so whoever goes
    on begins where that ended. `claim` names the worker that is at it, as long as it shows up before `claimed_until`.
    """

    OPEN = (ImportStatus.WAITING, ImportStatus.RUNNING)

    seller = models.ForeignKey(SellerProfile, models.PROTECT, related_name="imports")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    file = models.FileField(upload_to=_place, storage=private_storage, blank=True, help_text="Deleted after a while.")
    name = models.CharField(max_length=120, help_text="As the seller calls the file.")
    is_dry_run = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=ImportStatus, default=ImportStatus.WAITING)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it was refused, or went no further.")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    rows = models.PositiveIntegerField(null=True, help_text="In the file, once that is known.")
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)

    offset = models.PositiveBigIntegerField(default=0)
    row = models.PositiveIntegerField(default=1)
    claim = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Since it last got any further.")

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(name="catalog_import_seller", fields=["seller", "-id"])]
        constraints = [
            models.UniqueConstraint(
                name="catalog_import_one_at_a_time",
                fields=["seller"],
                condition=Q(status__in=[ImportStatus.WAITING, ImportStatus.RUNNING]),
            ),
            models.CheckConstraint(name="catalog_import_status_known", condition=Q(status__in=ImportStatus.values)),
            models.CheckConstraint(
                name="catalog_import_counts",
                condition=Q(rows=None) | Q(rows__gte=F("created") + F("updated") + F("unchanged") + F("failed")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("seller-imports:detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN

    @property
    def done(self) -> int:
        """How many rows were processed so far."""
        return self.created + self.updated + self.unchanged + self.failed

    @property
    def percent(self) -> int:
        return self.done * 100 // self.rows if self.rows else 0

    @property
    def seconds_left(self) -> int | None:
        """As it went so far; None before that can be said."""
        if not (self.started_at and self.rows and self.done):
            return None
        elapsed = (timezone.now() - self.started_at).total_seconds()
        return round(elapsed * (self.rows - self.done) / self.done)

    @property
    def reference(self) -> str:
        """How stock movements name this import."""
        return f"import {self.pk}"


class ImportProblem(models.Model):
    """What is wrong with a cell, or with a row as a whole."""

    job = models.ForeignKey(ProductImport, models.CASCADE, related_name="problems")
    row = models.PositiveIntegerField()
    column = models.CharField(max_length=60, blank=True)
    value = models.CharField(max_length=100, blank=True)
    message = models.CharField(max_length=300)

    class Meta:
        ordering = ["row", "id"]
        indexes = [models.Index(name="catalog_importproblem_row", fields=["job", "row", "id"])]

    def __str__(self) -> str:
        return f"{self.row}: {self.message}"
