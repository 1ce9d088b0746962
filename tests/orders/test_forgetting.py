"""What orders forget of who deletes their account."""

import pytest
from django.urls import reverse

from accounts.services import erase_account
from orders.models import Order
from orders.services import cancel_order
from orders.states import PaymentStatus
from tests.api.conftest import as_user
from tests.factories import ADDRESS, make_admin, make_user
from tests.shop import make_variant, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def cancelled() -> Order:
    return called_off(make_user())


def called_off(buyer) -> Order:
    return cancel_order(order=place(buyer, make_variant()), actor=buyer, reason="My husband Ravi bought one")


def address(order: Order) -> dict[str, str]:
    order.refresh_from_db()
    return {name: getattr(order, name) for name in Order.FIELDS}


def test_an_order_that_was_never_paid_loses_address_and_reason(cancelled):
    other = called_off(make_user())
    erase_account(user=cancelled.buyer)
    assert set(address(cancelled).values()) == {""}
    assert cancelled.cancel_reason == ""
    assert address(other)["line1"] == ADDRESS["line1"]
    assert other.cancel_reason


def test_an_order_whose_money_went_back_keeps_its_address(cancelled):
    Order.objects.filter(pk=cancelled.pk).update(payment_status=PaymentStatus.REFUNDED)
    erase_account(user=cancelled.buyer)
    assert address(cancelled)["line1"] == ADDRESS["line1"]


def test_staff_see_such_an_order_without_an_address(cancelled, client):
    erase_account(user=cancelled.buyer)
    staff = make_admin()
    [order] = as_user(staff).get("/api/v1/admin/orders").json()["results"]
    assert (order["status"], order["shipping_address"]) == ("cancelled", None)
    client.force_login(staff)
    assert client.get(reverse("admin:orders_order_change", args=[cancelled.pk])).status_code == 200
