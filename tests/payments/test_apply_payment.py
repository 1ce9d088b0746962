"""Messages about payments: once, twice, late, out of order, wrong."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from django.utils import timezone

from accounts.emails import compose
from accounts.models import OutboundEmail
from accounts.selectors import personal_data
from orders.models import Order, OrderEvent
from orders.services import cancel_order, set_razorpay_order
from payments.gateway import GatewayRefused, GatewayUnavailable, PaymentSnapshot, RefundSnapshot
from payments.models import Payment, PaymentState, Refund, RefundReason, RefundStatus
from payments.selectors import failed_refunds, money_drift
from payments.services import apply_payment, apply_refund, issue_refund, mark_paid_back, refund_again
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

    monkeypatch.setattr("payments.receivers.refund_order", fail)
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


def test_a_refund_that_razorpay_refuses_is_work_for_staff(cancelled, monkeypatch):
    def refuse(**kwargs):
        raise GatewayRefused("The balance is too low.")

    monkeypatch.setattr("payments.gateway.refund", refuse)
    issue_refund(Refund.objects.get().pk)
    assert [(refund.status, refund.last_error) for refund in failed_refunds()] == [
        ("failed", "The balance is too low.")
    ]


def test_a_refusal_that_comes_late_does_not_undo_what_a_message_told(cancelled, monkeypatch):
    def refuse(**kwargs):
        apply_refund(refund_snapshot("processed"))
        raise GatewayRefused("The payment has been fully refunded already.")

    monkeypatch.setattr("payments.gateway.refund", refuse)
    issue_refund(Refund.objects.get().pk)
    assert Refund.objects.get().status == RefundStatus.PROCESSED


def test_a_refund_that_razorpay_has_taken_does_not_fail_when_asking_for_it_is_refused(cancelled, monkeypatch):
    def refuse(*args):
        raise GatewayRefused("The id provided does not exist")

    monkeypatch.setattr("payments.gateway.payment_refunds", refuse)
    apply_refund(refund_snapshot("pending"))
    Refund.objects.update(not_before=timezone.now())
    issue_refund(Refund.objects.get().pk)
    refund = Refund.objects.get()
    assert (refund.status, refund.attempts, refund.last_error) == ("pending", 1, "The id provided does not exist")
    assert refund.not_before > timezone.now()


def test_a_refund_that_waits_for_weeks_is_still_asked_for_every_six_hours(cancelled, monkeypatch):
    def hang(**kwargs):
        raise GatewayUnavailable

    monkeypatch.setattr("payments.gateway.refund", hang)
    Refund.objects.update(attempts=1000)
    with pytest.raises(GatewayUnavailable):
        issue_refund(Refund.objects.get().pk)
    refund = Refund.objects.get()
    assert refund.attempts == 1001
    assert timedelta(hours=5) < refund.not_before - timezone.now() <= timedelta(hours=6)


def test_a_refund_made_at_razorpay_is_taken_note_of(order):
    apply_payment(captured(order))
    by_hand(order.total)
    refund = Refund.objects.get()
    assert (refund.reason, refund.status) == (RefundReason.BY_HAND, RefundStatus.PROCESSED)
    assert Payment.objects.get().status == PaymentState.REFUNDED


def by_hand(amount: Decimal, status: str = "processed", number: int = 1) -> None:
    """Staff send money back at Razorpay's dashboard."""
    apply_refund(RefundSnapshot(f"rfnd_hand{number}", "pay_1", status, amount))


def test_parts_of_a_payment_may_go_back_one_after_the_other(order):
    apply_payment(captured(order))
    by_hand(Decimal("100.00"))
    assert Payment.objects.get().status == PaymentState.CAPTURED
    by_hand(order.total - 100, number=2)
    assert Payment.objects.get().status == PaymentState.REFUNDED


def test_cancelling_sends_back_what_staff_have_not(order):
    apply_payment(captured(order))
    by_hand(Decimal("100.00"))
    cancelled = cancel_order(order=order, actor=order.buyer)
    owed = Refund.objects.exclude(reason=RefundReason.BY_HAND).get()
    assert (owed.amount, owed.status) == (order.total - 100, RefundStatus.CREATED)
    assert money_drift() == []
    apply_refund(RefundSnapshot("rfnd_1", "pay_1", "processed", owed.amount, receipt=owed.pk.hex))
    cancelled.refresh_from_db()
    assert cancelled.payment_status == "refunded"
    assert Payment.objects.get().status == PaymentState.REFUNDED


@pytest.mark.parametrize(("status", "is_told"), [("processed", "refunded"), ("pending", "refunding")])
def test_cancelling_owes_nothing_where_staff_sent_all_of_it_back(order, status, is_told):
    apply_payment(captured(order))
    by_hand(order.total, status)
    cancelled = cancel_order(order=order, actor=order.buyer)
    assert cancelled.payment_status == is_told
    by_hand(order.total)
    cancelled.refresh_from_db()
    assert cancelled.payment_status == "refunded"
    assert Refund.objects.count() == 1


def test_trying_again_sends_what_failed_and_no_more(order):
    apply_payment(captured(order))
    by_hand(Decimal("100.00"), "failed")
    failed = Refund.objects.get()
    again = refund_again(refund=failed, actor=make_user())
    assert again.amount == Decimal("100.00")
    with pytest.raises(NotRefundable):
        refund_again(refund=failed, actor=make_user())
    assert not failed_refunds()


