from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from pymart.common.admin import ReadOnlyAdmin
from reviews.models import Review
from reviews.services import remove_review


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin):
    list_display = ["product", "rating", "title", "author", "is_verified_purchase", "created_at", "removed_at"]
    list_filter = ["rating", "is_verified_purchase", ("removed_at", admin.EmptyFieldListFilter)]
    list_select_related = ["product", "author"]
    search_fields = ["title", "body", "author__email", "product__title"]
    actions = ["remove"]

    @admin.action(description="Remove, with a reason", permissions=["act_on"])
    def remove(self, request: HttpRequest, queryset: QuerySet[Review]) -> HttpResponse | None:
        def remove(review: Review, reason: str) -> None:
            remove_review(review=review, reason=reason)

        return self.act_with_reason(
            request, queryset.filter(removed_at=None), "remove", remove, ask="Remove these reviews", done="removed"
        )
