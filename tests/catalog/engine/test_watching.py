"""Those who watch the shop learn how its index does."""

import pytest

from catalog.models import SearchOutbox
from catalog.search.outbox import enqueue
from catalog.tasks import sync_search
from pymart import metrics
from tests.samples import samples

pytestmark = pytest.mark.django_db


def test_a_shop_without_its_index_is_degraded(engine, client):
    assert client.get("/health").json()["search"] == "down"
    engine()
    assert client.get("/health").json() == {"status": "ok", "db": "ok", "redis": "ok", "search": "ok"}


def test_an_engine_that_is_away_leaves_the_shop_degraded_and_up(engine, client, settings):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:1"
    response = client.get("/health")
    assert (response.status_code, response.json()["status"]) == (200, "degraded")


def test_the_metrics_tell_what_waits(engine):
    engine()
    enqueue([1, 2])
    SearchOutbox.objects.create(product_id=3, attempts=SearchOutbox.MAX_ATTEMPTS)
    said = samples(metrics.search_outbox())
    assert (said["pymart_search_outbox_rows"], said["pymart_search_outbox_refused_rows"]) == (2, 1)
    sync_search()
    assert samples(metrics.search_outbox())["pymart_search_outbox_rows"] == 0
