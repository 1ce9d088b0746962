"""What somebody looked at last, in a cookie of their own: ids only, gone when they say so."""

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE = "recent"
_KEPT = 12
_SECONDS = 30 * 24 * 3600
_SANE = re.compile(r"[1-9][0-9]{0,17}(?:\.[1-9][0-9]{0,17}){0,19}")


def product_ids(request: HttpRequest) -> list[int]:
    """Latest first. Anybody can write a cookie: what is not a list of numbers counts as none."""
    value = request.COOKIES.get(COOKIE, "")
    return [int(pk) for pk in value.split(".")][:_KEPT] if _SANE.fullmatch(value) else []


def remember(request: HttpRequest, response: HttpResponse, product_id: int) -> None:
    ids = list(dict.fromkeys([product_id, *product_ids(request)]))[:_KEPT]
    response.set_cookie(
        COOKIE,
        ".".join(map(str, ids)),
        max_age=_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
