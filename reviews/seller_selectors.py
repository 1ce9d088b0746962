"""What shoppers wrote about a seller's products."""

from django.db.models import QuerySet

from accounts.models import SellerProfile
from reviews.models import Review
from reviews.selectors import StarCount, star_counts


def reviews_of_seller(seller: SellerProfile, *, rating: int | None = None) -> QuerySet[Review]:
    """The published ones, newest first, with what a list of them shows."""
    reviews = Review.objects.published().filter(product__seller=seller).select_related("author", "product")
    if rating:
        reviews = reviews.filter(rating=rating)
    return reviews.defer("product__search", "product__keywords", "product__description").order_by("-pk")


def stars_of_seller(seller: SellerProfile) -> list[StarCount]:
    """How many reviews of all products together gave so many stars, five first."""
    return star_counts(Review.objects.published().filter(product__seller=seller))
