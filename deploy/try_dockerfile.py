"""
Runs the Dockerfile without a Docker engine: `python deploy/try_dockerfile.py [--target STAGE] [--python PYTHON]`.

Each stage gets an empty folder in place of its root. COPY copies what `.dockerignore` lets through, ENV and WORKDIR do
what they say, and RUN runs with paths below /opt and /app turned into those of the folder. What would change the
machine (users, the system's own Python) is named and left out; so is the base image, in place of which stands PYTHON.
"""

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOT_HERE = ("groupadd ", "useradd ", "apt-get ", "pip uninstall --yes pip")
FOLDERS = ("/opt/", "/app")


class Stage:
    def __init__(self, place: Path, python: str, parent: "Stage | None" = None) -> None:
        self.place, self.python = place, python
        self.environment: dict[str, str] = dict(parent.environment) if parent else {}
        self.folder = parent.folder if parent else "/"
        if parent:
            shutil.copytree(parent.place, place, symlinks=True, copy_function=os.link)
        else:
            (place / "bin").mkdir(parents=True)
            for name, words in (("python", ""), ("pip", "-m pip ")):
                program = place / "bin" / name
                program.write_text(f'#!/bin/sh\nexec {shlex.quote(python)} {words}"$@"\n')
                program.chmod(0o755)

    def path(self, name: str) -> Path:
        return self.place / os.path.normpath(os.path.join(self.folder, name)).lstrip("/")

    def here(self, text: str) -> str:
        return re.sub(rf"(?<![\w.])(?={'|'.join(FOLDERS)})", str(self.place), text)

    def env(self, arguments: str) -> None:
        for pair in shlex.split(arguments):
            name, _, value = pair.partition("=")
            self.environment[name] = value.replace("$PATH", self.environment.get("PATH", "$PATH"))

    def run(self, command: str) -> None:
        if command.startswith(NOT_HERE):
            print(f"  left out: {command[:80]}")
            return
        environment = {name: self.here(value) for name, value in self.environment.items()}
        path = environment.get("PATH", "$PATH").replace("$PATH", f"{self.place}/bin:{os.environ['PATH']}")
        keep = {name: value for name, value in os.environ.items() if name.startswith("PIP_") or name == "HOME"}
        cwd = self.path(".")
        cwd.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["/bin/sh", "-c", self.here(command)], cwd=cwd, env=keep | environment | {"PATH": path}, check=True
        )


def copy(stage: Stage, stages: dict[str, Stage], arguments: str) -> None:
    words = shlex.split(arguments)
    source = None
    if words[0].startswith("--from="):
        source = stages[words.pop(0).removeprefix("--from=")]
    *names, target = words
    for name in names:
        if source:
            shutil.copytree(source.path(name), stage.path(target), symlinks=True, copy_function=os.link)
        else:
            for file in context(name):
                place = stage.path(target) / file
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / file, place)


def context(name: str) -> list[Path]:
    """What COPY takes from the checkout: in `.dockerignore` the last pattern that fits decides."""
    patterns = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    let_in = {pattern.lstrip("!").partition("/")[0] for pattern in patterns}  # all of them named from the top
    listed: list[str] = []
    for folder, folders, names in os.walk(ROOT):
        if Path(folder) == ROOT:
            folders[:] = let_in.intersection(folders)
        listed += [str(Path(folder, name).relative_to(ROOT)) for name in names]
    files = [file for file in listed if not is_ignored(file, patterns)]
    chosen = [file for file in files if name == "." or file == name or file.startswith(f"{name.rstrip('/')}/")]
    if not chosen:
        raise SystemExit(f"COPY {name}: there is no such file in the context.")
    return list(map(Path, chosen))


def is_ignored(file: str, patterns: list[str]) -> bool:
    ignored = False
    parts = file.split("/")
    for pattern in patterns:
        bare = pattern.removeprefix("!").removeprefix("**/")
        if pattern.startswith("**/"):
            fits = any(fnmatch(part, bare) for part in parts)
        else:
            fits = any(fnmatch("/".join(parts[: count + 1]), bare) for count in range(len(parts)))
        if fits:
            ignored = not pattern.startswith("!")
    return ignored


def instructions() -> list[tuple[str, str]]:
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(word.upper(), re.sub(r"\s{2,}", " ", rest)) for word, _, rest in (line.partition(" ") for line in lines)]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--target", default="production", help="the stage to stop after; dev is skipped otherwise")
    options.add_argument("--python", default=sys._base_executable, help="stands in for the image's Python")
    chosen = options.parse_args()
    needed = ("base", "dev") if chosen.target == "dev" else ("base", "packages", "assets", "production")
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="pymart-image-") as folder:
        stages: dict[str, Stage] = {}
        for word, rest in instructions():
            if word == "FROM":
                parent, _, name = rest.split()
                if name in needed:
                    print(f"{name}, after {time.monotonic() - begun:.0f} s", flush=True)
                    stages[name] = Stage(Path(folder) / name, chosen.python, stages.get(parent))
            if name not in needed:
                continue
            stage = stages[name]
            if word == "RUN":
                print(f"  {rest[:100]}", flush=True)
                stage.run(rest)
            elif word == "COPY":
                copy(stage, stages, rest)
            elif word == "ENV":
                stage.env(rest)
            elif word == "WORKDIR":
                stage.folder = rest
        stage = stages[needed[-1]]
        if chosen.target == "production":
            stage.run("ENV_FILE=deploy/build.env python manage.py check --deploy --fail-level WARNING")
            check_contents(stage.path("/app"))
        size = sum(file.stat().st_size for file in stage.place.rglob("*") if file.is_file() and not file.is_symlink())
        print(f"{chosen.target}: {size / 1e6:.0f} MB on top of its base, in {time.monotonic() - begun:.0f} s")


def check_contents(app: Path) -> None:
    unwanted = [name for name in (".env", ".git", "tests", ".venv", ".local") if (app / name).exists()]
    if unwanted or not list((app / "staticfiles" / "css").glob("site.*.css.br")):
        raise SystemExit(f"The image has {unwanted} or no compressed static files.")


if __name__ == "__main__":
    main()
