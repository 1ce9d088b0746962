"""
Mails leave here, each once: a lease keeps two workers apart, and the key keeps the provider from sending again what
a worker sent before it died without a note of it.
"""

import logging
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from celery import shared_task
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

from accounts.emails import compose
from accounts.mailer import MailUnavailable
from accounts.models import OutboundEmail, User
from accounts.selectors import waiting_emails
from accounts.sessions import SessionStore
from pymart.common.orphans import delete_orphans

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
TIME_LIMIT = 100  # seconds: whoever holds a lease is gone before it ends
RETRY_SECONDS = 60
SWEEP_SECONDS = 25
AT_ONCE = 5000  # rows of one statement


class NotSent(Exception):
    """The row says why; `retry_in` seconds from now it is due again."""

    def __init__(self, retry_in: float) -> None:
        self.retry_in = retry_in
        super().__init__(f"to be tried again in {retry_in:.0f} s")


@shared_task(bind=True, max_retries=3, default_retry_delay=RETRY_SECONDS, time_limit=TIME_LIMIT)
def send_email(self: Any, pk: int) -> None:
    """Send a mail that is owed; after the last retry `send_waiting_emails` goes on, at growing distance."""
    try:
        _send(pk)
    except NotSent as error:
        if self.request.retries < self.max_retries:
            raise self.retry(exc=error, countdown=error.retry_in) from error


@shared_task(time_limit=SWEEP_SECONDS + TIME_LIMIT)
def send_waiting_emails() -> None:
    """Send what is due: mails whose message a dead broker lost, or that failed before."""
    deadline = monotonic() + SWEEP_SECONDS
    for pk in _due().order_by("not_before").values_list("pk", flat=True)[:1000]:
        if monotonic() > deadline:
            break
        try:
            _send(pk)
        except NotSent as error:
            if isinstance(error.__cause__, MailUnavailable):
                break


@shared_task
def delete_old_sessions() -> None:
    SessionStore.clear_expired()


@shared_task
def delete_old_tokens() -> None:
    """Delete the rows of expired refresh tokens, which are refused by the time in them anyway."""
    expired = OutstandingToken.objects.filter(expires_at__lte=timezone.now()).order_by().values("pk")
    while OutstandingToken.objects.filter(pk__in=expired[:AT_ONCE]).delete()[0]:
        pass


def _due() -> QuerySet[OutboundEmail]:
    return OutboundEmail.objects.filter(waiting_emails(), not_before__lte=timezone.now())


def _send(pk: int) -> None:
    """
    Send the mail unless that is done, not due, or in somebody else's hands.

    :raises NotSent:
    """
    if not _lease(pk):
        return
    row = OutboundEmail.objects.select_related("user").get(pk=pk)
    if row.user.is_erased:
        row.delete()
        return
    try:
        compose(row).send()
    except Exception as error:  # whatever it was, the row must say so and come back
        retry_in = _delay(row.attempts)
        OutboundEmail.objects.filter(pk=pk, sent_at=None).update(
            not_before=timezone.now() + timedelta(seconds=retry_in),
            last_error=f"{type(error).__name__}: {error}"[:2000],
        )
        log.warning("Mail %s, attempt %d: %r", row.key, row.attempts, error)
        raise NotSent(retry_in) from error
    _note_sent(pk)


def _lease(pk: int) -> bool:
    now: datetime = timezone.now()
    return bool(
        _due()
        .filter(pk=pk)
        .update(not_before=now + LEASE, attempts=F("attempts") + 1, first_tried_at=Coalesce("first_tried_at", now))
    )


def _note_sent(pk: int) -> None:
    OutboundEmail.objects.filter(pk=pk, sent_at=None).update(sent_at=timezone.now(), last_error="")


def _delay(attempts: int) -> float:
    """Seconds until the next attempt: 1, 2, 4 … minutes, a little apart so that not all come back at once."""
    return RETRY_SECONDS * 2 ** (attempts - 1) * random.uniform(1, 1.2)  # noqa: S311 - no secret


@shared_task(time_limit=1800)
def delete_orphaned_avatars(*, force: bool = False) -> int:
    return delete_orphans("avatars", without_row=_avatars_of_nobody, force=force)


def _avatars_of_nobody(names: Sequence[str]) -> list[str]:
    known = set(User.objects.filter(avatar__in=names).values_list("avatar", flat=True))
    return [name for name in names if name not in known]
