"""
Somebody leaves: what we know about them goes. Orders, invoices and payments stay, since tax law asks for them, and
reviews stay without a name.
"""

import secrets

from django.db import transaction
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

from accounts.models import ERASED, SellerBankAccount, SellerProfile, SellerStatus, User
from accounts.services.login import sign_out_everywhere
from accounts.services.passwords import confirm_password
from accounts.signals import account_erased
from pymart.common.db import after_commit
from pymart.common.errors import DomainError
from pymart.common.models import IdempotentRequest

APPLICATION = (
    *("legal_name", "gstin", "pan", "enrolment_number", "status_reason"),
    *("line1", "city", "state", "pincode", "support_email", "support_phone"),
)


class StaffNotErased(DomainError):
    code = "staff_not_erased"
    message = "You are one of the staff: an admin must take you out of it first."


class ShopNotErased(DomainError):
    code = "shop_not_erased"
    message = "You have a shop here, whose invoices name you. Write to us, and we close it with you."


def erase_own_account(*, user: User, current_password: str) -> None:
    """
    As `erase_account`, for somebody who knows the password.

    :raises Throttled, Unavailable, WrongPassword:
    """
    confirm_password(user=user, current_password=current_password)
    erase_account(user=user)


@transaction.atomic
def erase_account(*, user: User) -> None:
    """
    Forget a person, for good. Their e-mail is free for a new account, and so is the name of a shop that was never open.

    An order of theirs that commits within the same moment is not seen here. It goes its way: it has all that it needs,
    and unpaid it expires.

    :raises StaffNotErased, ShopNotErased: and what receivers of `account_erased` refuse.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.is_staff:
        raise StaffNotErased
    shop = SellerProfile.objects.filter(user=user).first()
    if shop and shop.was_open:
        raise ShopNotErased
    account_erased.send(sender=User, user=user)
    _blank(user)
    if shop:
        _blank_shop(shop)
    sign_out_everywhere(user=user)
    for rows in (user.addresses, user.notifications, user.emails):
        rows.all().delete()
    for model in (IdempotentRequest, OutstandingToken, TOTPDevice, StaticDevice):
        model.objects.filter(user=user).delete()


def _blank(user: User) -> None:
    avatar = user.avatar.name
    user.email = f"{user.pk}-{secrets.token_hex(8)}{ERASED}"  # nobody can have registered it to be in the way
    user.full_name, user.phone, user.avatar = "", "", ""
    user.is_active, user.last_login = False, None
    user.set_unusable_password()
    user.save()
    if avatar:
        after_commit(user.avatar.storage.delete, avatar)


def _blank_shop(shop: SellerProfile) -> None:
    """An application. Its row stays under the acceptance of terms, which proves what was agreed and cannot go."""
    SellerBankAccount.objects.filter(seller=shop).delete()
    for name in APPLICATION:
        setattr(shop, name, "")
    shop.shop_name = shop.slug = f"erased-{secrets.token_hex(8)}"
    shop.unregistered_declared_at = shop.unregistered_declared_at or timezone.now()  # a constraint: there is no GSTIN
    shop.status = SellerStatus.REJECTED  # staff have nothing to decide
    shop.save()
