"""What is the same for everybody is answered from Redis: never older than the last change, never somebody's own."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.utils.cache import patch_vary_headers

from pymart.common.api import caching
from pymart.common.api.caching import changed, keep
from pymart.common.redis import connection, key

pytestmark = pytest.mark.urls(__name__)
shelf = {"stock": 5}
calls: list[str] = []


def read(request: HttpRequest, *, during: Any = None) -> HttpResponse:
    calls.append(request.get_full_path())
    stock = shelf["stock"]
    if during:
        during()
    response = HttpResponse(f'{{"stock": {stock}}}', content_type="application/json")
    return keep(response, seconds=60, depends=("shelf", "shop"))


def overtaken(request: HttpRequest) -> HttpResponse:
    def sell() -> None:
        shelf["stock"] = 4
        changed("shelf")

    return read(request, during=sell if shelf["stock"] == 5 else None)


def personal(request: HttpRequest) -> HttpResponse:
    response = read(request)
    patch_vary_headers(response, ["Cookie"])  # as whatever reads the session does
    return response


def with_cookie(request: HttpRequest) -> HttpResponse:
    response = read(request)
    response.set_cookie("seen", "1")
    return response


def differing(request: HttpRequest) -> HttpResponse:
    response = read(request)
    response["Vary"] = "Accept-Encoding, Authorization"
    return response


def missing(request: HttpRequest) -> HttpResponse:
    response = read(request)
    response.status_code = 404
    return response


def counted(request: HttpRequest) -> HttpResponse:
    response = read(request)
    response["RateLimit-Remaining"] = "7"
    return response


def unmarked(request: HttpRequest) -> HttpResponse:
    calls.append(request.path)
    return HttpResponse("{}")


VIEWS = (read, overtaken, personal, with_cookie, differing, missing, counted, unmarked)
urlpatterns = [path(f"api/{view.__name__}", view) for view in VIEWS] + [path("page", read)]


@pytest.fixture(autouse=True)
def _fresh_shelf() -> Iterator[None]:
    shelf["stock"] = 5
    calls.clear()
    return


def test_the_second_answer_is_the_first_one_and_costs_no_view(client: Client) -> None:
    first, second = client.get("/api/read"), client.get("/api/read")
    assert len(calls) == 1
    assert second.content == first.content == b'{"stock": 5}'
    own = {"X-Request-ID"}
    assert {**second.headers} == {**first.headers, **{name: second[name] for name in own}}
    assert second["X-Request-ID"] != first["X-Request-ID"]


def test_security_headers_stand_on_both(client: Client) -> None:
    for _ in range(2):
        answer = client.get("/api/read")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "strict-origin-when-cross-origin"


@pytest.mark.parametrize("name", ["shelf", "shop"])
def test_a_change_of_what_it_depends_on_makes_it_old(client: Client, name: str) -> None:
    client.get("/api/read")
    shelf["stock"] = 3
    changed("cellar")
    assert client.get("/api/read").json() == {"stock": 5}
    changed("cellar", name)
    assert client.get("/api/read").json() == {"stock": 3}
    client.get("/api/read")
    assert len(calls) == 2


def test_a_reader_that_a_change_overtook_keeps_nothing_old(client: Client) -> None:
    assert client.get("/api/overtaken").json() == {"stock": 5}
    assert client.get("/api/overtaken").json() == {"stock": 4}
    client.get("/api/overtaken")
    assert len(calls) == 2


def test_the_count_of_changes_does_not_fall_when_it_is_lost(client: Client) -> None:
    client.get("/api/read")
    with connection() as redis:
        redis.delete(key("answers", "count"))
    shelf["stock"] = 3
    changed("shelf")
    assert client.get("/api/read").json() == {"stock": 3}


def test_an_address_is_told_apart_by_all_that_it_says(client: Client) -> None:
    for query in ("", "?page=2", "?page=1&page=2", "?page=2&page=1", "?p%61ge=1&page=2&x", "?x=1"):
        client.get(f"/api/read{query}")
    client.get("/api/read", headers={"host": "localhost"})
    client.get("/api/read", secure=True)
    assert len(calls) == len(set(calls)) + 2 == 8


def test_the_order_of_parameters_does_not_matter(client: Client) -> None:
    client.get("/api/read?a=1&b=2")
    client.get("/api/read?b=2&a=1")
    assert len(calls) == 1


def test_an_address_that_is_too_long_is_answered_but_not_kept(client: Client) -> None:
    for _ in range(2):
        assert client.get(f"/api/read?q={'x' * caching.MAX_QUERY}").status_code == 200
    assert len(calls) == 2


@pytest.mark.parametrize("view", [personal, with_cookie, differing, missing, unmarked])
def test_what_is_not_for_everybody_is_not_kept(client: Client, view: Any) -> None:
    for _ in range(2):
        client.get(f"/api/{view.__name__}")
    assert len(calls) == 2


def test_an_answer_to_somebody_is_neither_kept_nor_taken_from_what_is_kept(client: Client) -> None:
    token = {"authorization": "Bearer x"}
    answer = client.get("/api/read", headers=token)
    assert answer["Cache-Control"] == "private, max-age=0, must-revalidate"
    client.get("/api/read")
    client.get("/api/read", headers=token)
    assert len(calls) == 3


def test_only_reading_the_api_is_answered_from_what_is_kept(client: Client) -> None:
    for method, address in ((client.get, "/page"), (client.head, "/api/read"), (client.post, "/api/read")):
        for _ in range(2):
            method(address)
    assert len(calls) == 6


def test_what_is_left_of_a_callers_rate_stays_theirs(client: Client) -> None:
    assert client.get("/api/counted")["RateLimit-Remaining"] == "7"
    assert "RateLimit-Remaining" not in client.get("/api/counted")


def test_a_client_that_has_the_answer_is_told_so(client: Client) -> None:
    first = client.get("/api/read")
    assert first["Cache-Control"] == "public, max-age=0, must-revalidate"
    for known in (first["ETag"], f"W/{first['ETag']}", f'"other", {first["ETag"]}'):
        again = client.get("/api/read", headers={"if-none-match": known})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert client.get("/api/read", headers={"if-none-match": '"other"'}).status_code == 200
    shelf["stock"] = 3
    changed("shelf")
    fresh = client.get("/api/read", headers={"if-none-match": first["ETag"]})
    assert (fresh.status_code, fresh.json()) == (200, {"stock": 3})


def test_an_answer_ends_when_its_time_is_over(client: Client) -> None:
    client.get("/api/read")
    with connection() as redis:
        lives = [redis.ttl(name) for name in redis.scan_iter(key("answers", "*")) if redis.type(name) == b"hash"]
    assert lives in ([60], [59])


def test_without_redis_every_answer_is_made_anew(
    client: Client, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    default = settings.CACHES["default"]
    settings.CACHES = {"default": {**default, "LOCATION": "redis://127.0.0.1:1/0"}}
    for _ in range(2):
        assert client.get("/api/read").json() == {"stock": 5}
    assert len(calls) == 2
    assert "Redis does not answer" in caplog.text
