"""Files of products for tests, and what becomes of them."""

import csv
import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import SellerProfile
from catalog.models import ProductImport
from catalog.services import run_import, start_import

NEW = {
    "sku": "LAMP-1",
    "title": "Brass lamp",
    "description": "Cast brass.",
    "category": "Home > Lamps",
    "price": "1250.00",
    "stock": "5",
}


def csv_bytes(*rows: dict[str, Any], columns: list[str] | None = None, **options: Any) -> bytes:
    """A file with the columns that the rows name."""
    columns = columns or list(dict.fromkeys(name for row in rows for name in row))
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns, restval="", **options)
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode()


def upload(content: bytes, name: str = "products.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "text/csv")


def begin(seller: SellerProfile, content: bytes, *, is_dry_run: bool = False) -> ProductImport:
    return start_import(seller=seller, actor=seller.user, file=upload(content), is_dry_run=is_dry_run)


def imported(seller: SellerProfile, *rows: dict[str, Any], **options: Any) -> ProductImport:
    """The job of a file with these rows, worked off."""
    return finished(begin(seller, csv_bytes(*rows), **options))


def finished(job: ProductImport) -> ProductImport:
    while run_import(pk=job.pk):
        pass
    job.refresh_from_db()
    return job


def counts(job: ProductImport) -> dict[str, int]:
    names = ("created", "updated", "unchanged", "failed")
    return {name: count for name in names if (count := getattr(job, name))}


def problems(job: ProductImport) -> list[tuple[int, str, str]]:
    return list(job.problems.values_list("row", "column", "message"))
