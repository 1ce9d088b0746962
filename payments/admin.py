from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from payments import services
from payments.models import Payment, Refund, WebhookEvent
from pymart.common.admin import ReadOnlyAdmin, ReadOnlyInline
from pymart.common.errors import DomainError


class RefundInline(ReadOnlyInline):
    model = Refund
    fields = ["amount", "reason", "status", "razorpay_refund_id", "last_error"]


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    list_display = ["razorpay_payment_id", "order", "status", "amount", "method", "settles_order", "created_at"]
    list_filter = ["status", "method"]
    list_select_related = ["order"]
    search_fields = ["razorpay_payment_id", "order__number"]
    inlines = [RefundInline]


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    list_display = ["id", "payment", "amount", "reason", "status", "attempts", "last_error", "created_at"]
    list_filter = ["status", "reason"]
    list_select_related = ["payment"]
    search_fields = ["razorpay_refund_id", "payment__razorpay_payment_id", "payment__order__number"]
    actions = ["try_again"]

    @admin.action(description="Refund again", permissions=["act_on"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Refund]) -> None:
        for refund in queryset:
            try:
                services.refund_again(refund=refund, actor=request.user)
            except DomainError as refusal:
                self.message_user(request, f"{refund}: {refusal}", messages.ERROR)
            else:
                self.message_user(request, "The refund is asked for again.", messages.SUCCESS)


@admin.register(WebhookEvent)
class WebhookEventAdmin(ReadOnlyAdmin):
    list_display = ["event_id", "type", "received_at", "processed_at", "attempts", "error"]
    list_filter = ["type", ("processed_at", admin.EmptyFieldListFilter)]
    search_fields = ["event_id"]
    actions = ["process_again"]

    @admin.action(description="Process again", permissions=["act_on"])
    def process_again(self, request: HttpRequest, queryset: QuerySet[WebhookEvent]) -> None:
        for event in queryset.filter(processed_at=None):
            services.process_event(event.pk)
            event.refresh_from_db()
            level = messages.ERROR if event.error else messages.SUCCESS
            self.message_user(request, event.error or f"{event} is processed.", level)
