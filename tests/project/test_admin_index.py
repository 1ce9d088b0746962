from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.utils import timezone

from accounts.models import OutboundEmail, Role, SellerStatus
from orders.models import Order
from orders.services import cancel_order, set_razorpay_order
from payments.gateway import PaymentSnapshot
from payments.models import Refund, RefundStatus, WebhookEvent
from payments.services import apply_payment, refund_again
from reviews.services import report_review, write_review
from tests.factories import make_admin, make_product, make_seller, make_user
from tests.shop import make_variant, place

pytestmark = pytest.mark.django_db

INDEX = "/admin/"
TODAY = datetime(2026, 11, 22, 12, tzinfo=ZoneInfo("Asia/Kolkata"))


def paid(price: str = "1000.00") -> Order:
    order = place(make_user(), make_variant(price=price, mrp=price))
    set_razorpay_order(order=order, razorpay_order_id=f"order_{order.pk}")
    apply_payment(PaymentSnapshot(f"pay_{order.pk}", f"order_{order.pk}", "captured", order.total, "INR"))
    return order


def figures(client) -> dict[str, dict[str, tuple[str, str]]]:
    cache.clear()
    groups = client.get(INDEX).context["figures"]
    return {group.title: {one.label: (one.value, one.url) for one in group.figures} for group in groups}


@pytest.fixture
def admin(client):
    client.force_login(make_admin())
    return client


def test_revenue_is_compared_with_the_month_before(admin):
    with time_machine.travel(TODAY, tick=False):
        first, second, third = paid(), paid(), paid("500.00")
        Order.objects.filter(pk=second.pk).update(paid_at=TODAY - timedelta(days=30))
        Order.objects.filter(pk=third.pk).update(paid_at=TODAY - timedelta(days=90))
        shown = figures(admin)["Revenue"]
        assert shown["This month"][0] == shown["Last month"][0] == "₹1,000"
        assert "+0% on last month" in admin.get(INDEX).content.decode()
        for label, order in (("This month", first), ("Last month", second)):
            rows = admin.get(shown[label][1]).context["cl"].result_list
            assert list(rows) == [order]
            assert sum(row.total for row in rows) == Decimal("1000.00")


def test_each_figure_leads_to_the_rows_it_counts(admin):
    make_seller(make_user(), status=SellerStatus.APPLIED)
    order, other = paid(), paid()
    cancel_order(order=order, actor=None, reason="x")
    cancel_order(order=other, actor=None, reason="x")
    Refund.objects.update(status=RefundStatus.FAILED)
    refund_again(refund=Refund.objects.get(payment__order=other), actor=make_admin())
    review = write_review(
        author=make_user(), product=make_product(), rating=1, body="Buy at elsewhere.example instead."
    )
    report_review(review=review, user=make_user(), reason="spam")
    WebhookEvent.objects.create(event_id="evt_1", type="payment.captured", body="{}")
    WebhookEvent.objects.create(event_id="evt_2", type="payment.captured", body="{}", processed_at=timezone.now())
    OutboundEmail.objects.filter(user=order.buyer).update(first_tried_at=timezone.now() - timedelta(days=2))
    for group, shown in figures(admin).items():
        if group == "Revenue":
            continue
        for label, (value, url) in shown.items():
            listed = admin.get(url)
            assert listed.status_code == 200, url
            assert f"{listed.context['cl'].result_count}" == value, label
    waiting = {label: value for label, (value, _) in figures(admin)["Waiting"].items()}
    assert waiting == {
        "Seller applications": "1", "Failed refunds": "1", "Unprocessed webhooks": "1",
        "Reported reviews": "1", "E-mails given up": str(OutboundEmail.objects.filter(user=order.buyer).count()),
    }  # fmt: skip


def test_staff_see_figures_of_what_they_may_see(client):
    user = make_user(is_staff=True)
    client.force_login(user)
    assert figures(client) == {}
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_product", "view_refund"]))
    shown = figures(client)
    assert list(shown) == ["Waiting", "Products"]
    assert list(shown["Waiting"]) == ["Failed refunds"]


@pytest.mark.parametrize("rows", [1, 5])
def test_the_page_costs_the_same_however_large_the_shop(admin, django_assert_max_num_queries, rows):
    for _ in range(rows):
        paid()
        make_user(role=Role.SELLER)
    cache.clear()
    with django_assert_max_num_queries(14):
        admin.get(INDEX)
    with django_assert_max_num_queries(10):
        admin.get(INDEX)
