"""
Carts in Redis: one hash per owner, variant id → quantity, beside the cart's own id. Never a price.

An owner is a user's id or `guest:<token>`. The id is made with the first line and goes with the last: an order
remembers it, so one cart becomes one order.
"""

import uuid
from dataclasses import dataclass, field

from django.conf import settings

from pymart.common import redis
from pymart.common.errors import DomainError

_TTL = settings.CART_TTL_DAYS * 24 * 60 * 60

# KEYS: cart. ARGV: ttl. Every look keeps the cart alive.
_READ = "redis.call('EXPIRE', KEYS[1], ARGV[1]) return redis.call('HGETALL', KEYS[1])"
# KEYS: cart, saved. ARGV: new id, ttl, variant, quantity, maximum, lines. Answers the quantity reached and the cart's
# id; 0 where the cart has so many lines already. The id is a field, too.
_ADD = """
redis.call('HSETNX', KEYS[1], 'id', ARGV[1])
if redis.call('HLEN', KEYS[1]) > tonumber(ARGV[6]) and redis.call('HEXISTS', KEYS[1], ARGV[3]) == 0 then
    return {0, false}
end
local quantity = redis.call('HINCRBY', KEYS[1], ARGV[3], ARGV[4])
if quantity > tonumber(ARGV[5]) then
    quantity = tonumber(ARGV[5])
    redis.call('HSET', KEYS[1], ARGV[3], quantity)
end
redis.call('EXPIRE', KEYS[1], ARGV[2])
redis.call('SREM', KEYS[2], ARGV[3])
return {quantity, redis.call('HGET', KEYS[1], 'id')}
"""
# KEYS: cart. ARGV: new id, ttl, lines, then pairs of variant and quantity (0 removes). An empty cart goes, with its id.
# Answers the id, and whether a new line was left out since the cart has so many already.
_SET = """
redis.call('HSETNX', KEYS[1], 'id', ARGV[1])
local full = 0
for i = 4, #ARGV, 2 do
    if tonumber(ARGV[i + 1]) <= 0 then
        redis.call('HDEL', KEYS[1], ARGV[i])
    elseif redis.call('HLEN', KEYS[1]) > tonumber(ARGV[3]) and redis.call('HEXISTS', KEYS[1], ARGV[i]) == 0 then
        full = 1
    else
        redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
    end
end
if redis.call('HLEN', KEYS[1]) < 2 then redis.call('DEL', KEYS[1]) else redis.call('EXPIRE', KEYS[1], ARGV[2]) end
return {redis.call('HGET', KEYS[1], 'id'), full}
"""
# KEYS: from, to, saved. ARGV: new id, ttl, maximum, lines. Quantities add up to the maximum; `from` is gone afterwards.
# Lines beyond so many are saved for later.
_MERGE = """
local lines = redis.call('HGETALL', KEYS[1])
if #lines == 0 then return 0 end
redis.call('HSETNX', KEYS[2], 'id', ARGV[1])
for i = 1, #lines, 2 do
    if lines[i] == 'id' then
        -- the cart keeps its own
    elseif redis.call('HLEN', KEYS[2]) > tonumber(ARGV[4]) and redis.call('HEXISTS', KEYS[2], lines[i]) == 0 then
        redis.call('SADD', KEYS[3], lines[i])
        redis.call('EXPIRE', KEYS[3], ARGV[2])
    else
        local quantity = redis.call('HINCRBY', KEYS[2], lines[i], lines[i + 1])
        if quantity > tonumber(ARGV[3]) then redis.call('HSET', KEYS[2], lines[i], ARGV[3]) end
    end
end
redis.call('DEL', KEYS[1])
redis.call('EXPIRE', KEYS[2], ARGV[2])
return 1
"""
# KEYS: cart. ARGV: id. A cart that was begun after the order keeps its lines.
_CLEAR = "if redis.call('HGET', KEYS[1], 'id') == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


