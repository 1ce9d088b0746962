from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Notification, OutboundEmail
from accounts.services import set_seller_status
from catalog.models import StockMovement
from catalog.services import ShopSuspended
from orders.models import Order, OrderEvent
from orders.services import (
    IllegalTransition,
    Tracking,
    advance_seller_order,
    cancel_order,
    expire_order,
    extend_hold,
    mark_paid,
)
from orders.states import TRANSITIONS, OrderStatus, PaymentStatus, overall
from orders.tasks import expire_orders
from tests.factories import make_admin, make_seller, make_user
from tests.shop import make_variant, place, stock_of

pytestmark = pytest.mark.django_db

# Written out by hand: the table in states.py is checked against it.
ALLOWED = {
    ("pending", "paid"),
    ("pending", "cancelled"),
    ("paid", "processing"),
    ("paid", "cancelled"),
    ("processing", "shipped"),
    ("processing", "cancelled"),
    ("shipped", "delivered"),
}


def paid_order(*variants):
    order = place(make_user(), *(variants or [make_variant()]))
    with transaction.atomic():
        mark_paid(order=order)
    return order


def advance(order, *steps):
    for step in steps:
        for part in order.seller_orders.all():
            advance_seller_order(seller_order=part, to=step, actor=part.seller.user)
    order.refresh_from_db()
    return order


def test_a_state_has_the_same_name_on_the_chip_that_finds_it_and_on_the_order(client):
    order = advance(paid_order(make_variant()), "processing")
    client.force_login(order.buyer)
    found = client.get("/orders/", {"status": "processing"}).content.decode()
    page = client.get(order.get_absolute_url()).content.decode()
    assert order.number in found
    assert [text.count("Being packed") for text in (found, page)] == [2, 2]  # chip, badge and step of the timeline
    assert "Processing" not in found + page


def test_the_table_of_steps_is_the_one_agreed():
    assert {(start, end) for start, ends in TRANSITIONS.items() for end in ends} == ALLOWED


@pytest.mark.parametrize("start", OrderStatus.values)
@pytest.mark.parametrize("target", ["processing", "shipped", "delivered"])
def test_a_seller_goes_only_to_the_next_step(start, target):
    order = paid_order()
    part = order.seller_orders.get()
    payment_status = "paid" if start not in ("pending", "cancelled") else "unpaid"
    Order.objects.filter(pk=order.pk).update(status=start, payment_status=payment_status)
    order.seller_orders.update(status=start)
    if (start, target) in ALLOWED:
        assert advance_seller_order(seller_order=part, to=target, actor=part.seller.user).status == target
    else:
        with pytest.raises(IllegalTransition):
            advance_seller_order(seller_order=part, to=target, actor=part.seller.user)
        part.refresh_from_db()
        assert part.status == start


@pytest.mark.parametrize("target", ["pending", "paid", "cancelled"])
def test_a_seller_neither_pays_nor_cancels(target):
    part = paid_order().seller_orders.get()
    with pytest.raises(IllegalTransition):
        advance_seller_order(seller_order=part, to=target, actor=part.seller.user)


def test_a_suspended_seller_moves_nothing_on_but_staff_do():
    part = paid_order().seller_orders.get()
    set_seller_status(seller=part.seller, status="suspended", reason="Late parcels.")
    with pytest.raises(ShopSuspended):
        advance_seller_order(seller_order=part, to="processing", actor=part.seller.user)
    part.refresh_from_db()
    assert part.status == "paid"
    assert advance_seller_order(seller_order=part, to="processing", actor=make_admin()).status == "processing"


def test_an_order_is_as_far_as_its_least_advanced_part():
    assert overall(["shipped", "paid"]) == "paid"
    assert overall(["cancelled", "shipped"]) == "shipped"
    assert overall(["cancelled", "cancelled"]) == "cancelled"
    one, two = make_seller(), make_seller()
    order = paid_order(make_variant(seller=one), make_variant(seller=two))
    first, second = order.seller_orders.all()
    advance_seller_order(seller_order=first, to="processing", actor=one.user)
    order.refresh_from_db()
    assert order.status == "paid"
    advance_seller_order(seller_order=second, to="processing", actor=two.user)
    order.refresh_from_db()
    assert order.status == "processing"
    assert order.processing_at


def test_paying_tells_the_buyer_and_each_seller():
    one, two = make_seller(), make_seller()
    order = paid_order(make_variant(seller=one), make_variant(seller=two))
    told = set(Notification.objects.values_list("user", "type"))
    assert told == {(order.buyer_id, "order.paid"), (one.user_id, "order.placed"), (two.user_id, "order.placed")}
    assert OutboundEmail.objects.get(user=order.buyer).key == f"order-confirmation:{order.pk}"
    assert order.paid_at


