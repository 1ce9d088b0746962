"""Below `/api/v1`."""

from django.urls import path

from reviews.api import views

urlpatterns = [
    path("products/<int:product_id>/reviews", views.ReviewList.as_view(), name="reviews"),
    path("products/<int:product_id>/reviews/<int:pk>", views.ReviewDetail.as_view(), name="review"),
    path("reviews/<int:pk>/helpful", views.ReviewHelpful.as_view(), name="review-helpful"),
    path("reviews/<int:pk>/report", views.ReviewReported.as_view(), name="review-report"),
    path("admin/reviews", views.AdminReviewList.as_view(), name="admin-reviews"),
    path("admin/reviews/<int:pk>", views.AdminReviewDetail.as_view(), name="admin-review"),
]
