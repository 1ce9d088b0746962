"""
A catalogue of any size, for measuring: titles put together from `vocabulary.toml`, written by COPY.

Product number k is always the same, so a later run adds those that are missing and none twice.
"""

import json
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify

from accounts.models import SellerProfile, SellerStatus
from catalog.models import Category, PriceChange, Product, ProductStatus, StockMovement, StockReason, Variant
from catalog.search.colours import colours_of
from pymart.demo.content import dice
from pymart.demo.people import SHOPS

BATCH = 5000
PREFIX = "BULK-"
SENTENCES = (
    "{noun} by {brand} in {quality}, for everyday use.",
    "Made in small batches and checked by hand before it is packed.",
    "Sent within a day from {city}.",
    "Easy to care for, and easy to return if it is not what you thought.",
    "A good gift, too.",
    "{quality} as it should be: nothing added that you would not expect.",
)
PRODUCT = (
    "id", "seller_id", "category_id", "title", "slug", "brand", "description", "highlights", "tags", "attributes",
    "status", "country_of_origin", "hsn", "gst_rate", "created_at", "updated_at", "is_listed", "in_stock", "price",
    "mrp", "keywords", "options", "rating_average", "rating_count", "units_sold", "blocked_reason",
)  # fmt: skip
VARIANT = (
    "id", "product_id", "seller_id", "sku", "name", "attributes", "price", "mrp", "stock", "position", "is_active",
)  # fmt: skip
MOVEMENT = ("variant_id", "quantity", "reason", "reference", "actor_id", "created_at")
PRICE = ("variant_id", "price", "mrp", "actor_id", "changed_at")


@dataclass(frozen=True)
class Stall:
    """What the rows of one category have in common."""

    category_id: int
    path: str
    words: dict[str, Any]


def top_up(wanted: int, *, tick: Callable[[int], None]) -> int:
    """Add products until there are `wanted`; answers how many were added. Each batch stands once it is written."""
    missing = max(0, wanted - Product.objects.count())
    stalls, shops, start, now = _stalls(), _shops(), _next_number(), timezone.now()
    for begin in range(0, missing, BATCH):
        count = min(BATCH, missing - begin)
        with transaction.atomic():
            _write(range(start + begin, start + begin + count), stalls, shops, now)
        tick(wanted - missing + begin + count)
    if missing:
        with connection.cursor() as cursor:
            for model in (Product, Variant, StockMovement, PriceChange):
                cursor.execute(f"ANALYZE {model._meta.db_table}")
    return missing


@cache
def _vocabulary() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "vocabulary.toml").read_text())


def _stalls() -> list[Stall]:
    found = []
    nodes = {node.name: node for node in Category.objects.select_related("parent__parent")}
    for name, words in _vocabulary()["category"].items():
        node, path = nodes[name], []
        while node:
            path.append(node.name)
            node = node.parent
        found.append(Stall(nodes[name].pk, " ".join(path), words))
    return found


def _shops() -> list[SellerProfile]:
    slugs = [shop.slug for shop in SHOPS]
    return list(SellerProfile.objects.filter(status=SellerStatus.APPROVED, slug__in=slugs).order_by("pk"))


def _next_number() -> int:
    last = Variant.objects.filter(sku__startswith=PREFIX).aggregate(last=Max("sku"))["last"]
    return int(last.split("-")[1]) + 1 if last else 1


def _write(numbers: range, stalls: list[Stall], shops: list[SellerProfile], now: datetime) -> None:
    products, variants = [], []
    for pk, number in zip(_ids(Product, len(numbers)), numbers, strict=True):
        product, offers = _product(pk, number, stalls, shops, now)
        products.append(product)
        variants += offers
    owners = {shop.pk: shop.user_id for shop in shops}
    full = [(pk, *row) for pk, row in zip(_ids(Variant, len(variants)), variants, strict=True)]
    _copy(Product, PRODUCT, products)
    _copy(Variant, VARIANT, full)
    born = dict(zip((row[0] for row in products), (row[14] for row in products), strict=True))
    _copy(
        StockMovement,
        MOVEMENT,
        ((row[0], row[8], StockReason.OPENING.value, "", owners[row[2]], born[row[1]]) for row in full if row[8]),
    )
    _copy(PriceChange, PRICE, ((row[0], row[6], row[7], owners[row[2]], born[row[1]]) for row in full))