class CartFull(DomainError):
    code = "cart_full"
    message = f"A cart holds {settings.CART_MAX_LINES} different items. Remove one first, or order what is in it."


@dataclass(frozen=True)
class StoredCart:
    id: uuid.UUID | None = None
    quantities: dict[int, int] = field(default_factory=dict)


def read(owner: str) -> StoredCart:
    raw = redis.command("EVAL", _READ, 1, _key(owner), _TTL)
    fields = dict(zip(raw[::2], raw[1::2], strict=True))
    cart_id = _uuid(fields.pop(b"id", None))
    return StoredCart(cart_id, {int(variant): int(quantity) for variant, quantity in fields.items()})


def read_saved(owner: str) -> list[int]:
    """Variants that wait for later, in the order of their ids."""
    with redis.connection() as client:
        return sorted(int(variant) for variant in client.smembers(_saved_key(owner)))


def count(owner: str) -> int:
    return sum(read(owner).quantities.values())


def add(owner: str, variant_id: int, quantity: int, *, maximum: int) -> tuple[int, uuid.UUID]:
    """
    Answers the quantity reached, at most `maximum`, and the cart's id. The variant is no longer saved for later.

    :raises CartFull: for a new line.
    """
    keys = (_key(owner), _saved_key(owner))
    arguments = (str(uuid.uuid4()), _TTL, variant_id, quantity, maximum, settings.CART_MAX_LINES)
    reached, cart_id = redis.command("EVAL", _ADD, 2, *keys, *arguments)
    if not reached:
        raise CartFull
    return reached, uuid.UUID(cart_id.decode())


def put(owner: str, quantities: dict[int, int]) -> uuid.UUID | None:
    """
    Set these lines; a quantity of 0 removes. Answers the cart's id, None when nothing is left in it.

    :raises CartFull: when there is no room for a new line; the others are set.
    """
    pairs = [part for line in quantities.items() for part in line]
    arguments = (str(uuid.uuid4()), _TTL, settings.CART_MAX_LINES, *pairs)
    cart_id, is_full = redis.command("EVAL", _SET, 1, _key(owner), *arguments)
    if is_full:
        raise CartFull
    return _uuid(cart_id)


def save(owner: str, variant_id: int) -> None:
    with redis.connection() as client:
        client.sadd(_saved_key(owner), variant_id)
        client.expire(_saved_key(owner), _TTL)


def unsave(owner: str, variant_id: int) -> None:
    with redis.connection() as client:
        client.srem(_saved_key(owner), variant_id)


def clear(owner: str, cart_id: uuid.UUID) -> None:
    """Remove the cart if it still is that one."""
    redis.command("EVAL", _CLEAR, 1, _key(owner), str(cart_id))


def merge(source: str, target: str, *, maximum: int) -> bool:
    """Pour one cart into another, at once; answers whether there was anything in it."""
    keys = (_key(source), _key(target), _saved_key(target))
    arguments = (str(uuid.uuid4()), _TTL, maximum, settings.CART_MAX_LINES)
    with redis.connection() as client:
        poured = client.eval(_MERGE, 3, *keys, *arguments)
        if saved := client.smembers(_saved_key(source)):
            client.sadd(_saved_key(target), *saved)
            client.delete(_saved_key(source))
    return bool(poured)


def drop(owner: str) -> None:
    """Remove the cart, whichever it is."""
    with redis.connection() as client:
        client.delete(_key(owner))


def forget(owner: str) -> None:
    """Remove the cart and what is saved for later."""
    with redis.connection() as client:
        client.delete(_key(owner), _saved_key(owner))


def _uuid(raw: bytes | None) -> uuid.UUID | None:
    return uuid.UUID(raw.decode()) if raw else None


def _key(owner: str) -> str:
    return redis.key("cart", owner)


def _saved_key(owner: str) -> str:
    return redis.key("saved", owner)
