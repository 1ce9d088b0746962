"""Files on S3, or on a server that speaks as it does."""

import logging
from collections.abc import Collection, Iterator
from typing import Any

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from storages.backends.s3 import S3Storage as AnyS3Storage
from storages.utils import clean_name

from pymart.common.storage import StorageUnavailable, StoredFile, failing_with

log = logging.getLogger(__name__)
ERRORS = (BotoCoreError, ClientError, Boto3Error)
# Whoever uploads waits ten seconds for a silent S3 to store, and ten for it to forget; not the minutes of the library.
CONNECT_SECONDS, ANSWER_SECONDS, ATTEMPTS = 2, 5, 2
AT_ONCE = 1000  # keys in one request to delete them


class S3Storage(AnyS3Storage):
    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        retries = {"total_max_attempts": ATTEMPTS, "mode": "standard"}
        self.client_config = self.client_config.merge(
            Config(connect_timeout=CONNECT_SECONDS, read_timeout=ANSWER_SECONDS, retries=retries)
        )
        self.transfer_config = TransferConfig(use_threads=False)  # our files go in one piece

    def _save(self, name: str, content: File) -> str:
        with failing_with(*ERRORS):
            return super()._save(name, content)  # type: ignore[no-any-return]

    def _open(self, name: str, mode: str = "rb") -> File:
        with failing_with(*ERRORS):
            return super()._open(name, mode)  # type: ignore[no-any-return]

    def exists(self, name: str) -> bool:
        with failing_with(*ERRORS):
            return super().exists(name)  # type: ignore[no-any-return]

    def delete(self, name: str) -> None:
        with failing_with(*ERRORS):
            super().delete(name)

    def files_in(self, folder: str, *, after: str = "") -> Iterator[StoredFile]:
        """The folder's files in the order of their names, those that come after this one; a thousand in a request."""
        key = self._key(f"{folder}/x")[:-1]
        start = {"StartAfter": self._key(after)} if after else {}
        with failing_with(*ERRORS):
            pages = self.connection.meta.client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self.bucket_name, Prefix=key, **start):
                for entry in page.get("Contents", ()):
                    yield StoredFile(f"{folder}/{entry['Key'].removeprefix(key)}", entry["LastModified"])

    def delete_all(self, names: Collection[str]) -> None:
        """Those that are not there do not matter."""
        keys = [{"Key": self._key(name)} for name in names]
        for start in range(0, len(keys), AT_ONCE):
            some = {"Objects": keys[start : start + AT_ONCE], "Quiet": True}
            with failing_with(*ERRORS):
                answer = self.connection.meta.client.delete_objects(Bucket=self.bucket_name, Delete=some)
            if failed := answer.get("Errors"):
                log.error("S3 did not delete %d files, such as %s", len(failed), failed[0])
                raise StorageUnavailable

    def _key(self, name: str) -> str:
        return self._normalize_name(clean_name(name))  # type: ignore[no-any-return]
