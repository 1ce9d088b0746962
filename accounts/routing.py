from functools import partial
from typing import Any
from urllib.parse import parse_qs

from channels.db import database_sync_to_async
from channels.security.websocket import AllowedHostsOriginValidator
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


class TokenUser:
    """
    ASGI middleware: with `?token=` the user is whoever that names, now and whenever it is asked again; without, the
    connection is `otherwise`'s if it brings a session, and nobody's if not.

    A token is shown on purpose, a cookie is sent by the browser whoever wrote the page. So a token may come from
    anywhere, without an Origin too, and with one, even a bad one, no cookie is looked at.
    """

    def __init__(self, application: Any, *, otherwise: Any) -> None:
        self.application = application
        self.otherwise = otherwise

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        if "token" not in query and settings.SESSION_COOKIE_NAME in scope["cookies"]:
            await self.otherwise(scope, receive, send)
            return
        token = query.get("token", [""])[0]
        authenticate = partial(database_sync_to_async(selectors.user_of_token), token)
        await self.application({**scope, "authenticate": authenticate}, receive, send)


_consumer = NotificationConsumer.as_asgi()
# Browsers let any page open a socket with the shop's cookies: there the Origin must be the shop.
_of_session = AllowedHostsOriginValidator(SessionUser(_consumer))

websocket_urlpatterns = [path("ws", CookieMiddleware(TokenUser(_consumer, otherwise=_of_session)))]
