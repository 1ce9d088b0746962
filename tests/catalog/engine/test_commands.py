"""`search_reindex` and `search_check`, and what goes on beside them."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from catalog.models import Product
from catalog.search import SearchRequest, find
from catalog.search.elastic import mapping, rebuild
from catalog.search.elastic.client import writer
from catalog.search.elastic.documents import documents
from catalog.search.elastic.sync import aliases, live_alias, next_alias, next_version, sync_batch, write
from catalog.search.outbox import enqueue
from tests.catalog.search.shelf import shelve

pytestmark = pytest.mark.django_db


def run(command: str, **options: Any) -> str:
    output = StringIO()
    call_command(command, stdout=output, **options)
    return output.getvalue()


def indexes() -> set[str]:
    return set(writer().indices.get(index=f"{live_alias()}-2*"))


def in_index(name: str) -> dict[int, Any]:
    writer().indices.refresh(index=name)
    return {int(hit["_id"]): hit["_source"] for hit in writer().search(index=name, size=1000)["hits"]["hits"]}


def is_in_step(name: str) -> bool:
    return in_index(name) == documents(list(Product.objects.listed().values_list("pk", flat=True)))


def test_the_first_run_makes_what_is_searched(engine):
    shelve(*["Lamp"] * 5, {"title": "Draft", "is_listed": False})
    assert "5 of 5 products" in run("search_reindex")
    assert is_in_step(live_alias())
    assert find(SearchRequest(text="lamp")).backend == "elasticsearch"


def test_the_index_before_is_kept_until_the_next_run(engine):
    shelve("Lamp")
    names = []
    for _ in range(3):
        run("search_reindex")
        names.append(aliases(writer())[live_alias()])
        assert indexes() == set(names[-2:])
    assert aliases(writer()).keys() == {live_alias()}


@pytest.fixture
def midway(engine, monkeypatch) -> Callable[[Callable[[], None]], None]:
    """A shop with an index that is built anew in chunks of two; something happens after the first of them."""
    shelve(*[f"Lamp {number}" for number in range(7)])
    engine()
    monkeypatch.setattr(rebuild, "CHUNK", 2)
    monkeypatch.setattr(rebuild, "NOTED_EVERY", 1)

    def call(happens: Callable[[], None]) -> None:
        def tick(done: int, total: int) -> None:
            if done == 4:
                happens()

        rebuild.rebuild(tick=tick)

    return call


def test_changes_that_a_worker_takes_meanwhile_are_in_the_new_index(midway):
    def happens():
        first, last = Product.objects.earliest("pk"), Product.objects.latest("pk")
        for product in (first, last):  # the one is in the new index already, the other not yet
            product.title = "Brass lantern"
            product.save()
        second = Product.objects.order_by("pk")[1]
        second.is_listed, second.status = False, "draft"
        second.save()
        enqueue([product.pk for product in shelve("New")])
        sync_batch()

    midway(happens)
    assert is_in_step(live_alias())
    assert sum(doc["title"] == "Brass lantern" for doc in in_index(live_alias()).values()) == 2


def test_changes_that_no_worker_took_meanwhile_are_in_it_too(midway):
    def happens():
        product = Product.objects.earliest("pk")
        product.title = "Brass lantern"
        product.save()

    midway(happens)
    assert is_in_step(live_alias())


def test_searches_see_the_old_index_until_the_new_one_is_whole(midway):
    midway(lambda: find_all(7))
    find_all(7)


def find_all(count: int) -> None:
    assert find(SearchRequest(sort="newest")).total == count


def test_a_run_that_was_interrupted_goes_on_where_it_was(midway):
    with pytest.raises(KeyboardInterrupt):
        midway(interrupt)
    begun = aliases(writer())[next_alias()]
    seen: list[int] = []
    rebuild.rebuild(tick=lambda done, total: seen.append(done))
    assert seen[0] == 2, "the chunk that was noted is not done again"
    assert aliases(writer()) == {live_alias(): begun}
    assert is_in_step(live_alias())


def interrupt() -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("why", ["another mapping", "asked to"])
def test_what_was_begun_is_thrown_away(midway, monkeypatch, why):
    with pytest.raises(KeyboardInterrupt):
        midway(interrupt)
    begun = aliases(writer())[next_alias()]
    if why == "another mapping":
        monkeypatch.setattr(mapping, "fingerprint", lambda: "another")
    rebuild.rebuild(tick=lambda done, total: None, from_scratch=why == "asked to")
    assert begun not in indexes()
    assert is_in_step(live_alias())


def test_an_index_that_is_not_as_good_is_not_used(midway):
    before = aliases(writer())[live_alias()]
    lost = Product.objects.earliest("pk").pk

    def happens():
        write(writer(), {}, [lost], version=next_version(), targets=[next_alias()])

    with pytest.raises(rebuild.NotAsGood, match="6 products, the database 7"):
        midway(happens)
    assert aliases(writer())[live_alias()] == before


def test_products_that_the_index_refuses_end_the_run_with_the_reason(engine, monkeypatch):
    shelve("Lamp")
    monkeypatch.setattr("catalog.search.elastic.documents._merit", lambda row: "x")
    with pytest.raises(CommandError, match="merit"):
        run("search_reindex")


def test_a_check_finds_what_differs_and_mends_it(engine):
    kept, changed, lost, gone = shelve("Kept", "Changed", "Lost", "Gone")
    engine()
    client = writer()
    write(client, {}, [lost.pk], version=next_version(), targets=[live_alias()])
    Product.objects.filter(pk=changed.pk).update(title="Changed by hand")
    Product.objects.filter(pk=gone.pk).update(is_listed=False, status="draft")

    with pytest.raises(CommandError, match="differs"):
        run("search_check")
    output = run("search_check", fix=True)
    for line in (f"1 missing: {lost.pk}", f"1 extra: {gone.pk}", f"1 stale: {changed.pk}"):
        assert line in output
    assert "The index is what the database says." in run("search_check"), "what is on its way is not wrong"
    sync_batch()
    assert is_in_step(live_alias())
    assert kept.pk in in_index(live_alias())
    assert "0 missing" in run("search_check")


def test_a_check_goes_through_all_of_a_large_index(engine, monkeypatch):
    monkeypatch.setattr("catalog.search.elastic.drift.CHUNK", 3)
    made = shelve(*["Lamp"] * 10)
    engine()
    Product.objects.filter(pk__in=[made[0].pk, made[9].pk]).update(title="Changed by hand")
    Product.objects.filter(pk__in=[each.pk for each in made[3:8]]).update(is_listed=False, status="draft")
    output = run("search_check", fix=True)
    assert [line in output for line in ("0 missing", "5 extra", "2 stale")] == [True] * 3


@pytest.mark.parametrize("command", ["search_reindex", "search_check"])
def test_the_commands_say_what_is_missing(engine, settings, command):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:1"
    with pytest.raises(CommandError, match="engine fails"):
        run(command)
    settings.ELASTICSEARCH_URL = ""
    with pytest.raises(CommandError, match="ELASTICSEARCH_URL is not set"):
        run(command)
