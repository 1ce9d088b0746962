"""Connections of the pool that PostgreSQL has ended are not given out again."""

import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from django.db import OperationalError, connection
from django.db.backends.postgresql import base as django_s

from pymart.common.postgresql import base

pytestmark = pytest.mark.django_db
SIZE = 3


@pytest.fixture(params=[django_s.DatabaseWrapper, base.DatabaseWrapper], ids=["Django's", "ours"])
def pooled(request) -> Iterator[django_s.DatabaseWrapper]:
    pool = {"min_size": SIZE, "max_size": SIZE, "timeout": 20}
    database = request.param({**connection.settings_dict, "OPTIONS": {"pool": pool}}, alias="default")
    yield database
    database.close()
    database.close_pool()


def ask(database: django_s.DatabaseWrapper) -> int:
    """The number of the server's process that answers."""
    try:
        with database.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            [pid] = cursor.fetchone()
            return int(pid)
    finally:
        database.close()  # back to the pool, as at the end of a request


def end_all(database: django_s.DatabaseWrapper) -> None:
    database.pool.wait(20)
    theirs = "FROM pg_stat_activity WHERE pid = ANY(%s)"
    with database.pool.connection() as first, database.pool.connection() as second, database.pool.connection() as third:
        pids = [each.info.backend_pid for each in (first, second, third)]
    with closing(connection.cursor()) as cursor:
        cursor.execute(f"SELECT pg_terminate_backend(pid) {theirs}", [pids])
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            cursor.execute(f"SELECT pg_stat_clear_snapshot(), count(*) {theirs}", [pids])
            if cursor.fetchone()[1] == 0:
                break


def test_what_lay_idle_while_the_server_was_started_anew_fails_no_request(pooled):
    first = ask(pooled)
    end_all(pooled)
    if type(pooled) is django_s.DatabaseWrapper:
        with pytest.raises(OperationalError):
            ask(pooled)
    else:
        assert [ask(pooled) != first for _ in range(2 * SIZE)] == [True] * 2 * SIZE
