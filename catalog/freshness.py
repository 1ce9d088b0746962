"""What depends on products elsewhere, answers that are kept and the search index, and how it learns of changes."""

from collections.abc import Collection

from catalog.search.outbox import enqueue
from pymart.common.api.caching import changed
from pymart.common.db import after_commit

CATEGORIES = "catalog.categories"
LISTS = "catalog.lists"  # which products are listed, and what a list says of each
PRODUCTS = "catalog.products"  # of any product more than lists say
MANY = 500  # products: from here on they are not named one by one


def product(pk: int) -> str:
    return f"catalog.product.{pk}"


def products_changed(ids: Collection[int], *, in_lists: bool = True) -> None:
    """
    To be called in the transaction of the change, next to whatever changes products other than by `save` and `delete`.

    :param in_lists: off for what only the product's own page shows. The search index knows no more than lists do.
    """
    if ids:
        if in_lists:
            enqueue(ids)
        names = [product(pk) for pk in ids] if len(ids) < MANY else [PRODUCTS]
        after_commit(changed, *names, *([LISTS] if in_lists else []))


def everything_changed() -> None:
    """Of an unknown number of products, as `products_changed`."""
    after_commit(changed, PRODUCTS, LISTS)


def categories_changed() -> None:
    """The change is committed, and the tree that is remembered is the new one."""
    changed(CATEGORIES)
