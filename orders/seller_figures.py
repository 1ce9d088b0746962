"""
What a shop sold, counted in the database each time somebody looks.

Sold is what was paid for and not cancelled, on the day it was paid, delivery included: so the figures of all shops add
up to the revenue that staff see. An order that is cancelled, and thus refunded, is gone from the day it was paid.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from django.db import connection

from accounts.models import SellerProfile
from catalog.selectors import views_known_from, views_of_products, views_of_shop
from orders.periods import Period, Span
from orders.states import SOLD
from pymart.common.money import ZERO

_STATUSES = ", ".join(f"'{status}'" for status in SOLD)  # as the index says it
# A scan of one index for each span, which takes a fraction of what grouping its rows would.
_SALES = f"""
SELECT sold.* FROM unnest(%s::timestamptz[], %s::timestamptz[]) WITH ORDINALITY AS span (starts, ends, position)
CROSS JOIN LATERAL (
    SELECT count(*), coalesce(sum(units), 0), coalesce(sum(subtotal), 0.00), coalesce(sum(shipping), 0.00)
    FROM orders_sellerorder
    WHERE seller_id = %s AND status IN ({_STATUSES}) AND paid_at >= span.starts AND paid_at < span.ends
) AS sold
ORDER BY position
"""  # noqa: S608 - our own words
# Part by part (OFFSET 0), so that the cost is that of this shop's lines and not of all shops'.
_BEST_SELLERS = f"""
SELECT product.id, product.title, product.slug, sold.orders, sold.units, sold.amount
FROM (
    SELECT variant.product_id, count(DISTINCT part.id) AS orders, sum(item.quantity) AS units,
        sum(item.line_total) AS amount
    FROM orders_sellerorder part
    CROSS JOIN LATERAL (
        SELECT variant_id, quantity, line_total FROM orders_orderitem WHERE seller_order_id = part.id OFFSET 0
    ) AS item
    JOIN catalog_variant variant ON variant.id = item.variant_id
    WHERE part.seller_id = %(seller)s AND part.status IN ({_STATUSES})
        AND part.paid_at >= %(start)s AND part.paid_at < %(end)s
    GROUP BY variant.product_id
    ORDER BY amount DESC, variant.product_id
    LIMIT %(limit)s
) AS sold
JOIN catalog_product product ON product.id = sold.product_id
ORDER BY sold.amount DESC, product.id
"""  # noqa: S608 - our own words


class Sales(NamedTuple):
    """What a shop sold in a span of days."""

    orders: int = 0
    units: int = 0
    goods: Decimal = ZERO
    shipping: Decimal = ZERO

    @property
    def revenue(self) -> Decimal:
        return self.goods + self.shipping

    @property
    def average(self) -> Decimal | None:
        """Revenue of an average order; None without orders."""
        return (self.revenue / self.orders).quantize(ZERO, ROUND_HALF_UP) if self.orders else None

    def __add__(self, other: "Sales") -> "Sales":  # type: ignore[override]
        return Sales(*(mine + its for mine, its in zip(self, other, strict=True)))


@dataclass(frozen=True)
class Change:
    """A figure of this period and of the one before; None where it is not known."""

    now: Decimal | int | None
    before: Decimal | int | None

    @property
    def difference(self) -> Decimal | int | None:
        return None if self.now is None or self.before is None else self.now - self.before

    @property
    def percent(self) -> Decimal | None:
        """None also where there was nothing before."""
        if not self.before or self.difference is None:
            return None
        return (Decimal(self.difference) * 100 / self.before).quantize(Decimal("0.1"), ROUND_HALF_UP)

    @property
    def is_new(self) -> bool:
        return bool(self.now) and self.before == 0


@dataclass(frozen=True)
class Row:
    """A day, a week or a month, with the same span in the period before."""

    span: Span
    label: str
    sales: Sales
    before: Sales
    views: int | None

    @property
    def conversion(self) -> Decimal | None:
        return conversion(self.sales.orders, self.views)

    @property
    def revenue(self) -> Change:
        return Change(self.sales.revenue, self.before.revenue)


@dataclass(frozen=True)
class Figures:
    period: Period
    rows: list[Row]
    sales: Sales
    before: Sales
    views: int | None
    conversion: Decimal | None
    views_since: date | None  # where that is not the whole period

    @property
    def changes(self) -> dict[str, Change]:
        return {
            name: Change(getattr(self.sales, name), getattr(self.before, name))
            for name in ("revenue", "orders", "units", "average")
        }

    @property
    def most(self) -> Decimal:
        """The highest revenue of a row."""
        return max(row.sales.revenue for row in self.rows)


class BestSeller(NamedTuple):
    """Its amount is that of the lines, without delivery."""

    product_id: int
    title: str
    slug: str
    orders: int
    units: int
    amount: Decimal
    views: int | None = None

    @property
    def conversion(self) -> Decimal | None:
        return conversion(self.orders, self.views)


def conversion(orders: int, views: int | None) -> Decimal | None:
    """Orders per hundred views; None without views."""
    return (Decimal(orders) * 100 / views).quantize(Decimal("0.1"), ROUND_HALF_UP) if views else None


def sales_in(seller: SellerProfile, spans: Sequence[Span]) -> list[Sales]:
    """In each of the spans, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(_SALES, [[span.start for span in spans], [span.end for span in spans], seller.pk])
        return [Sales._make(row) for row in cursor.fetchall()]


def figures(seller: SellerProfile, period: Period) -> Figures:
    parts, span = period.parts, period.span
    counted = _counted_span(span)
    shifted = [part.moved(-span.days) for part in parts]
    found = sales_in(seller, [*parts, *shifted, *([counted] if counted else [])])
    now, before = found[: len(parts)], found[len(parts) : 2 * len(parts)]
    views: list[int | None] = [None] * len(parts)
    all_views = share = None
    if counted:
        *by_part, all_views = views_of_shop(seller, [*parts, counted])
        views = [count if part.first >= counted.first else None for part, count in zip(parts, by_part, strict=True)]
        share = conversion(found[-1].orders, all_views)
    return Figures(
        period=period,
        rows=[Row(part, period.label(part), *rest) for part, *rest in zip(parts, now, before, views, strict=True)],
        sales=sum(now, Sales()),
        before=sum(before, Sales()),
        views=all_views,
        conversion=share,
        views_since=counted.first if counted and counted.first > span.first else None,
    )


def best_sellers(seller: SellerProfile, span: Span, *, limit: int | None = 10) -> list[BestSeller]:
    """By what they brought in; all of them without a limit."""
    asked = {"seller": seller.pk, "start": span.start, "end": span.end, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(_BEST_SELLERS, asked)
        found = [BestSeller(*row) for row in cursor.fetchall()]
    counted = _counted_span(span)
    if not found or counted != span:  # else orders would be held against the views of fewer days
        return found
    views = views_of_products([row.product_id for row in found], *span)
    return [row._replace(views=views.get(row.product_id, 0)) for row in found]


def _counted_span(span: Span) -> Span | None:
    """The days of it in which views were counted."""
    since = views_known_from()
    if since is None or since > span.last:
        return None
    return Span(max(since, span.first), span.last)
