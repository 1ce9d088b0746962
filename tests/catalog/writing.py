"""What the tests of the API's writing side share."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from catalog.models import Category, PriceChange, Product, ProductImage, StockMovement, Variant
from tests.factories import picture_file

MODELS = (Product, Variant, PriceChange, StockMovement, ProductImage, Category)


def everything() -> tuple[list[list[dict[str, Any]]], list[Path]]:
    """All rows and all files: equal before and after what was refused."""
    rows = [list(model.objects.order_by("pk").values()) for model in MODELS]
    return rows, sorted(path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())


def errors(response: Any) -> list[tuple[str, str | None]]:
    return [(error["code"], error["attr"]) for error in response.json()["errors"]]


def form(body: dict[str, Any]) -> dict[str, Any]:
    """The same body as a form has it: what is no text or file as JSON."""
    return {
        name: json.dumps(value) if isinstance(value, dict | int) or _is_json_list(value) else value
        for name, value in body.items()
    }


def _is_json_list(value: object) -> bool:
    return isinstance(value, list) and not any(isinstance(item, SimpleUploadedFile) for item in value)


def picture(**options: Any) -> SimpleUploadedFile:
    return picture_file((300, 300), **options)


def file(content: bytes, name: str = "photo.png", said: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, said)


def encoded(size: tuple[int, int], format: str, mode: str = "RGB") -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size).save(buffer, format)
    return buffer.getvalue()


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("run.me", "x")
    return buffer.getvalue()
