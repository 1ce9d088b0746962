"""The whole shop for a browser: daphne and a Celery worker on the test's database and key space."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.web import ROOT, WebServer, environment, web_server


@pytest.fixture(scope="package")  # its worker must not work off what other tests leave in Redis
def _shop(django_db_setup, django_db_blocker) -> Iterator[WebServer]:
    with django_db_blocker.unblock(), web_server(STAFF_SECOND_FACTOR="1") as server:
        command = [sys.executable, "-m", "celery", "-A", "pymart", "worker", "--pool=threads", "--concurrency=2"]
        worker = subprocess.Popen([*command, "--loglevel=WARNING"], cwd=ROOT, env=environment(SITE_URL=server.url))
        try:
            yield server
        finally:
            worker.kill()  # nothing of it outlives the tests
            worker.wait()


@pytest.fixture
def shop(_shop: WebServer, transactional_db) -> str:
    """The shop's address."""
    return _shop.url
