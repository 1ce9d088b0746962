"""
The API's JSON Web Tokens: what they say, and that we said it. Whether one still counts depends on its user
(`selectors.user_of_claims`) and, of a refresh token, on nobody having used it before (`services.refresh_tokens`).
"""

import re
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jwt
from django.conf import settings
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

from accounts.models import User
from pymart.common.errors import DomainError

ACCESS, REFRESH = AccessToken.token_type, RefreshToken.token_type
_USER_ID = re.compile(r"[1-9][0-9]{0,17}")
# Clocks of two servers differ by more than nothing: `iat` informs, `exp` decides, anew at each use.
_OPTIONS: Any = {
    "require": ["exp", "iat", "jti", "sub", "sv", "token_type"],
    "verify_iat": False,
    "verify_exp": False,
}


class InvalidToken(DomainError):
    code = "token_not_valid"
    status = 401
    message = "This token is not valid. Please log in again."


class ExpiredToken(InvalidToken):
    code = "token_expired"
    message = "This token has expired."


class UserInactive(DomainError):
    code = "user_inactive"
    status = 401
    message = "This account is closed."


class SecondFactorRequired(DomainError):
    """Raised for staff who have set up a second factor, or must have one."""

    code = "second_factor_required"
    status = 401
    message = "Log in with a code of your authenticator app as well."
    field = "code"


@dataclass(frozen=True, slots=True)
class Claims:
    """The two tokens of a pair share their `jti`."""

    user_id: int
    session_version: int
    jti: str
    expires_at: int  # seconds since 1970
    second_factor: bool  # was shown when this was first given out


def new_refresh_token(user: User, *, second_factor: bool = False) -> RefreshToken:
    """A refresh token; its `access_token` completes the pair."""
    refresh = RefreshToken()
    refresh["sub"] = str(user.pk)
    refresh["sv"] = user.session_version
    if second_factor:
        refresh["sf"] = True
    return refresh


def access_token_of(refresh: RefreshToken) -> AccessToken:
    access = refresh.access_token
    access["jti"] = refresh["jti"]
    return access


def read(token: str, kind: str) -> Claims:
    """
    What a token of that kind, signed here and not expired, claims.

    :raises ExpiredToken, InvalidToken:
    """
    payload = _signed(token, tuple(settings.JWT_KEYS))
    if payload["exp"] <= time.time():
        raise ExpiredToken
    if payload["token_type"] != kind or not _USER_ID.fullmatch(payload["sub"]):
        raise InvalidToken
    return Claims(int(payload["sub"]), payload["sv"], payload["jti"], payload["exp"], payload.get("sf") is True)


def refuse_who_may_not(user: User, claims: Claims) -> None:
    """
    Refuse the owner of a token that is valid by itself.

    :raises UserInactive:
    :raises SecondFactorRequired: also of who became staff after the token was given out.
    """
    if not user.is_active:
        raise UserInactive
    if user.is_staff and settings.STAFF_SECOND_FACTOR and not claims.second_factor:
        raise SecondFactorRequired


@lru_cache(maxsize=8192)
def _signed(token: str, keys: tuple[str, ...]) -> dict[str, Any]:
    """
    What the token says, expired or not. That we signed it does not change, and an app sends the same one for half an
    hour.

    :raises InvalidToken:
    """
    for key in keys:
        try:
            return jwt.decode(token, key, algorithms=["HS256"], options=_OPTIONS)
        except jwt.InvalidSignatureError:
            continue  # perhaps it is of the key before
        except jwt.InvalidTokenError as error:
            raise InvalidToken from error
    raise InvalidToken
