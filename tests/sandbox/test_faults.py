"""Each knob does what its card on the dashboard says, as often as it says."""

import json
import time
from datetime import timedelta

import pytest
import requests
from django.utils import timezone
from razorpay.errors import ServerError

from payments.sandbox import acquiring, faults, webhooks
from payments.sandbox.faults import Kind
from payments.sandbox.models import Delivery, Order, Payment
from payments.sandbox.signing import sign

ORDER = {"amount": 50000, "currency": "INR", "receipt": "PM-1"}
TIMEOUT = 10


@pytest.fixture
def create(client):
    def create(timeout: float = TIMEOUT) -> dict:
        return client.order.create(data=dict(ORDER), timeout=timeout)

    return create


def heard(receiver) -> list[str]:
    webhooks.deliver_due()
    return [json.loads(hook.body)["event"] for hook in receiver.hooks]


def test_every_knob_is_on_the_dashboard():
    assert sorted(knob.kind for group in faults.GROUPS.values() for knob in group) == sorted(Kind)


@pytest.mark.django_db
def test_a_knob_counts_down():
    faults.arm(Kind.SLOW, times=2, seconds=1)
    assert faults.take(Kind.SLOW).options == {"seconds": 1}
    assert faults.armed()["slow"].remaining == 1
    assert faults.take(Kind.SLOW).options == {"seconds": 1}
    assert faults.take(Kind.SLOW) is None
    assert faults.armed() == {}


@pytest.mark.django_db
def test_a_knob_without_a_number_stays_until_it_is_reset():
    faults.arm("slow")
    faults.arm(Kind.NO_WEBHOOK)
    assert all(faults.take(Kind.SLOW) for _ in range(3))
    faults.reset(Kind.SLOW)
    assert list(faults.armed()) == ["no_webhook"]
    faults.reset()
    assert faults.armed() == {}


@pytest.mark.django_db
def test_a_knob_can_wait_for_one_kind_of_request():
    faults.arm(Kind.BAD_GATEWAY, times=1, match="/refund")
    assert faults.take(Kind.BAD_GATEWAY, subject="POST /v1/orders") is None
    assert faults.take(Kind.BAD_GATEWAY, subject="POST /v1/payments/pay_1/refund")


def test_an_unknown_knob_is_a_mistake():
    with pytest.raises(ValueError, match="explode"):
        faults.arm("explode")


def test_slow_answers_are_right(create):
    faults.arm(Kind.SLOW, times=1, seconds=0.5)
    began = time.monotonic()
    assert create()["status"] == "created"
    assert time.monotonic() - began >= 0.5


def test_a_timeout_before_leaves_nothing_behind(create):
    faults.arm(Kind.TIMEOUT_BEFORE, times=1, seconds=0.6)
    with pytest.raises(requests.exceptions.ReadTimeout):
        create(timeout=0.2)
    time.sleep(0.6)
    assert not Order.objects.exists()
    assert create()["receipt"] == "PM-1"


def test_a_timeout_after_has_done_its_work(create, client):
    faults.arm(Kind.TIMEOUT_AFTER, times=1, seconds=0.6)
    with pytest.raises(requests.exceptions.ReadTimeout):
        create(timeout=0.3)
    assert client.order.all({"receipt": "PM-1"}, timeout=TIMEOUT)["count"] == 1


def test_a_502_is_html_and_does_nothing(create):
    faults.arm(Kind.BAD_GATEWAY, times=1)
    with pytest.raises(requests.exceptions.JSONDecodeError):
        create()
    assert not Order.objects.exists()


def test_a_502_may_come_after_the_work(create):
    faults.arm(Kind.BAD_GATEWAY_AFTER, times=1)
    with pytest.raises(requests.exceptions.JSONDecodeError):
        create()
    assert Order.objects.count() == 1


@pytest.mark.parametrize(("kind", "text"), [(Kind.RATE_LIMITED, "Too many requests"), (Kind.SERVER_ERROR, "trouble")])
def test_refusals_of_a_bad_day(create, kind, text):
    faults.arm(kind, times=1)
    with pytest.raises(ServerError, match=text):
        create()
    assert not Order.objects.exists()
    assert create()["status"] == "created"


def test_faults_hit_the_api_only_where_they_match(client, create, make_order, pay):
    payment = pay(make_order())
    faults.arm(Kind.BAD_GATEWAY, times=1, match="/refund")
    create()
    with pytest.raises(requests.exceptions.JSONDecodeError):
        client.payment.refund(payment.pk, {}, timeout=TIMEOUT)
    assert client.payment.refund(payment.pk, {}, timeout=TIMEOUT)["status"] == "processed"


def test_failure_then_success(make_order, pay, receiver):
    faults.arm(Kind.FAIL_FIRST_ATTEMPT)
    order = make_order()
    assert [pay(order).status, pay(order).status] == ["failed", "captured"]
    assert heard(receiver) == ["payment.failed", "payment.authorized", "payment.captured", "order.paid"]


