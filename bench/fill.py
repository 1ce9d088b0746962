"""
Fills the database that DATABASE_URL names with the comparison's catalogue, and prints the access tokens of its users.

    python bench/fill.py PRODUCTS USERS

Products, prices, tags and the tree of 50 categories are those of the comparison; each product has one variant and
three pictures (only their names). Whatever else the database holds is deleted.
"""

import json
import os
import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pymart.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from accounts.models import Role, SellerProfile, SellerStatus, User  # noqa: E402
from accounts.tokens import access_token_of, new_refresh_token  # noqa: E402
from catalog.models import (  # noqa: E402
    Category,
    Product,
    ProductImage,
    ProductStatus,
    StockMovement,
    StockReason,
    Variant,
)
from catalog.tasks import rebuild_vocabulary  # noqa: E402
from pymart.common import redis  # noqa: E402
from pymart.common.india import gstin_check_character  # noqa: E402

KINDS = ["Cotton", "Brass", "Steel", "Silk", "Clay", "Jute", "Oak"]
THINGS = ["kurta", "lamp", "bottle", "saree", "pot", "bag", "table", "shelf"]
WORDS = "Handmade in India, checked by hand and packed with care. " * 8
STOCK, SELLERS, BATCH = 1_000_000, 20, 5_000


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


def product(n: int) -> Product:
    price = 50 + Decimal(n * 7919 % 500_000) / 100
    return Product(
        seller_id=1 + n % SELLERS, category_id=1 + n % 50, slug=f"product-{n}", description=WORDS, price=price,
        title=f"{KINDS[n % 7]} {THINGS[n // 7 % 8]} no. {n}", mrp=price + 10, status=ProductStatus.ACTIVE,
        tags=["handmade", f"tag-{n % 40}", f"tag-{n % 90}"], is_listed=True, in_stock=True,
        keywords=f"handmade tag-{n % 40} tag-{n % 90} Category {1 + n % 50}",
    )  # fmt: skip


def products(numbers: range) -> None:
    made = Product.objects.bulk_create(map(product, numbers))
    Variant.objects.bulk_create(
        Variant(product=p, seller_id=p.seller_id, sku=p.slug, price=p.price, mrp=p.mrp, stock=STOCK) for p in made
    )
    ProductImage.objects.bulk_create(
        ProductImage(product=p, image=f"products/{p.pk}-{k}-1200.webp", width=1200, height=1200, position=k)
        for p in made
        for k in range(3)
    )
    StockMovement.objects.bulk_create(
        StockMovement(variant_id=n, quantity=STOCK, reason=StockReason.OPENING) for n in numbers
    )


def fill(count: int, users: int) -> None:
    call_command("flush", interactive=False, verbosity=0)  # numbers begin at 1 again
    people(users)
    categories()
    for begin in range(1, count + 1, BATCH):
        products(range(begin, min(begin + BATCH, count + 1)))
    rebuild_vocabulary()


def tidy() -> None:
    """Without the orders of earlier runs and the dead rows that they left."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE orders_order, payments_webhookevent CASCADE")
        cursor.execute(
            "UPDATE catalog_product SET created_at = '2026-01-01+05:30'::timestamptz - id * interval '1 min'"
        )
        cursor.execute("UPDATE catalog_variant SET stock = %s WHERE stock <> %s", [STOCK, STOCK])
        cursor.execute("VACUUM FULL")
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
