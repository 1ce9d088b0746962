from django.db import transaction
from django.utils import timezone

from accounts.models import Role, SellerProfile, SellerStatus, User
from accounts.signals import seller_status_changed


@transaction.atomic
def set_seller_status(*, seller: SellerProfile, status: str) -> SellerProfile:
    """Approve or suspend a shop; whose products show up, or vanish, with it."""
    User.objects.select_for_update(no_key=True).get(pk=seller.user_id)  # before the shop, as whoever changes both
    seller = SellerProfile.objects.select_for_update().get(pk=seller.pk)
    seller.status = SellerStatus(status)
    if seller.status == SellerStatus.APPROVED:
        seller.approved_at = seller.approved_at or timezone.now()
        User.objects.filter(pk=seller.user_id, role=Role.BUYER).update(role=Role.SELLER)
    seller.save(update_fields=["status", "approved_at"])
    seller_status_changed.send(SellerProfile, seller=seller)
    return seller
