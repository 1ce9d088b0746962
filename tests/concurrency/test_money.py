"""Two things at once to one order: whoever is second sees what the first did."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from orders.models import Order
from orders.services import IllegalTransition, advance_seller_order, cancel_order, expire_order, set_razorpay_order
from payments.gateway import PaymentSnapshot
from payments.models import Payment, Refund
from payments.services import apply_payment
from tests.factories import make_user
from tests.shop import make_variant, place, stock_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def together(*jobs: Callable[[], object]) -> list[object]:
    """Run the jobs at the same moment; answers their results, or what they raised."""
    results: list[object] = [None] * len(jobs)
    start = threading.Barrier(len(jobs))

    def work(number: int, job: Callable[[], object]) -> None:
        start.wait()
        try:
            results[number] = job()
        except IllegalTransition as refusal:
            results[number] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def placed(stock: int = 5) -> tuple[Order, PaymentSnapshot]:
    order = place(make_user(), make_variant(stock=stock))
    set_razorpay_order(order=order, razorpay_order_id=f"order_{order.pk:014}")
    return order, PaymentSnapshot(f"pay_{order.pk:014}", order.razorpay_order_id, "captured", order.total, "INR")


@pytest.mark.parametrize("attempt", range(5))
def test_a_capture_and_a_cancellation_leave_no_money_behind(attempt):
    order, capture = placed()
    together(lambda: apply_payment(capture), lambda: cancel_order(order=order, actor=order.buyer))
    order.refresh_from_db()
    assert (order.status, order.payment_status) == ("cancelled", "refunding")
    assert Refund.objects.get().payment == Payment.objects.get()
    assert stock_of(order.seller_orders.get().items.get().variant) == 5


@pytest.mark.parametrize("attempt", range(5))
def test_a_capture_and_the_expiry_agree(attempt):
    order, capture = placed()
    together(lambda: apply_payment(capture), lambda: expire_order(pk=order.pk, now=order.expires_at))
    order.refresh_from_db()
    refunds = Refund.objects.count()
    assert (order.status, refunds) in {("paid", 0), ("cancelled", 1)}


def test_one_capture_told_by_everybody_at_once_pays_once():
    order, capture = placed()
    together(*[lambda: apply_payment(capture)] * 8)
    order.refresh_from_db()
    assert order.status == "paid"
    assert order.events.filter(kind="paid").count() == 1
    assert Payment.objects.count() == 1


def test_two_captures_at_once_keep_one_and_return_the_other():
    order, first = placed()
    second = PaymentSnapshot("pay_second", first.order_id, "captured", order.total, "INR")
    together(lambda: apply_payment(first), lambda: apply_payment(second))
    assert Payment.objects.filter(settles_order=True).count() == 1
    assert Refund.objects.count() == 1


def test_cancelled_twice_at_once_returns_the_stock_once():
    order, _ = placed(stock=5)
    together(*[lambda: cancel_order(order=order, actor=order.buyer)] * 4)
    assert stock_of(order.seller_orders.get().items.get().variant) == 5


def test_a_step_taken_twice_at_once_is_taken_once():
    order, capture = placed()
    apply_payment(capture)
    part = order.seller_orders.get()
    seller = part.seller.user
    step = lambda: advance_seller_order(seller_order=part, to="processing", actor=seller)  # noqa: E731
    results = together(step, step)
    assert sum(isinstance(result, IllegalTransition) for result in results) == 1
    assert order.events.filter(status="processing").count() == 1
