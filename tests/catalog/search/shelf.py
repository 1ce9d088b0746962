"""Products as the search sees them: rows with their derived columns written directly, quickly."""

from itertools import count
from typing import Any

from django.utils.text import slugify

from accounts.models import SellerProfile
from catalog.models import Category, Product
from tests.factories import make_seller

_numbers = count(1)


def make_category(name: str = "", parent: Category | None = None) -> Category:
    number = next(_numbers)
    return Category.objects.create(name=name or f"Category {number}", slug=f"category-{number}", parent=parent)


def shelve(*products: dict[str, Any] | str, **common: Any) -> list[Product]:
    """Listed products, each given by what matters about it; a text is a title."""
    rows = [{"title": each} if isinstance(each, str) else each for each in products]
    shared = {
        "price": 500,
        "mrp": 1000,
        "status": "active",
        "is_listed": True,
        "in_stock": True,
        "seller": None,
        "category": None,
        **common,
    }
    shared["seller"] = shared["seller"] or SellerProfile.objects.first() or make_seller()
    shared["category"] = shared["category"] or Category.objects.first() or make_category()
    made = []
    for row in rows:
        number = next(_numbers)
        fields = {**shared, **row}
        fields["status"] = "active" if fields["is_listed"] else "draft"
        made.append(Product(**{"slug": f"{slugify(fields['title'])[:60]}-{number}", **fields}))
    return Product.objects.bulk_create(made)
