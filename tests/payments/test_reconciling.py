"""What the reconciler does with what Razorpay lists; `test_flow` has it with the gateway itself."""

from dataclasses import replace

import pytest

from orders.models import Order
from orders.services import set_razorpay_order
from payments import gateway
from payments.gateway import GatewayRefused, PaymentSnapshot
from payments.models import Reconciliation, Refund
from payments.services import reconcile_order, watch_orders
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
