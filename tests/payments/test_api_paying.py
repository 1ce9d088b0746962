"""Paying an order over HTTP: by what an app hands in, and by the webhook; the sandbox is Razorpay."""

import hashlib
import hmac
import json

import pytest
from django.test import Client
from django.utils import timezone

from orders.models import Order
from payments.models import Payment, WebhookEvent
from payments.sandbox import faults
from payments.sandbox.faults import Kind
from payments.sandbox.models import Order as GatewayOrder
from payments.sandbox.signing import sign_checkout
from tests.api.conftest import as_user
from tests.factories import make_user
from tests.payments.api import KEY, WEBHOOK, checked_out, errors

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def buyer(till):
    return make_user(email="asha@example.com")


@pytest.fixture
def api(buyer):
    return as_user(buyer)


def handed_back(order: Order, payment_id: str, **changes: str) -> dict[str, str]:
    return {
        "razorpay_payment_id": payment_id,
        "razorpay_order_id": order.razorpay_order_id,
        "razorpay_signature": sign_checkout(order_id=order.razorpay_order_id, payment_id=payment_id),
        **changes,
    }


def test_paying_again_answers_with_the_same_razorpay_order(api, buyer):
    order = checked_out(api, buyer)
    payments = [api.post(f"/api/v1/orders/{order.pk}/pay", headers=KEY).json() for _ in range(2)]

    assert payments[0] == payments[1]
    assert payments[0]["razorpay_order_id"] == order.razorpay_order_id
    assert GatewayOrder.objects.count() == 1


def test_an_order_whose_time_is_over_cannot_be_paid(api, buyer):
    order = checked_out(api, buyer)
    Order.objects.update(expires_at=timezone.now())

    assert errors(api.post(f"/api/v1/orders/{order.pk}/pay")) == (409, [("not_payable", None)])


def test_a_payment_handed_in_pays_the_order_at_once_and_the_webhook_finds_it_done(api, buyer, till):
    order = checked_out(api, buyer)
    payment_id = till.pay(order)

    response = api.post(f"/api/v1/orders/{order.pk}/verify", handed_back(order, payment_id))

    assert response.status_code == 200
    assert (response.json()["status"], response.json()["payment_status"]) == ("paid", "paid")
    assert response.json()["paid_at"]
    till.deliver()
    assert api.post(f"/api/v1/orders/{order.pk}/verify", handed_back(order, payment_id)).status_code == 200
    assert order.events.filter(kind="paid").count() == 1
    assert Payment.objects.count() == 1


def test_a_payment_handed_in_again_with_its_key_gets_the_first_answer(api, buyer, till):
    order = checked_out(api, buyer)
    body = handed_back(order, till.pay(order))
    first, second = (api.post(f"/api/v1/orders/{order.pk}/verify", body, headers=KEY) for _ in range(2))

    assert first.json() == second.json()
    assert second["Idempotent-Replayed"] == "true"


def test_a_forged_or_borrowed_signature_pays_nothing(api, buyer, till):
    order, other = checked_out(api, buyer), checked_out(api, buyer)
    payment_id = till.pay(other)

    for body in (
        handed_back(order, payment_id, razorpay_signature="0" * 64),
        handed_back(other, payment_id),
        handed_back(other, payment_id, razorpay_order_id=order.razorpay_order_id),
        handed_back(order, payment_id, razorpay_signature="é"),
    ):
        assert errors(api.post(f"/api/v1/orders/{order.pk}/verify", body)) == (400, [("bad_signature", None)])
    order.refresh_from_db()
    assert (order.status, Payment.objects.count()) == ("pending", 0)


def test_while_the_gateway_is_down_a_payment_handed_in_keeps_the_stock(api, buyer, till):
    order = checked_out(api, buyer)
    payment_id = till.pay(order)
    faults.arm(Kind.BAD_GATEWAY)

    response = api.post(f"/api/v1/orders/{order.pk}/verify", handed_back(order, payment_id))

    assert (response.status_code, response.json()["status"]) == (200, "pending")
    faults.reset()
    till.deliver()
    assert api.get(f"/api/v1/orders/{order.pk}").json()["status"] == "paid"


@pytest.mark.parametrize("missing", ["razorpay_payment_id", "razorpay_order_id", "razorpay_signature"])
def test_an_incomplete_payment_is_refused(api, buyer, missing):
    order = checked_out(api, buyer)
    body = handed_back(order, "pay_1")
    del body[missing]

    assert errors(api.post(f"/api/v1/orders/{order.pk}/verify", body)) == (400, [("required", missing)])


def test_an_order_that_razorpay_does_not_know_yet_cannot_be_verified(api, buyer):
    order = checked_out(api, buyer)
    Order.objects.update(razorpay_order_id="")
    body = handed_back(order, "pay_1")

    assert errors(api.post(f"/api/v1/orders/{order.pk}/verify", body)) == (400, [("bad_signature", None)])


# Webhook


def test_a_webhook_is_taken_without_session_and_as_whatever_it_says_it_is(till, settings):
    body = json.dumps({"event": "invoice.paid", "payload": {}}).encode()
    signature = hmac.new(settings.RAZORPAY_WEBHOOK_SECRET.encode(), body, hashlib.sha256).hexdigest()
    headers = {"X-Razorpay-Signature": signature, "X-Razorpay-Event-Id": "evt_1"}

    first, second = (
        Client(headers=headers, enforce_csrf_checks=True).post(WEBHOOK, body, content_type=content_type)
        for content_type in ("application/json", "text/plain")
    )

    assert (first.status_code, first.json()) == (second.status_code, second.json()) == (200, {"status": "ok"})
    assert WebhookEvent.objects.get().body == body.decode()


@pytest.mark.parametrize("headers", [{}, {"X-Razorpay-Signature": "0" * 64, "X-Razorpay-Event-Id": "evt_1"}])
def test_a_forged_webhook_is_refused_in_the_shape_of_all_errors(till, headers):
    response = Client(headers=headers).post(WEBHOOK, b"{}", content_type="application/json")

    assert errors(response) == (400, [("bad_signature", None)])
    assert not WebhookEvent.objects.exists()


def test_the_webhook_pays_the_order(api, buyer, till):
    order = checked_out(api, buyer)
    till.pay(order)
    till.deliver()

    assert api.get(f"/api/v1/orders/{order.pk}").json()["status"] == "paid"


def test_what_was_paid_comes_back_after_cancelling(api, buyer, till):
    order = checked_out(api, buyer)
    api.post(f"/api/v1/orders/{order.pk}/verify", handed_back(order, till.pay(order)))

    assert api.post(f"/api/v1/orders/{order.pk}/cancel", {}).json()["payment_status"] == "refunding"
    till.refund()
    till.deliver()
    assert api.get(f"/api/v1/orders/{order.pk}").json()["payment_status"] == "refunded"
