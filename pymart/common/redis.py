"""Redis beside the cache: carts, counters. All keys begin with `REDIS_PREFIX`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import redis
from django.conf import settings
from django_redis import get_redis_connection

from pymart.common.errors import Unavailable


@contextmanager
def connection() -> Iterator[redis.Redis]:
    """
    The pooled client.

    :raises Unavailable: when Redis does not answer.
    """
    try:
        yield get_redis_connection("default")
    except redis.RedisError as error:
        raise Unavailable from error


def command(*parts: str | int | bytes) -> Any:
    """
    One command and its bare answer, for less: without what redis-py measures and converts around each.

    :raises Unavailable: when Redis does not answer.
    """
    with connection() as client:
        try:
            return _ask(client.connection_pool, parts)
        except redis.TimeoutError:
            raise
        except redis.ConnectionError:  # one that lay idle while Redis was started anew
            return _ask(client.connection_pool, parts)


def _ask(pool: redis.ConnectionPool, parts: tuple[str | int | bytes, ...]) -> Any:
    link = pool.get_connection()
    try:
        link.send_command(*parts)
        return link.read_response()
    except BaseException:
        link.disconnect()  # the answer may still come, and must not be taken for another's
        raise
    finally:
        pool.release(link)


def key(*parts: object) -> str:
    return ":".join([settings.REDIS_PREFIX, *map(str, parts)])
