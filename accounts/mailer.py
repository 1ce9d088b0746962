"""
Where mails go: to Resend, or to files on one machine. Both take the key of a mail from its header
`X-Idempotency-Key` and treat a second mail of the same key as the first.
"""

import hashlib
import re
from abc import abstractmethod
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import resend
from django.conf import settings
from django.core.mail import EmailAlternative, EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from resend.exceptions import ResendError

KEY_HEADER = "X-Idempotency-Key"
TIMEOUT = 5  # seconds
# Resend's answer to a key it has with other content: the first mail of that key was taken, and that is what counts.
TAKEN_BEFORE = "invalid_idempotent_request"
OUR_HEADERS = {KEY_HEADER.lower(), "date", "message-id", "from", "to", "reply-to"}


class MailError(Exception):
    """The mail was not taken; trying again later may help."""


class MailUnavailable(MailError):
    """The provider takes no mails at all at the moment."""


class _OneByOne(BaseEmailBackend):
    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        sent = 0
        for message in messages:
            if not message.recipients():
                continue
            try:
                self.send(message)
            except (MailError, OSError):
                if not self.fail_silently:
                    raise
            else:
                sent += 1
        return sent

    @abstractmethod
    def send(self, message: EmailMessage) -> None:
        """
        :raises MailError:
        """


class ResendBackend(_OneByOne):
    def send(self, message: EmailMessage) -> None:
        resend.api_key = settings.RESEND_API_KEY
        resend.api_url = settings.RESEND_API_URL
        resend.default_http_client = resend.RequestsClient(timeout=TIMEOUT)
        key = message.extra_headers.get(KEY_HEADER)
        options: resend.Emails.SendOptions = {"idempotency_key": key} if key else {}
        try:
            resend.Emails.send(self._parameters(message), options)
        except ResendError as error:
            if error.error_type == TAKEN_BEFORE:
                return
            code = int(error.code)
            kind = MailUnavailable if code >= 500 or code in (401, 403, 429) else MailError
            raise kind(f"{code} {error.error_type}: {error.message}") from error

    def _parameters(self, message: EmailMessage) -> resend.Emails.SendParams:
        if message.attachments:
            raise NotImplementedError("Mails with attachments are not sent by this shop.")
        fields: dict[str, Any] = {
            "from": message.from_email,
            "to": list(message.to),
            "cc": list(message.cc),
            "bcc": list(message.bcc),
            "reply_to": list(message.reply_to),
            "subject": message.subject,
            "text": message.body,
            "html": _html(message),
            "headers": {
                name: value for name, value in message.extra_headers.items() if name.lower() not in OUR_HEADERS
            },
        }
        return {name: value for name, value in fields.items() if value}  # type: ignore[return-value]


class FileBackend(_OneByOne):
    """One file per mail in `EMAIL_FILE_PATH`, named so that names sort by time and a key has one file."""

    def send(self, message: EmailMessage) -> None:
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        content = message.message()
        with NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as file:
            file.write(content.as_bytes())
        key = message.extra_headers.get(KEY_HEADER) or content["Message-ID"]
        Path(file.name).replace(folder / file_name(key, parsedate_to_datetime(content["Date"])))


def file_name(key: str, date: datetime) -> str:
    if timezone.is_naive(date):  # "-0000"
        date = date.replace(tzinfo=UTC)
    readable = re.sub(r"[^A-Za-z0-9]+", "-", key).strip("-")[:80]
    digest = hashlib.sha256(key.encode()).hexdigest()[:6]  # keys that differ in punctuation only
    return f"{timezone.localtime(date):%Y%m%d-%H%M%S}-{readable}-{digest}.eml"


def _html(message: EmailMessage) -> str:
    if not isinstance(message, EmailMultiAlternatives):
        return ""
    parts = [part for part in message.alternatives if isinstance(part, EmailAlternative)]
    return next((str(part.content) for part in parts if part.mimetype == "text/html"), "")
