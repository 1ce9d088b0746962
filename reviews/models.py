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
    open_reports = models.PositiveIntegerField(default=0, help_text="Reports that staff have not settled.")
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
            models.Index(name="reviews_review_reported", fields=["-id"], condition=Q(open_reports__gt=0)),
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


class ReportReason(models.TextChoices):
    SPAM = "spam", "Spam or advertising"
    OFFENSIVE = "offensive", "Insulting or hateful"
    PRIVATE = "private", "Private details of somebody"
    OFF_TOPIC = "off_topic", "Not about the product"
    PAID = "paid", "Paid for or made up"
    OTHER = "other", "Something else"


class ReviewReport(models.Model):
    """Somebody asks staff to look at a review, once per person. Staff settle all reports of a review together."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="reports")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    reason = models.CharField(max_length=10, choices=ReportReason)
    note = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(name="reviews_report_once", fields=["review", "user"]),
            models.CheckConstraint(name="reviews_report_reason_known", condition=Q(reason__in=ReportReason.values)),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}: {self.review_id}"
