"""Checkout and payment. They stand below `/orders`, though orders know nothing of them."""

import uuid
from contextlib import suppress
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from cart.selectors import cart_id
from catalog.services import OutOfStock
from orders.api.render import order_json
from orders.api.serializers import OrderOutput
from orders.models import Order
from orders.selectors import orders_visible_to
from orders.services import CartChanged, EmptyCart, NotDeliverable, PriceChanged, place_order
from payments.api.serializers import (
    CheckoutInput,
    CheckoutOutput,
    EventInput,
    PaymentOutput,
    StatsOutput,
    VerifyInput,
    WebhookOutput,
)
from payments.gateway import BadSignature, GatewayRefused, GatewayUnavailable
from payments.selectors import shop_stats
from payments.services import NotPayable, confirm_payment, payment_form, receive_event
from pymart.common.api.idempotency import idempotent, remember, remembered
from pymart.common.api.permissions import IsAdmin, IsBuyer
from pymart.common.api.schema import raises
from pymart.common.api.serializers import validated
from pymart.common.api.views import ApiView
from pymart.common.errors import DomainError, NotAllowed, Unavailable


@extend_schema(tags=["orders"])
class Checkout(ApiView):
    permission_classes = [IsBuyer]

    @extend_schema(
        operation_id="orders_checkout",
        summary="Turn the cart into an order",
        description="The order holds its stock for 30 minutes and waits to be paid; the cart is empty then. A refusal "
        "names every line that cannot be had, and changes nothing.",
        request=CheckoutInput,
        responses={201: CheckoutOutput},
    )
    @raises(EmptyCart, OutOfStock, CartChanged, NotDeliverable, PriceChanged, Unavailable)
    @idempotent
    def post(self, request: Request) -> Response:
        data = validated(CheckoutInput, request)
        is_first_try = not remembered(request)
        order = place_order(
            buyer=request.user,
            address=data["shipping_address"],
            expected_total=data.get("expected_total"),
            cart_id=_remembered_cart(request),
        )
        payment = _payment(order, is_new=is_first_try)
        return Response({"order": order_json(order, request.user), "payment": payment}, status.HTTP_201_CREATED)


def _remembered_cart(request: Request) -> uuid.UUID | None:
    """
    Which cart this is about, for a request with a key: sent again after a crash it gets the order of that cart, and
    never makes one of a cart that was begun since.
    """
    if not hasattr(request, "idempotent"):
        return None
    if known := remembered(request):
        return uuid.UUID(known)
    found = cart_id(str(request.user.pk)) or uuid.uuid4()  # that of no cart: it is empty, and stays so for this request
    remember(request, found)
    return found


def _payment(order: Order, *, is_new: bool) -> dict[str, Any] | None:
    """The order stands whether or not Razorpay answers."""
    with suppress(DomainError):
        return payment_form(order, is_new=is_new and not order.razorpay_order_id).as_dict()
    return None


@extend_schema(tags=["orders"])
class Pay(ApiView):
    @extend_schema(
        operation_id="orders_pay",
        summary="Begin, or begin again, to pay a pending order",
        description="For its buyer. The Razorpay order is made, or found, where it is missing.",
        request=None,
        responses=PaymentOutput,
    )
    @raises(NotAllowed, NotPayable, GatewayUnavailable, GatewayRefused)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        return Response(payment_form(_own_order(request, pk)).as_dict())


@extend_schema(tags=["orders"])
class Verify(ApiView):
    @extend_schema(
        operation_id="orders_verify",
        summary="Hand in what Razorpay's checkout answered",
        description="For its buyer. The order is paid at once when the signature holds and the payment is captured. "
        "While Razorpay does not answer, the order keeps its stock and is paid as soon as it does.",
        request=VerifyInput,
        responses=OrderOutput,
    )
    @raises(NotAllowed, BadSignature)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        data = validated(VerifyInput, request)
        order = _own_order(request, pk)
        if data["razorpay_order_id"] != order.razorpay_order_id:
            raise BadSignature
        confirm_payment(order, payment_id=data["razorpay_payment_id"], signature=data["razorpay_signature"])
        order.refresh_from_db()
        return Response(order_json(order, request.user))


def _own_order(request: Request, pk: int) -> Order:
    """The order, if the caller bought it. Its sellers and staff, who may see it, get 403; everybody else 404."""
    visible = orders_visible_to(request.user).select_related("buyer")
    order: Order = get_object_or_404(visible, pk=pk)
    if order.buyer_id != request.user.pk:
        raise NotAllowed
    return order


def _header(name: str, pattern: str) -> OpenApiParameter:
    schema = {"type": "string", "pattern": pattern}
    return OpenApiParameter(name, schema, OpenApiParameter.HEADER, required=True)


class Webhook(ApiView):
    """Razorpay waits five seconds and repeats for a day: keep the event, answer, work later."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_scope = None

    @extend_schema(
        operation_id="orders_webhook",
        tags=["orders"],
        summary="For Razorpay: events of payments and refunds",
        description="The signature is the hexadecimal HMAC-SHA256 of the raw body with the webhook secret. Each event "
        "has its effect once, in whatever order they come.",
        request=EventInput,
        parameters=[
            _header("X-Razorpay-Signature", r"^[0-9a-f]{64}$"),
            _header("X-Razorpay-Event-Id", r"^[!-~]{1,80}$"),
        ],
        responses=WebhookOutput,
    )
    @raises(BadSignature)
    def post(self, request: Request) -> Response:
        receive_event(
            body=request.body,
            signature=request.META.get("HTTP_X_RAZORPAY_SIGNATURE", ""),
            event_id=request.META.get("HTTP_X_RAZORPAY_EVENT_ID", ""),
        )
        return Response({"status": "ok"})


class Stats(ApiView):
    permission_classes = [IsAdmin]

    @extend_schema(
        operation_id="admin_stats", tags=["admin"], summary="The shop in a few numbers", responses=StatsOutput
    )
    def get(self, request: Request) -> Response:
        return Response(shop_stats())
