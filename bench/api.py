"""
How fast the API is: `make bench-api`, with ARGS="--only list,detail --seconds 3".

Starts PostgreSQL and Redis in .local/bench and granian as in production, which has a processor alone; fills the
database (`fill.py`), and prints for each endpoint: requests a second with 32 connections, the processor time of
application, PostgreSQL and Redis for one request, how long answers take at a fixed modest rate, and how many SQL
statements a request takes.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from typing import Any

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.stack import PYTHON, ROOT, Request, Stack
from pymart import embedded

FOLDER = ROOT / ".local" / "bench"
PORT, GATEWAY_PORT = 18_300, 18_399
HEAD = (
    "endpoint", "req/s", "p50", "p95", "p99", "app ms CPU", "PG ms CPU", "Redis ms CPU", "rate", "p50", "p95", "p99",
    "SQL", "refused",
)  # fmt: skip
CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


@contextmanager
def running(command: list[str], port: int, env: dict[str, str], processors: list[int]) -> Iterator[int]:
    """A server on its port, until the block ends."""
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **env})
    psutil.Process(process.pid).cpu_affinity(processors)
    try:
        while process.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.1)
        else:
            sys.exit(f"{command[0]} did not start")
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


def processor_seconds(pid: int) -> float:
    """Of a process and its children, those included that have ended."""
    root = psutil.Process(pid)
    total = sum(root.cpu_times()[:4])
    for child in root.children(recursive=True):
        with suppress(psutil.Error):
            total += sum(child.cpu_times()[:2])
    return total


class Bench:
    def __init__(self, stack: Stack, pids: dict[str, int], options: argparse.Namespace) -> None:
        self.stack, self.pids, self.options = stack, pids, options
        self.found: dict[str, list[dict[str, Any]]] = {}

    def load(self, requests: list[Request], **how: Any) -> dict[str, Any]:
        order = {"port": PORT, "requests": requests, **how}
        done = subprocess.run(
            [PYTHON, ROOT / "bench" / "load.py"], input=json.dumps(order), stdout=subprocess.PIPE, text=True, check=True
        )
        return json.loads(done.stdout)

    def measure(self, name: str, requests: list[Request], **how: Any) -> dict[str, Any]:
        before = {part: processor_seconds(pid) for part, pid in self.pids.items()}
        result = self.load(requests, **how)
        for part, pid in self.pids.items():
            result[part] = (processor_seconds(pid) - before[part]) * 1000 / result["requests"]
        self.found.setdefault(name, []).append(result)
        return result

    def round(self) -> None:
        seconds = self.options.seconds
        for name, requests in self.wanted(self.stack.requests().items()):
            self.load(requests, once=True)  # what can be kept is kept then
            full = self.measure(name, requests, seconds=seconds)
            rate = min(self.options.rate, 0.4 * full["rps"])
            calm = self.load(requests, seconds=seconds, rate=rate)
            full |= {"rate": rate} | {f"calm {key}": calm[key] for key in ("p50", "p95", "p99")}
        if self.options.only and not {"checkout", "webhook"} & set(self.options.only):
            return
        users = range(201, min(self.stack.users, 200 + self.options.orders) + 1)
        lines = ((user, 1000 + (user * 13 + line * 101) % 5000) for user in users for line in (0, 1))
        self.load([self.stack.add_to_cart(*line) for line in lines], once=True)
        placed = self.once("checkout", [self.stack.checkout(user) for user in users])
        if events := [self.stack.webhook(body) for body in placed if '"payment"' in body]:
            self.once("webhook", events)

    def once(self, name: str, requests: list[Request]) -> list[str]:
        """Each of these can be sent once: half of them at full load, half at the fixed rate. Answers what came back."""
        half = len(requests) // 2
        full = self.measure(name, requests[:half], once=True)
        rate = min(self.options.rate, 0.4 * full["rps"])
        calm = self.load(requests[half:], once=True, rate=rate)
        full |= {"rate": rate} | {f"calm {key}": calm[key] for key in ("p50", "p95", "p99")}
        return [*full["bodies"], *calm["bodies"]]

    def wanted(self, pairs: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
        return ((name, value) for name, value in pairs if not self.options.only or name in self.options.only)

    def report(self, statements: dict[str, int]) -> str:
        lines = [f"| {' | '.join(HEAD)} |", "|" + "---|" * len(HEAD)]
        columns = ("rps", "p50", "p95", "p99", *self.pids, "rate", "calm p50", "calm p95", "calm p99")
        for name, rounds in self.found.items():
            middle = [median(row[column] for row in rounds) if column in rounds[0] else "" for column in columns]
            cells = [value if value == "" else f"{value:,.{0 if value >= 100 else 2}f}" for value in middle]
            refused = sum(sum(row["refused"].values()) for row in rounds)
            lines.append(f"| {' | '.join((name, *cells, str(statements.get(name, '')), str(refused)))} |")
        return "\n".join(lines)


def statements(stack: Stack, user: int) -> dict[str, int]:
    """SQL statements of one warm request of each kind, those that begin and end transactions not counted."""
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from bench.wsgi import connection  # Django is set up by then

    client, counted = Client(headers={"Host": "127.0.0.1"}), {}

    def ask(name: str, request: Request) -> bytes:
        method, path, headers, body = request
        with CaptureQueriesContext(connection) as queries:
            answer = client.generic(method, path, body, content_type="application/json", headers=headers)
        counted[name] = sum(not query["sql"].startswith(CONTROL) for query in queries)
        return answer.content

    for name, requests in stack.requests().items():
        for _ in range(2):
            ask(name, requests[0])
    ask("cart add", stack.add_to_cart(user, 17))
    placed = ask("checkout", stack.checkout(user))
    if b'"payment"' in placed:
        ask("webhook", stack.webhook(placed))
    return counted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--products", type=int, default=10_000)
    parser.add_argument("--users", type=int, default=1_000)
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--orders", type=int, default=500)
    parser.add_argument("--only", type=lambda text: text.split(","), help="names of endpoints, comma-separated")
    parser.add_argument(
        "--forget", default="", choices=["answers", "everything"], help="as if it were not in the cache"
    )
    parser.add_argument("--gateway", action="store_true", help="ask a payment gateway over HTTP")
    options = parser.parse_args()
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    embedded.provide(FOLDER)
    servers = {name: int((FOLDER / "run" / f"{name}.pid").read_text()) for name in ("postgres", "redis")}
    first, *others = psutil.Process().cpu_affinity()
    for pid in (os.getpid(), *servers.values()):  # and whatever these start from now on
        psutil.Process(pid).cpu_affinity(others or [first])
    stack = Stack(
        os.environ["DATABASE_URL"], os.environ["REDIS_URL"], products=options.products, users=options.users,
        threads=options.threads, forget=options.forget,
        gateway=f"http://127.0.0.1:{GATEWAY_PORT}" if options.gateway else "",
    )  # fmt: skip
    stack.prepare()
    os.environ.update(stack.env)
    stand_in = running([str(PYTHON), "bench/gateway.py", str(GATEWAY_PORT)], GATEWAY_PORT, {}, others or [first])
    with stand_in, running(stack.server(PORT), PORT, stack.env, [first]) as pid:
        bench = Bench(stack, {"app": pid, **servers}, options)
        bench.load(stack.first_carts(), once=True)
        for number in range(options.rounds):
            print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
            bench.round()
        print(bench.report(statements(stack, options.users)))


if __name__ == "__main__":
    main()
