"""PostgreSQL beyond the ORM."""

import json
import sys
from collections.abc import Callable, Sequence
from typing import Any, Self

import psycopg
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, connection, models, transaction
from django.db.backends.utils import CursorWrapper
from django.db.migrations import RunSQL

LARGEST_ID = 2**63 - 1  # of a bigint
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


class _PreparedCursor(psycopg.Cursor[Any]):
    def execute(self, query: Any, params: Any = None, **_options: Any) -> Self:
        return super().execute(query, params, prepare=True)


def prepared_cursor() -> CursorWrapper:
    """
    A cursor for the few statements that are asked all the time: a connection has PostgreSQL plan each of them once.

    To plan a join with the much-indexed products takes several times as long as to answer it. The server binds the
    parameters itself, so those whose type it cannot guess need a cast. Where queries are logged this is any cursor, for
    its log shows the parameters.
    """
    if connection.queries_logged:
        return connection.cursor()
    connection.ensure_connection()
    raw = connection.connection
    if raw.prepare_threshold is None:  # as Django leaves it: nothing is ever prepared
        raw.prepare_threshold = sys.maxsize  # nothing by itself
    return connection._prepare_cursor(_PreparedCursor(raw))  # type: ignore[no-any-return, attr-defined]


def update_rows(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """
    `bulk_update` of hundreds of rows in a statement that takes no time to put together: Django makes an expression for
    each value.

    :param names: of the columns; the values are as `json` can write them.
    """
    if not rows or not names:
        return
    meta = rows[0]._meta
    quote = connection.ops.quote_name
    columns = {quote(name): meta.get_field(name).db_type(connection) for name in ("id", *names)}
    values = [{name: getattr(row, name) for name in ("id", *names)} for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quote(meta.db_table)} old SET {', '.join(f'{name} = new.{name}' for name in list(columns)[1:])} "  # noqa: S608
            f"FROM jsonb_to_recordset(%s) AS new ({', '.join(f'{name} {type}' for name, type in columns.items())}) "
            "WHERE old.id = new.id",
            [json.dumps(values, cls=DjangoJSONEncoder)],
        )


def violates(error: IntegrityError, constraint: str) -> bool:
    """Whether it was this constraint that the database held against a row."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) == constraint


def money_field(**kwargs: object) -> models.DecimalField:
    """Rupees with two places."""
    return models.DecimalField(max_digits=12, decimal_places=2, **kwargs)  # type: ignore[arg-type]
