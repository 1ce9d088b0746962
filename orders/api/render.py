"""
Orders as the JSON that `OrderOutput` describes.

Buyer and staff see all of an order. To a seller it is what they ship: their lines and amounts, the state of their part,
and where to send it once it is paid.
"""

from collections.abc import Sequence
from typing import Any

from accounts.models import Role, User
from orders.models import Order
from orders.selectors import Line, Part, parts_of, steps
from orders.states import is_cancellable
from pymart.common.net import absolute

Json = dict[str, Any]
TIMES = ("created_at", "paid_at", "processing_at", "shipped_at", "delivered_at", "cancelled_at")


def orders_json(orders: Sequence[Order], viewer: User) -> list[Json]:
    """Parts and lines of all these orders come from one query."""
    parts = parts_of([order.pk for order in orders]) if orders else {}
    return [_order(order, parts[order.pk], viewer) for order in orders]


def order_json(order: Order, viewer: User) -> Json:
    return orders_json([order], viewer)[0]


def admin_orders_json(orders: Sequence[Order], viewer: User) -> list[Json]:
    """:param orders: with their buyers."""
    documents = zip(orders, orders_json(orders, viewer), strict=True)
    return [{**document, "buyer": _buyer(order.buyer)} for order, document in documents]


def _buyer(buyer: User) -> Json:
    return {"id": buyer.pk, "email": buyer.email, "full_name": buyer.full_name}


def _order(order: Order, parts: list[tuple[Part, list[Line]]], viewer: User) -> Json:
    is_whole = viewer.role == Role.ADMIN or order.buyer_id == viewer.pk
    if is_whole:
        subject: Order | Part = order
    else:
        parts = [(part, lines) for part, lines in parts if part.seller_user_id == viewer.pk]
        subject = parts[0][0]
    seller_orders = [_part(part, lines) for part, lines in parts]
    return {
        "id": order.pk,
        "number": order.number,
        "status": subject.status,
        "payment_status": order.payment_status,
        "items": [item for part in seller_orders for item in part["items"]],
        "seller_orders": seller_orders,
        "shipping_address": _address(order) if is_whole or order.paid_at else None,
        "subtotal": subject.subtotal,
        "shipping": subject.shipping,
        "total": subject.subtotal + subject.shipping,
        "currency": order.currency,
        "timeline": _timeline(subject),
        "razorpay_order_id": (order.razorpay_order_id or None) if is_whole else None,
        "can_cancel": is_whole and is_cancellable(part.status for part, _ in parts),
        **{name: getattr(subject, name) for name in TIMES},
    }


def _address(order: Order) -> Json | None:
    """None where it was forgotten with its buyer."""
    return {name: getattr(order, name) for name in Order.FIELDS} if order.line1 else None


def _part(part: Part, lines: list[Line]) -> Json:
    seller = {"id": part.seller_id, "name": part.shop_name}
    tracking = {"carrier": part.carrier, "number": part.tracking_number, "url": part.tracking_url or None}
    return {
        "id": part.id,
        "seller": seller,
        "status": part.status,
        "items": [_item(line, seller) for line in lines],
        "subtotal": part.subtotal,
        "shipping": part.shipping,
        "tracking": tracking if any(tracking.values()) else None,
        "timeline": _timeline(part),
    }


def _item(line: Line, seller: Json) -> Json:
    return {
        "id": line.id,
        "product_id": line.product_id,
        "variant_id": line.variant_id,
        "slug": line.slug,
        "title": line.title,
        "variant": line.variant_name,
        "sku": line.sku,
        "image": absolute(line.thumb) if line.image else None,
        "unit_price": line.unit_price,
        "mrp": line.mrp,
        "quantity": line.quantity,
        "line_total": line.line_total,
        "seller": seller,
    }


def _timeline(subject: Order | Part) -> list[Json]:
    return [{"step": step, "at": at} for step, at in steps(subject)]
