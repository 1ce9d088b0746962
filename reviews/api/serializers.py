"""What goes in and what comes out. The outputs are written by `reviews.api.render`; here they are documented."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from pymart.common.api.serializers import StrictSerializer
from reviews.models import ReportReason
from reviews.selectors import SORTS

_OPINION = {
    "rating": 5,
    "title": "Keeps tea hot till evening",
    "body": "Filled it at seven, still hot at six. The lid does not leak.",
}
_REVIEW = {
    "id": 812,
    "product_id": 41,
    **_OPINION,
    "author": {"name": "Asha Rao"},
    "verified_purchase": True,
    "helpful_count": 3,
    "voted": False,
    "is_mine": False,
    "created_at": "2026-11-20T18:04:11.402113+05:30",
    "edited_at": None,
}
_PRODUCT = {"id": 41, "slug": "steel-bottle-1-l", "title": "Steel bottle, 1 l"}


class ReviewQuery(StrictSerializer):
    sort = serializers.ChoiceField(choices=list(SORTS), default="newest")
    rating = serializers.IntegerField(min_value=1, max_value=5, required=False, help_text="Only with so many stars.")
    verified = serializers.BooleanField(default=False, help_text="Only of those who bought it here.")


class AdminReviewQuery(StrictSerializer):
    min_rating = serializers.IntegerField(min_value=1, max_value=5, required=False)


@extend_schema_serializer(examples=[OpenApiExample("A review", _OPINION, request_only=True)])
class ReviewInput(StrictSerializer):
    rating = serializers.IntegerField(min_value=1, max_value=5)
    title = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    body = serializers.CharField(min_length=10, max_length=4000)


@extend_schema_serializer(
    examples=[
        OpenApiExample("A report", {"reason": "private", "note": "It has my telephone number."}, request_only=True)
    ]
)
class ReportInput(StrictSerializer):
    reason = serializers.ChoiceField(choices=ReportReason.choices)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class AuthorOutput(serializers.Serializer):
    name = serializers.CharField()


@extend_schema_serializer(examples=[OpenApiExample("A review", _REVIEW, response_only=True)])
class ReviewOutput(serializers.Serializer):
    id = serializers.IntegerField()
    product_id = serializers.IntegerField()
    rating = serializers.IntegerField(min_value=1, max_value=5)
    title = serializers.CharField(allow_blank=True)
    body = serializers.CharField()
    author = AuthorOutput()
    verified_purchase = serializers.BooleanField(help_text="Whether the author got one delivered before writing.")
    helpful_count = serializers.IntegerField(min_value=0)
    voted = serializers.BooleanField(allow_null=True, help_text="By the caller; null for who is not logged in.")
    is_mine = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)


class BreakdownOutput(serializers.Serializer):
    """How many reviews gave so many stars."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return {str(stars): serializers.IntegerField(min_value=0) for stars in range(5, 0, -1)}


@extend_schema_serializer(
    examples=[
        OpenApiExample("A summary", {"average": 5.0, "count": 1, "breakdown": {"5": 1, "4": 0, "3": 0, "2": 0, "1": 0}})
    ]
)
class SummaryOutput(serializers.Serializer):
    """Of all reviews of the product, whatever the list is filtered by."""

    average = serializers.FloatField(min_value=0, max_value=5)
    count = serializers.IntegerField(min_value=0)
    breakdown = BreakdownOutput()


@extend_schema_serializer(examples=[OpenApiExample("A vote", {"helpful_count": 4, "voted": True}, response_only=True)])
class HelpfulOutput(serializers.Serializer):
    helpful_count = serializers.IntegerField(min_value=0)
    voted = serializers.BooleanField(help_text="Whether the caller's vote stands now.")


class ReviewedProductOutput(serializers.Serializer):
    id = serializers.IntegerField()
    slug = serializers.CharField()
    title = serializers.CharField()


@extend_schema_serializer(
    examples=[OpenApiExample("A review, for staff", {**_REVIEW, "product": _PRODUCT}, response_only=True)]
)
class AdminReviewOutput(ReviewOutput):
    product = ReviewedProductOutput()
