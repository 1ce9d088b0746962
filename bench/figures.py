"""
How long a seller's figures take with a million order lines, of which one shop has 200,000.

    python bench/figures.py [--explain]

Starts PostgreSQL in .local/bench-figures and fills it with SQL, once. Each question is asked five times; the table has
the median of the time that passes until the page could be rendered.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pymart import embedded

FOLDER = Path(__file__).resolve().parent.parent / ".local" / "bench-figures"
SHOPS, PRODUCTS, PARTS = 50, 10_000, 650_000
ROUNDS = 5
# Shop 1 has a fifth of the products and of the orders. Orders spread over two years, the newest the busiest; one in
# twelve was cancelled; each has one to three lines.
FILL = """
CREATE TEMP TABLE own AS
SELECT seller_id, array_agg(id ORDER BY id) AS ids FROM catalog_variant GROUP BY seller_id;
CREATE TEMP TABLE part AS
SELECT n, CASE WHEN n % 5 = 0 THEN 1 ELSE 2 + n % {others} END AS seller_id,
    now() - interval '730 days' * power((({parts} - n)::float + random()) / {parts}, 1.3) AS at,
    CASE WHEN n % 12 = 0 THEN 'cancelled' WHEN n > {parts} - 2000 THEN 'paid' ELSE 'delivered' END AS status,
    CASE WHEN n % 13 < 7 THEN 1 WHEN n % 13 < 12 THEN 2 ELSE 3 END AS lines
FROM generate_series(1, {parts}) n;
CREATE TEMP TABLE line AS
SELECT DISTINCT ON (part.n, variant_id) part.n, variant_id, 1 + (random() * 2)::int AS quantity, price
FROM part JOIN own USING (seller_id), generate_series(1, part.lines) k,
LATERAL (SELECT own.ids[1 + floor(power(random(), 2) * cardinality(own.ids))::int + 0 * k] AS variant_id) pick
JOIN catalog_variant v ON v.id = variant_id
ORDER BY part.n, variant_id;
CREATE TEMP TABLE total AS
SELECT n, sum(quantity * price) AS amount, sum(quantity) AS units FROM line GROUP BY n;
INSERT INTO catalog_productviews (product_id, seller_id, day, views)
SELECT p.id, p.seller_id, day, 1 + (random() * 30)::int
FROM generate_series(now() - interval '365 days', now(), interval '1 day') day, catalog_product p
WHERE (p.id + (day::date - '2020-01-01'::date)) % 4 = 0;
INSERT INTO orders_order (id, full_name, phone, line1, line2, landmark, city, state, pincode, created_at, paid_at,
    number, cart_id, status, payment_status, subtotal, shipping, total, currency, razorpay_order_id, expires_at,
    cancel_reason, buyer_id)
SELECT n, 'A Buyer', '+919800000000', '1 MG Road', '', '', 'Pune', 'Maharashtra', '411001', at, at, 'PM-' || n,
    gen_random_uuid(), status, CASE status WHEN 'cancelled' THEN 'refunded' ELSE 'paid' END, amount, 49, amount + 49,
    'INR', '', at, '', 1
FROM part JOIN total USING (n) ORDER BY n;
INSERT INTO orders_sellerorder (id, order_id, seller_id, created_at, paid_at, status, subtotal, shipping, units,
    carrier, tracking_number, tracking_url)
SELECT n, n, seller_id, at, at, status, amount, 49, units, '', '', '' FROM part JOIN total USING (n) ORDER BY n;
INSERT INTO orders_orderitem (seller_order_id, variant_id, title, variant_name, sku, image, hsn, gst_rate, unit_price,
    mrp, quantity, line_total)
SELECT n, variant_id, 'Product ' || variant_id, '', 'product-' || variant_id, '', '', 18, price, 1000, quantity,
    quantity * price
FROM line ORDER BY n;
"""


def fill() -> None:
    from django.core.management import call_command
    from django.db import connection, transaction

    from accounts.models import Role, SellerProfile, SellerStatus, User
    from catalog.models import Category, Product, ProductStatus, Variant
    from orders.models import OrderItem

    call_command("migrate", verbosity=0)
    if not OrderItem.objects.exists():
        print("filling", file=sys.stderr)
        for number in range(1, SHOPS + 1):
            user = User.objects.create(pk=number, email=f"seller{number}@example.in", role=Role.SELLER)
            SellerProfile.objects.create(
                pk=number, user=user, shop_name=f"Shop {number}", slug=f"shop-{number}", legal_name="Shop", city="Pune",
                line1="1 MG Road", state="Maharashtra", pincode="411001", support_email=user.email,
                support_phone="+919800000000", status=SellerStatus.APPROVED, gstin=f"27ABCDE{number:04}F1Z5",
            )  # fmt: skip
        category = Category.objects.create(name="Things", slug="things")
        products = Product.objects.bulk_create(
            Product(
                pk=n, seller_id=2 + n % (SHOPS - 1) if n % 5 else 1, category=category, title=f"Product {n}",
                slug=f"product-{n}", status=ProductStatus.ACTIVE, is_listed=True,
            )
            for n in range(1, PRODUCTS + 1)
        )  # fmt: skip
        Variant.objects.bulk_create(
            Variant(
                pk=p.pk, product=p, seller_id=p.seller_id, sku=p.slug, price=100 + p.pk % 900, mrp=1000,
                stock=p.pk % 100,
            )
            for p in products
        )  # fmt: skip
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(FILL.format(others=SHOPS - 1, parts=PARTS))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def questions() -> dict[str, Callable[[], object]]:
    from django.utils import timezone

    from accounts.models import SellerProfile
    from catalog.selectors import low_stock
    from orders.periods import DAY, Period, Span, Step, last_days, usual_step
    from orders.seller_figures import best_sellers, figures

    today, big = timezone.localdate(), SellerProfile.objects.get(pk=1)
    year, month = Span(today - 364 * DAY, today), last_days(30, today)
    return {
        "a year by month, and the year before": lambda: figures(big, Period(year, Step.MONTH)),
        "a year by day, and the year before": lambda: figures(big, Period(year, Step.DAY)),
        "30 days by day, and the 30 before": lambda: figures(big, Period(month, usual_step(month))),
        "best sellers of a year": lambda: best_sellers(big, year),
        "best sellers of 30 days": lambda: best_sellers(big, month),
        "low stock": lambda: list(low_stock(big)[:10]),
    }


def main() -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    print("| question | ms | statements |\n|---|---|---|")
    for name, ask in questions().items():
        times = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            with CaptureQueriesContext(connection) as queries:
                ask()
            times.append((time.perf_counter() - start) * 1000)
        print(f"| {name} | {median(times):,.0f} | {len(queries)} |")
        if "--explain" in sys.argv:
            explain(connection, queries)


def explain(connection: Any, queries: Any) -> None:
    for query in list(queries):
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN (ANALYZE, BUFFERS) " + query["sql"].replace("%", "%%"), [])
            print("\n".join(row for (row,) in cursor.fetchall()))


if __name__ == "__main__":
    os.environ |= {"DEBUG": "1", "ENV_FILE": os.devnull, "DJANGO_SETTINGS_MODULE": "pymart.settings"}
    os.environ.pop("DATABASE_URL", None)
    embedded.provide(FOLDER)
    import django

    django.setup()
    fill()
    main()
