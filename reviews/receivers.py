from typing import Any

from django.db.models import F
from django.dispatch import receiver

from accounts.models import User
from accounts.signals import account_erased, personal_data_asked
from reviews.models import HelpfulVote, Review, ReviewReport, ReviewVersion

WRITTEN = ("rating", "title", "body", "is_verified_purchase", "created_at", "edited_at", "removed_at")


@receiver(personal_data_asked)
def tell_reviews(user: User, **kwargs: Any) -> dict[str, Any]:
    """What somebody wrote, voted for and reported."""
    reviews, versions, votes, reports = (
        model.objects.filter(**{by: user}).order_by("pk")
        for model, by in (
            *((Review, "author"), (ReviewVersion, "review__author")),
            *((HelpfulVote, "user"), (ReviewReport, "user")),
        )
    )
    product = F("review__product__title")
    return {
        "reviews": list(reviews.values(*WRITTEN, product_title=F("product__title"))),
        "edited_reviews": list(versions.values("rating", "title", "body", "replaced_at", product_title=product)),
        "helpful_votes": list(votes.values("created_at", product_title=product)),
        "reports": list(reports.values("reason", "note", "created_at", product_title=product)),
    }


@receiver(account_erased)
def forget_what_was_withdrawn(user: User, **kwargs: Any) -> None:
    """Published reviews stay without a name. What was removed or edited away, and notes to staff, go."""
    Review.objects.filter(author=user).exclude(removed_at=None).update(title="", body="")
    ReviewVersion.objects.filter(review__author=user).delete()
    ReviewReport.objects.filter(user=user).update(note="")
