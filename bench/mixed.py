"""
The shop under a mixed load for minutes: `make load`, with ARGS="--minutes 10 --rate 20".

Starts PostgreSQL and Redis in .local/load and, as in production (`pymart.serve`, DEBUG=0), web, worker and beat; sends
shoppers from another process (`shoppers.py`), and prints how long they waited, what failed, what each process took
in processor and memory minute by minute, and whether all is well afterwards: books, stock, and nothing left undone.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from statistics import fmean, linear_regression
from typing import Any
from urllib.request import urlopen

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.stack import ADDRESS, MANY, PYTHON, ROOT, Stack
from pymart import embedded

FOLDER = ROOT / ".local" / "load"
PARTS = ("web", "worker", "beat")
PORT, MAIL_PORT = 18_400, 18_499
SAMPLE_SECONDS, SETTLE_SECONDS = 5, 90
WARM = 120  # seconds after which memory should not grow any more
MB = 1024 * 1024


def environment(stack: Stack, temporary: str) -> dict[str, str]:
    return {
        **stack.env, "REDIS_PREFIX": "load", "TMPDIR": temporary, "PORT": str(PORT), "LOG_LEVEL": "WARNING",
        "SITE_URL": f"http://127.0.0.1:{PORT}", "RESEND_API_URL": f"http://127.0.0.1:{MAIL_PORT}",
        "RAZORPAY_KEY_ID": "rzp_test_load", "RAZORPAY_SANDBOX": "1", "ORDER_EXPIRY_MINUTES": "2",
        "GRANIAN_WORKERS": "2", "GRANIAN_BLOCKING_THREADS": "8", "DATABASE_POOL_SIZE": "8", "WORKER_PROCESSES": "2",
        "LEAVING_SECONDS": "0.1", "SEARCHES_PER_MINUTE": MANY,
    }  # fmt: skip


@contextmanager
def running(command: list[str], env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    log = (FOLDER / "log" / f"{Path(command[-1]).stem}.log").open("wb")
    process = subprocess.Popen([str(PYTHON), *command], cwd=ROOT, env={**os.environ, **env}, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        if (code := process.wait(120)) > 0:
            print(f"{' '.join(command)} ended with {code}")


def people(stack: Stack) -> dict[str, Any]:
    """Those with a session and an address, and those with a token. Django is set up by then."""
    from django.test import Client

    from accounts.models import Address, User

    members = []
    for user in User.objects.order_by("pk")[stack.users // 2 : stack.users // 2 + 200]:
        address, _ = Address.objects.get_or_create(user=user, defaults=ADDRESS)
        client = Client()
        client.force_login(user)
        members.append({"session": client.cookies["sessionid"].value, "address": str(address.pk)})
    return {"members": members, "clients": stack.tokens[:200]}


def parts(roots: dict[str, int]) -> dict[int, str]:
    """Processes now, by what they do; PostgreSQL's come and go with its connections and count as one."""
    found: dict[int, str] = {}
    for part, pid in roots.items():
        with suppress(psutil.Error):
            root = psutil.Process(pid)
            family = [root, *root.children(recursive=True)]
            for number, process in enumerate(sorted(family, key=lambda each: each.pid)):
                found[process.pid] = part if part == "postgres" or len(family) == 1 else f"{part} {number}"
    return found


