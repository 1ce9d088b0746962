from typing import Any

from django.db.models import F
from django.dispatch import receiver

from accounts.models import User
from accounts.signals import personal_data_asked
from reviews.models import HelpfulVote, Review, ReviewReport

WRITTEN = ("rating", "title", "body", "is_verified_purchase", "created_at", "edited_at", "removed_at")


@receiver(personal_data_asked)
def tell_reviews(user: User, **kwargs: Any) -> dict[str, Any]:
    """What somebody wrote, voted for and reported. It stays when they leave, without their name."""
    reviews, votes, reports = (
        model.objects.filter(**{by: user}).order_by("pk")
        for model, by in ((Review, "author"), (HelpfulVote, "user"), (ReviewReport, "user"))
    )
    product = F("review__product__title")
    return {
        "reviews": list(reviews.values(*WRITTEN, product_title=F("product__title"))),
        "helpful_votes": list(votes.values("created_at", product_title=product)),
        "reports": list(reports.values("reason", "note", "created_at", product_title=product)),
    }
