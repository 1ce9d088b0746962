"""The web server of production, over real sockets, on the database and the key space of the tests."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.test import Client

from accounts.models import User

START_SECONDS = 120  # on a machine that is busy with other tests
ROOT = Path(__file__).resolve().parent.parent


def environment(**more: str) -> dict[str, str]:
    """For another process on this test's database and key space."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    return os.environ | {"DATABASE_URL": database.geturl(), "DJANGO_SETTINGS_MODULE": "pymart.settings"} | more


@dataclass
class WebServer:
    port: int
    environment: dict[str, str] = field(default_factory=dict, repr=False)
    log: Path | None = None
    verbosity: int = 0  # of daphne; from 1 on it writes an access log
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [
            sys.executable,
            "-m",
            "daphne",
            "-v",
            str(self.verbosity),
            "-b",
            "127.0.0.1",
            "-p",
            str(self.port),
            "pymart.asgi:application",
        ]
        own_environment = environment(SITE_URL=self.url, **self.environment)
        with self.log.open("wb") if self.log else nullcontext() as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=own_environment, stdout=log, stderr=log)
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("daphne does not start")
            time.sleep(0.1)

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(timeout=5)
            except subprocess.TimeoutExpired:  # it waits for ever for a request that was under way
                self.process.kill()
                self.process.wait()
            self.process = None

    def _answers(self) -> bool:
        try:
            with closing(HTTPConnection("127.0.0.1", self.port, timeout=START_SECONDS)) as http:
                http.request("GET", "/robots.txt")
                return http.getresponse().status == 200
        except OSError:
            return False


@contextmanager
def web_server(*, log: Path | None = None, **environment: str) -> Iterator[WebServer]:
    """:param log: where its words go instead of among ours."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        server = WebServer(probe.getsockname()[1], environment, log)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def session_cookie(user: User) -> str:
    """The value of a session cookie with which the user is logged in."""
    client = Client()
    client.force_login(user)
    cookies: SimpleCookie = client.cookies
    return cookies[settings.SESSION_COOKIE_NAME].value
