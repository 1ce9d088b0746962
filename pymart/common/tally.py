"""
Counts of what people look at, by day, in Redis until somebody writes them down. Nothing is kept of who looked.

A portion that is taken out keeps its id until it is said to be done: whoever dies in between leaves it to the next, who
can tell by the id whether it was written.
"""

import re
import uuid
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from time import time
from typing import NamedTuple

from pymart.common import redis

_BATCH = "batch"
_INDIA = 19_800  # seconds before UTC, all year
# Search engines, link previews, watchers, and libraries that no browser or phone calls itself by.
_MACHINES = re.compile(
    r"bot\b|bot[/_-]|crawl|spider|slurp|scrap|archiv|preview|inspection|mediapartners|apis-google|facebookexternalhit"
    r"|whatsapp|pinterest|embedly|vkshare|uptime|pingdom|monitor|statuscake|lighthouse|headless|phantomjs|curl|wget"
    r"|python|aiohttp|httpx|libwww|java/|apache-httpclient|go-http|node-fetch|undici|axios|ruby|perl|php|postman",
    re.IGNORECASE,
)
# KEYS: the counts, what is taken out. ARGV: an id. What was left behind comes before what is new.
_TAKE = f"""
if redis.call('EXISTS', KEYS[2]) == 0 then
  if redis.call('EXISTS', KEYS[1]) == 0 then return {{}} end
  redis.call('RENAME', KEYS[1], KEYS[2])
  redis.call('HSET', KEYS[2], '{_BATCH}', ARGV[1])
end
return redis.call('HGETALL', KEYS[2])
"""
_DONE = f"""
if redis.call('HGET', KEYS[1], '{_BATCH}') == ARGV[1] then redis.call('DEL', KEYS[1]) end
"""


class Portion(NamedTuple):
    """Of the counts of a tally: by day and what was looked at."""

    id: uuid.UUID
    counts: dict[tuple[date, str], int]


@lru_cache(maxsize=1000)
def is_person(user_agent: str) -> bool:
    """By what the client says of itself. Who says nothing is none."""
    return bool(user_agent) and not _MACHINES.search(user_agent)


def counts_key(name: str) -> str:
    return redis.key("tally", name)


def today() -> str:
    """What a count of today begins with, before a colon and what is counted. Cheap, as each kept answer asks."""
    return _day(int(time() + _INDIA) // 86_400)


@lru_cache(maxsize=2)
def _day(number: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=number)).isoformat()


def count(name: str, what: str) -> None:
    """:raises Unavailable:"""
    redis.command("HINCRBY", counts_key(name), f"{today()}:{what}", 1)


def take(name: str) -> Portion | None:
    """
    What was counted, and from now on is not counted there; or what was taken and is not done yet.

    :raises Unavailable:
    """
    with redis.connection() as client:
        found = client.eval(_TAKE, 2, counts_key(name), _taken_key(name), str(uuid.uuid4()))
    if not found:
        return None
    rows: Mapping[str, str] = dict(zip(*[map(bytes.decode, found)] * 2, strict=True))
    counts = {_day_and_what(field): int(value) for field, value in rows.items() if field != _BATCH}
    return Portion(uuid.UUID(rows[_BATCH]), counts)


def done(name: str, portion: Portion) -> None:
    """:raises Unavailable:"""
    with redis.connection() as client:
        client.eval(_DONE, 1, _taken_key(name), str(portion.id))


def _taken_key(name: str) -> str:
    return redis.key("tally", name, "taken")


def _day_and_what(field: str) -> tuple[date, str]:
    day, _, what = field.partition(":")
    return date.fromisoformat(day), what
