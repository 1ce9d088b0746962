"""
Files that no row knows: a process died after it stored them and before it committed, or after it committed that they
go and before they went. Whoever stores files in a folder has a task that calls `delete_orphans`.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import islice

from django.core.cache import cache
from django.core.files.storage import default_storage
from django.utils import timezone

from pymart.common.storage import StoredFile

log = logging.getLogger(__name__)

AGE = timedelta(days=1)  # a younger file may be of an upload that is under way
AT_ONCE = 1000  # names that the database is asked about
FILES = 100_000  # looked at in one run; the next goes on from there
SHARE, FEW = 0.2, 30  # where more than that share, and more than a few, have no row, rather the rows are missing
REMEMBERED = 7 * 86400  # seconds: how far the last run came


class TooManyOrphans(Exception):
    """Rather the database does not know what it should: nothing was deleted."""


def delete_orphans(folder: str, *, without_row: Callable[[Sequence[str]], Sequence[str]], force: bool = False) -> int:
    """
    Delete the old files of a folder that have no row; answers how many.

    :param without_row: picks them from some names.
    :param force: however many they are.
    :raises TooManyOrphans, StorageUnavailable:
    """
    place = f"orphans:{folder}"
    files = islice(default_storage.files_in(folder, after=cache.get(place) or ""), FILES)
    looked_at, orphans, last = 0, list[str](), ""
    for some in _in_parts(files):
        old = [file.name for file in some if file.modified_at < timezone.now() - AGE]
        orphans += without_row(old) if old else []
        looked_at, last = looked_at + len(some), some[-1].name
    if not force and len(orphans) > max(FEW, looked_at * SHARE):
        log.error("%d of %d files in %s have no row; none was deleted.", len(orphans), looked_at, folder)
        raise TooManyOrphans(f"{len(orphans)} of {looked_at} files in {folder}")
    if orphans:
        default_storage.delete_all(orphans)
        log.warning("Deleted %d files in %s that had no row, such as %s", len(orphans), folder, orphans[0])
    cache.set(place, last if looked_at == FILES else "", REMEMBERED)
    return len(orphans)


def _in_parts(files: Iterable[StoredFile]) -> Iterator[list[StoredFile]]:
    files = iter(files)
    while part := list(islice(files, AT_ONCE)):
        yield part
