"""The log of statements that took long: which, how long, and for which request, but not with which values."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

from pymart.common import logs

log = logging.getLogger(__name__)

LONGEST = 2000  # characters of a statement


def watch(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    """For `connection_created`; a connection that is made anew is watched once."""
    if settings.SLOW_STATEMENT_SECONDS and time_statement not in connection.execute_wrappers:
        connection.execute_wrappers.append(time_statement)


def time_statement(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    begun = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        took = time.perf_counter() - begun
        if took >= settings.SLOW_STATEMENT_SECONDS and logs.context():  # commands may take their time
            _tell(sql, took)


def _tell(sql: Any, took: float) -> None:
    text = " ".join(str(sql).split())[:LONGEST]
    log.warning("A statement took %.2f s", took, extra={"fields": {"seconds": round(took, 3), "sql": text}})
