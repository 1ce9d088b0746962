"""What goes in and what comes out. The answer is written by `cart.api.render`; here it is documented."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from pymart.common.api.serializers import MoneyField, StrictSerializer
from pymart.common.db import LARGEST_ID

MAX_QUANTITY = 1_000_000  # of a request; what a cart holds is for the services to say
_ITEM = {
    "product_id": 41,
    "variant_id": 97,
    "slug": "steel-bottle-1-l",
    "title": "Steel bottle",
    "variant": "Blue / 1 l",
    "image": "https://shop.example/media/products/5d0c7a9e-320.webp",
    "unit_price": "599.00",
    "mrp": "899.00",
    "quantity": 2,
    "stock": 2,
    "line_total": "1198.00",
    "seller": {"id": 3, "name": "Kashi Metals"},
}
_CART = {
    "items": [_ITEM],
    "item_count": 2,
    "subtotal": "1198.00",
    "savings": "600.00",
    "shipping": "0.00",
    "total": "1198.00",
    "currency": "INR",
    "notices": [
        {
            "code": "quantity_capped",
            "detail": "Only 2 of “Steel bottle · Blue / 1 l” left. Your cart has 2.",
            "product_id": 41,
        }
    ],
}
NOTICES = ["quantity_lowered", "sold_out", "unavailable", "quantity_capped"]


class LineQuery(StrictSerializer):
    variant_id = serializers.IntegerField(
        min_value=1,
        max_value=LARGEST_ID,
        required=False,
        help_text="Needed where the product comes in several variants.",
    )


@extend_schema_serializer(
    examples=[
        OpenApiExample("A simple product", {"product_id": 41}, request_only=True),
        OpenApiExample("Two of a variant", {"product_id": 41, "variant_id": 97, "quantity": 2}, request_only=True),
    ]
)
class AddInput(LineQuery):
    product_id = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    quantity = serializers.IntegerField(min_value=1, max_value=MAX_QUANTITY, default=1)


@extend_schema_serializer(
    examples=[
        OpenApiExample("Three of them", {"quantity": 3}, request_only=True),
        OpenApiExample("None of this variant", {"quantity": 0, "variant_id": 97}, request_only=True),
    ]
)
class QuantityInput(LineQuery):
    quantity = serializers.IntegerField(min_value=0, max_value=MAX_QUANTITY, help_text="0 removes the line.")


class CartSellerOutput(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class CartItemOutput(serializers.Serializer):
    product_id = serializers.IntegerField()
    variant_id = serializers.IntegerField()
    slug = serializers.CharField()
    title = serializers.CharField()
    variant = serializers.CharField(allow_blank=True, help_text="Empty where the product comes in one variant.")
    image = serializers.URLField(allow_null=True, help_text="Fitted into 320×320.")
    unit_price = MoneyField()
    mrp = MoneyField()
    quantity = serializers.IntegerField(min_value=1)
    stock = serializers.IntegerField(min_value=0)
    line_total = MoneyField()
    seller = CartSellerOutput()


class CartNoticeOutput(serializers.Serializer):
    code = serializers.ChoiceField(choices=NOTICES)
    detail = serializers.CharField()
    product_id = serializers.IntegerField()


@extend_schema_serializer(examples=[OpenApiExample("A cart", _CART, response_only=True)])
class CartOutput(serializers.Serializer):
    """At today's prices. Each seller ships a parcel of its own; `shipping` is for all of them."""

    items = CartItemOutput(many=True)
    item_count = serializers.IntegerField(min_value=0, help_text="Pieces, not lines.")
    subtotal = MoneyField()
    savings = MoneyField(help_text="Below MRP, all lines together.")
    shipping = MoneyField()
    total = MoneyField()
    currency = serializers.CharField()
    notices = CartNoticeOutput(many=True, help_text="What changed by itself since the last look; said once.")
