"""
How long a file of products takes, and what memory: `python bench/imports.py [ROWS]`, 50,000 where not said.

Starts PostgreSQL and Redis in .local/bench-imports with an empty shop. Each line of the table is a process of its own,
as a worker is: it checks the file, imports it, imports it again, imports it with all prices and stocks changed,
exports. `base` is what the process holds before it begins, `peak` the most that it ever held.
"""

import csv
import os
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pymart import embedded

FOLDER = Path(__file__).resolve().parent.parent / ".local" / "bench-imports"
FILE = FOLDER / "products.csv"
ROWS = 50_000
COLUMNS = (
    "sku", "product", "title", "description", "category", "brand", "status", "option:Size", "price", "mrp", "stock",
    "tags", "hsn", "attr:Material", "attr:Care",
)  # fmt: skip
SENTENCE = "Hand-made in small batches and checked before it is packed; wash it with similar colours. "


def main() -> None:
    os.environ |= {"DEBUG": "1", "LOG_LEVEL": "WARNING", "LOCAL_DIR": str(FOLDER), "REDIS_PREFIX": "bench-imports"}
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    embedded.provide(FOLDER)
    if len(sys.argv) > 2:
        stage(sys.argv[2])
        return
    rows = sys.argv[1] if len(sys.argv) > 1 else str(ROWS)
    setup()
    write_file(int(rows), more=0)
    print(f"{rows} rows, {FILE.stat().st_size / 2**20:.1f} MB")
    for name in ("dry run", "new", "unchanged", "changed", "export"):
        if name == "changed":
            write_file(int(rows), more=1)
        subprocess.run([sys.executable, __file__, rows, name], check=True)


def setup() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "pymart.settings"
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from tests.factories import make_category, make_seller

    call_command("migrate", verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    make_category("Kurtas", parent=make_category("Women"))
    make_seller()


def write_file(rows: int, *, more: int) -> None:
    """Products of four sizes; `more` rupees and pieces make them differ from the last time."""
    with FILE.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for number in range(rows):
            product, size = divmod(number, 4)
            shared = [
                f"Block-printed cotton kurta number {product}", SENTENCE * 4, "Women > Kurtas", "Jaipur Loom", "active",
            ]  # fmt: skip
            facts = ["cotton|handmade", "6204", "Cotton", "Machine wash"]
            writer.writerow([
                f"KURTA-{product}-{size}", f"kurta-{product}", *(shared if size == 0 else [""] * 5), "SMLX"[size],
                899 + more, 1499, 5 + more, *(facts if size == 0 else [""] * 4),
            ])  # fmt: skip


def stage(name: str) -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "pymart.settings"
    django.setup()
    from accounts.models import SellerProfile
    from catalog.models import Variant

    seller = SellerProfile.objects.get()
    base = peak()
    start, spent = time.perf_counter(), time.process_time()
    told = export(seller) if name == "export" else work_off(seller, is_dry_run=name == "dry run")
    seconds, spent = time.perf_counter() - start, time.process_time() - spent
    rows = int(sys.argv[1])
    assert name == "dry run" or Variant.objects.count() == rows
    memory = f"base {base:.0f} MB, peak {peak():.0f} MB"
    print(f"{name:>10}: {seconds:.1f} s ({spent:.1f} s CPU of ours), {rows / seconds:.0f} rows/s, {memory}; {told}")


def work_off(seller: object, *, is_dry_run: bool) -> str:
    from django.core.files.uploadedfile import UploadedFile

    from catalog import tasks
    from catalog.services import run_import, start_import

    send = tasks.run_import.delay
    tasks.run_import.delay = lambda pk: None  # no worker runs; we are it
    with FILE.open("rb") as file:
        upload = UploadedFile(file, FILE.name, "text/csv", FILE.stat().st_size)
        job = start_import(seller=seller, actor=seller.user, file=upload, is_dry_run=is_dry_run)
    tasks.run_import.delay = send
    while run_import(pk=job.pk):
        pass
    job.refresh_from_db()
    return f"{job.status}: {job.created} new, {job.updated} changed, {job.unchanged} unchanged, {job.failed} failed"


def export(seller: object) -> str:
    from django.test import RequestFactory

    from catalog.csv.writing import columns_of, rows_of
    from pymart.common.csv import csv_response

    columns = columns_of(seller.pk)
    response = csv_response(RequestFactory().get("/"), "x.csv", [c.name for c in columns], rows_of(seller.pk, columns))
    return f"{sum(map(len, response)) / 2**20:.1f} MB"


def peak() -> float:
    """Megabytes, by the kernel's count of this process alone."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


if __name__ == "__main__":
    main()
