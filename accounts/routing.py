from functools import partial
from typing import Any

from channels.db import database_sync_to_async
from channels.sessions import CookieMiddleware
from django.conf import settings
from django.urls import path

from accounts import selectors
from accounts.consumers import NotificationConsumer


class SessionUser:
    """ASGI middleware: the user is whoever the session cookie names, now and whenever it is asked again."""

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        key = scope["cookies"].get(settings.SESSION_COOKIE_NAME)
        authenticate = partial(database_sync_to_async(selectors.user_of_session), key)
        await self.application({**scope, "authenticate": authenticate}, receive, send)


websocket_urlpatterns = [path("ws", CookieMiddleware(SessionUser(NotificationConsumer.as_asgi())))]
