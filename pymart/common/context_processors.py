from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "site": {
            **settings.MARKETPLACE,
            "url": settings.SITE_URL,
            "shipping_fee": settings.SHIPPING_FEE,
            "free_shipping_from": settings.FREE_SHIPPING_FROM,
            "order_expiry_minutes": settings.ORDER_EXPIRY_MINUTES,
        },
        "demo": settings.DEBUG,
    }
