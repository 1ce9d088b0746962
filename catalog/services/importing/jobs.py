"""
A file from its upload to its end.

Each chunk is one transaction, which also notes how far the job is: whoever is killed in the middle of one leaves
nothing of it, and the next begins where the last one ended. A worker claims the job for a minute at a time, and every
chunk checks under the job's lock that the claim is still its own, so no chunk is ever written twice.
"""

import logging
import uuid
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from time import monotonic
from typing import BinaryIO

from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.models import NotificationType, SellerProfile, User
from accounts.services import notify
from catalog import tasks
from catalog.csv.cells import BadCell
from catalog.csv.columns import Categories
from catalog.csv.files import MAX_BYTES, BadFile, Layout, Line, Survey, chunk_of, layout_of, survey
from catalog.import_models import FOLDER, private_storage
from catalog.models import ImportProblem, ImportStatus, ProductImport
from catalog.services.importing.planning import Plan, Planner
from catalog.services.importing.writing import hold_categories, shelves_of, write
from catalog.services.selling import ShopNotApproved, ShopSuspended, hold_shop
from pymart.common.db import after_commit, violates
from pymart.common.errors import DomainError
from pymart.common.money import group_indian

log = logging.getLogger(__name__)

CHUNK = 500  # rows
CLAIM = timedelta(minutes=1)
SLICE = 120  # seconds a worker gives to one file before it lets others come first
MAX_ATTEMPTS = 5  # to get any further
TRIES = 3  # of a chunk that collided with somebody else's change
KEPT = timedelta(days=30)  # files, and what was wrong in them


class ImportRunning(DomainError):
    code = "import_running"
    message = "Another file of yours is still being imported. Wait until it is done, or cancel it."


class ImportOver(DomainError):
    code = "import_over"
    message = "This import had ended already."


class ImportFileGone(DomainError):
    code = "import_file_gone"
    message = f"The file was deleted, as all are after {KEPT.days} days. Please upload it again."


class _Lost(Exception):
    """The job was cancelled, or is somebody else's by now."""


