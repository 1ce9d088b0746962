"""While the engine is away shoppers notice nothing: PostgreSQL answers within the same request."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
from prometheus_client import REGISTRY

from catalog.search import SearchRequest, find
from catalog.search.elastic import engine as elastic
from catalog.search.elastic.client import writer
from catalog.search.elastic.sync import live_alias
from pymart.common.redis import connection, key
from tests.catalog.search.shelf import shelve

pytestmark = pytest.mark.django_db
NOBODY = "http://127.0.0.1:1"


def backend() -> str:
    return find(SearchRequest(text="lantern")).backend


def fallbacks() -> float:
    return REGISTRY.get_sample_value("pymart_search_fallbacks_total") or 0


def let_the_wait_pass() -> None:
    with connection() as redis:
        assert 25 < redis.ttl(key("breaker", "search", "wait")) <= 30
        redis.delete(key("breaker", "search", "wait"))


@pytest.fixture
def shop(engine):
    """Of one lantern, in the index."""
    (product,) = shelve("Brass lantern")
    engine()
    writer().indices.refresh(index=live_alias())
    assert backend() == "elasticsearch"
    return product


def test_the_page_and_the_api_say_which_engine_answered(shop, client, settings):
    assert client.get("/search/?q=lantern")["X-Search-Engine"] == "elasticsearch"
    assert client.get("/api/v1/products?q=lantern").json()["search_backend"] == "elasticsearch"
    settings.ELASTICSEARCH_URL = NOBODY
    response = client.get("/search/?q=lantern")
    assert response["X-Search-Engine"] == "database"
    assert "Brass <mark>lantern</mark>" in response.content.decode()
    assert client.get("/api/v1/products?q=lantern&page_size=7").json()["search_backend"] == "database"


def test_an_engine_that_refuses_connections_is_stood_in_for(shop, settings):
    before = fallbacks()
    settings.ELASTICSEARCH_URL = NOBODY
    answer = find(SearchRequest(text="lantern"))
    assert (answer.backend, answer.product_ids) == ("database", (shop.pk,))
    assert fallbacks() == before + 1


def test_an_engine_without_the_index_is_stood_in_for(shop, settings):
    settings.SEARCH_INDEX = "no-such-index"
    assert backend() == "database"


@pytest.fixture
def silent() -> Iterator[str]:
    """Takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def test_an_engine_that_hangs_is_not_waited_for(shop, settings, silent):
    settings.ELASTICSEARCH_URL, settings.SEARCH_TIMEOUT = silent, 0.2
    started = time.monotonic()
    assert backend() == "database"
    assert time.monotonic() - started < 2


def test_after_three_failures_nobody_tries_until_one_probe_succeeds(shop, settings, silent):
    url = settings.ELASTICSEARCH_URL
    settings.ELASTICSEARCH_URL = NOBODY
    assert [backend() for _ in range(3)] == ["database"] * 3
    settings.ELASTICSEARCH_URL = url
    assert backend() == "database", "it is left alone for 30 seconds"

    settings.ELASTICSEARCH_URL = NOBODY
    let_the_wait_pass()
    assert backend() == "database", "the probe fails"
    settings.ELASTICSEARCH_URL = url
    assert backend() == "database", "and everybody waits again"

    let_the_wait_pass()
    assert [backend() for _ in range(2)] == ["elasticsearch"] * 2


def test_while_the_probe_is_out_the_others_do_not_wait_for_it(shop, settings, silent):
    settings.ELASTICSEARCH_URL = NOBODY
    for _ in range(3):
        backend()
    let_the_wait_pass()
    settings.ELASTICSEARCH_URL, settings.SEARCH_TIMEOUT = silent, 1

    def probe() -> None:
        with suppress(elastic.Away):
            elastic.find(SearchRequest(sort="newest"))

    thread = threading.Thread(target=probe)
    thread.start()
    time.sleep(0.3)
    started = time.monotonic()
    assert backend() == "database"
    assert time.monotonic() - started < 0.6
    thread.join()


def test_two_failures_and_a_success_begin_anew(shop, settings):
    url = settings.ELASTICSEARCH_URL
    for address in (NOBODY, NOBODY, url, NOBODY, NOBODY, url):
        settings.ELASTICSEARCH_URL = address
        assert backend() == ("elasticsearch" if address == url else "database")
