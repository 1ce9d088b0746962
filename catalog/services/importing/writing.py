"""Carrying out a plan: so many statements for a chunk, however many rows it has."""

from collections.abc import Collection, Iterable, Sequence

from django.db import connection
from django.utils import timezone

from accounts.models import User
from catalog import freshness
from catalog.csv.columns import Categories
from catalog.csv.files import Line
from catalog.models import Product, ProductImport, StockReason, Variant
from catalog.services.importing.planning import PRODUCT_FIELDS, VARIANT_FIELDS, Plan, Shelf
from catalog.services.listing import refresh_listing
from catalog.services.stock import correct_stock
from catalog.services.variants import note_prices, open_variants, park_names
from pymart.common.db import update_rows

_HOLD_CATEGORIES = "SELECT id FROM catalog_category WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE"
# The same lock as `catalog.services.selling` takes of one, for many, in the order of their ids.
_HOLD_PRODUCTS = """
SELECT pg_advisory_xact_lock(hashtextextended('catalog.product.' || wanted.id, 0))
FROM (SELECT unnest(%s::bigint[]) AS id ORDER BY id OFFSET 0) wanted
"""


def shelves_of(job: ProductImport, lines: Sequence[Line]) -> list[Shelf]:
    """The products that these lines are about; unless this is a dry run nobody else changes them until we are done."""
    skus = {line.sku for line in lines if line.sku}
    handles = {line.handle for line in lines if line.handle}
    ids = set(Variant.objects.filter(seller=job.seller_id, sku__in=skus).values_list("product_id", flat=True))
    ids |= set(Product.objects.filter(seller=job.seller_id, slug__in=handles).values_list("pk", flat=True))
    variants = Variant.objects.filter(product__in=ids).order_by("pk")
    products = Product.objects.filter(pk__in=ids).order_by("pk").defer("search", "keywords")
    if not job.is_dry_run:
        with connection.cursor() as cursor:
            cursor.execute(_HOLD_PRODUCTS, [sorted(ids)])
        variants, products = variants.select_for_update(no_key=True), products.select_for_update(no_key=True)
    by_product: dict[int, dict[str, Variant]] = {}
    for variant in variants:
        by_product.setdefault(variant.product_id, {})[variant.sku] = variant
    return [Shelf(product, by_product.get(product.pk, {})) for product in products]


def hold_categories(categories: Categories, ids: Collection[int]) -> None:
    """Lock these categories, so that nobody deletes them meanwhile, and forget those that are gone already."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD_CATEGORIES, [sorted(ids)])
        categories.forget(set(ids) - {pk for (pk,) in cursor.fetchall()})


def write(plan: Plan, job: ProductImport) -> None:
    if not plan.after:
        return
    new = [shelf for shelf in plan.after if shelf.is_new]
    known = [(plan.before[shelf.product.pk], shelf) for shelf in plan.after if not shelf.is_new]
    Product.objects.bulk_create([shelf.product for shelf in new])
    _write_products([(was.product, shelf.product) for was, shelf in known])
    _write_variants([(was.variants, shelf.variants) for was, shelf in known], job.actor)
    added = [v for shelf in plan.after for v in shelf.variants.values() if v.pk is None]
    open_variants(added, job.actor, reason=StockReason.IMPORT, reference=job.reference)
    counted = {shelf.variants[sku].pk: count for shelf in plan.after for sku, count in shelf.counted.items()}
    correct_stock(counted, actor=job.actor, reason=StockReason.IMPORT, reference=job.reference)
    ids = [shelf.product.pk for shelf in plan.after]
    freshness.products_changed(ids)
    refresh_listing(ids)


def _write_products(pairs: Sequence[tuple[Product, Product]]) -> None:
    changed = [(was, product) for was, product in pairs if _differing(was, product, PRODUCT_FIELDS)]
    names = {name for was, product in changed for name in _differing(was, product, PRODUCT_FIELDS)}
    if "status" in names:  # a constraint: what is not active is not listed, and `refresh_listing` comes later
        names.add("is_listed")
        for was, product in changed:
            product.is_listed = product.is_listed and was.status == product.status
    update_rows([product for _, product in changed], sorted(names))
    ids = [product.pk for _, product in pairs]
    Product.objects.filter(pk__in=ids).update(updated_at=timezone.now())


def _write_variants(pairs: Iterable[tuple[dict[str, Variant], dict[str, Variant]]], actor: User) -> None:
    kept = [(was[sku], variant) for was, now in pairs for sku, variant in now.items() if sku in was]
    changed = [variant for was, variant in kept if _differing(was, variant, VARIANT_FIELDS)]
    names = {name for was, variant in kept for name in _differing(was, variant, VARIANT_FIELDS)}
    park_names([variant for was, variant in kept if was.name != variant.name])
    if "name" in names:
        names.add("sku")  # which was parked with it
    update_rows(changed, sorted(names))
    note_prices([v for was, v in kept if _differing(was, v, ("price", "mrp"))], actor)


def _differing(was: Product | Variant, now: Product | Variant, names: Iterable[str]) -> list[str]:
    return [name for name in names if getattr(was, name) != getattr(now, name)]
