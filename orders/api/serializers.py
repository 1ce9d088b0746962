"""What goes in and what comes out. The answers are written by `orders.api.render`; here they are documented."""

from typing import ClassVar

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from orders.services import TRACKING_NUMBER, TRACKING_NUMBER_WANTED
from orders.states import OrderStatus, PaymentStatus
from pymart.common.api.serializers import (
    LinkField,
    MoneyField,
    PatternField,
    PhoneField,
    PincodeField,
    StateField,
    StrictSerializer,
)
from pymart.common.db import LARGEST_ID

ADDRESS = {
    "full_name": "Asha Rao",
    "phone": "+919876543210",
    "line1": "14 Residency Road",
    "line2": "",
    "landmark": "Opposite the post office",
    "city": "Bengaluru",
    "state": "Karnataka",
    "pincode": "560025",
}
_SELLER = {"id": 3, "name": "Kashi Metals"}
_ITEM = {
    "id": 7101,
    "product_id": 41,
    "variant_id": 97,
    "slug": "steel-bottle-1-l",
    "title": "Steel bottle",
    "variant": "Blue / 1 l",
    "sku": "KM-SB-1B",
    "image": "https://shop.example/media/products/5d0c7a9e-320.webp",
    "unit_price": "599.00",
    "mrp": "899.00",
    "quantity": 2,
    "line_total": "1198.00",
    "seller": _SELLER,
}
_PLACED, _PAID = "2026-11-20T18:04:11.402113+05:30", "2026-11-20T18:05:40.118274+05:30"
_TIMELINE = [
    {"step": "pending", "at": _PLACED},
    {"step": "paid", "at": _PAID},
    {"step": "processing", "at": None},
    {"step": "shipped", "at": None},
    {"step": "delivered", "at": None},
]
ORDER = {
    "id": 5120,
    "number": "PM-7K3Q9F",
    "status": "paid",
    "payment_status": "paid",
    "items": [_ITEM],
    "seller_orders": [
        {
            "id": 6044,
            "seller": _SELLER,
            "status": "paid",
            "items": [_ITEM],
            "subtotal": "1198.00",
            "shipping": "0.00",
            "tracking": None,
            "timeline": _TIMELINE,
        }
    ],
    "shipping_address": ADDRESS,
    "subtotal": "1198.00",
    "shipping": "0.00",
    "total": "1198.00",
    "currency": "INR",
    "timeline": _TIMELINE,
    "razorpay_order_id": "order_RgT5kPq2mXw8aB",
    "can_cancel": True,
    "created_at": _PLACED,
    "paid_at": _PAID,
    "processing_at": None,
    "shipped_at": None,
    "delivered_at": None,
    "cancelled_at": None,
}


class OrderQuery(StrictSerializer):
    status = serializers.ChoiceField(
        choices=OrderStatus.choices, required=False, help_text="Of the order; for a seller, of their part of it."
    )


class OrderListQuery(OrderQuery):
    bought = serializers.BooleanField(
        default=False, help_text="What sellers and staff bought themselves, instead of what they sell or look after."
    )


class AdminOrderQuery(OrderQuery):
    buyer = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False, help_text="The id of a user.")


class AddressInput(StrictSerializer):
    """Where in India the parcels go."""

    full_name = serializers.CharField(max_length=120)
    phone = PhoneField()
    line1 = serializers.CharField(max_length=200)
    line2 = serializers.CharField(max_length=200, required=False, allow_blank=True)
    landmark = serializers.CharField(max_length=120, required=False, allow_blank=True)
    city = serializers.CharField(max_length=80)
    state = StateField()
    pincode = PincodeField()


class TrackingNumberField(PatternField):
    pattern = rf"^{TRACKING_NUMBER}$"
    default_error_messages: ClassVar = {"invalid": TRACKING_NUMBER_WANTED}


class TrackingInput(StrictSerializer):
    carrier = serializers.CharField(max_length=60)
    number = TrackingNumberField(max_length=60)
    url = LinkField(required=False, allow_blank=True)


