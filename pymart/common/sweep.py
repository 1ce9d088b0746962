"""What is repeated until all is done: one thing that cannot be done must not hold up the others."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import DatabaseError

T = TypeVar("T")
log = logging.getLogger(__name__)


def one_by_one(function: Callable[[T], object], items: Iterable[T], *, until: tuple[type[Exception], ...] = ()) -> int:
    """
    Call `function` with each item; answers how often it said that it did something.

    What it raises is logged, and its item left to the next run.

    :param until: after these the others would fail as well: they are left to the next run, too.
    :raises DatabaseError: when the database is away.
    """
    done = 0
    for item in items:
        try:
            done += bool(function(item))
        except until:
            break
        except Exception as error:
            if _is_database_away(error):
                raise
            log.exception("%s failed for %s", function.__qualname__, item)
    return done


def _is_database_away(error: Exception) -> bool:
    """What a server refuses has a code, from which a lost connection can be told."""
    return isinstance(error, DatabaseError) and getattr(error.__cause__, "sqlstate", None) is None
