"""The dashboard and the page of figures: what they show to whom, and what they refuse."""

import csv
from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog.models import ProductViews
from orders.models import SellerOrder
from orders.services import cancel_order
from tests.factories import make_admin, make_seller, make_user
from tests.orders.selling import sold_by
from tests.shop import make_variant

pytestmark = pytest.mark.django_db
DASHBOARD, FIGURES = reverse("seller:dashboard"), reverse("seller:figures")
FILES = {name: reverse("seller:figures-csv", args=[name]) for name in ("sales", "best-sellers", "low-stock")}


@pytest.fixture
def seller(client):
    seller = make_seller(shop_name="Lamps & Co")
    client.force_login(seller.user)
    return seller


def body(response, status: int = 200) -> str:
    assert response.status_code == status
    return response.content.decode()


def rows_of(response) -> list[list[str]]:
    assert response.status_code == 200
    return list(csv.reader(StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


def test_a_shop_without_products_is_shown_its_first_steps(client, seller):
    page = body(client.get(DASHBOARD))
    assert "List a product" in page
    assert reverse("seller-products:new") in page


def test_the_dashboard_says_how_today_goes_and_what_is_to_be_done(client, seller):
    lamp = make_variant(seller=seller, price="250.00", title="Brass Peacock Lamp", stock=4)
    yesterday = sold_by(seller, make_variant(seller=seller, price="600.00", mrp="600.00"), status="shipped")
    SellerOrder.objects.filter(pk=yesterday.pk).update(paid_at=timezone.now() - timedelta(days=1))
    part = sold_by(seller, lamp)
    response = client.get(DASHBOARD)
    page = body(response)
    assert (response.context["today"].orders, response.context["today"].revenue) == (1, part.total)
    assert response.context["yesterday"].revenue == yesterday.total
    assert response.context["waiting_count"] == 1
    assert [variant.pk for variant in response.context["low_stock"]] == [lamp.pk]
    assert "Brass Peacock Lamp" in page
    assert reverse("seller-products:stock", args=[lamp.product_id]) in page
    assert part.order.number in page
    assert f"{reverse('seller-products:list')}?stock=low" in page


def test_the_open_dashboard_brings_itself_up_to_date(client, seller):
    sold_by(seller)
    fragment = body(client.get(DASHBOARD, headers={"HX-Request": "true", "HX-Target": "dashboard"}))
    assert 'id="dashboard"' in fragment
    assert "<html" not in fragment


def test_neither_page_asks_more_for_more_orders(client, seller):
    def asked(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            body(client.get(path))
        return len(queries)

    sold_by(seller)
    body(client.get(DASHBOARD))  # what all pages show is remembered from then on
    few = [asked(path) for path in (DASHBOARD, FIGURES)]
    for _ in range(5):
        sold_by(seller)
    assert [asked(path) for path in (DASHBOARD, FIGURES)] == few


def test_the_address_says_which_days_are_shown_and_how(client, seller):
    sold_by(seller)
    response = client.get(FIGURES, {"from": "2026-01-05", "to": "2026-03-31", "by": "month"})
    page = body(response)
    assert [row.label for row in response.context["figures"].rows] == ["5–31 Jan 2026", "February 2026", "March 2026"]
    assert 'value="2026-01-05"' in page
    steps = {
        preset: (client.get(FIGURES, {"range": preset}).context["figures"].period.step)
        for preset in ("today", "30-days", "90-days", "12-months")
    }
    assert steps == {"today": "day", "30-days": "day", "90-days": "week", "12-months": "month"}


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"from": "2026-03-31", "to": "2026-03-01"}, "The last day is before the first one."),
        ({"from": "2026-03-31"}, "Enter both days"),
        ({"to": "2026-03-31"}, "Enter both days"),
        ({"from": "31.03.2026", "to": "x"}, "such as 2026-04-01"),
        ({"from": "0001-01-01", "to": "2026-03-31"}, "There are no figures from before 2015."),
        ({"from": "2016-01-01", "to": "2026-03-31"}, "Choose five years at most."),
        ({"from": "2026-01-01", "to": "9999-12-31"}, "Choose five years at most."),
        ({"from": "9999-01-01", "to": "9999-12-31"}, "still to come"),
        ({"from": "2024-01-01", "to": "2026-03-31", "by": "day"}, "choose weeks or months"),
        ({"range": "ever"}, "not one of the available choices"),
        ({"by": "hour"}, "not one of the available choices"),
        ({"from": "2026-03-01\x00", "to": "2026-03-31"}, "such as 2026-04-01"),
    ],
)
def test_days_that_make_no_sense_are_refused_in_a_sentence(client, seller, asked, told):
    for path in (FIGURES, FILES["sales"]):
        page = body(client.get(path, asked), 422)
        assert told in page
        assert "Best sellers" not in page


