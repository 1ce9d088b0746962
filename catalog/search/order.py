"""The orders of lists, and places in them: a page that begins at a place is found as fast as the first one."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from psycopg.sql import SQL, Composable, Identifier, Placeholder

from catalog.search.types import Place, Sort


class Key(NamedTuple):
    column: str
    falls: bool
    read: Callable[[Any], object]  # the value, as JSON has it


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 2**63:
        raise ValueError
    return value


def _yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def _amount(value: object) -> Decimal:
    if not (amount := Decimal(str(value))).is_finite():
        raise ValueError
    return amount


def _moment(value: object) -> datetime:
    if (moment := datetime.fromisoformat(str(value))).tzinfo is None:
        raise ValueError
    return moment


KEYS: Mapping[str, tuple[Key, ...]] = {
    Sort.NEWEST: (Key("created_at", True, _moment), Key("id", True, _whole)),
    Sort.PRICE: (Key("price", False, _amount), Key("id", True, _whole)),
    Sort.PRICE_DOWN: (Key("price", True, _amount), Key("id", False, _whole)),  # one index, read backwards
    Sort.RATING: (
        Key("rating_average", True, _amount),
        Key("rating_count", True, _whole),
        Key("id", True, _whole),
    ),
    Sort.POPULAR: (Key("in_stock", True, _yes_or_no), Key("units_sold", True, _whole), Key("id", True, _whole)),
}


def place(sort: str, values: Sequence[object], *, backwards: bool = False) -> Place:
    """
    Where a row with these values stands, or would stand.

    :raises ValueError: when no row of a list in this order has such values.
    """
    keys = KEYS.get(sort, ())
    try:
        return Place(tuple(key.read(value) for key, value in zip(keys, values, strict=True)), backwards)
    except (TypeError, OverflowError, InvalidOperation) as error:
        raise ValueError from error


def keys_of(sort: str, place: Place | None = None) -> tuple[Key, ...]:
    """Turned round where the rows before a place are wanted, nearest first."""
    keys = KEYS[sort]
    return tuple(key._replace(falls=not key.falls) for key in keys) if place and place.backwards else keys


def columns(keys: Sequence[Key]) -> Composable:
    return SQL(", ").join(Identifier(key.column) for key in keys)


def order_by(keys: Sequence[Key]) -> Composable:
    return SQL(", ").join(SQL("{} DESC" if key.falls else "{}").format(Identifier(key.column)) for key in keys)


ORDER: Mapping[str, Composable] = {sort: order_by(keys) for sort, keys in KEYS.items()}


def beyond(keys: Sequence[Key]) -> tuple[Composable, ...]:
    """
    The conditions that rows beyond a place meet: each row one, in this order. Each is a range of the order's index.

    Where all keys fall, or all rise, one comparison of rows says it.
    """
    sides = [(SQL("p.{}").format(Identifier(key.column)), Placeholder(f"place_{key.column}")) for key in keys]
    if len({key.falls for key in keys}) == 1:
        left, right = (SQL(", ").join(side) for side in zip(*sides, strict=True))
        return (SQL("({}) < ({})" if keys[0].falls else "({}) > ({})").format(left, right),)
    found = []
    for depth in reversed(range(len(keys))):
        level = [SQL("{} = {}").format(*side) for side in sides[:depth]]
        further = SQL("{} < {}" if keys[depth].falls else "{} > {}").format(*sides[depth])
        found.append(SQL(" AND ").join([*level, further]))
    return tuple(found)


def place_params(keys: Sequence[Key], place: Place) -> dict[str, object]:
    return {f"place_{key.column}": value for key, value in zip(keys, place.values, strict=True)}
