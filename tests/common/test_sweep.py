"""One thing that cannot be done holds up nothing else; what stops everything does."""

import psycopg
import pytest
from django.db import OperationalError

from pymart.common.sweep import one_by_one


def refused(sqlstate: str | None) -> OperationalError:
    error = OperationalError()
    error.__cause__ = psycopg.errors.lookup(sqlstate)() if sqlstate else psycopg.OperationalError()
    return error


def doing(failing: Exception, done: list[int]):
    def work(item: int) -> bool:
        if item == 2:
            raise failing
        done.append(item)
        return item > 1

    return work


@pytest.mark.parametrize("failing", [ZeroDivisionError(), refused("40P01"), refused("23514")])
def test_what_fails_is_logged_and_the_rest_is_done(failing, caplog):
    done: list[int] = []
    assert one_by_one(doing(failing, done), [1, 2, 3]) == 1
    assert done == [1, 3]
    assert "work failed for 2" in caplog.text


def test_without_the_database_nothing_goes_on():
    done: list[int] = []
    with pytest.raises(OperationalError):
        one_by_one(doing(refused(None), done), [1, 2, 3])
    assert done == [1]


def test_what_would_fail_for_all_ends_the_run_quietly(caplog):
    done: list[int] = []
    assert one_by_one(doing(TimeoutError(), done), [1, 2, 3], until=(TimeoutError,)) == 0
    assert done == [1]
    assert not caplog.text
