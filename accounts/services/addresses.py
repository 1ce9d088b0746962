from django.db import transaction

from accounts.models import Address, User
from accounts.services.locks import lock_own_account
from pymart.common.errors import DomainError

MOST_ADDRESSES = 20


class TooManyAddresses(DomainError):
    code = "too_many_addresses"
    message = f"Your address book is full: it holds {MOST_ADDRESSES}. Please delete one you no longer use."


class AddressGone(DomainError):
    code = "not_found"
    status = 404
    message = "This address is not in your book any more."


@transaction.atomic
def add_address(*, user: User, is_default: bool = False, **fields: str) -> Address:
    """
    Put an address into the user's book; one that is there already is not added again.

    :raises UserInactive, TooManyAddresses:
    """
    lock_own_account(user)
    address = user.addresses.filter(**fields).first() or Address(user=user, **fields)
    if not address.pk and user.addresses.count() >= MOST_ADDRESSES:
        raise TooManyAddresses
    _save(address, is_default=is_default)
    return address


@transaction.atomic
def edit_address(*, address: Address, is_default: bool = False, **fields: str) -> Address:
    """:raises AddressGone:"""
    address = _locked(address)
    for name, value in fields.items():
        setattr(address, name, value)
    _save(address, is_default=is_default)
    return address


@transaction.atomic
def make_default(*, address: Address) -> None:
    """:raises AddressGone:"""
    _save(_locked(address), is_default=True)


@transaction.atomic
def delete_address(*, address: Address) -> None:
    """
    Take an address out of its book; orders keep their own copy. The newest of what is left takes over as the default.

    :raises AddressGone:
    """
    address = _locked(address)
    address.delete()
    if address.is_default and (heir := address.user.addresses.order_by("-pk").first()):
        _save(heir, is_default=True)


def _locked(address: Address) -> Address:
    """The address, read again under its owner's lock, so that changes of one book wait for each other."""
    User.objects.select_for_update(no_key=True).get(pk=address.user_id)
    fresh = Address.objects.filter(pk=address.pk).first()
    if fresh is None:
        raise AddressGone
    return fresh


def _save(address: Address, *, is_default: bool) -> None:
    """Each book has exactly one default address, which stays so until another one is chosen."""
    others = address.user.addresses.exclude(pk=address.pk)
    if is_default:
        others.filter(is_default=True).update(is_default=False)
    address.is_default = is_default or address.is_default or not others.filter(is_default=True).exists()
    address.save()
