"""Files in a folder of this machine. `pymart.common.s3` keeps them on S3: it fails as this does and says as much."""

import logging
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import NamedTuple

from django.core.files import File
from django.core.files.storage import FileSystemStorage

from pymart.common.errors import Unavailable

log = logging.getLogger(__name__)


class StorageUnavailable(Unavailable):
    code = "storage_unavailable"
    message = "Pictures and files cannot be stored at the moment. Please try again in a minute."


class StoredFile(NamedTuple):
    name: str
    modified_at: datetime


@contextmanager
def failing_with(*errors: type[Exception]) -> Iterator[None]:
    """:raises StorageUnavailable: for any of these."""
    try:
        yield
    except errors as error:
        log.exception("The store failed.")
        raise StorageUnavailable from error


class LocalStorage(FileSystemStorage):
    def _save(self, name: str, content: File) -> str:
        with failing_with(OSError):  # no space, no right to write
            return super()._save(name, content)

    def files_in(self, folder: str, *, after: str = "") -> Iterator[StoredFile]:
        """The folder's files in the order of their names, those that come after this one."""
        try:
            names = sorted(f"{folder}/{entry.name}" for entry in os.scandir(self.path(folder)) if entry.is_file())
        except FileNotFoundError:
            return
        for name in names:
            if name > after:
                try:
                    changed = os.stat(self.path(name)).st_mtime
                except FileNotFoundError:  # deleted meanwhile
                    continue
                yield StoredFile(name, datetime.fromtimestamp(changed, UTC))

    def delete_all(self, names: Collection[str]) -> None:
        """Those that are not there do not matter."""
        for name in names:
            self.delete(name)