def _ids(model: type, count: int) -> list[int]:
    """Keys from the table's own sequence, ahead of writing: rows of several tables point at one another."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [pk for (pk,) in cursor.fetchall()]


def _copy(model: type, columns: tuple[str, ...], rows: Iterator[tuple] | list[tuple]) -> None:
    names = ", ".join(columns)
    with connection.cursor() as cursor, cursor.copy(f"COPY {model._meta.db_table} ({names}) FROM STDIN") as target:
        for row in rows:
            target.write_row(row)


def _product(
    pk: int, number: int, stalls: list[Stall], shops: list[SellerProfile], now: datetime
) -> tuple[tuple, list[tuple]]:
    rng = dice("bulk", number)
    stall, shop = stalls[number % len(stalls)], rng.choice(shops)
    words = stall.words
    brand, quality, noun = (
        rng.choice(_vocabulary()["brands"]),
        rng.choice(words["qualities"]),
        rng.choice(words["nouns"]),
    )
    colour = f", {rng.choice(words['sizes'])}" if rng.random() < 0.3 else ""
    title = f"{brand} {quality} {noun}{colour}"
    picked = rng.sample(range(len(SENTENCES)), 2)
    sentences = [
        SENTENCES[index].format(noun=noun, brand=brand, quality=quality, city=shop.city) for index in sorted(picked)
    ]
    tags = [*words["tags"], quality.lower()[:40]]
    attributes = {"Kind": quality}
    offers = _offers(rng, pk, number, words, shop.pk)
    offer = min(offers, key=lambda row: (row[7] == 0, row[5]))
    born = now - timedelta(days=rng.uniform(70, 700))
    keywords = " ".join([*tags, stall.path, quality, *sorted(json.loads(row[4]).popitem()[1] for row in offers)])
    row = (
        pk, shop.pk, stall.category_id, title, f"{slugify(title)}-{number}", brand, " ".join(sentences),
        [f"{quality} {noun.lower()}", f"Sold by {shop.shop_name}", "Free returns within 7 days"], tags,
        json.dumps(attributes), ProductStatus.ACTIVE.value, "IN", words["hsn"], words["gst"], born, born, True,
        offer[7] > 0, offer[5], offer[6], keywords, _options(title, tags, offers), 0, 0, 0, "",
    )  # fmt: skip
    return row, offers


def _options(title: str, tags: list[str], offers: list[tuple]) -> list[str]:
    said = [fact for row in offers for fact in json.loads(row[4]).items()]
    colours = colours_of([title, *tags], [value for name, value in said if name == "Colour"])
    sizes = {value.lower() for name, value in said if name == "Size"}
    return sorted({f"size:{size}" for size in sizes} | {f"colour:{colour}" for colour in colours})


def _offers(rng: Random, product: int, number: int, words: dict[str, Any], shop: int) -> list[tuple]:
    """One to three variants, without their key."""
    count = rng.choices([1, 2, 3], [50, 30, 20])[0]
    sizes = sorted(rng.sample(words["sizes"], min(count, len(words["sizes"]))), key=words["sizes"].index)
    low, high = words["price"]
    base = low * (high / low) ** rng.betavariate(2, 3)
    rows = []
    for position, size in enumerate(sizes):
        price = min(high, base * (1 + 0.35 * position)) if words["axis"] not in {"Size", "Colour"} else base
        price = Decimal(max(low, round(price / 10) * 10 - 1))
        mrp = Decimal(int(price * Decimal(rng.uniform(1.05, 2.0))) // 10 * 10 + 9)
        stock = 0 if rng.random() < 0.06 else rng.randint(1, 250)
        attributes = json.dumps({words["axis"]: size})
        sku = f"{PREFIX}{number:08d}-{position + 1}"
        rows.append((product, shop, sku, size, attributes, price, max(price, mrp), stock, position, True))
    return rows
