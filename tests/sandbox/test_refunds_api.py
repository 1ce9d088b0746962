"""Refunds through the official SDK: arithmetic, idempotency, states."""

import re
import uuid
from datetime import timedelta

import psycopg
import pytest
import requests
from django.db import connection
from django.utils import timezone
from razorpay.errors import BadRequestError

from payments.sandbox import faults, refunds
from payments.sandbox.faults import Kind
from payments.sandbox.models import Payment, Refund
from tests.sandbox.conftest import KEY

TIMEOUT = 10


@pytest.fixture
def payment(make_order, pay) -> Payment:
    return pay(make_order(118000))


@pytest.fixture
def refund(client, payment):
    def refund(key: str | None = None, **data) -> dict:
        headers = {"X-Refund-Idempotency": key} if key is not None else {}
        return client.payment.refund(payment.pk, data, headers=headers, timeout=TIMEOUT)

    return refund


@pytest.fixture
def post(gateway_url, payment):
    """The raw answer, for what the SDK hides."""

    def post(data: object, **headers: str) -> requests.Response:
        url = f"{gateway_url}/v1/payments/{payment.pk}/refund"
        return requests.post(url, json=data, headers=headers, auth=KEY, timeout=TIMEOUT)

    return post


def test_a_refund_looks_as_documented(refund, payment):
    entity = refund(amount=50000, speed="normal", receipt="RF-1", notes={"why": "damaged"})

    assert re.fullmatch(r"rfnd_[A-Za-z0-9]{14}", entity.pop("id"))
    assert isinstance(entity.pop("created_at"), int)
    assert re.fullmatch(r"\d{23}", entity.pop("acquirer_data")["arn"])
    assert entity == {
        "entity": "refund",
        "amount": 50000,
        "currency": "INR",
        "payment_id": payment.pk,
        "notes": {"why": "damaged"},
        "receipt": "RF-1",
        "batch_id": None,
        "status": "processed",
        "speed_processed": "normal",
        "speed_requested": "normal",
    }


def test_without_an_amount_all_that_is_left_goes_back(refund, client, payment):
    refund(amount=18000)
    assert refund()["amount"] == 100000
    assert client.payment.fetch(payment.pk, timeout=TIMEOUT)["status"] == "refunded"


def test_parts_add_up(refund, client, payment):
    def state():
        entity = client.payment.fetch(payment.pk, timeout=TIMEOUT)
        return entity["status"], entity["amount_refunded"], entity["refund_status"], entity["captured"]

    assert state() == ("captured", 0, None, True)
    first = refund(amount=18000)
    assert state() == ("captured", 18000, "partial", True)
    second = refund(amount=100000)
    assert state() == ("refunded", 118000, "full", True)
    assert client.order.fetch(payment.order_id, timeout=TIMEOUT)["status"] == "paid"
    listed = client.payment.fetch_multiple_refund(payment.pk, timeout=TIMEOUT)
    assert [item["id"] for item in listed["items"]] == [second["id"], first["id"]]


def test_more_than_what_is_left_is_refused(refund):
    refund(amount=18000)
    with pytest.raises(BadRequestError, match=r"The refund amount provided is greater than amount captured\."):
        refund(amount=100001)


def test_after_a_full_refund_nothing_more(refund):
    refund()
    with pytest.raises(BadRequestError, match=r"The payment has been fully refunded already\."):
        refund(amount=100)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"amount": 99}, "The amount must be at least INR 1.00."),
        ({"amount": 100.5}, "The amount must be an integer."),
        ({"amount": 500, "reason": "x"}, "reason is/are not required and should not be sent"),
        ({"amount": 500, "a": 1, "b": 2}, "a, b is/are not required and should not be sent"),
        ({"speed": "fast"}, "The selected speed is invalid."),
        (500, "The request body must be a JSON object."),
    ],
)
def test_wrong_fields_are_refused(post, data, text):
    response = post(data)
    assert response.status_code == 400
    assert response.json()["error"]["description"] == text
    assert not Refund.objects.exists()


def test_only_captured_payments_are_refunded(client, make_order, start):
    with pytest.raises(BadRequestError, match="status should be captured"):
        client.payment.refund(start(make_order()).pk, {}, timeout=TIMEOUT)


def test_after_six_months_only_an_instant_refund_goes_through(refund, payment):
    Payment.objects.filter(pk=payment.pk).update(created_at=timezone.now() - timedelta(days=183))
    with pytest.raises(BadRequestError, match="because the payment is more than 6 months old"):
        refund(amount=500)
    instant = refund(amount=500, speed="optimum")
    assert (instant["speed_requested"], instant["speed_processed"]) == ("optimum", "instant")


