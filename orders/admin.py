from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from orders import services
from orders.models import Order, OrderEvent, OrderItem, SellerOrder
from orders.states import SELLER_STEPS, TRANSITIONS
from pymart.common.admin import ReadOnlyAdmin, ReadOnlyInline


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
    search_fields = ["number__startswith", "buyer__email__startswith", "razorpay_order_id__exact"]
    inlines = [SellerOrderInline, OrderEventInline]
    actions = ["cancel_and_refund"]

    @admin.action(description="Cancel, return the stock and refund what was paid", permissions=["act_on"])
    def cancel_and_refund(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        def cancel(order: Order) -> None:
            services.cancel_order(order=order, actor=request.user, reason="Cancelled by our staff.")

        self.act(request, queryset, "cancel", cancel, done="cancelled")


@admin.register(SellerOrder)
class SellerOrderAdmin(ReadOnlyAdmin):
    list_display = ["order", "seller", "status", "subtotal", "tracking_number", "created_at"]
    list_filter = ["status"]
    list_select_related = ["order", "seller"]
    search_fields = ["order__number__startswith", "seller__shop_name__startswith", "tracking_number__exact"]
    inlines = [OrderItemInline]
    actions = ["move_on"]

    @admin.action(description="Move on one step", permissions=["act_on"])
    def move_on(self, request: HttpRequest, queryset: QuerySet[SellerOrder]) -> None:
        def move(part: SellerOrder) -> None:
            step = next(iter(TRANSITIONS[part.status] & SELLER_STEPS), part.status)
            services.advance_seller_order(seller_order=part, to=step, actor=request.user)

        self.act(request, queryset.select_related("order", "seller"), "move_on", move, done="moved on")