class Watch:
    """Processor seconds and own memory of each process, again and again."""

    def __init__(self, roots: dict[str, int]) -> None:
        self.roots, self.started = roots, time.monotonic()
        self.cpu: dict[int, tuple[str, float, float]] = {}  # by process: what it is, at first, at last
        self.memory: dict[str, list[tuple[float, float]]] = {}

    def look(self) -> None:
        now, used = time.monotonic() - self.started, dict[str, float]()
        for pid, name in parts(self.roots).items():
            with suppress(psutil.Error):
                process = psutil.Process(pid)
                seconds = sum(process.cpu_times()[:2])
                self.cpu[pid] = (name, self.cpu.get(pid, (name, seconds))[1], seconds)
                used[name] = used.get(name, 0) + process.memory_full_info().uss / MB
        for name, megabytes in used.items():
            self.memory.setdefault(name, []).append((now, megabytes))

    def watch_until_ended(self, process: subprocess.Popen[bytes]) -> None:
        while process.poll() is None:
            self.look()
            with suppress(subprocess.TimeoutExpired):
                process.wait(SAMPLE_SECONDS)

    def report(self) -> str:
        passed = time.monotonic() - self.started
        minutes = range(max(1, int(passed // 60)))
        titles = ["process", "CPU %", *(f"MB min {minute + 1}" for minute in minutes), "MB an hour"]
        lines = [f"| {' | '.join(titles)} |", "|" + "---|" * len(titles)]
        for name, samples in self.memory.items():
            cpu = sum(last - first for part, first, last in self.cpu.values() if part == name) / passed * 100
            by_minute = [[mb for at, mb in samples if minute * 60 <= at < minute * 60 + 60] for minute in minutes]
            cells = [f"{fmean(each):.0f}" if each else "" for each in by_minute]
            warm = [(at, mb) for at, mb in samples if at > min(WARM, passed / 3)]
            slope = linear_regression(*zip(*warm, strict=True)).slope * 3600 if len(warm) > 2 else 0
            lines.append(f"| {' | '.join([name, f'{cpu:.1f}', *cells, f'{slope:+.0f}'])} |")
        return "\n".join(lines)


def waits(found: dict[str, Any]) -> str:
    """A line for each kind of request, and one for all of the shop's."""
    taken: dict[str, list[float]] = found["taken"]
    rows = {"all": [each for kind, times in taken.items() if kind[0] != "(" for each in times], **taken}
    lines = ["| request | number | a second | p50 ms | p95 | p99 | worst |", "|" + "---|" * 7]
    for kind, times in rows.items():
        times.sort()
        points = [times[min(len(times) - 1, len(times) * p // 100)] * 1000 for p in (50, 95, 99)] + [times[-1] * 1000]
        cells = [kind, f"{len(times):,}", f"{len(times) / found['seconds']:.2f}", *(f"{each:.1f}" for each in points)]
        lines.append(f"| {' | '.join(cells)} |")
    failed = sum(found["failures"].values())
    return "\n".join([*lines, "", f"Failed: {failed} {found['failures'] or ''}", f"Done: {found['done']}"])


def left() -> dict[str, float]:
    """What is still to be done in the background, by the shop's own count."""
    from pymart import metrics

    watched = (
        "pymart_webhook_events_waiting", "pymart_webhook_events_stuck", "pymart_emails_waiting",
        "pymart_emails_given_up", "pymart_refunds", "pymart_orders_overdue", "pymart_queue_tasks",
    )  # fmt: skip
    families = [*metrics.from_database(), *metrics.from_redis()]
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value
        for family in families for sample in family.samples if sample.name in watched
    }  # fmt: skip


def check() -> bool:
    """Wait for what is under way, then hold the books against each other; answers whether all is well."""
    from django.core.management import CommandError, call_command

    from catalog.models import Variant
    from orders.models import Order
    from orders.selectors import order_counts

    until = time.monotonic() + SETTLE_SECONDS
    while any(left().values()) and time.monotonic() < until:
        time.sleep(2)
    undone = {name: value for name, value in left().items() if value}
    oversold = Variant.objects.filter(stock__lt=0).count()
    first = Order.objects.order_by("created_at").values_list("created_at", flat=True).first()
    print(f"\nOrders: {order_counts(first) if first else 'none'}")
    print(f"Left undone: {undone or 'nothing'}. Variants with stock below 0: {oversold}.")
    try:
        call_command("check_books")
    except CommandError as error:
        print(error)
        return False
    return not undone and not oversold


def complaints() -> list[str]:
    """What went wrong by the words of the processes themselves."""
    logs = [FOLDER / "log" / f"{part}.log" for part in PARTS]
    return [line for log in logs for line in log.read_text().splitlines() if '"level": "ERROR"' in line]


def wait_for_web() -> None:
    for _ in range(600):
        with suppress(OSError), urlopen(f"http://127.0.0.1:{PORT}/health", timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.2)
    sys.exit("The web server does not answer.")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--rate", type=float, default=20, help="requests a second, of all kinds together")
    parser.add_argument("--products", type=int, default=10_000)
    parser.add_argument("--users", type=int, default=1_000)
    return parser.parse_args()


def main() -> None:
    options = arguments()
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    embedded.provide(FOLDER)
    stack = Stack(os.environ["DATABASE_URL"], os.environ["REDIS_URL"], products=options.products, users=options.users)
    with tempfile.TemporaryDirectory() as temporary, ExitStack() as until_end:
        env = stack.env = environment(stack, temporary)
        os.environ.update(env)
        stack.prepare()
        subprocess.run([PYTHON, "manage.py", "collectstatic", "--noinput", "-v", "0"], cwd=ROOT, check=True)
        import django

        django.setup()
        order = {
            "port": PORT, "people": people(stack), "products": options.products, "rate": options.rate,
            "seconds": options.minutes * 60,
        }  # fmt: skip
        until_end.enter_context(running(["bench/gateway.py", str(MAIL_PORT), "mail"], {}))
        started = {part: until_end.enter_context(running(["-m", "pymart.serve", part], env)).pid for part in PARTS}
        wait_for_web()
        servers = {name: int((FOLDER / "run" / f"{name}.pid").read_text()) for name in ("postgres", "redis")}
        asked, answer = Path(temporary, "asked.json"), Path(temporary, "answer.json")
        asked.write_text(json.dumps(order))
        with asked.open() as stdin, answer.open("w") as stdout:
            shoppers = subprocess.Popen([PYTHON, ROOT / "bench" / "shoppers.py"], stdin=stdin, stdout=stdout)
            watch = Watch({**started, **servers, "shoppers": shoppers.pid})
            watch.watch_until_ended(shoppers)
        found = json.loads(answer.read_text())
        print(f"{options.rate:g} requests a second for {options.minutes:g} minutes, {options.products:,} products\n")
        print(f"{waits(found)}\n\n{watch.report()}")
        is_well = check() and not found["failures"]
    if errors := complaints():
        print(f"\n{len(errors)} errors in {FOLDER}/log, such as:\n{errors[0][:500]}")
    sys.exit(not is_well or bool(errors))


if __name__ == "__main__":
    main()
