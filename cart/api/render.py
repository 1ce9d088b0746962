"""A cart as the JSON that `CartOutput` describes."""

from typing import Any

from cart.selectors import CartLine, Notice, PricedCart
from pymart.common.net import absolute

CURRENCY = "INR"


def cart_json(cart: PricedCart) -> dict[str, Any]:
    return {
        "items": [_item(line) for line in cart.lines],
        "item_count": cart.item_count,
        "subtotal": cart.subtotal,
        "savings": cart.savings,
        "shipping": cart.shipping,
        "total": cart.total,
        "currency": CURRENCY,
        "notices": [_notice(notice) for notice in cart.notices],
    }


def _notice(notice: Notice) -> dict[str, Any]:
    """Without "saved for later", which only pages have."""
    detail = f"{notice.fact} It left your cart." if notice.code == "sold_out" else notice.detail
    return {"code": notice.code, "detail": detail, "product_id": notice.product_id}


def _item(line: CartLine) -> dict[str, Any]:
    offer = line.offer
    return {
        "product_id": offer.product_id,
        "variant_id": offer.variant_id,
        "slug": offer.slug,
        "title": offer.title,
        "variant": offer.variant_name,
        "image": absolute(offer.thumb) if offer.image else None,
        "unit_price": offer.price,
        "mrp": offer.mrp,
        "quantity": line.quantity,
        "stock": offer.stock,
        "line_total": line.line_total,
        "seller": {"id": offer.seller_id, "name": offer.shop_name},
    }
