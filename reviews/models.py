from django.conf import settings
from django.db import models
from django.db.models import Q

from catalog.models import Product
from reviews.querysets import ReviewQuerySet


class Review(models.Model):
    """One per product and person. A removed one stays for the record and no longer counts."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="reviews")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews")
    rating = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=100, blank=True)
    body = models.TextField(max_length=4000)
    is_verified_purchase = models.BooleanField(default=False)
    helpful_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    removal_reason = models.CharField(max_length=200, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(name="reviews_review_newest", fields=["product", "-id"], condition=Q(removed_at=None)),
            models.Index(
                name="reviews_review_helpful", fields=["product", "-helpful_count", "-id"], condition=Q(removed_at=None)
            ),
            models.Index(
                name="reviews_review_best", fields=["product", "-rating", "-id"], condition=Q(removed_at=None)
            ),
            models.Index(
                name="reviews_review_worst", fields=["product", "rating", "-id"], condition=Q(removed_at=None)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="reviews_review_one_per_author", fields=["product", "author"], condition=Q(removed_at=None)
            ),
            models.CheckConstraint(name="reviews_review_rating_1_to_5", condition=Q(rating__gte=1) & Q(rating__lte=5)),
        ]

    def __str__(self) -> str:
        return f"{self.rating}★ {self.title}"


class ReviewVersion(models.Model):
    """What a review said before it was edited."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="versions")
    rating = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=100, blank=True)
    body = models.TextField()
    replaced_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"version of {self.review_id}"


class HelpfulVote(models.Model):
    review = models.ForeignKey(Review, models.CASCADE, related_name="votes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="reviews_vote_once", fields=["review", "user"])]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.review_id}"
