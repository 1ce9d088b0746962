"""Takes the product photos, on all cores, and hangs them up. What was taken once is kept in the local folder."""

import multiprocessing
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from catalog.models import Product, ProductImage
from pymart.demo.content import Listing
from pymart.demo.photos import SIDE, SIZES, Shot, take
from pymart.demo.rows import insert

NAMESPACE = uuid.UUID("5e3d4c2a-7f55-4d5e-9c4e-20261122f070")


def take_photos(listings: Sequence[Listing], folder: Path, tick: Callable[[int], None]) -> dict[str, list[Shot]]:
    """By slug. Touches no database, so that no transaction has to wait for it."""
    folder.mkdir(parents=True, exist_ok=True)
    taken: dict[str, list[Shot]] = {}
    spawn = multiprocessing.get_context("spawn")  # no database connection may be shared with a child
    with ProcessPoolExecutor(mp_context=spawn) as pool:
        for listing, shots in zip(listings, pool.map(take, listings, repeat(folder), chunksize=4), strict=True):
            taken[listing.slug] = shots
            tick(len(taken))
    return taken


def hang_up(taken: dict[str, list[Shot]], folder: Path, products: dict[str, Product]) -> dict[str, str]:
    """Put photos into the shop's storage; answers the name of each product's first picture, by slug."""
    rows, first = [], {}
    for slug, shots in taken.items():
        for position, (stem, alt) in enumerate(shots):
            name = _store(folder, stem, uuid.uuid5(NAMESPACE, f"{slug} {position} {stem}"))
            first.setdefault(slug, name)
            row = ProductImage(product=products[slug], width=SIDE, height=SIDE, alt=alt, position=position)
            row.image.name = name
            rows.append(row)
    insert(ProductImage, rows)
    return first


def _store(folder: Path, stem: str, key: uuid.UUID) -> str:
    largest = f"products/{key}-{max(SIZES)}.webp"
    for size in SIZES:
        name = ProductImage.name_for(largest, size)
        if not default_storage.exists(name):
            default_storage.save(name, ContentFile((folder / f"{stem}-{size}.webp").read_bytes()))
    return largest
