"""Redis beside the cache: carts, counters. All keys begin with `REDIS_PREFIX`."""

from collections.abc import Iterator
from contextlib import contextmanager

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


def key(*parts: object) -> str:
    return ":".join([settings.REDIS_PREFIX, *map(str, parts)])
