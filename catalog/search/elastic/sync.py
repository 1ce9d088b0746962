"""
The index follows the database: what the outbox names is read anew and written, by however many workers at once.

Each batch is given a version between taking its rows from the outbox and reading the products. So whatever was
committed with a row is in every document of that version or a higher one, and the index keeps the highest: a worker
that lags behind, or died and had its rows taken by another, changes nothing for the worse.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from elasticsearch import Elasticsearch, TransportError
from elasticsearch.helpers import streaming_bulk
from redis.exceptions import LockError
from redis.lock import Lock

from catalog.models import SearchOutbox
from catalog.search.elastic.client import writer
from catalog.search.elastic.documents import Document, documents
from pymart.common import redis
from pymart.common.errors import Unavailable

log = logging.getLogger(__name__)
BATCH = 500
BULK_BYTES = 5 * 1024 * 1024
_TURN_SECONDS = 10  # a batch takes far less
_CONFLICT, _GONE, _BUSY = 409, 404, 429


def live_alias() -> str:
    """What is searched."""
    return settings.SEARCH_INDEX


def next_alias() -> str:
    """What is being built, and learns of all changes from its first moment."""
    return f"{settings.SEARCH_INDEX}-next"


def aliases(client: Elasticsearch) -> dict[str, str]:
    """Those of the two that there are, with the index that each stands for."""
    rows: Any = client.cat.aliases(name=[live_alias(), next_alias()], format="json", h="alias,index")
    return {row["alias"]: row["index"] for row in rows}


def next_version() -> int:
    """Higher than all before, and it stays so: a number out of the outbox's own sequence."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('catalog_searchoutbox', 'id'))")
        return int(cursor.fetchone()[0])


def sync_batch(client: Elasticsearch | None = None) -> int:
    """
    Bring the index up to what the outbox says; answers how many rows are done with.

    :raises TransportError, ApiError: when the engine is away or has no index; the rows stay.
    """
    client = client or writer()
    waiting = SearchOutbox.objects.filter(attempts__lt=SearchOutbox.MAX_ATTEMPTS).order_by("pk")
    rows = list(waiting.values_list("pk", "product_id")[:BATCH])
    if not rows or not (targets := aliases(client)):
        return 0
    version = next_version()
    ids = {product_id for _, product_id in rows}
    written = write(client, documents(ids), ids, version=version, targets=list(targets))
    return _settle(rows, ids, written)


@dataclass
class Written:
    """What became of the products that the index did not take."""

    refused: dict[int, str] = field(default_factory=dict)  # with the reason, and will be again
    delayed: set[int] = field(default_factory=set)  # by something that passes


def write(
    client: Elasticsearch, found: Mapping[int, Document], ids: Collection[int], *, version: int, targets: Sequence[str]
) -> Written:
    """Index the documents in `found`, delete the others of `ids`."""
    result = Written()
    answers = streaming_bulk(
        client,
        _actions(found, ids, version, targets),
        chunk_size=BATCH,
        max_chunk_bytes=BULK_BYTES,
        raise_on_error=False,
        raise_on_exception=False,
        require_alias=True,  # else a lost index would come back without its mapping
    )
    for is_done, answer in answers:
        ((action, item),) = answer.items()
        if is_done or item["status"] == _CONFLICT:
            continue
        if isinstance(item.get("exception"), TransportError):
            raise item["exception"]
        if action == "delete" and item.get("result") == "not_found":
            continue
        pk = int(item["_id"])
        if item["status"] in (_GONE, _BUSY) or item["status"] >= 500:
            result.delayed.add(pk)
        else:
            result.refused[pk] = str(item.get("error"))[:2000]
    return result


def _actions(
    found: Mapping[int, Document], ids: Collection[int], version: int, targets: Sequence[str]
) -> Iterator[dict[str, Any]]:
    for pk in sorted(ids):
        for target in targets:
            action = {"_index": target, "_id": str(pk), "version": version, "version_type": "external_gte"}
            if pk in found:
                yield {**action, "_op_type": "index", "_source": found[pk]}
            else:
                yield {**action, "_op_type": "delete"}


def _settle(rows: Sequence[tuple[int, int]], ids: Collection[int], written: Written) -> int:
    done = set(ids) - written.refused.keys() - written.delayed
    outbox = SearchOutbox.objects.all()
    settled = [pk for pk, product_id in rows if product_id in done]
    # What was kept aside for a product is settled with it: it had been committed long before.
    aside = Q(product_id__in=done, attempts__gte=SearchOutbox.MAX_ATTEMPTS)
    # What another worker is about to delete is left to it: two that wait for each other would both give up.
    with transaction.atomic():
        free = outbox.filter(Q(pk__in=settled) | aside).order_by("pk").select_for_update(skip_locked=True)
        outbox.filter(pk__in=list(free.values_list("pk", flat=True))).delete()
    by_error = defaultdict(list)
    for pk, product_id in rows:
        if product_id in written.refused:
            by_error[written.refused[product_id]].append(pk)
    for error, pks in by_error.items():
        outbox.filter(pk__in=pks).update(attempts=F("attempts") + 1, error=error)
        log.error("The search index refuses products: %s", error)
    return len(settled)


def drain(*, seconds: float = 30) -> int:
    """Batch after batch until nothing waits, or for so long. One at a time, for two would take the same rows."""
    deadline = time.monotonic() + seconds
    done = 0
    with _turn() as mine:
        while mine and time.monotonic() < deadline:
            batch = sync_batch()
            done += batch
            if batch < BATCH:
                break
            with suppress(LockError):
                mine.extend(_TURN_SECONDS, replace_ttl=True)
    return done


@contextmanager
def _turn() -> Iterator[Lock | None]:
    """Saves work, no more: where Redis forgets it, two workers do the same thing twice."""
    with redis.connection() as client:
        lock = client.lock(redis.key("search", "sync"), timeout=_TURN_SECONDS, blocking=False, thread_local=False)
        taken = lock.acquire()
    try:
        yield lock if taken else None
    finally:
        if taken:
            with suppress(LockError, Unavailable), redis.connection():
                lock.release()
