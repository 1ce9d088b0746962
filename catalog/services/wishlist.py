from accounts.models import User
from catalog.models import Product, WishlistItem
from pymart.common.errors import DomainError

MAX_ITEMS = 200


class WishlistFull(DomainError):
    code = "wishlist_full"
    message = f"A wishlist holds {MAX_ITEMS} products. Remove some first."


def add_to_wishlist(*, user: User, product: Product) -> None:
    """Adding twice is the same as once."""
    if WishlistItem.objects.filter(user=user).exclude(product=product).count() >= MAX_ITEMS:
        raise WishlistFull
    WishlistItem.objects.get_or_create(user=user, product=product)


def remove_from_wishlist(*, user: User, product_id: int) -> None:
    WishlistItem.objects.filter(user=user, product=product_id).delete()
