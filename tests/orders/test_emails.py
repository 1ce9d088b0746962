from decimal import Decimal

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils.html import strip_tags

from accounts.emails import compose
from accounts.models import OutboundEmail
from orders.models import Order
from orders.services import Tracking, advance_seller_order, cancel_order, mark_paid
from tests.factories import make_seller, make_user
from tests.shop import make_variant, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> Order:
    """Two sellers, ₹2,500 and ₹250 with ₹49 for delivery; paid."""
    lamp = make_variant(seller=make_seller(shop_name="Lamps & Co"), price="1250.00", mrp="1400.00", title="Brass lamp")
    cloth = make_variant(seller=make_seller(shop_name="Looms"), title="Cotton cloth", name="Red / M")
    buyer = make_user(full_name="Asha Rao")
    order = place(buyer, lamp, cloth)
    with transaction.atomic():
        mark_paid(order=order)
    return order


def mail_of(kind: str) -> EmailMultiAlternatives:
    return compose(OutboundEmail.objects.get(kind=kind))


def both(mail: EmailMultiAlternatives) -> list[str]:
    return [mail.body, str(mail.alternatives[0].content)]


def test_a_confirmation_has_lines_totals_address_and_a_link(order):
    mail = mail_of("order-confirmation")
    assert order.number in mail.subject
    for text in both(mail):
        assert "Brass lamp" in text
        assert "Red / M" in text
        assert "1 × ₹1,250" in text
        assert "₹1,549" in text
        assert "14 Residency Road" in text
        assert f"http://127.0.0.1:8000/orders/{order.number}/" in text
        assert "Each seller" in text
    assert "Lamps & Co" in mail.body
    assert "Lamps &amp; Co" in both(mail)[1]


def test_a_dispatch_names_what_is_in_the_parcel_and_how_to_follow_it(order):
    part = order.seller_orders.get(seller__shop_name="Looms")
    for step in ("processing", "shipped"):
        advance_seller_order(
            seller_order=part,
            to=step,
            actor=part.seller.user,
            tracking=Tracking("Delhivery", "DL123", "https://www.delhivery.com/track/DL123"),
        )
    mail = mail_of("order-shipped")
    assert mail.subject == f"Looms has sent your order {order.number}"
    for text in both(mail):
        assert "Cotton cloth" in text
        assert "Brass lamp" not in text
        assert "Delhivery" in text
        assert "DL123" in text
        assert "https://www.delhivery.com/track/DL123" in text


def test_a_dispatch_without_tracking_is_whole(order):
    part = order.seller_orders.first()
    for step in ("processing", "shipped"):
        advance_seller_order(seller_order=part, to=step, actor=part.seller.user)
    for text in both(mail_of("order-shipped")):
        assert "the carrier" in text
        assert "racking number" not in text


def test_a_cancellation_of_what_was_paid_names_the_refund_and_how_long_it_takes(order):
    cancel_order(order=order, actor=order.buyer, reason="Ordered twice.")
    for text in both(mail_of("order-cancelled")):
        assert "₹1,549" in text
        assert "5–7 working days" in strip_tags(text)
        assert "Ordered twice." in text


def test_a_cancellation_of_what_was_not_paid_promises_no_money():
    order = place(make_user(), make_variant())
    row = OutboundEmail(kind="order-cancelled", key="order-cancelled:1", user=order.buyer, params={"order": order.pk})
    row.save()
    for text in both(compose(row)):
        assert "You were not charged" in text
        assert "sending back" not in text


@pytest.mark.parametrize(("params", "amount"), [({}, "₹1,549"), ({"amount": "250.50"}, "₹250.50")])
def test_a_refund_names_its_amount(order, params, amount):
    row = OutboundEmail(
        kind="order-refunded", key="order-refunded:1", user=order.buyer, params={"order": order.pk, **params}
    )
    row.save()
    mail = compose(row)
    assert Decimal(order.total) == Decimal("1549.00")
    for text in both(mail):
        assert f"{amount}" in text
        assert "5–7 working days" in strip_tags(text)


def test_a_mail_costs_the_same_for_one_and_for_three_sellers(order, django_assert_num_queries):
    row = OutboundEmail.objects.select_related("user").get(kind="order-confirmation")
    with django_assert_num_queries(4):
        compose(row)
