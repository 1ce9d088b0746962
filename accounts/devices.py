"""
The cookie by which a browser is known again at the door: which accounts were entered with it before. It opens nothing;
its attempts are counted apart from those of strangers (`accounts.services.guessing`).
"""

import hashlib
import secrets
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse

COOKIE = "device"
AGE = timedelta(days=180)
ACCOUNTS = 5  # of a family's browser
_signer = TimestampSigner(salt="accounts.devices")


class _Known(NamedTuple):
    id: str
    accounts: tuple[str, ...]  # the last entered first


def account_name(email: str) -> str:
    """What an account is called in counters and cookies, whether or not there is one with this e-mail."""
    return hashlib.sha256(f"account:{email.strip().lower()}".encode()).hexdigest()[:32]


def device_of(request: HttpRequest, account: str) -> str | None:
    """Which browser this is, if the account was entered with it before."""
    known = _read(request)
    return known.id if known and account in known.accounts else None


def remember_device(request: HttpRequest, email: str) -> None:
    """Have the response set the cookie (`accounts.middleware` does it)."""
    account, known = account_name(email), _read(request)
    others = [name for name in known.accounts if name != account] if known else []
    # A new id each time: a cookie that was stolen is counted apart from then on.
    text = ":".join([secrets.token_hex(16), account, *others][: ACCOUNTS + 1])
    request.device_cookie = _signer.sign(text)  # type: ignore[attr-defined]


def bring_cookie(request: HttpRequest, response: HttpResponse) -> None:
    if cookie := getattr(request, "device_cookie", ""):
        response.set_cookie(
            COOKIE, cookie, max_age=AGE, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
        )


def _read(request: HttpRequest) -> _Known | None:
    try:
        device, *accounts = _signer.unsign(request.COOKIES.get(COOKIE, ""), max_age=AGE).split(":")
    except BadSignature:
        return None
    return _Known(device, tuple(accounts))
