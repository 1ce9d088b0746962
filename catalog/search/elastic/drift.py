"""Where the index and the database differ, which they should not: looked for, and mended, by command."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from elasticsearch import Elasticsearch

from catalog.models import Product, SearchOutbox
from catalog.search.elastic.client import writer
from catalog.search.elastic.documents import documents
from catalog.search.elastic.indexed import IndexedProduct
from catalog.search.elastic.sync import live_alias

CHUNK = 1000
_LAST = 2**63 - 1


@dataclass
class Drift:
    missing: set[int] = field(default_factory=set)  # from the index
    extra: set[int] = field(default_factory=set)  # in the index, but not on sale
    stale: set[int] = field(default_factory=set)  # in both, and different

    @property
    def ids(self) -> set[int]:
        return self.missing | self.extra | self.stale


def drift() -> Iterator[tuple[int, Drift]]:
    """Chunk after chunk: up to which product, and what is wrong there. What is on its way to the index is not wrong."""
    client = writer()
    client.indices.refresh(index=live_alias())
    for low, high in pairwise(_bounds()):
        listed = Product.objects.listed().filter(pk__gt=low, pk__lte=high).order_by("pk")
        expected = {pk: doc["fingerprint"] for pk, doc in documents(listed.values_list("pk", flat=True)).items()}
        found = dict(_in_index(low, high))
        both = expected.keys() & found.keys()
        chunk = Drift(
            missing=expected.keys() - both,
            extra=found.keys() - both,
            stale={pk for pk in both if expected[pk] != found[pk]},
        )
        wrong = differing(client, live_alias(), chunk.ids)
        yield high, Drift(chunk.missing & wrong, chunk.extra & wrong, chunk.stale & wrong)


def differing(client: Elasticsearch, index: str, ids: Collection[int], *, looks: int = 2) -> set[int]:
    """Those that the index has wrong, each time we look, and that are not on their way to it."""
    wrong = set(ids)
    for _ in range(looks):
        if not wrong:
            break
        found = {}
        answer: Any = client.mget(index=index, ids=sorted(map(str, wrong)), source_includes=["fingerprint"])
        for doc in answer["docs"]:
            if doc.get("found"):
                found[int(doc["_id"])] = doc["_source"]["fingerprint"]
        expected = {pk: doc["fingerprint"] for pk, doc in documents(wrong).items()}
        wrong = {pk for pk in wrong if found.get(pk) != expected.get(pk)}
        waiting = SearchOutbox.objects.filter(product_id__in=wrong, attempts__lt=SearchOutbox.MAX_ATTEMPTS)
        wrong -= set(waiting.values_list("product_id", flat=True))
    return wrong


def _bounds() -> Iterator[int]:
    """Ids that cut the whole range into chunks of products."""
    low = 0
    yield low
    while True:
        rows = Product.objects.listed().filter(pk__gt=low).order_by("pk").values_list("pk", flat=True)
        if not (following := rows[CHUNK - 1 : CHUNK].first()):
            yield _LAST
            return
        yield (low := following)


def _in_index(low: int, high: int) -> Iterator[tuple[int, str]]:
    found = IndexedProduct.search().filter("range", id={"gt": low, "lte": high}).sort("id").source(["fingerprint"])
    after = [low]
    while after:
        page = found.extra(search_after=after, size=CHUNK, track_total_hits=False).execute()
        yield from ((int(hit.meta.id), hit.fingerprint) for hit in page)
        after = list(page[-1].meta.sort) if len(page) == CHUNK else []
