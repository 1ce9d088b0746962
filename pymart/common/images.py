"""Pictures that people send: checked by their content and never kept as they came."""

import struct
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps

from pymart.common.errors import DomainError

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 36_000_000
# What Pillow raises for files that are broken, cut off or made to break it.
UNREADABLE = (
    OSError,
    ValueError,
    TypeError,
    SyntaxError,
    EOFError,
    LookupError,
    struct.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


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

    Its size is read before anything is decoded, for a small file can hold a huge picture.

    :raises BadImage: which names `field`.
    """
    if (file.size or 0) > MAX_BYTES:
        raise BadImage(f"This file is larger than {MAX_BYTES // 1024**2} MB. Choose a smaller one.", field=field)
    try:
        image = Image.open(file, formats=FORMATS)
        if image.width * image.height > MAX_PIXELS:
            megapixels = MAX_PIXELS // 1_000_000
            raise BadImage(f"This picture has more than {megapixels} megapixels. Choose a smaller one.", field=field)
        image = ImageOps.exif_transpose(image)
        if not image.has_transparency_data:
            return image.convert("RGB")
        layer = image.convert("RGBA")
    except UNREADABLE as error:
        raise BadImage(field=field) from error
    page = Image.new("RGB", layer.size, "white")
    page.paste(layer, mask=layer)
    return page


def encode_square(image: Image.Image, *, side: int) -> ContentFile:
    """The middle of the picture as a square WebP file."""
    buffer = BytesIO()
    ImageOps.fit(image, (side, side), Image.Resampling.LANCZOS).save(
        buffer, "WEBP", quality=82, exif=b"", icc_profile=None
    )
    return ContentFile(buffer.getvalue())
