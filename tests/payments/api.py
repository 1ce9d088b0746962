"""Payments in the API: what is sent, and what is read in its answers."""

from orders.models import Order
from tests.factories import ADDRESS
from tests.shop import fill_cart, make_variant

CHECKOUT, WEBHOOK = "/api/v1/orders/checkout", "/api/v1/orders/webhook"
BODY = {"shipping_address": ADDRESS}
KEY = {"Idempotency-Key": "0b7a-checkout"}


def errors(response) -> tuple[int, list[tuple[str, str | None]]]:
    return response.status_code, [(error["code"], error["attr"]) for error in response.json()["errors"]]


def checked_out(api, buyer, *variants) -> Order:
    fill_cart(buyer, *(variants or [make_variant(price="250.00")]))
    return Order.objects.get(pk=api.post(CHECKOUT, BODY).json()["order"]["id"])
