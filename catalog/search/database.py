"""PostgreSQL as the engine: all words, then words spelled anew, then some of the words."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import psycopg
from django.db import OperationalError, connection, transaction
from psycopg.sql import SQL, Composable, Identifier, Literal

from catalog.search import typeahead
from catalog.search.conditions import LISTED, SAMPLED, TEXT, conditions, rows
from catalog.search.counts import Counts, counts
from catalog.search.listing import page_of_keys, reachable
from catalog.search.reading import ENOUGH, Means, Reading, read_anew
from catalog.search.types import Relaxed, SearchRequest, SearchResult, Sort, Suggestion
from catalog.search.wording import Wording, either, single_words, wording
from pymart.common.errors import Unavailable

SECONDS = 2.0  # that one statement may take
SECONDS_WHILE_TYPING = 0.3


class SearchUnavailable(Unavailable):
    code = "search_unavailable"
    message = "Search takes too long at the moment. Please try again in a minute."


def find(request: SearchRequest) -> SearchResult:
    """
    Answer a cleaned request.

    :raises SearchUnavailable: when the database is too busy.
    """
    with limited_to(SECONDS):
        if not request.text:
            return _answer(request, None)
        asked = wording(request.text)
        return _answer_text(request, asked) if asked.parts else SearchResult()


def suggest(text: str, limit: int) -> list[Suggestion]:
    """:raises SearchUnavailable: when the database is too busy."""
    with limited_to(SECONDS_WHILE_TYPING):
        return typeahead.suggest(text, limit)


def _answer_text(request: SearchRequest, asked: Wording) -> SearchResult:
    reading = Reading(asked, asked.every)
    counted = counts(request, conditions(request, reading.match))
    if counted.total < ENOUGH:
        found = hits(reading.match) if conditions(request).has_filters else counted.total
        other = read_anew(_OWN, request, reading, found)
        if other is not reading:
            return replace(_answer(request, other), total_as_typed=counted.total)
    return replace(_answer(request, reading, counted), total_as_typed=counted.total)


def _answer(
    request: SearchRequest, reading: Reading[Wording, str] | None, counted: Counts | None = None
) -> SearchResult:
    asked = conditions(request, reading.match if reading else None)
    counted = counted or counts(request, asked)
    if not request.place:
        pages = max(-(-reachable(counted) // request.page_size), 1)
        request = replace(request, page=min(request.page, pages))
    found, has_next = page_of_keys(request, asked, counted, reading.wording if reading else None)
    has_places = bool(found) and request.sort != Sort.RELEVANCE
    return SearchResult(
        product_ids=tuple(key[-1] for key in found),
        total=counted.total,
        total_is_exact=counted.is_exact,
        facets=counted.facets,
        suggestion=reading.suggestion if reading else "",
        relaxed=reading.relaxed if reading else Relaxed.NOTHING,
        looked_for=single_words(reading.wording.ways) if reading else (),
        page=request.page,
        has_next=has_next,
        first=found[0] if has_places else (),
        last=found[-1] if has_places else (),
    )


_HITS = SQL("(SELECT count(*) FROM (SELECT FROM catalog_product p WHERE {} LIMIT %(enough)s) AS found)")
_HAS = SQL("EXISTS (SELECT FROM catalog_product p WHERE {} AND p.search @@ part)")


def hits(match: str) -> int:
    """How many products there are in the whole shop, up to enough; a word that many have, the sample has."""
    few, all_ = (_HITS.format(SQL(" AND ").join([*where, TEXT])) for where in ([SAMPLED, LISTED], [LISTED]))
    query = SQL("SELECT CASE {few} WHEN %(enough)s THEN %(enough)s ELSE {all} END").format(few=few, all=all_)
    return int(rows(query, {"match": match, "enough": ENOUGH})[0][0])


def known(wording: Wording) -> Wording:
    """With those parts alone that any product has."""
    sampled, listed = _HAS.format(SQL("{} AND {}").format(SAMPLED, LISTED)), _HAS.format(LISTED)
    asked = SQL("unnest(%(parts)s::tsquery[]) WITH ORDINALITY AS asked(part, number)")
    query = SQL("SELECT number FROM {} WHERE {} OR {} ORDER BY number").format(asked, sampled, listed)
    found = rows(query, {"parts": list(wording.parts)})
    return replace(wording, parts=tuple(wording.parts[number - 1] for (number,) in found))


_OWN = Means(wording, hits, known, either)
_CHANGE_SETTINGS = (
    "SELECT name, current_setting(name), set_config(name, value, true) FROM unnest(%s::text[], %s::text[]) "
    "AS setting(name, value)"
)


def _set_local(settings: Mapping[str, str]) -> Composable:
    """All in one message, to the end of the transaction."""
    each = (SQL("SET LOCAL {} = {}").format(Identifier(name), Literal(value)) for name, value in settings.items())
    return SQL("; ").join(each)


@contextmanager
def limited_to(seconds: float) -> Iterator[None]:
    """Statements that are cut off in time, and planned for tables that grow."""
    settings = {
        "statement_timeout": str(int(seconds * 1000)),
        "jit": "off",  # takes longer to compile than a good plan to run
        "enable_seqscan": "off",  # "the first ten" tempts into reading all for a word that is not there
    }
    goes_on = connection.in_atomic_block  # a transaction of the caller's
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if goes_on:
                cursor.execute(_CHANGE_SETTINGS, [list(settings), list(settings.values())])
                settings = {name: before for name, before, _ in cursor.fetchall()}
            else:
                cursor.execute(_set_local(settings))
            yield
            if goes_on:
                cursor.execute(_set_local(settings))
    except OperationalError as error:
        if isinstance(error.__cause__, psycopg.errors.QueryCanceled):
            raise SearchUnavailable from error
        raise
