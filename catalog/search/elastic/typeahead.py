"""What the search box proposes, with the best sellers out of the index."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from catalog.models import Product
from catalog.search import typeahead
from catalog.search.elastic.asking import Query, either
from catalog.search.typeahead import TITLES, Titled
from catalog.search.types import Suggestion
from catalog.search.wording import Wording

MAX_WAYS = 4  # to say each word of a completed text


def suggest(ask: Callable[..., Any], text: str, limit: int) -> list[Suggestion]:
    """:param ask: the engine, one question at a time."""

    def titles(asked: Sequence[Wording], typed: Sequence[str]) -> list[Titled]:
        return _titled(ask(**question(asked, typed))["hits"]["hits"])

    return typeahead.suggest(text, limit, titles)


def question(asked: Sequence[Wording], typed: Sequence[str]) -> dict[str, Any]:
    """
    The best products whose title has all words of a completed text, or words that begin as the typed ones do: what
    was put on sale a second ago may have words that the vocabulary does not know yet.
    """
    completed: list[Query] = [
        {"bool": {"filter": list(_all_of(wording)), "_name": str(number)}} for number, wording in enumerate(asked, 1)
    ]
    begun = {"match": {"title.prefix": {"query": " ".join(typed), "operator": "and"}}}
    return {
        "query": {"bool": {"filter": [either(*completed, begun)]}},
        "sort": [{"merit": "desc"}, {"id": "desc"}],
        "size": TITLES,
        "source": False,
        "track_total_hits": False,  # so that what cannot be among the first is not even looked at
    }


def _all_of(wording: Wording) -> Iterator[Query]:
    for ways in wording.ways:
        yield either(*map(_said, ways[:MAX_WAYS]))


def _said(way: str) -> Query:
    return {"match_phrase": {"title": way}} if " " in way else {"match": {"title": {"query": way, "operator": "and"}}}


def _titled(hits: Sequence[Any]) -> list[Titled]:
    """Titles and addresses are the database's: of what is on sale still."""
    numbers = {hit["sort"][-1]: [int(name) for name in hit.get("matched_queries", ())] for hit in hits}
    found = Product.objects.listed().filter(pk__in=list(numbers)).values_list("pk", "title", "slug")
    listed = {pk: Titled(title, slug, numbers[pk]) for pk, title, slug in found}
    return [listed[pk] for pk in numbers if pk in listed]
