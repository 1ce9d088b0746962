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
    One command and its bare answer, at half the price: without the repetitions, measurements and conversions that
    redis-py wraps around each.

    :raises Unavailable: when Redis does not answer.
    """
    with connection() as client:
        pool = client.connection_pool
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
