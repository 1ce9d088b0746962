"""
Parts of the shop die one after the other while people shop: `make drill`, with ARGS="--rate 8 --only redis".

Starts PostgreSQL and Redis in .local/drill and, as in production (`pymart.serve` behind Caddy with its file, DEBUG=0),
two web servers, worker and beat, each started again when it dies as Compose does it. Prints for every part what
shoppers saw, what /health said, after how many seconds all was well again, which alerts a Prometheus noticed (where one
is installed) and whether the books agree.
"""

import argparse
import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from io import StringIO
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from shoppers import Shoppers

from bench import mixed
from bench.stack import PYTHON, ROOT, Stack
from pymart import embedded

FOLDER = ROOT / ".local" / "drill"
PROXY, WEB_A, WEB_B, WS, ADMIN, MAIL, PROMETHEUS = range(18_410, 18_417)
RESTART_SECONDS = 1  # until a part that died is started again
OUTAGE_SECONDS = 20
PATIENCE = 180
CALM_SECONDS = 8  # without a failure, before and after
CONFIG = """
global: {{scrape_interval: 5s, scrape_timeout: 5s, evaluation_interval: 1s}}
rule_files: [{rules}]
scrape_configs:
  - job_name: pymart
    static_configs: [{{targets: ["127.0.0.1:{a}", "127.0.0.1:{b}"]}}]
"""


@dataclass
class Answer:
    at: float
    seconds: float
    what: str
    status: int  # 0: none came
    words: str  # of a refusal


class Witnesses(Shoppers):
    """Shoppers who remember what they were told."""

    def __init__(self, people: dict[str, Any], products: int) -> None:
        super().__init__(PROXY, people, products)
        self.seen: list[Answer] = []
        self.have_gone = False

    async def visit(self, due: float) -> None:
        if not self.have_gone:
            await super().visit(due)

    async def exchange(self, raw: bytes) -> tuple[int, bytes, bytes]:
        started, what = time.time(), " ".join(raw.decode().split(" ", 2)[:2])
        try:
            status, head, body = await super().exchange(raw)
        except (OSError, EOFError) as error:
            self.seen.append(Answer(started, time.time() - started, what, 0, type(error).__name__))
            raise
        words = said(body.decode()) if status >= 400 else ""
        self.seen.append(Answer(started, time.time() - started, what, status, words))
        return status, head, body


def said(body: str) -> str:
    """The heading of a page, or what the API tells people."""
    if "Traceback" in body or ".py" in body:
        return f"A STACK TRACE: {body[:300]}"
    with suppress(ValueError, KeyError, TypeError, IndexError):
        return str(json.loads(body)["errors"][0]["detail"])
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", body, re.DOTALL)
    return re.sub(r"<[^>]+>|\s+", " ", heading[1]).strip() if heading else body[:80] or "nothing at all"


@dataclass
class Part:
    """A program that is started again when it dies."""

    name: str
    command: list[str]
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    is_wanted: bool = True
    starts: int = 0

    def start(self) -> None:
        with (FOLDER / "log" / f"{self.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=os.environ | self.environment, stdout=log, stderr=log
            )
        self.starts += 1

    def keep(self, done: Event) -> None:
        while not done.is_set():
            if self.is_wanted and self.process and self.process.poll() is not None:
                time.sleep(RESTART_SECONDS)
                self.start()
            done.wait(0.1)

    def family(self) -> list[psutil.Process]:
        assert self.process
        with suppress(psutil.NoSuchProcess):
            root = psutil.Process(self.process.pid)
            return [root, *root.children(recursive=True)]
        return []

    def kill(self) -> None:
        """As when its machine or container goes: all of it, at once."""
        for process in self.family():
            with suppress(psutil.NoSuchProcess):
                process.kill()

    def stop(self) -> None:
        self.is_wanted = False
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(90)
            except subprocess.TimeoutExpired:
                self.kill()


@dataclass
class Health:
    """What /health says at the proxy, twice a second."""

    said: list[tuple[float, str]] = field(default_factory=list)

    def watch(self, done: Event) -> None:
        while not done.is_set():
            self.said.append((time.time(), ask_health()))
            done.wait(0.5)

    def since(self, start: float) -> str:
        """Its changes, with the seconds since then."""
        told, last = [], ""
        for at, what in self.said:
            if at >= start and what != last:
                told.append(f"{at - start:.0f} s: {what}")
                last = what
        return "; ".join(told)


