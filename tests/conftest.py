"""
What every test stands on: real servers, a key space and a media folder of its own, and no way out to the network.

pytest loads this file before Django's settings are read, so the environment is set here, on import.
"""

import fcntl
import ipaddress
import itertools
import os
import re
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django
import environ
import pytest

from pymart import embedded

ROOT = Path(__file__).resolve().parent.parent
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
ENGINE = ("ELASTICSEARCH_URL", "ELASTICSEARCH_NODE_CLASS")
SERVERS = ("DATABASE_URL", "REDIS_URL", *ENGINE)


class _DotEnv(environ.Env):
    ENVIRON: dict[str, str] = {}  # where the base class puts what it reads


def _set_environment() -> None:
    """The machine says where its servers are, here or in `.env`; its other settings stay out of the tests."""
    _DotEnv.read_env(ROOT / ".env")
    for name in re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE):
        if name not in SERVERS:
            os.environ.pop(name, None)
        elif _DotEnv.ENVIRON.get(name):
            os.environ.setdefault(name, _DotEnv.ENVIRON[name])
    if WORKER == "main" or "TEST_FOLDER" not in os.environ:
        os.environ["TEST_FOLDER"] = str(_own_folder())
    for name in ENGINE:
        if name in os.environ:  # for the tests that are about it; to all others the shop has none
            os.environ[f"TEST_{name}"] = os.environ.pop(name)
    folder = Path(os.environ["TEST_FOLDER"])
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "pymart.settings",
        "ENV_FILE": os.devnull,
        "DEBUG": "1",
        "LOG_LEVEL": "WARNING",
        "SLOW_STATEMENT_SECONDS": "0",  # a busy machine is no news
        "REDIS_PREFIX": f"test-{WORKER}",
        "LOCAL_DIR": str(folder / "files" / WORKER),
        "DATABASE_POOL_SIZE": "0",  # a test's connection is its transaction
    }
    embedded.provide(folder, durable=False)


def _own_folder() -> Path:
    """Test runs that go on at the same time do not share servers: their databases have the same names."""
    for number in itertools.count(1):
        folder = embedded.LOCAL / "test" / str(number)
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder / "session.lock", os.O_CREAT | os.O_RDWR)  # held until this process ends
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
        else:
            return folder
    raise AssertionError


pytest_plugins = ["tests.chromium", "tests.http_server", "tests.s3", "tests.search_engine"]
_set_environment()
django.setup()
del os.environ["DJANGO_SETTINGS_MODULE"]  # else pytest-django, in an xdist worker, would read them before this file


def pytest_sessionfinish() -> None:
    shutil.rmtree(os.environ["LOCAL_DIR"], ignore_errors=True)
    _delete_keys()


@pytest.fixture(autouse=True)
def _empty_key_space() -> Iterator[None]:
    """The database rolls back after a test; Redis is emptied."""
    yield
    _delete_keys()


def _delete_keys() -> None:
    from pymart.common.redis import connection

    with connection() as client:
        if keys := list(client.scan_iter(f"{os.environ['REDIS_PREFIX']}:*", count=1000)):
            client.delete(*keys)


def _refuse_the_network() -> None:
    """A test that reaches beyond this machine and its servers fails, wherever the call came from."""
    servers = {urlsplit(os.environ.get(name, "")).hostname for name in (*SERVERS, "TEST_ELASTICSEARCH_URL")}
    addresses = {found[4][0] for host in filter(None, servers) for found in socket.getaddrinfo(host, None)}
    look_up, connect = socket.getaddrinfo, socket.socket.connect

    def local_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name not in {None, "", "localhost", *servers} and not re.fullmatch(r"[\d.]+|[\da-fA-F:.]+", name):
            raise RuntimeError(f"A test looked up {name}; only this machine may be reached.")
        return look_up(host, *args, **kwargs)

    def local_connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = "127.0.0.1" if address[0] in ("", "localhost") else address[0]
            if host not in addresses and not ipaddress.ip_address(host).is_loopback:
                self.close()
                raise RuntimeError(f"A test connected to {host}; only this machine may be reached.")
        connect(self, address)

    socket.getaddrinfo = local_look_up
    socket.socket.connect = local_connect  # type: ignore[method-assign, assignment]


_refuse_the_network()
