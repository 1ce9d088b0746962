from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from pymart.common.admin import Panel, ReadOnlyAdmin, Row, link_to, panel, when
from pymart.common.admin_lists import OneOf
from reviews.models import Review
from reviews.selectors import reported_reviews
from reviews.services import remove_review, settle_reports


class RatingFilter(OneOf):
    parameter_name = "rating"
    values = ["1", "2", "3", "4", "5"]


class MinimumRatingFilter(admin.SimpleListFilter):
    title, parameter_name = "minimum rating", "min_rating"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[int, str]]:
        return [(stars, f"{stars} stars and more") for stars in (5, 4, 3, 2)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Review]) -> QuerySet[Review]:
        return queryset.filter(rating__gte=self.value()) if self.value() in {"2", "3", "4", "5"} else queryset


class ReportedFilter(admin.SimpleListFilter):
    title, parameter_name = "reports", "reported"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("1", "To be looked at")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Review]) -> QuerySet[Review]:
        return (queryset & reported_reviews()) if self.value() == "1" else queryset


@panel("reviews.view_review")
def reports(request: HttpRequest, review: Review) -> Panel:
    rows = [
        Row(
            [
                when(each.created_at),
                link_to(each.user),
                each.get_reason_display(),
                each.note or "-",
                when(each.settled_at),
            ]
        )
        for each in review.reports.select_related("user")
    ]
    return Panel("Reports", ["When", "Who", "What is wrong", "Note", "Settled"], rows)


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin):
    list_display = [
        "product", "rating", "title", "author", "is_verified_purchase", "open_reports", "created_at", "removed_at",
    ]  # fmt: skip
    list_filter = [
        ReportedFilter,
        MinimumRatingFilter,
        RatingFilter,
        "is_verified_purchase",
        ("removed_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["product", "author"]
    search_fields = ["author__email__startswith", "product__title__iregex", "id__exact"]
    search_help_text = "How its author's e-mail begins, words of the product's title, or its id"
    actions = ["remove", "settle"]
    panels = [reports]

    def applies(self, action: str, obj: Review) -> bool:
        if action == "remove":
            return obj.removed_at is None
        return obj.open_reports > 0 if action == "settle" else super().applies(action, obj)

    @admin.action(description="Remove, with a reason", permissions=["act_on"])
    def remove(self, request: HttpRequest, reviews: QuerySet[Review]) -> HttpResponse | None:
        def remove(review: Review, reason: str) -> None:
            remove_review(review=review, reason=reason)

        there = reviews.filter(removed_at=None)
        return self.act_with_reason(request, there, "remove", remove, ask="Remove from the shop", done="removed")

    @admin.action(description="Keep it: settle its reports", permissions=["act_on"])
    def settle(self, request: HttpRequest, reviews: QuerySet[Review]) -> None:
        def settle(review: Review) -> None:
            settle_reports(review=review)

        self.act(request, reviews.filter(open_reports__gt=0), "settle reports", settle, done="kept")
