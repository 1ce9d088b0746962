"""What follows from changes elsewhere: inside their transaction, or after it."""

from typing import Any

from django.db.models import F
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from accounts.models import SellerProfile, User
from accounts.signals import account_erased, personal_data_asked, seller_status_changed
from catalog import freshness, images
from catalog.models import Category, Product, ProductImage, SearchSynonym, Variant, WishlistItem
from catalog.search.synonyms import forget_synonyms
from catalog.selectors import forget_tree
from catalog.services import refresh_listing
from pymart.common.db import after_commit


@receiver([post_save, post_delete], sender=Category)
def forget_category_tree(**kwargs: Any) -> None:
    after_commit(forget_tree)


@receiver([post_save, post_delete], sender=SearchSynonym)
def forget_remembered_synonyms(**kwargs: Any) -> None:
    """In this process; others read them anew soon."""
    after_commit(forget_synonyms)


@receiver([post_save, post_delete], sender=Product)
def tell_kept_answers_of_product(instance: Product, **kwargs: Any) -> None:
    freshness.products_changed([instance.pk])


@receiver([post_save, post_delete], sender=Variant)
@receiver([post_save, post_delete], sender=ProductImage)
def tell_kept_answers_of_part(instance: Variant | ProductImage, **kwargs: Any) -> None:
    freshness.products_changed([instance.product_id])


@receiver(post_save, sender=SellerProfile)
def tell_kept_answers_of_seller(**kwargs: Any) -> None:
    """All products show the name of their shop."""
    freshness.everything_changed()


@receiver(post_delete, sender=ProductImage)
def delete_image_files(instance: ProductImage, **kwargs: Any) -> None:
    after_commit(images.delete_unused, [instance.image.name])


@receiver(seller_status_changed)
def list_or_unlist_products(seller: SellerProfile, **kwargs: Any) -> None:
    """Inside the transaction: no product of a suspended shop is shown."""
    refresh_listing(seller.products.values_list("pk", flat=True))


@receiver(personal_data_asked)
def tell_wishlist(user: User, **kwargs: Any) -> dict[str, Any]:
    wanted = WishlistItem.objects.filter(user=user).order_by("pk")
    return {"wishlist": list(wanted.values("created_at", product_title=F("product__title")))}


@receiver(account_erased)
def forget_wishlist(user: User, **kwargs: Any) -> None:
    WishlistItem.objects.filter(user=user).delete()
