"""Who wants to be forgotten first gets back what is theirs."""

from dataclasses import replace
from decimal import Decimal

import pytest

from accounts import services
from accounts.models import User
from orders.models import Order
from orders.services import advance_seller_order, cancel_order, set_razorpay_order
from payments.gateway import PaymentSnapshot, RefundSnapshot
from payments.models import Refund
from payments.services import apply_payment, apply_refund, mark_paid_back, refund_again
from tests.accounts.api import app, refusal
from tests.factories import PASSWORD, make_user
from tests.orders.selling import STEPS
from tests.shop import make_variant, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def asha() -> User:
    return make_user(email="asha@example.com")


def erase(user: User) -> tuple[int, str]:
    response = app(user).post("/api/v1/auth/me/erase", {"current_password": PASSWORD})
    return (204, "") if response.status_code == 204 else refusal(response)


def placed(user: User) -> tuple[Order, PaymentSnapshot]:
    order = place(user, make_variant())
    set_razorpay_order(order=order, razorpay_order_id=f"order_{order.pk}")
    return order, PaymentSnapshot("pay_1", f"order_{order.pk}", "captured", order.total, "INR")


@pytest.fixture
def paid_twice(asha) -> Order:
    order, payment = placed(asha)
    for payment_id in ("pay_1", "pay_2"):
        apply_payment(replace(payment, id=payment_id))
    for step in STEPS:
        advance_seller_order(seller_order=order.seller_orders.get(), to=step, actor=make_user())
    return order


@pytest.fixture
def paid_too_little(asha) -> Order:
    order, payment = placed(asha)
    apply_payment(replace(payment, amount=Decimal("1.00")))
    return cancel_order(order=order, actor=None)


def goes(status: str) -> None:
    refund = Refund.objects.latest("created_at")
    payment_id = refund.payment.razorpay_payment_id
    apply_refund(RefundSnapshot(f"rfnd_{refund.pk.hex[:14]}", payment_id, status, refund.amount, receipt=refund.pk.hex))


@pytest.mark.parametrize("order", ["paid_twice", "paid_too_little"])
def test_nobody_is_forgotten_before_their_money_is_back(order, request, asha):
    request.getfixturevalue(order)
    for status in ("pending", "failed"):
        assert erase(asha) == (409, "orders_under_way")
        goes(status)
    assert erase(asha) == (409, "orders_under_way")
    refund_again(refund=Refund.objects.get(), actor=make_user())
    assert erase(asha) == (409, "orders_under_way")
    goes("processed")
    assert erase(asha) == (204, "")


def test_money_that_staff_paid_back_themselves_keeps_nobody_either(paid_twice, asha):
    goes("failed")
    mark_paid_back(refund=Refund.objects.get(), reference="UTR 628112345678", actor=make_user())
    assert erase(asha) == (204, "")


def test_money_of_others_keeps_nobody(paid_twice):
    services.erase_account(user=make_user())
