"""
What the settings read: the environment of the process and the file `.env`.

With `DEBUG` on, whatever is missing has a default that works on one machine. With `DEBUG` off nothing is guessed:
each missing thing is named in one sentence and the process does not start.
"""

from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
_env_file = Path(env.str("ENV_FILE", default=str(BASE_DIR / ".env")))
if _env_file.is_file():
    env.read_env(_env_file)

DEBUG = env.bool("DEBUG", default=False)
missing: list[str] = []


def text(name: str, default: str) -> str:
    """The variable's value; an empty one counts as not set."""
    return env.str(name, default="") or default


def required(name: str, meaning: str, *, debug: str) -> str:
    """The variable's value; with `DEBUG` on a default, with `DEBUG` off an entry in the list of what is missing."""
    value = env.str(name, default="")
    if value or DEBUG:
        return value or debug
    missing.append(f"{name} is not set: {meaning}.")
    return ""
