"""Writes reviews with their votes, and what products know of them and of their sales."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from django.db.models import Avg, Count

from accounts.models import User
from catalog.models import Product, WishlistItem
from pymart.demo.content import dice
from pymart.demo.people import BUYERS
from pymart.demo.plan import Opinion
from pymart.demo.rows import insert
from reviews.models import HelpfulVote, Review, ReviewVersion


def add_reviews(planned: Sequence[Opinion], products: dict[str, Product], users: dict[str, User]) -> int:
    reviews, votes, versions = [], [], []
    for opinion in planned:
        review = Review(
            product=products[opinion.listing.slug],
            author=users[opinion.buyer.email],
            rating=opinion.rating,
            title=opinion.title,
            body=opinion.body,
            is_verified_purchase=opinion.is_verified,
            helpful_count=len(opinion.voters),
            created_at=opinion.at,
        )
        if dice("edited", opinion.listing.slug, opinion.buyer.email).random() < 0.03:
            review.edited_at = opinion.at + timedelta(hours=5)
            first = " ".join(opinion.body.split()[:8])
            versions.append(ReviewVersion(review=review, rating=review.rating, title=review.title, body=f"{first} …"))
        reviews.append(review)
        votes += [
            HelpfulVote(review=review, user=users[voter.email], created_at=opinion.at + timedelta(hours=9))
            for voter in opinion.voters
        ]
    insert(Review, reviews)
    for version in versions:
        version.replaced_at = version.review.edited_at
    insert(ReviewVersion, versions)
    insert(HelpfulVote, votes)
    return len(reviews)


def tell_products(products: dict[str, Product]) -> None:
    """Push ratings into the listings."""
    counted = Review.objects.filter(product__in=products.values(), removed_at=None).values("product")
    ratings = {row["product"]: row for row in counted.annotate(average=Avg("rating"), count=Count("pk"))}
    for product in products.values():
        rating = ratings.get(product.pk, {"average": 0, "count": 0})
        product.rating_average = Decimal(rating["average"]).quantize(Decimal("0.01"))
        product.rating_count = rating["count"]
    Product.objects.bulk_update(products.values(), ["rating_average", "rating_count"])


def add_wishes(products: dict[str, Product], users: dict[str, User]) -> None:
    buyer = users[BUYERS[0].email]
    chosen = dice("wishes").sample(sorted(products), min(6, len(products)))
    WishlistItem.objects.bulk_create(WishlistItem(user=buyer, product=products[slug]) for slug in chosen)
