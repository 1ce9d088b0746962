"""Picture files of products: what was uploaded becomes WebP in the sizes that pages ask for."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from PIL import Image

from catalog.models import ProductImage
from pymart.common.images import BadImage, open_image

MIN_SIDE = 200
_FOLDER = "products"
_QUALITY = 82


@dataclass(frozen=True)
class StoredImage:
    """`name` is the largest file's; `width` and `height` are its too."""

    name: str
    width: int
    height: int


def store(file: UploadedFile, *, field: str = "image") -> StoredImage:
    """
    Store a picture in each of `ProductImage.SIZES`, pixels only.

    :raises BadImage: when it is not a JPEG, PNG or WebP, is broken, too large or too small; it names `field`.
    """
    picture = open_image(file, field=field)
    if min(picture.size) < MIN_SIDE:
        raise BadImage(f"This picture is too small: each side needs at least {MIN_SIDE} pixels.", field=field)
    stem = f"{_FOLDER}/{uuid.uuid4()}"
    width = height = 0
    names: list[str] = []
    try:
        for size in sorted(ProductImage.SIZES, reverse=True):
            picture.thumbnail((size, size), Image.Resampling.LANCZOS)  # never enlarges
            width, height = max(width, picture.width), max(height, picture.height)
            names.append(default_storage.save(f"{stem}-{size}.webp", _encode(picture)))
    except BaseException:
        _delete_files(names)
        raise
    return StoredImage(names[0], width, height)


def delete(name: str) -> None:
    """The files of all sizes, given the name of the largest."""
    _delete_files(ProductImage.name_for(name, size) for size in ProductImage.SIZES)


def _encode(picture: Image.Image) -> ContentFile:
    buffer = BytesIO()
    picture.save(buffer, "WEBP", quality=_QUALITY, exif=b"", icc_profile=None)
    return ContentFile(buffer.getvalue())


def _delete_files(names: Iterable[str]) -> None:
    for name in names:
        default_storage.delete(name)
