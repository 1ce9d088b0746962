from typing import Any

from django.http import HttpRequest

from cart.selectors import item_count
from cart.services import owner_of


def cart(request: HttpRequest) -> dict[str, Any]:
    """`cart_count` for the badge; Redis is only asked where a template shows it."""
    return {"cart_count": lambda: item_count(owner_of(request))}
