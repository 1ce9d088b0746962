"""
How often a client may call. `throttle_scope` on a view names one of `settings.API_THROTTLES`; a view without one counts
what it is asked to change under "write".
"""

import logging
from typing import Any

from django.conf import settings
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from pymart.common import throttle
from pymart.common.errors import Unavailable
from pymart.common.net import client_ip

log = logging.getLogger(__name__)


class Throttle(BaseThrottle):
    def allow_request(self, request: Request, view: Any) -> bool:
        """:raises Throttled:"""
        scope = getattr(view, "throttle_scope", "write" if request.method not in SAFE_METHODS else None)
        if scope is None:
            return True
        who = f"user:{request.user.pk}" if request.user.is_authenticated else client_ip(request._request)
        limit, seconds = settings.API_THROTTLES[scope]
        try:
            request._request.rate = throttle.count(f"api-{scope}", who, limit=limit, seconds=seconds)
        except Unavailable:
            # Log-in, registering and reviews are counted in their services, which refuse without Redis.
            log.warning("nobody is counted: Redis does not answer")
        return True
