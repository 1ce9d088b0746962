"""
The echo of notifications over the channel layer. The rows are the truth: who misses an echo catches up from them.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.utils import timezone
from redis import RedisError

from accounts.models import Notification

log = logging.getLogger(__name__)
PATIENCE = 1  # seconds that a request waits for a Redis that does not answer
Message = dict[str, Any]


def group_of(user_id: int) -> str:
    """The channel group of all the user's open tabs and phones."""
    return f"user.{user_id}"


def frame(notification: Notification) -> Message:
    """What a client of `/ws` gets."""
    return {
        "id": notification.pk,
        "type": notification.type,
        "order_id": notification.order_id,
        "number": notification.number,
        "title": notification.title,
        "body": notification.body,
        "url": notification.url,
        "created_at": timezone.localtime(notification.created_at).isoformat(),
    }


def announce(notifications: Sequence[Notification]) -> None:
    _send([(row.user_id, {"type": "notification.written", "frame": frame(row)}) for row in notifications])


def announce_read(user_id: int) -> None:
    """The user's other tabs and phones have fewer unread ones now."""
    _send([(user_id, {"type": "notifications.read"})])


def announce_sign_out(user_id: int) -> None:
    """Have the user's open connections check whether they are still logged in."""
    _send([(user_id, {"type": "sign_ins.ended"})])


def _send(messages: list[tuple[int, Message]]) -> None:
    try:
        async_to_sync(_send_all)(messages)
    except (RedisError, OSError) as error:  # OSError: also of the time that is up
        log.warning("Redis did not take %d live messages: %r", len(messages), error)


async def _send_all(messages: list[tuple[int, Message]]) -> None:
    layer = get_channel_layer()
    async with asyncio.timeout(PATIENCE):
        for user_id, message in messages:
            await layer.group_send(group_of(user_id), message)
