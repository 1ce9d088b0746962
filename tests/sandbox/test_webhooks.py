"""What the shop's server hears, by real HTTP."""

import json
import logging
import re
import time
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from payments.sandbox import acquiring, faults, refunds, webhooks
from payments.sandbox.faults import Kind
from payments.sandbox.models import Delivery, Order
from payments.sandbox.refunds import RefundRequest
from payments.sandbox.signing import sign

DAY = timedelta(hours=24)


def deliver(receiver) -> list[str]:
    """Send what is due; the names of the events that arrived by it."""
    before = len(receiver.hooks)
    webhooks.deliver_due()
    return [json.loads(hook.body)["event"] for hook in receiver.hooks[before:]]


def last(receiver) -> dict:
    return json.loads(receiver.hooks[-1].body)


def test_a_payment_is_told_as_authorised_captured_and_order_paid(receiver, client, make_order, pay):
    order = make_order()
    payment = pay(order)

    assert deliver(receiver) == ["payment.authorized", "payment.captured", "order.paid"]
    authorized, captured, paid = (json.loads(hook.body) for hook in receiver.hooks)
    assert isinstance(paid.pop("created_at"), int)
    assert re.fullmatch(r"acc_[A-Za-z0-9]{14}", paid.pop("account_id"))
    assert paid == {
        "entity": "event",
        "event": "order.paid",
        "contains": ["payment", "order"],
        "payload": {
            "payment": {"entity": client.payment.fetch(payment.pk, timeout=10)},
            "order": {"entity": client.order.fetch(order.pk, timeout=10)},
        },
    }
    assert captured["contains"] == ["payment"]
    assert captured["payload"]["payment"]["entity"]["status"] == "captured"
    assert authorized["payload"]["payment"]["entity"]["status"] == "authorized"
    assert authorized["payload"]["payment"]["entity"]["fee"] is None


def test_the_body_is_compact_and_signed_with_the_webhook_secret(receiver, client, settings, make_order, pay):
    pay(make_order())
    deliver(receiver)

    hook = receiver.hooks[0]
    assert b": " not in hook.body
    assert b"\n" not in hook.body
    assert hook.headers["content-type"] == "application/json"
    assert hook.signature == sign(hook.body.decode(), settings.RAZORPAY_WEBHOOK_SECRET)
    assert client.utility.verify_webhook_signature(hook.body.decode(), hook.signature, settings.RAZORPAY_WEBHOOK_SECRET)
    event_ids = [hook.event_id for hook in receiver.hooks]
    assert len(set(event_ids)) == 3
    assert all(re.fullmatch(r"[A-Za-z0-9]{14}", event_id) for event_id in event_ids)
    assert event_ids[0] not in hook.body.decode()


def test_a_failure_is_told(receiver, make_order, start):
    acquiring.fail_payment(start(make_order()).pk, reason="invalid_otp")

    assert deliver(receiver) == ["payment.failed"]
    entity = last(receiver)["payload"]["payment"]["entity"]
    assert (entity["status"], entity["error_reason"]) == ("failed", "invalid_otp")


def test_a_refund_is_told_with_its_payment(receiver, make_order, pay):
    payment = pay(make_order())
    deliver(receiver)
    refund = refunds.create_refund(payment_id=payment.pk, request=RefundRequest(amount=50000))

    assert deliver(receiver) == ["refund.created", "refund.processed"]
    event = last(receiver)
    assert event["contains"] == ["refund", "payment"]
    assert event["payload"]["refund"]["entity"]["id"] == refund.pk
    assert event["payload"]["refund"]["entity"]["status"] == "processed"
    paid = event["payload"]["payment"]["entity"]
    assert (paid["amount_refunded"], paid["refund_status"], paid["status"]) == (50000, "partial", "captured")


def test_a_pending_refund_is_told_in_two_steps(receiver, make_order, pay):
    payment = pay(make_order())
    deliver(receiver)
    faults.arm(Kind.REFUND_PENDING)
    refund = refunds.create_refund(payment_id=payment.pk, request=RefundRequest())
    assert deliver(receiver) == ["refund.created"]
    assert last(receiver)["payload"]["refund"]["entity"]["status"] == "pending"
    refunds.process_refund(refund.pk)
    assert deliver(receiver) == ["refund.processed"]


def test_a_failing_refund_is_told_and_undone(receiver, make_order, pay):
    payment = pay(make_order())
    deliver(receiver)
    faults.arm(Kind.REFUND_FAILS, seconds=0)
    refunds.create_refund(payment_id=payment.pk, request=RefundRequest())

    assert deliver(receiver) == ["refund.created", "refund.failed"]
    entity = last(receiver)["payload"]["payment"]["entity"]
    assert (entity["status"], entity["amount_refunded"]) == ("captured", 0)


