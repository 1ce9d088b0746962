"""Going shopping in tests: the same steps a person takes, through the services."""

from decimal import Decimal
from itertools import count
from typing import Any

from accounts.models import SellerProfile, User
from cart.services import add_item
from catalog.models import Category, Variant
from catalog.services import add_variant, create_product
from orders.models import Order
from orders.services import place_order
from tests.factories import ADDRESS, make_seller

_numbers = count(1)


def make_variant(
    *,
    seller: SellerProfile | None = None,
    price: str = "250.00",
    mrp: str = "400.00",
    stock: int = 10,
    title: str = "",
    **fields: Any,
) -> Variant:
    """A listed product with one variant."""
    number = next(_numbers)
    category, _ = Category.objects.get_or_create(slug="things", defaults={"name": "Things"})
    product = create_product(
        seller=seller or make_seller(), category=category, title=title or f"Brass lamp {number}", status="active"
    )
    return add_variant(
        product=product, sku=f"SKU-{number}", price=Decimal(price), mrp=Decimal(mrp), stock=stock, **fields
    )


def fill_cart(user: User, *variants: Variant, quantity: int = 1) -> None:
    for variant in variants:
        add_item(str(user.pk), variant_id=variant.pk, quantity=quantity)


def place(user: User, *variants: Variant, quantity: int = 1) -> Order:
    fill_cart(user, *variants, quantity=quantity)
    return place_order(buyer=user, address=ADDRESS)


def stock_of(variant: Variant) -> int:
    return Variant.objects.values_list("stock", flat=True).get(pk=variant.pk)
