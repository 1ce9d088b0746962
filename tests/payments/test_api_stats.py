"""What staff see of the whole shop."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from orders.models import Order
from payments.selectors import shop_stats
from tests.api.conftest import as_user
from tests.api.world import pay
from tests.factories import make_admin, make_product, make_seller, make_user
from tests.shop import make_variant, place

pytestmark = pytest.mark.django_db
INDIA = ZoneInfo("Asia/Kolkata")
NOW = datetime(2026, 3, 15, 12, tzinfo=INDIA)


def paid(at: datetime, price: str = "600.00") -> Order:
    order = pay(place(make_user(), make_variant(price=price, mrp="9000.00")))
    Order.objects.filter(pk=order.pk).update(paid_at=at)
    return order


def revenue() -> tuple[str, str, float | None]:
    found = shop_stats(NOW)["revenue"]
    return str(found["this_month"]), str(found["last_month"]), found["change_percent"]


def test_an_empty_shop_has_zeros_everywhere():
    admin = make_admin()

    assert as_user(admin).get("/api/v1/admin/stats").json() == {
        "revenue": {"this_month": "0.00", "last_month": "0.00", "change_percent": None},
        "users": {"total": 1, "buyers": 0, "sellers": 0, "admins": 1},
        "orders": {
            "total": 0,
            "by_status": {"pending": 0, "paid": 0, "processing": 0, "shipped": 0, "delivered": 0, "cancelled": 0},
        },
        "products": {"by_status": {"draft": 0, "active": 0, "archived": 0}},
    }


def test_everything_is_counted():
    shop = make_seller()
    make_product(seller=shop, status="draft")
    place(make_user(), make_variant(seller=shop))
    pay(place(make_user(), make_variant(seller=shop, price="250.00")))

    stats = as_user(make_admin()).get("/api/v1/admin/stats").json()

    assert stats["revenue"] == {"this_month": "299.00", "last_month": "0.00", "change_percent": None}
    assert stats["users"] == {"total": 4, "buyers": 2, "sellers": 1, "admins": 1}
    assert stats["orders"]["total"] == 2
    assert (stats["orders"]["by_status"]["pending"], stats["orders"]["by_status"]["paid"]) == (1, 1)
    assert stats["products"] == {"by_status": {"draft": 1, "active": 2, "archived": 0}}


def test_months_begin_and_end_in_india():
    paid(datetime(2026, 3, 1, 0, 0, tzinfo=INDIA), "800.00")  # still February in UTC
    paid(datetime(2026, 2, 28, 23, 59, 59, tzinfo=INDIA), "600.00")
    paid(datetime(2026, 2, 1, 0, 0, tzinfo=INDIA), "600.00")
    paid(datetime(2026, 1, 31, 23, 59, 59, tzinfo=INDIA), "5000.00")

    assert revenue() == ("800.00", "1200.00", -33.3)


def test_what_went_back_or_is_going_back_is_no_revenue():
    paid(NOW, "600.00")
    for status in ("refunding", "refunded"):
        Order.objects.filter(pk=paid(NOW).pk).update(payment_status=status, status="cancelled")

    assert revenue() == ("600.00", "0.00", None)


def test_the_number_of_questions_is_fixed(django_assert_num_queries):
    with django_assert_num_queries(4):
        shop_stats()
