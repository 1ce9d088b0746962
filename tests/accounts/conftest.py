import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from copy import deepcopy
from urllib.parse import urlencode

import pytest
from django.contrib.auth.hashers import BCryptSHA256PasswordHasher
from kombu import Connection
from websockets.sync.client import ClientConnection, connect

from accounts.tasks import send_email
from pymart import celery_app
from tests.resend_stub import Resend, resend_stub
from tests.web import WebServer, session_cookie, web_server


@pytest.fixture
def resend(settings) -> Iterator[Resend]:
    """Mails go to a stand-in for Resend."""
    with resend_stub() as stub:
        settings.EMAIL_BACKEND = "accounts.mailer.ResendBackend"
        settings.RESEND_API_KEY = "re_test_key"
        settings.RESEND_API_URL = stub.url
        yield stub


@pytest.fixture
def dead_broker(monkeypatch) -> None:
    """Celery's broker refuses connections."""
    options = celery_app.conf.broker_transport_options
    broker = Connection(f"redis://127.0.0.1:{closed_port()}/0", transport_options=options)
    monkeypatch.setattr(send_email, "delay", lambda *args: send_email.apply_async(args, connection=broker))


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class QuickBcrypt(BCryptSHA256PasswordHasher):
    """The real algorithm with the least work it allows."""

    rounds = 4


@pytest.fixture(autouse=True)
def _quick_hashing(settings):
    settings.PASSWORD_HASHERS = [f"{QuickBcrypt.__module__}.QuickBcrypt", *settings.PASSWORD_HASHERS]


@pytest.fixture(autouse=True)
def _own_limits(settings):
    """A test may change one of them in place."""
    settings.GUESSES = deepcopy(settings.GUESSES)


@pytest.fixture
def no_redis(settings):
    """Redis does not answer."""
    default = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {**settings.CACHES, "default": default}


@pytest.fixture(scope="session")
def _web(django_db_setup, django_db_blocker) -> Iterator[WebServer]:
    with django_db_blocker.unblock(), web_server() as server:
        yield server


@pytest.fixture
def web(_web: WebServer, transactional_db) -> WebServer:
    """The running shop; a test may stop and start it."""
    if _web.process is None:
        _web.start()
    return _web


@pytest.fixture
def dead_channel_layer(settings) -> Iterator[Callable[[str], None]]:
    """Where the channel layer looks for Redis, nobody answers: the port is closed, or silent."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        host = {"address": f"redis://127.0.0.1:{listener.getsockname()[1]}/0", "socket_timeout": 30}
        backend = settings.CHANNEL_LAYERS["default"]["BACKEND"]

        def die(how: str) -> None:
            if how == "hangs":
                listener.listen()
            settings.CHANNEL_LAYERS = {"default": {"BACKEND": backend, "CONFIG": {"hosts": [host]}}}

        yield die


@pytest.fixture
def open_tab(web) -> Iterator[Callable[..., ClientConnection]]:
    """Connects a browser's tab, or with `token` an app, which sends no Origin unless told to."""
    with ExitStack() as stack:

        def open_tab(user=None, *, after=None, cookie="", token=None, origin=None) -> ClientConnection:
            cookie = cookie or (session_cookie(user) if user else "")
            query = {name: value for name, value in {"token": token, "after": after}.items() if value is not None}
            return stack.enter_context(
                connect(
                    f"ws://127.0.0.1:{web.port}/ws?{urlencode(query)}".removesuffix("?"),
                    origin=origin or (web.url if token is None else None),
                    additional_headers={"Cookie": f"sessionid={cookie}"} if cookie else {},
                    close_timeout=1,
                )
            )

        yield open_tab
