"""What a list says of each product: one small statement however many there are, and no model instances."""

from collections.abc import Collection
from typing import NamedTuple

from catalog.models import Product
from catalog.querysets import ProductQuerySet
from catalog.selectors.products import Viewer
from pymart.common.db import prepared_cursor

# Subqueries where joins would do as well: those the planner looks over in every order, which takes longer than the
# statement itself. Amounts are strings already, as the API tells them.
_ROWS = """
SELECT p.id, p.slug, p.title, p.price::text, p.mrp::text,
    coalesce(trunc((p.mrp - p.price) * 100 / nullif(p.mrp, 0)), 0)::int,
    (SELECT i.image FROM catalog_productimage i WHERE i.product_id = p.id ORDER BY i.position LIMIT 1),
    p.category_id,
    (SELECT c.slug FROM catalog_category c WHERE c.id = p.category_id),
    (SELECT c.name FROM catalog_category c WHERE c.id = p.category_id),
    p.seller_id,
    (SELECT s.shop_name FROM accounts_sellerprofile s WHERE s.id = p.seller_id),
    p.rating_average::float8, p.rating_count, p.in_stock, p.status, p.is_listed
FROM catalog_product p WHERE p.id = ANY(%s::bigint[])
"""


class ProductRow(NamedTuple):
    id: int
    slug: str
    title: str
    price: str | None
    mrp: str | None
    discount_percent: int
    image: str | None  # the file's name
    category_id: int
    category_slug: str
    category_name: str
    seller_id: int
    seller_name: str
    rating_average: float
    rating_count: int
    in_stock: bool
    status: str
    is_listed: bool


def product_rows(ids: Collection[int]) -> list[ProductRow]:
    """Of these products, in this order."""
    if not ids:
        return []
    with prepared_cursor() as cursor:
        cursor.execute(_ROWS, [list(ids)])
        found = {row[0]: ProductRow._make(row) for row in cursor.fetchall()}
    return [found[pk] for pk in ids if pk in found]


def listed_rows(ids: Collection[int]) -> list[ProductRow]:
    """Without those that are no longer listed."""
    return [row for row in product_rows(ids) if row.is_listed]


def own_products(seller: Viewer, status: str | None = None) -> ProductQuerySet:
    """Whatever its status."""
    products = Product.objects.filter(seller__user=seller)
    return products.filter(status=status) if status else products
