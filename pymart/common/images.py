"""Pictures that people send: checked by their content and never kept as they came."""

import re
import struct
import zipfile
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps

from pymart.common.errors import DomainError

FORMATS = ("JPEG", "PNG", "WEBP")
_MEDIA_TYPES = {"MPO": "image/jpeg"}  # several JPEGs in one file, as phones write them
_UNSAID = {"", "application/octet-stream", "binary/octet-stream"}
# Pages, scripts and documents in a picture's metadata or after its end. Each is long enough not to be found in pixels.
_STOWAWAY = re.compile(rb"<script|<iframe|<!doctype|<html[\s>]|<\?php|%PDF-\d|Rar!\x1a\x07", re.IGNORECASE)
MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 36_000_000
ENOUGH = 1200  # pixels a side: nothing is kept larger
# What Pillow raises for files that are broken, cut off or made to break it.
UNREADABLE = (OSError, ValueError, TypeError, SyntaxError, EOFError, LookupError, struct.error)
BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning)  # it counts pixels, too


class BadImage(DomainError):
    code = "bad_image"
    status = 400
    message = "We cannot read this picture. Choose a JPEG, PNG or WebP file."

    def __init__(self, message: str | None = None, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


def open_image(file: UploadedFile, *, field: str | None = None) -> Image.Image:
    """
    The picture in the file: decoded, upright, RGB on white, without metadata.

    Its size is read before anything is decoded, for a small file can hold a huge picture. A file that says it is
    something else, or is something else as well, is refused, though only its pixels would be kept.

    :raises BadImage: which names `field`.
    """
    if (file.size or 0) > MAX_BYTES:
        raise BadImage(f"This file is larger than {MAX_BYTES // 1024**2} MB. Choose a smaller one.", field=field)
    try:
        image = Image.open(file, formats=FORMATS)
        if image.width * image.height > MAX_PIXELS:
            raise Image.DecompressionBombError
        _refuse_disguise(file, image.format or "", field)
        image.draft(None, (ENOUGH, ENOUGH))  # a JPEG is made smaller while it is decoded
        image = _in_eight_bits(ImageOps.exif_transpose(image))
        if not image.has_transparency_data:
            return image.convert("RGB")
        layer = image.convert("RGBA")
    except BOMB as error:
        megapixels = MAX_PIXELS // 1_000_000
        raise BadImage(
            f"This picture has more than {megapixels} megapixels. Choose a smaller one.", field=field
        ) from error
    except UNREADABLE as error:
        raise BadImage(field=field) from error
    page = Image.new("RGB", layer.size, "white")
    page.paste(layer, mask=layer)
    return page


def _in_eight_bits(image: Image.Image) -> Image.Image:
    """Pillow would make white of all but the darkest of 16-bit greys."""
    if not image.mode.startswith("I"):
        return image
    image.info.pop("transparency", None)  # a grey of 16 bits
    return image.convert("I").point(lambda value: value * (1 / 257)).convert("L")


def _refuse_disguise(file: UploadedFile, kind: str, field: str | None) -> None:
    """:raises BadImage: when the file is not only, or not at all, what it says."""
    said = (getattr(file, "content_type", None) or "").lower().replace("image/jpg", "image/jpeg")
    if said not in _UNSAID and said != (_MEDIA_TYPES.get(kind) or Image.MIME[kind]):
        raise BadImage("This file is not the kind of picture that it says it is.", field=field)
    file.seek(0)
    hides_something = _STOWAWAY.search(file.read()) or zipfile.is_zipfile(file)
    file.seek(0)
    if hides_something:
        raise BadImage("There is more in this file than a picture. Save it anew and choose that.", field=field)


def encode_square(image: Image.Image, *, side: int) -> ContentFile:
    """The middle of the picture as a square WebP file."""
    buffer = BytesIO()
    ImageOps.fit(image, (side, side), Image.Resampling.LANCZOS).save(
        buffer, "WEBP", quality=82, exif=b"", icc_profile=None
    )
    return ContentFile(buffer.getvalue())
