"""Attempt counters in Redis: fixed windows that begin with the first attempt."""

from typing import NamedTuple

from pymart.common import redis
from pymart.common.errors import Throttled

_COUNT = """
local n = redis.call('INCR', KEYS[1])
if n == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return {n, redis.call('TTL', KEYS[1])}
"""


class Rate(NamedTuple):
    limit: int
    remaining: int
    reset: int  # seconds until the window ends


def count(scope: str, who: str, *, limit: int, seconds: int) -> Rate:
    """
    Count an attempt.

    :raises Throttled: when `who` had `limit` attempts in the window already.
    :raises Unavailable: when Redis does not answer; a throttle that fails open is none.
    """
    attempts, left = redis.command("EVAL", _COUNT, 1, redis.key("throttle", scope, who), seconds)
    if attempts > limit:
        raise Throttled(retry_after=max(left, 1), limit=limit)
    return Rate(limit, limit - attempts, max(left, 1))


def reset(scope: str, who: str) -> None:
    with redis.connection() as client:
        client.delete(redis.key("throttle", scope, who))
