import re

import pytest
import razorpay
import requests
from razorpay.errors import BadRequestError

from payments.sandbox.models import Order
from tests.sandbox.conftest import KEY

ORDER = {"amount": 118000, "currency": "INR", "receipt": "PM-1001"}
TIMEOUT = 10


def test_an_order_comes_back_as_documented(client):
    order = client.order.create(data=dict(ORDER), timeout=TIMEOUT)

    created_at, order_id = order.pop("created_at"), order.pop("id")
    assert re.fullmatch(r"order_[A-Za-z0-9]{14}", order_id)
    assert isinstance(created_at, int)
    assert order == {
        "entity": "order",
        "amount": 118000,
        "amount_paid": 0,
        "amount_due": 118000,
        "currency": "INR",
        "receipt": "PM-1001",
        "offer_id": None,
        "status": "created",
        "attempts": 0,
        "notes": [],
    }


def test_notes_come_back_as_an_object_when_there_are_some(client):
    order = client.order.create(data={**ORDER, "notes": {"order": "PM-1001"}}, timeout=TIMEOUT)

    assert order["notes"] == {"order": "PM-1001"}
    assert client.order.fetch(order["id"], timeout=TIMEOUT) == order


def test_only_the_notes_of_an_order_can_be_changed(client):
    order = client.order.create(data=dict(ORDER), timeout=TIMEOUT)

    edited = client.order.edit(order["id"], {"notes": {"a": "b"}}, timeout=TIMEOUT)
    assert edited == {**order, "notes": {"a": "b"}}
    with pytest.raises(BadRequestError, match="amount is/are not required and should not be sent"):
        client.order.edit(order["id"], {"amount": 500}, timeout=TIMEOUT)


def test_orders_are_found_by_receipt(client):
    wanted = client.order.create(data=dict(ORDER), timeout=TIMEOUT)
    client.order.create(data={**ORDER, "receipt": "PM-1002"}, timeout=TIMEOUT)

    found = client.order.all({"receipt": "PM-1001"}, timeout=TIMEOUT)
    assert found == {"entity": "collection", "count": 1, "items": [wanted]}
    assert client.order.all({"receipt": "PM-9"}, timeout=TIMEOUT)["items"] == []


def test_lists_are_ten_long_newest_first_and_can_be_paged(client, make_order):
    made = [make_order(receipt=f"PM-{number}") for number in range(12)]
    newest_first = [order.pk for order in reversed(made)]

    def ids(**query):
        return [item["id"] for item in client.order.all(query, timeout=TIMEOUT)["items"]]

    assert ids() == newest_first[:10]
    assert ids(count=3, skip=10) == newest_first[10:]
    moment = int(made[0].created_at.timestamp())
    assert ids(**{"from": moment - 5, "to": moment + 60, "count": 100}) == newest_first
    assert ids(to=moment - 5) == []
    with pytest.raises(BadRequestError, match="The count may not be greater than 100"):
        ids(count=101)


@pytest.mark.parametrize(
    ("change", "field", "text"),
    [
        ({"amount": 99}, "amount", "The amount must be at least INR 1.00"),
        ({"amount": 100.5}, "amount", "The amount must be an integer."),
        ({"amount": "many"}, "amount", "The amount must be an integer."),
        ({"amount": True}, "amount", "The amount must be an integer."),
        ({"amount": None}, "amount", "The amount field is required."),
        ({"currency": None}, "currency", "The currency field is required."),
        ({"receipt": "R" * 41}, "receipt", "The receipt may not be greater than 40 characters."),
        ({"notes": {str(n): "x" for n in range(16)}}, "notes", "Number of fields in notes should be less than"),
        ({"notes": {"a": "x" * 257}}, "notes", "Notes key and value may not be greater than 256 characters."),
        ({"amount": "१०००"}, "amount", "The amount must be an integer."),
        ({"payment": {"capture": "manual", "capture_options": 5}}, "capture_options", "must be an array"),
        ({"payment": {"capture": "perhaps"}}, "capture", "The capture field must be automatic or manual."),
        (
            {"payment": {"capture": "manual", "capture_options": {"manual_expiry_period": 11}}},
            "manual_expiry_period",
            "must be between 12 and 7200",
        ),
    ],
)
def test_wrong_fields_are_refused_word_for_word(gateway_url, change, field, text):
    response = requests.post(f"{gateway_url}/v1/orders", json={**ORDER, **change}, auth=KEY, timeout=TIMEOUT)

    assert response.status_code == 400
    error = response.json()["error"]
    assert text in error.pop("description")
    assert error == {
        "code": "BAD_REQUEST_ERROR",
        "source": "business",
        "step": "payment_initiation",
        "reason": "input_validation_failed",
        "metadata": {},
        "field": field,
    }
    assert not Order.objects.exists()


