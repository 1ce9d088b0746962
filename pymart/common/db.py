"""PostgreSQL beyond the ORM."""

from collections.abc import Callable
from typing import Any

from django.db import connection, models, transaction
from django.db.migrations import RunSQL

APPEND_ONLY_FUNCTION = RunSQL(
    """
    CREATE FUNCTION pymart_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
    END $$;
    """,
    "DROP FUNCTION pymart_append_only();",
)


def append_only(table: str) -> RunSQL:
    """A migration operation: the database refuses to change or delete rows of `table`."""
    return RunSQL(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION pymart_append_only();",
        f"DROP TRIGGER append_only ON {table};",
    )


def advisory_lock(name: str) -> None:
    """Wait for, and hold to the end of the transaction, the one lock of that name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def after_commit(function: Callable[..., object], *args: Any) -> None:
    """
    Call it when the transaction is committed, and never if it is not. What it raises is logged and goes no further.

    A bare `on_commit(partial(…), robust=True)` does not do: Django 5.2 wants the `__qualname__` of what failed.
    """

    def call() -> None:
        function(*args)

    call.__qualname__ = getattr(function, "__qualname__", repr(function))
    transaction.on_commit(call, robust=True)


def money_field(**kwargs: object) -> models.DecimalField:
    """Rupees with two places."""
    return models.DecimalField(max_digits=12, decimal_places=2, **kwargs)  # type: ignore[arg-type]
