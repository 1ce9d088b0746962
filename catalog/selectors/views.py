"""How often product pages were looked at: `catalog.page_views` counts."""

from collections.abc import Collection, Sequence
from datetime import date

from django.db import connection
from django.db.models import Sum

from accounts.models import SellerProfile
from catalog.models import ProductViews

_OF_SHOP = """
SELECT (
    SELECT coalesce(sum(views), 0) FROM catalog_productviews
    WHERE seller_id = %s AND day BETWEEN span.first AND span.last
)
FROM unnest(%s::date[], %s::date[]) WITH ORDINALITY AS span (first, last, position) ORDER BY position
"""


def views_known_from() -> date | None:
    """The first day with any."""
    return ProductViews.objects.order_by("pk").values_list("day", flat=True).first()


def views_of_shop(seller: SellerProfile, spans: Sequence[tuple[date, date]]) -> list[int]:
    """Of all its products, in each of the spans of days, the first and the last day included."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_SHOP, [seller.pk, [first for first, _ in spans], [last for _, last in spans]])
        return [views for (views,) in cursor.fetchall()]


def views_of_products(ids: Collection[int], first: date, last: date) -> dict[int, int]:
    """Of those that have any."""
    rows = ProductViews.objects.filter(product__in=ids, day__range=(first, last)).order_by()
    return dict(rows.values_list("product").annotate(Sum("views")))
