"""`manage.py run`: the whole of PyMart under one command."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from pymart.processes import Process

ROOT = Path(__file__).resolve().parents[2]
EVERYTHING = ["web", "worker", "beat", "postgres", "redis"]


@pytest.fixture
def alone(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As if no PyMart ran from this checkout; what the command does to its process is undone."""
    settings.LOCAL_DIR = tmp_path
    settings.DEBUG = True
    monkeypatch.setenv("SITE_URL", "")
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("alone")
def test_a_taken_port_is_one_clear_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        sentence = f"Port {port} is taken by another program: choose another one, as in `make run PORT={port + 1}`."
        with pytest.raises(CommandError, match=re.escape(sentence)):
            call_command("run")


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("port", ["0", "65536", "eight", "-1"])
def test_a_senseless_port_is_refused(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(CommandError, match="give a number from 1 to 65535"):
        call_command("run")


def test_production_is_not_started_this_way(alone: None, settings: Any) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError, match="for one machine"):
        call_command("run")


class Run:
    """`manage.py run` in a folder of its own, and what it said so far."""

    def __init__(self, folder: Path, port: int, number: int) -> None:
        self.folder = folder
        self.port = port
        self.output = folder.with_name(f"output-{number}.txt")
        environment = {name: value for name, value in os.environ.items() if not name.endswith(("_URL", "_PREFIX"))}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "run", "--no-seed"],
                cwd=ROOT,
                env=environment | {"LOCAL_DIR": str(folder), "PORT": str(port)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def said(self) -> str:
        return self.output.read_text()

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(90)

    def running(self) -> list[str]:
        return [name for name in EVERYTHING if Process(self.folder, name).is_running()]

    def pid(self, name: str) -> int:
        """0 in the moment before it is written."""
        file = self.folder / "run" / f"{name}.pid"
        return int(file.read_text() or 0) if file.exists() else 0

    def wait_until_ready(self) -> None:
        self.wait_for("PyMart is ready")

    def wait_for(self, words: str) -> None:
        until(lambda: words in self.said() or self.process.poll() is not None, self.said)
        assert words in self.said()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], Run]]:
    """Starts it, each time in the same folder and on the same port."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    runs: list[Run] = []

    def start() -> Run:
        runs.append(Run(tmp_path / "local", port, number=len(runs)))
        return runs[-1]

    yield start
    for run in runs:
        run.process.kill()
        run.process.wait()
    for name in EVERYTHING:
        Process(tmp_path / "local", name).stop()


def until(condition: Callable[[], object], said: Callable[[], str]) -> None:
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline, said()
        time.sleep(0.1)


def test_it_survives_being_killed_and_leaves_nothing_behind(start: Callable[[], Run]) -> None:
    first = start()
    first.wait_until_ready()
    assert f"http://127.0.0.1:{first.port}/" in first.said()
    assert first.running() == EVERYTHING
    connection = http.client.HTTPConnection("127.0.0.1", first.port, timeout=60)
    connection.request("GET", "/static/css/tokens.css")
    assert connection.getresponse().status == 200
    connection.close()
    first.wait_for("GET /static/css/tokens.css")  # requests are shown as they come

    second = start()
    assert second.process.wait(60) == 1
    assert f"PyMart is running from this folder already, at http://127.0.0.1:{first.port}" in second.said()

    first.end(signal.SIGKILL)
    assert first.running() == EVERYTHING
    heir = start()  # stops the orphans, or their port would be taken
    heir.wait_until_ready()
    assert heir.end(signal.SIGTERM) == 0
    assert heir.running() == []
    assert "Traceback" not in heir.said()


def test_a_dead_worker_is_replaced_but_without_the_web_server_all_stops(start: Callable[[], Run]) -> None:
    run = start()
    run.wait_until_ready()
    worker = run.pid("worker")
    os.kill(worker, signal.SIGKILL)
    run.wait_for("worker has stopped")
    until(lambda: "worker" in run.running() and run.pid("worker") not in (0, worker), run.said)

    os.kill(run.pid("web"), signal.SIGKILL)
    assert run.process.wait(90) == 1
    assert "web has stopped" in run.said()
    assert run.running() == []
