"""
The whole project behind real HTTP, inside the test's own transaction.

`live_server` commits, so every test with it empties all tables afterwards. This server's threads borrow the test's
connection instead: what the test writes they see, what they write is rolled back with it. It is for one request at a
time; tests with concurrent requests (a browser, races) use `live_server`.
"""

import threading
from collections.abc import Iterator

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core import signals
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import close_old_connections, connections
from django.test.testcases import LiveServerThread


class _Server(ThreadedWSGIServer):
    def _close_connections(self) -> None:
        """They belong to the test."""


class _Running:
    """Counts the requests that the server's threads are at."""

    def __init__(self) -> None:
        self.count = 0
        self.changed = threading.Condition()

    def started(self, **_signal: object) -> None:
        self._add(1)

    def finished(self, **_signal: object) -> None:
        self._add(-1)

    def wait_for_none(self) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: self.count == 0, timeout=30)

    def _add(self, number: int) -> None:
        if threading.current_thread() is threading.main_thread():  # Django's test client
            return
        with self.changed:
            self.count += number
            self.changed.notify_all()


class _Thread(LiveServerThread):
    server_class = _Server


@pytest.fixture(scope="session")
def _server_thread(django_db_setup) -> Iterator[LiveServerThread]:
    shared = {connection.alias: connection for connection in connections.all()}
    for connection in shared.values():
        connection.inc_thread_sharing()
    thread = _Thread("127.0.0.1", StaticFilesHandler, connections_override=shared)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield thread
    thread.terminate()
    for connection in shared.values():
        connection.dec_thread_sharing()


@pytest.fixture
def http_server(_server_thread: LiveServerThread, db) -> Iterator[str]:
    """The server's address, such as http://127.0.0.1:41234."""
    running = _Running()
    signals.request_started.disconnect(close_old_connections)
    signals.request_finished.disconnect(close_old_connections)
    signals.request_started.connect(running.started)
    signals.request_finished.connect(running.finished)
    yield f"http://{_server_thread.host}:{_server_thread.port}"
    running.wait_for_none()  # a request whose client has given up may still need the connection
    signals.request_started.disconnect(running.started)
    signals.request_finished.disconnect(running.finished)
    signals.request_started.connect(close_old_connections)
    signals.request_finished.connect(close_old_connections)
