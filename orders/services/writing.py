"""A new order and all that belongs to it, in one statement."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from django.db import DEFAULT_DB_ALIAS

from accounts.models import User
from cart.selectors import CartLine, PricedCart, SellerGroup
from orders.models import Order
from pymart.common.db import prepared_cursor

_COLUMNS = [field.attname for field in Order._meta.concrete_fields]  # which are their names in the database
# One trip instead of four, and nothing for the ORM to assemble. A line finds its part by the seller, whose id is known
# before the part's.
_INSERT = f"""
WITH placed AS (
    INSERT INTO orders_order (
        full_name, phone, line1, line2, landmark, city, state, pincode,
        number, buyer_id, cart_id, subtotal, shipping, total, created_at, expires_at,
        status, payment_status, currency, razorpay_order_id, cancel_reason
    ) VALUES (
        %(full_name)s, %(phone)s, %(line1)s, %(line2)s, %(landmark)s, %(city)s, %(state)s, %(pincode)s,
        %(number)s, %(buyer)s, %(cart)s, %(subtotal)s, %(shipping)s, %(total)s, %(now)s, %(expires_at)s,
        'pending', 'unpaid', 'INR', '', ''
    )
    RETURNING *
), part AS (
    INSERT INTO orders_sellerorder (
        order_id, seller_id, subtotal, shipping, units, created_at, status, carrier, tracking_number, tracking_url
    )
    SELECT placed.id, parcel.seller_id, parcel.subtotal, parcel.shipping, parcel.units, %(now)s, 'pending', '', '', ''
    FROM placed, json_to_recordset(%(parcels)s::json) AS parcel (
        seller_id bigint, subtotal numeric, shipping numeric, units int
    )
    RETURNING id, seller_id
), item AS (
    INSERT INTO orders_orderitem (
        seller_order_id, variant_id, title, variant_name, sku, image, hsn, gst_rate, unit_price, mrp, quantity,
        line_total
    )
    SELECT part.id, line.variant_id, line.title, line.variant_name, line.sku, line.image, line.hsn, line.gst_rate,
        line.unit_price, line.mrp, line.quantity, line.line_total
    FROM json_to_recordset(%(lines)s::json) AS line (
        position int, seller_id bigint, variant_id bigint, title text, variant_name text, sku text, image text,
        hsn text, gst_rate numeric, unit_price numeric, mrp numeric, quantity int, line_total numeric
    )
    JOIN part USING (seller_id)
    ORDER BY line.position
), event AS (
    INSERT INTO orders_orderevent (order_id, kind, status, note, actor_id, created_at)
    SELECT id, 'placed', 'pending', '', %(buyer)s, %(now)s FROM placed
)
SELECT {", ".join(_COLUMNS)} FROM placed
"""  # noqa: S608 - the names of our own columns


def insert_order(
    *,
    buyer: User,
    address: Mapping[str, str],
    cart: PricedCart,
    cart_id: uuid.UUID,
    number: str,
    now: datetime,
    expires_at: datetime,
) -> Order:
    """The pending order with its parts, lines and first event, as the cart says."""
    parameters: dict[str, Any] = {name: address.get(name, "") for name in Order.FIELDS}
    parameters |= {
        "number": number,
        "buyer": buyer.pk,
        "cart": cart_id,
        "subtotal": cart.subtotal,
        "shipping": cart.shipping,
        "total": cart.total,
        "now": now,
        "expires_at": expires_at,
        "parcels": _json([_parcel(group) for group in cart.groups]),
        "lines": _json([_line(line, position) for position, line in enumerate(cart.lines)]),
    }
    with prepared_cursor() as cursor:
        cursor.execute(_INSERT, parameters)
        order = Order.from_db(DEFAULT_DB_ALIAS, _COLUMNS, cursor.fetchone())
    order.buyer = buyer
    return order


def _parcel(group: SellerGroup) -> dict[str, Any]:
    return {
        "seller_id": group.seller_id,
        "subtotal": group.subtotal,
        "shipping": group.shipping,
        "units": sum(line.quantity for line in group.lines),
    }


def _line(line: CartLine, position: int) -> dict[str, Any]:
    offer = line.offer
    return {
        "position": position,
        "seller_id": offer.seller_id,
        "variant_id": offer.variant_id,
        "title": offer.title,
        "variant_name": offer.variant_name,
        "sku": offer.sku,
        "image": offer.image or "",
        "hsn": offer.hsn,
        "gst_rate": offer.gst_rate,
        "unit_price": line.unit_price,
        "mrp": offer.mrp,
        "quantity": line.quantity,
        "line_total": line.line_total,
    }


def _json(rows: list[dict[str, Any]]) -> str:
    """Amounts as strings, of which PostgreSQL makes exact numbers."""
    return orjson.dumps(rows, default=str).decode()
