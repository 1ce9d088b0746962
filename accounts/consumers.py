"""Live notifications at `/ws`: what `api.md` calls frames, and nothing else unless the client asks with `ping`."""

import asyncio
import json
from collections import deque
from typing import Any
from urllib.parse import parse_qs

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from accounts import selectors
from accounts.models import User
from accounts.notify import Message, frame, group_of
from pymart.common.db import LARGEST_ID

MALFORMED = 4400
NOT_LOGGED_IN = 4401
NOT_ACTIVE = 4403
PING = "ping"
PING_SECONDS = 1  # pings that come faster are not answered
REMEMBERED = 200  # ids; more than a replay can bring


class NotificationConsumer(AsyncWebsocketConsumer):
    """
    Expects `scope["authenticate"]`: an async callable that tells whose connection it is, asked again at every message
    so that a log-out, the end of a token or a closed account ends it.
    """

    is_closing = False
    pinged_at: float | None = None

    async def connect(self) -> None:
        user = await self.scope["authenticate"]()
        if user is None or not user.is_active:
            await self.accept()  # a browser learns the code only of a connection that was accepted
            await self._refuse(user)
            return
        try:
            after = _after(self.scope)
        except ValueError:
            await self.accept()
            self.is_closing = True
            await self.close(code=MALFORMED)
            return
        self.user_id = user.pk
        self.sent: deque[int] = deque(maxlen=REMEMBERED)
        self.groups = [group_of(user.pk)]  # the base class leaves them
        await self.channel_layer.group_add(self.groups[0], self.channel_name)
        # From here on rows are pushed; so none falls between what the client has, or is replayed, and the pushes.
        self.floor = await database_sync_to_async(selectors.newest_notification_id)(user) if after is None else after
        await self.accept()
        await self._catch_up()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """A ping is answered with the number on the bell, after what Redis may have lost while it was away."""
        now = asyncio.get_running_loop().time()
        is_early = self.pinged_at is not None and now - self.pinged_at < PING_SECONDS
        if text_data == PING and not is_early and await self._still_welcome():
            self.pinged_at = now
            await self._catch_up()
            await self._send_pong()

    async def notification_written(self, event: Message) -> None:
        if await self._still_welcome():
            await self._send_frame(event["frame"])

    async def notifications_read(self, event: Message) -> None:
        if self.pinged_at is not None and await self._still_welcome():
            await self._send_pong()

    async def sign_ins_ended(self, event: Message) -> None:
        await self._still_welcome()

    async def _still_welcome(self) -> bool:
        if self.is_closing:
            return False
        user = await self.scope["authenticate"]()
        if user is not None and user.is_active:
            return True
        await self._refuse(user)
        return False

    async def _refuse(self, user: User | None) -> None:
        self.is_closing = True
        await self.close(code=NOT_LOGGED_IN if user is None else NOT_ACTIVE)

    async def _catch_up(self) -> None:
        for row in await database_sync_to_async(selectors.notifications_after)(self.user_id, self.floor):
            await self._send_frame(frame(row))

    async def _send_frame(self, content: Message) -> None:
        if content["id"] not in self.sent:
            self.sent.append(content["id"])
            await self.send(json.dumps(content, ensure_ascii=False))

    async def _send_pong(self) -> None:
        count = await database_sync_to_async(selectors.unread_count)(self.user_id)
        await self.send(json.dumps({"type": "pong", "unread_count": count}))


def _after(scope: dict[str, Any]) -> int | None:
    """
    The id in `?after=`; an empty one is none.

    :raises ValueError: for what is no id.
    """
    value = parse_qs(scope["query_string"].decode("latin-1")).get("after", [""])[0]
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 20 and int(value) <= LARGEST_ID):
        raise ValueError
    return int(value)
