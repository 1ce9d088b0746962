"""What the index is to be told: rows written in the transaction of the change, so that no crash loses one."""

from collections.abc import Collection

from django.conf import settings
from django.db import connection

_ENQUEUE = "INSERT INTO catalog_searchoutbox (product_id) SELECT unnest(%s::bigint[])"


def enqueue(ids: Collection[int]) -> None:
    """
    Have these products indexed, or taken out of the index, once the transaction is committed.

    One statement that waits for nobody, and none where there is no index.
    """
    if ids and settings.ELASTICSEARCH_URL:
        with connection.cursor() as cursor:
            cursor.execute(_ENQUEUE, [list(ids)])
