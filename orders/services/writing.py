"""A new order and all that belongs to it, in one statement."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS

from accounts.models import User
from cart.selectors import PricedCart
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
        order_id, seller_id, subtotal, shipping, created_at, status, carrier, tracking_number, tracking_url
    )
    SELECT placed.id, parcel.*, %(now)s, 'pending', '', '', ''
    FROM placed, unnest(%(sellers)s::bigint[], %(subtotals)s::numeric[], %(fees)s::numeric[]) AS parcel
    RETURNING id, seller_id
), item AS (
    INSERT INTO orders_orderitem (
        seller_order_id, variant_id, title, variant_name, sku, image, hsn, gst_rate, unit_price, mrp, quantity,
        line_total
    )
    SELECT part.id, line.variant_id, line.title, line.variant_name, line.sku, line.image, line.hsn, line.gst_rate,
        line.unit_price, line.mrp, line.quantity, line.line_total
    FROM unnest(
        %(line_sellers)s::bigint[], %(variants)s::bigint[], %(titles)s::text[], %(variant_names)s::text[],
        %(skus)s::text[], %(images)s::text[], %(hsns)s::text[], %(gst_rates)s::numeric[], %(unit_prices)s::numeric[],
        %(mrps)s::numeric[], %(quantities)s::int[], %(line_totals)s::numeric[]
    ) WITH ORDINALITY AS line (
        seller_id, variant_id, title, variant_name, sku, image, hsn, gst_rate, unit_price, mrp, quantity, line_total,
        position
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
        "sellers": [group.seller_id for group in cart.groups],
        "subtotals": [group.subtotal for group in cart.groups],
        "fees": [group.shipping for group in cart.groups],
        **_lines(cart),
    }
    with prepared_cursor() as cursor:
        cursor.execute(_INSERT, parameters)
        order = Order.from_db(DEFAULT_DB_ALIAS, _COLUMNS, cursor.fetchone())
    order.buyer = buyer
    return order


def _lines(cart: PricedCart) -> dict[str, list[Any]]:
    """The lines by column, as `unnest` takes them."""
    offers = [line.offer for line in cart.lines]
    return {
        "line_sellers": [offer.seller_id for offer in offers],
        "variants": [offer.variant_id for offer in offers],
        "titles": [offer.title for offer in offers],
        "variant_names": [offer.variant_name for offer in offers],
        "skus": [offer.sku for offer in offers],
        "images": [offer.image or "" for offer in offers],
        "hsns": [offer.hsn for offer in offers],
        "gst_rates": [offer.gst_rate for offer in offers],
        "unit_prices": [offer.price for offer in offers],
        "mrps": [offer.mrp for offer in offers],
        "quantities": [line.quantity for line in cart.lines],
        "line_totals": [line.line_total for line in cart.lines],
    }
