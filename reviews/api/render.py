"""Reviews as the JSON that the output serializers describe."""

from collections.abc import Iterable
from typing import Any

from accounts.models import User
from catalog.models import Product
from reviews.models import Review
from reviews.selectors import breakdown


def reviews_json(reviews: Iterable[Review], viewer: User | None) -> list[dict[str, Any]]:
    """:param reviews: with `voted` where there is a viewer."""
    return [review_json(review, viewer) for review in reviews]


def review_json(review: Review, viewer: User | None) -> dict[str, Any]:
    return {
        "id": review.pk,
        "product_id": review.product_id,
        "rating": review.rating,
        "title": review.title,
        "body": review.body,
        "author": {"name": review.author.full_name or "A shopper"},
        "verified_purchase": review.is_verified_purchase,
        "helpful_count": review.helpful_count,
        "voted": getattr(review, "voted", False) if viewer else None,
        "is_mine": viewer is not None and review.author_id == viewer.pk,
        "created_at": review.created_at,
        "edited_at": review.edited_at,
    }


def admin_reviews_json(reviews: Iterable[Review], viewer: User) -> list[dict[str, Any]]:
    return [
        {
            **review_json(review, viewer),
            "product": {"id": review.product.pk, "slug": review.product.slug, "title": review.product.title},
        }
        for review in reviews
    ]


def summary_json(product: Product) -> dict[str, Any]:
    counts = {str(row.stars): row.count for row in breakdown(product.pk)}
    return {"average": float(product.rating_average), "count": product.rating_count, "breakdown": counts}
