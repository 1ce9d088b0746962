from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    return {"site": {**settings.MARKETPLACE, "url": settings.SITE_URL}, "demo": settings.DEBUG}
