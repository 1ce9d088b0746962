from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse

from accounts.models import Notification, OutboundEmail
from orders import services
from orders.models import Invoice, Order, OrderItem, SellerOrder
from orders.states import SELLER_STEPS, TRANSITIONS
from pymart.common.admin import Panel, ReadOnlyAdmin, ReadOnlyInline, Row, buttons_of, link_to, panel, when
from pymart.common.admin_lists import money
from pymart.common.money import inr

TOLD_THE_BUYER = "The buyer reads it."


@panel("orders.view_order")
def lines(request: HttpRequest, order: Order) -> Panel:
    items = OrderItem.objects.filter(seller_order__order=order).select_related("seller_order__seller", "variant")
    rows = [
        Row(
            [
                link_to(item.seller_order.seller),
                item.title,
                item.variant_name or "-",
                item.sku,
                inr(item.unit_price),
                item.quantity,
                inr(item.line_total),
            ]
        )
        for item in items.order_by("seller_order", "pk")
    ]
    return Panel("Lines", ["Seller", "Product", "Variant", "SKU", "Price", "Quantity", "Total"], rows)


@panel("orders.view_order")
def parts(request: HttpRequest, order: Order) -> Panel:
    rows = [
        Row(
            [
                link_to(part, part.seller),
                part.get_status_display(),
                inr(part.subtotal),
                inr(part.shipping),
                " ".join(filter(None, [part.carrier, part.tracking_number])) or "-",
                when(part.shipped_at),
                when(part.delivered_at),
            ],
            buttons_of(request, part),
        )
        for part in order.seller_orders.select_related("seller", "order")
    ]
    return Panel("Parts", ["Seller", "Status", "Subtotal", "Shipping", "Tracking", "Shipped", "Delivered"], rows)


@panel("orders.view_order")
def invoices(request: HttpRequest, order: Order) -> Panel:
    found = Invoice.objects.filter(seller_order__order=order).order_by("pk")
    rows = [
        Row(
            [
                invoice.number,
                invoice.get_kind_display(),
                invoice.shop_name,
                inr(invoice.taxable),
                inr(invoice.cgst + invoice.sgst + invoice.igst),
                inr(invoice.total),
                when(invoice.issued_at),
            ]
        )
        for invoice in found
    ]
    return Panel("Invoices", ["Number", "Kind", "Seller", "Taxable", "Tax", "Total", "Issued"], rows)


@panel("orders.view_order")
def events(request: HttpRequest, order: Order) -> Panel:
    rows = [
        Row(
            [
                when(event.created_at),
                event.get_kind_display(),
                event.get_status_display() or "-",
                event.seller_order.seller if event.seller_order else "-",
                event.note or "-",
                event.actor or "the system",
            ]
        )
        for event in order.events.select_related("actor", "seller_order__seller")
    ]
    return Panel("What happened", ["When", "What", "Status", "Part of", "Note", "Who"], rows)


@panel("accounts.view_outboundemail")
def emails(request: HttpRequest, order: Order) -> Panel:
    """They name the order, or one of its parts, in their parameters; looked for among those of its people."""
    part_ids = list(order.seller_orders.values_list("pk", flat=True))
    about = Q(params__order=order.pk) | Q(params__seller_order__in=part_ids)
    found = OutboundEmail.objects.filter(about, user__in=_people(order)).select_related("user").order_by("pk")
    rows = [
        Row(
            [link_to(email, email.kind), email.user, when(email.sent_at), email.attempts, email.last_error or "-"],
            buttons_of(request, email),
        )
        for email in found
    ]
    return Panel("E-mails", ["Kind", "To", "Sent", "Attempts", "Last error"], rows)


@panel("accounts.view_notification")
def notifications(request: HttpRequest, order: Order) -> Panel:
    found = Notification.objects.filter(user__in=_people(order), order_id=order.pk).select_related("user")
    rows = [
        Row([when(note.created_at), note.user, note.title, note.body, when(note.read_at)])
        for note in found.order_by("pk")
    ]
    return Panel("Notifications", ["When", "To", "Title", "Text", "Read"], rows)


def _people(order: Order) -> list[int]:
    return [order.buyer_id, *order.seller_orders.values_list("seller__user", flat=True)]


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    """Everything about one order on one page; payments adds its panels. Money and status have no form."""

    list_display = ["number", "buyer", "status", "payment_status", money("total"), "created_at"]
    list_filter = ["status", "payment_status", "created_at", "paid_at"]
    list_select_related = ["buyer"]
    search_fields = [
        "number__startswith", "buyer__email__startswith", "buyer__full_name__icontains", "razorpay_order_id__exact",
    ]  # fmt: skip
    search_help_text = "How the order's number or the buyer's e-mail begins, part of the buyer's name, or Razorpay's id"
    fieldsets = [
        (
            None,
            {"fields": ["number", "buyer", "status", "payment_status", "cancel_reason", "created_at", "expires_at"]},
        ),
        ("Money", {"fields": ["subtotal", "shipping", "total", "currency", "razorpay_order_id"]}),
        ("Delivered to", {"fields": list(Order.FIELDS)}),
    ]
    view_on_site = False  # the page that the buyer sees is the buyer's
    panels = [lines, parts, invoices, events, emails, notifications]
    actions = ["cancel"]

    def applies(self, action: str, obj: Order) -> bool:
        return obj.is_cancellable if action == "cancel" else super().applies(action, obj)

    @admin.action(description="Cancel, return the stock and refund what was paid", permissions=["act_on"])
    def cancel(self, request: HttpRequest, orders: QuerySet[Order]) -> HttpResponse | None:
        def cancel(order: Order, reason: str) -> None:
            services.cancel_order(order=order, actor=request.user, reason=reason)

        ask = "Cancel, return the stock and refund"
        return self.act_with_reason(request, orders, "cancel", cancel, ask=ask, done="cancelled", told=TOLD_THE_BUYER)


class OrderItemInline(ReadOnlyInline):
    model = OrderItem
    fields = ["title", "variant_name", "sku", "unit_price", "quantity", "line_total"]
    show_change_link = False


@admin.register(SellerOrder)
class SellerOrderAdmin(ReadOnlyAdmin):
    list_display = ["order", "seller", "status", money("subtotal"), "tracking_number", "created_at"]
    list_filter = ["status"]
    list_select_related = ["order", "seller"]
    search_fields = ["order__number__startswith", "seller__shop_name__icontains"]
    search_help_text = "How the order's number begins, or part of the shop's name"
    inlines = [OrderItemInline]
    actions = ["move_on"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[SellerOrder]:
        return super().get_queryset(request).select_related("order", "seller")

    def applies(self, action: str, obj: SellerOrder) -> bool:
        return bool(TRANSITIONS[obj.status] & SELLER_STEPS) if action == "move_on" else super().applies(action, obj)

    @admin.action(description="Move on one step", permissions=["act_on"])
    def move_on(self, request: HttpRequest, parts: QuerySet[SellerOrder]) -> None:
        def move(part: SellerOrder) -> None:
            step = next(iter(TRANSITIONS[part.status] & SELLER_STEPS), part.status)
            services.advance_seller_order(seller_order=part, to=step, actor=request.user)

        self.act(request, parts, "move_on", move, done="moved on")
