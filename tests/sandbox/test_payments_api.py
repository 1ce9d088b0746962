"""Payments through the official SDK: entities, states, capture."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from razorpay.errors import BadRequestError

from payments.sandbox import acquiring, instruments
from payments.sandbox.errors import ORDER_IS_PAID, GatewayError
from payments.sandbox.models import Order, Payment

TIMEOUT = 10
NO_ERROR = dict.fromkeys(["error_code", "error_description", "error_source", "error_step", "error_reason"])


def fetch(client, payment: Payment) -> dict:
    return client.payment.fetch(payment.pk, timeout=TIMEOUT)


def test_a_captured_upi_payment_looks_as_documented(client, make_order, pay):
    order = make_order(118000)
    entity = fetch(client, pay(order))

    acquirer = entity.pop("acquirer_data")
    assert re.fullmatch(r"\d{12}", acquirer["rrn"])
    assert re.fullmatch(r"[0-9A-F]{32}", acquirer["upi_transaction_id"])
    assert re.fullmatch(r"pay_[A-Za-z0-9]{14}", entity.pop("id"))
    assert isinstance(entity.pop("created_at"), int)
    assert entity == NO_ERROR | {
        "entity": "payment",
        "amount": 118000,
        "currency": "INR",
        "status": "captured",
        "order_id": order.pk,
        "invoice_id": None,
        "international": False,
        "method": "upi",
        "amount_refunded": 0,
        "refund_status": None,
        "captured": True,
        "description": None,
        "card_id": None,
        "bank": None,
        "wallet": None,
        "vpa": "success@razorpay",
        "email": "asha@example.com",
        "contact": "+919999999999",
        "notes": [],
        "fee": 2785,
        "tax": 425,
        "upi": {"vpa": "success@razorpay"},
    }


def test_an_authorised_payment_has_no_fee_yet(client, make_order, pay):
    entity = fetch(client, pay(make_order(capture=Order.Capture.MANUAL)))
    assert (entity["status"], entity["captured"], entity["fee"], entity["tax"]) == ("authorized", False, None, None)


def test_a_failed_payment_says_why(client, make_order, start):
    entity = fetch(client, acquiring.fail_payment(start(make_order()).pk))

    assert (entity["status"], entity["captured"], entity["fee"]) == ("failed", False, None)
    assert {name: entity[name] for name in NO_ERROR} == {
        "error_code": "BAD_REQUEST_ERROR",
        "error_source": "gateway",
        "error_step": "payment_response",
        "error_reason": "payment_failed",
        "error_description": "Payment was unsuccessful due to a temporary issue. "
        "If amount got deducted, it will be refunded within 5-7 working days.",
    }


def test_a_card_payment_shows_the_card_but_never_its_number(client, make_order, pay):
    entity = fetch(client, pay(make_order(), instruments.card("6527658900001005")))

    assert entity["method"] == "card"
    assert re.fullmatch(r"card_[A-Za-z0-9]{14}", entity["card_id"])
    assert entity["card"]["id"] == entity["card_id"]
    assert (entity["card"]["last4"], entity["card"]["network"], entity["card"]["type"]) == ("1005", "RuPay", "debit")
    assert "auth_code" in entity["acquirer_data"]
    assert "6527658900001005" not in str(entity)


def test_a_netbanking_payment_names_the_bank(client, make_order, pay):
    entity = fetch(client, pay(make_order(), instruments.netbanking("SBIN")))
    assert (entity["method"], entity["bank"]) == ("netbanking", "SBIN")
    assert "bank_transaction_id" in entity["acquirer_data"]


def test_an_order_goes_from_created_over_attempted_to_paid(client, make_order, start):
    order = make_order()

    def state():
        entity = client.order.fetch(order.pk, timeout=TIMEOUT)
        return entity["status"], entity["attempts"], entity["amount_paid"], entity["amount_due"]

    assert state() == ("created", 0, 0, 118000)
    acquiring.fail_payment(start(order).pk)
    assert state() == ("attempted", 1, 0, 118000)
    acquiring.authorize_payment(start(order).pk)
    assert state() == ("paid", 2, 118000, 0)


def test_a_paid_order_takes_no_more_payments(make_order, pay, start):
    order = make_order()
    pay(order)
    with pytest.raises(GatewayError, match=re.escape(ORDER_IS_PAID)):
        start(order)


def test_no_second_attempt_while_a_payment_is_authorised(make_order, pay, start):
    order = make_order(capture=Order.Capture.MANUAL)
    pay(order)
    with pytest.raises(GatewayError, match="another payment on this order"):
        start(order)


def test_of_two_tabs_at_the_bank_only_one_pays(make_order, start):
    order = make_order()
    first, second = start(order), start(order)

    assert acquiring.authorize_payment(first.pk).status == "captured"
    declined = acquiring.authorize_payment(second.pk)
    assert (declined.status, declined.error["reason"]) == ("failed", "order_already_paid")
    assert declined.error["description"] == ORDER_IS_PAID


def test_the_bank_answers_once(make_order, start):
    payment = start(make_order())
    acquiring.authorize_payment(payment.pk)

    assert acquiring.fail_payment(payment.pk).status == "captured"
    assert acquiring.authorize_payment(payment.pk).status == "captured"
    assert Payment.objects.count() == 1


def test_capture_takes_what_was_authorised(client, make_order, pay):
    order = make_order(capture=Order.Capture.MANUAL)
    payment = pay(order)

    captured = client.payment.capture(payment.pk, 118000, {"currency": "INR"}, timeout=TIMEOUT)
    assert (captured["status"], captured["captured"], captured["fee"]) == ("captured", True, 2785)
    assert client.order.fetch(order.pk, timeout=TIMEOUT)["status"] == "paid"


@pytest.mark.parametrize("amount", [117999, 118001])
def test_another_amount_than_authorised_is_not_captured(client, make_order, pay, amount):
    payment = pay(make_order(capture=Order.Capture.MANUAL))
    with pytest.raises(BadRequestError, match=r"Capture amount must be equal to the amount authorized\."):
        client.payment.capture(payment.pk, amount, {"currency": "INR"}, timeout=TIMEOUT)


def test_capturing_twice_is_refused(client, make_order, pay):
    payment = pay(make_order())
    with pytest.raises(BadRequestError, match=re.escape(ORDER_IS_PAID)):
        client.payment.capture(payment.pk, 118000, {"currency": "INR"}, timeout=TIMEOUT)


def test_a_failed_payment_cannot_be_captured(client, make_order, start):
    payment = acquiring.fail_payment(start(make_order()).pk)
    with pytest.raises(BadRequestError, match="Only payments which have been authorized"):
        client.payment.capture(payment.pk, 118000, {"currency": "INR"}, timeout=TIMEOUT)


def test_the_sdk_readme_way_to_capture_is_refused_as_by_the_real_one(client, make_order, pay):
    payment = pay(make_order(capture=Order.Capture.MANUAL))
    with pytest.raises(BadRequestError, match=r"The amount must be an integer\."):
        client.payment.capture(payment.pk, {"amount": 118000, "currency": "INR"}, timeout=TIMEOUT)


def test_an_order_can_ask_for_manual_capture(client, pay):
    settings = {"capture": "manual", "capture_options": {"manual_expiry_period": 7200, "refund_speed": "normal"}}
    made = client.order.create(data={"amount": 50000, "currency": "INR", "payment": settings}, timeout=TIMEOUT)
    order = Order.objects.get(pk=made["id"])
    assert pay(order).status == "authorized"
    assert (order.capture, order.manual_expiry_minutes) == ("manual", 7200)


def test_payments_are_listed_newest_first(client, make_order, pay):
    first, second = pay(make_order()), pay(make_order())
    listed = client.payment.all({"count": 5}, timeout=TIMEOUT)
    assert [item["id"] for item in listed["items"]] == [second.pk, first.pk]


def test_a_payment_nobody_finishes_fails_after_ten_minutes(make_order, start):
    payment = start(make_order())

    acquiring.settle_due(timezone.now() + timedelta(minutes=9))
    payment.refresh_from_db()
    assert payment.status == "created"
    acquiring.settle_due(timezone.now() + timedelta(minutes=11))
    payment.refresh_from_db()
    assert (payment.status, payment.error["reason"]) == ("failed", "payment_timed_out")


def test_what_is_never_captured_goes_back_when_its_time_is_over(client, make_order, pay):
    payment = pay(make_order(capture=Order.Capture.MANUAL, manual_expiry_minutes=60))

    acquiring.settle_due(timezone.now() + timedelta(minutes=59))
    assert fetch(client, payment)["status"] == "authorized"
    acquiring.settle_due(timezone.now() + timedelta(minutes=61))
    entity = fetch(client, payment)
    assert (entity["status"], entity["refund_status"], entity["amount_refunded"]) == ("refunded", "full", 118000)
    assert entity["captured"] is False


def test_a_late_yes_of_the_bank_is_captured(make_order, start):
    payment = acquiring.fail_payment(start(make_order()).pk)

    late = acquiring.authorize_late(payment.pk)
    assert (late.status, late.error, late.order.status) == ("captured", {}, "paid")


def test_a_late_yes_after_the_window_waits_for_a_capture(make_order, start):
    order = make_order(automatic_expiry_minutes=12)
    payment = start(order)
    acquiring.fail_payment(payment.pk)
    Payment.objects.filter(pk=payment.pk).update(created_at=timezone.now() - timedelta(minutes=13))

    assert acquiring.authorize_late(payment.pk).status == "authorized"


def test_a_late_yes_for_a_paid_order_is_given_back_at_once(make_order, start, pay):
    order = make_order()
    late = acquiring.fail_payment(start(order).pk)
    pay(order)

    given_back = acquiring.authorize_late(late.pk)
    assert (given_back.status, given_back.refund_status, given_back.is_captured) == ("refunded", "full", False)
    assert list(order.events.values_list("name", flat=True)).count("refund.processed") == 1
