from django.http import HttpRequest

from payments.sandbox import acquiring, entities
from payments.sandbox import refunds as refunding
from payments.sandbox.api import validation
from payments.sandbox.api.http import json_body
from payments.sandbox.api.refunds import parse
from payments.sandbox.entities import Entity
from payments.sandbox.models import Payment


def listing(request: HttpRequest) -> Entity:
    return entities.collection([entities.payment(row) for row in validation.page(request, Payment.objects.all())])


def fetch(request: HttpRequest, payment_id: str) -> Entity:
    return entities.payment(validation.find(Payment.objects.all(), payment_id))


def capture(request: HttpRequest, payment_id: str) -> Entity:
    payment = validation.find(Payment.objects.all(), payment_id)
    data = json_body(request)
    validation.only(data, "amount", "currency")
    amount = validation.amount(data)
    currency = validation.currency(data)
    return entities.payment(acquiring.capture_payment(payment.pk, amount=amount, currency=currency))


def refund(request: HttpRequest, payment_id: str) -> Entity:
    payment = validation.find(Payment.objects.all(), payment_id)
    key = request.headers.get("X-Refund-Idempotency")
    created = refunding.create_refund(payment_id=payment.pk, request=parse(json_body(request)), key=key)
    return entities.refund(created)


def refunds(request: HttpRequest, payment_id: str) -> Entity:
    payment = validation.find(Payment.objects.all(), payment_id)
    return entities.collection([entities.refund(row) for row in validation.page(request, payment.refunds.all())])
