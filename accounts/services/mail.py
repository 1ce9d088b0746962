import logging
from typing import Any

from django.db import transaction
from django.utils import timezone
from kombu.exceptions import KombuError

from accounts.emails import require_composer
from accounts.models import OutboundEmail, User
from accounts.services.locks import lock_account
from accounts.tasks import send_email
from pymart.common.db import after_commit

log = logging.getLogger(__name__)


def queue_email(*, kind: str, key: str, user: User, params: dict[str, Any] | None = None) -> OutboundEmail:
    """
    Owe the user a mail: a row in the caller's transaction, sent soon after that commits. The same key is owed once.

    :raises LookupError: when no composer writes mails of that kind.
    """
    require_composer(kind)
    row, is_new = OutboundEmail.objects.get_or_create(
        key=key, defaults={"kind": kind, "user": user, "params": params or {}}
    )
    if is_new:
        after_commit(_nudge, row)
    return row


@transaction.atomic
def send_again(*, email: OutboundEmail) -> OutboundEmail:
    """
    Send a mail that was sent already once more, as a new mail; try one that waits, or was given up, at once.

    :raises AccountErased:
    """
    lock_account(email.user_id)  # before the mail, as an erasure does
    row = OutboundEmail.objects.select_for_update(of=("self",)).select_related("user").get(pk=email.pk)
    if row.sent_at:
        again = f"{row.key[:100]}:again:{timezone.now():%Y%m%d%H%M%S}"
        return queue_email(kind=row.kind, key=again, user=row.user, params=row.params)
    if row.first_tried_at and row.first_tried_at <= timezone.now() - OutboundEmail.KEY_LIFE:
        row.first_tried_at, row.attempts = None, 0
    row.not_before = timezone.now()
    row.save(update_fields=["first_tried_at", "attempts", "not_before"])
    after_commit(_nudge, row)
    return row


def _nudge(row: OutboundEmail) -> None:
    try:
        send_email.delay(row.pk)
    except (KombuError, OSError) as error:
        log.warning("Nobody was told to send mail %s at once: %r. The sweeper will.", row.key, error)
