"""
How fast the API is: `make bench-api`, with ARGS="--only list,detail --seconds 3".

Starts PostgreSQL and Redis in .local/bench and granian as in production, which has a processor alone; fills the
database (`fill.py`), and prints for each endpoint: requests a second with 32 connections, the processor time of
application, PostgreSQL and Redis for one request, how long answers take at a fixed modest rate, and how many SQL
statements a request takes. With several numbers of products, catalogues of these sizes are measured in turn.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

import psutil
import psycopg

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.stack import PYTHON, ROOT, Request, Stack
from pymart import embedded

FOLDER = ROOT / ".local" / "bench"
PORT, GATEWAY_PORT = 18_300, 18_399  # the first catalogue has PORT, the next the one after it
KEEPERS = 200  # users who keep their carts; the others check out
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
    def __init__(self, stack: Stack, port: int, pids: dict[str, int], options: argparse.Namespace) -> None:
        self.stack, self.port, self.pids, self.options = stack, port, pids, options
        self.found: dict[str, list[dict[str, Any]]] = {}

    def load(self, requests: list[Request], **how: Any) -> dict[str, Any]:
        order = {"port": self.port, "requests": requests, **how}
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
        for name, requests in self.stack.requests().items():
            if self.wants(name):
                self.load(requests, once=True)  # what can be kept is kept then
                full = self.measure(name, requests, seconds=self.options.seconds)
                self.calm(full, self.options.rate, requests, seconds=self.options.seconds)
        for name, fresh, rate in (
            ("checkout", self.checkouts, self.options.checkout_rate), ("webhook", self.events, self.options.rate),
        ):  # fmt: skip
            if self.wants(name):
                full = self.measure(name, fresh(self.options.orders), once=True)
                self.calm(full, rate, fresh(round(rate * self.options.seconds)), once=True)

    def wants(self, name: str) -> bool:
        return not self.options.only or name in self.options.only

    def calm(self, full: dict[str, Any], rate: float, requests: list[Request], **how: Any) -> None:
        """The same at a fixed rate, added to what full load gave."""
        rate = min(rate, 0.4 * full["rps"])
        calm = self.load(requests, rate=rate, **how)
        full |= {"rate": rate} | {f"calm {key}": calm[key] for key in ("p50", "p95", "p99")}
        full["failed"] = sum(full["refused"].values()) + sum(calm["refused"].values())

    def checkouts(self, count: int) -> list[Request]:
        """Each can be sent once: so many carts are filled for them."""
        users = range(KEEPERS + 1, min(self.stack.users, KEEPERS + count) + 1)
        last = min(5000, self.stack.products - 1000)
        lines = ((user, 1000 + (user * 13 + line * 101) % last) for user in users for line in (0, 1))
        self.load([self.stack.add_to_cart(*line) for line in lines], once=True)
        return [self.stack.checkout(user) for user in users]

    def events(self, count: int) -> list[Request]:
        """Each can be sent once: so many orders are placed for them."""
        placed = self.load(self.checkouts(count), once=True)
        return [self.stack.webhook(body) for body in placed["bodies"] if '"payment"' in body]

    def report(self, statements: dict[str, int]) -> str:
        lines = [f"| {' | '.join(HEAD)} |", "|" + "---|" * len(HEAD)]
        columns = ("rps", "p50", "p95", "p99", *self.pids, "rate", "calm p50", "calm p95", "calm p99")
        for name, rounds in self.found.items():
            middle = [median(row[column] for row in rounds) for column in columns]
            cells = [f"{value:,.{0 if value >= 100 else 2}f}" for value in middle]
            failed = sum(row["failed"] for row in rounds)
            lines.append(f"| {' | '.join((name, *cells, str(statements.get(name, '')), str(failed)))} |")
        return "\n".join(lines)


def compared(benches: list[Bench]) -> str:
    """The 95th percentile at a fixed rate with each number of products, and the last over the first."""
    sizes = [f"{bench.stack.products:,}" for bench in benches]
    lines = [f"| p95 with products | {' | '.join(sizes)} | ratio |", "|" + "---|" * (len(sizes) + 2)]
    for name in benches[0].found:
        p95 = [median(row["calm p95"] for row in bench.found[name]) for bench in benches]
        lines.append(f"| {name} | {' | '.join(f'{each:.2f}' for each in p95)} | {p95[-1] / p95[0]:.2f} |")
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


def database(url: str, name: str) -> str:
    """The address of that database on the same server, made if it is not there."""
    with psycopg.connect(url, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(f"CREATE DATABASE {name}")
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--products", type=int, nargs="+", default=[10_000], help="at least 2,000; several: in turn")
    parser.add_argument("--users", type=int, default=1_000, help=f"all but {KEEPERS} can check out at once")
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rate", type=float, default=50, help="requests a second of the modest load")
    parser.add_argument("--checkout-rate", type=float, default=20, help="checkouts a second of the modest load")
    parser.add_argument("--orders", type=int, default=500, help="checkouts and webhooks under full load")
    parser.add_argument("--only", type=lambda text: text.split(","), help="names of endpoints, comma-separated")
    parser.add_argument(
        "--forget", default="", choices=["answers", "everything"], help="as if it were not in the cache"
    )
    parser.add_argument("--gateway", action="store_true", help="ask a payment gateway over HTTP")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    embedded.provide(FOLDER)
    servers = {name: int((FOLDER / "run" / f"{name}.pid").read_text()) for name in ("postgres", "redis")}
    first, *others = psutil.Process().cpu_affinity()
    for pid in (os.getpid(), *servers.values()):  # and whatever these start from now on
        psutil.Process(pid).cpu_affinity(others or [first])
    stacks = [
        Stack(
            database(os.environ["DATABASE_URL"], f"bench_{products}"), os.environ["REDIS_URL"], products=products,
            users=options.users, threads=options.threads, forget=options.forget,
            gateway=f"http://127.0.0.1:{GATEWAY_PORT}" if options.gateway else "",
        )
        for products in options.products
    ]  # fmt: skip
    for stack in stacks:
        stack.prepare()
    os.environ.update(stacks[0].env)
    with ExitStack() as until_end:
        gateway = [str(PYTHON), "bench/gateway.py", str(GATEWAY_PORT)]
        until_end.enter_context(running(gateway, GATEWAY_PORT, {}, others or [first]))
        benches = []
        for port, stack in enumerate(stacks, PORT):
            pid = until_end.enter_context(running(stack.server(port), port, stack.env, [first]))
            benches.append(Bench(stack, port, {"app": pid, **servers}, options))
            benches[-1].load(stack.first_carts(), once=True)
        for number in range(options.rounds):
            print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
            for bench in benches:
                bench.round()
        counted = statements(stacks[0], options.users)
        for bench in benches:
            print(f"\n{bench.stack.products:,} products\n\n{bench.report(counted)}")
        if len(benches) > 1:
            print(f"\n{compared(benches)}")


if __name__ == "__main__":
    main()