def test_figures_that_are_not_known_say_so_and_new_ones_are_new(client, seller):
    sold_by(seller)
    page = body(client.get(FIGURES))
    assert "not known" in page
    assert ">new<" in page
    assert "inf" not in page.lower().split("<main")[1].split("</main")[0].replace("info", "")


def test_the_tables_are_files_too(client, seller):
    lamp = make_variant(seller=seller, price="250.00", title="=HYPERLINK(1)", stock=3)
    part = sold_by(seller, lamp)
    cancel_order(order=sold_by(seller, lamp).order, actor=None)
    ProductViews.objects.create(product=lamp.product, seller=seller, day=timezone.localdate(), views=20)
    today = timezone.localdate().isoformat()
    asked = {"from": today, "to": today}
    head, *sales = rows_of(client.get(FILES["sales"], asked))
    assert head[:4] == ["From", "To", "Revenue", "Of it delivery"]
    assert sales == [[today, today, str(part.total), "49.00", "1", "1", str(part.total), "0.00", "0", "20", "5.0"]]
    response = client.get(FILES["best-sellers"], asked)
    assert response["Content-Disposition"] == f'attachment; filename="best-sellers-{today}-{today}.csv"'
    assert rows_of(response)[1:] == [[str(lamp.product_id), "'=HYPERLINK(1)", "250.00", "1", "1", "20", "5.0"]]
    assert rows_of(client.get(FILES["low-stock"]))[1:] == [[lamp.sku, "'=HYPERLINK(1)", "", "2"]]
    assert client.get(FIGURES + "buyers.csv").status_code == 404


def test_an_order_before_midnight_in_india_is_of_that_day(client, seller):
    for moment in ("2026-03-05T18:29:00Z", "2026-03-05T18:30:00Z"):
        SellerOrder.objects.filter(pk=sold_by(seller).pk).update(paid_at=datetime.fromisoformat(moment))
    rows = client.get(FIGURES, {"from": "2026-03-05", "to": "2026-03-06"}).context["figures"].rows
    assert [(row.span.first, row.sales.orders) for row in rows] == [(date(2026, 3, 5), 1), (date(2026, 3, 6), 1)]


def test_another_shop_s_figures_are_nowhere(client, seller):
    other = make_seller()
    sold_by(other, make_variant(seller=other, title="Foreign Lamp", stock=2))
    make_variant(seller=seller)
    for path in (DASHBOARD, FIGURES, *FILES.values()):
        response = client.get(path)
        text = b"".join(response.streaming_content).decode() if response.streaming else body(response)
        assert "Foreign Lamp" not in text
    assert client.get(FIGURES).context["figures"].sales.orders == 0


@pytest.mark.parametrize("path", [DASHBOARD, FIGURES, *FILES.values()])
def test_only_approved_sellers_have_figures(client, path):
    assert client.get(path).url.startswith(reverse("accounts:login"))
    for user in (make_user(), make_admin()):
        client.force_login(user)
        assert client.get(path).url == reverse("sell:landing")
    client.force_login(make_seller(status="suspended").user)
    assert client.get(path).url == reverse("sell:status")
    client.force_login(make_seller().user)
    assert client.post(path).status_code == 405
