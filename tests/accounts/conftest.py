import socket
from collections.abc import Iterator

import pytest
from django.contrib.auth.hashers import BCryptSHA256PasswordHasher

from tests.resend_stub import Resend, resend_stub


@pytest.fixture
def resend(settings) -> Iterator[Resend]:
    """Mails go to a stand-in for Resend."""
    with resend_stub() as stub:
        settings.EMAIL_BACKEND = "accounts.mailer.ResendBackend"
        settings.RESEND_API_KEY = "re_test_key"
        settings.RESEND_API_URL = stub.url
        yield stub


@pytest.fixture
def dead_broker(monkeypatch) -> Iterator[None]:
    """Celery's broker refuses connections."""
    from pymart.celery import app

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    monkeypatch.setattr(app.conf, "broker_url", f"redis://127.0.0.1:{port}/0")
    app.pool.force_close_all()
    app.set_current()
    yield
    monkeypatch.undo()
    app.pool.force_close_all()


class QuickBcrypt(BCryptSHA256PasswordHasher):
    """The real algorithm with the least work it allows."""

    rounds = 4


@pytest.fixture(autouse=True)
def _quick_hashing(settings):
    settings.PASSWORD_HASHERS = [f"{QuickBcrypt.__module__}.QuickBcrypt", *settings.PASSWORD_HASHERS]


@pytest.fixture
def no_redis(settings):
    """Redis does not answer."""
    default = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {**settings.CACHES, "default": default}
