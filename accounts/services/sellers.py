from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import (
    NotificationType,
    Role,
    SellerBankAccount,
    SellerProfile,
    SellerStatus,
    SellerTermsAcceptance,
    User,
)
from accounts.services.locks import lock_account, lock_own_account
from accounts.services.mail import queue_email
from accounts.services.notifications import notify
from accounts.signals import seller_status_changed
from pymart.common.db import violates
from pymart.common.errors import DomainError
from pymart.common.slugs import slug_of

TERMS_VERSION = "2026-11-01"
DECISIONS: dict[str, frozenset[str]] = {
    SellerStatus.APPLIED: frozenset({SellerStatus.APPROVED, SellerStatus.REJECTED}),
    SellerStatus.APPROVED: frozenset({SellerStatus.SUSPENDED}),
    SellerStatus.REJECTED: frozenset({SellerStatus.APPROVED}),
    SellerStatus.SUSPENDED: frozenset({SellerStatus.APPROVED}),
}
TITLES = {
    SellerStatus.APPROVED: "Your shop is approved",
    SellerStatus.REJECTED: "Your application was not accepted",
    SellerStatus.SUSPENDED: "Your shop is suspended",
}


class StaffDoNotSell(DomainError):
    code = "staff_do_not_sell"
    status = 403
    message = "Staff do not sell here. Please use an account of your own."


class AlreadyApplied(DomainError):
    code = "already_applied"
    message = "You have applied already."


class ShopNameTaken(DomainError):
    code = "shop_name_taken"
    message = "Another shop has this name. Please choose another one."
    field = "shop_name"


class GstinTaken(DomainError):
    code = "gstin_taken"
    message = "A shop with this GSTIN is registered already. If that surprises you, please write to us."
    field = "gstin"


class ReasonMissing(DomainError):
    code = "reason_missing"
    status = 400
    message = "Please give a reason: the seller reads it."
    field = "status_reason"


class ShopAddressMissing(DomainError):
    code = "shop_address_missing"
    message = "Enter the shop's address first: where it sells depends on its state."
    field = "line1"


class IllegalDecision(DomainError):
    code = "illegal_decision"
    field = "status"

    def __init__(self, current: str, target: str) -> None:
        super().__init__(f"A shop that is {current} cannot become {target}.")


@dataclass(frozen=True)
class BankDetails:
    holder: str
    ifsc: str
    number: str  # empty: the one that is known


@transaction.atomic
def apply_to_sell(
    *, user: User, shop: Mapping[str, str], bank: BankDetails, is_registered: bool, ip: str | None = None
) -> SellerProfile:
    """
    Ask for a shop, or ask again after a rejection. Staff decide: see `set_seller_status`.

    :param shop: the fields of the profile that the applicant fills in.
    :raises UserInactive, StaffDoNotSell, AlreadyApplied, ShopNameTaken, GstinTaken:
    """
    if user.role == Role.ADMIN:
        raise StaffDoNotSell
    lock_own_account(user)  # the button pressed twice, too
    seller = SellerProfile.objects.filter(user=user).first() or SellerProfile(user=user)
    if seller.pk and seller.status != SellerStatus.REJECTED:
        raise AlreadyApplied
    now = timezone.now()
    for name, value in shop.items():
        setattr(seller, name, value)
    seller.status, seller.status_reason, seller.applied_at = SellerStatus.APPLIED, "", now
    seller.unregistered_declared_at = None if is_registered else now
    if is_registered:
        seller.pan, seller.enrolment_number = seller.gstin[2:12], ""
    else:
        seller.gstin = ""
    _save(seller)
    _save_bank_account(seller, bank)
    SellerTermsAcceptance.objects.create(seller=seller, version=TERMS_VERSION, ip=ip)
    return seller


def _save(seller: SellerProfile) -> None:
    others = SellerProfile.objects.exclude(pk=seller.pk)
    if others.filter(shop_name__iexact=seller.shop_name).exists():
        raise ShopNameTaken
    if seller.gstin and others.filter(gstin=seller.gstin).exists():
        raise GstinTaken
    seller.slug = _free_slug(seller)
    try:
        with transaction.atomic():
            seller.save()
    except IntegrityError as error:  # taken between the look and the save
        raise (GstinTaken if violates(error, "accounts_seller_gstin") else ShopNameTaken) from error


def _free_slug(seller: SellerProfile) -> str:
    """Made of the shop's name, followed by the owner's id where that is taken."""
    slug = slug_of(seller.shop_name)[:80] or "shop"
    taken = SellerProfile.objects.exclude(pk=seller.pk).filter(slug=slug).exists()
    return f"{slug}-{seller.user_id}" if taken else slug


def _save_bank_account(seller: SellerProfile, bank: BankDetails) -> None:
    account = SellerBankAccount.objects.filter(seller=seller).first() or SellerBankAccount(seller=seller)
    account.holder, account.ifsc = bank.holder, bank.ifsc
    if bank.number:
        account.number, account.last4 = bank.number, bank.number[-4:]
    account.save()


@transaction.atomic
def set_seller_status(*, seller: SellerProfile, status: str, reason: str = "") -> SellerProfile:
    """
    Decide about a shop; whose products show up, or vanish, with it. The owner is told, and why.

    To decide what is decided changes nothing.

    :raises ReasonMissing: for what needs one, a rejection or suspension.
    :raises ShopAddressMissing: for an approval.
    :raises AccountErased, IllegalDecision:
    """
    lock_account(seller.user_id)  # before the shop, as whoever changes both
    seller = SellerProfile.objects.select_for_update(of=("self",), no_key=True).select_related("user").get(pk=seller.pk)
    if seller.status == status:
        return seller
    if status not in DECISIONS[seller.status]:
        raise IllegalDecision(seller.status, status)
    if status != SellerStatus.APPROVED and not reason.strip():
        raise ReasonMissing
    if status == SellerStatus.APPROVED and not seller.has_address:
        raise ShopAddressMissing
    now = timezone.now()
    seller.status, seller.status_reason, seller.decided_at = SellerStatus(status), reason.strip(), now
    if seller.status == SellerStatus.APPROVED:
        seller.approved_at = seller.approved_at or now
        User.objects.filter(pk=seller.user_id, role=Role.BUYER).update(role=Role.SELLER)
    seller.save(update_fields=["status", "status_reason", "decided_at", "approved_at"])
    seller_status_changed.send(SellerProfile, seller=seller)
    _tell_owner(seller, now)
    return seller


def _tell_owner(seller: SellerProfile, now: datetime) -> None:
    notify(
        user=seller.user,
        type=NotificationType.SELLER_STATUS_CHANGED,
        title=TITLES[SellerStatus(seller.status)],
        body=seller.status_reason or f"Welcome, {seller.shop_name}: list your first product.",
        url="/seller/" if seller.status == SellerStatus.APPROVED else "/sell/status/",
    )
    queue_email(
        kind="seller-decision",
        key=f"seller-decision:{seller.pk}:{now:%Y%m%d%H%M%S%f}",
        user=seller.user,
        params={"seller": seller.pk, "status": seller.status, "reason": seller.status_reason},
    )


@transaction.atomic
def update_shop(*, seller: SellerProfile, **fields: str) -> SellerProfile:
    """What a seller changes without asking: `support_email`, `support_phone`, `line1`, `city`, `pincode`."""
    seller = SellerProfile.objects.select_for_update(no_key=True).get(pk=seller.pk)
    for name, value in fields.items():
        setattr(seller, name, value)
    seller.save(update_fields=[*fields])
    return seller
