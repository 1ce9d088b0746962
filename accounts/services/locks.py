"""
Who writes about a person locks their row first: an erasure waits for that, or is over, and then nothing may come back
to the row that it left.
"""

from accounts.models import User
from accounts.tokens import UserInactive
from pymart.common.errors import DomainError


class AccountErased(DomainError):
    code = "account_erased"
    message = "This account is erased, as its owner asked for. What is left of it stays as it is."


def lock_account(user_id: int) -> User:
    """
    For staff, who also see to closed accounts.

    :raises AccountErased:
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    if user.is_erased:
        raise AccountErased
    return user


def lock_own_account(user: User) -> User:
    """
    For what its owner writes: the request may have begun before the account was closed or erased.

    :raises UserInactive:
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not user.is_active:
        raise UserInactive
    return user
