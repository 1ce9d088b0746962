from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet

from accounts.models import User
from reviews.models import HelpfulVote, Review

SORTS = {
    "newest": ["-pk"],
    "helpful": ["-helpful_count", "-pk"],
    "-rating": ["-rating", "-pk"],
    "rating": ["rating", "-pk"],
}


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
    reviews = Review.objects.published().filter(product_id=product_id).select_related("author")
    if rating:
        reviews = reviews.filter(rating=rating)
    if verified:
        reviews = reviews.filter(is_verified_purchase=True)
    if viewer is not None:
        reviews = reviews.annotate(voted=Exists(HelpfulVote.objects.filter(review=OuterRef("pk"), user=viewer)))
    return reviews.order_by(*SORTS[sort])


def breakdown(product_id: int) -> list[StarCount]:
    """Five stars first."""
    rows = Review.objects.published().filter(product_id=product_id).order_by().values("rating").annotate(n=Count("pk"))
    counts = {row["rating"]: row["n"] for row in rows}
    total = sum(counts.values()) or 1
    return [
        StarCount(stars, counts.get(stars, 0), round(counts.get(stars, 0) * 100 / total)) for stars in range(5, 0, -1)
    ]


def own_review(user: User, product_id: int) -> Review | None:
    return Review.objects.published().filter(author=user, product_id=product_id).first()
