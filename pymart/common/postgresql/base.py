"""Django's backend for PostgreSQL, whose pool gives out no connection that the server has ended."""

from select import POLLIN, poll
from typing import Any

import psycopg
from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> psycopg.Connection[Any]:
        """
        After PostgreSQL was started anew each connection that lay idle would fail a request. Django's own check
        (`CONN_HEALTH_CHECKS`) finds them, and has every request ask the server one thing more.
        """
        connection: psycopg.Connection[Any] = super().get_new_connection(conn_params)
        for _ in range(self.pool.max_size if self.pool else 0):
            if not _has_ended(connection):
                break
            connection.close()
            self.pool.putconn(connection)  # which has the pool make another
            connection = super().get_new_connection(conn_params)
        return connection


def _has_ended(connection: psycopg.Connection[Any]) -> bool:
    """A server that was asked nothing has only one thing to say."""
    watcher = poll()
    watcher.register(connection.fileno(), POLLIN)
    return bool(watcher.poll(0))
