"""Writing about products. Every change brings the product's rating in step, under the product's lock."""

from decimal import Decimal

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Avg, Count
from django.utils import timezone

from accounts.models import User
from catalog.models import Product
from catalog.services import set_rating
from orders.selectors import bought_product
from pymart.common import throttle
from pymart.common.db import violates
from pymart.common.errors import DomainError
from reviews.models import HelpfulVote, Review, ReviewReport, ReviewVersion

REMOVED_BY_AUTHOR = "Withdrawn by its author"


class AlreadyReviewed(DomainError):
    code = "already_reviewed"
    message = "You have reviewed this product already. You can edit your review."


class OwnProduct(DomainError):
    code = "own_product"
    status = 403
    message = "You cannot review what you sell yourself."


class OwnReview(DomainError):
    code = "own_review"
    status = 403
    message = "You cannot vote for your own review."


class OwnReviewReported(DomainError):
    code = "own_review"
    status = 403
    message = "This is your own review: you can edit or remove it."


def write_review(*, author: User, product: Product, rating: int, title: str = "", body: str) -> Review:
    """
    :raises AlreadyReviewed, OwnProduct, Throttled: and nothing is written.
    """
    if product.seller.user_id == author.pk:
        raise OwnProduct
    _count("reviews", author.pk)
    try:
        with transaction.atomic():
            _lock(product.pk)
            review = Review.objects.create(
                product=product,
                author=author,
                rating=rating,
                title=title,
                body=body,
                is_verified_purchase=bought_product(author, product.pk),
            )
            _refresh_rating(product.pk)
    except IntegrityError as error:
        if violates(error, "reviews_review_one_per_author"):
            raise AlreadyReviewed from error
        raise
    return review


def edit_review(*, review: Review, rating: int, title: str = "", body: str) -> Review:
    """The old text is kept as a version, and the review is marked as edited. :raises Throttled:"""
    _count("reviews", review.author_id)
    with transaction.atomic():
        _lock(review.product_id)
        review.refresh_from_db()
        if (review.rating, review.title, review.body) == (rating, title, body):
            return review
        ReviewVersion.objects.create(review=review, rating=review.rating, title=review.title, body=review.body)
        review.rating, review.title, review.body, review.edited_at = rating, title, body, timezone.now()
        review.save(update_fields=["rating", "title", "body", "edited_at"])
        _refresh_rating(review.product_id)
    return review


@transaction.atomic
def remove_review(*, review: Review, reason: str = "") -> None:
    """By its author, or by staff with a reason. The row stays for the record and no longer counts."""
    _lock(review.product_id)
    Review.objects.published().filter(pk=review.pk).update(removed_at=timezone.now(), removal_reason=reason)
    settle_reports(review=review)
    _refresh_rating(review.product_id)


@transaction.atomic
def toggle_helpful(*, review: Review, user: User) -> bool:
    """Vote, or take the vote back; answers whether the vote stands. :raises OwnReview:"""
    if review.author_id == user.pk:
        raise OwnReview
    Review.objects.select_for_update(no_key=True).get(pk=review.pk)
    vote, is_new = HelpfulVote.objects.get_or_create(review=review, user=user)
    if not is_new:
        vote.delete()
    review.helpful_count = review.votes.count()
    review.save(update_fields=["helpful_count"])
    return is_new


@transaction.atomic
def report_review(*, review: Review, user: User, reason: str, note: str = "") -> None:
    """
    Ask staff to look at it. A second report of the same person changes nothing.

    :param reason: one of `ReportReason`.
    :raises OwnReviewReported, Throttled:
    """
    if review.author_id == user.pk:
        raise OwnReviewReported
    _count("review-reports", user.pk)
    if not Review.objects.published().select_for_update(no_key=True).only("pk").filter(pk=review.pk):
        return  # just removed: nothing is left to look at
    ReviewReport.objects.get_or_create(review=review, user=user, defaults={"reason": reason, "note": note})
    _count_reports(review.pk)


@transaction.atomic
def settle_reports(*, review: Review) -> None:
    """Staff have looked at what was reported so far."""
    Review.objects.select_for_update(no_key=True).only("pk").get(pk=review.pk)
    review.reports.filter(settled_at=None).update(settled_at=timezone.now())
    _count_reports(review.pk)


def _count_reports(review_id: int) -> None:
    waiting = ReviewReport.objects.filter(review_id=review_id, settled_at=None).count()
    Review.objects.filter(pk=review_id).update(open_reports=waiting)


def _count(name: str, user_id: int) -> None:
    """:raises Throttled:"""
    limit, seconds = settings.REVIEW_ATTEMPTS
    throttle.count(name, str(user_id), limit=limit, seconds=seconds)


def _lock(product_id: int) -> None:
    """Lock the product, so that only one change at a time counts its ratings."""
    Product.objects.select_for_update(no_key=True).only("pk").get(pk=product_id)


def _refresh_rating(product_id: int) -> None:
    counted = (
        Review.objects.published().filter(product_id=product_id).aggregate(average=Avg("rating"), count=Count("pk"))
    )
    average = Decimal(counted["average"] or 0).quantize(Decimal("0.01"))
    set_rating(product_id=product_id, average=average, count=counted["count"])
