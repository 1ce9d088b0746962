"""`pymart.serve` ends a server without losing a request, and by force what would wait for ever."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread

import pytest

from pymart import probe, serve
from tests.web import ROOT

SLOW_APPLICATION = """
import os, time
def application(environ, start_response):
    if environ["PATH_INFO"] == "/live":
        status = "503 Leaving" if os.path.exists(os.environ["LEAVING_FILE"]) else "200 OK"
        start_response(status, [("Content-Length", "0")])
        return [b""]
    time.sleep(float(environ["QUERY_STRING"] or 0))
    start_response("200 OK", [("Content-Length", "4")])
    return [b"done"]
"""
KEEP = "import sys; from pathlib import Path; from pymart import serve; sys.exit(serve.keep(sys.argv[4:], \
leaving=Path(sys.argv[1]), leaving_seconds=float(sys.argv[2]), patience=float(sys.argv[3])))"


@contextmanager
def kept(folder: Path, *command: str, leaving_seconds: float, patience: float) -> Iterator[subprocess.Popen[bytes]]:
    arguments = [str(folder / "leaving"), str(leaving_seconds), str(patience), *command]
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{folder}"}
    with subprocess.Popen([sys.executable, "-c", KEEP, *arguments], cwd=ROOT, env=environment) as process:
        try:
            yield process
        finally:
            process.kill() if process.poll() is None else None


def ask(port: int, path: str) -> tuple[int, bytes]:
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as http:
        http.request("GET", path)
        answer = http.getresponse()
        return answer.status, answer.read()


def wait_until_live(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if ask(port, "/live")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("granian does not answer")


def test_a_server_says_that_it_leaves_goes_on_for_a_while_and_finishes_what_it_began(tmp_path):
    (tmp_path / "slow_application.py").write_text(SLOW_APPLICATION)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [word.replace("pymart.wsgi", "slow_application") for word in serve.command("web", str(port))]
    with kept(tmp_path, *command, leaving_seconds=1.5, patience=20) as server:
        wait_until_live(port)
        answers: list[tuple[int, bytes]] = []
        slow = Thread(target=lambda: answers.append(ask(port, "/?4")))
        slow.start()
        time.sleep(0.3)
        server.send_signal(signal.SIGTERM)
        time.sleep(0.4)

        assert ask(port, "/live")[0] == 503
        assert ask(port, "/") == (200, b"done")
        slow.join()
        assert answers == [(200, b"done")]
        assert server.wait(30) == 0
    assert not (tmp_path / "leaving").exists()


def test_what_does_not_end_when_it_is_told_to_is_ended(tmp_path):
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); open('up', 'w').close(); time.sleep(600)"
    command = [sys.executable, "-c", stubborn.replace("'up'", repr(str(tmp_path / "up")))]
    with kept(tmp_path, *command, leaving_seconds=0, patience=0.5) as server:
        while not (tmp_path / "up").exists():
            time.sleep(0.05)
        server.send_signal(signal.SIGTERM)
        assert server.wait(20) == 0


def test_a_server_that_dies_takes_its_exit_code_along(tmp_path):
    with kept(tmp_path, sys.executable, "-c", "raise SystemExit(3)", leaving_seconds=0, patience=1) as server:
        assert server.wait(20) == 3


def test_the_proxy_learns_of_a_server_that_is_about_to_stop(client, settings, tmp_path):
    assert client.get("/live").status_code == 200
    settings.LEAVING_FILE = str(tmp_path / "leaving")
    assert client.get("/live").status_code == 200
    (tmp_path / "leaving").touch()
    assert client.get("/live").status_code == 503


def test_beat_is_well_as_long_as_it_writes_its_schedule(tmp_path):
    schedule = tmp_path / "schedule"
    assert probe.beat(schedule)
    file = tmp_path / "schedule.dat"
    file.touch()
    assert not probe.beat(schedule)
    old = time.time() - 2 * probe.BEAT_SECONDS
    os.utime(file, (old, old))
    assert probe.beat(schedule)


@pytest.mark.parametrize("part", ["web", "ws", "worker", "beat"])
def test_each_part_has_a_command_and_a_probe(part):
    assert serve.command(part)[:2] == [sys.executable, "-m"]
    assert part in serve.PATIENCE
    assert part in probe.PARTS
