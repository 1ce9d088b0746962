"""Takes the product photos, on all cores, and hangs them up. What was taken once is kept in the local folder."""

import multiprocessing
import uuid
from collections.abc import Callable, Iterator, Sequence
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


def add_images(
    listings: Sequence[Listing], products: dict[str, Product], folder: Path, tick: Callable[[int], None]
) -> dict[str, str]:
    """Answers the storage name of each listing's first picture, by slug."""
    folder.mkdir(parents=True, exist_ok=True)
    rows, first = [], {}
    for done, (listing, shots) in enumerate(_all_shots(listings, folder), 1):
        for position, (stem, alt) in enumerate(shots):
            name = _store(folder, stem, uuid.uuid5(NAMESPACE, f"{listing.slug} {position} {stem}"))
            first.setdefault(listing.slug, name)
            image = ProductImage(product=products[listing.slug], width=SIDE, height=SIDE, alt=alt, position=position)
            image.image.name = name
            rows.append(image)
        tick(done)
    insert(ProductImage, rows)
    return first


def _all_shots(listings: Sequence[Listing], folder: Path) -> Iterator[tuple[Listing, list[Shot]]]:
    spawn = multiprocessing.get_context("spawn")  # no database connection may be shared with a child
    with ProcessPoolExecutor(mp_context=spawn) as pool:
        yield from zip(listings, pool.map(take, listings, repeat(folder), chunksize=4), strict=True)


def _store(folder: Path, stem: str, key: uuid.UUID) -> str:
    largest = f"products/{key}-{max(SIZES)}.webp"
    for size in SIZES:
        name = ProductImage.name_for(largest, size)
        if not default_storage.exists(name):
            default_storage.save(name, ContentFile((folder / f"{stem}-{size}.webp").read_bytes()))
    return largest
