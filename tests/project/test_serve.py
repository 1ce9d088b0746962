"""`pymart.serve` ends a server without losing a request, and by force what would wait for ever."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from pymart import probe, serve
from pymart.common.api.errors import error_body
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
            if process.poll() is None:
                for child in psutil.Process(process.pid).children(recursive=True):
                    child.kill()
                process.kill()


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


def free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for free in sockets:
            free.bind(("127.0.0.1", 0))
        return [free.getsockname()[1] for free in sockets]


def test_a_server_says_that_it_leaves_goes_on_for_a_while_and_finishes_what_it_began(tmp_path):
    (tmp_path / "slow_application.py").write_text(SLOW_APPLICATION)
    [port] = free_ports(1)
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


@contextmanager
def proxy(folder: Path, *, web: list[int], ws: int) -> Iterator[int]:
    """Caddy with the file of production, without TLS; answers its port."""
    caddy = Path(sys.executable).with_name("caddy")
    if not caddy.exists():
        pytest.skip("caddy is not made for this kind of machine")
    port, admin = free_ports(2)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "ADMIN": f"localhost:{admin}",
        "ACME_EMAIL": "ops@shop.example",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "SITE_HOST": f"127.0.0.1:{port}",
        "WEB_SERVERS": " ".join(f"127.0.0.1:{number}" for number in web),
        "WS_SERVERS": f"127.0.0.1:{ws}",
    }
    command = [str(caddy), "run", "--config", str(ROOT / "deploy" / "Caddyfile"), "--adapter", "caddyfile"]
    with (folder / "caddy.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                ask(port, "/metrics")
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.kill()
        process.wait()


def test_a_release_behind_the_proxy_loses_no_request(tmp_path):
    *web, ws = free_ports(3)

    def start(port: int) -> Any:
        command = [word.replace("pymart.wsgi", "slow_application") for word in serve.command("web", str(port))]
        (tmp_path / str(port)).mkdir(exist_ok=True)
        (tmp_path / str(port) / "slow_application.py").write_text(SLOW_APPLICATION)
        return kept(tmp_path / str(port), *command, leaving_seconds=4, patience=20)

    answers: list[int] = []
    done = Event()

    def shop(port: int) -> None:
        while not done.is_set():
            with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as http:
                http.request("POST", "/?0.05", b"one piece")
                answers.append(http.getresponse().status)

    with ExitStack() as stack:
        first, second, _ = [stack.enter_context(start(port)) for port in (*web, ws)]
        for port in (*web, ws):
            wait_until_live(port)
        port = stack.enter_context(proxy(tmp_path, web=web, ws=ws))
        assert ask(port, "/ws") == (200, b"done")
        assert [ask(port, path)[0] for path in ("/metrics", "/live")] == [404, 404]
        shoppers = [Thread(target=shop, args=[port]) for _ in range(3)]
        for shopper in shoppers:
            shopper.start()
        for server, number in ((first, web[0]), (second, web[1])):
            server.send_signal(signal.SIGTERM)
            assert server.wait(40) == 0
            stack.enter_context(start(number))
            wait_until_live(number)
            time.sleep(1.5)  # as long as the proxy needs to hear of it; `release` waits for the health check
        done.set()
        for shopper in shoppers:
            shopper.join()

    assert len(answers) > 50
    assert set(answers) == {200}


class Dying(BaseHTTPRequestHandler):
    """Lives by its own words, and ends every request but that one half way."""

    def do_GET(self) -> None:
        if self.path == "/live":
            self.send_response(200)
            self.end_headers()

    do_POST = do_GET

    def log_message(self, *_: Any) -> None:
        pass


def test_a_request_whose_server_dies_is_told_what_to_do_in_the_shops_words(tmp_path):
    with ThreadingHTTPServer(("127.0.0.1", 0), Dying) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        with proxy(tmp_path, web=[server.server_port], ws=server.server_port) as port:
            page, told = (post(port, path) for path in ("/checkout/pay/", "/api/v1/orders/checkout"))
        server.shutdown()
    assert (page.status, page.headers["Retry-After"], page.headers["Cache-Control"]) == (502, "30", "no-store")
    assert "<h1>The shop does not answer at the moment</h1>" in page.body
    assert "look at your orders first" in page.body
    assert told.status == 502
    expected = error_body(code="service_unavailable", detail=json.loads(told.body)["errors"][0]["detail"], status=502)
    assert json.loads(told.body) == expected


def post(port: int, path: str) -> Any:
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as http:
        http.request("POST", path, b"one piece")
        answer = http.getresponse()
        return SimpleNamespace(status=answer.status, headers=answer.headers, body=answer.read().decode())


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
