"""What a cell may say, and how it is read the way people and spreadsheets write it."""

import re
from collections.abc import Callable
from decimal import Decimal

from catalog.limits import LEAST_PRICE, MOST_PRICE, MOST_STOCK
from catalog.models import ProductStatus
from pymart.common.gst import RATES, rate_text
from pymart.common.money import group_indian, inr

Reader = Callable[[str], object]

NOTHING = "(none)"  # empties what an empty cell would leave as it is
SEPARATOR = "|"
# 1299, 1299.5, 1,299.00, 1,23,456: but not 12,50, which might be anything.
_AMOUNT = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,2}(?:,[0-9]{2})*,[0-9]{3})(?:\.([0-9]*))?")


class BadCell(ValueError):
    """What is wrong with it, in a sentence."""


def text(length: int) -> Reader:
    def read(cell: str) -> str:
        if len(cell) > length:
            raise BadCell(f"This has {len(cell)} characters; it may have {length}.")
        return cell

    return read


def texts(most: int, length: int) -> Reader:
    """Several in one cell, each once."""

    def read(cell: str) -> list[str]:
        found = list(dict.fromkeys(filter(None, map(str.strip, cell.split(SEPARATOR)))))
        if len(found) > most:
            raise BadCell(f"These are {len(found)}; there may be {most}.")
        if long := next((each for each in found if len(each) > length), None):
            raise BadCell(f"“{long[:40]}…” has {len(long)} characters; each may have {length}.")
        return found

    return read


def amount(cell: str) -> Decimal:
    bare = cell.removeprefix("₹").removeprefix("Rs.").strip()
    match = _AMOUNT.fullmatch(bare)
    if not match:
        negative = re.fullmatch(r"[-−].*[0-9]", bare)
        raise BadCell("A price cannot be negative." if negative else "This is no amount such as 1299 or 1299.50.")
    if len((match[1] or "").rstrip("0")) > 2:
        raise BadCell("This has parts of a paisa: two digits may follow the point.")
    value = Decimal(bare.replace(",", "")).quantize(Decimal("0.01"))
    if not LEAST_PRICE <= value <= MOST_PRICE:
        raise BadCell(f"A price is between {inr(LEAST_PRICE)} and {inr(MOST_PRICE)}.")
    return value


def pieces(cell: str) -> int:
    if re.fullmatch(r"[-−][0-9.]+", cell):
        raise BadCell("Stock cannot be negative.")
    if not re.fullmatch(r"[0-9]{1,9}(\.0*)?", cell):
        raise BadCell("This is no number of pieces such as 12.")
    count = int(cell.partition(".")[0])
    if count > MOST_STOCK:
        raise BadCell(f"Stock is at most {group_indian(MOST_STOCK)}.")
    return count


def gst_rate(cell: str) -> Decimal:
    bare = cell.removesuffix("%").strip()
    if not re.fullmatch(r"[0-9]{1,2}(\.[0-9]{1,2})?", bare) or Decimal(bare) not in RATES:
        raise BadCell(f"This is none of the GST rates: {', '.join(map(rate_text, RATES))}.")
    return Decimal(bare).quantize(Decimal("0.01"))


def status(cell: str) -> str:
    if cell.lower() not in ProductStatus.values:
        raise BadCell(f"This is none of {', '.join(ProductStatus.values)}.")
    return cell.lower()


def hsn(cell: str) -> str:
    """Spreadsheets take it for a number and drop the zero that tea and coffee begin with."""
    digits = cell.removesuffix(".0")
    if re.fullmatch(r"([0-9]{2}){1,3}[0-9]", digits) and digits[0] != "0":
        digits = f"0{digits}"
    if not re.fullmatch(r"[0-9]{4}|[0-9]{6}|[0-9]{8}", digits):
        raise BadCell("An HSN code has 4, 6 or 8 digits.")
    return digits


def country(cell: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}", cell):
        raise BadCell("A country is named by its two letters, such as IN.")
    return cell.upper()
