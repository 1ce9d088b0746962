from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from orders.models import Order
from payments import services
from payments.models import Payment, Refund, WebhookEvent
from payments.selectors import failed_refunds
from pymart.common.admin import Panel, ReadOnlyAdmin, ReadOnlyInline, Row, buttons_of, link_to, panel, when
from pymart.common.admin_lists import OneOf, money
from pymart.common.money import inr


class RefundInline(ReadOnlyInline):
    model = Refund
    fields = ["amount", "reason", "status", "razorpay_refund_id", "reference", "last_error"]


class MethodFilter(OneOf):
    parameter_name = "method"
    values = ["upi", "card", "netbanking", "wallet", "emi", "paylater"]


class EventTypeFilter(OneOf):
    parameter_name = "type"
    values = [
        "payment.authorized", "payment.captured", "payment.failed", "order.paid", "refund.created",
        "refund.processed", "refund.failed",
    ]  # fmt: skip


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    list_display = ["razorpay_payment_id", "order", "status", money("amount"), "method", "settles_order", "created_at"]
    list_filter = ["status", MethodFilter]
    list_select_related = ["order"]
    search_fields = ["razorpay_payment_id__startswith", "order__number__startswith", "order__razorpay_order_id__exact"]
    ordering = ["-pk"]
    search_help_text = "How Razorpay's payment id or the order's number begins, or Razorpay's order id"
    inlines = [RefundInline]


class FailedFilter(admin.SimpleListFilter):
    title, parameter_name = "waits for staff", "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("failed", "Failed and not asked for again")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Refund]) -> QuerySet[Refund]:
        return queryset & failed_refunds() if self.value() else queryset


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    list_display = ["id", "payment", money("amount"), "reason", "status", "attempts", "last_error", "created_at"]
    list_filter = [FailedFilter, "status", "reason"]
    list_select_related = ["payment"]
    search_fields = [
        "id__exact", "razorpay_refund_id__exact", "payment__razorpay_payment_id__startswith",
        "payment__order__number__startswith",
    ]  # fmt: skip
    ordering = ["-created_at"]
    search_help_text = "The refund's id here or at Razorpay, or how the payment's id or the order's number begins"
    actions = ["refund_again", "mark_paid_back"]

    def applies(self, action: str, obj: Refund) -> bool:
        return obj.status == "failed" if action in self.actions else super().applies(action, obj)

    @admin.action(description="Refund again", permissions=["act_on"])
    def refund_again(self, request: HttpRequest, refunds: QuerySet[Refund]) -> None:
        def refund_again(refund: Refund) -> None:
            services.refund_again(refund=refund, actor=request.user)

        self.act(request, refunds, "refund_again", refund_again, done="asked for again")

    @admin.action(description="Paid back another way", permissions=["act_on"])
    def mark_paid_back(self, request: HttpRequest, refunds: QuerySet[Refund]) -> HttpResponse | None:
        def mark_paid_back(refund: Refund, reference: str) -> None:
            services.mark_paid_back(refund=refund, reference=reference, actor=request.user)

        return self.act_with_reason(
            request, refunds, "mark_paid_back", mark_paid_back, ask="Paid back another way", done="marked as paid back",
            told="How, with the transfer's reference: “By bank transfer, UTR 628112345678”. The buyer reads it.",
        )  # fmt: skip


@admin.register(WebhookEvent)
class WebhookEventAdmin(ReadOnlyAdmin):
    list_display = ["event_id", "type", "received_at", "processed_at", "attempts", "error"]
    list_filter = [EventTypeFilter, ("processed_at", admin.EmptyFieldListFilter)]
    search_fields = ["event_id__startswith"]
    ordering = ["-pk"]
    search_help_text = "How Razorpay's id of the event begins"
    actions = ["process_again"]

    def applies(self, action: str, obj: WebhookEvent) -> bool:
        return obj.processed_at is None if action == "process_again" else super().applies(action, obj)

    @admin.action(description="Process again", permissions=["act_on"])
    def process_again(self, request: HttpRequest, events: QuerySet[WebhookEvent]) -> None:
        def process(event: WebhookEvent) -> str:
            services.process_event(event.pk)
            event.refresh_from_db()
            return event.error

        self.act(request, events.filter(processed_at=None), "process_again", process, done="processed")


@panel("payments.view_payment")
def payments(request: HttpRequest, order: Order) -> Panel:
    rows = [
        Row(
            [
                link_to(payment),
                payment.get_status_display(),
                inr(payment.amount),
                payment.method or "-",
                "yes" if payment.settles_order else "no",
                payment.error_description or "-",
                when(payment.created_at),
                when(payment.captured_at),
            ]
        )
        for payment in order.payments.all()
    ]
    columns = ["Razorpay's id", "Status", "Amount", "Method", "Settles the order", "Error", "Begun", "Captured"]
    return Panel("Payments", columns, rows)


@panel("payments.view_refund")
def refunds(request: HttpRequest, order: Order) -> Panel:
    found = Refund.objects.filter(payment__order=order).select_related("payment")
    rows = [
        Row(
            [
                link_to(refund, inr(refund.amount)),
                refund.get_status_display(),
                refund.get_reason_display(),
                refund.payment,
                refund.razorpay_refund_id or refund.reference or "-",
                refund.last_error or "-",
                when(refund.created_at),
                when(refund.processed_at),
            ],
            buttons_of(request, refund),
        )
        for refund in found
    ]
    columns = ["Amount", "Status", "Why", "Of payment", "Razorpay's id, or how", "Last error", "Owed since", "Sent"]
    return Panel("Refunds", columns, rows)


# The page of an order is that of orders, which knows nothing of payments.
of_order = admin.site.get_model_admin(Order)
of_order.panels = [*of_order.panels[:3], payments, refunds, *of_order.panels[3:]]
