from collections.abc import Iterable

from django.utils import timezone

from accounts import notify as live
from accounts.models import Notification, User
from pymart.common.db import after_commit


def notify(
    *,
    user: User,
    type: str,
    title: str,
    body: str = "",
    url: str = "",
    order_id: int | None = None,
    number: str = "",
) -> Notification:
    """Tell the user: a row in the caller's transaction, and once that is committed a push to whoever is looking."""
    [row] = notify_many(
        notifications=[
            Notification(user=user, type=type, title=title, body=body, url=url, order_id=order_id, number=number)
        ]
    )
    return row


def notify_many(*, notifications: Iterable[Notification]) -> list[Notification]:
    """`notify` for several people with one statement; the rows are not saved yet."""
    rows = list(notifications)
    for row in rows:  # a long product title must not fail an order
        row.title = _fitting(row.title, Notification.TITLE_LENGTH)
        row.body = _fitting(row.body, Notification.BODY_LENGTH)
    Notification.objects.bulk_create(rows)
    if rows:
        after_commit(live.announce, rows)
    return rows


def mark_read(*, user: User, ids: Iterable[int] | None = None) -> int:
    """Mark these notifications of the user read, or all; how many were unread."""
    unread = Notification.objects.filter(user=user, read_at=None)
    if ids is not None:
        unread = unread.filter(pk__in=list(ids))
    changed = unread.update(read_at=timezone.now())
    if changed:
        after_commit(live.announce_read, user.pk)
    return changed


def _fitting(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
