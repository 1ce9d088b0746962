"""The category tree's only writers. One lock for all of them, so that two moves cannot close a circle."""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, QuerySet

from catalog import freshness
from catalog.models import Category, Product, ProductStatus
from catalog.services.listing import refresh_listing
from pymart.common.db import advisory_lock
from pymart.common.errors import DomainError
from pymart.common.slugs import slug_of

_REFRESH_BATCH = 1000
UNSORTED = "Unsorted"  # the root for products that were not on sale when their root was deleted
_LAST = 32767


class CategoryInUse(DomainError):
    code = "category_in_use"
    message = "This category, or one below it, still has products on sale. Move or archive those first."


class CategoryCycle(DomainError):
    code = "category_cycle"
    status = 400
    message = "A category cannot be below itself."
    field = "parent"


class CategoryExists(DomainError):
    code = "category_exists"
    message = "There is a category with this name here already."
    field = "name"


@transaction.atomic
def create_category(*, name: str, parent: Category | None = None, slug: str = "", **fields: Any) -> Category:
    """
    :param slug: made from the name, and from the parent's where that is taken, when empty.
    :raises CategoryExists: when the parent has a child of that name, or the slug is taken.
    """
    _lock()
    _refuse_namesake(name, parent)
    return Category.objects.create(name=name, parent=parent, slug=_free_slug(name, parent, slug), **fields)


@transaction.atomic
def update_category(*, category: Category, **changes: Any) -> Category:
    """
    Change some fields; products below learn a new name or place for their search.

    :raises CategoryCycle: when the new parent is the category itself or below it.
    :raises CategoryExists: when the parent has a child of that name, or the slug is taken.
    """
    _lock()
    current = Category.objects.get(pk=category.pk)
    before = (current.name, current.parent_id)
    for name, value in changes.items():
        setattr(current, name, value)
    refuse_cycle(category=current, parent=current.parent)
    _refuse_namesake(current.name, current.parent, but=current)
    if "slug" in changes:
        current.slug = _free_slug(current.name, current.parent, current.slug, but=current)
    current.save(update_fields=list(changes))
    if (current.name, current.parent_id) != before:
        _refresh_products(current)
    return current


def delete_category(*, category: Category) -> None:
    """
    Delete it and all below it. Their drafts and archived products move to the category above.

    :raises CategoryInUse: while one of them has active products.
    """
    try:
        with transaction.atomic():
            _lock()
            _delete(category)
    except (ProtectedError, IntegrityError) as error:  # a draft was put on sale meanwhile
        raise CategoryInUse from error


def _delete(category: Category) -> None:
    ids = _subtree_ids(category)
    list(Category.objects.select_for_update().filter(pk__in=ids).order_by("pk"))  # no product can come in any more
    products = Product.objects.filter(category__in=ids)
    if products.filter(status=ProductStatus.ACTIVE).exists():
        raise CategoryInUse
    moved = list(products.order_by("pk").values_list("pk", flat=True))
    if moved:
        heir = category.parent or _unsorted()
        if heir.pk in ids:
            raise CategoryInUse
        products.exclude(status=ProductStatus.ACTIVE).update(category=heir)
        freshness.products_changed(moved)
        _refresh(moved)
    for pk in reversed(ids):  # leaves first; one by one, for each tells that the tree changed
        Category.objects.get(pk=pk).delete()


def _unsorted() -> Category:
    found = Category.objects.roots().filter(name=UNSORTED).first()
    return found or create_category(name=UNSORTED, position=_LAST)


def refuse_cycle(*, category: Category, parent: Category | None) -> None:
    """:raises CategoryCycle: when `parent` is the category itself or below it."""
    if parent and parent.pk in _subtree_ids(category):
        raise CategoryCycle


def _lock() -> None:
    advisory_lock("catalog.category-tree")


def _subtree_ids(category: Category) -> list[int]:
    """Read from the database, since decisions must not be made on a cached tree."""
    found, level = [category.pk], [category.pk]
    while level:
        level = list(Category.objects.filter(parent__in=level).values_list("pk", flat=True))
        found += level
    return found


def _others(category: Category | None) -> QuerySet[Category]:
    return Category.objects.exclude(pk=category.pk) if category else Category.objects.all()


def _refuse_namesake(name: str, parent: Category | None, *, but: Category | None = None) -> None:
    if _others(but).filter(parent=parent, name__iexact=name).exists():
        raise CategoryExists


def _free_slug(name: str, parent: Category | None, wanted: str, *, but: Category | None = None) -> str:
    """The wanted slug, or one from the name: `shirts`, or `men-shirts` where that is taken."""
    own = slug_of(name)[:60].strip("-")
    if not own or own.isdigit():  # an address that is a number means an id
        own = f"category-{own}".rstrip("-")
    candidates = [wanted] if wanted else [own, f"{parent.slug[:29]}-{own}" if parent else own]
    taken = set(_others(but).filter(slug__in=candidates).values_list("slug", flat=True))
    for candidate in candidates:
        if candidate not in taken:
            return candidate
    raise CategoryExists(f"The address “{candidates[-1]}” belongs to another category.")


def _refresh_products(category: Category) -> None:
    products = Product.objects.filter(category__in=_subtree_ids(category))
    _refresh(list(products.order_by("pk").values_list("pk", flat=True)))


def _refresh(ids: Sequence[int]) -> None:
    for start in range(0, len(ids), _REFRESH_BATCH):
        refresh_listing(ids[start : start + _REFRESH_BATCH])
