"""Picture files of products: what was uploaded becomes WebP and AVIF in the sizes that pages ask for."""

import re
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from PIL import Image

from catalog.models import ProductImage
from catalog.signals import pictures_unused
from pymart.common.images import BadImage, open_image

MIN_SIDE = 200
FOLDER = "products"
_SIZES = sorted(ProductImage.SIZES, reverse=True)
# They look alike; docs/adr/0014 has what they weigh and how long they take.
_OPTIONS: dict[str, dict[str, Any]] = {
    "webp": {"format": "WEBP", "quality": 82, "exif": b"", "icc_profile": None},
    "avif": {"format": "AVIF", "quality": 62, "speed": 8, "max_threads": 1, "exif": b"", "icc_profile": None},
}
_OURS = re.compile(rf"{FOLDER}/[0-9a-f-]{{36}}-(?:{'|'.join(map(str, _SIZES))})\.(?:{'|'.join(_OPTIONS)})")


@dataclass(frozen=True)
class Picture:
    """`name` is that of the largest WebP file; `width` and `height` are its too."""

    name: str
    width: int
    height: int
    files: dict[str, bytes] = field(repr=False)

    @property
    def has_avif(self) -> bool:
        return any(name.endswith(".avif") for name in self.files)


def prepare(file: UploadedFile, *, field: str = "image") -> Picture:
    """
    What is to be stored of an upload: its pixels in each of `ProductImage.SIZES`, as AVIF, too, where that is smaller.

    :raises BadImage: when it is not a JPEG, PNG or WebP, is broken, too large or too small; it names `field`.
    """
    whole = open_image(file, field=field)
    if min(whole.size) < MIN_SIDE:
        raise BadImage(f"This picture is too small: each side needs at least {MIN_SIDE} pixels.", field=field)
    name = f"{FOLDER}/{uuid.uuid4()}-{_SIZES[0]}.webp"
    fitted = _fitted(whole)
    webp, avif = (
        {ProductImage.name_for(name, size, kind): _encoded(fitted[size], kind) for size in _SIZES} for kind in _OPTIONS
    )
    files = webp | avif if _weight(avif) < _weight(webp) else webp
    return Picture(name, *fitted[_SIZES[0]].size, files)


def save(picture: Picture) -> None:
    """:raises StorageUnavailable:"""
    for name, content in picture.files.items():
        default_storage.save(name, ContentFile(content))


def delete(names: Collection[str]) -> None:
    """
    The files of these pictures, each given by the name of its largest WebP.

    :raises StorageUnavailable:
    """
    default_storage.delete_all(
        [ProductImage.name_for(name, size, kind) for name in names for size in _SIZES for kind in _OPTIONS]
    )


def delete_unused(names: Collection[str]) -> None:
    """As `delete`, without those that are shown elsewhere."""
    delete(_unused(names))


def without_row(names: Sequence[str]) -> list[str]:
    """Of these stored files, those named like a picture of a product that no product has and no other app shows."""
    pictures = {name: ProductImage.name_for(name, _SIZES[0]) for name in names if _OURS.fullmatch(name)}
    known = set(ProductImage.objects.filter(image__in=set(pictures.values())).values_list("image", flat=True))
    unused = _unused({picture for picture in pictures.values() if picture not in known})
    return [name for name, picture in pictures.items() if picture in unused]


def _unused(names: Collection[str]) -> set[str]:
    """Those that no other app shows: orders keep showing the picture of what was bought."""
    answers = pictures_unused.send(ProductImage, names=list(names)) if names else []
    return set(names).difference(*(answer for _, answer in answers))


def _fitted(picture: Image.Image) -> dict[int, Image.Image]:
    """By the size of the square; never enlarged."""
    fitted = {}
    for size in _SIZES:
        picture = picture.copy()
        picture.thumbnail((size, size), Image.Resampling.LANCZOS)
        fitted[size] = picture
    return fitted


def _encoded(picture: Image.Image, kind: str) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, **_OPTIONS[kind])
    return buffer.getvalue()


def _weight(files: dict[str, bytes]) -> int:
    return sum(map(len, files.values()))
