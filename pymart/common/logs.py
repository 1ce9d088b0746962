"""
Logs that machines read: one JSON object a line, with what is known about the request it belongs to, also in the
tasks that the request sent. Who a person is stands in none of them, but for the number of their account.
"""

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.functional import LazyObject

from pymart.common.scrub import scrub

HEADER = "log_context"  # of a task's message
_context: ContextVar[Mapping[str, Any]] = ContextVar("log_context", default={})  # noqa: B039 - never changed, replaced


@contextmanager
def bound(**fields: Any) -> Iterator[None]:
    """
    All lines until the end of the block have these fields as well. A field that is a function is asked at each line,
    and left out while it answers None.
    """
    token = _context.set({**_context.get(), **fields})
    try:
        yield
    finally:
        _context.reset(token)


def note(**fields: Any) -> None:
    """What has just become known: all lines until the end of the block of `bound` around this have it. Else nothing."""
    if known := _context.get():
        _context.set({**known, **fields})


def context() -> dict[str, Any]:
    found = {name: value() if callable(value) else value for name, value in _context.get().items()}
    return {name: value for name, value in found.items() if value is not None}


def known_user(request: HttpRequest) -> int | None:
    """Whose request this is, if somebody has asked that already: a line in the log is no reason to."""
    user = request.__dict__.get("user")
    if isinstance(user, LazyObject):
        user = request.__dict__.get("_cached_user")  # where `django.contrib.auth` keeps its answer
    return getattr(user, "pk", None)


def context_of(record: logging.LogRecord) -> dict[str, Any]:
    """Also of what Django says about an answer when the request is over, and with it its block."""
    found = context()
    if isinstance(request := getattr(record, "request", None), HttpRequest):
        told = {"request_id": getattr(request, "id", None), "user_id": known_user(request)}
        found = {**{name: value for name, value in told.items() if value is not None}, **found}
    return found


class JsonFormatter(logging.Formatter):
    """`extra={"fields": {…}}` of a call become fields of its line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": scrub(record.getMessage()),
            **context_of(record),
            **getattr(record, "fields", {}),
        }
        if status := getattr(record, "status_code", None):  # of `django.request`
            line["status"] = status
        if record.exc_info:
            line["exception"] = scrub(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)
