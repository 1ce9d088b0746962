"""What sellers are written about their products. Params: `product`, a primary key, and the `reason`."""

from typing import Any

from accounts.models import User
from accounts.services import Mail, composer
from catalog.models import Product


@composer("product-blocked")
def product_blocked(user: User, params: dict[str, Any]) -> Mail:
    product = Product.objects.get(pk=params["product"])
    return Mail(f"“{product.title}” was taken off sale", "product_blocked", _context(product, params))


@composer("product-unblocked")
def product_unblocked(user: User, params: dict[str, Any]) -> Mail:
    product = Product.objects.get(pk=params["product"])
    return Mail(f"“{product.title}” may be sold again", "product_unblocked", _context(product, params))


def _context(product: Product, params: dict[str, Any]) -> dict[str, Any]:
    return {"product": product, "reason": params["reason"]}
