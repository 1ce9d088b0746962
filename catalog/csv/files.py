"""Reading a file as sellers send it: what is no such file is refused, in a sentence, before anything is made of it."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import islice
from typing import BinaryIO

from catalog.csv.columns import ATTRIBUTE, BY_NAME, HANDLE, IGNORED, OPTION, SKU, Column, attribute, option
from catalog.limits import ATTRIBUTE_NAME_LENGTH
from pymart.common.csv import restored
from pymart.common.errors import DomainError
from pymart.common.money import group_indian

MAX_BYTES = 30 * 1024 * 1024  # a proxy lets 32 MB through
MAX_ROWS = 100_000
MAX_COLUMNS = 100
_LONGEST_LINE = 256 * 1024
_DELIMITERS = ",;\t"
_SAVE_AS = "In Excel choose File, Save As, “CSV UTF-8 (Comma delimited)”, and send that file."
_BEGINNINGS = {
    b"PK\x03\x04": f"This is an Excel workbook or another zip file, not a CSV file, whatever its name says. {_SAVE_AS}",
    b"\xd0\xcf\x11\xe0": f"This is an Excel workbook, old or with a password, not a CSV file. {_SAVE_AS}",
    b"%PDF": "This is a PDF, not a CSV file.",
    b"\xff\xfe": f"This file is in UTF-16, which we cannot read. {_SAVE_AS}",
    b"\xfe\xff": f"This file is in UTF-16, which we cannot read. {_SAVE_AS}",
}


class BadFile(DomainError):
    """Nothing of it can be imported."""

    code = "bad_file"
    status = 400
    field = "file"


@dataclass(frozen=True)
class Record:
    """A row as it stands in the file. `number` is the one a spreadsheet shows; `end` is where the next begins."""

    number: int
    cells: list[str]
    end: int
    is_cut: bool  # the file ends with it, and without the end of a line


@dataclass(frozen=True)
class Layout:
    """What the first row says: `start` is where the second begins."""

    names: list[str]  # as they are written
    columns: list[Column | None]
    delimiter: str
    start: int


@dataclass(frozen=True)
class Line:
    """A row with something in it. Cells that are empty are left out."""

    number: int
    end: int
    cells: dict[Column, str]
    surplus: str = ""  # beyond the last column

    @property
    def sku(self) -> str:
        return self.cells.get(SKU, "")

    @property
    def handle(self) -> str:
        return self.cells.get(HANDLE, "")


@dataclass
class Survey:
    """What only the whole file says: how long it is, and where each SKU and each product come up first."""

    rows: int = 0
    skus: dict[str, int] = field(default_factory=dict)
    handles: dict[str, int] = field(default_factory=dict)


def layout_of(file: BinaryIO) -> Layout:
    """:raises BadFile: when it is no CSV file, or not one of products."""
    file.seek(0)
    beginning = file.read(4096)
    for mark, message in _BEGINNINGS.items():
        if beginning.startswith(mark):
            raise BadFile(message)
    if not beginning.strip():
        raise BadFile("The file is empty.")
    if b"\x00" in beginning:
        raise BadFile(f"There are zero bytes in this file, so it is not text, or it is in UTF-16. {_SAVE_AS}")
    if b"\r" in beginning and b"\n" not in beginning:
        raise BadFile(f"The lines of this file end as on Macs of long ago, which we cannot read. {_SAVE_AS}")
    start = 3 if beginning.startswith(b"\xef\xbb\xbf") else 0
    first = beginning[start:].split(b"\n", 1)[0].decode("utf-8", "replace")
    delimiter = max(_DELIMITERS, key=first.count)
    record = next(_records(file, delimiter, start, 0), None)
    names = [" ".join(restored(name).split()) for name in record.cells] if record else []
    while names and not names[-1]:
        names.pop()
    return Layout(names, _columns(names), delimiter, record.end if record else start)


def _columns(names: list[str]) -> list[Column | None]:
    if len(names) > MAX_COLUMNS:
        raise BadFile(f"The file has {len(names)} columns; it may have {MAX_COLUMNS}.")
    columns = [_column(name, number) for number, name in enumerate(names, start=1)]
    if SKU not in columns:
        raise BadFile(
            "The first row has no column “sku”. It must name the columns: the template shows how they are called."
        )
    known = [column.name for column in columns if column]
    if twice := next((name for name in known if known.count(name) > 1), None):
        raise BadFile(f"The column “{twice}” is there twice.")
    return columns


def _column(name: str, number: int) -> Column | None:
    """:raises BadFile: when there is no such column. None for one that means nothing to us."""
    plain = re.sub(r"[\s-]+", "_", name.casefold())
    if plain in BY_NAME:
        return BY_NAME[plain]
    if plain in IGNORED:
        return None
    for kind, make in ((ATTRIBUTE, attribute), (OPTION, option)):
        if name.casefold().startswith(kind):
            key = name[len(kind) :].strip()
            if not key or len(key) > ATTRIBUTE_NAME_LENGTH:
                raise BadFile(f"Column {number}: after “{kind}” comes a name of 1 to {ATTRIBUTE_NAME_LENGTH} letters.")
            return make(key)
    if not name:
        raise BadFile(f"Column {number} has no name in the first row.")
    near = get_close_matches(plain, BY_NAME, n=1)
    meant = f" Is it “{near[0]}”?" if near else f" A fact of the product is called “{ATTRIBUTE}{name[:40]}”."
    raise BadFile(f"Column {number}, “{name[:60]}”, is none that we know.{meant}")


def lines_of(file: BinaryIO, layout: Layout, *, start: int, row: int) -> Iterator[Line]:
    """
    From `start` on, which is where the row after number `row` begins.

    :raises BadFile: where it cannot be read any further.
    """
    for record in _records(file, layout.delimiter, start, row):
        if record.is_cut and 0 < len(record.cells) < len(layout.names):
            raise BadFile(f"The file ends in the middle of row {record.number}. Was it sent whole?")
        filled = [restored(cell).strip() for cell in record.cells]
        pairs = zip(layout.columns, filled, strict=False)
        cells = {column: cell for column, cell in pairs if column and cell}
        surplus = next(filter(None, filled[len(layout.names) :]), "")
        if cells or surplus:
            yield Line(record.number, record.end, cells, surplus)


def survey(file: BinaryIO, layout: Layout) -> Survey:
    """
    Read all of it once.

    :raises BadFile: when it is broken anywhere, too long, or has no rows.
    """
    found = Survey()
    group = ""
    for line in lines_of(file, layout, start=layout.start, row=1):
        found.rows += 1
        if found.rows > MAX_ROWS:
            raise BadFile(f"The file has more than {group_indian(MAX_ROWS)} rows. Please send it in parts.")
        found.skus.setdefault(line.sku, line.number)
        if line.handle and line.handle != group:
            found.handles.setdefault(line.handle, line.number)
        group = line.handle
    if not found.rows:
        raise BadFile("The file names its columns, but has no rows below them.")
    return found


def chunk_of(file: BinaryIO, layout: Layout, *, start: int, row: int, size: int) -> list[list[Line]]:
    """The next lines, about `size`, those of one product together."""
    groups: list[list[Line]] = []
    for count, line in enumerate(islice(lines_of(file, layout, start=start, row=row), 2 * size)):
        if line.handle and groups and groups[-1][0].handle == line.handle:
            groups[-1].append(line)
        elif count < size:
            groups.append([line])
        else:
            break
    return groups


class _Lines:
    """The lines of a file as text, with where the last one ended. None is longer than may be held in memory."""

    def __init__(self, file: BinaryIO, start: int) -> None:
        self.file, self.end, self.is_cut, self.row = file, start, False, 0
        file.seek(start)

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.file.readline(_LONGEST_LINE)
        if not line:
            raise StopIteration
        if len(line) == _LONGEST_LINE:
            raise BadFile(f"Row {self.row} is too long. Is a quotation mark missing?")
        self.end += len(line)
        self.is_cut = not line.endswith(b"\n")
        if b"\x00" in line:
            raise BadFile(f"There are zero bytes in row {self.row}, so the file is broken. Was it sent whole?")
        try:
            return line.decode()
        except UnicodeDecodeError as error:
            raise BadFile(f"Row {self.row} has letters that are not in UTF-8. {_SAVE_AS}") from error


def _records(file: BinaryIO, delimiter: str, start: int, row: int) -> Iterator[Record]:
    lines = _Lines(file, start)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        row += 1
        lines.row = row
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadFile(_why(str(error), row)) from error
        yield Record(row, cells, lines.end, lines.is_cut)


def _why(error: str, row: int) -> str:
    if "unexpected end" in error or "field limit" in error:
        return f"A quotation mark opens in row {row} and never closes."
    if "expected after" in error:
        return f"Row {row} has a quotation mark in the middle of a cell. Inside quotation marks it is written twice."
    return f"Row {row} cannot be read: there is the end of a line where none may be."
