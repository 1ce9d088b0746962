"""The written catalogue: reads `catalogue/*.toml` into what the shop is filled with."""

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.text import slugify

FOLDER = Path(__file__).parent / "catalogue"
SEED = 20261122


def dice(*names: object) -> random.Random:
    """A generator of its own for each purpose: the same shop comes out every time."""
    return random.Random(f"{SEED} {names}")  # noqa: S311


@dataclass(frozen=True)
class Branch:
    """A category with those below it."""

    name: str
    icon: str = ""
    children: tuple["Branch", ...] = ()

    @property
    def slug(self) -> str:
        return slugify(self.name.replace("'", ""))


@dataclass(frozen=True)
class Offer:
    """A variant to be. `hue` turns the picture's colours by so many degrees."""

    sku: str
    name: str
    attributes: dict[str, str]
    price: Decimal
    mrp: Decimal
    stock: int
    hue: int = 0


@dataclass(frozen=True)
class Listing:
    title: str
    picture: str
    brand: str
    category: str
    seller: str
    kind: str
    department: str
    description: str
    highlights: list[str]
    tags: list[str]
    attributes: dict[str, str]
    hsn: str
    gst_rate: Decimal
    country: str
    offers: list[Offer] = field(default_factory=list)
    drop: int = 0
    """Percent by which the price came down within the last month."""

    @property
    def slug(self) -> str:
        return slugify(self.title)[:200]


@cache
def departments() -> tuple[Branch, ...]:
    return tuple(_branch(document["category"]) for document in _documents())


@cache
def listings() -> tuple[Listing, ...]:
    return tuple(
        _listing({**document["defaults"], **row}, department=document["category"]["name"])
        for document in _documents()
        for row in document["product"]
    )


def _documents() -> Iterator[dict[str, Any]]:
    for path in sorted(FOLDER.glob("*.toml")):
        yield tomllib.loads(path.read_text())


def _branch(category: dict[str, Any]) -> Branch:
    below = tuple(Branch(name, children=tuple(Branch(leaf) for leaf in leaves)) for name, *leaves in category["tree"])
    return Branch(category["name"], category["icon"], below)


def _listing(row: dict[str, Any], *, department: str) -> Listing:
    return Listing(
        title=row["title"],
        picture=row["picture"],
        brand=row["brand"],
        category=row["category"],
        seller=row["seller"],
        kind=row["kind"],
        department=department,
        description=row["description"].strip(),
        highlights=row["highlights"],
        tags=row["tags"],
        attributes=row["attributes"],
        hsn=row["hsn"],
        gst_rate=Decimal(row["gst"]),
        country=row.get("country", "IN"),
        offers=list(_offers(row)),
        drop=row.get("drop", 0),
    )


def _offers(row: dict[str, Any]) -> Iterator[Offer]:
    """Sizes and colours share one price; packs, weights and capacities have their own. Colours multiply either."""
    packs = row.get("options") or [[axis, size, row["price"], row["mrp"], None] for axis, size in _sizes(row)]
    colours = row.get("colours") or [["", 0]]
    for colour, hue in colours:
        for axis, size, price, mrp, stock in packs:
            attributes = {key: value for key, value in (("Colour", colour), (axis, size)) if key and value}
            name = " / ".join(attributes.values())
            code = "-".join(filter(None, (slugify(part) for part in (row["picture"], colour, size))))
            yield Offer(
                sku=code.upper()[:64],
                name=name,
                attributes=attributes,
                price=Decimal(price),
                mrp=Decimal(mrp),
                stock=_stock(row, name, code, stock if stock is None else stock // len(colours)),
                hue=hue,
            )


def _sizes(row: dict[str, Any]) -> list[tuple[str, str]]:
    return [("Size", size) for size in row.get("sizes", [])] or [("", "")]


def _stock(row: dict[str, Any], name: str, code: str, written: int | None) -> int:
    """As written; else `out` and `low` name the variants that are sold out or nearly, and the rest have plenty."""
    rng = dice("stock", code)
    if {name, "*"} & set(row.get("out", [])):
        return 0
    if {name, "*"} & set(row.get("low", [])):
        return rng.randint(1, 4)
    return written if written is not None else rng.randint(8, 60)
