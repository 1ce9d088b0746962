from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet

from accounts.models import Role, User
from reviews.models import HelpfulVote, Review

SORTS = {
    "newest": ["-id"],
    "helpful": ["-helpful_count", "-id"],
    "-rating": ["-rating", "-id"],
    "rating": ["rating", "-id"],
}
_COLUMNS = [
    *("product", "author__full_name", "rating", "title", "body", "is_verified_purchase"),
    *("helpful_count", "created_at", "edited_at"),
]


@dataclass(frozen=True)
class StarCount:
    """How many reviews gave so many stars."""

    stars: int
    count: int
    percent: int


def reviews_of(
    product_id: int,
    *,
    viewer: User | None = None,
    sort: str = "newest",
    rating: int | None = None,
    verified: bool = False,
) -> QuerySet[Review]:
    """The published reviews of a product, with `voted` where there is a viewer."""
    reviews = _published(viewer).filter(product_id=product_id)
    if rating:
        reviews = reviews.filter(rating=rating)
    if verified:
        reviews = reviews.filter(is_verified_purchase=True)
    return reviews.order_by(*SORTS[sort])


def all_reviews(*, viewer: User, min_rating: int | None = None) -> QuerySet[Review]:
    """Every published review, with its product."""
    reviews = _published(viewer).select_related("product").only(*_COLUMNS, "product__slug", "product__title")
    return reviews.filter(rating__gte=min_rating) if min_rating else reviews


def reported_reviews() -> QuerySet[Review]:
    """What staff should look at."""
    return Review.objects.filter(open_reports__gt=0)


def removable_by(user: User) -> QuerySet[Review]:
    reviews = Review.objects.published()
    return reviews if user.role == Role.ADMIN else reviews.filter(author=user)


def _published(viewer: User | None) -> QuerySet[Review]:
    reviews = Review.objects.published().select_related("author").only(*_COLUMNS)
    if viewer is None:
        return reviews
    return reviews.annotate(voted=Exists(HelpfulVote.objects.filter(review=OuterRef("pk"), user=viewer)))


def breakdown(product_id: int) -> list[StarCount]:
    return star_counts(Review.objects.published().filter(product_id=product_id))


def star_counts(reviews: QuerySet[Review]) -> list[StarCount]:
    """How many of these reviews gave so many stars, five first."""
    counts = dict(reviews.order_by().values_list("rating").annotate(Count("pk")))
    total = sum(counts.values()) or 1
    return [StarCount(stars, n := counts.get(stars, 0), round(n * 100 / total)) for stars in range(5, 0, -1)]


def own_review(user: User, product_id: int) -> Review | None:
    return Review.objects.published().filter(author=user, product_id=product_id).first()


def reviewed_by(user_id: int, product_ids: Collection[int]) -> set[int]:
    """Those of the products that the user has a published review of."""
    reviews = Review.objects.published().filter(author=user_id, product__in=product_ids)
    return set(reviews.values_list("product_id", flat=True))
