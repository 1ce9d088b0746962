"""
CSV files for people, who open them in a spreadsheet: its text keeps its letters, and none of it is run as a formula.
"""

import csv
import re
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse

BOM = "\ufeff"  # without it Excel takes UTF-8 for the letters of Western Europe
_ROWS_PER_PIECE = 500
# Where spreadsheets begin to calculate, also at the wide signs of Chinese and Japanese keyboards. Apostrophes may stand
# before it, else one that was put there could not be told from one that was in the text.
_RISKY = r"'*[=+\-@＝＋－＠\t\r\n]"
_IS_RISKY = re.compile(_RISKY)
_IS_DEFUSED = re.compile(f"'(?={_RISKY})")


def defused(text: str) -> str:
    """The text as no spreadsheet runs it: with an apostrophe before what would begin a formula."""
    return f"'{text}" if _IS_RISKY.match(text) else text


def restored(cell: str) -> str:
    """The text that `defused` made this cell of."""
    return cell[1:] if _IS_DEFUSED.match(cell) else cell


def csv_response(
    request: HttpRequest, filename: str, header: Sequence[str], rows: Iterable[Sequence[object]]
) -> StreamingHttpResponse:
    """
    A file to download, sent row by row as `rows` yields them. Text in it is defused; numbers are numbers.

    :param filename: of ASCII letters.
    """
    pieces = _pieces(chain([header], rows))
    return StreamingHttpResponse(
        # A server that is asynchronous would first make a list of what a plain iterator yields.
        _in_turn(pieces) if isinstance(request, ASGIRequest) else pieces,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )


class _Line:
    """The file that a writer writes to: it hands each line back."""

    def write(self, line: str) -> str:
        return line


def _pieces(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The text of some hundred rows at a time."""
    writer: Any = csv.writer(_Line())
    rows = iter(rows)
    beginning = BOM
    while some := list(islice(rows, _ROWS_PER_PIECE)):
        yield beginning + "".join(writer.writerow([_cell(value) for value in row]) for row in some)
        beginning = ""


def _cell(value: object) -> object:
    return defused(value) if isinstance(value, str) else value


async def _in_turn(pieces: Iterator[str]) -> AsyncIterator[str]:
    while (piece := await sync_to_async(next)(pieces, None)) is not None:
        yield piece
