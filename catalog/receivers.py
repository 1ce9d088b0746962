"""What follows from changes elsewhere: inside their transaction, or after it."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from accounts.models import SellerProfile
from accounts.signals import seller_status_changed
from catalog import images
from catalog.models import Category, ProductImage
from catalog.selectors import forget_tree
from catalog.services import refresh_listing
from pymart.common.db import after_commit


@receiver([post_save, post_delete], sender=Category)
def forget_category_tree(**kwargs: Any) -> None:
    after_commit(forget_tree)


@receiver(post_delete, sender=ProductImage)
def delete_image_files(instance: ProductImage, **kwargs: Any) -> None:
    after_commit(images.delete, instance.image.name)


@receiver(seller_status_changed)
def list_or_unlist_products(seller: SellerProfile, **kwargs: Any) -> None:
    """Inside the transaction: no product of a suspended shop is shown."""
    refresh_listing(seller.products.values_list("pk", flat=True))
