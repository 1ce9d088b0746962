"""Products as the index has them: made from plain values, a few statements for however many."""

import hashlib
import json
import math
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from catalog.models import Category, Product
from catalog.search.text import clean_text

Document = dict[str, Any]
_COLUMNS = (
    "id", "title", "brand", "tags", "keywords", "description", "category_id", "seller_id", "price", "in_stock",
    "rating_average", "rating_count", "units_sold", "created_at", "options",
)  # fmt: skip
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
PRIOR, PRIOR_WEIGHT = 3.5, 20  # the mean of a product that nobody rated, and how many ratings outweigh it
MANY_SOLD = 10_000
LONGEST_TEXT = 20_000  # characters; nobody searches for what comes after


def documents(ids: Collection[int]) -> dict[int, Document]:
    """Of the listed ones among these products."""
    rows = list(Product.objects.listed().filter(pk__in=ids).order_by().values(*_COLUMNS))
    paths = _category_paths() if rows else {}
    return {row["id"]: _document(row, paths.get(row["category_id"], [])) for row in rows}


def _document(row: dict[str, Any], path: list[str]) -> Document:
    found = {
        **row,
        "description": row["description"][:LONGEST_TEXT],
        "keywords": row["keywords"][:LONGEST_TEXT],
        "category": path,
        "price": paise(row["price"]),
        "in_stock": int(row["in_stock"]),
        "rating_average": hundredths(row["rating_average"]),
        "created_at": microseconds(row["created_at"]),
        "merit": _merit(row),
    }
    if title := clean_text(row["title"]):
        found["suggest"] = {"input": [title], "weight": row["units_sold"]}
    return {**found, "fingerprint": _fingerprint(found)}


def paise(price: Decimal) -> int:
    return int(price * 100)


hundredths = paise


def microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND


def moment(microseconds: int) -> datetime:
    return _EPOCH + microseconds * _MICROSECOND


def _merit(row: dict[str, Any]) -> float:
    """As PostgreSQL weighs it (`catalog.search.listing`): half of it is to be had, a quarter sold, a quarter rated."""
    count = row["rating_count"]
    rating = (float(row["rating_average"]) * count + PRIOR_WEIGHT * PRIOR) / (count + PRIOR_WEIGHT)
    sold = math.log1p(min(row["units_sold"], MANY_SOLD)) / math.log1p(MANY_SOLD)
    return round(0.5 * row["in_stock"] + 0.25 * sold + 0.25 * rating / 5, 4)


def _fingerprint(document: Document) -> str:
    said = json.dumps(document, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()


def _category_paths() -> dict[int, list[str]]:
    """The names from the root down, by category."""
    rows = {pk: (name, parent) for pk, name, parent in Category.objects.order_by().values_list("id", "name", "parent")}
    paths: dict[int, list[str]] = {}
    for pk in rows:
        path: list[str] = []
        above: int | None = pk
        while above in rows and len(path) < len(rows):
            name, above = rows[above]
            path.insert(0, name)
        paths[pk] = path
    return paths