def test_an_order_is_paid_once():
    order = paid_order()
    with pytest.raises(IllegalTransition), transaction.atomic():
        mark_paid(order=order)


def test_shipping_keeps_the_tracking_number_and_tells_the_buyer():
    order = advance(paid_order(), "processing")
    part = order.seller_orders.get()
    advance_seller_order(
        seller_order=part, to="shipped", actor=part.seller.user, tracking=Tracking("Delhivery", "DL123")
    )
    part.refresh_from_db()
    assert (part.status, part.carrier, part.tracking_number) == ("shipped", "Delhivery", "DL123")
    assert OutboundEmail.objects.filter(key=f"order-shipped:{part.pk}").exists()
    assert Notification.objects.filter(user=order.buyer, title="Your order is on its way").exists()


@pytest.mark.parametrize("steps", [(), ("processing",)])
def test_cancelling_returns_the_stock_once(steps):
    variant = make_variant(stock=5)
    order = advance(paid_order(variant), *steps)
    assert stock_of(variant) == 4
    cancel_order(order=order, actor=order.buyer, reason="Ordered by mistake")
    cancel_order(order=order, actor=order.buyer, reason="Ordered by mistake")
    order.refresh_from_db()
    assert (order.status, order.payment_status) == ("cancelled", PaymentStatus.REFUNDING)
    assert stock_of(variant) == 5
    assert StockMovement.objects.filter(variant=variant, reason="cancellation").count() == 1


def test_what_is_on_its_way_cannot_be_cancelled():
    variant = make_variant(stock=5)
    order = advance(paid_order(variant), "processing", "shipped")
    with pytest.raises(IllegalTransition):
        cancel_order(order=order, actor=order.buyer)
    order.refresh_from_db()
    assert order.status == "shipped"
    assert stock_of(variant) == 4


def test_one_shipped_part_keeps_the_whole_order():
    one, two = make_seller(), make_seller()
    order = paid_order(make_variant(seller=one), make_variant(seller=two))
    first = order.seller_orders.first()
    for step in ("processing", "shipped"):
        advance_seller_order(seller_order=first, to=step, actor=one.user)
    with pytest.raises(IllegalTransition):
        cancel_order(order=order, actor=order.buyer)
    assert set(order.seller_orders.values_list("status", flat=True)) == {"shipped", "paid"}


def test_an_unpaid_order_expires_after_half_an_hour_and_returns_its_stock():
    variant = make_variant(stock=5)
    order = place(make_user(), variant)
    assert not expire_order(pk=order.pk, now=order.expires_at - timedelta(seconds=1))
    assert expire_order(pk=order.pk, now=order.expires_at)
    assert not expire_order(pk=order.pk, now=order.expires_at)
    order.refresh_from_db()
    assert (order.status, order.payment_status) == ("cancelled", "unpaid")
    assert stock_of(variant) == 5
    assert order.events.last().kind == OrderEvent.Kind.EXPIRED


def test_a_paid_order_does_not_expire():
    order = paid_order()
    assert not expire_order(pk=order.pk, now=order.expires_at + timedelta(days=1))


def test_the_sweeper_takes_all_that_is_due_and_nothing_else():
    due, fresh = place(make_user(), make_variant()), place(make_user(), make_variant())
    Order.objects.filter(pk=due.pk).update(expires_at=timezone.now())
    assert expire_orders() == 1
    fresh.refresh_from_db()
    assert fresh.status == "pending"


def test_an_order_that_cannot_expire_holds_up_no_other(monkeypatch, caplog):
    broken, other = place(make_user(), make_variant()), place(make_user(), make_variant())
    Order.objects.filter(pk__in=[broken.pk, other.pk]).update(expires_at=timezone.now())

    def expire(*, pk: int) -> bool:
        return 1 / 0 if pk == broken.pk else expire_order(pk=pk)

    monkeypatch.setattr("orders.tasks.services.expire_order", expire)
    assert expire_orders() == 1
    other.refresh_from_db()
    assert other.status == "cancelled"
    assert f"failed for {broken.pk}" in caplog.text


def test_an_authorised_payment_keeps_the_stock_a_little_longer():
    order = place(make_user(), make_variant())
    Order.objects.filter(pk=order.pk).update(expires_at=timezone.now())
    extend_hold(order=order)
    assert expire_orders() == 0


def test_the_log_can_only_grow():
    event = place(make_user(), make_variant()).events.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        OrderEvent.objects.filter(pk=event.pk).update(note="never happened")
    with pytest.raises(IntegrityError), transaction.atomic():
        OrderEvent.objects.filter(pk=event.pk).delete()


def test_the_database_refuses_a_live_order_that_is_not_paid():
    order = place(make_user(), make_variant())
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(status="shipped")
