"""
Programs that this checkout runs at most once: the servers of `embedded.py` and the children of `manage.py run`.

Whether such a program runs is told by a file lock that it holds itself, because it inherits the open file. The kernel
drops the lock with the process, so a crash, a reboot or another container leaves nothing stale behind.
"""

import fcntl
import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import IO


class ProcessError(Exception):
    """A program does not start or stop; the message says why and is for people."""


class Process:
    """One program; its log, lock and process number are in `folder/log` and `folder/run`."""

    stop_signals: tuple[tuple[signal.Signals, float], ...] = ((signal.SIGTERM, 10),)  # and the patience with each

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.log = folder / "log" / f"{name}.log"
        self.run = folder / "run"
        self.child: subprocess.Popen[bytes] | None = None  # if it was this object that started it

    def command(self) -> list[str]:
        raise NotImplementedError

    def environment(self) -> dict[str, str]:
        return dict(os.environ)

    def working_folder(self) -> Path:
        return Path.cwd()

    def start(self) -> subprocess.Popen[bytes]:
        command = self.command()
        pid_file = self.run / f"{self.name}.pid"
        pid_file.unlink(missing_ok=True)
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".log.1"))
        with self._lock_file() as lock, self.log.open("ab") as log:
            if not try_lock(lock):
                raise ProcessError(f"{self.name} is running already.")
            self.child = subprocess.Popen(
                ["/bin/sh", "-c", 'echo $$ > "$0" && exec "$@"', str(pid_file), *command],
                cwd=self.working_folder(),
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=[lock.fileno()],
                start_new_session=True,  # a terminal's Ctrl-C is for the parent, which stops its children in order
            )
        return self.child

    def is_running(self) -> bool:
        with self._lock_file() as lock:
            return not try_lock(lock)

    def stop(self) -> None:
        """Ask in good order, then less and less politely, whoever started it; the lock tells when it is gone."""
        with self._lock_file() as lock:
            for number, patience in (*self.stop_signals, (signal.SIGKILL, 10)):
                deadline = time.monotonic() + patience
                signalled = False
                while time.monotonic() < deadline:
                    if try_lock(lock):
                        if self.child:
                            self.child.wait()
                        return
                    signalled = signalled or self._signal(number)
                    time.sleep(0.02)
        raise ProcessError(f"{self.name} does not stop; see {self.log}.")

    def log_tail(self, lines: int = 12) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def _lock_file(self) -> IO[str]:
        return (self.run / f"{self.name}.lock").open("a")

    def _signal(self, number: signal.Signals) -> bool:
        """False if the process number is not written yet. It is that of a group, too, which only a kill concerns."""
        try:
            pid = int((self.run / f"{self.name}.pid").read_text())
        except (FileNotFoundError, ValueError):
            return False
        with suppress(ProcessLookupError):
            (os.killpg if number == signal.SIGKILL else os.kill)(pid, number)
        return True


def try_lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
