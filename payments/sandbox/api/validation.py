"""What the gateway accepts, field by field."""

from datetime import UTC, datetime
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest

from payments.sandbox.errors import (
    GatewayError,
    invalid,
    malformed_id,
    unexpected_fields,
    unknown_id,
)
from payments.sandbox.ids import is_id
from payments.sandbox.models import Order, Payment, Refund

Row = TypeVar("Row", Order, Payment, Refund)
PREFIXES: dict[type, str] = {Order: "order_", Payment: "pay_", Refund: "rfnd_"}
MINIMUM = 100
MAX_AMOUNT = 2**31 - 1
MAX_NOTES, MAX_NOTE = 15, 256


def find(rows: QuerySet[Row], value: str) -> Row:
    if not is_id(value, PREFIXES[rows.model]):
        raise malformed_id(value)
    row = rows.filter(pk=value).first()
    if row is None:
        raise unknown_id()
    return row


def only(data: dict[str, Any], *names: str) -> None:
    if unexpected := [name for name in data if name not in names]:
        raise unexpected_fields(unexpected)


def amount(data: dict[str, Any], *, too_small: str = "The amount must be at least INR 1.00") -> int:
    value = data.get("amount")
    if value is None:
        raise invalid("The amount field is required.", "amount")
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise invalid("The amount must be an integer.", "amount")
    if value < MINIMUM:
        raise invalid(too_small, "amount")
    if value > MAX_AMOUNT:
        raise invalid("Amount exceeds maximum amount allowed.", "amount")
    return value


def currency(data: dict[str, Any]) -> str:
    value = data.get("currency")
    if value is None:
        raise invalid("The currency field is required.", "currency")
    if value != "INR":
        raise invalid("Currency is not supported", "currency")
    return value


def receipt(data: dict[str, Any]) -> str | None:
    value = data.get("receipt")
    if value is None:
        return None
    if not isinstance(value, str):
        raise invalid("The receipt must be a string.", "receipt")
    if len(value) > 40:
        raise invalid("The receipt may not be greater than 40 characters.", "receipt")
    return value


def notes(data: dict[str, Any]) -> dict[str, str]:
    value = data.get("notes") or {}
    if not isinstance(value, dict):
        raise invalid("The notes must be an array.", "notes")
    if len(value) > MAX_NOTES:
        raise invalid("Number of fields in notes should be less than or equal to 15.", "notes")
    if any(len(str(part)) > MAX_NOTE for pair in value.items() for part in pair):
        raise invalid("Notes key and value may not be greater than 256 characters.", "notes")
    return {str(key): str(text) for key, text in value.items()}


def page(request: HttpRequest, rows: QuerySet[Row]) -> QuerySet[Row]:
    """`from`, `to`, `count` (10, at most 100) and `skip` of every list."""
    if (start := _number(request, "from")) is not None:
        rows = rows.filter(created_at__gte=_moment(start, "from"))
    if (end := _number(request, "to")) is not None:
        rows = rows.filter(created_at__lt=_moment(end + 1, "to"))
    count = _number(request, "count")
    count = 10 if count is None else count
    if count < 1:
        raise invalid("The count must be at least 1.", "count")
    if count > 100:
        raise invalid("The count may not be greater than 100.", "count")
    skip = _number(request, "skip") or 0
    return rows[skip : skip + count]


def _number(request: HttpRequest, name: str) -> int | None:
    value = request.GET.get(name)
    if value is None:
        return None
    if not (value.isascii() and value.isdecimal() and len(value) <= 10):
        raise invalid(f"The {name} must be an integer.", name)
    return int(value)


def _moment(seconds: int, name: str) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, tz=UTC)
    except (OverflowError, ValueError):
        raise GatewayError(f"{name} must be between 946684800 and 4765046400", field_name=name) from None
