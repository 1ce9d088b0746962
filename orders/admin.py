from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from orders import services
from orders.models import Order, OrderEvent, OrderItem, SellerOrder
from orders.states import SELLER_STEPS, TRANSITIONS
from pymart.common.admin import ReadOnlyAdmin, ReadOnlyInline
from pymart.common.errors import DomainError


class SellerOrderInline(ReadOnlyInline):
    model = SellerOrder
    fields = ["seller", "status", "subtotal", "shipping", "carrier", "tracking_number"]


class OrderEventInline(ReadOnlyInline):
    model = OrderEvent
    fields = ["created_at", "kind", "status", "note", "actor"]
    readonly_fields = ["created_at"]
    show_change_link = False


class OrderItemInline(ReadOnlyInline):
    model = OrderItem
    fields = ["title", "variant_name", "sku", "unit_price", "quantity", "line_total"]
    show_change_link = False


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    list_display = ["number", "buyer", "status", "payment_status", "total", "created_at"]
    list_filter = ["status", "payment_status", "created_at"]
    list_select_related = ["buyer"]
    search_fields = ["number", "buyer__email", "razorpay_order_id"]
    date_hierarchy = "created_at"
    inlines = [SellerOrderInline, OrderEventInline]
    actions = ["cancel_and_refund"]

    @admin.action(description="Cancel, return the stock and refund what was paid", permissions=["act_on"])
    def cancel_and_refund(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        for order in queryset:
            try:
                services.cancel_order(order=order, actor=request.user, reason="Cancelled by our staff.")
            except DomainError as refusal:
                self.message_user(request, f"{order}: {refusal}", messages.ERROR)
            else:
                self.message_user(request, f"{order} is cancelled.", messages.SUCCESS)


@admin.register(SellerOrder)
class SellerOrderAdmin(ReadOnlyAdmin):
    list_display = ["order", "seller", "status", "subtotal", "tracking_number", "created_at"]
    list_filter = ["status"]
    list_select_related = ["order", "seller"]
    search_fields = ["order__number", "seller__shop_name", "tracking_number"]
    inlines = [OrderItemInline]
    actions = ["move_on"]

    @admin.action(description="Move on one step", permissions=["act_on"])
    def move_on(self, request: HttpRequest, queryset: QuerySet[SellerOrder]) -> None:
        for part in queryset.select_related("order"):
            step = next(iter(TRANSITIONS[part.status] & SELLER_STEPS), part.status)
            try:
                services.advance_seller_order(seller_order=part, to=step, actor=request.user)
            except DomainError as refusal:
                self.message_user(request, f"{part}: {refusal}", messages.ERROR)
            else:
                self.message_user(request, f"{part} is {step}.", messages.SUCCESS)
