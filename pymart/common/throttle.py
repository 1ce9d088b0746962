"""Attempt counters in Redis: fixed windows that begin with the first attempt."""

from typing import NamedTuple

from pymart.common import redis
from pymart.common.errors import Throttled

_COUNT = """
local n = redis.call('INCR', KEYS[1])
if n == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return {n, redis.call('TTL', KEYS[1])}
"""
_TAKE_BACK = """
local n = tonumber(redis.call('GET', KEYS[1]) or 0) - ARGV[1]
if n > 0 then redis.call('SET', KEYS[1], n, 'KEEPTTL') else redis.call('DEL', KEYS[1]) end
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


def take_back(scope: str, who: str, attempts: int) -> None:
    """Attempts that were none after all."""
    redis.command("EVAL", _TAKE_BACK, 1, redis.key("throttle", scope, who), attempts)


def reset(scope: str, who: str) -> int:
    """Count anew; answers how many attempts there had been."""
    return int(redis.command("GETDEL", redis.key("throttle", scope, who)) or 0)
