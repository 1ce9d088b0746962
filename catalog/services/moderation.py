"""What staff decide about products, against their sellers if need be. The seller is told, and why."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import NotificationType
from accounts.services import notify, queue_email
from catalog.models import Product, ProductStatus
from catalog.services.listing import set_status
from catalog.services.selling import hold_product


@transaction.atomic
def override_status(*, product: Product, status: str, reason: str) -> Product:
    """
    Staff's word on a product: what they take off sale stays off until they put it back or `unblock_product` it.

    :raises NothingToSell:
    """
    product = hold_product(product)
    was_blocked = product.blocked_at is not None
    if status == ProductStatus.ACTIVE:
        _mark(product, None, "")
        set_status(product=product, status=status)
        if was_blocked:
            _tell(product, reason)
    else:
        set_status(product=product, status=status)
        _mark(product, timezone.now(), reason)
        _tell(product, reason)
    return product


@transaction.atomic
def unblock_product(*, product: Product) -> Product:
    """Its seller may put it on sale again; nothing else changes."""
    product = hold_product(product)
    if product.blocked_at:
        _mark(product, None, "")
        _tell(product, "")
    return product


def _mark(product: Product, blocked_at: datetime | None, reason: str) -> None:
    product.blocked_at, product.blocked_reason = blocked_at, reason.strip()[:200]
    product.save(update_fields=["blocked_at", "blocked_reason", "updated_at"])


def _tell(product: Product, reason: str) -> None:
    owner = product.seller.user
    what = "was taken off sale" if product.blocked_at else "may be sold again"
    notify(
        user=owner,
        type=NotificationType.PRODUCT_STATUS_CHANGED,
        title=f"“{product.title[:80]}” {what}",
        body=reason,
        url=reverse("seller-products:edit", args=[product.pk]),
    )
    queue_email(
        kind="product-blocked" if product.blocked_at else "product-unblocked",
        key=f"product-moderated:{product.pk}:{product.updated_at:%Y%m%d%H%M%S%f}",
        user=owner,
        params={"product": product.pk, "reason": reason},
    )
