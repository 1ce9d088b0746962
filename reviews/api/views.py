from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import SAFE_METHODS, AllowAny, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.models import Product
from pymart.common import audit
from pymart.common.api.pagination import PageQuery, page_of
from pymart.common.api.permissions import IsAdmin, IsBuyer
from pymart.common.api.schema import page_schema, raises
from pymart.common.api.serializers import query, validated
from pymart.common.api.views import ApiView
from pymart.common.errors import Throttled
from reviews import services
from reviews.api.render import admin_reviews_json, review_json, reviews_json, summary_json
from reviews.api.serializers import (
    AdminReviewOutput,
    AdminReviewQuery,
    HelpfulOutput,
    ReportInput,
    ReviewInput,
    ReviewOutput,
    ReviewQuery,
    SummaryOutput,
)
from reviews.models import Review
from reviews.selectors import SORTS, all_reviews, removable_by, reviews_of

REMOVED_BY_STAFF = "Removed by staff"


@extend_schema(tags=["reviews"])
class ReviewList(ApiView):
    def get_permissions(self) -> list[BasePermission]:
        return [AllowAny()] if self.request.method in SAFE_METHODS else [IsBuyer()]

    @extend_schema(
        operation_id="reviews_list",
        summary="Reviews of a product",
        description="`summary` counts all of them, whatever `rating` and `verified` leave out of the list.",
        parameters=[PageQuery, ReviewQuery],
        responses=page_schema(ReviewOutput, summary=SummaryOutput()),
    )
    def get(self, request: Request, product_id: int) -> Response:
        filters = query(ReviewQuery, request)
        product = _product(product_id)
        viewer = request.user if request.user.is_authenticated else None
        page = page_of(
            request,
            reviews_of(product.pk, viewer=viewer, **filters),
            order=SORTS[filters["sort"]],
            render=lambda reviews: reviews_json(reviews, viewer),
            extra={"summary": summary_json(product)},
        )
        return Response(page)

    @extend_schema(
        operation_id="reviews_create",
        summary="Review a product",
        description="Once for each product; `verified_purchase` is for the shop to say.",
        request=ReviewInput,
        responses={201: ReviewOutput},
    )
    @raises(services.AlreadyReviewed, services.OwnProduct, Throttled)
    def post(self, request: Request, product_id: int) -> Response:
        product = _product(product_id)
        review = services.write_review(author=request.user, product=product, **validated(ReviewInput, request))
        return Response(review_json(review, request.user), status=status.HTTP_201_CREATED)


@extend_schema(tags=["reviews"])
class ReviewDetail(ApiView):
    @extend_schema(
        operation_id="reviews_update",
        summary="Edit one's review",
        description="What it said before is kept, and `edited_at` is set.",
        request=ReviewInput,
        responses=ReviewOutput,
    )
    @raises(Throttled)
    def put(self, request: Request, product_id: int, pk: int) -> Response:
        own = reviews_of(product_id, viewer=request.user).filter(author=request.user)
        review = get_object_or_404(own, pk=pk)
        review = services.edit_review(review=review, **validated(ReviewInput, request))
        return Response(review_json(review, request.user))

    @extend_schema(
        operation_id="reviews_delete",
        summary="Remove a review",
        description="By its author or an admin.",
        responses={204: None},
    )
    def delete(self, request: Request, product_id: int, pk: int) -> Response:
        review = get_object_or_404(removable_by(request.user), product_id=product_id, pk=pk)
        is_own = review.author_id == request.user.pk
        with audit.by_staff(request, review, "remove"):
            services.remove_review(review=review, reason=services.REMOVED_BY_AUTHOR if is_own else REMOVED_BY_STAFF)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ReviewHelpful(ApiView):
    @extend_schema(
        operation_id="reviews_helpful",
        tags=["reviews"],
        summary="Find a review helpful, or take that back",
        description="Each call turns the caller's vote.",
        request=None,
        responses=HelpfulOutput,
    )
    @raises(services.OwnReview)
    def post(self, request: Request, pk: int) -> Response:
        review = get_object_or_404(Review.objects.published(), pk=pk)
        voted = services.toggle_helpful(review=review, user=request.user)
        return Response({"helpful_count": review.helpful_count, "voted": voted})


class ReviewReported(ApiView):
    @extend_schema(
        operation_id="reviews_report",
        tags=["reviews"],
        summary="Report a review to staff",
        description="Once a person: another report of the same review changes nothing.",
        request=ReportInput,
        responses={204: None},
    )
    @raises(services.OwnReviewReported, Throttled)
    def post(self, request: Request, pk: int) -> Response:
        review = get_object_or_404(Review.objects.published(), pk=pk)
        services.report_review(review=review, user=request.user, **validated(ReportInput, request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class AdminReviewList(ApiView):
    permission_classes = [IsAdmin]

    @extend_schema(
        operation_id="admin_reviews_list",
        tags=["admin"],
        summary="Reviews of the whole shop",
        description="Newest first, removed ones not among them.",
        parameters=[PageQuery, AdminReviewQuery],
        responses=page_schema(AdminReviewOutput),
    )
    def get(self, request: Request) -> Response:
        reviews = all_reviews(viewer=request.user, **query(AdminReviewQuery, request))
        page = page_of(request, reviews, order=["-id"], render=lambda found: admin_reviews_json(found, request.user))
        return Response(page)


class AdminReviewDetail(ApiView):
    permission_classes = [IsAdmin]

    @extend_schema(
        operation_id="admin_reviews_delete", tags=["admin"], summary="Remove a review", responses={204: None}
    )
    def delete(self, request: Request, pk: int) -> Response:
        review = get_object_or_404(Review.objects.published(), pk=pk)
        with audit.noted(request, review, "remove"):
            services.remove_review(review=review, reason=REMOVED_BY_STAFF)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _product(product_id: int) -> Product:
    listed = Product.objects.listed().select_related("seller")
    return get_object_or_404(listed.only("rating_average", "rating_count", "seller__user_id"), pk=product_id)
