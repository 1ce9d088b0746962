"""Messages about payments: once, twice, late, out of order, wrong."""

from dataclasses import replace
from decimal import Decimal
from itertools import permutations

import pytest

from orders.models import Order, OrderEvent
from orders.services import cancel_order, set_razorpay_order
from payments.gateway import PaymentSnapshot, RefundSnapshot
from payments.models import Payment, PaymentState, Refund, RefundReason, RefundStatus
from payments.services import apply_payment, apply_refund, refund_again
from payments.services.refunds import NotRefundable
from tests.factories import make_user
from tests.shop import make_variant, place, stock_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> Order:
    order = place(make_user(), make_variant(price="250.00"))
    set_razorpay_order(order=order, razorpay_order_id="order_Aa1Bb2Cc3Dd4Ee")
    return order


def captured(order: Order, payment_id: str = "pay_1") -> PaymentSnapshot:
    return PaymentSnapshot(payment_id, order.razorpay_order_id, "captured", order.total, "INR", method="upi")


def refunds() -> list[tuple[str, str]]:
    return [(refund.payment.razorpay_payment_id, refund.reason) for refund in Refund.objects.all()]


def test_a_capture_pays_the_order_once_however_often_it_is_told(order):
    for _ in range(3):
        apply_payment(captured(order))
    order.refresh_from_db()
    assert (order.status, order.payment_status) == ("paid", "paid")
    assert Payment.objects.get().settles_order
    assert order.events.filter(kind=OrderEvent.Kind.PAID).count() == 1
    assert refunds() == []


@pytest.mark.parametrize("sequence", list(permutations(["created", "failed", "authorized", "captured"])))
def test_the_order_of_messages_does_not_matter(order, sequence):
    for status in sequence:
        apply_payment(replace(captured(order), status=status))
    order.refresh_from_db()
    assert order.status == "paid"
    assert Payment.objects.get().status == PaymentState.CAPTURED


def test_failures_leave_the_order_payable(order):
    apply_payment(replace(captured(order), status="failed", error_description="The bank declined."))
    apply_payment(captured(order, "pay_2"))
    order.refresh_from_db()
    assert order.status == "paid"
    assert [payment.status for payment in order.payments.all()] == ["failed", "captured"]
    assert order.events.filter(kind=OrderEvent.Kind.PAYMENT_FAILED).get().note == "The bank declined."


def test_a_second_capture_goes_back(order):
    apply_payment(captured(order))
    apply_payment(captured(order, "pay_2"))
    apply_payment(captured(order, "pay_2"))
    order.refresh_from_db()
    assert (order.status, order.payment_status) == ("paid", "paid")
    assert refunds() == [("pay_2", RefundReason.SECOND_CAPTURE)]


def test_a_capture_after_cancellation_goes_back(order):
    cancel_order(order=order, actor=None)
    apply_payment(captured(order))
    order.refresh_from_db()
    assert (order.status, order.payment_status) == ("cancelled", "refunding")
    assert refunds() == [("pay_1", RefundReason.LATE_CAPTURE)]


@pytest.mark.parametrize(("field", "value"), [("amount", Decimal("1.00")), ("currency", "USD")])
def test_another_amount_or_currency_pays_nothing_and_goes_back(order, field, value):
    apply_payment(replace(captured(order), **{field: value}))
    order.refresh_from_db()
    assert order.status == "pending"
    assert refunds() == [("pay_1", RefundReason.MISMATCH)]
    assert order.events.filter(kind=OrderEvent.Kind.PAYMENT_MISMATCH).exists()


@pytest.mark.parametrize("razorpay_order_id", ["order_ofsomeoneelse", ""])
def test_a_payment_for_no_order_of_ours_is_left_alone(order, razorpay_order_id):
    assert apply_payment(replace(captured(order), order_id=razorpay_order_id)) is None
    assert not Payment.objects.exists()


def test_cancelling_a_paid_order_owes_the_money_in_the_same_transaction(order):
    apply_payment(captured(order))
    order.refresh_from_db()
    cancel_order(order=order, actor=order.buyer)
    refund = Refund.objects.get()
    assert (refund.amount, refund.reason, refund.status) == (order.total, "cancelled", "created")


def test_a_refund_that_cannot_be_owed_keeps_the_order_from_being_cancelled(order, monkeypatch):
    apply_payment(captured(order))
    order.refresh_from_db()
    variant = order.seller_orders.get().items.get().variant

    def fail(**kwargs):
        raise RuntimeError("disk full")

    monkeypatch.setattr("payments.receivers.open_refund", fail)
    with pytest.raises(RuntimeError):
        cancel_order(order=order, actor=order.buyer)
    order.refresh_from_db()
    assert order.status == "paid"
    assert stock_of(variant) == 9


def refund_snapshot(status: str) -> RefundSnapshot:
    refund = Refund.objects.get()
    return RefundSnapshot("rfnd_1", "pay_1", status, refund.amount, receipt=refund.pk.hex)


@pytest.fixture
def cancelled(order):
    apply_payment(captured(order))
    order.refresh_from_db()
    return cancel_order(order=order, actor=order.buyer)


@pytest.mark.parametrize("sequence", [("pending", "processed"), ("processed", "pending"), ("processed", "processed")])
def test_a_refund_settles_once_in_whatever_order_it_is_told(cancelled, sequence):
    for status in sequence:
        apply_refund(refund_snapshot(status))
    cancelled.refresh_from_db()
    assert cancelled.payment_status == "refunded"
    assert Refund.objects.get().status == RefundStatus.PROCESSED
    assert Payment.objects.get().status == PaymentState.REFUNDED
    assert cancelled.events.filter(kind=OrderEvent.Kind.REFUNDED).count() == 1


def test_a_failed_refund_is_work_for_staff_and_can_be_tried_again(cancelled):

    apply_refund(refund_snapshot("failed"))
    failed = Refund.objects.get()
    assert failed.status == RefundStatus.FAILED
    cancelled.refresh_from_db()
    assert cancelled.payment_status == "refunding"
    again = refund_again(refund=failed, actor=make_user())
    assert again.pk != failed.pk
    with pytest.raises(NotRefundable):
        refund_again(refund=failed, actor=make_user())


def test_a_refund_made_at_razorpay_is_taken_note_of(order):
    apply_payment(captured(order))
    apply_refund(RefundSnapshot("rfnd_9", "pay_1", "processed", order.total))
    refund = Refund.objects.get()
    assert (refund.reason, refund.status) == (RefundReason.BY_HAND, RefundStatus.PROCESSED)
