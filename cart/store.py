"""
Carts in Redis: one hash per owner, variant id → quantity, beside the cart's own id. Never a price.

An owner is a user's id or `guest:<token>`. The id is made with the first line and goes with the last: an order
remembers it, so one cart becomes one order.
"""

import uuid
from dataclasses import dataclass, field

from django.conf import settings

from pymart.common import redis

_TTL = settings.CART_TTL_DAYS * 24 * 60 * 60

# KEYS: cart. ARGV: ttl. Every look keeps the cart alive.
_READ = "redis.call('EXPIRE', KEYS[1], ARGV[1]) return redis.call('HGETALL', KEYS[1])"
# KEYS: cart, saved. ARGV: new id, ttl, variant, quantity, maximum. Answers the quantity reached and the cart's id.
_ADD = """
redis.call('HSETNX', KEYS[1], 'id', ARGV[1])
local quantity = redis.call('HINCRBY', KEYS[1], ARGV[3], ARGV[4])
if quantity > tonumber(ARGV[5]) then
    quantity = tonumber(ARGV[5])
    redis.call('HSET', KEYS[1], ARGV[3], quantity)
end
redis.call('EXPIRE', KEYS[1], ARGV[2])
redis.call('SREM', KEYS[2], ARGV[3])
return {quantity, redis.call('HGET', KEYS[1], 'id')}
"""
# KEYS: cart. ARGV: new id, ttl, then pairs of variant and quantity (0 removes). An empty cart goes, with its id, which
# is answered.
_SET = """
redis.call('HSETNX', KEYS[1], 'id', ARGV[1])
for i = 3, #ARGV, 2 do
    if tonumber(ARGV[i + 1]) > 0 then redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
    else redis.call('HDEL', KEYS[1], ARGV[i]) end
end
if redis.call('HLEN', KEYS[1]) < 2 then redis.call('DEL', KEYS[1]) else redis.call('EXPIRE', KEYS[1], ARGV[2]) end
return redis.call('HGET', KEYS[1], 'id')
"""
# KEYS: from, to. ARGV: new id, ttl, maximum. Quantities add up to the maximum; `from` is gone afterwards.
_MERGE = """
local lines = redis.call('HGETALL', KEYS[1])
if #lines == 0 then return 0 end
redis.call('HSETNX', KEYS[2], 'id', ARGV[1])
for i = 1, #lines, 2 do
    if lines[i] ~= 'id' then
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
    """Answers the quantity reached, at most `maximum`, and the cart's id. The variant is no longer saved for later."""
    keys = (_key(owner), _saved_key(owner))
    arguments = (str(uuid.uuid4()), _TTL, variant_id, quantity, maximum)
    reached, cart_id = redis.command("EVAL", _ADD, 2, *keys, *arguments)
    return reached, uuid.UUID(cart_id.decode())


def put(owner: str, quantities: dict[int, int]) -> uuid.UUID | None:
    """Set these lines; a quantity of 0 removes. Answers the cart's id, None when nothing is left in it."""
    pairs = [part for line in quantities.items() for part in line]
    return _uuid(redis.command("EVAL", _SET, 1, _key(owner), str(uuid.uuid4()), _TTL, *pairs))


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
    with redis.connection() as client:
        poured = client.eval(_MERGE, 2, _key(source), _key(target), str(uuid.uuid4()), _TTL, maximum)
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
