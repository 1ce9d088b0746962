"""
Fills the database that DATABASE_URL names with the comparison's catalogue, and prints the access tokens of its users.

    python bench/fill.py PRODUCTS USERS

Products, prices, tags and the tree of 50 categories are those of the comparison; each product has one variant and
three pictures (only their names). Whatever else the database holds is deleted.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pymart.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from accounts.models import Role, SellerProfile, SellerStatus, User  # noqa: E402
from accounts.tokens import access_token_of, new_refresh_token  # noqa: E402
from catalog.models import Category, Product  # noqa: E402
from catalog.tasks import rebuild_vocabulary  # noqa: E402
from pymart.common import redis  # noqa: E402
from pymart.common.india import gstin_check_character  # noqa: E402

KINDS = ["Cotton", "Brass", "Steel", "Silk", "Clay", "Jute", "Oak"]
THINGS = ["kurta", "lamp", "bottle", "saree", "pot", "bag", "table", "shelf"]
WORDS = "Handmade in India, checked by hand and packed with care. " * 8
STOCK, SELLERS = 1_000_000, 20
PRODUCTS = """
INSERT INTO catalog_product (seller_id, category_id, title, slug, brand, description, highlights, tags, attributes,
    status, country_of_origin, hsn, gst_rate, created_at, updated_at, is_listed, in_stock, price, mrp, keywords,
    rating_average, rating_count, units_sold, blocked_reason)
SELECT 1 + n %% %(sellers)s, 1 + n %% 50,
    (%(kinds)s::text[])[1 + n %% 7] || ' ' || (%(things)s::text[])[1 + n / 7 %% 8] || ' no. ' || n, 'product-' || n, '',
    %(words)s, '{}', ARRAY['handmade', 'tag-' || n %% 40, 'tag-' || n %% 90], '{}', 'active', 'IN', '', 18,
    '2026-01-01+05:30'::timestamptz - n * interval '1 min', now(), true, true, price, price + 10,
    concat('handmade tag-', n %% 40, ' tag-', n %% 90, ' Category ', 1 + n %% 50), 0, 0, 0, ''
FROM generate_series(1, %(count)s) n, LATERAL (SELECT 50 + n::bigint * 7919 %% 500000 / 100.0 AS price) AS asked;
INSERT INTO catalog_variant (product_id, seller_id, sku, name, attributes, price, mrp, stock, position, is_active)
SELECT id, seller_id, slug, '', '{}', price, mrp, %(stock)s, 0, true FROM catalog_product ORDER BY id;
INSERT INTO catalog_productimage (product_id, image, width, height, alt, position)
SELECT id, 'products/' || id || '-' || k || '-1200.webp', 1200, 1200, '', k
FROM catalog_product, generate_series(0, 2) k ORDER BY id, k;
INSERT INTO catalog_stockmovement (variant_id, quantity, reason, reference, created_at)
SELECT id, stock, 'opening', '', now() FROM catalog_variant ORDER BY id
"""


def people(users: int) -> None:
    made = [User(email=f"user{n}@example.in", full_name=f"User {n}") for n in range(1, users + 1)]
    owners = [User(email=f"seller{n}@example.in", full_name=f"Seller {n}", role=Role.SELLER) for n in range(SELLERS)]
    User.objects.bulk_create(made + owners)
    SellerProfile.objects.bulk_create(
        SellerProfile(
            user=owner, shop_name=owner.full_name, slug=f"seller-{n}", legal_name=owner.full_name, line1="1 MG Road",
            city="Pune", state="Maharashtra", pincode="411001", support_email=owner.email,
            support_phone="+919800000000", status=SellerStatus.APPROVED, gstin=gstin(n),
        )
        for n, owner in enumerate(owners)
    )  # fmt: skip


def gstin(number: int) -> str:
    """A registration in Maharashtra: such a shop may send to any state."""
    first = f"27ABCDE{number:04}F1Z"
    return first + gstin_check_character(first)


def categories() -> None:
    for numbers in (range(1, 11), range(11, 51)):
        Category.objects.bulk_create(
            Category(name=f"Category {n}", slug=f"category-{n}", parent_id=1 + n % 10 if n > 10 else None)
            for n in numbers
        )


def products(count: int) -> None:
    """A million take minutes."""
    with transaction.atomic(), connection.cursor() as cursor, indexes_made_afterwards():
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        values = {"count": count, "sellers": SELLERS, "stock": STOCK, "kinds": KINDS, "things": THINGS, "words": WORDS}
        for statement in PRODUCTS.split(";"):
            cursor.execute(statement, values)


@contextmanager
def indexes_made_afterwards() -> Iterator[None]:
    """Of products, those that keep nothing unique: to make one of a full table takes a fraction of filling it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE indrelid = 'catalog_product'::regclass AND NOT indisunique"
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        yield
        with transaction.atomic():
            cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
            for _, definition in indexes:
                cursor.execute(definition)


def fill(count: int, users: int) -> None:
    call_command("flush", interactive=False, verbosity=0)  # numbers begin at 1 again
    people(users)
    categories()
    products(count)
    rebuild_vocabulary()


def tidy() -> None:
    """Without the orders of earlier runs and the dead rows that they left."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE orders_order, payments_webhookevent CASCADE")
        cursor.execute("UPDATE catalog_variant SET stock = %s WHERE stock <> %s", [STOCK, STOCK])
        with transaction.atomic():  # nor what went out for them, so that the books agree
            cursor.execute("ALTER TABLE catalog_stockmovement DISABLE TRIGGER append_only")
            cursor.execute("DELETE FROM catalog_stockmovement WHERE reason <> 'opening'")
            cursor.execute("ALTER TABLE catalog_stockmovement ENABLE TRIGGER append_only")
        cursor.execute("VACUUM (ANALYZE)")  # marks what all can see, for index-only scans
    with redis.connection() as client:
        for key in client.scan_iter(f"{settings.REDIS_PREFIX}:*", count=1000):
            client.unlink(key)


def token(user: User) -> str:
    made = access_token_of(new_refresh_token(user))
    made.set_exp(lifetime=timedelta(days=1))
    return str(made)


if __name__ == "__main__":
    count, users = map(int, sys.argv[1:])
    call_command("migrate", verbosity=0)
    if (Product.objects.count(), User.objects.count()) != (count, users + SELLERS):
        fill(count, users)
    tidy()
    json.dump([token(user) for user in User.objects.order_by("pk")[:users]], sys.stdout)
