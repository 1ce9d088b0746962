"""The whole of PyMart on one machine: prepares the database and keeps web, worker and beat running."""

import errno
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError, CommandParser, call_command, get_commands
from django.db import connections

from pymart.processes import Process, ProcessError, try_lock

START_SECONDS = 120
DEMO_LOGINS = ["buyer@pymart.test", "seller@pymart.test", "admin@pymart.test"]
DEMO_PASSWORD = "pymart-demo-1"  # noqa: S105 - public on purpose: these users exist in the demo only


class Child(Process):
    def __init__(self, folder: Path, name: str, *arguments: str) -> None:
        super().__init__(folder, name)
        self.arguments = arguments
        self.failures = 0
        self.start_at: float | None = None  # when it is to be started again

    def command(self) -> list[str]:
        return [sys.executable, "-m", *self.arguments]

    def environment(self) -> dict[str, str]:
        return super().environment() | {"PYTHONUNBUFFERED": "1"}  # the log tells at once

    def working_folder(self) -> Path:
        return Path(settings.BASE_DIR)


class Command(BaseCommand):
    help = "Starts the web server, the worker and beat, and prints the address. PORT and HOST choose where."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-seed", action="store_true", help="Leave an empty shop empty.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                "`run` is for one machine with DEBUG=1; in production a service manager starts each part."
            )
        self.seed = not options["no_seed"] and "seed" in get_commands()
        self.host = os.environ.get("HOST") or "127.0.0.1"
        self.port = _port_number(os.environ.get("PORT") or "8000")
        self.url = os.environ["SITE_URL"] = self._address()
        folder = settings.LOCAL_DIR
        for name in ("run", "log", "mail"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        schedule = folder / "run" / "beat-schedule"
        celery = ("celery", "-A", "pymart")
        self.web = Child(folder, "web", "daphne", "-b", self.host, "-p", str(self.port), "pymart.asgi:application")
        self.children = [
            self.web,
            Child(folder, "worker", *celery, "worker", "--concurrency=2", "--loglevel=INFO"),
            Child(folder, "beat", *celery, "beat", "--loglevel=INFO", f"--schedule={schedule}"),
        ]
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.default_int_handler)
        try:
            with self._only_one(folder / "run"):
                self._run()
        except KeyboardInterrupt:
            self.stdout.write("PyMart has stopped.")
        except ProcessError as error:
            raise CommandError(str(error)) from error

    def _address(self) -> str:
        host = self.host
        if host in ("0.0.0.0", "::"):  # noqa: S104 - asked for, so that other devices can have a look
            host = "127.0.0.1"
            os.environ["ALLOWED_HOSTS"] = os.environ.get("ALLOWED_HOSTS") or "*"
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @contextmanager
    def _only_one(self, folder: Path) -> Iterator[None]:
        with (folder / "supervisor.lock").open("a+") as lock:
            if not try_lock(lock):
                lock.seek(0)
                raise CommandError(f"PyMart is running from this folder already, at {lock.read()}.")
            lock.truncate(0)
            lock.write(self.url)
            lock.flush()
            yield

    def _run(self) -> None:
        for child in self.children:  # left by a supervisor that was killed
            child.stop()
        _require_free_port(self.host, self.port)
        self._prepare_database()
        try:
            for child in self.children:
                child.start()
            with self.web.log.open() as log:
                self._wait_for_web()
                self._print_panel()
                while True:
                    self.stdout.write(log.read(), ending="")
                    self.stdout.flush()
                    self._look_after_children()
                    time.sleep(0.2)
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # once is enough
                signal.signal(number, signal.SIG_IGN)
            self.stdout.write("\nStopping ...")
            for child in self.children:
                child.stop()

    def _prepare_database(self) -> None:
        self.stdout.write("Preparing the database ...")
        call_command("migrate", interactive=False, verbosity=0)
        if self.seed and not apps.get_model("catalog", "Product").objects.exists():
            call_command("seed")
        self.has_demo_users = get_user_model().objects.filter(email=DEMO_LOGINS[0]).exists()
        connections.close_all()

    def _wait_for_web(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._web_answers():
            self._look_after_children()
            if time.monotonic() > deadline:
                raise CommandError(f"The web server does not answer; see {self.web.log}.")
            time.sleep(0.2)

    def _web_answers(self) -> bool:
        address = urlsplit(self.url)
        with suppress(OSError), socket.create_connection((address.hostname, address.port), timeout=1):
            return True  # daphne listens once the application is loaded
        return False

    def _look_after_children(self) -> None:
        """Without the web server there is no PyMart; the others are started again, ever later if they keep failing."""
        for child in self.children:
            if child.start_at is not None:
                if time.monotonic() > child.start_at:
                    child.start_at = None
                    child.stop()  # what the dead one may have left
                    child.start()
            elif child.child and child.child.poll() is not None:
                code = child.child.returncode
                message = f"{child.name} has stopped (exit code {code}); the end of {child.log}:\n{child.log_tail()}"
                if child is self.web:
                    raise CommandError(message)
                child.failures += 1
                delay = min(2**child.failures, 60)
                child.start_at = time.monotonic() + delay
                self.stderr.write(f"{message}\nIt starts again in {delay} seconds.")

    def _print_panel(self) -> None:
        local = settings.LOCAL_DIR
        if local.is_relative_to(settings.BASE_DIR):
            local = local.relative_to(settings.BASE_DIR)
        lines = [
            ("Shop", f"{self.url}/"),
            ("API", f"{self.url}/docs"),
            ("Mail", f"{local}/mail, {self.url}/debug/mail/"),
            ("Logs", f"{local}/log: web.log (also below), worker.log, beat.log"),
            ("Stop", "Ctrl-C"),
        ]
        if self.has_demo_users:
            lines.insert(1, ("Sign in", f"{' · '.join(DEMO_LOGINS)}, password {DEMO_PASSWORD}"))
        if settings.RAZORPAY_SANDBOX:
            lines.insert(-3, ("Payments", f"sandbox, {self.url}/sandbox/"))
        body = "\n".join(f"  {name:<10}{text}" for name, text in lines)
        self.stdout.write(f"\n{self.style.SUCCESS('PyMart is ready.')}\n\n{body}\n")
        self.stdout.flush()


def _port_number(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise CommandError(f"PORT is {text!r}: give a number from 1 to 65535.")
    return int(text)


def _require_free_port(host: str, port: int) -> None:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except PermissionError:
        raise CommandError(
            f"Port {port} is for root only: choose one from 1024 on, as in `make run PORT=8000`."
        ) from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            message = f"Port {port} is taken by another program: choose another one, as in `make run PORT={port + 1}`."
        else:
            message = f"PyMart cannot listen on {host}:{port}: {error.strerror}."
        raise CommandError(message) from None
