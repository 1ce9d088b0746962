"""`python -m pymart.probe web|ws|worker|beat`: does that part work? It is what a container's health check asks."""

import os
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from pymart.serve import SCHEDULE

BEAT_SECONDS = 600  # beat writes its schedule down every three minutes


def server() -> str:
    """As the proxy asks: by the shop's name, over what was HTTPS."""
    host = urlsplit(os.environ.get("SITE_URL", "")).netloc or "localhost"
    http = HTTPConnection("127.0.0.1", int(os.environ.get("PORT") or 8000), timeout=5)
    http.request("GET", "/health", headers={"Host": host, "X-Forwarded-Proto": "https"})
    answer = http.getresponse()
    return "" if answer.status == 200 else f"{answer.status}: {answer.read(500).decode(errors='replace')}"


def worker() -> str:
    arguments = [
        "-m",
        "celery",
        "-A",
        "pymart",
        "inspect",
        "ping",
        "--timeout",
        "5",
        "-d",
        f"celery@{os.uname().nodename}",
    ]
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, timeout=30, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def beat(schedule: Path = SCHEDULE) -> str:
    """The file's ending depends on the kind of database that Python uses."""
    written = [file.stat().st_mtime for file in schedule.parent.glob(f"{schedule.name}*")]
    age = time.time() - max(written, default=0)
    return "" if age < BEAT_SECONDS else f"The schedule was written {age:.0f} seconds ago."


PARTS = {"web": server, "ws": server, "worker": worker, "beat": beat}

if __name__ == "__main__":
    try:
        complaint = PARTS[sys.argv[1]]()
    except (OSError, subprocess.TimeoutExpired) as error:
        complaint = str(error)
    sys.exit(complaint or None)
