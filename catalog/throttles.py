from contextlib import suppress

from django.conf import settings
from django.http import HttpRequest

from pymart.common import throttle
from pymart.common.errors import Unavailable
from pymart.common.net import client_ip


def count_search(request: HttpRequest) -> throttle.Rate | None:
    """
    One count for pages and API. Without Redis nobody is held back: searching is what the shop is for.

    :raises Throttled:
    """
    who = f"user-{request.user.pk}" if request.user.is_authenticated else client_ip(request)
    limit, seconds = settings.SEARCHES
    with suppress(Unavailable):
        return throttle.count("search", who, limit=limit, seconds=seconds)
    return None
