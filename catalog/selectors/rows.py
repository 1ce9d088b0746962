"""
What the API says of products: one statement for a list however long it is, one for a product with all that belongs to
it, and no model instances. Django takes several times as long to put such statements together as PostgreSQL to answer.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from catalog.models import Product, ProductImage
from catalog.querysets import ProductQuerySet
from catalog.selectors.products import Viewer
from pymart.common.db import prepared_cursor

# Subqueries where joins would do as well: those the planner looks over in every order, which takes longer than the
# statement itself. Amounts are strings already, as the API tells them.
_COLUMNS = """
p.id, p.slug, p.title, p.price::text, p.mrp::text,
coalesce(trunc((p.mrp - p.price) * 100 / nullif(p.mrp, 0)), 0)::int,
(SELECT i.image FROM catalog_productimage i WHERE i.product_id = p.id ORDER BY i.position LIMIT 1),
p.category_id,
(SELECT c.slug FROM catalog_category c WHERE c.id = p.category_id),
(SELECT c.name FROM catalog_category c WHERE c.id = p.category_id),
p.seller_id,
(SELECT s.shop_name FROM accounts_sellerprofile s WHERE s.id = p.seller_id),
p.rating_average::float8, p.rating_count, p.in_stock, p.status, p.is_listed,
CASE WHEN p.blocked_at IS NOT NULL THEN p.blocked_reason END
"""
_ROWS = f"SELECT {_COLUMNS} FROM catalog_product p WHERE p.id = ANY(%s::bigint[])"  # noqa: S608
# Variants and pictures in their models' orders.
_DETAIL = f"""
SELECT {_COLUMNS}, p.description, p.brand, p.highlights, p.tags, p.attributes::json, p.hsn, p.gst_rate::text,
p.country_of_origin, p.created_at, p.updated_at,
(SELECT s.user_id FROM accounts_sellerprofile s WHERE s.id = p.seller_id),
(SELECT coalesce(json_agg(json_build_object(
    'id', v.id, 'sku', v.sku, 'name', v.name, 'price', v.price::text, 'mrp', v.mrp::text, 'stock', v.stock,
    'attributes', v.attributes
) ORDER BY v.position, v.id), '[]') FROM catalog_variant v WHERE v.product_id = p.id AND v.is_active),
(SELECT coalesce(json_agg(json_build_object(
    'id', i.id, 'image', i.image, 'width', i.width, 'height', i.height, 'alt', i.alt
) ORDER BY i.position, i.id), '[]') FROM catalog_productimage i WHERE i.product_id = p.id)
FROM catalog_product p WHERE p.slug = %s::varchar AND (
    p.is_listed OR %s::bool
    OR EXISTS (SELECT FROM accounts_sellerprofile s WHERE s.id = p.seller_id AND s.user_id = %s::bigint)
)
"""  # noqa: S608


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
    blocked_reason: str | None  # None: staff have not taken it off sale


class FullProduct(NamedTuple):
    row: ProductRow
    description: str
    brand: str
    highlights: list[str]
    tags: list[str]
    attributes: dict[str, str]
    hsn: str
    gst_rate: str
    country_of_origin: str
    created_at: datetime
    updated_at: datetime
    owner_id: int  # the user whose shop it is
    variants: list[dict[str, Any]]  # the active ones, as the API tells them
    images: list[ProductImage]


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


def full_product(slug: str, viewer: Viewer) -> FullProduct:
    """
    What `product_detail` finds, to be told.

    :raises Product.DoesNotExist: also when the viewer may not see it.
    """
    with prepared_cursor() as cursor:
        cursor.execute(_DETAIL, [slug, getattr(viewer, "is_staff", False), viewer.pk])
        found = cursor.fetchone()
    if found is None:
        raise Product.DoesNotExist
    width = len(ProductRow._fields)
    *facts, images = found[width:]
    return FullProduct(ProductRow._make(found[:width]), *facts, images=[ProductImage(**each) for each in images])


def own_products(seller: Viewer, status: str | None = None) -> ProductQuerySet:
    """Whatever its status."""
    products = Product.objects.filter(seller__user=seller)
    return products.filter(status=status) if status else products