@extend_schema_serializer(
    examples=[
        OpenApiExample("Being packed", {"status": "processing"}, request_only=True),
        OpenApiExample(
            "Sent",
            {
                "status": "shipped",
                "tracking": {"carrier": "Delhivery", "number": "1490812345678", "url": "https://track.example/149"},
            },
            request_only=True,
        ),
    ]
)
class StatusInput(StrictSerializer):
    is_whole = True
    rules: ClassVar = {"dependentSchemas": {"tracking": {"properties": {"status": {"const": OrderStatus.SHIPPED}}}}}

    status = serializers.ChoiceField(choices=OrderStatus.choices)
    tracking = TrackingInput(required=False, help_text="With `shipped` only.")
    seller_order = serializers.IntegerField(
        min_value=1, max_value=LARGEST_ID, required=False, help_text="For admins: this part of the order alone."
    )

    def validate(self, data: dict) -> dict:
        if "tracking" in data and data["status"] != OrderStatus.SHIPPED:
            raise serializers.ValidationError({"tracking": "Only what is shipped can be tracked."})
        return data


@extend_schema_serializer(
    examples=[OpenApiExample("With a reason", {"reason": "Ordered by mistake"}, request_only=True)]
)
class CancelInput(StrictSerializer):
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class OrderSellerOutput(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class OrderItemOutput(serializers.Serializer):
    """A line as it was bought: title, price and picture do not follow later changes of the product."""

    id = serializers.IntegerField()
    product_id = serializers.IntegerField()
    variant_id = serializers.IntegerField()
    slug = serializers.CharField(help_text="Of the product, today.")
    title = serializers.CharField()
    variant = serializers.CharField(allow_blank=True)
    sku = serializers.CharField()
    image = serializers.URLField(allow_null=True, help_text="Fitted into 320×320.")
    unit_price = MoneyField()
    mrp = MoneyField()
    quantity = serializers.IntegerField(min_value=1)
    line_total = MoneyField()
    seller = OrderSellerOutput()


class StepOutput(serializers.Serializer):
    step = serializers.ChoiceField(choices=OrderStatus.choices)
    at = serializers.DateTimeField(allow_null=True, help_text="Null: not reached yet.")


class TrackingOutput(serializers.Serializer):
    carrier = serializers.CharField()
    number = serializers.CharField()
    url = serializers.URLField(allow_null=True)


class SellerOrderOutput(serializers.Serializer):
    """The part of an order that one seller ships."""

    id = serializers.IntegerField()
    seller = OrderSellerOutput()
    status = serializers.ChoiceField(choices=OrderStatus.choices)
    items = OrderItemOutput(many=True)
    subtotal = MoneyField()
    shipping = MoneyField()
    tracking = TrackingOutput(allow_null=True)
    timeline = StepOutput(many=True)


class AddressOutput(serializers.Serializer):
    full_name = serializers.CharField()
    phone = serializers.CharField()
    line1 = serializers.CharField()
    line2 = serializers.CharField(allow_blank=True)
    landmark = serializers.CharField(allow_blank=True)
    city = serializers.CharField()
    state = serializers.CharField()
    pincode = serializers.CharField()


@extend_schema_serializer(examples=[OpenApiExample("An order", ORDER, response_only=True)])
class OrderOutput(serializers.Serializer):
    """
    One order, one payment; each seller ships a part of it. The status is that of the least advanced part.

    A seller sees their own part alone: its lines, amounts, status and times.
    """

    id = serializers.IntegerField()
    number = serializers.CharField(help_text="For people.")
    status = serializers.ChoiceField(choices=OrderStatus.choices)
    payment_status = serializers.ChoiceField(choices=PaymentStatus.choices)
    items = OrderItemOutput(many=True)
    seller_orders = SellerOrderOutput(many=True)
    shipping_address = AddressOutput(
        allow_null=True,
        help_text="Null for a seller until the order is paid, and where a buyer left without paying for it.",
    )
    subtotal = MoneyField()
    shipping = MoneyField()
    total = MoneyField()
    currency = serializers.CharField()
    timeline = StepOutput(many=True, help_text="All steps; a cancelled order ends where it was cancelled.")
    razorpay_order_id = serializers.CharField(allow_null=True, help_text="Null until there is one, and for sellers.")
    can_cancel = serializers.BooleanField(help_text="By the caller, now.")
    created_at = serializers.DateTimeField()
    paid_at = serializers.DateTimeField(allow_null=True)
    processing_at = serializers.DateTimeField(allow_null=True)
    shipped_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)
    cancelled_at = serializers.DateTimeField(allow_null=True)


class BuyerOutput(serializers.Serializer):
    id = serializers.IntegerField()
    email = serializers.EmailField()
    full_name = serializers.CharField()


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "An order, for staff",
            {**ORDER, "buyer": {"id": 88, "email": "asha@example.in", "full_name": "Asha Rao"}},
            response_only=True,
        )
    ]
)
class AdminOrderOutput(OrderOutput):
    buyer = BuyerOutput()
