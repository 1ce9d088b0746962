"""Imports by real Celery workers: one is killed in the middle of a chunk, others are called several times at once."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from signal import SIGKILL

import pytest
from django.db.models import F
from django.utils import timezone

from accounts.models import Notification
from catalog import tasks
from catalog.models import ImportStatus, PriceChange, Product, ProductImport, StockMovement, Variant
from tests.catalog.importing import NEW, begin, csv_bytes
from tests.factories import make_category, make_product, make_seller, make_variant
from tests.web import ROOT, environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
ROWS, CHUNK = 60, 10
PATIENCE = 120  # seconds on a busy machine
WORKER = f"""
import os, signal
from pymart.celery import app
app.loader.import_default_modules()
from catalog.services.importing import jobs
jobs.CHUNK = {CHUNK}
{{patch}}
app.worker_main(["worker", "--pool=threads", "--concurrency=3", "--loglevel=WARNING", "--without-gossip"])
"""
DIES_IN_THE_THIRD_CHUNK = """
note, chunks = jobs._note, []
def die(*args):
    chunks.append(args)
    note(*args)
    if len(chunks) == 3:  # all of it is written, and nothing committed
        os.kill(os.getpid(), signal.SIGKILL)
jobs._note = die
"""


@contextmanager
def worker(patch: str = "") -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-c", WORKER.format(patch=patch)], cwd=ROOT, env=environment())
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def is_done(job: ProductImport) -> bool:
    return ProductImport.objects.filter(pk=job.pk, status=ImportStatus.DONE).exists()


def books() -> dict[str, int]:
    """How many rows there are of each thing that an import writes."""
    return {model.__name__: model.objects.count() for model in (Product, Variant, StockMovement, PriceChange)}


@pytest.fixture
def file() -> bytes:
    return csv_bytes(*({**NEW, "sku": f"S{n}"} for n in range(ROWS)))


@pytest.fixture
def seller():
    make_category("Lamps", parent=make_category("Home"))
    return make_seller()


def test_what_a_killed_worker_left_is_taken_up_after_its_last_chunk_and_nothing_is_done_twice(seller, file):
    job = begin(seller, file)
    with worker(DIES_IN_THE_THIRD_CHUNK) as process:
        assert process.wait(PATIENCE) == -SIGKILL
    job.refresh_from_db()
    assert (job.status, job.created, job.row) == ("running", 2 * CHUNK, 2 * CHUNK + 1)
    assert set(books().values()) == {2 * CHUNK}

    ProductImport.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))  # a minute later
    with worker():
        tasks.resume_imports()
        wait_for(lambda: is_done(job))
    job.refresh_from_db()
    assert (job.created, job.failed, job.done) == (ROWS, 0, ROWS)
    assert set(books().values()) == {ROWS}
    assert not Variant.objects.exclude(stock=F("movements__quantity")).exists()
    assert Notification.objects.count() == 1


def test_a_job_whose_message_comes_several_times_is_done_once(seller, file):
    product = make_product(seller=seller, price=None)
    make_variant(product, sku="S7", price=1250, stock=1)
    before = books()
    with worker():
        job = begin(seller, file)
        for _ in range(5):
            tasks.run_import.delay(job.pk)
        wait_for(lambda: is_done(job))
        tasks.run_import.delay(job.pk)
        other = begin(seller, file)
        wait_for(lambda: is_done(other))
    job.refresh_from_db()
    other.refresh_from_db()
    assert (job.created, job.updated) == (ROWS - 1, 1)
    assert (other.unchanged, other.done) == (ROWS, ROWS)
    assert {name: count - before[name] for name, count in books().items()} == {
        "Product": ROWS - 1, "Variant": ROWS - 1, "StockMovement": ROWS, "PriceChange": ROWS - 1,
    }  # fmt: skip
