"""Orders as sellers meet them."""

from django.db import transaction

from accounts.models import SellerProfile
from catalog.models import Variant
from orders.models import Order, SellerOrder
from orders.services import advance_seller_order, mark_paid, place_order
from tests.factories import ADDRESS, make_user
from tests.shop import fill_cart, make_variant

STEPS = ["processing", "shipped", "delivered"]


def pay(order: Order) -> Order:
    with transaction.atomic():
        mark_paid(order=Order.objects.locked().get(pk=order.pk))
    order.refresh_from_db()
    return order


def sold_by(seller: SellerProfile, *variants: Variant, status: str = "paid", **address: str) -> SellerOrder:
    """An order that came as far as that, and the seller's part of it."""
    buyer = make_user(email=f"buyer{Order.objects.count()}@shoppers.example")
    fill_cart(buyer, *(variants or [make_variant(seller=seller)]))
    order = place_order(buyer=buyer, address={**ADDRESS, **address})
    if status != "pending":
        pay(order)
    part = order.seller_orders.get(seller=seller)
    for step in STEPS[: STEPS.index(status) + 1] if status in STEPS else []:
        part = advance_seller_order(seller_order=part, to=step, actor=seller.user)
    return part
