from functools import partial
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts import selectors


def notifications(request: HttpRequest) -> dict[str, Any]:
    """`bell`, for whoever is logged in; the database is asked only where a template shows it, and once."""
    user = getattr(request, "user", None)  # an error page may be due before anybody asked who it is
    if user is None or not user.is_authenticated:
        return {}
    return {"bell": SimpleLazyObject(partial(selectors.bell_of, user))}
