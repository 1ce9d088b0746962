"""Products, and the columns of theirs that are derived from others."""

import secrets
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from accounts.models import SellerProfile
from catalog import freshness
from catalog.models import Category, Product, ProductStatus
from catalog.search import colours
from pymart.common.errors import DomainError
from pymart.common.slugs import slug_of

_LOCK = "SELECT id FROM catalog_product WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
_REFRESH = """
WITH RECURSIVE path AS (
    SELECT product.id AS product_id, category.parent_id, category.name
    FROM catalog_product product JOIN catalog_category category ON category.id = product.category_id
    WHERE product.id = ANY(%(ids)s)
  UNION ALL
    SELECT path.product_id, category.parent_id, category.name
    FROM path JOIN catalog_category category ON category.id = path.parent_id
), fresh AS (
    SELECT product.id,
        product.status = 'active' AND seller.status = 'approved' AND offer.price IS NOT NULL AS is_listed,
        coalesce(offer.in_stock, false) AS in_stock,
        offer.price,
        offer.mrp,
        concat_ws(' ',
            array_to_string(product.tags, ' '),
            (SELECT string_agg(path.name, ' ') FROM path WHERE path.product_id = product.id),
            (SELECT string_agg(value, ' ') FROM jsonb_each_text(product.attributes)),
            (SELECT string_agg(DISTINCT value, ' ')
             FROM catalog_variant variant, jsonb_each_text(variant.attributes)
             WHERE variant.product_id = product.id AND variant.is_active)
        ) AS keywords,
        ARRAY(
            SELECT name FROM (
                SELECT 'size:' || lower(btrim(split_part(value, '(', 1)))  -- "M (52)" is an M
                FROM catalog_variant variant, jsonb_each_text(variant.attributes) AS fact(name, value)
                WHERE variant.product_id = product.id AND variant.is_active AND lower(fact.name) = 'size'
              UNION
                SELECT 'colour:' || name
                FROM unnest(%(colours)s::text[], %(are_clear)s::boolean[]) AS colour(name, is_clear)
                WHERE position(' ' || name || ' ' IN said.colours) > 0
                    OR is_clear AND position(' ' || name || ' ' IN said.title) > 0
            ) AS option(name) ORDER BY name COLLATE "C"
        ) AS options
    FROM catalog_product product
    JOIN accounts_sellerprofile seller ON seller.id = product.seller_id
    LEFT JOIN LATERAL (
        SELECT variant.price, variant.mrp, variant.stock > 0 AS in_stock
        FROM catalog_variant variant
        WHERE variant.product_id = product.id AND variant.is_active
        ORDER BY variant.stock > 0 DESC, variant.price, variant.id
        LIMIT 1
    ) offer ON true
    CROSS JOIN LATERAL (  -- as `colours_of` reads it
        SELECT ' ' || regexp_replace(lower(string_agg(value, ' · ')), %(apart)s, ' ', 'g') || ' ' AS colours,
            regexp_replace(' ' || regexp_replace(
                lower(concat_ws(' · ', product.title, array_to_string(product.tags, ' · '))), %(apart)s, ' ', 'g'
            ) || ' ', %(other_things)s, '', 'g') AS title
        FROM (
            SELECT product.attributes
          UNION ALL
            SELECT attributes FROM catalog_variant variant WHERE variant.product_id = product.id AND variant.is_active
        ) AS described, jsonb_each_text(described.attributes) AS fact(name, value)
        WHERE lower(fact.name) IN ('colour', 'color', 'colours', 'colors')
    ) said
    WHERE product.id = ANY(%(ids)s)
)
UPDATE catalog_product product
SET is_listed = fresh.is_listed, in_stock = fresh.in_stock, price = fresh.price, mrp = fresh.mrp,
    keywords = fresh.keywords, options = fresh.options
FROM fresh
WHERE product.id = fresh.id
  AND (product.is_listed, product.in_stock, product.price, product.mrp, product.keywords, product.options)
      IS DISTINCT FROM (fresh.is_listed, fresh.in_stock, fresh.price, fresh.mrp, fresh.keywords, fresh.options)
RETURNING product.id
"""


def refresh_listing(product_ids: Iterable[int]) -> list[int]:
    """Derive the listing columns of these products anew; answers the ids of those that changed."""
    ids = list(product_ids)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK, [ids])
        cursor.execute(_REFRESH, {"ids": ids, **colours.in_statements()})
        changed = [row[0] for row in cursor.fetchall()]
        freshness.products_changed(changed)
    return changed


def new_address(title: str) -> str:
    return f"{slug_of(title)[:200] or 'product'}-{secrets.token_hex(3)}"


def create_product(*, seller: SellerProfile, category: Category, title: str, **fields: Any) -> Product:
    """A new listing, a draft unless `status` says otherwise. It shows up once it is active and has a variant."""
    slug = fields.pop("slug", "") or new_address(title)
    return Product.objects.create(seller=seller, category=category, title=title, slug=slug, **fields)


class ProductBlocked(DomainError):
    code = "product_blocked"
    message = "Our staff took this product off sale: “Counterfeit”. Write to us once that is settled."
    field = "status"

    def __init__(self, product: Product) -> None:
        reason = f": “{product.blocked_reason}”" if product.blocked_reason else ""
        super().__init__(f"Our staff took this product off sale{reason}. Write to us once that is settled.")


class NothingToSell(DomainError):
    code = "nothing_to_sell"
    message = "Give the product a variant with a price first. Then it can go on sale."
    field = "status"


def refuse_blocked(product: Product, status: str) -> None:
    """:raises ProductBlocked: when it is to go on sale though staff took it off."""
    if status == ProductStatus.ACTIVE and product.blocked_at:
        raise ProductBlocked(product)


@transaction.atomic
def set_status(*, product: Product, status: str) -> None:
    """
    :raises ProductBlocked: when it is to go on sale though staff took it off.
    :raises NothingToSell: when it is to go on sale without a variant.
    """
    refuse_blocked(product, status)
    if status == ProductStatus.ACTIVE and not product.variants.filter(is_active=True).exists():
        raise NothingToSell
    product.status = ProductStatus(status)
    # `is_listed` may not outlive `active` (a constraint), so both change in one statement.
    product.is_listed = False
    product.save(update_fields=["status", "is_listed", "updated_at"])
    refresh_listing([product.pk])
    product.refresh_from_db(fields=["is_listed", "in_stock", "price", "mrp"])


def set_rating(*, product_id: int, average: Decimal, count: int) -> None:
    """Pushed in by reviews."""
    Product.objects.filter(pk=product_id).update(rating_average=average, rating_count=count)
    freshness.products_changed([product_id])


@transaction.atomic
def set_units_sold(units: Mapping[int, int]) -> None:
    """Pushed in by orders, by product; only those that changed are locked and written."""
    told = Product.objects.filter(pk__in=units).values_list("pk", "units_sold")
    changed = [pk for pk, sold in told if sold != units[pk]]
    products = Product.objects.filter(pk__in=changed).order_by("pk").select_for_update(no_key=True).only("units_sold")
    for product in products:
        product.units_sold = units[product.pk]
    Product.objects.bulk_update(products, ["units_sold"])
    freshness.products_changed(changed)
