from typing import Any

from django.http import HttpRequest

from cart.selectors import item_count


def cart(request: HttpRequest) -> dict[str, Any]:
    return {"cart_count": lambda: item_count(request)}
