from typing import Any

from django.http import HttpRequest

from payments.sandbox import entities
from payments.sandbox.api import validation
from payments.sandbox.api.http import json_body
from payments.sandbox.entities import Entity
from payments.sandbox.errors import invalid
from payments.sandbox.models import Order

FIELDS = ("amount", "currency", "receipt", "notes", "partial_payment", "payment")


def create(request: HttpRequest) -> Entity:
    data = json_body(request)
    validation.only(data, *FIELDS)
    if data.get("partial_payment"):
        raise invalid("Partial payment is not enabled for the merchant.", "partial_payment")
    order = Order(
        amount=validation.amount(data),
        currency=validation.currency(data),
        receipt=validation.receipt(data),
        notes=validation.notes(data),
        **_capture_settings(data.get("payment")),
    )
    order.save(force_insert=True)
    return entities.order(order)


def listing(request: HttpRequest) -> Entity:
    orders = Order.objects.all()
    if receipt := request.GET.get("receipt"):
        orders = orders.filter(receipt=receipt)
    if authorized := request.GET.get("authorized"):
        with_authorized = orders.filter(payments__status="authorized").values("pk")
        orders = orders.filter(pk__in=with_authorized) if authorized == "1" else orders.exclude(pk__in=with_authorized)
    return entities.collection([entities.order(order) for order in validation.page(request, orders)])


def fetch(request: HttpRequest, order_id: str) -> Entity:
    return entities.order(validation.find(Order.objects.all(), order_id))


def edit(request: HttpRequest, order_id: str) -> Entity:
    order = validation.find(Order.objects.all(), order_id)
    data = json_body(request)
    validation.only(data, "notes")
    order.notes = validation.notes(data)
    order.save(update_fields=["notes"])
    return entities.order(order)


def payments(request: HttpRequest, order_id: str) -> Entity:
    order = validation.find(Order.objects.all(), order_id)
    return entities.collection([entities.payment(payment) for payment in order.payments.all()])


def _capture_settings(value: Any) -> dict[str, Any]:
    """The order's own word on capture: how, and for how many minutes a payment may wait (12 to 7200)."""
    if value is None:
        return {}
    if not isinstance(value, dict) or value.get("capture") not in Order.Capture.values:
        raise invalid("The capture field must be automatic or manual.", "capture")
    options = value.get("capture_options") or {}
    if not isinstance(options, dict):
        raise invalid("The capture options must be an array.", "capture_options")
    settings: dict[str, Any] = {"capture": value["capture"]}
    for name, column in (
        ("automatic_expiry_period", "automatic_expiry_minutes"),
        ("manual_expiry_period", "manual_expiry_minutes"),
    ):
        if name in options:
            minutes = options[name]
            if not isinstance(minutes, int) or not 12 <= minutes <= 7200:
                raise invalid(f"The {name} must be between 12 and 7200.", name)
            settings[column] = minutes
    return settings
