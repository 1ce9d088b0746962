"""How often products were looked at. Written by `catalog.page_views`."""

from django.db import models
from django.db.models import Q

from accounts.models import SellerProfile


class ProductViews(models.Model):
    """How often people looked at a product on a day in India. Nothing is kept of who they were."""

    product = models.ForeignKey("catalog.Product", models.CASCADE, related_name="+", db_index=False)
    seller = models.ForeignKey(SellerProfile, models.PROTECT, related_name="+", db_index=False)  # the product's
    day = models.DateField()
    views = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "product views"
        indexes = [models.Index(name="catalog_productviews_shop", fields=["seller", "day"], include=["views"])]
        constraints = [
            models.UniqueConstraint(name="catalog_productviews_day", fields=["product", "day"]),
            models.CheckConstraint(name="catalog_productviews_positive", condition=Q(views__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.views} on {self.day}"


class ViewsBatch(models.Model):
    """A portion of counted views that is written: the same one is never written twice."""

    id = models.UUIDField(primary_key=True)
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "views batches"

    def __str__(self) -> str:
        return str(self.pk)
