from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.models import Address, User
from accounts.sessions import device_name


@dataclass(frozen=True)
class SignedIn:
    device: str
    ip: str | None
    at: datetime | None
    is_this: bool


def addresses_of(user: User) -> QuerySet[Address]:
    """The user's address book, the default first."""
    return Address.objects.filter(user=user)


def sessions_of(user: User, *, this: str | None) -> list[SignedIn]:
    """Where the user is signed in, `this` session first, then the newest."""
    rows = user.sessions.filter(expire_date__gt=timezone.now()).order_by("-signed_in_at")
    signed_in = [
        SignedIn(device_name(row.user_agent), row.ip, row.signed_in_at, row.session_key == this) for row in rows
    ]
    return sorted(signed_in, key=lambda session: not session.is_this)


class _TokenOf(PasswordResetTokenGenerator):
    """Makes the token of a given moment: a mail that is composed twice says the same twice."""

    def __init__(self, moment: datetime) -> None:
        super().__init__()
        self.moment = moment

    def _now(self) -> datetime:
        return timezone.make_naive(self.moment)


def password_reset_path(user: User, *, asked_at: datetime) -> str:
    """Where the mail of a password reset leads; good for `PASSWORD_RESET_TIMEOUT` seconds from `asked_at`, and once."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("accounts:password-reset-confirm", args=[uid, _TokenOf(asked_at).make_token(user)])