def test_the_same_key_is_the_same_refund(refund):
    key = str(uuid.uuid4())
    first = refund(key, amount=50000)

    assert refund(key, amount=50000) == first
    assert Refund.objects.count() == 1
    assert refund(str(uuid.uuid4()), amount=50000)["id"] != first["id"]


def test_the_same_key_with_another_body_is_a_409(post):
    key = str(uuid.uuid4())
    post({"amount": 50000}, **{"X-Refund-Idempotency": key})
    response = post({"amount": 50001}, **{"X-Refund-Idempotency": key})

    assert response.status_code == 409
    assert response.json()["error"] == {
        "code": "BAD_REQUEST_ERROR",
        "description": "Different request with the same idempotency key has already been processed.",
        "source": "NA",
        "step": "NA",
        "reason": "NA",
        "metadata": {},
    }


def test_the_same_key_while_the_first_request_runs_is_a_409(post):
    key = str(uuid.uuid4())
    parameters = connection.get_connection_params()
    wanted = {name: parameters[name] for name in ("dbname", "user", "password", "host", "port") if name in parameters}
    with psycopg.connect(**wanted) as other:
        other.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [refunds.lock_name(key)])
        response = post({"amount": 50000}, **{"X-Refund-Idempotency": key})
        assert response.status_code == 409
        assert response.json()["error"]["description"] == (
            "Another request with the same idempotency key is still in progress."
        )
        assert not Refund.objects.exists()
    assert post({"amount": 50000}, **{"X-Refund-Idempotency": key}).status_code == 200


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("short-key", "The idempotency key must be at least 10 characters long."),
        (
            "refund:with:colons",
            "The idempotency key must only contain alphanumeric characters, underscores, and hyphens",
        ),
    ],
)
def test_keys_have_a_form(post, key, text):
    response = post({"amount": 500}, **{"X-Refund-Idempotency": key})
    assert (response.status_code, response.json()["error"]["description"]) == (400, text)


def test_a_refused_request_does_not_use_up_its_key(refund):
    key = str(uuid.uuid4())
    with pytest.raises(BadRequestError):
        refund(key, amount=999999)
    assert refund(key, amount=500)["status"] == "processed"


def test_a_pending_refund_is_processed_later(refund, client, payment):
    faults.arm(Kind.REFUND_PENDING, times=1, seconds=60)
    pending = refund(amount=500)
    assert (pending["status"], pending["acquirer_data"]) == ("pending", {"arn": None})
    assert client.payment.fetch(payment.pk, timeout=TIMEOUT)["amount_refunded"] == 500

    refunds.settle_due(timezone.now() + timedelta(seconds=59))
    assert client.refund.fetch(pending["id"], timeout=TIMEOUT)["status"] == "pending"
    refunds.settle_due(timezone.now() + timedelta(seconds=61))
    assert client.refund.fetch(pending["id"], timeout=TIMEOUT)["status"] == "processed"
    assert refund(amount=500)["status"] == "processed"


def test_a_refund_can_wait_for_a_hand(refund, client):
    faults.arm(Kind.REFUND_PENDING)
    pending = refund(amount=500)
    refunds.settle_due(timezone.now() + timedelta(days=30))
    assert client.refund.fetch(pending["id"], timeout=TIMEOUT)["status"] == "pending"

    refunds.process_refund(pending["id"])
    assert client.refund.fetch(pending["id"], timeout=TIMEOUT)["status"] == "processed"


def test_a_failed_refund_can_be_tried_again(refund, client, payment):
    faults.arm(Kind.REFUND_FAILS, times=1, seconds=0)
    failing = refund()
    assert failing["status"] == "pending"
    assert client.payment.fetch(payment.pk, timeout=TIMEOUT)["status"] == "refunded"

    refunds.settle_due(timezone.now())
    assert client.refund.fetch(failing["id"], timeout=TIMEOUT)["status"] == "failed"
    entity = client.payment.fetch(payment.pk, timeout=TIMEOUT)
    assert (entity["status"], entity["amount_refunded"], entity["refund_status"]) == ("captured", 0, None)
    assert refund()["status"] == "processed"


def test_what_is_settled_stays_settled(refund):
    done = refund(amount=500)
    assert refunds.fail_refund(done["id"]).status == "processed"
    assert refunds.process_refund(done["id"]).status == "processed"


def test_only_the_notes_of_a_refund_can_be_changed(refund, client):
    made = refund(amount=500)
    assert made["notes"] == []
    assert client.refund.edit(made["id"], {"notes": {"a": "b"}}, timeout=TIMEOUT) == made | {"notes": {"a": "b"}}
    assert client.refund.all(timeout=TIMEOUT)["items"][0]["id"] == made["id"]
    with pytest.raises(BadRequestError, match="amount is/are not required"):
        client.refund.edit(made["id"], {"amount": 1}, timeout=TIMEOUT)
