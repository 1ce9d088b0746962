"""The admin's lists with a hundred thousand products and orders, and what belongs to them: quick, searches too."""

from time import perf_counter

import pytest
from django.contrib import admin
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from catalog.models import Product
from orders.models import Order
from pymart.common.admin_lists import MOST_COUNTED
from tests.factories import PASSWORD, hashed, make_admin, make_category, make_seller

pytestmark = pytest.mark.django_db

ROWS = 100_000  # products, orders and their parts
SOME = 10_000  # of what else there is
SECONDS = 1.0  # on a machine that does other things besides
FILL = [
    """INSERT INTO accounts_user (email, full_name, phone, password, role, is_active, is_staff, is_superuser, avatar,
        date_joined, session_version)
    SELECT 'buyer' || n || '@example.com', (ARRAY['Asha','Meera','Ravi','Zubeida'])[1 + n %% 4] || ' ' || md5(n::text),
        '', %(password)s, 'buyer', true, false, false, '', now() - n * interval '1 minute', 0
    FROM generate_series(1, %(some)s) n""",
    """INSERT INTO catalog_product (seller_id, category_id, title, slug, brand, description, highlights, tags,
        attributes, status, country_of_origin, hsn, gst_rate, created_at, updated_at, is_listed, in_stock, keywords,
        rating_average, rating_count, units_sold, blocked_reason)
    SELECT %(seller)s, %(category)s, (ARRAY['Steel bottle','Brass lamp','Cotton kurta','Clay pot'])[1 + n %% 4] || ' '
        || n, 'thing-' || n, '', '', '{}', '{}', '{}', (ARRAY['active','draft','archived'])[1 + n %% 3], 'IN', '', 18,
        now(), now(), false, false, '', 0, 0, 0, ''
    FROM generate_series(1, %(rows)s) n""",
    """INSERT INTO orders_order (number, buyer_id, cart_id, status, payment_status, subtotal, shipping, total, currency,
        razorpay_order_id, expires_at, cancel_reason, full_name, phone, line1, line2, landmark, city, state, pincode,
        created_at, paid_at)
    SELECT 'PM-' || n, %(first_user)s + 1 + n %% %(some)s, gen_random_uuid(),
        (ARRAY['paid','delivered','shipped'])[1 + n %% 3], 'paid',
        100, 0, 100, 'INR', 'order_' || n, now(), '', 'Asha', '+919876543210', 'x', '', '', 'Pune', 'Maharashtra',
        '411001', now() - n * interval '1 minute', now() - n * interval '1 minute'
    FROM generate_series(1, %(rows)s) n""",
    """INSERT INTO orders_sellerorder (order_id, seller_id, status, subtotal, shipping, units, carrier, tracking_number,
        tracking_url, created_at)
    SELECT id, %(seller)s, status, 100, 0, 1, '', '', '', created_at FROM orders_order""",
    """INSERT INTO payments_payment (order_id, razorpay_payment_id, status, amount, currency, method, settles_order,
        error_reason, error_description, created_at)
    SELECT id, 'pay_' || id, 'captured', 100, 'INR', 'upi', true, '', '', now()
    FROM orders_order LIMIT %(some)s""",
    """INSERT INTO payments_refund (id, payment_id, amount, reason, status, razorpay_refund_id, attempts, last_error,
        created_at, not_before)
    SELECT gen_random_uuid(), id, 100, 'cancelled', 'processed', 'rfnd_' || id, 0, '', now(), now()
    FROM payments_payment""",
    """INSERT INTO payments_webhookevent (event_id, type, body, received_at, processed_at, attempts, error)
    SELECT 'evt_' || n, 'payment.captured', '{}', now(), now(), 1, '' FROM generate_series(1, %(some)s) n""",
    """INSERT INTO reviews_review (product_id, author_id, rating, title, body, is_verified_purchase, helpful_count,
        open_reports, created_at, removal_reason)
    SELECT id, %(first_user)s + 1, 1 + id %% 5, 'Fine', 'As told.', true, 0, 0, now(), ''
    FROM catalog_product LIMIT %(some)s""",
    """INSERT INTO accounts_outboundemail (key, kind, user_id, params, created_at, attempts, not_before, sent_at,
        last_error)
    SELECT 'order-confirmation:' || id, 'order-confirmation', buyer_id, '{}', now(), 1, now(), now(), ''
    FROM orders_order LIMIT %(some)s""",
    """INSERT INTO common_auditentry (actor_id, action, subject_type, subject_id, subject, before, after, reason, ip,
        path, request_id, created_at)
    SELECT %(first_user)s + 1, 'cancel', 'orders.order', id, number, '{}', '{}', '', '10.0.0.1', '/admin/', '', now()
    FROM orders_order LIMIT %(some)s""",
    """INSERT INTO catalog_searchlog (id, query, results, engine, milliseconds, relaxed, clicked_position, created_at)
    SELECT n, 'lamp ' || n %% 20000, n %% 5, 'database', n %% 90, '', nullif(n %% 3, 0),
        now() - n * interval '5 seconds'
    FROM generate_series(1, %(rows)s) n""",
    "ANALYZE",
]  # fmt: skip
SEARCHES = {
    "accounts.user": ["buyer7777@", "meera"],
    "accounts.sellerprofile": ["shop"],
    "accounts.outboundemail": ["order-confirmation:7", "buyer7777@"],
    "catalog.product": ["kurta 777", "thing-7777", "shop"],
    "catalog.searchlog": ["lamp 77"],
    "common.auditentry": ["PM-7777", "buyer1@", "10.0.0.1"],
    "orders.order": ["PM-7777", "buyer7777@example.com", "zubeida", "order_7777"],
    "orders.sellerorder": ["PM-7777"],
    "payments.payment": ["pay_7", "PM-77777"],
    "payments.refund": ["PM-77777", "rfnd_77777"],
    "payments.webhookevent": ["evt_7777"],
    "reviews.review": ["lamp 777", "buyer1@example.com"],
}


