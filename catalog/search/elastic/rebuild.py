"""A fresh index beside the one that is searched, which it replaces in one step once it is as good."""

import random
from collections.abc import Callable, Iterator
from typing import Any

from django.utils import timezone
from elasticsearch import Elasticsearch

from catalog.models import Product, SearchOutbox
from catalog.search.elastic import mapping
from catalog.search.elastic.client import writer
from catalog.search.elastic.documents import documents
from catalog.search.elastic.drift import differing
from catalog.search.elastic.sync import BATCH, aliases, live_alias, next_alias, next_version, sync_batch, write

CHUNK = 1000
NOTED_EVERY = 10  # chunks: how much an interrupted run has to repeat
SAMPLE = 100
LOOKS = 10
_WAIT = 120  # seconds for what an index of millions takes its time for

Tick = Callable[[int, int], None]  # products done, of how many


class NotAsGood(Exception):
    """The fresh index differs from the database; the old one stays in use. The message says how."""


class Refused(Exception):
    """The index does not take some products; the message has the first reason."""


def rebuild(*, tick: Tick, from_scratch: bool = False) -> str:
    """
    Build, compare, exchange; answers the new index's name. A run that was interrupted is taken up where it was.

    Workers write every change to both indexes as soon as the new one has its alias (`sync.sync_batch`), so whatever
    happens during the build is in it, in whichever order the two come to a product.

    :raises NotAsGood, Refused:
    """
    client = writer().options(request_timeout=_WAIT)
    name, done = _begun(client, from_scratch=from_scratch)
    _fill(client, name, done, tick)
    client.indices.put_settings(index=name, settings={"refresh_interval": "1s", "auto_expand_replicas": "0-1"})
    _compare(client, name)
    _exchange(client, name)
    return name


def _begun(client: Elasticsearch, *, from_scratch: bool) -> tuple[str, int]:
    """The index to fill and the last product that it has."""
    named = aliases(client)
    if name := named.get(next_alias()):
        meta = client.indices.get_mapping(index=name)[name]["mappings"].get("_meta", {})
        if meta.get("fingerprint") == mapping.fingerprint() and not from_scratch:
            return name, meta["done"]
        client.indices.delete(index=name)
    for old in client.indices.get(index=f"{live_alias()}-2*"):
        if old != named.get(live_alias()):  # kept since the last run
            client.indices.delete(index=old)
    name = f"{live_alias()}-{timezone.now():%Y%m%d%H%M%S%f}"
    client.indices.create(index=name, **mapping.definition(building=True))
    _note(client, name, 0)
    client.indices.put_alias(index=name, name=next_alias())
    return name, 0


def _note(client: Elasticsearch, name: str, done: int) -> None:
    """In the index itself, so that it is forgotten with it."""
    client.indices.put_mapping(index=name, meta={"fingerprint": mapping.fingerprint(), "done": done})


def _fill(client: Elasticsearch, name: str, done: int, tick: Tick) -> None:
    listed = Product.objects.listed()
    total, count = listed.count(), listed.filter(pk__lte=done).count()
    tick(count, total)
    for number, ids in enumerate(_chunks(done), start=1):
        version = next_version()
        written = write(client, documents(ids), ids, version=version, targets=[next_alias()])
        if written.delayed:
            raise Refused("The engine is too busy. Run it again: it goes on where it was.")
        if written.refused:
            pk, reason = next(iter(written.refused.items()))
            raise Refused(f"{len(written.refused)} products, such as {pk}: {reason}")
        count += len(ids)
        tick(count, max(total, count))
        if number % NOTED_EVERY == 0:
            _note(client, name, ids[-1])


def _chunks(after: int) -> Iterator[list[int]]:
    while True:
        listed = Product.objects.listed().filter(pk__gt=after).order_by("pk")
        if not (ids := list(listed.values_list("pk", flat=True)[:CHUNK])):
            return
        yield ids
        after = ids[-1]


def _compare(client: Elasticsearch, name: str) -> None:
    """:raises NotAsGood:"""
    listed = Product.objects.listed()
    said = ""
    for _ in range(LOOKS):  # while products come and go the two are never counted at the same moment
        while sync_batch(client) >= BATCH:  # not until nothing is left: there are shops where that is never
            pass
        client.indices.refresh(index=name)
        in_index, in_database = client.count(index=name)["count"], listed.count()
        waiting = SearchOutbox.objects.values("product_id").distinct().count()
        if abs(in_index - in_database) <= waiting:
            break
        said = f"The index has {in_index} products, the database {in_database} and {waiting} on their way."
    else:
        raise NotAsGood(said)
    bounds = listed.order_by("pk").values_list("pk", flat=True)
    low, high = bounds.first() or 0, bounds.last() or 0
    picked = {random.randint(low, high) for _ in range(SAMPLE)}  # noqa: S311 - any will do
    sample = {pk for start in picked for pk in bounds.filter(pk__gte=start)[:1]}
    if wrong := differing(client, name, sample):
        raise NotAsGood(
            f"{len(wrong)} of {len(sample)} products are not in the index as they are: {sorted(wrong)[:10]}"
        )


def _exchange(client: Elasticsearch, name: str) -> None:
    """In one step: every search sees the old index or the new one."""
    live = live_alias()
    actions: list[dict[str, Any]] = [
        {"remove": {"index": old, "alias": live}} for alias, old in aliases(client).items() if alias == live
    ]
    actions += [{"add": {"index": name, "alias": live}}, {"remove": {"index": name, "alias": next_alias()}}]
    client.indices.update_aliases(actions=actions)
