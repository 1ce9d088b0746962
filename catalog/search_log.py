"""
What is searched for, what is found and which result is opened, for the staff, who mend what is not found, and for the
search box. Nothing is kept of who searches, nor a text that looks as if it said so.

A search leaves a line in Redis, no more; a worker takes the lines into the database. Nothing that matters depends on
them: without Redis or a worker there are fewer of them.
"""

import logging
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from time import time
from typing import Any

import orjson
from django.db import connection, transaction
from django.db.models import Count
from django.db.models.functions import TruncDay
from django.http import HttpRequest
from django.utils import timezone

from catalog.models import PastQuery, SearchLog, SearchWord
from catalog.page_views import is_shopper
from catalog.search import SearchResult
from catalog.search.text import clean_text, words
from pymart.common import redis
from pymart.common.db import advisory_lock
from pymart.common.errors import Unavailable

log = logging.getLogger(__name__)

KEPT = timedelta(days=90)
BATCH = 1000
MOST_WAITING = 50_000  # lines, some megabytes: where no worker comes the oldest give way
LARGEST_NUMBER = 2**53 - 1  # that JavaScript can say

# What says who somebody is: addresses, payment handles, telephone, card and Aadhaar numbers, PIN codes (which stand
# beside names), PAN and GSTIN, order numbers.
_DIGITS = re.compile(r"\d(?:[\s().+-]*\d)*")
_TELLTALE = re.compile(r"@|\b\d{3}\s?\d{3}\b|\b(?:\d{2})?[a-z]{5}\d{4}[a-z]|\bpm-\w{6}\b", re.IGNORECASE)
_MOST_DIGITS = 7

GOOD_FOR = timedelta(days=30)
SEVERAL_SEARCHES, SEVERAL_DAYS = 5, 2
SHORTEST, MOST_WORDS = 3, 6
MOST_PAST = 20_000
_PLAIN_NUMBER = re.compile(r"\d{1,4}")

_COLUMNS = ("query", "results", "engine", "milliseconds", "relaxed")
_OPENED = """
UPDATE catalog_searchlog SET clicked_position = opened.position
FROM unnest(%s::bigint[], %s::smallint[]) AS opened (id, position)
WHERE catalog_searchlog.id = opened.id AND clicked_position IS NULL
"""


def note_search(request: HttpRequest, text: str, found: SearchResult, *, seconds: float) -> int | None:
    """The number that the opening of a result refers to; none where the search is not for the log."""
    query = loggable(text)
    if not query or not is_shopper(request):
        return None
    number = 1 + secrets.randbelow(LARGEST_NUMBER)
    line = {
        "search": number,
        "query": query,
        "results": found.total,
        "engine": found.backend,
        "milliseconds": round(seconds * 1000),
        "relaxed": str(found.relaxed),
        "at": int(time()),
    }
    return number if _note(line) else None


def note_opened(*, search: int, position: int) -> None:
    """The first counts, and only of a search that was noted."""
    _note({"opened": search, "position": position})


def loggable(text: str) -> str:
    """What is written down of a text: small letters, cut; nothing of one that may tell who somebody is."""
    query = clean_text(text).lower()
    digits = max((sum(map(str.isdigit, run)) for run in _DIGITS.findall(query)), default=0)
    return "" if digits > _MOST_DIGITS or _TELLTALE.search(query) else query[: SearchLog.MAX_QUERY].rstrip()


def _note(line: Mapping[str, Any]) -> bool:
    try:
        waiting = redis.command("RPUSH", _key(), orjson.dumps(line))
        if waiting > MOST_WAITING:
            redis.command("LTRIM", _key(), -MOST_WAITING, -1)
    except Unavailable:
        return False
    return True


def write_lines() -> int:
    """Take a batch of lines into the database; answers how many. One that is interrupted is repeated, to no effect."""
    with transaction.atomic(), redis.connection() as client:
        advisory_lock("catalog.search_log")
        raw = client.lrange(_key(), 0, BATCH - 1)
        if raw:
            _write([orjson.loads(line) for line in raw])
            client.ltrim(_key(), len(raw), -1)
    return len(raw)


def _write(lines: Sequence[Mapping[str, Any]]) -> None:
    SearchLog.objects.bulk_create(_rows(lines), ignore_conflicts=True)
    opened: dict[int, int] = {}
    for line in lines:
        if "opened" in line:
            opened.setdefault(line["opened"], line["position"])
    if opened:
        with connection.cursor() as cursor:
            cursor.execute(_OPENED, [list(opened), list(opened.values())])


def _rows(lines: Iterable[Mapping[str, Any]]) -> list[SearchLog]:
    return [
        SearchLog(
            id=line["search"],
            created_at=datetime.fromtimestamp(line["at"], UTC),
            **{name: line[name] for name in _COLUMNS},
        )
        for line in lines
        if line.keys() >= {"search", "at", *_COLUMNS}  # and not of another release
    ]


def forget_old() -> int:
    return SearchLog.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]


def learn_past_queries() -> int:
    """
    Choose anew what the search box proposes of former searches; answers how many.

    A text has to be asked for several times, on several days, to have found something as it was typed, and to have no
    word that no product has: what is no word of the shop is nobody's to put into other people's search box.
    """
    asked = (
        SearchLog.objects.filter(created_at__gt=timezone.now() - GOOD_FOR, results__gt=0, relaxed="")
        .order_by()
        .values("query")
        .annotate(searches=Count("pk"), days=Count(TruncDay("created_at"), distinct=True))
        .filter(searches__gte=SEVERAL_SEARCHES, days__gte=SEVERAL_DAYS)
        .order_by("-searches", "query")
        .values_list("query", "searches")[:MOST_PAST]
    )
    found: dict[tuple[str, ...], int] = {}
    for query, searches in asked:
        said = words(query)
        found[said] = found.get(said, 0) + searches
    said_words = {word for said in found for word in said}
    known = set(SearchWord.objects.filter(word__in=said_words).values_list("word", flat=True))
    chosen = [PastQuery(text=" ".join(said), searches=count) for said, count in found.items() if _is_good(said, known)]
    with transaction.atomic():
        advisory_lock("catalog.past_queries")
        PastQuery.objects.all().delete()
        PastQuery.objects.bulk_create(chosen)
    return len(chosen)


def _is_good(said: tuple[str, ...], known: set[str]) -> bool:
    is_known = all(word in known or _PLAIN_NUMBER.fullmatch(word) for word in said)
    return is_known and len(said) <= MOST_WORDS and len("".join(said)) >= SHORTEST


def _key() -> str:
    return redis.key("search-log")
