"""Pairs of tokens for clients of the API: given out, exchanged once, taken back."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import update_last_login
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from rest_framework_simplejwt.utils import datetime_from_epoch

from accounts import selectors, tokens
from accounts.models import User
from accounts.services.second_factor import check_second_factor
from accounts.tokens import Claims, InvalidToken, SecondFactorRequired


@dataclass(frozen=True)
class TokenPair:
    access_token: str
    refresh_token: str
    expires_in: int  # seconds that the access token lives


def issue_tokens(user: User, *, second_factor: bool = False) -> TokenPair:
    """A new pair. Only its id is kept: with a copy of the database nobody gets in."""
    refresh = tokens.new_refresh_token(user, second_factor=second_factor)
    OutstandingToken.objects.create(
        user=user,
        jti=refresh["jti"],
        token="",
        created_at=refresh.current_time,
        expires_at=datetime_from_epoch(refresh["exp"]),
    )
    return TokenPair(
        access_token=str(tokens.access_token_of(refresh)),
        refresh_token=str(refresh),
        expires_in=int(settings.SIMPLE_JWT["ACCESS_TOKEN_LIFETIME"].total_seconds()),
    )


def sign_in(request: HttpRequest, *, user: User, code: str = "") -> TokenPair:
    """
    The first pair of a person who has just shown who they are; as one of the staff by a code of their app too.

    :raises SecondFactorRequired, Throttled, Unavailable, WrongCode:
    """
    shows_code = user.is_staff and selectors.has_second_factor(user)
    if shows_code and code:
        check_second_factor(request, user=user, code=code)
    elif shows_code:
        raise SecondFactorRequired
    elif user.is_staff and settings.STAFF_SECOND_FACTOR:
        raise SecondFactorRequired("Set up your second factor on the pages for staff first.")
    update_last_login(User, user)
    return issue_tokens(user, second_factor=shows_code)


def refresh_tokens(*, refresh_token: str) -> TokenPair:
    """
    A new pair for the token, which is spent by that.

    :raises InvalidToken, UserInactive, SecondFactorRequired:
    """
    claims = tokens.read(refresh_token, tokens.REFRESH)
    user = selectors.user_of_claims(claims)
    tokens.refuse_who_may_not(user, claims)
    with transaction.atomic():
        if not _spend(claims.jti):
            raise InvalidToken
        return issue_tokens(user, second_factor=claims.second_factor)


def revoke(*, refresh_token: str, user: User) -> None:
    """
    Take the user's refresh token back; one that is spent already stays so.

    :raises InvalidToken: also of somebody else's.
    """
    claims = tokens.read(refresh_token, tokens.REFRESH)
    if claims.user_id != user.pk:
        raise InvalidToken
    _spend(claims.jti)


def revoke_pair(*, claims: Claims) -> None:
    """Take back the refresh token that came with the access token of these claims."""
    _spend(claims.jti)


def _spend(jti: str) -> bool:
    """Whether the token was good until now. Of those who try at once, the unique index lets one through."""
    outstanding = OutstandingToken.objects.filter(jti=jti).first()
    if outstanding is None:
        return False
    try:
        with transaction.atomic():
            BlacklistedToken.objects.create(token=outstanding)
    except IntegrityError:
        return False
    return True
