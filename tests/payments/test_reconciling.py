"""What the sweepers do with what Razorpay lists or does not answer; `test_flow` has it with the gateway itself."""

from dataclasses import replace

import pytest
from django.utils import timezone

from orders.models import Order
from orders.services import set_razorpay_order
from payments import gateway
from payments.gateway import GatewayRefused, GatewayUnavailable, PaymentSnapshot
from payments.models import RECONCILE_AFTER, Reconciliation, Refund
from payments.services import apply_payment, reconcile_order, watch_orders
from payments.tasks import issue_waiting_refunds, reconcile_payments
from tests.factories import make_user
from tests.shop import make_variant, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> Order:
    order = place(make_user(), make_variant())
    set_razorpay_order(order=order, razorpay_order_id="order_Aa1Bb2Cc3Dd4Ee")
    watch_orders()
    return order


@pytest.fixture
def lists(monkeypatch, order):
    """Makes Razorpay list authorised payments of these ids."""

    def lists(*ids: str) -> None:
        found = [PaymentSnapshot(each, order.razorpay_order_id, "authorized", order.total, "INR") for each in ids]
        monkeypatch.setattr(gateway, "order_payments", lambda razorpay_order_id: found)

    return lists


def test_of_two_authorised_payments_one_is_captured(monkeypatch, order, lists):
    monkeypatch.setattr(gateway, "capture", lambda payment: replace(payment, status="captured"))
    lists("pay_1", "pay_2")
    reconcile_order(order)
    assert [payment.status for payment in order.payments.all()] == ["captured", "authorized"]
    assert order.status == "paid"
    assert not Refund.objects.exists()


def test_a_capture_that_razorpay_refuses_holds_up_neither_the_rest_nor_the_next_look(monkeypatch, order, lists):
    def capture(payment):
        if payment.id == "pay_1":
            raise GatewayRefused("This payment has already been captured")
        return replace(payment, status="captured")

    monkeypatch.setattr(gateway, "capture", capture)
    before = Reconciliation.objects.get().due_at
    lists("pay_1", "pay_2")
    reconcile_order(order)
    assert [payment.status for payment in order.payments.all()] == ["authorized", "captured"]
    assert Reconciliation.objects.get().due_at > before


def test_an_order_that_razorpay_cannot_answer_for_lets_the_others_have_their_turn(monkeypatch, order):
    other = place(make_user(), make_variant())
    set_razorpay_order(order=other, razorpay_order_id="order_second")
    watch_orders()
    long_ago = timezone.now() - RECONCILE_AFTER
    Reconciliation.objects.update(due_at=long_ago)
    Reconciliation.objects.filter(order=order).update(due_at=long_ago - RECONCILE_AFTER)
    asked = []

    def answer(razorpay_order_id):
        asked.append(razorpay_order_id)
        if razorpay_order_id == order.razorpay_order_id:
            raise GatewayUnavailable
        return []

    monkeypatch.setattr(gateway, "order_payments", answer)
    reconcile_payments()
    assert asked == [order.razorpay_order_id]
    reconcile_payments()
    assert asked == [order.razorpay_order_id, "order_second"]
    assert not Reconciliation.objects.filter(due_at__lte=timezone.now()).exists()


def test_while_razorpay_is_away_one_refund_finds_it_out_for_all(monkeypatch, order):
    for number in range(3):
        apply_payment(PaymentSnapshot(f"pay_{number}", order.razorpay_order_id, "captured", order.total, "INR"))
    asked = []

    def hang(*, payment_id, **kwargs):
        asked.append(payment_id)
        raise GatewayUnavailable

    monkeypatch.setattr(gateway, "refund", hang)
    issue_waiting_refunds()
    assert asked == ["pay_1"]
    issue_waiting_refunds()
    assert asked == ["pay_1", "pay_2"]
