"""What staff decide about accounts."""

from collections.abc import Iterable, Mapping

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Role, SellerProfile, SellerStatus, User
from accounts.services.locks import AccountErased
from accounts.services.login import sign_out_everywhere
from accounts.services.sellers import set_seller_status, update_shop
from pymart.common.errors import DomainError
from pymart.common.slugs import slug_of


class OwnAccount(DomainError):
    code = "own_account"
    status = 403
    message = "Nobody changes what they may do themselves. Ask another admin."


class LastAdmin(DomainError):
    code = "last_admin"
    message = "Somebody must run the shop: this is the last active admin."


@transaction.atomic
def set_access(
    *,
    user: User,
    by: User,
    role: str | None = None,
    is_active: bool | None = None,
    groups: Iterable[Group] | None = None,
    shop_address: Mapping[str, str] | None = None,
) -> User:
    """
    Change what is given of somebody's role, whether the account is open, and the groups of staff they belong to.

    An admin may do everything; who belongs to a group may enter the admin and do there what the group may.

    A closed account is signed out everywhere at once. The shop goes with it: who is made a seller has an approved one
    as soon as its address is known, and until then one that waits for staff to enter it; the shop of somebody who
    becomes a buyer, or whose account is closed, is suspended.

    :param shop_address: of who is made a seller; without it their own, if we know one.
    :raises OwnAccount, AccountErased, LastAdmin:
    """
    if user.pk == by.pk:
        raise OwnAccount
    user, is_last_admin = _locked(user.pk)
    if user.is_erased:
        raise AccountErased
    old_role, was_active = user.role, user.is_active
    user.role = Role(user.role if role is None else role)
    user.is_active = user.is_active if is_active is None else is_active
    if is_last_admin and (user.role != Role.ADMIN or not user.is_active):
        raise LastAdmin
    if groups is not None:
        user.groups.set(groups)
    if groups is not None or (old_role != user.role and Role.ADMIN in (old_role, user.role)):
        user.is_superuser = user.role == Role.ADMIN
        user.is_staff = user.is_superuser or user.groups.exists()
    user.save(update_fields=["role", "is_active", "is_staff", "is_superuser"])
    if was_active and not user.is_active:
        sign_out_everywhere(user=user)
    _settle_shop(user, opens=role == Role.SELLER and user.is_active, address=shop_address)
    return user


def _locked(pk: int) -> tuple[User, bool]:
    """
    The user, locked, and whether they are the last active admin. Two admins who unseat each other at once wait here.
    """
    admins = Q(role=Role.ADMIN, is_active=True)
    rows = {row.pk: row for row in User.objects.select_for_update(no_key=True).filter(admins | Q(pk=pk)).order_by("pk")}
    others = [row for row in rows.values() if row.pk != pk]
    user = rows[pk]
    return user, not others and user.role == Role.ADMIN and user.is_active


def _settle_shop(user: User, *, opens: bool, address: Mapping[str, str] | None) -> None:
    seller = SellerProfile.objects.filter(user=user).first()
    if opens:
        seller = seller or _new_shop(user)
        if address:
            update_shop(seller=seller, **address)
            seller.refresh_from_db()
        if seller.status != SellerStatus.APPROVED and seller.has_address:
            set_seller_status(seller=seller, status=SellerStatus.APPROVED)
    elif seller and seller.status == SellerStatus.APPROVED and (user.role == Role.BUYER or not user.is_active):
        reason = "Your account does not sell any more." if user.is_active else "Your account is closed."
        set_seller_status(seller=seller, status=SellerStatus.SUSPENDED, reason=reason)


def _new_shop(user: User) -> SellerProfile:
    """
    A shop under its owner's name, at their address as far as we know one; staff complete it. Until it has a GSTIN it
    counts as not registered, which keeps its deliveries inside its state.
    """
    name = user.full_name[:60] or "Shop"
    if SellerProfile.objects.filter(Q(shop_name=name) | Q(slug=slug_of(name))).exists() or not slug_of(name):
        name = f"{name} {user.pk}"
    address = user.addresses.first()
    known = {field: getattr(address, field) for field in ("line1", "city", "state", "pincode")} if address else {}
    return SellerProfile.objects.create(
        user=user,
        shop_name=name,
        slug=slug_of(name)[:80],
        legal_name=user.full_name,
        support_email=user.email,
        support_phone=user.phone,
        unregistered_declared_at=timezone.now(),
        **known,
    )
