"""
What buyers are written about orders. Params: `order` or `seller_order`, a primary key; of a refund its `amount` and, if
staff paid it back themselves, their `reference`.
"""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from accounts.services import Mail, composer
from orders.models import Order, SellerOrder
from orders.states import PaymentStatus


@composer("order-confirmation")
def order_confirmation(user: User, params: dict[str, Any]) -> Mail:
    order = _order(params)
    return Mail(f"Order {order.number} is confirmed", "order_confirmation", _context(order))


@composer("order-shipped")
def order_shipped(user: User, params: dict[str, Any]) -> Mail:
    parts = SellerOrder.objects.select_related("order", "seller", "invoice").prefetch_related("items")
    part = parts.get(pk=params["seller_order"])
    subject = f"{part.seller.shop_name} has sent your order {part.order.number}"
    return Mail(subject, "order_shipped", _context(part.order) | {"parts": [part], "part": part, **_invoice(part)})


@composer("order-cancelled")
def order_cancelled(user: User, params: dict[str, Any]) -> Mail:
    """Says what comes back; nothing does where nothing was paid."""
    order = _order(params)
    refund = _amount(params, order) if order.payment_status != PaymentStatus.UNPAID else None
    return Mail(f"Order {order.number} was cancelled", "order_cancelled", _context(order) | {"refund": refund})


@composer("order-refunded")
def order_refunded(user: User, params: dict[str, Any]) -> Mail:
    order = _order(params)
    told = {"refund": _amount(params, order), "reference": params.get("reference", "")}
    return Mail(f"Your refund for order {order.number}", "order_refunded", _context(order) | told)


def _invoice(part: SellerOrder) -> dict[str, Any]:
    invoice = getattr(part, "invoice", None)  # none of parts that were shipped before there were any
    if invoice is None:
        return {}
    path = reverse("orders:invoice", args=[part.order.number, invoice.pk])
    return {"invoice": invoice, "invoice_link": f"{settings.SITE_URL}{path}"}


def _order(params: dict[str, Any]) -> Order:
    return Order.objects.prefetch_related("seller_orders__items", "seller_orders__seller").get(pk=params["order"])


def _amount(params: dict[str, Any], order: Order) -> Decimal:
    return Decimal(params["amount"]) if "amount" in params else order.total


def _context(order: Order) -> dict[str, Any]:
    return {
        "order": order,
        "parts": order.seller_orders.all(),
        "link": f"{settings.SITE_URL}{order.get_absolute_url()}",
    }
