"""The index follows the database, whatever happens to either of them or to the worker."""

from decimal import Decimal

import pytest
from django.db import transaction
from django.utils.module_loading import import_string

from accounts.models import SellerStatus
from accounts.services import set_seller_status
from catalog.models import Product, SearchOutbox
from catalog.search.elastic.client import writer
from catalog.search.elastic.documents import documents
from catalog.search.elastic.rebuild import _begun
from catalog.search.elastic.sync import aliases, live_alias, next_alias, next_version, sync_batch, write
from catalog.search.outbox import enqueue
from catalog.services import (
    StockLine,
    create_category,
    set_price,
    set_rating,
    set_status,
    take_stock,
    update_category,
)
from catalog.tasks import sync_search
from tests.catalog.search.shelf import shelve
from tests.factories import make_product, make_variant

pytestmark = pytest.mark.django_db


def indexed() -> dict[int, dict]:
    writer().indices.refresh(index=live_alias())
    hits = writer().search(index=live_alias(), size=1000)["hits"]["hits"]
    return {int(hit["_id"]): hit["_source"] for hit in hits}


def is_in_step() -> bool:
    listed = Product.objects.listed().values_list("pk", flat=True)
    return indexed() == documents(list(listed))


@pytest.fixture
def product(engine):
    engine()
    made = make_product(price=499, stock=5)
    sync_search()
    assert indexed().keys() == {made.pk}
    return made


def test_a_change_is_in_the_index_after_its_commit(product):
    product.title = "Brass lantern"
    product.save()
    sync_search()
    assert indexed()[product.pk]["title"] == "Brass lantern"
    assert not SearchOutbox.objects.exists()


def test_a_change_that_is_rolled_back_leaves_no_trace(product):
    with transaction.atomic():
        product.title = "Never"
        product.save()
        transaction.set_rollback(True)
    assert not SearchOutbox.objects.exists()
    sync_search()
    assert is_in_step()


@pytest.mark.parametrize(
    "change",
    [
        lambda product: set_status(product=product, status="archived"),
        lambda product: set_price(variant=product.variants.get(), price=Decimal(99), mrp=Decimal(999)),
        lambda product: set_rating(product_id=product.pk, average=Decimal("4.50"), count=3),
        lambda product: take_stock([StockLine(product.variants.get().pk, 5)], reference="", actor=None),
        lambda product: make_variant(product, name="Large", price=9, attributes={"Size": "Large"}),
        lambda product: update_category(category=product.category, name="Another name"),
        lambda product: update_category(category=product.category, parent=create_category(name="Above")),
        lambda product: set_seller_status(seller=product.seller, status=SellerStatus.SUSPENDED, reason="Fakes"),
    ],
    ids=["archive", "price", "rating", "sell out", "variant", "category's name", "category's place", "suspend"],
)
def test_every_way_to_change_a_product_reaches_the_index(product, change):
    before = indexed()
    change(product)
    assert SearchOutbox.objects.exists()
    sync_search()
    assert indexed() != before
    assert is_in_step()


def test_a_deleted_product_leaves_the_index(engine):
    engine()
    (product,) = shelve("Brass lamp")
    enqueue([product.pk])
    sync_search()
    assert indexed().keys() == {product.pk}
    product.delete()
    sync_search()
    assert indexed() == {}


def test_stock_that_moves_and_stays_costs_the_buyer_nothing(product, django_assert_num_queries):
    line = [StockLine(product.variants.get().pk, 1)]
    with django_assert_num_queries(1):
        take_stock(line, reference="", actor=None)
    assert not SearchOutbox.objects.exists()


def test_without_an_engine_nothing_is_written_down(product, settings):
    settings.ELASTICSEARCH_URL = ""
    product.title = "Brass lantern"
    product.save()
    assert not SearchOutbox.objects.exists()


def test_a_worker_that_lags_behind_does_not_bring_back_the_past(product):
    version = next_version()
    old = documents([product.pk])
    product.title = "Brass lantern"
    product.save()
    sync_search()
    assert not write(writer(), old, [product.pk], version=version, targets=[live_alias()]).delayed
    assert indexed()[product.pk]["title"] == "Brass lantern"


def test_changes_wait_while_the_engine_is_away(product, settings, caplog):
    url, settings.ELASTICSEARCH_URL = settings.ELASTICSEARCH_URL, "http://127.0.0.1:1"
    product.title = "Brass lantern"
    product.save()
    assert sync_search() == 0
    assert "cannot be written" in caplog.text
    assert set(SearchOutbox.objects.values_list("attempts", flat=True)) == {0}
    settings.ELASTICSEARCH_URL = url
    sync_search()
    assert is_in_step()
    assert not SearchOutbox.objects.exists()


def test_changes_wait_while_there_is_no_index(engine):
    product = make_product()
    sync_search()
    assert SearchOutbox.objects.exists()
    assert aliases(writer()) == {}, "and none comes into being by itself"
    engine()
    assert indexed().keys() == {product.pk}


def test_what_the_index_refuses_is_kept_aside_and_holds_up_nothing(product, monkeypatch, caplog):
    other = make_product()
    merit = "catalog.search.elastic.documents._merit"
    real = import_string(merit)
    monkeypatch.setattr(merit, lambda row: "x" if row["id"] == product.pk else real(row))
    product.save()
    other.save()
    for _ in range(SearchOutbox.MAX_ATTEMPTS + 1):
        sync_batch()
    assert other.pk in indexed()
    kept = SearchOutbox.objects.all()
    assert {row.product_id for row in kept} == {product.pk}
    assert {row.attempts for row in kept} == {SearchOutbox.MAX_ATTEMPTS}
    assert all("merit" in row.error for row in kept)
    assert "refuses" in caplog.text

    monkeypatch.undo()
    product.save()
    sync_search()
    assert is_in_step()
    assert not SearchOutbox.objects.exists(), "the ones kept aside are settled, too"


def test_many_at_once_go_in_batches(engine, monkeypatch):
    engine()
    monkeypatch.setattr("catalog.search.elastic.sync.BATCH", 7)
    made = shelve(*["Lamp"] * 20)
    enqueue([each.pk for each in made])
    assert sync_search() == 20
    assert is_in_step()


def test_while_a_new_index_is_built_both_learn_of_changes(product, engine):
    name, _ = _begun(writer(), from_scratch=False)
    assert aliases(writer())[next_alias()] == name
    product.title = "Brass lantern"
    product.save()
    sync_search()
    for alias in (live_alias(), next_alias()):
        assert writer().get(index=alias, id=str(product.pk))["_source"]["title"] == "Brass lantern"
