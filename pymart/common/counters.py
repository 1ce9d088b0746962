"""
Counts of what leaves no row behind, in Redis: one number for all processes, which outlives them.

For what happens rarely, as each count is a round trip. What has rows is counted there (`pymart.metrics`).
"""

import logging

from pymart.common import redis
from pymart.common.errors import Unavailable

log = logging.getLogger(__name__)


def add(name: str, label: str = "") -> None:
    """Without Redis it is not counted, and nobody waits for that."""
    try:
        redis.command("HINCRBY", _key(), f"{name}:{label}", 1)
    except Unavailable:
        log.warning("%s %s is not counted: Redis does not answer", name, label)


def set_to(name: str, value: int) -> None:
    """:raises Unavailable:"""
    redis.command("HSET", _key(), f"{name}:", value)


def read() -> dict[tuple[str, str], int]:
    """
    By name and label, what was ever counted.

    :raises Unavailable:
    """
    with redis.connection() as client:
        found = client.hgetall(_key())
    counts: dict[tuple[str, str], int] = {}
    for field, count in found.items():
        name, _, label = field.decode().partition(":")
        counts[name, label] = int(count)
    return counts


def _key() -> str:
    return redis.key("counters")
