"""
The category tree, as every page shows it: one value in Redis, no query while it is warm.

The value carries the version that was current before the database was read. A change of the tree replaces the version,
so what a slow reader stores after the change counts as old. Each process remembers, for a minute, the tree that it
made of the value, and asks Redis for the version only.
"""

import time
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django.core.cache import cache
from django.db.models import Count
from django.urls import reverse

from catalog import freshness
from catalog.models import Category, Product

TREE_SECONDS = 3600
_TREE = "catalog.category-tree"
_VERSION = "catalog.category-tree.version"
_MEMORY_SECONDS = 60


class _Row(NamedTuple):
    """What is cached; tuples of plain values, so that a release with another node class can still read them."""

    id: int
    parent_id: int | None
    name: str
    slug: str
    icon: str
    product_count: int


@dataclass(eq=False)
class CategoryNode:
    """A category with its subtree. `product_count` counts the listed products of all of it, as of the last hour."""

    id: int
    name: str
    slug: str
    icon: str
    parent: "CategoryNode | None" = field(repr=False)
    product_count: int = 0
    children: "list[CategoryNode]" = field(default_factory=list, repr=False)

    def get_absolute_url(self) -> str:
        return reverse("catalog:category", args=[self.slug])

    url = property(get_absolute_url)

    @property
    def ancestors(self) -> "list[CategoryNode]":
        """From the root down, without itself."""
        return [*self.parent.ancestors, self.parent] if self.parent else []

    def walk(self) -> "Iterator[CategoryNode]":
        """Itself and all below, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class CategoryTree:
    roots: list[CategoryNode]
    by_id: dict[int, CategoryNode]
    by_slug: dict[str, CategoryNode]


class _Memory(NamedTuple):
    version: str
    until: float
    tree: CategoryTree


_memory = _Memory("", 0, CategoryTree([], {}, {}))


def get_tree() -> CategoryTree:
    """The same object to several callers: to be read only."""
    global _memory
    version: str = cache.get(_VERSION) or ""
    if version and _memory.version == version and time.monotonic() < _memory.until:
        return _memory.tree
    if not version:
        version = uuid.uuid4().hex
        cache.add(_VERSION, version, None)
    known_version, rows = cache.get(_TREE) or (None, [])
    if known_version != version:
        rows = _read_rows()
        cache.set(_TREE, (version, [tuple(row) for row in rows]), TREE_SECONDS)
    tree = _build(_Row(*row) for row in rows)
    _memory = _Memory(version, time.monotonic() + _MEMORY_SECONDS, tree)
    return tree


def category_tree() -> list[CategoryNode]:
    """The roots, in order."""
    return get_tree().roots


def forget_tree() -> None:
    """After a change is committed; `catalog.receivers` sees to it for everything but bulk writes."""
    cache.set(_VERSION, uuid.uuid4().hex, None)
    freshness.categories_changed()


def descendant_ids(category: Category | CategoryNode) -> list[int]:
    """The category's own id and those of all below."""
    node = get_tree().by_id.get(category.id)
    return [below.id for below in node.walk()] if node else [category.id]


def breadcrumbs(category_id: int) -> list[CategoryNode]:
    """From the root down to the category itself."""
    node = get_tree().by_id.get(category_id)
    return [*node.ancestors, node] if node else []


def _read_rows() -> list[_Row]:
    counts = dict(Product.objects.listed().order_by().values_list("category").annotate(Count("pk")))
    rows = Category.objects.order_by("position", "name", "pk")
    return [
        _Row(pk, parent, name, slug, icon, counts.get(pk, 0))
        for pk, parent, name, slug, icon in rows.values_list("pk", "parent", "name", "slug", "icon")
    ]


def _build(rows: Iterable[_Row]) -> CategoryTree:
    below: dict[int | None, list[_Row]] = defaultdict(list)
    for row in rows:
        below[row.parent_id].append(row)
    by_id: dict[int, CategoryNode] = {}

    def nodes(parent: CategoryNode | None) -> list[CategoryNode]:
        found = []
        for row in below[parent.id if parent else None]:
            node = CategoryNode(row.id, row.name, row.slug, row.icon, parent, row.product_count)
            by_id[row.id] = node
            node.children = nodes(node)
            node.product_count += sum(child.product_count for child in node.children)
            found.append(node)
        return found

    roots = nodes(None)
    return CategoryTree(roots, by_id, {node.slug: node for node in by_id.values()})