def test_a_failed_refund_waits_for_staff_until_all_of_it_went_back(cancelled):
    apply_refund(refund_snapshot("failed"))
    failed = Refund.objects.get()
    by_hand(Decimal("100.00"))
    assert list(failed_refunds()) == [failed]
    again = refund_again(refund=failed, actor=make_user())
    assert again.amount == failed.amount - 100
    assert not failed_refunds()


def test_what_staff_paid_back_themselves_closes_what_failed(cancelled):
    apply_refund(refund_snapshot("failed"))
    failed, staff = Refund.objects.get(), make_user()
    again = refund_again(refund=failed, actor=staff)
    apply_refund(RefundSnapshot("rfnd_2", "pay_1", "failed", again.amount, receipt=again.pk.hex))
    paid_back = mark_paid_back(refund=failed, reference="By bank transfer, UTR 628112345678", actor=staff)
    cancelled.refresh_from_db()
    assert (paid_back.status, paid_back.amount, paid_back.razorpay_refund_id) == ("processed", failed.amount, "")
    assert (cancelled.payment_status, Payment.objects.get().status) == ("refunded", PaymentState.REFUNDED)
    event = cancelled.events.get(kind=OrderEvent.Kind.REFUNDED)
    assert (event.actor, event.note) == (staff, f"{failed.amount} INR, By bank transfer, UTR 628112345678")
    assert (list(failed_refunds()), money_drift()) == ([], [])


def test_who_was_paid_back_by_staff_is_told_how_and_not_that_it_went_back_to_the_card(cancelled):
    apply_refund(refund_snapshot("failed"))
    mark_paid_back(refund=Refund.objects.get(), reference="By bank transfer, UTR 628112345678", actor=make_user())
    mail = compose(OutboundEmail.objects.get(kind="order-refunded"))
    for text in (mail.body, str(mail.alternatives[0].content), cancelled.buyer.notifications.latest("pk").body):
        assert "By bank transfer, UTR 628112345678" in text
        assert "where you paid from" not in text
    assert "UTR 628112345678" in json.dumps(personal_data(cancelled.buyer), default=str)


def test_what_staff_paid_back_is_paid_back_by_nothing_else(cancelled, caplog):
    apply_refund(refund_snapshot("failed"))
    failed, told = Refund.objects.get(), refund_snapshot("processed")
    mark_paid_back(refund=failed, reference="UTR 628112345678", actor=make_user())
    with pytest.raises(NotRefundable):
        refund_again(refund=failed, actor=make_user())
    with pytest.raises(NotRefundable):
        mark_paid_back(refund=failed, reference="UTR 628112345678", actor=make_user())
    assert "after it had failed" not in caplog.text
    apply_refund(told)
    assert "went through at Razorpay after it had failed" in caplog.text
    by_hand(cancelled.total)
    assert [(drift.found, drift.expected) for drift in money_drift()] == [
        (cancelled.total * 2, f"at most {cancelled.total}")
    ]


@pytest.mark.parametrize("status", ["created", "pending", "processed"])
def test_only_what_failed_can_be_paid_back_by_staff(cancelled, status):
    Refund.objects.update(status=status)
    with pytest.raises(NotRefundable):
        mark_paid_back(refund=Refund.objects.get(), reference="UTR 628112345678", actor=make_user())


def test_staff_pay_back_what_is_left(cancelled):
    apply_refund(refund_snapshot("failed"))
    by_hand(Decimal("100.00"))
    failed = failed_refunds().get()
    paid_back = mark_paid_back(refund=failed, reference="UTR 628112345678", actor=make_user())
    assert paid_back.amount == failed.amount - 100
    assert money_drift() == []


def test_an_order_is_refunded_once_all_that_was_paid_for_it_went_back(cancelled):
    apply_payment(captured(cancelled, "pay_2"))
    first = Refund.objects.get(payment__razorpay_payment_id="pay_1")
    apply_refund(RefundSnapshot("rfnd_1", "pay_1", "processed", first.amount, receipt=first.pk.hex))
    cancelled.refresh_from_db()
    assert cancelled.payment_status == "refunding"
    apply_refund(RefundSnapshot("rfnd_2", "pay_2", "processed", first.amount))
    cancelled.refresh_from_db()
    assert cancelled.payment_status == "refunded"


def test_the_books_tell_of_money_that_nobody_sends_back(cancelled):
    Refund.objects.all().delete()
    by_hand(Decimal("100.00"))
    total = cancelled.total - 100
    assert [(drift.found, drift.expected) for drift in money_drift()] == [(f"{total} kept", "a refund")]


def hold_after_authorisation(order: Order) -> timedelta:
    """For how long from now an order, which is just expiring, keeps its stock once a payment is authorised."""
    now = timezone.now()
    Order.objects.filter(pk=order.pk).update(expires_at=now)
    apply_payment(replace(captured(order), status="authorized"))
    order.refresh_from_db()
    return order.expires_at - now


def test_an_authorised_payment_holds_the_stock_for_a_quarter_of_an_hour(order):
    assert timedelta(minutes=15) <= hold_after_authorisation(order) < timedelta(minutes=16)


def test_an_authorised_payment_holds_nothing_for_an_order_that_is_over(order):
    assert hold_after_authorisation(cancel_order(order=order, actor=None)) == timedelta(0)


def test_of_two_razorpay_orders_made_at_once_the_first_is_kept(order):
    first = order.razorpay_order_id
    assert set_razorpay_order(order=Order.objects.get(pk=order.pk), razorpay_order_id="order_second") == first
