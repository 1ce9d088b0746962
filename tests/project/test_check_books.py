from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from catalog.models import Variant
from orders.models import Order, SellerOrder
from orders.services import advance_seller_order, set_razorpay_order
from payments.gateway import PaymentSnapshot, RefundSnapshot
from payments.models import Payment
from payments.services import apply_payment, apply_refund
from tests.factories import make_user
from tests.shop import make_variant, place

pytestmark = pytest.mark.django_db


def check() -> str:
    out = StringIO()
    try:
        call_command("check_books", stdout=out)
    except CommandError as error:
        out.write(str(error))
    return out.getvalue()


@pytest.fixture
def order() -> Order:
    """A paid order among others, with books that agree."""
    place(make_user(), make_variant())
    order = place(make_user(), make_variant(), make_variant())
    set_razorpay_order(order=order, razorpay_order_id="order_1")
    apply_payment(PaymentSnapshot("pay_1", "order_1", "captured", order.total, "INR"))
    assert "The books agree." in check()
    return order


def test_stock_that_did_not_move(order):
    Variant.objects.filter(order_items__seller_order__order=order).update(stock=3)
    assert "3 instead of 9" in check()


def test_amounts_that_do_not_follow_from_their_lines(order):
    SellerOrder.objects.filter(order=order).update(subtotal="1.00")
    assert "subtotal of" in check()


def test_a_status_that_does_not_follow_from_the_parts(order):
    SellerOrder.objects.filter(order=order).update(status="shipped")
    assert f"status of {order}: paid instead of shipped" in check()


def test_a_paid_order_without_its_payment(order):
    Payment.objects.filter(order=order).update(settles_order=False)
    assert f"payment of {order}: none" in check()


def test_an_order_about_to_be_sent_whose_money_went_back(order):
    parts = order.seller_orders.all()
    apply_refund(RefundSnapshot("rfnd_1", "pay_1", "processed", order.total))
    for step in ("processing", "shipped"):
        assert f"payment of {order}: sent back instead of {order.total}" in check()
        for part in parts:
            advance_seller_order(seller_order=part, to=step, actor=part.seller.user)
    assert "The books agree." in check()


def test_another_amount_than_the_orders(order):
    Payment.objects.filter(order=order).update(amount="1.00")
    assert f"payment of {order}: 1.00 instead of {order.total}" in check()


def test_money_kept_for_an_order_that_was_cancelled(order):
    SellerOrder.objects.filter(order=order).update(status="cancelled")
    Order.objects.filter(pk=order.pk).update(status="cancelled", payment_status="unpaid")
    assert "kept instead of a refund" in check()
