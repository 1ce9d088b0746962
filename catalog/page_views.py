"""Counts who looks at products: people, not programs, and neither the seller nor the staff."""

import logging
from contextlib import suppress
from datetime import timedelta

from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone

from catalog.models import ViewsBatch
from pymart.common import tally
from pymart.common.api.caching import Counted
from pymart.common.errors import Unavailable

log = logging.getLogger(__name__)

TALLY = "views"
REMEMBERED = timedelta(days=7)  # far longer than a portion can lie about half written
# Products that are gone take their counts with them.
_WRITE = """
INSERT INTO catalog_productviews (product_id, seller_id, day, views)
SELECT product.id, product.seller_id, counted.day, counted.views
FROM unnest(%s::bigint[], %s::date[], %s::integer[]) AS counted (product_id, day, views)
JOIN catalog_product product ON product.id = counted.product_id
ORDER BY counted.day, product.id
ON CONFLICT (product_id, day) DO UPDATE SET views = catalog_productviews.views + excluded.views
"""


def count_view(request: HttpRequest, *, product_id: int, owner_id: int) -> None:
    """A look at the page or the answer of a listed product, if it is a shopper's."""
    if not is_shopper(request) or request.user.pk == owner_id:
        return
    with suppress(Unavailable):  # nobody's page waits for a count
        tally.count(TALLY, str(product_id))


def is_shopper(request: HttpRequest) -> bool:
    """Whether this is a person looking at a page: no bot, no prefetch, nobody of the staff."""
    if request.method != "GET" or not tally.is_person(request.headers.get("User-Agent", "")):
        return False
    return "prefetch" not in request.headers.get("Sec-Purpose", "") and not getattr(request.user, "is_staff", False)


def looks_at(*, product_id: int, owner_id: int) -> Counted:
    """As `count_view`, for an answer that is kept: how looks at it are to be counted."""
    return Counted(TALLY, str(product_id), owner_id)


def write_views() -> int:
    """
    Move what was counted into the database; answers how many counts.

    However often it is killed, and wherever, each portion is written once: its id is written with it.
    """
    portion = tally.take(TALLY)
    if portion is None:
        return 0
    written = _write(portion)
    tally.done(TALLY, portion)
    return len(portion.counts) if written else 0


@transaction.atomic
def _write(portion: tally.Portion) -> bool:
    """Write a portion once; False if it was written before."""
    _, is_new = ViewsBatch.objects.get_or_create(pk=portion.id)  # of two at once the second one waits here
    if not is_new:
        return False
    ViewsBatch.objects.filter(written_at__lt=timezone.now() - REMEMBERED).delete()
    keys = list(portion.counts)
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE, [[int(what) for _, what in keys], [day for day, _ in keys], list(portion.counts.values())]
        )
    return True
