"""Looks at products: whose are counted, and that each is written once, whenever the writer dies."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from accounts.services import issue_tokens
from catalog import page_views
from catalog.models import Product, ProductViews, ViewsBatch
from catalog.page_views import write_views
from catalog.selectors import views_known_from, views_of_products, views_of_shop
from catalog.tasks import write_views as task
from pymart.common import redis, tally
from tests.factories import make_admin, make_product, make_seller, make_user

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (Linux; Android 14; SM-A145F) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
MACHINES = [
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "WhatsApp/2.23.20.0",
    "Mozilla/5.0 (Linux) Chrome/130 (compatible; Google-InspectionTool/1.0;)",
    "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/130.0",
    "curl/8.5.0",
    "python-requests/2.32",
    "",
]
PEOPLE = [
    PHONE,
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
    "okhttp/4.12.0",
    "PyMart/3 CFNetwork/1490 Darwin/23.6.0",
]


@pytest.fixture
def product() -> Product:
    return make_product()


@pytest.fixture
def phone() -> Client:
    return Client(headers={"User-Agent": PHONE})


def api(product: Product) -> str:
    return f"/api/v1/products/{product.slug}"


def views(product: Product) -> int:
    """All that were counted until now."""
    write_views()
    return sum(ProductViews.objects.filter(product=product).values_list("views", flat=True))


def test_pages_and_answers_count_alike(phone, product):
    phone.get(product.get_absolute_url())
    for _ in range(3):  # the first is rendered, the others are kept
        assert phone.get(api(product)).status_code == 200
    assert views(product) == 4
    row = ProductViews.objects.get()
    assert (row.day, row.seller) == (timezone.localdate(), product.seller)


def test_a_look_that_finds_nothing_new_is_a_look(phone, product):
    etag = phone.get(api(product))["ETag"]
    assert phone.get(api(product), headers={"If-None-Match": etag}).status_code == 304
    assert views(product) == 2


@pytest.mark.parametrize("agent", MACHINES)
def test_programs_do_not_count(product, agent):
    client = Client(headers={"User-Agent": agent})
    client.get(product.get_absolute_url())
    client.get(api(product))
    client.get(api(product))
    assert views(product) == 0


@pytest.mark.parametrize("agent", PEOPLE)
def test_people_count_by_whatever_they_look(product, agent):
    Client(headers={"User-Agent": agent}).get(product.get_absolute_url())
    assert views(product) == 1


def test_neither_its_seller_nor_staff_count(phone, product):
    for user, counted in ((product.seller.user, 0), (make_admin(), 0), (make_user(), 3), (make_seller().user, 3)):
        before = views(product)
        phone.force_login(user)
        phone.get(product.get_absolute_url())
        token = {"Authorization": f"Bearer {issue_tokens(user).access_token}"}
        for _ in range(2):
            assert phone.get(api(product), headers=token).status_code == 200
        assert views(product) - before == counted


def test_previews_parts_of_a_page_and_pages_ahead_of_time_do_not_count(phone, product):
    address = product.get_absolute_url()
    phone.get(address, headers={"HX-Request": "true", "HX-Target": "offer"})
    phone.head(address)
    phone.get(address, headers={"Sec-Purpose": "prefetch"})
    draft = make_product(seller=product.seller, status="draft")
    phone.force_login(draft.seller.user)
    assert phone.get(draft.get_absolute_url()).status_code == 200
    assert (views(product), views(draft)) == (0, 0)


def test_a_product_is_shown_while_nothing_can_be_counted(phone, product, monkeypatch):
    def fails(*args: object) -> None:
        raise redis.Unavailable

    monkeypatch.setattr(tally, "count", fails)
    assert phone.get(product.get_absolute_url()).status_code == 200


def test_looks_add_up_day_by_day(product, monkeypatch):
    for day, looks in (("2026-03-01", 2), ("2026-03-02", 3), ("2026-03-01", 1)):
        monkeypatch.setattr(tally, "today", lambda day=day: day)
        for _ in range(looks):
            tally.count("views", str(product.pk))
        task()
    assert list(ProductViews.objects.order_by("day").values_list("day", "views")) == [
        (date(2026, 3, 1), 3),
        (date(2026, 3, 2), 3),
    ]


def test_who_dies_before_writing_leaves_all_to_the_next(product):
    look_at(product, 2)
    tally.take("views")  # and gone
    look_at(product, 3)
    assert write_views() == 1  # what was left
    assert write_views() == 1  # what came since
    assert views(product) == 5


def test_who_dies_while_writing_has_written_nothing(product, monkeypatch):
    look_at(product, 2)
    with monkeypatch.context() as patch:
        patch.setattr(page_views, "_WRITE", "SELECT 1 / 0 WHERE %s::bigint[] IS NOT NULL OR %s IS NULL OR %s IS NULL")
        with pytest.raises(DatabaseError):
            write_views()
    assert (ProductViews.objects.count(), ViewsBatch.objects.count()) == (0, 0)
    assert views(product) == 2


def test_who_dies_after_writing_does_not_make_the_next_one_write_it_again(product, monkeypatch):
    look_at(product, 2)
    with monkeypatch.context() as patch:
        patch.setattr(tally, "done", lambda *args: None)
        write_views()
    look_at(product, 1)
    assert write_views() == 0  # was written, and is thrown away
    assert views(product) == 3


def test_a_slow_writer_does_not_throw_away_what_another_took(product):
    look_at(product, 2)
    slow = tally.take("views")
    write_views()
    look_at(product, 1)
    assert tally.take("views") != slow
    tally.done("views", slow)
    assert views(product) == 3


def test_looks_at_what_is_deleted_are_forgotten_and_so_are_old_batches(product):
    look_at(product, 1)
    tally.count("views", "999999")
    write_views()
    ViewsBatch.objects.update(written_at=timezone.now() - timedelta(days=8))
    look_at(product, 1)
    write_views()
    assert ProductViews.objects.get().views == 2
    assert ViewsBatch.objects.count() == 1


def test_views_are_told_by_shop_and_product():
    assert views_known_from() is None
    mine, other = make_product(), make_product()
    for product, day, count in ((mine, 1, 5), (mine, 3, 7), (other, 2, 100)):
        ProductViews.objects.create(product=product, seller=product.seller, day=date(2026, 3, day), views=count)
    spans = [(date(2026, 3, first), date(2026, 3, last)) for first, last in ((1, 1), (1, 3), (2, 2), (3, 9))]
    assert views_of_shop(mine.seller, spans) == [5, 12, 0, 7]
    assert views_of_products([mine.pk, other.pk], date(2026, 3, 2), date(2026, 3, 9)) == {mine.pk: 7, other.pk: 100}
    assert views_known_from() == date(2026, 3, 1)


def look_at(product: Product, times: int) -> None:
    for _ in range(times):
        tally.count("views", str(product.pk))
