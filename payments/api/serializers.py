"""What goes in and what comes out of checkout and payment, and what staff see of the whole shop."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from accounts.models import Role
from catalog.models import ProductStatus
from orders.api.serializers import ADDRESS, ORDER, AddressInput, OrderOutput
from orders.states import OrderStatus
from pymart.common.api.serializers import MoneyField, StrictSerializer

_PAYMENT = {
    "key_id": "rzp_live_8Xk2mPqT5wLc9R",
    "razorpay_order_id": "order_RgT5kPq2mXw8aB",
    "amount": 119800,
    "currency": "INR",
    "name": "PyMart",
    "prefill": {"name": "Asha Rao", "email": "asha@example.in", "contact": "+919876543210"},
}
_STATS = {
    "revenue": {"this_month": "184250.00", "last_month": "167500.00", "change_percent": 10.0},
    "users": {"total": 1205, "buyers": 1190, "sellers": 12, "admins": 3},
    "orders": {
        "total": 640,
        "by_status": {"pending": 4, "paid": 21, "processing": 9, "shipped": 17, "delivered": 561, "cancelled": 28},
    },
    "products": {"by_status": {"draft": 11, "active": 402, "archived": 38}},
}


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "The cart, to this address", {"shipping_address": ADDRESS, "expected_total": "1198.00"}, request_only=True
        )
    ]
)
class CheckoutInput(StrictSerializer):
    shipping_address = AddressInput()
    expected_total = MoneyField(
        required=False, help_text="What the buyer was shown. Is it another by now, nothing is ordered."
    )


class PrefillOutput(serializers.Serializer):
    name = serializers.CharField()
    email = serializers.EmailField()
    contact = serializers.CharField()


@extend_schema_serializer(examples=[OpenApiExample("For Razorpay's SDK", _PAYMENT, response_only=True)])
class PaymentOutput(serializers.Serializer):
    """What Razorpay's checkout wants to know."""

    key_id = serializers.CharField()
    razorpay_order_id = serializers.CharField()
    amount = serializers.IntegerField(min_value=1, help_text="In paise.")
    currency = serializers.CharField()
    name = serializers.CharField(help_text="Of the shop.")
    prefill = PrefillOutput()


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "An order to pay",
            {
                "order": {
                    **ORDER,
                    "status": "pending",
                    "payment_status": "unpaid",
                    "paid_at": None,
                    "timeline": [{**step, "at": step["at"] if step["step"] == "pending" else None}
                                 for step in ORDER["timeline"]],
                },
                "payment": _PAYMENT,
            },
            response_only=True,
        )
    ]
)  # fmt: skip
class CheckoutOutput(serializers.Serializer):
    order = OrderOutput()
    payment = PaymentOutput(
        allow_null=True, help_text="Null: Razorpay did not answer. The order is kept; ask `/orders/{id}/pay`."
    )


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "From the checkout handler",
            {
                "razorpay_payment_id": "pay_RgT6sVb3nYx9cD",
                "razorpay_order_id": "order_RgT5kPq2mXw8aB",
                # pragma: allowlist nextline secret
                "razorpay_signature": "9ef4dffbfd84f1318f6739a3ce19f9d85851857ae648f114332d8401e0949a3d",
            },
            request_only=True,
        )
    ]
)
class VerifyInput(StrictSerializer):
    razorpay_payment_id = serializers.CharField(max_length=40)
    razorpay_order_id = serializers.CharField(max_length=40)
    razorpay_signature = serializers.CharField(max_length=128)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A payment", {"event": "payment.captured", "payload": {"payment": {"entity": {"id": "pay_RgT6sVb3nYx9cD"}}}}
        )
    ]
)
class EventInput(serializers.Serializer):
    """An event of Razorpay's. It may have other fields, too."""

    event = serializers.CharField()


@extend_schema_serializer(examples=[OpenApiExample("Kept", {"status": "ok"})])
class WebhookOutput(serializers.Serializer):
    status = serializers.ChoiceField(choices=["ok"])


class RevenueOutput(serializers.Serializer):
    """Of orders that were paid and not refunded, by months in India."""

    this_month = MoneyField()
    last_month = MoneyField()
    change_percent = serializers.FloatField(allow_null=True, help_text="Null after a month without any.")


class UserCountsOutput(serializers.Serializer):
    total = serializers.IntegerField()

    def get_fields(self) -> dict[str, serializers.Field]:
        return {**super().get_fields(), **{f"{role}s": serializers.IntegerField() for role in Role.values}}


class OrdersByStatusOutput(serializers.Serializer):
    def get_fields(self) -> dict[str, serializers.Field]:
        return {status: serializers.IntegerField() for status in OrderStatus.values}


class OrderCountsOutput(serializers.Serializer):
    total = serializers.IntegerField()
    by_status = OrdersByStatusOutput()


class ProductsByStatusOutput(serializers.Serializer):
    def get_fields(self) -> dict[str, serializers.Field]:
        return {status: serializers.IntegerField() for status in ProductStatus.values}


class ProductCountsOutput(serializers.Serializer):
    by_status = ProductsByStatusOutput()


@extend_schema_serializer(examples=[OpenApiExample("The shop today", _STATS, response_only=True)])
class StatsOutput(serializers.Serializer):
    revenue = RevenueOutput()
    users = UserCountsOutput()
    orders = OrderCountsOutput()
    products = ProductCountsOutput()
