from django.db import transaction

from accounts.models import Address, User
from pymart.common.errors import DomainError

MOST_ADDRESSES = 20


class TooManyAddresses(DomainError):
    code = "too_many_addresses"
    message = f"Your address book is full: it holds {MOST_ADDRESSES}. Please delete one you no longer use."


@transaction.atomic
def add_address(*, user: User, is_default: bool = False, **fields: str) -> Address:
    """
    Put an address into the user's book; one that is there already is not added again.

    :raises TooManyAddresses:
    """
    _lock(user)
    address = user.addresses.filter(**fields).first() or Address(user=user, **fields)
    if not address.pk and user.addresses.count() >= MOST_ADDRESSES:
        raise TooManyAddresses
    _save(address, is_default=is_default)
    return address


@transaction.atomic
def edit_address(*, address: Address, is_default: bool = False, **fields: str) -> Address:
    _lock(address.user)
    for name, value in fields.items():
        setattr(address, name, value)
    _save(address, is_default=is_default)
    return address


@transaction.atomic
def make_default(*, address: Address) -> None:
    _lock(address.user)
    _save(address, is_default=True)


@transaction.atomic
def delete_address(*, address: Address) -> None:
    """Orders keep their own copy. The newest of what is left takes over as the default."""
    _lock(address.user)
    address.delete()
    if address.is_default and (heir := address.user.addresses.order_by("-pk").first()):
        _save(heir, is_default=True)


def _lock(user: User) -> None:
    """Changes of one book happen one after the other."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _save(address: Address, *, is_default: bool) -> None:
    """Exactly one address of a book is the default; to choose another is the only way to take that from it."""
    others = address.user.addresses.exclude(pk=address.pk)
    if is_default:
        others.filter(is_default=True).update(is_default=False)
    address.is_default = is_default or address.is_default or not others.filter(is_default=True).exists()
    address.save()
