from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from payments import services
from payments.models import Payment, Refund, WebhookEvent
from pymart.common.admin import ReadOnlyAdmin, ReadOnlyInline
from pymart.common.errors import DomainError


class NotProcessed(DomainError):
    code = "not_processed"


class RefundInline(ReadOnlyInline):
    model = Refund
    fields = ["amount", "reason", "status", "razorpay_refund_id", "last_error"]


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    list_display = ["razorpay_payment_id", "order", "status", "amount", "method", "settles_order", "created_at"]
    list_filter = ["status", "method"]
    list_select_related = ["order"]
    search_fields = ["razorpay_payment_id__startswith", "order__number__startswith"]
    inlines = [RefundInline]


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    list_display = ["id", "payment", "amount", "reason", "status", "attempts", "last_error", "created_at"]
    list_filter = ["status", "reason"]
    list_select_related = ["payment"]
    search_fields = [
        "razorpay_refund_id__exact", "payment__razorpay_payment_id__startswith", "payment__order__number__startswith",
    ]  # fmt: skip
    actions = ["try_again"]

    @admin.action(description="Refund again", permissions=["act_on"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Refund]) -> None:
        def refund_again(refund: Refund) -> None:
            services.refund_again(refund=refund, actor=request.user)

        self.act(request, queryset, "refund_again", refund_again, done="asked for again")


@admin.register(WebhookEvent)
class WebhookEventAdmin(ReadOnlyAdmin):
    list_display = ["event_id", "type", "received_at", "processed_at", "attempts", "error"]
    list_filter = ["type", ("processed_at", admin.EmptyFieldListFilter)]
    search_fields = ["event_id__startswith"]
    actions = ["process_again"]

    @admin.action(description="Process again", permissions=["act_on"])
    def process_again(self, request: HttpRequest, queryset: QuerySet[WebhookEvent]) -> None:
        def process(event: WebhookEvent) -> None:
            services.process_event(event.pk)
            event.refresh_from_db()
            if event.error:
                raise NotProcessed(event.error)

        self.act(request, queryset.filter(processed_at=None), "process_again", process, done="processed")
