"""What is kept of searches: no more than staff need, written by a worker, and nothing that a search depends on."""

from datetime import timedelta

import orjson
import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from catalog import search_log
from catalog.models import PastQuery, SearchLog
from catalog.search import suggest
from catalog.search_log import forget_old, loggable
from catalog.tasks import learn_past_queries, rebuild_vocabulary, write_search_log
from pymart.common import redis
from pymart.common.errors import Unavailable
from tests.catalog.search.shelf import shelve
from tests.factories import make_admin, make_user

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (Linux; Android 14; SM-A145F) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"


@pytest.fixture
def phone() -> Client:
    return Client(headers={"User-Agent": PHONE})


@pytest.fixture
def lanterns():
    return shelve(*["Brass lantern"] * 30)


def search(client: Client, query: str = "q=lantern", **headers: str) -> str | None:
    """The number that the page has for the search."""
    response = client.get(f"/search/?{query}", headers=headers)
    assert response.status_code == 200
    number = response.context["search_number"]
    has_number = f'data-search="{number}"' in response.content.decode()
    assert has_number is (number is not None and response.context["result"].total > 0)
    return number and str(number)


def logged() -> list[SearchLog]:
    write_search_log()
    return list(SearchLog.objects.order_by("created_at"))


def test_a_search_is_noted_with_what_it_found_and_nothing_of_who_searched(phone, lanterns):
    phone.force_login(make_user())
    search(phone, "q=  BRASS  Lantern ")
    (row,) = logged()
    assert (row.query, row.results, row.engine, row.relaxed) == ("brass lantern", 30, "database", "")
    assert row.milliseconds < 10_000
    assert timezone.now() - row.created_at < timedelta(seconds=60)
    columns = {field.name for field in SearchLog._meta.get_fields()}
    assert columns == {
        "id", "query", "results", "engine", "milliseconds", "relaxed", "clicked_position", "created_at",
    }  # fmt: skip


@pytest.mark.parametrize(
    "query",
    [
        "", "q=", "q=!!&page=2", "q=lantern&page=2", "q=lantern&in_stock=1", "q=lantern&sort=price", "sort=newest",
        "q=asha@example.in", "q=98765+43210",
    ],
)  # fmt: skip
def test_other_looks_at_the_same_search_and_telltale_texts_are_not_noted(phone, lanterns, query):
    assert search(phone, query) is None
    assert logged() == []


def test_what_nobody_looks_at_is_not_noted(phone, lanterns):
    search(phone, **{"Sec-Purpose": "prefetch;prerender"})
    search(phone, **{"User-Agent": "Googlebot/2.1"})
    phone.head("/search/?q=lantern")
    phone.get("/search/?q=lantern", headers={"HX-Request": "true", "HX-Target": "results"})
    phone.force_login(make_admin())
    search(phone)
    assert logged() == []


@pytest.mark.parametrize(
    "text",
    [
        "asha.rao@example.in", "asha @ okhdfcbank", "+91 98765-43210", "(080) 4000 0000", "९८७६५ ४३२१०",
        "asha rao 560001", "560 001", "abcde1234f", "27ABCDE1234F1Z5", "1234 5678 9012", "4111-1111-1111-1111",
        "where is pm-379cde", "PM-XYWVUT",
    ],
)  # fmt: skip
def test_a_text_that_may_say_who_somebody_is_is_dropped(text):
    assert loggable(text) == ""


@pytest.mark.parametrize(
    "text",
    ["iphone 15 pro max 256 gb", "rice 5 kg", "under 500", "500 to 1000", "कुर्ती", "samsung a14", "1,00,000", "t-shirt"],
)
def test_what_shoppers_want_is_kept(text):
    assert loggable(text) == text


def test_long_texts_are_cut():
    assert len(loggable("lamp " * 60)) <= SearchLog.MAX_QUERY


def opened(client: Client, number: str | None, position: object) -> int:
    return client.post("/search/opened/", {"search": number or "", "position": position}).status_code


