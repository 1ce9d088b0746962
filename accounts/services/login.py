"""Logging in and out, the same way for pages, admin and API."""

from django.contrib.auth import authenticate, login, update_session_auth_hash
from django.db.models import F
from django.http import HttpRequest

from accounts import notify as live
from accounts.models import User
from accounts.services.guessing import count_attempt
from accounts.sessions import delete_sessions
from pymart.common.db import after_commit
from pymart.common.errors import DomainError


class InvalidCredentials(DomainError):
    code = "invalid_credentials"
    status = 401
    message = "E-mail or password is not right. Please check both."


def authenticate_user(request: HttpRequest, *, email: str, password: str) -> User:
    """
    Whose these are. Every way to log in comes through here, so all share the counts of attempts (`guessing`).

    An unknown e-mail, a wrong password and a closed account answer the same, each after hashing one password.

    :raises Throttled, Unavailable, InvalidCredentials:
    """
    attempt = count_attempt(request, email=email)
    user = authenticate(request, email=email, password=password)
    if not isinstance(user, User):
        raise InvalidCredentials
    attempt.succeeded()
    return user


def log_in(request: HttpRequest, *, email: str, password: str, remember: bool) -> User:
    """
    Log this browser in; without `remember` only until it closes.

    :raises Throttled, Unavailable, InvalidCredentials:
    """
    user = authenticate_user(request, email=email, password=password)
    login(request, user)
    request.session.set_expiry(None if remember else 0)
    return user


def sign_out_elsewhere(request: HttpRequest, *, user: User) -> None:
    """End every session of the user but this one, which goes on under a new key."""
    sign_out_everywhere(user=user)
    update_session_auth_hash(request, user)


def sign_out_everywhere(*, user: User) -> None:
    """Sessions and tokens are refused from now on; live connections end with them."""
    User.objects.filter(pk=user.pk).update(session_version=F("session_version") + 1)
    user.refresh_from_db(fields=["session_version"])
    delete_sessions(user.sessions.values_list("session_key", flat=True))
    after_commit(live.announce_sign_out, user.pk)
