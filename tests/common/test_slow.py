"""Statements that take long are logged with their request and their time, without the values in them."""

import json
import logging

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory

from pymart.common import logs, slow
from pymart.common.db import prepared_cursor
from pymart.common.middleware import RequestIdMiddleware

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(caplog, settings):
    """What is logged once the test has run its statements; those from 50 ms on are slow."""
    settings.SLOW_STATEMENT_SECONDS = 0.05
    caplog.set_level(logging.INFO)
    caplog.handler.setFormatter(logs.JsonFormatter())
    slow.watch(connection)
    yield lambda: [json.loads(line) for line in caplog.text.splitlines()]
    connection.execute_wrappers.remove(slow.time_statement)


def ask(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_a_slow_statement_is_logged_with_its_request_and_without_its_values(lines):
    def view(request):
        request.user = AnonymousUser()
        ask("SELECT pg_sleep(0.06),\n   %s", "asha@example.com")
        ask("SELECT 1")

    with pytest.raises(TypeError):  # no response
        RequestIdMiddleware(view)(RequestFactory().get("/", headers={"X-Request-ID": "of-the-app-1"}))

    (line,) = lines()
    assert (line["sql"], line["request_id"], line["level"]) == ("SELECT pg_sleep(0.06), %s", "of-the-app-1", "WARNING")
    assert 0.06 <= line["seconds"] < 5


def test_prepared_statements_are_watched_as_well(lines):
    with logs.bound(task="t"), prepared_cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s::float)", [0.06])
    assert [line["sql"] for line in lines()] == ["SELECT pg_sleep(%s::float)"]


def test_commands_may_take_their_time(lines):
    ask("SELECT pg_sleep(0.06)")
    assert lines() == []


def test_a_connection_is_watched_once(lines):
    for _ in range(3):
        slow.watch(connection)
    assert connection.execute_wrappers.count(slow.time_statement) == 1
