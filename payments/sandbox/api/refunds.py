from typing import Any

from django.http import HttpRequest

from payments.sandbox import entities
from payments.sandbox.api import validation
from payments.sandbox.api.http import json_body
from payments.sandbox.entities import Entity
from payments.sandbox.errors import invalid
from payments.sandbox.models import Refund
from payments.sandbox.refunds import RefundRequest


def listing(request: HttpRequest) -> Entity:
    return entities.collection([entities.refund(row) for row in validation.page(request, Refund.objects.all())])


def fetch(request: HttpRequest, refund_id: str) -> Entity:
    return entities.refund(validation.find(Refund.objects.all(), refund_id))


def edit(request: HttpRequest, refund_id: str) -> Entity:
    refund = validation.find(Refund.objects.all(), refund_id)
    data = json_body(request)
    validation.only(data, "notes")
    refund.notes = validation.notes(data)
    refund.save(update_fields=["notes"])
    return entities.refund(refund)


def parse(data: dict[str, Any]) -> RefundRequest:
    validation.only(data, "amount", "speed", "receipt", "notes")
    speed = data.get("speed", "normal")
    if speed not in ("normal", "optimum"):
        raise invalid("The selected speed is invalid.", "speed")
    too_small = "The amount must be at least INR 1.00."
    amount = validation.amount(data, too_small=too_small) if data.get("amount") is not None else None
    return RefundRequest(amount, speed, validation.receipt(data), validation.notes(data))
