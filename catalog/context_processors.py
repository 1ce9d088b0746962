from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from catalog.selectors import category_tree


def menu(request: HttpRequest) -> dict[str, Any]:
    """`categories`: the roots of the tree, read once where header and footer both show them."""
    return {"categories": SimpleLazyObject(category_tree)}