def test_the_longest_receipt_and_notes_are_taken(client):
    notes = {f"{n:0256}": "x" * 256 for n in range(15)}
    order = client.order.create(data={**ORDER, "receipt": "R" * 40, "notes": notes}, timeout=TIMEOUT)
    assert order["notes"] == notes


@pytest.mark.parametrize("auth", [(KEY[0], "wrong"), ("rzp_test_other", KEY[1]), None, ("", "")])
def test_wrong_keys_are_refused(gateway_url, auth):
    response = requests.post(f"{gateway_url}/v1/orders", json=ORDER, auth=auth, timeout=TIMEOUT)

    assert response.status_code == 401
    assert response.json()["error"]["description"] == "Authentication failed"
    assert response.json()["error"]["code"] == "BAD_REQUEST_ERROR"


def test_the_sdk_turns_wrong_keys_into_a_bad_request(gateway_url):
    client = razorpay.Client(auth=(KEY[0], "wrong"), base_url=gateway_url)
    with pytest.raises(BadRequestError, match="Authentication failed"):
        client.order.create(data=dict(ORDER), timeout=TIMEOUT)


@pytest.mark.parametrize(
    ("method", "path", "text"),
    [
        ("GET", "/v1/orders/order_AAAAAAAAAAAAAA", "The id provided does not exist"),
        ("GET", "/v1/orders/order_A-AAAAAAAAAAAA", "order_A-AAAAAAAAAAAA is not a valid id"),
        ("GET", "/v1/orders/pay_AAAAAAAAAAAAAA", "pay_AAAAAAAAAAAAAA is not a valid id"),
        ("GET", "/v1/payments/pay_AAAAAAAAAAAAAA", "The id provided does not exist"),
        ("GET", "/v1/refunds/rfnd_AAAAAAAAAAAAAA", "The id provided does not exist"),
        ("GET", "/v1/nothing/here", "The requested URL was not found on the server."),
        ("DELETE", "/v1/orders", "The requested URL was not found on the server."),
        ("GET", "/v1/payments/pay_AAAAAAAAAAAAAA/refund", "The requested URL was not found on the server."),
    ],
)
def test_what_is_not_there_is_a_400(gateway_url, method, path, text):
    response = requests.request(method, gateway_url + path, auth=KEY, timeout=TIMEOUT)

    assert response.status_code == 400
    assert response.json()["error"]["description"] == text


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b'"text"', rb'{"receipt": "\u0000"}'])
def test_a_body_that_is_no_json_object_is_refused(gateway_url, body):
    response = requests.post(f"{gateway_url}/v1/orders", data=body, auth=KEY, timeout=TIMEOUT)
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "BAD_REQUEST_ERROR"


def test_every_attempt_is_listed_with_its_order(client, make_order, start, pay):
    from payments.sandbox import acquiring

    order = make_order()
    failed = acquiring.fail_payment(start(order).pk)
    paid = pay(order)

    listed = client.order.payments(order.pk, timeout=TIMEOUT)
    assert [(item["id"], item["status"]) for item in listed["items"]] == [
        (paid.pk, "captured"),
        (failed.pk, "failed"),
    ]