@pytest.mark.parametrize("answer", [500, 302, 404])
def test_anything_but_2xx_is_tried_again_with_the_same_id_and_body(receiver, make_order, start, answer):
    acquiring.fail_payment(start(make_order()).pk)
    receiver.answers = [answer, 204]
    now = timezone.now()

    assert webhooks.deliver_due(now) == 1
    assert webhooks.deliver_due(now + timedelta(seconds=9)) == 0
    assert webhooks.deliver_due(now + timedelta(seconds=11)) == 1
    assert webhooks.deliver_due(now + DAY) == 0
    first, second = receiver.hooks
    assert (first.event_id, first.body, first.signature) == (second.event_id, second.body, second.signature)
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.attempts, delivery.response_status) == ("delivered", 2, 204)


def test_pauses_double_up_to_an_hour_and_end_after_a_day(receiver, make_order, start, caplog):
    acquiring.fail_payment(start(make_order()).pk)
    receiver.answers = [500] * 1000
    begin = moment = timezone.now()
    pauses = []
    while Delivery.objects.get().status == "pending":
        webhooks.deliver_due(moment)
        delivery = Delivery.objects.get()
        pauses.append(round((delivery.next_attempt_at - moment).total_seconds()))
        moment = max(delivery.next_attempt_at, moment)

    assert pauses[:9] == [10, 20, 40, 80, 160, 320, 640, 1280, 2560]
    assert set(pauses[9:-1]) == {3600}
    assert timedelta(hours=24) < moment - begin <= timedelta(hours=26)
    assert Delivery.objects.get().status == "abandoned"
    assert "given up" in caplog.text


def test_a_receiver_that_does_not_answer_is_left_after_the_timeout(receiver, monkeypatch, make_order, start):
    monkeypatch.setattr(webhooks, "TIMEOUT_SECONDS", 0.2)
    acquiring.fail_payment(start(make_order()).pk)
    receiver.pause = 30

    began = time.monotonic()
    webhooks.deliver_due()
    assert time.monotonic() - began < 5
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.response_status, delivery.detail) == ("pending", None, "ReadTimeout")


def test_the_timeout_is_five_seconds():
    assert webhooks.TIMEOUT_SECONDS == 5


def test_a_receiver_that_is_not_there_is_tried_again(settings, make_order, start):
    settings.RAZORPAY_SANDBOX_WEBHOOK_URL = "http://127.0.0.1:9/hook"
    acquiring.fail_payment(start(make_order()).pk)

    assert webhooks.deliver_due() == 1
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.attempts, delivery.detail) == ("pending", 1, "ConnectionError")


def test_an_event_belongs_to_its_step(receiver, make_order, start):
    """A step that is rolled back leaves no event."""
    order = make_order()
    payment = start(order)
    with transaction.atomic():
        acquiring.authorize_payment(payment.pk)
        transaction.set_rollback(True)
    assert deliver(receiver) == []


def test_a_worker_is_asked_once_the_step_is_committed(
    monkeypatch, make_order, start, django_capture_on_commit_callbacks
):
    asked = []
    monkeypatch.setattr("payments.sandbox.events.request_delivery", lambda: asked.append("now"))
    payment = start(make_order())
    with django_capture_on_commit_callbacks(execute=True):
        acquiring.fail_payment(payment.pk)
        assert asked == []
    assert asked == ["now"]


def test_without_a_broker_the_step_still_succeeds(
    monkeypatch, caplog, make_order, start, django_capture_on_commit_callbacks
):
    def no_broker(*args, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.undo()
    monkeypatch.setattr("payments.sandbox.events.current_app.send_task", no_broker, raising=False)
    payment = start(make_order())
    with caplog.at_level(logging.ERROR), django_capture_on_commit_callbacks(execute=True):
        assert acquiring.fail_payment(payment.pk).status == "failed"
    assert Delivery.objects.get().status == "pending"


def test_the_task_does_the_same(receiver, make_order, start):
    from payments.sandbox.tasks import deliver_webhooks

    acquiring.fail_payment(start(make_order()).pk)
    assert deliver_webhooks() == 1
    assert deliver_webhooks.name == "sandbox.deliver_webhooks"


def test_an_event_can_be_sent_again_with_its_old_id(receiver, make_order, start):
    acquiring.fail_payment(start(make_order()).pk)
    deliver(receiver)
    webhooks.redeliver(Delivery.objects.get().event)

    assert deliver(receiver) == ["payment.failed"]
    assert receiver.hooks[0].event_id == receiver.hooks[1].event_id


def test_all_events_of_an_order_can_be_sent_again_last_first(receiver, make_order, pay):
    order = make_order(capture=Order.Capture.MANUAL)
    payment = pay(order)
    acquiring.capture_payment(payment.pk)
    assert deliver(receiver) == ["payment.authorized", "payment.captured", "order.paid"]

    webhooks.redeliver_in_reverse(order.pk)
    assert deliver(receiver) == ["order.paid", "payment.captured", "payment.authorized"]
