from itertools import chain
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache

from accounts.models import Notification
from pymart.common.api import pagination

pytestmark = [pytest.mark.usefixtures("toy"), pytest.mark.django_db]


@pytest.fixture
def inbox(buyer) -> list[int]:
    """The ids of a long inbox, newest first; types and order ids repeat."""
    rows = [Notification(user=buyer, type="order.paid", title=f"{n}", order_id=n % 3) for n in range(25)]
    return [row.pk for row in Notification.objects.bulk_create(rows)][::-1]


def walk(api, url: str, link: str) -> list[list[int]]:
    """The results of a page and of all that the link leads to."""
    pages = []
    while url:
        answer = api.get(url).json()
        pages.append(answer["results"])
        url = answer[link]
    return pages


def test_a_page_says_how_many_there_are_and_where_the_others_stand(buyer_api, inbox):
    answer = buyer_api.get("/api/v1/inbox?page=2&page_size=10&utm=x").json()

    assert answer["count"] == 25
    assert answer["results"] == inbox[10:20]
    parts = urlsplit(answer["next"])
    assert (parts.netloc, parts.path) == ("testserver", "/api/v1/inbox")
    assert parse_qs(parts.query).keys() == {"page", "page_size", "utm", "cursor"}
    assert parse_qs(urlsplit(answer["previous"]).query)["page"] == ["1"]


@pytest.mark.parametrize("order", ["-id", "id", "-order_id,-id", "order_id,-id", "-order_id,id", "title,id"])
def test_following_the_links_shows_every_row_once_in_any_order(buyer_api, buyer, inbox, order):
    expected = list(Notification.objects.filter(user=buyer).order_by(*order.split(",")).values_list("pk", flat=True))

    there = walk(buyer_api, f"/api/v1/inbox?page_size=4&order={order}", "next")
    back = walk(buyer_api, f"/api/v1/inbox?page_size=4&order={order}&page=7", "previous")

    assert [*chain.from_iterable(there)] == expected
    assert back == there[::-1]


def test_rows_that_come_meanwhile_do_not_show_a_row_twice(buyer_api, buyer, inbox):
    first = buyer_api.get("/api/v1/inbox?page_size=10").json()
    Notification.objects.create(user=buyer, type="order.paid", title="new")

    assert buyer_api.get(first["next"]).json()["results"] == inbox[10:20]


def test_past_the_end_is_404_and_an_empty_list_is_a_page(buyer_api, inbox, buyer):
    assert buyer_api.get("/api/v1/inbox?page=4&page_size=10").status_code == 404
    Notification.objects.all().delete()
    assert buyer_api.get("/api/v1/inbox").json() == {"count": 0, "next": None, "previous": None, "results": []}


@pytest.mark.parametrize(
    "parameters",
    [
        "page=0", "page=-1", "page=x", "page=1e9", "page=9999999999999999999999", "page_size=0", "page_size=101",
        "cursor=%21", "cursor=bnVsbA", "cursor=WzBd", "cursor=WzAsWzFdXQ", "cursor=WzAsIngiXQ", "cursor=WzUsMV0",
        "cursor=WzAsMSwyXQ", f"cursor={'x' * 501}",
    ],
)  # fmt: skip
def test_what_is_no_page_is_400(buyer_api, inbox, parameters):
    response = buyer_api.get(f"/api/v1/inbox?{parameters}")

    assert response.status_code == 400
    assert response.json()["errors"][0]["attr"] == parameters.partition("=")[0]


def test_a_page_costs_the_same_queries_however_deep_it_lies(buyer_api, inbox, django_assert_num_queries):
    deep = buyer_api.get("/api/v1/inbox?page_size=2&page=9").json()["next"]
    for url in ("/api/v1/inbox?page_size=2", "/api/v1/inbox?page_size=20", deep):
        with django_assert_num_queries(3):  # who asks, how many, which
            buyer_api.get(url)


def test_a_large_count_is_not_counted_again_for_a_minute(buyer_api, inbox, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(pagination, "MANY", 20)
    buyer_api.get("/api/v1/inbox?page_size=2")
    with django_assert_num_queries(2):
        assert buyer_api.get("/api/v1/inbox?page_size=2").json()["count"] == 25
    cache.clear()
