from typing import Any

from django.dispatch import receiver

from catalog.signals import pictures_unused
from orders.models import OrderItem


@receiver(pictures_unused)
def keep_pictures_of_orders(names: list[str], **kwargs: Any) -> set[str]:
    return set(OrderItem.objects.filter(image__in=names).order_by().values_list("image", flat=True).distinct())
