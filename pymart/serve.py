"""
Runs one part of the shop in production (`python -m pymart.serve web|ws|worker|beat`) and ends it without losing a
request.

When a server is told to stop it first says so at `/live` for a few seconds, so that the proxy sends it nothing new,
then finishes what it has begun, and is ended by force if that takes longer than it may: daphne waits for ever for some.
A worker gives back the tasks that it does not finish.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SCHEDULE = Path(tempfile.gettempdir()) / "beat-schedule"
LEAVING_SECONDS = 4  # the proxy asks every second and takes one answer for the truth
PATIENCE = {"web": 30, "ws": 5, "worker": 60, "beat": 10}  # seconds to finish what was begun
HANDING_BACK = {"worker": 10}  # seconds to give up what is not finished then, so that another has it at once


def main(part: str) -> int:
    leaving = Path(tempfile.gettempdir()) / f"leaving-{os.getpid()}"
    is_server = part in ("web", "ws")
    # where the processes of one server count together (prometheus_client's)
    with tempfile.TemporaryDirectory(prefix="metrics-") as metrics:
        if part == "web":
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = metrics
        return keep(
            command(part),
            leaving=leaving,
            leaving_seconds=float(os.environ.get("LEAVING_SECONDS") or LEAVING_SECONDS) if is_server else 0,
            patience=PATIENCE[part],
            handing_back=HANDING_BACK.get(part, 0),
        )


def command(part: str, port: str = os.environ.get("PORT") or "8000") -> list[str]:
    """GRANIAN_WORKERS and the like are read by granian itself."""
    threads = os.environ.get("GRANIAN_BLOCKING_THREADS") or "8"
    celery = ["celery", "-A", "pymart"]
    commands = {
        "web": [
            *("granian", "pymart.wsgi:application", "--interface", "wsgi", "--host", "0.0.0.0", "--port", port),  # noqa: S104
            *("--blocking-threads", threads, "--no-ws", "--workers-kill-timeout", "25", "--respawn-failed-workers"),
            *("--log-level", "warning"),
        ],
        "ws": ["daphne", "-v", "0", "-b", "0.0.0.0", "-p", port, "pymart.asgi:application"],  # noqa: S104
        "worker": [*celery, "worker", "--loglevel", "INFO", "--concurrency", os.environ.get("WORKER_PROCESSES") or "2"],
        "beat": [*celery, "beat", "--loglevel", "INFO", "--schedule", str(SCHEDULE)],
    }
    return [sys.executable, "-m", *commands[part]]


def keep(
    arguments: list[str], *, leaving: Path, leaving_seconds: float, patience: float, handing_back: float = 0
) -> int:
    """
    Run a program until it ends or this process is told to stop; answers its exit code. While `leaving` exists, the
    program is about to stop (`pymart.health.live`).

    :param handing_back: seconds for a Celery worker, whose queue otherwise learns after an hour that it is gone.
    """
    leaving.unlink(missing_ok=True)
    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, frame: told.append(number))
    child = subprocess.Popen(arguments, env=os.environ | {"LEAVING_FILE": str(leaving)}, start_new_session=True)
    try:
        while child.poll() is None and not told:
            time.sleep(0.1)
        if child.poll() is None:
            leaving.touch()
            _wait(child, leaving_seconds)
            child.send_signal(signal.SIGTERM)
            _wait(child, patience)
        if child.poll() is None and handing_back:
            child.send_signal(signal.SIGQUIT)
            _wait(child, handing_back)
    finally:
        leaving.unlink(missing_ok=True)
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
    code = child.wait()
    return 0 if told else code if code >= 0 else 128 - code


def _wait(child: subprocess.Popen[bytes], seconds: float) -> None:
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        return


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in PATIENCE:
        sys.exit(f"Say which part: {', '.join(PATIENCE)}.")
    sys.exit(main(sys.argv[1]))
