from typing import Any

from django.http import HttpRequest

from catalog.selectors import category_tree


def menu(request: HttpRequest) -> dict[str, Any]:
    return {"categories": category_tree}
