"""A seller's figures: equal to what anybody would count by hand, and nobody else's."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import SellerProfile
from catalog.models import ProductViews, Variant
from orders.models import Order, OrderItem, SellerOrder
from orders.periods import Period, Span, Step, midnight
from orders.seller_figures import Change, Sales, best_sellers, figures, sales_in
from orders.services import cancel_order
from orders.states import SOLD, OrderStatus
from payments.selectors import shop_stats
from tests.factories import make_seller, make_user
from tests.orders.selling import pay, sold_by
from tests.shop import fill_cart, make_variant, place

pytestmark = pytest.mark.django_db
INDIA = timedelta(hours=5, minutes=30)
WEEK = Span(date(2026, 3, 2), date(2026, 3, 8))  # Monday to Sunday


def noon(day: int) -> datetime:
    """Of that day in March."""
    return midnight(date(2026, 3, day)) + timedelta(hours=12)


def paid_at(part: SellerOrder, moment: datetime) -> SellerOrder:
    """As if it had been paid then."""
    SellerOrder.objects.filter(pk=part.pk).update(paid_at=moment)
    Order.objects.filter(pk=part.order_id).update(paid_at=moment)
    return part


def by_day(seller: SellerProfile, span: Span) -> dict[date, Sales]:
    return {row.span.first: row.sales for row in figures(seller, Period(span, Step.DAY)).rows}


def counted_by_hand(seller: SellerProfile, span: Span) -> Sales:
    total = Sales()
    for part in SellerOrder.objects.filter(seller=seller, status__in=SOLD).prefetch_related("items"):
        if part.paid_at and span.first <= (part.paid_at + INDIA).astimezone(UTC).date() <= span.last:
            items = list(part.items.all())
            goods = sum((item.unit_price * item.quantity for item in items), Decimal(0))
            total += Sales(1, sum(item.quantity for item in items), goods, part.shipping)
    return total


def test_a_sale_counts_on_the_day_in_india_on_which_it_was_paid():
    seller = make_seller()
    for moment in (
        datetime(2026, 3, 1, 18, 29, 59, 999999, UTC),  # 23:59 on the 1st
        datetime(2026, 3, 1, 18, 30, tzinfo=UTC),  # midnight
        datetime(2026, 3, 2, 18, 29, tzinfo=UTC),  # 23:59 on the 2nd
        datetime(2026, 3, 2, 18, 30, tzinfo=UTC),
    ):
        paid_at(sold_by(seller), moment)
    days = by_day(seller, Span(date(2026, 3, 1), date(2026, 3, 4)))
    assert [sales.orders for sales in days.values()] == [1, 2, 1, 0]


def test_what_is_not_paid_or_cancelled_is_not_sold():
    seller, today = make_seller(), timezone.localdate()
    parts = {status: sold_by(seller, status=status) for status in ("pending", "paid", "processing", "shipped")}
    cancelled = sold_by(seller)
    cancel_order(order=cancelled.order, actor=None)
    sales = by_day(seller, Span(today, today))[today]
    kept = [parts[status] for status in ("paid", "processing", "shipped")]
    assert sales == Sales(3, 3, sum((part.subtotal for part in kept), Decimal(0)), sum(part.shipping for part in kept))


def test_only_the_own_part_of_a_shared_order_counts():
    mine, other = make_seller(), make_seller()
    buyer = make_user()
    fill_cart(buyer, make_variant(seller=mine, price="100.00"), quantity=2)
    fill_cart(buyer, make_variant(seller=other, price="900.00", mrp="900.00"), quantity=3)
    order = pay(place(buyer))
    today = timezone.localdate()
    span = Span(today, today)
    assert [sales_in(seller, [span])[0] for seller in (mine, other)] == [
        Sales(1, 2, Decimal("200.00"), Decimal("49.00")),
        Sales(1, 3, Decimal("2700.00"), Decimal("0.00")),
    ]
    assert sum(sales_in(seller, [span])[0].revenue for seller in (mine, other)) == order.total
    assert [row.amount for row in best_sellers(mine, span)] == [Decimal("200.00")]


def test_all_shops_together_have_the_revenue_that_staff_see():
    sellers = [make_seller(), make_seller()]
    for count in range(4):
        order = pay(place(make_user(), *(make_variant(seller=seller) for seller in sellers)))
        if count == 3:
            cancel_order(order=order, actor=None)
    today = timezone.localdate()
    month = Span(today.replace(day=1), today)
    together = sum((sales_in(seller, [month])[0].revenue for seller in sellers), Decimal(0))
    assert together == shop_stats()["revenue"]["this_month"] > 0


def test_the_period_before_is_as_long_and_ends_the_day_before():
    seller = make_seller()
    for day, hour in ((date(2026, 2, 22), 12), (date(2026, 2, 23), 0), (date(2026, 3, 1), 23), (date(2026, 3, 8), 23)):
        paid_at(sold_by(seller), midnight(day) + timedelta(hours=hour))
    found = figures(seller, Period(WEEK, Step.DAY))
    assert Period(WEEK, Step.DAY).before == Span(date(2026, 2, 23), date(2026, 3, 1))
    assert (found.sales.orders, found.before.orders) == (1, 2)
    assert [row.before.orders for row in found.rows] == [1, 0, 0, 0, 0, 0, 1]


def test_a_change_from_nothing_is_new_and_divides_nothing():
    assert (Change(Decimal(5), Decimal(0)).is_new, Change(Decimal(5), Decimal(0)).percent) == (True, None)
    assert (Change(0, 0).is_new, Change(0, 0).percent) == (False, None)
    assert (Change(150, 100).difference, Change(150, 100).percent) == (50, Decimal("50.0"))
    assert Change(0, 3).percent == Decimal("-100.0")
    assert (Change(None, None).difference, Change(1, None).percent) == (None, None)


seconds = st.integers(0, 38 * 24 * 3600)
moments = seconds.map(lambda passed: datetime(2026, 2, 10, tzinfo=UTC) + timedelta(seconds=passed))
sale = st.tuples(
    st.integers(0, 1),  # whose
    moments,
    st.sampled_from([*OrderStatus.values]),
    st.lists(st.tuples(st.integers(0, 2), st.integers(1, 4)), min_size=1, max_size=3, unique_by=lambda line: line[0]),
)


@pytest.fixture
def shops(db) -> list[list[Variant]]:
    """Two shops with three variants each, the last two of one product."""
    made = []
    for _ in range(2):
        seller = make_seller()
        variants = [make_variant(seller=seller, price=price) for price in ("99.50", "120.00", "33.33")]
        Variant.objects.filter(pk=variants[2].pk).update(product=variants[1].product, name="Another")
        made.append(variants)
    return made


def write(shops: list[list[Variant]], sales: Iterable[tuple]) -> None:
    buyer = make_user()
    for whose, moment, status, lines in sales:
        picked = [(shops[whose][which], quantity) for which, quantity in lines]
        subtotal = sum(variant.price * quantity for variant, quantity in picked)
        order = Order.objects.create(
            buyer=buyer, status=status, subtotal=subtotal, shipping=49, total=subtotal + 49, expires_at=moment,
            payment_status={"pending": "unpaid", "cancelled": "refunded"}.get(status, "paid"),
        )  # fmt: skip
        part = SellerOrder.objects.create(
            order=order, seller=picked[0][0].seller, status=status, subtotal=subtotal, shipping=49,
            units=sum(quantity for _, quantity in picked), paid_at=None if status == "pending" else moment,
        )  # fmt: skip
        OrderItem.objects.bulk_create(
            OrderItem(
                seller_order=part, variant=variant, title="Lamp", sku=variant.sku, gst_rate=18, mrp=variant.mrp,
                unit_price=variant.price, quantity=quantity, line_total=variant.price * quantity,
            )
            for variant, quantity in picked
        )  # fmt: skip


@given(
    sales=st.lists(sale, max_size=12),
    first=st.dates(date(2026, 2, 20), date(2026, 3, 10)),
    days=st.integers(1, 40),
    step=st.sampled_from(Step),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_figures_equal_what_is_counted_by_hand(shops, sales, first, days, step):
    OrderItem.objects.all().delete()
    SellerOrder.objects.all().delete()
    Order.objects.all().delete()
    write(shops, sales)
    seller = shops[0][0].seller
    period = Period(Span(first, first + timedelta(days=days - 1)), step)
    found = figures(seller, period)
    assert found.sales == counted_by_hand(seller, period.span)
    assert found.before == counted_by_hand(seller, period.before)
    assert [row.sales for row in found.rows] == [counted_by_hand(seller, row.span) for row in found.rows]
    assert [day for row in found.rows for day in each_day(row.span)] == list(each_day(period.span))
    best = best_sellers(seller, period.span)
    assert sum((row.amount for row in best), Decimal(0)) == found.sales.goods
    assert sum(row.units for row in best) == found.sales.units
    assert {row.product_id: row.orders for row in best} == orders_by_product(seller, period.span)
    assert [row.amount for row in best] == sorted((row.amount for row in best), reverse=True)


def each_day(span: Span) -> Iterable[date]:
    return (span.first + timedelta(days=number) for number in range(span.days))


def orders_by_product(seller: SellerProfile, span: Span) -> dict[int, int]:
    found: dict[int, set[int]] = {}
    items = OrderItem.objects.filter(seller_order__seller=seller, seller_order__status__in=SOLD)
    for item in items.select_related("seller_order", "variant"):
        if span.first <= (item.seller_order.paid_at + INDIA).astimezone(UTC).date() <= span.last:
            found.setdefault(item.variant.product_id, set()).add(item.seller_order_id)
    return {product: len(orders) for product, orders in found.items()}


def test_weeks_begin_on_monday_and_months_on_the_first():
    span = Span(date(2026, 2, 25), date(2026, 3, 10))  # Wednesday to Tuesday
    weeks = [str(part) for part in Period(span, Step.WEEK).parts]
    assert weeks == ["25 Feb – 1 Mar 2026", "2–8 Mar 2026", "9–10 Mar 2026"]
    months = Period(Span(date(2025, 12, 31), date(2026, 3, 10)), Step.MONTH)
    assert [months.label(part) for part in months.parts] == [
        "31 Dec 2025", "January 2026", "February 2026", "1–10 Mar 2026",
    ]  # fmt: skip


def test_conversion_is_known_where_views_were_counted():
    seller = make_seller()
    variant = make_variant(seller=seller)
    paid_at(sold_by(seller, variant), noon(3))
    paid_at(sold_by(seller, variant), noon(6))
    found = figures(seller, Period(WEEK, Step.DAY))
    assert (found.views, found.conversion) == (None, None)
    assert best_sellers(seller, WEEK)[0].views is None

    for day, views in ((5, 10), (6, 15)):
        ProductViews.objects.create(product=variant.product, seller=seller, day=date(2026, 3, day), views=views)
    found = figures(seller, Period(WEEK, Step.DAY))
    assert [row.views for row in found.rows] == [None, None, None, 10, 15, 0, 0]
    assert [row.conversion for row in found.rows][3:] == [Decimal("0.0"), Decimal("6.7"), None, None]
    assert (found.views, found.conversion) == (25, Decimal("4.0"))  # one order since the 5th
    assert found.views_since == date(2026, 3, 5)
    counted = Span(date(2026, 3, 5), date(2026, 3, 8))
    assert (best_sellers(seller, counted)[0].views, best_sellers(seller, counted)[0].conversion) == (25, Decimal("4.0"))


def test_the_number_of_queries_does_not_grow():
    def asked(seller: SellerProfile) -> int:
        with CaptureQueriesContext(connection) as queries:
            figures(seller, Period(WEEK, Step.DAY))
            best_sellers(seller, WEEK)
        return len(queries)

    few, many = make_seller(), make_seller()
    for seller, count in ((few, 1), (many, 6)):
        for _ in range(count):
            part = paid_at(sold_by(seller), noon(4))
            product = part.items.get().variant.product
            ProductViews.objects.create(product=product, seller=seller, day=date(2026, 2, 1), views=1)
    assert asked(few) == asked(many) <= 6
