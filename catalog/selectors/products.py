from collections.abc import Collection

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, Q

from accounts.models import User
from catalog.models import Product, ProductImage, Variant
from catalog.querysets import ProductQuerySet
from catalog.selectors.categories import descendant_ids

Viewer = User | AbstractBaseUser | AnonymousUser


def cards(products: ProductQuerySet) -> ProductQuerySet:
    """What `ui/product_card.html` shows, in two queries however many there are."""
    first_pictures = ProductImage.objects.order_by("product", "position").distinct("product")
    return (
        products.select_related("seller")
        .prefetch_related(Prefetch("images", queryset=first_pictures, to_attr="covers"))
        .only(
            "title", "slug", "category_id", "price", "mrp", "in_stock", "is_listed", "rating_average", "rating_count",
            "seller__shop_name", "seller__slug",
        )
    )  # fmt: skip


def cards_by_id(ids: Collection[int]) -> list[Product]:
    """Cards of the listed ones among these products, in this order."""
    if not ids:
        return []
    found = {product.pk: product for product in cards(Product.objects.listed().filter(pk__in=ids))}
    return [found[pk] for pk in ids if pk in found]


def visible_products(viewer: Viewer) -> ProductQuerySet:
    """Drafts and archived products exist for their seller and the staff only."""
    if getattr(viewer, "is_staff", False):
        return Product.objects.all()
    visible = Q(is_listed=True)
    if viewer.is_authenticated:
        visible |= Q(seller__user=viewer)
    return Product.objects.filter(visible)


def product_detail(slug: str, viewer: Viewer) -> Product:
    """
    A product with what its page shows; `variants` are the active ones.

    :raises Product.DoesNotExist: also when the viewer may not see it.
    """
    products = visible_products(viewer).select_related("seller", "category__parent").defer("search", "keywords")
    active = Variant.objects.filter(is_active=True)
    return products.prefetch_related("images", Prefetch("variants", queryset=active)).get(slug=slug)


def related_products(product: Product, *, count: int = 12) -> list[Product]:
    """Others of its category, best sellers first; where those are few, of the category above."""
    others = Product.objects.listed().filter(in_stock=True).exclude(pk=product.pk).order_by("-units_sold", "-pk")
    ids = list(others.filter(category=product.category_id).values_list("pk", flat=True)[:count])
    if len(ids) < count and product.category.parent_id:
        family = descendant_ids(product.category.parent)
        more = others.filter(category__in=family).exclude(pk__in=ids)
        ids += more.values_list("pk", flat=True)[: count - len(ids)]
    return cards_by_id(ids)
