"""The shop's web server for a client that sends thousands of requests."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web import WebServer, web_server

# What keeps people from trying passwords would keep us from trying anything.
THROTTLES = [
    *("API_WRITES_PER_MINUTE", "LOGINS_PER_MINUTE", "REGISTRATIONS_PER_HOUR"),
    *("REVIEWS_PER_HOUR", "SEARCHES_PER_MINUTE"),
]
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "tests.fuzz.settings",
    "DATABASE_POOL_SIZE": "4",
    **dict.fromkeys(THROTTLES, "1000000"),
}
LOG = Path(os.environ["TEST_FOLDER"]) / "log" / f"fuzz-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}.log"


@pytest.fixture(scope="package")
def _server(django_db_setup, django_db_blocker) -> Iterator[WebServer]:
    with django_db_blocker.unblock(), web_server(log=LOG, **ENVIRONMENT) as server:
        yield server


@pytest.fixture
def server(_server: WebServer, transactional_db) -> str:
    """Its address."""
    return _server.url
