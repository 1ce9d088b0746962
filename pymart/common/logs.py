"""
Logs that machines read: one JSON object a line, with what is known about the request it belongs to, also in the
tasks that the request sent.
"""

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

HEADER = "log_context"  # of a task's message
_context: ContextVar[Mapping[str, Any]] = ContextVar("log_context", default={})  # noqa: B039 - never changed, replaced


@contextmanager
def bound(**fields: Any) -> Iterator[None]:
    """All lines until the end of the block have these fields as well."""
    token = _context.set({**_context.get(), **fields})
    try:
        yield
    finally:
        _context.reset(token)


def context() -> dict[str, Any]:
    return dict(_context.get())


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **context(),
        }
        if status := getattr(record, "status_code", None):  # of `django.request`
            line["status"] = status
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)