class _Source:
    """The open file with what is known of it as a whole."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.layout: Layout = layout_of(file)
        self.survey: Survey = survey(file, self.layout)


def start_import(*, seller: SellerProfile, actor: User, file: UploadedFile, is_dry_run: bool) -> ProductImport:
    """
    Keep the file and have it worked off.

    :raises BadFile: when it is seen at once that nothing of it can be imported.
    :raises ImportRunning:
    """
    size = file.size or 0
    if size > MAX_BYTES:
        raise BadFile(f"The file has {size // 2**20} MB; it may have {MAX_BYTES // 2**20}. Please send it in parts.")
    layout_of(file.file)  # type: ignore[arg-type]  # it has one
    file.seek(0)
    job = ProductImport(seller=seller, actor=actor, name=(file.name or "products.csv")[-120:], is_dry_run=is_dry_run)
    return _started(job, file)


def carry_out(*, job: ProductImport, actor: User) -> ProductImport:
    """
    After a dry run: import that same file.

    :raises ImportFileGone, ImportRunning:
    """
    if not job.file:
        raise ImportFileGone
    with job.file.open() as file:
        return _started(ProductImport(seller=job.seller, actor=actor, name=job.name), file)


def _started(job: ProductImport, file: "File[bytes]") -> ProductImport:
    job.file.save(job.name, file, save=False)
    try:
        with transaction.atomic(durable=True):
            job.save(force_insert=True)
            after_commit(tasks.run_import.delay, job.pk)
    except BaseException as error:
        job.file.delete(save=False)
        if isinstance(error, IntegrityError) and violates(error, "catalog_import_one_at_a_time"):
            raise ImportRunning from error
        raise
    return job


@transaction.atomic
def cancel_import(*, job: ProductImport) -> None:
    """
    Stop after the chunk that is being written; what was imported stays.

    :raises ImportOver:
    """
    job = ProductImport.objects.select_for_update().get(pk=job.pk)
    if not job.is_open:
        raise ImportOver
    _end(job, ImportStatus.CANCELLED)


def unattended_imports() -> QuerySet[ProductImport]:
    """Open imports that no worker is working on: their message was lost, or their worker died."""
    now = timezone.now()
    late = Q(claimed_until=None, created_at__lt=now - CLAIM) | Q(claimed_until__lt=now)
    return ProductImport.objects.filter(late, status__in=ProductImport.OPEN)


def run_import(*, pk: int) -> bool:
    """Work the file off for a while; whether there is more to do. Does nothing if another worker is at it."""
    job = _claimed(pk)
    if job is None:
        return False
    with suppress(_Lost):
        try:
            with job.file.open() as file:
                source = _Source(file.file)
                return _work_off(job, source)
        except (BadFile, ShopSuspended, ShopNotApproved) as error:
            _refuse(job, str(error))
    return False


def _claimed(pk: int) -> ProductImport | None:
    """Claim the job for the next minute; None if it is not free."""
    now, claim = timezone.now(), uuid.uuid4()
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    mine = ProductImport.objects.filter(free, pk=pk, status__in=ProductImport.OPEN)
    if not mine.update(claim=claim, claimed_until=now + CLAIM, status=ImportStatus.RUNNING, attempts=F("attempts") + 1):
        return None
    job = ProductImport.objects.select_related("seller", "actor").get(pk=pk)
    if job.attempts > MAX_ATTEMPTS:
        log.error("Import %s got no further than row %s in %s attempts.", pk, job.row, MAX_ATTEMPTS)
        with suppress(_Lost):
            _refuse(job, f"Something goes wrong on our side after row {job.row}. What came before it was imported.")
        return None
    return job


def _work_off(job: ProductImport, source: _Source) -> bool:
    until = monotonic() + SLICE
    while _do_chunk(job, source):
        if monotonic() > until:
            ProductImport.objects.filter(pk=job.pk, claim=job.claim).update(claimed_until=None)
            return True
    return False


def _do_chunk(job: ProductImport, source: _Source) -> bool:
    """
    Write one chunk, in one transaction; answers whether there are more. Tries again if it collides with another change.
    """
    for attempt in range(TRIES):
        try:
            with transaction.atomic(durable=True):
                return _chunk(_ours(job), source)
        except (IntegrityError, OperationalError):
            if attempt == TRIES - 1:
                raise
            log.warning("Import %s: the chunk after row %s is tried again.", job.pk, job.row, exc_info=True)
    raise AssertionError


def _ours(job: ProductImport) -> ProductImport:
    """:raises _Lost:"""
    locked = ProductImport.objects.select_for_update(of=("self",), no_key=True).select_related("seller", "actor")
    found = locked.filter(pk=job.pk, claim=job.claim, status=ImportStatus.RUNNING).first()
    if found is None:
        raise _Lost
    return found


def _chunk(job: ProductImport, source: _Source) -> bool:
    if job.started_at is None:
        job.started_at, job.rows, job.offset = timezone.now(), source.survey.rows, source.layout.start
    hold_shop(job.seller_id, job.actor)
    groups = chunk_of(source.file, source.layout, start=job.offset, row=job.row, size=CHUNK)
    if groups:
        plan = _planned(job, groups, source.survey)
        if not job.is_dry_run:
            write(plan, job)
        _note(job, plan, groups[-1][-1])
    if not groups or job.done >= (job.rows or 0):
        _end(job, ImportStatus.DONE)
        return False
    job.claimed_until, job.attempts = timezone.now() + CLAIM, 0
    job.save()
    return True


def _planned(job: ProductImport, groups: Sequence[list[Line]], survey: Survey) -> Plan:
    categories = Categories()
    lines = [line for group in groups for line in group]
    if not job.is_dry_run:
        hold_categories(categories, _named(categories, lines))
    planner = Planner(seller=job.seller, shelves=shelves_of(job, lines), survey=survey, categories=categories)
    for group in groups:
        planner.take(group)
    return planner.finished()


def _named(categories: Categories, lines: Sequence[Line]) -> set[int]:
    found = set()
    for cell in {cell for line in lines for column, cell in line.cells.items() if column.field == "category_id"}:
        with suppress(BadCell):
            found.add(categories.find(cell))
    return found


def _note(job: ProductImport, plan: Plan, last: Line) -> None:
    for name in ("created", "updated", "unchanged", "failed"):
        setattr(job, name, getattr(job, name) + getattr(plan, name))
    job.offset, job.row = last.end, last.number
    for problem in plan.problems:
        problem.job = job
    ImportProblem.objects.bulk_create(plan.problems)


@transaction.atomic
def _refuse(job: ProductImport, reason: str) -> None:
    job = _ours(job)
    job.reason = reason[:300]
    _end(job, ImportStatus.REFUSED)


def _end(job: ProductImport, status: str) -> None:
    job.status, job.finished_at, job.claim, job.claimed_until = ImportStatus(status), timezone.now(), None, None
    job.save()
    if status != ImportStatus.CANCELLED:
        notify(
            user=job.seller.user,
            type=NotificationType.IMPORT_FINISHED,
            title=_title(job),
            body=job.reason or f"{job.name}: {_summary(job)}",
            url=job.get_absolute_url(),
        )


def _title(job: ProductImport) -> str:
    if job.status == ImportStatus.REFUSED:
        return "Your file could not be imported" if not job.done else "Your import stopped"
    return "Your file is checked" if job.is_dry_run else "Your products are imported"


def _summary(job: ProductImport) -> str:
    counts = {"new": job.created, "changed": job.updated, "unchanged": job.unchanged, "with errors": job.failed}
    return ", ".join(f"{group_indian(count)} {word}" for word, count in counts.items() if count or word == "new")


def delete_old_imports() -> None:
    """What sellers sent is not kept for ever: of an old job only its numbers stay."""
    until = timezone.now() - KEPT
    old = ProductImport.objects.filter(created_at__lt=until).exclude(status__in=ProductImport.OPEN).exclude(file="")
    for job in old.order_by("pk")[:1000]:
        job.file.delete(save=False)
        with transaction.atomic():
            job.problems.all().delete()
            ProductImport.objects.filter(pk=job.pk).update(file="")
    storage = private_storage()
    # Also those that no row knows, since a process died that had just stored them.
    storage.delete_all([file.name for file in storage.files_in(FOLDER) if file.modified_at < until])
