"""A seller's own products, as the pages below `/seller/products/` show them. They are quick with 100,000 of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.models import SellerProfile
from catalog.models import Product, ProductImage, ProductStatus, StockMovement, Variant
from catalog.querysets import ProductQuerySet
from catalog.selectors import LOW_STOCK, descendant_ids, get_tree

MANY = 10_000  # products: from here on counting them takes longer than showing them
REMEMBERED = 60
SORTS = {
    "newest": ["-pk"],
    "oldest": ["pk"],
    "changed": ["-updated_at", "-pk"],
    "title": ["title", "pk"],
    "price": ["price", "pk"],
    "-price": ["-price", "pk"],
    "sold": ["-units_sold", "-pk"],
}


@dataclass(frozen=True)
class Tab:
    status: str  # empty: all
    label: str
    count: int = 0


TABS = (
    Tab("", "All"),
    Tab(ProductStatus.ACTIVE, "On sale"),
    Tab(ProductStatus.DRAFT, "Drafts"),
    Tab(ProductStatus.ARCHIVED, "Archived"),
)


@dataclass(frozen=True)
class Wanted:
    """What the address of the list may ask for."""

    tab: str = ""
    q: str = ""
    category: int | None = None
    stock: str = ""  # "low" or "out"
    sort: str = "newest"

    @property
    def is_narrowed(self) -> bool:
        """Beyond the tab, whose count is known."""
        return bool(self.q or self.category or self.stock)


def products_of_seller(seller: SellerProfile) -> ProductQuerySet:
    return Product.objects.filter(seller=seller).defer("search", "keywords")


def tabs_of(seller: SellerProfile) -> list[Tab]:
    """The tabs with how many products are in each: of many products as it was within the last minute."""
    key = f"catalog.seller-tabs.{seller.pk}"
    counts: dict[str, int] | None = cache.get(key)
    if counts is None:
        rows = Product.objects.filter(seller=seller).order_by().values_list("status")
        counts = dict(rows.annotate(Count("pk")))
        counts[""] = sum(counts.values())
        if counts[""] >= MANY:
            cache.set(key, counts, REMEMBERED)
    return [replace(tab, count=counts.get(tab.status, 0)) for tab in TABS]


def products_found(seller: SellerProfile, wanted: Wanted) -> ProductQuerySet:
    products = Product.objects.filter(seller=seller)
    if wanted.tab:
        products = products.filter(status=wanted.tab)
    if wanted.q:
        by_sku = Variant.objects.filter(seller=seller, sku__istartswith=wanted.q).values("product")
        products = products.filter(Q(title__icontains=wanted.q) | Q(pk__in=by_sku))
    if wanted.category:
        node = get_tree().by_id.get(wanted.category)
        products = products.filter(category__in=descendant_ids(node) if node else [])
    if wanted.stock:
        products = products.filter(_stock_is(wanted.stock))
    return products.order_by(*SORTS[wanted.sort])


def _stock_is(kind: str) -> Exists | Q:
    """Out: not a single piece of what is on sale. Low: one of its variants is nearly, or quite, sold out."""
    if kind == "out":
        return Q(in_stock=False)
    low = Variant.objects.filter(
        product=OuterRef("pk"), seller=OuterRef("seller"), is_active=True, stock__lte=LOW_STOCK
    )
    return Exists(low)


def rows_of(products: ProductQuerySet, ids: Sequence[int]) -> list[Product]:
    """These products in this order with what a row shows: three queries however many there are."""
    covers = ProductImage.objects.order_by("product", "position").distinct("product")
    shown = products.filter(pk__in=ids).prefetch_related("variants", Prefetch("images", covers, to_attr="covers"))
    found = {product.pk: product for product in shown.defer("search", "keywords", "description")}
    return [found[pk] for pk in ids if pk in found]


def movements_of(product: Product) -> QuerySet[StockMovement]:
    """Of all its variants, the latest first."""
    return StockMovement.objects.filter(variant__product=product).select_related("variant").order_by("-pk")


@dataclass(frozen=True)
class Picture:
    """With the order that moves it one place on, as the form posts it; empty where it stands at that end."""

    image: ProductImage
    earlier: str
    later: str


def pictures_of(product: Product) -> list[Picture]:
    images = list(product.images.all())
    order = [str(image.pk) for image in images]

    def swapped(first: int) -> str:
        if not 0 <= first < len(order) - 1:
            return ""
        return ",".join([*order[:first], order[first + 1], order[first], *order[first + 2 :]])

    return [Picture(image, swapped(number - 1), swapped(number)) for number, image in enumerate(images)]