def ask_health(port: int = PROXY) -> str:
    http = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        http.request("GET", "/health")
        answer = http.getresponse()
        told = json.loads(answer.read())
    except (OSError, HTTPException, ValueError) as error:
        return type(error).__name__
    finally:
        http.close()
    away = [name for name, state in told.items() if name != "status" and state != "ok"]
    return " ".join([str(answer.status), told["status"], *(f"({name} {told[name]})" for name in away)])


class Drill:
    def __init__(self, parts: dict[str, Part], witnesses: Witnesses, health: Health) -> None:
        self.parts, self.witnesses, self.health = parts, witnesses, health
        self.servers: dict[str, embedded.Server] = {
            "redis": embedded.Redis(FOLDER), "postgres": embedded.Postgres(FOLDER),
        }  # fmt: skip

    def scenes(self) -> dict[str, Callable[[], None]]:
        return {
            "web process killed": lambda: self.parts["web-a"].family()[-1].kill(),
            "web server killed": self.parts["web-a"].kill,
            "web servers restarted in turn": self.release,
            "worker killed": self.parts["worker"].kill,
            "worker restarted": lambda: self.restart("worker"),
            "beat killed": self.parts["beat"].kill,
            "redis stopped": lambda: self.outage("redis"),
            "postgres stopped": lambda: self.outage("postgres"),
            "postgres killed": self.kill_postgres,
        }

    def release(self) -> None:
        for name, port in (("web-a", WEB_A), ("web-b", WEB_B)):
            self.restart(name)
            wait_until(lambda port=port: ask_health(port).startswith("200"))
            time.sleep(2)  # as long as the proxy needs to hear of it; `release` waits for the health check

    def restart(self, name: str) -> None:
        part = self.parts[name]
        before = part.starts
        part.process.terminate()  # type: ignore[union-attr]
        wait_until(lambda: part.starts > before)

    def outage(self, name: str) -> None:
        self.servers[name].stop()
        time.sleep(OUTAGE_SECONDS)
        self.start_server(name)

    def kill_postgres(self) -> None:
        os.kill(int((FOLDER / "run" / "postgres.pid").read_text()), signal.SIGKILL)
        wait_until(lambda: not self.servers["postgres"].is_running())
        self.start_server("postgres")

    def start_server(self, name: str) -> None:
        """On the port that it had."""
        self.servers[name].prepare()
        self.servers[name].start()
        wait_until(self.servers[name].answers)

    def play(self, name: str, scene: Callable[[], None]) -> None:
        start = time.time()
        scene()
        over = time.time()
        wait_until(lambda: ask_health().startswith("200"))
        healthy = time.time()
        wait_until(lambda: heartbeat() > over)
        working = time.time()
        wait_until(lambda: not self.failures(time.time() - CALM_SECONDS), CALM_SECONDS)
        time.sleep(max(0, over + CALM_SECONDS - time.time()))
        failed = self.failures(start)
        kinds = Counter(f"{answer.status or 'no answer'} “{answer.words}”" for answer in failed)
        seen = [answer for answer in self.witnesses.seen if answer.at + answer.seconds >= start]
        slowest = max((answer.seconds for answer in seen), default=0)
        last = max((answer.at + answer.seconds for answer in failed), default=0) - over
        print(f"\n## {name}\n{over - start:.0f} s, {len(seen)} answers, the slowest after {slowest:.1f} s")
        print(f"refused: {len(failed)}" + (f", the last {last:+.1f} s after the end" if failed else ""))
        for kind, count in kinds.most_common():
            print(f"  {count} × {kind}, such as {next(a.what for a in failed if kind.endswith(f'“{a.words}”'))}")
        print(f"/health: {self.health.since(start - 1)}")
        print(f"well for shoppers after {healthy - over:.1f} s, in the background after {working - over:.1f} s")
        if told := alerts(start):
            print(f"alerts: {told}")
        print(f"books: {books()}", flush=True)

    def failures(self, since: float) -> list[Answer]:
        return [a for a in self.witnesses.seen if a.at + a.seconds >= since and (a.status >= 500 or not a.status)]


def heartbeat() -> float:
    from pymart.common import counters
    from pymart.common.errors import Unavailable

    try:
        return counters.read().get(("heartbeat", ""), 0)
    except Unavailable:
        return 0


def books() -> str:
    from django.core.management import CommandError, call_command
    from django.db import DatabaseError, connection

    for _ in range(5):
        try:
            call_command("check_books", stdout=(told := StringIO()))
        except CommandError:
            return f"DRIFT: {told.getvalue()}"
        except DatabaseError:  # our own connection died as well
            connection.close()
        else:
            return told.getvalue().splitlines()[-1]
    return "cannot be read"


