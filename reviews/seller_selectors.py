"""What shoppers wrote about a seller's products."""

from django.db.models import Count, QuerySet

from accounts.models import SellerProfile
from reviews.models import Review
from reviews.selectors import StarCount


def reviews_of_seller(seller: SellerProfile, *, rating: int | None = None) -> QuerySet[Review]:
    """The published ones, newest first, with what a list of them shows."""
    reviews = Review.objects.published().filter(product__seller=seller).select_related("author", "product")
    if rating:
        reviews = reviews.filter(rating=rating)
    return reviews.defer("product__search", "product__keywords", "product__description").order_by("-pk")


def stars_of_seller(seller: SellerProfile) -> list[StarCount]:
    """How many reviews of all products together gave so many stars, five first."""
    rows = Review.objects.published().filter(product__seller=seller).order_by().values_list("rating")
    counts = dict(rows.annotate(Count("pk")))
    total = sum(counts.values()) or 1
    return [StarCount(stars, n := counts.get(stars, 0), round(n * 100 / total)) for stars in range(5, 0, -1)]