def test_a_capture_may_come_later(make_order, pay, receiver):
    faults.arm(Kind.DELAYED_CAPTURE, times=1, seconds=60)
    payment = pay(make_order())
    assert payment.status == "authorized"
    assert heard(receiver) == ["payment.authorized"]

    webhooks.deliver_due(timezone.now() + timedelta(seconds=61))
    payment.refresh_from_db()
    assert payment.status == "captured"
    assert heard(receiver)[-2:] == ["payment.captured", "order.paid"]


def test_a_capture_may_wait_for_a_hand(make_order, pay):
    faults.arm(Kind.DELAYED_CAPTURE)
    payment = pay(make_order())
    webhooks.deliver_due(timezone.now() + timedelta(hours=1))
    payment.refresh_from_db()
    assert payment.status == "authorized"
    assert acquiring.capture_payment(payment.pk).status == "captured"


def test_a_failed_payment_may_be_authorised_late(make_order, pay, receiver):
    faults.arm(Kind.LATE_AUTHORIZATION, times=1, seconds=60)
    payment = pay(make_order())
    assert (payment.status, payment.error["reason"]) == ("failed", "payment_timed_out")

    webhooks.deliver_due(timezone.now() + timedelta(seconds=61))
    payment.refresh_from_db()
    assert payment.status == "captured"
    assert heard(receiver) == ["payment.failed", "payment.authorized", "payment.captured", "order.paid"]


def test_one_order_may_be_captured_twice(make_order, pay, receiver):
    faults.arm(Kind.DOUBLE_CAPTURE, times=1)
    order = make_order()
    pay(order)

    order.refresh_from_db()
    assert [payment.status for payment in order.payments.all()] == ["captured", "captured"]
    assert (order.status, order.amount_paid) == ("paid", 118000)
    assert sorted(heard(receiver)) == [
        "order.paid", "payment.authorized", "payment.authorized", "payment.captured", "payment.captured",
    ]  # fmt: skip


def test_a_late_capture_can_be_made_on_any_order(make_order, pay):
    order = make_order()
    pay(order)
    from payments.sandbox import instruments

    again = acquiring.capture_again(order.pk, instrument=instruments.upi())
    assert again.status == "captured"
    fresh = acquiring.capture_again(make_order().pk, instrument=instruments.upi())
    assert fresh.order.status == "paid"


def test_webhooks_may_come_twice_with_one_id(make_order, start, receiver):
    faults.arm(Kind.DUPLICATE_WEBHOOK, times=1)
    acquiring.fail_payment(start(make_order()).pk)

    assert heard(receiver) == ["payment.failed", "payment.failed"]
    first, second = receiver.hooks
    assert (first.event_id, first.body) == (second.event_id, second.body)


def test_webhooks_may_come_in_reversed_order(make_order, pay, receiver):
    faults.arm(Kind.REVERSED_WEBHOOKS, times=1)
    pay(make_order())
    assert heard(receiver) == ["order.paid", "payment.captured", "payment.authorized"]


def test_webhooks_may_never_come(make_order, pay, receiver):
    faults.arm(Kind.NO_WEBHOOK, times=1)
    order = make_order()
    pay(order)
    assert heard(receiver) == []
    assert set(Delivery.objects.values_list("status", flat=True)) == {"withheld"}

    webhooks.redeliver_in_reverse(order.pk)
    assert sorted(heard(receiver)) == ["order.paid", "payment.authorized", "payment.captured"]


def test_a_webhook_may_be_signed_wrongly(make_order, start, receiver, settings):
    faults.arm(Kind.WRONG_WEBHOOK_SIGNATURE, times=1)
    receiver.answers = [400]
    acquiring.fail_payment(start(make_order()).pk)
    webhooks.deliver_due()
    webhooks.deliver_due(timezone.now() + timedelta(seconds=11))

    wrong, right = receiver.hooks
    assert wrong.signature != right.signature
    assert right.signature == sign(right.body.decode(), settings.RAZORPAY_WEBHOOK_SECRET)


def test_a_webhook_may_be_signed_with_the_old_secret(make_order, start, receiver):
    faults.arm(Kind.OLD_WEBHOOK_SECRET, times=1, secret="before-the-rotation")
    acquiring.fail_payment(start(make_order()).pk)
    webhooks.deliver_due()
    hook = receiver.hooks[0]
    assert hook.signature == sign(hook.body.decode(), "before-the-rotation")


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_two_senders_at_once_send_each_webhook_once(make_order, start, receiver):
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    for _ in range(6):
        acquiring.fail_payment(start(make_order()).pk)
    receiver.pause = 0.05

    def send(_number: int) -> int:
        try:
            return webhooks.deliver_due()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        sent = list(pool.map(send, range(3)))
    assert sum(sent) == 6
    assert len({hook.event_id for hook in receiver.hooks}) == len(receiver.hooks) == 6
    assert Payment.objects.count() == 6
