"""Which words of a title were looked for: told by PostgreSQL's dictionary, whichever engine found the product."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from psycopg.sql import SQL

from catalog.search.conditions import rows
from catalog.search.wording import either, stems

_BEGIN, _END = "\x02", "\x03"  # nobody types them
_OPTIONS = f"HighlightAll=true, StartSel={_BEGIN}, StopSel={_END}"
_HEADLINES = SQL(
    "SELECT id, ts_headline('english', title, %(words)s::tsquery, %(options)s) "
    "FROM unnest(%(ids)s::bigint[], %(titles)s::text[]) AS shown(id, title)"
)


class Piece(NamedTuple):
    text: str
    is_match: bool


def highlighted(titles: Mapping[int, str], looked_for: Sequence[str]) -> dict[int, tuple[Piece, ...]]:
    """The titles in pieces, of which some are what was looked for; without those that have none."""
    words = stems(looked_for) if titles else {}
    if not words:
        return {}
    shown = {"ids": list(titles), "titles": list(titles.values())}
    params = {**shown, "words": either(*words.values()), "options": _OPTIONS}
    found = {pk: tuple(_pieces(headline)) for pk, headline in rows(_HEADLINES, params)}
    return {
        pk: pieces
        for pk, pieces in found.items()
        if len(pieces) > 1 and "".join(piece.text for piece in pieces) == titles[pk]  # else something else got lost
    }


def _pieces(headline: str) -> list[Piece]:
    before, *marked = headline.split(_BEGIN)
    found = [Piece(before, is_match=False)] if before else []
    for each in marked:
        match, _, after = each.partition(_END)
        found += [Piece(match, is_match=True), *([Piece(after, is_match=False)] if after else [])]
    return found
