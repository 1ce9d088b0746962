"""
Lists by pages. A page's number says how many rows to skip, which takes the longer the deeper it lies; the links `next`
and `previous` also carry a cursor, the place where the page begins, so following them costs the same on every page.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.core.cache import cache
from django.core.exceptions import ValidationError as InvalidValue
from django.db.models import Model, Q, QuerySet
from django.utils.http import urlencode
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, NotFound, ValidationError
from rest_framework.request import Request

from pymart.common.api.serializers import StrictSerializer, query

MAX_PAGE_SIZE = 100
MAX_PAGE = 10**6
MANY = 10_000
REMEMBERED = 60  # seconds


class PageQuery(StrictSerializer):
    page = serializers.IntegerField(min_value=1, max_value=MAX_PAGE, default=1)
    page_size = serializers.IntegerField(min_value=1, max_value=MAX_PAGE_SIZE, default=20)
    cursor = serializers.CharField(
        max_length=500, required=False, help_text="Part of `next` and `previous`: where that page begins."
    )


@dataclass(frozen=True)
class Cursor:
    """A place in an order: `values` of the row before the page (or after it, where `backwards`)."""

    values: Sequence[Any]
    backwards: bool = False

    def __str__(self) -> str:
        packed = orjson.dumps([int(self.backwards), *self.values], default=str)
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """:raises ValidationError: for what was never one."""
        try:
            backwards, *values = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        except (binascii.Error, ValueError, TypeError) as error:
            raise bad_cursor() from error
        if backwards not in (0, 1) or not all(isinstance(value, str | int | float | bool) for value in values):
            raise bad_cursor()
        return cls(values, bool(backwards))


def bad_cursor() -> ValidationError:
    return ValidationError({"cursor": [ErrorDetail("This is no cursor of this list.", "invalid")]})


def page_of(
    request: Request,
    rows: QuerySet[Any],
    *,
    order: Sequence[str],
    render: Callable[[Sequence[Any]], Iterable[Any]],
    extra: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """
    The page that is asked for, as the contract has it.

    :param order: names of columns that are never null, with "-" for descending; the last one unique.
    :param render: from the page's rows, in order, to what `results` holds.
    :raises ValidationError: for parameters that are none.
    :raises NotFound: past the end.
    """
    asked = query(PageQuery, request)
    page, size = asked["page"], asked["page_size"]
    cursor = Cursor.parse(asked["cursor"]) if asked.get("cursor") else None
    found, has_next = _rows(rows, order, page, size, cursor)
    if not found and page > 1:
        raise NotFound("There is no such page.")
    count = (page - 1) * size + len(found) if not has_next and not cursor else _count(rows.order_by())
    after = _cursor_at(found[-1], order) if found else None
    before = _cursor_at(found[0], order, backwards=True) if found else None
    return {
        "count": count,
        "next": page_link(request, page + 1, after) if has_next else None,
        "previous": page_link(request, page - 1, before if page > 2 else None) if page > 1 else None,
        **(extra or {}),
        "results": list(render(found)),
    }


def _count(rows: QuerySet[Any]) -> int:
    """Large counts take long and change little: they may be a minute old."""
    sql, params = rows.query.sql_with_params()
    key = f"count:{hashlib.blake2b(f'{sql}{params}'.encode(), digest_size=16).hexdigest()}"
    known: int | None = cache.get(key)
    if known is not None:
        return known
    count = rows.count()
    if count >= MANY:
        cache.set(key, count, REMEMBERED)
    return count


def page_link(request: Request, page: int, cursor: object | None) -> str:
    """The address of another page of the same list."""
    kept = [(name, value) for name, values in request.query_params.lists() for value in values]
    params = [(name, value) for name, value in kept if name not in ("page", "cursor")]
    params.append(("page", str(page)))
    if cursor:
        params.append(("cursor", str(cursor)))
    return f"{request.build_absolute_uri(request.path)}?{urlencode(params)}"


def _rows(
    rows: QuerySet[Any], order: Sequence[str], page: int, size: int, cursor: Cursor | None
) -> tuple[list[Any], bool]:
    """The rows of the page, and whether others follow it."""
    if cursor is None:
        return _skipped_to(rows.order_by(*order), (page - 1) * size, size)
    if cursor.backwards:
        turned = [name[1:] if name.startswith("-") else f"-{name}" for name in order]
        found = list(rows.filter(_beyond(rows.model, turned, cursor)).order_by(*turned)[:size])
        return found[::-1], True
    found = list(rows.filter(_beyond(rows.model, order, cursor)).order_by(*order)[: size + 1])
    return found[:size], len(found) > size


def _skipped_to(rows: QuerySet[Any], offset: int, size: int) -> tuple[list[Any], bool]:
    """Keys first, from the index alone: what is skipped is not read, nor joined to anything."""
    if offset == 0:
        found = list(rows[: size + 1])
        return found[:size], len(found) > size
    keys = list(rows.values_list("pk", flat=True)[offset : offset + size + 1])
    return list(rows.filter(pk__in=keys[:size])), len(keys) > size


def _beyond(model: type[Model], order: Sequence[str], cursor: Cursor) -> Q:
    """Rows after the cursor's: later in the first column, or level there and later in the rest."""
    columns = [(name.lstrip("-"), "lt" if name.startswith("-") else "gt") for name in order]
    if len(columns) != len(cursor.values):
        raise bad_cursor()
    try:
        values = [model._meta.get_field(name).to_python(v) for (name, _), v in zip(columns, cursor.values, strict=True)]
    except InvalidValue as error:
        raise bad_cursor() from error
    beyond = Q()
    for (name, later), value in reversed(list(zip(columns, values, strict=True))):
        beyond = Q(**{f"{name}__{later}": value}) | (Q(**{name: value}) & beyond if beyond else Q())
    first, later = columns[0]
    # Says again what follows from the above, in a way that an index can begin with.
    return Q(**{f"{first}__{later}e": values[0]}) & beyond if len(columns) > 1 else beyond


def _cursor_at(row: Any, order: Sequence[str], *, backwards: bool = False) -> Cursor:
    return Cursor([getattr(row, name.lstrip("-")) for name in order], backwards)