@pytest.fixture
def full_shop(client):
    client.force_login(make_admin())
    values = {
        "rows": ROWS,
        "some": SOME,
        "password": hashed(PASSWORD),
        "seller": make_seller().pk,
        "category": make_category().pk,
    }
    values["first_user"] = User.objects.order_by("pk").last().pk
    with connection.cursor() as cursor:
        for statement in FILL:
            cursor.execute(statement, values)
    return client


def addresses(client) -> list[str]:
    found = ["/admin/"]
    for model in admin.site._registry:
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        found += [base, f"{base}?p=3", *(f"{base}?q={q}" for q in SEARCHES.get(model._meta.label_lower, []))]
        if model in (Order, Product):
            columns = admin.site.get_model_admin(model).list_display
            found += [f"{base}?o={number}" for number, _ in enumerate(columns, 1)]
        cl = client.get(base).context["cl"]
        for spec in cl.filter_specs:
            found += [f"{base}{choice['query_string']}" for choice in list(spec.choices(cl))[1:6]]
    order = Order.objects.order_by("pk").last().pk
    found += ["/admin/catalog/searchlog/report/", "/admin/catalog/searchlog/report/?days=90"]
    return [*found, f"/admin/orders/order/{order}/change/", f"/admin/orders/order/{order}/history/"]


def seconds(client, url: str) -> float:
    """Of the third try, where the first two were not quick."""
    took = 0.0
    for _ in range(3):
        cache.delete("staff.shop-stats")
        start = perf_counter()
        assert client.get(url).status_code == 200, url
        took = perf_counter() - start
        if took <= SECONDS:
            break
    return took


def test_every_list_is_quick(full_shop):
    taken = {url: seconds(full_shop, url) for url in addresses(full_shop)}
    assert {url: round(took, 2) for url, took in taken.items() if took > SECONDS} == {}
    listed = full_shop.get("/admin/orders/order/").context["cl"]
    assert listed.result_count == MOST_COUNTED
    assert "more than 10000 orders" in " ".join(full_shop.get("/admin/orders/order/").content.decode().split())
    with CaptureQueriesContext(
        connection,
    ) as queries:
        full_shop.get("/admin/orders/order/?q=PM-77777")
    assert len(queries) <= 8
