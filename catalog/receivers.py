"""What follows from a saved or deleted row, after its transaction."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from catalog import images
from catalog.models import Category, ProductImage
from catalog.selectors import forget_tree
from pymart.common.db import after_commit


@receiver([post_save, post_delete], sender=Category)
def forget_category_tree(**kwargs: Any) -> None:
    after_commit(forget_tree)


@receiver(post_delete, sender=ProductImage)
def delete_image_files(instance: ProductImage, **kwargs: Any) -> None:
    after_commit(images.delete, instance.image.name)
