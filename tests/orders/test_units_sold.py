"""What "popular" means: pieces that were paid for and not cancelled, counted every hour."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Product
from catalog.search_models import SearchOutbox
from orders import tasks
from orders.services import cancel_order
from tests.factories import make_user
from tests.orders.selling import pay
from tests.shop import make_variant, place

pytestmark = pytest.mark.django_db


def sold(*variants):
    told = dict(Product.objects.values_list("pk", "units_sold"))
    return [told[variant.product_id] for variant in variants]


def by_popularity(client):
    answer = client.get("/api/v1/products", {"sort": "popular"}).json()
    return [product["id"] for product in answer["results"]]


@pytest.fixture
def clay():
    return make_variant(title="Clay lamp")


@pytest.fixture
def brass():
    return make_variant(title="Brass lamp", stock=20)


def test_what_was_paid_for_counts_and_what_came_back_does_not(clay, brass):
    pay(place(make_user(), clay, brass, quantity=2))
    pay(place(make_user(), clay, quantity=3))
    place(make_user(), brass, quantity=5)
    tasks.count_units_sold()
    assert sold(clay, brass) == [5, 2]

    order = pay(place(make_user(), brass, quantity=4))
    tasks.count_units_sold()
    assert sold(clay, brass) == [5, 6]
    cancel_order(order=order, actor=order.buyer, reason="")
    tasks.count_units_sold()
    assert sold(clay, brass) == [5, 2]


@pytest.mark.django_db(transaction=True)  # lists are remembered until a commit changes them
def test_lists_by_popularity_follow(client, clay, brass):
    """Without sales the newest comes first."""
    assert by_popularity(client) == [brass.product_id, clay.product_id]
    pay(place(make_user(), clay))
    tasks.count_units_sold()
    assert by_popularity(client) == [clay.product_id, brass.product_id]


def test_only_what_changed_is_written_and_indexed(settings, monkeypatch, clay, brass):
    settings.ELASTICSEARCH_URL = "http://engine"
    monkeypatch.setattr(tasks, "BATCH", 1)
    pay(place(make_user(), clay))
    pay(place(make_user(), brass))
    tasks.count_units_sold()
    pay(place(make_user(), clay))
    SearchOutbox.objects.all().delete()
    with CaptureQueriesContext(connection) as queries:
        tasks.count_units_sold()
    assert sold(clay, brass) == [2, 1]
    assert list(SearchOutbox.objects.values_list("product_id", flat=True)) == [clay.product_id]
    assert sum(query["sql"].startswith("UPDATE") for query in queries) == 1


def test_it_is_done_every_hour(settings):
    tasks_by_name = {entry["task"]: entry["schedule"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert tasks_by_name[tasks.count_units_sold.name] == 3600
