from django.db.models import Prefetch

from accounts.models import User
from catalog.models import Product, Variant, WishlistItem
from catalog.selectors.products import cards


def wishlist(user: User) -> list[Product]:
    """
    The products on it, latest first, as cards with their active `variants`.

    What is no longer sold stays on the list, marked by `is_listed`, until the buyer removes it.
    """
    ids = wishlist_ids(user)
    active = Variant.objects.filter(is_active=True).order_by("price", "pk")
    products = cards(Product.objects.all()).prefetch_related(Prefetch("variants", queryset=active)).in_bulk(ids)
    return [products[pk] for pk in ids]


def wishlist_ids(user: User) -> list[int]:
    return list(WishlistItem.objects.filter(user=user).order_by("-pk").values_list("product", flat=True))


def is_on_wishlist(user: User, product: Product) -> bool:
    return WishlistItem.objects.filter(user=user, product=product).exists()