def alerts(since: float) -> str:
    """What Prometheus held against the shop meanwhile, and for how many seconds."""
    query = urlencode({"query": "ALERTS", "start": since, "end": time.time(), "step": 1})
    try:
        with urlopen(f"http://127.0.0.1:{PROMETHEUS}/api/v1/query_range?{query}", timeout=5) as answer:
            found = json.load(answer)["data"]["result"]
    except OSError:
        return ""
    seconds: Counter[str] = Counter()
    for series in found:
        name = f"{series['metric']['alertname']} {series['metric']['alertstate']}"
        seconds[name] = max(seconds[name], len(series["values"]))
    return ", ".join(f"{name} {count} s" for name, count in seconds.items()) or "none"


def wait_until(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.2)


def commands(env: dict[str, str]) -> Iterator[Part]:
    serve = [str(PYTHON), "-m", "pymart.serve"]
    yield Part("mail", [str(PYTHON), "bench/gateway.py", str(MAIL), "mail"], {})
    for name, port in (("web-a", WEB_A), ("web-b", WEB_B)):
        yield Part(name, [*serve, "web"], {**env, "PORT": str(port), "LEAVING_SECONDS": "4"})
    yield Part("worker", [*serve, "worker"], env)
    yield Part("beat", [*serve, "beat"], env)
    caddy = {
        "ADMIN": f"localhost:{ADMIN}", "ACME_EMAIL": "ops@shop.example",
        "SITE_URL": env["SITE_URL"], "SITE_HOST": "127.0.0.1",
        "WEB_SERVERS": f"127.0.0.1:{WEB_A} 127.0.0.1:{WEB_B}", "WS_SERVERS": f"127.0.0.1:{WS}",
    }  # fmt: skip
    command = [str(PYTHON.with_name("caddy")), "run", "--config", "deploy/Caddyfile", "--adapter", "caddyfile"]
    yield Part("proxy", command, caddy)
    if program := shutil.which("prometheus"):
        config = FOLDER / "prometheus.yml"
        config.write_text(CONFIG.format(rules=ROOT / "deploy" / "prometheus" / "alerts.yml", a=WEB_A, b=WEB_B))
        data = tempfile.mkdtemp(dir=FOLDER)
        listen = [f"--web.listen-address=127.0.0.1:{PROMETHEUS}", f"--storage.tsdb.path={data}"]
        yield Part("prometheus", [program, f"--config.file={config}", *listen], {})


@contextmanager
def in_background(*jobs: Callable[[Event], None]) -> Iterator[None]:
    done = Event()
    threads = [Thread(target=job, args=[done], daemon=True) for job in jobs]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        done.set()
        for thread in threads:
            thread.join(30)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=8, help="requests a second, of all kinds together")
    parser.add_argument("--only", default="", help="scenes with this in their name")
    options = parser.parse_args()
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    embedded.provide(FOLDER)
    stack = Stack(os.environ["DATABASE_URL"], os.environ["REDIS_URL"], products=2_000, users=400)
    with tempfile.TemporaryDirectory() as temporary, ExitStack() as until_end:
        site = {"SITE_URL": f"http://127.0.0.1:{PROXY}", "RESEND_API_URL": f"http://127.0.0.1:{MAIL}"}
        env = stack.env = mixed.environment(stack, temporary) | site | {"REDIS_PREFIX": "drill"}
        os.environ.update(env)
        stack.prepare()
        subprocess.run([PYTHON, "manage.py", "collectstatic", "--noinput", "-v", "0"], cwd=ROOT, check=True)
        import django

        django.setup()
        witnesses, health = Witnesses(mixed.people(stack), stack.products), Health()
        parts = {part.name: part for part in commands(env)}
        for part in parts.values():
            part.start()
            until_end.callback(part.stop)
        wait_until(lambda: ask_health().startswith("200"))
        wait_until(lambda: heartbeat() > time.time() - 60)
        drill = Drill(parts, witnesses, health)
        shopping = Thread(target=lambda: asyncio.run(witnesses.all_visits(options.rate, 86_400)), daemon=True)
        shopping.start()
        with in_background(health.watch, *(part.keep for part in parts.values())):
            time.sleep(CALM_SECONDS)
            for name, scene in drill.scenes().items():
                if options.only in name:
                    drill.play(name, scene)
            witnesses.have_gone = True
            print("\n## In the end", flush=True)
            is_well = mixed.check()
    sys.exit(not is_well)


if __name__ == "__main__":
    main()