def test_the_first_result_that_is_opened_counts_once(phone, lanterns):
    number = search(phone)
    assert [opened(phone, number, position) for position in (3, 1)] == [204, 204]
    assert [row.clicked_position for row in logged()] == [3]
    opened(phone, number, 2)
    assert [row.clicked_position for row in logged()] == [3], "nor later"


@pytest.mark.parametrize(
    ("number", "position"),
    [("77", 1), ("", 1), ("x", 1), ("-5", 1), ("9" * 30, 1), (None, 0), (None, 101), (None, "x")],
)
def test_nonsense_is_not_counted(phone, lanterns, number, position):
    asked = search(phone)
    assert opened(phone, asked if number is None else number, position) == 204
    assert [row.clicked_position for row in logged()] == [None]


def test_a_look_at_the_address_counts_nothing(phone):
    assert phone.get("/search/opened/").status_code == 405


def test_what_is_written_is_written_once_however_often_it_is_tried(phone, lanterns, monkeypatch):
    opened(phone, search(phone), 2)
    real = search_log._write

    def fail(lines):
        real(lines)
        raise DatabaseError

    monkeypatch.setattr(search_log, "_write", fail)
    with pytest.raises(DatabaseError):
        write_search_log()
    monkeypatch.undo()
    assert [row.clicked_position for row in logged()] == [2]
    assert write_search_log() == 0


def test_lines_of_another_release_are_left_out(phone, lanterns):
    redis.command("RPUSH", redis.key("search-log"), orjson.dumps({"search": 1, "words": "lamp"}))
    search(phone)
    assert [row.query for row in logged()] == ["lantern"]


def test_many_are_written_batch_by_batch(phone, lanterns, monkeypatch):
    monkeypatch.setattr(search_log, "BATCH", 2)
    for _ in range(5):
        search(phone)
    assert len(logged()) == 5


def test_without_a_worker_the_oldest_give_way(phone, lanterns, monkeypatch):
    monkeypatch.setattr(search_log, "MOST_WAITING", 3)
    for text in ("a1", "a2", "a3", "a4"):
        search(phone, f"q={text}")
    assert sorted(row.query for row in logged()) == ["a2", "a3", "a4"]


def test_without_redis_people_search_all_the_same(phone, lanterns, monkeypatch):
    def dead(*parts):
        raise Unavailable

    monkeypatch.setattr("catalog.search_log.redis.command", dead)
    assert search(phone) is None
    assert opened(phone, "5", 1) == 204


def past(query: str, times: int, *, days: int = 3, **fields) -> None:
    first = SearchLog.objects.count()
    SearchLog.objects.bulk_create(
        SearchLog(
            **{"results": 5, "engine": "database", "milliseconds": 9, "query": query, **fields},
            id=first + number + 1,
            created_at=timezone.now() - timedelta(days=number % days, minutes=5),
        )
        for number in range(times)
    )


def test_old_searches_are_forgotten():
    past("lamp", 3, days=1)
    SearchLog.objects.filter(pk=1).update(created_at=timezone.now() - timedelta(days=91))
    assert forget_old() == 1
    assert SearchLog.objects.count() == 2


def test_searches_of_several_with_success_are_proposed(lanterns):
    shelve({"title": "Lantern oil 5 l", "units_sold": 3})
    rebuild_vocabulary()
    past("lantern oil 5", 6)
    past("brass lantern", 9)
    past("lantern brass", 4)  # too few
    past("lantern oil", 9, days=1)  # one day's, of one person perhaps
    past("silly lantern", 9)  # a word that nothing on sale has
    past("brass lantern for", 9, relaxed="any_word")
    past("oil brass", 9, results=0)
    assert learn_past_queries() == 2
    assert list(PastQuery.objects.order_by("-searches").values_list("text", "searches")) == [
        ("brass lantern", 9),
        ("lantern oil 5", 6),
    ]
    assert next(each.text for each in suggest("lantern oi") if each.kind == "query") == "lantern oil 5"
    SearchLog.objects.all().delete()
    assert learn_past_queries() == 0
    assert not PastQuery.objects.exists()
