"""What the busiest requests use in place of Django's and redis-py's own ways, and must do no worse."""

import socket

import pytest
from django.core.cache import close_caches
from django.core.signals import request_finished
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from redis import Redis
from rest_framework.serializers import CharField, ChoiceField, ListField

from pymart.common import redis
from pymart.common.api.serializers import StrictSerializer
from pymart.common.db import prepared_cursor
from pymart.common.errors import Unavailable

DOUBLE = "SELECT %s::int * 2"


def doubled(number: int) -> int:
    with prepared_cursor() as cursor:
        cursor.execute(DOUBLE, [number])
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_a_prepared_statement_is_planned_once():
    assert [doubled(number) for number in range(4)] == [0, 2, 4, 6]

    with connection.cursor() as cursor:
        cursor.execute("SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement ~ 'int \\* 2'")
        assert cursor.fetchall() == [(4, 0)]


@pytest.mark.django_db
def test_other_statements_are_not_prepared():
    doubled(1)
    with connection.cursor() as cursor:
        for _ in range(10):
            cursor.execute("SELECT 'again'")
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement ~ 'again'")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_where_queries_are_logged_the_log_shows_the_parameters():
    with CaptureQueriesContext(connection) as queries:
        assert doubled(21) == 42

    assert [query["sql"] for query in queries] == ["SELECT 21::int * 2"]


@pytest.mark.django_db
def test_errors_of_the_database_are_djangos():
    with pytest.raises(DatabaseError), prepared_cursor() as cursor:
        cursor.execute("SELECT 1 / %s::int", [0])


def test_a_command_has_its_bare_answer():
    name = redis.key("hot", "counter")

    assert redis.command("INCR", name) == 1
    assert redis.command("GET", name) == b"1"
    assert redis.command("GET", redis.key("hot", "nothing")) is None


def test_after_a_refused_command_the_next_gets_its_own_answer():
    name = redis.key("hot", "text")
    redis.command("SET", name, "seven")

    with pytest.raises(Unavailable):
        redis.command("INCR", name)
    assert redis.command("GET", name) == b"seven"


def test_a_connection_that_died_while_it_lay_idle_is_made_anew():
    with redis.connection() as client:
        link = client.connection_pool.get_connection()
        link._sock.shutdown(socket.SHUT_RDWR)
        client.connection_pool.release(link)

    assert redis.command("INCR", redis.key("hot", "counter")) == 1


def test_with_redis_away_a_command_says_so(monkeypatch):
    nowhere = Redis(host="127.0.0.1", port=1, socket_connect_timeout=1)
    with monkeypatch.context() as patch:
        patch.setattr("pymart.common.redis.get_redis_connection", lambda alias: nowhere)
        with pytest.raises(Unavailable):
            redis.command("GET", "x")


class Parcel(StrictSerializer):
    size = ChoiceField(["small", "large"])
    labels = ListField(child=CharField(max_length=5))


def test_each_serializer_has_fields_of_its_own():
    one, other = Parcel(data={"size": "small", "labels": ["a"]}), Parcel(data={"size": "huge", "labels": ["too long"]})

    assert one.is_valid()
    assert not other.is_valid()
    assert set(other.errors) == {"size", "labels"}
    assert one.errors == {}
    for name, field in one.fields.items():
        assert field is not other.fields[name]
        assert field.parent is one
    assert one.fields["labels"].child.root is one
    assert Parcel._declared_fields["size"].parent is None


def test_the_end_of_a_request_leaves_caches_open():
    assert close_caches not in [receiver() for _, receiver, *_ in request_finished.receivers]
