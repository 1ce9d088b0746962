"""Answers as plain data, without serializers: that is most of what a list costs."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.core.files.storage import default_storage
from django.urls import reverse
from rest_framework.request import Request

from catalog.descriptions import cleaned
from catalog.models import ProductImage
from catalog.search import Facets, Suggestion, Understood
from catalog.search.types import FacetCount
from catalog.selectors import CategoryNode, CategoryTree, FullProduct, ProductRow, breadcrumbs
from pymart.common.net import absolute

Plain = dict[str, Any]
ROW_IMAGE = 640
CURRENCY = "INR"


def product_row(row: ProductRow) -> Plain:
    return {
        "id": row.id,
        "slug": row.slug,
        "title": row.title,
        "price": row.price,
        "mrp": row.mrp,
        "discount_percent": row.discount_percent,
        "currency": CURRENCY,
        "image": image_url(row.image) if row.image else None,
        "category": {"id": row.category_id, "slug": row.category_slug, "name": row.category_name},
        "seller": {"id": row.seller_id, "name": row.seller_name},
        "rating_average": row.rating_average,
        "rating_count": row.rating_count,
        "in_stock": row.in_stock,
    }


def own_product_row(row: ProductRow) -> Plain:
    return {**product_row(row), "status": row.status, "blocked_reason": row.blocked_reason}


@lru_cache(maxsize=10_000)  # a file never changes, and its name never means another one
def image_url(name: str, size: int = ROW_IMAGE) -> str:
    return absolute(default_storage.url(ProductImage.name_for(name, size)))


def product(shown: FullProduct) -> Plain:
    return {
        **product_row(shown.row),
        "description": cleaned(shown.description),
        "images": [_image(each) for each in shown.images],
        "tags": shown.tags,
        "attributes": shown.attributes,
        "brand": shown.brand,
        "highlights": shown.highlights,
        "hsn": shown.hsn,
        "gst_rate": shown.gst_rate,
        "country_of_origin": shown.country_of_origin,
        "variants": shown.variants,
        "stock": sum(each["stock"] for each in shown.variants),
        "status": shown.row.status,
        "blocked_reason": shown.row.blocked_reason,
        "breadcrumbs": [_ref(node) for node in breadcrumbs(shown.row.category_id)],
        "created_at": shown.created_at,
        "updated_at": shown.updated_at,
    }


def _image(image: ProductImage) -> Plain:
    return {
        "id": image.pk,
        "url": image_url(image.image.name, 1200),
        "width": image.width,
        "height": image.height,
        "alt": image.alt,
        "srcset": ", ".join(absolute(each) for each in image.srcset.split(", ")),
    }


def facets(found: Facets, tree: CategoryTree, chosen: CategoryNode | None) -> Plain:
    steps = {node.id: node for node in (chosen.children if chosen else tree.roots)}
    counts = dict.fromkeys(steps, 0)
    for pk, count in found.categories:
        node = tree.by_id.get(pk)
        while node and node.id not in steps:
            node = node.parent
        if node:
            counts[node.id] += count
    return {
        "categories": [{**_ref(node), "count": counts[pk]} for pk, node in steps.items() if counts[pk]],
        "price": [{"min_price": f"{low:.2f}", "max_price": high, "count": n} for (low, high), n in found.prices],
        "ratings": [{"min_rating": int(stars), "count": n} for stars, n in found.ratings],
        "tags": _words(found.tags),
        "brands": _words(found.brands),
    }


def understood(words: Understood) -> Plain:
    return {
        "kind": words.kind,
        "words": words.words,
        "min_price": words.min_price,
        "max_price": words.max_price,
        "value": words.value,
        "is_applied": words.is_applied,
    }


def _words(found: Iterable[FacetCount[str]]) -> list[Plain]:
    return [{"value": word, "count": count} for word, count in found]


def suggestion(found: Suggestion, request: Request) -> Plain:
    """The address is the API's, where the engine gives the page's: both end in the slug."""
    row: Plain = {"kind": found.kind, "text": found.text}
    if found.url:
        slug = found.url.rstrip("/").rpartition("/")[2]
        row["url"] = request.build_absolute_uri(reverse(f"api:{found.kind}", args=[slug]))
    return row


def category(node: CategoryNode) -> Plain:
    children = [category(child) for child in node.children]
    return {**_ref(node), "children": children, "product_count": node.product_count}


def category_with_path(node: CategoryNode) -> Plain:
    return {**category(node), "breadcrumbs": [_ref(each) for each in [*node.ancestors, node]]}


def _ref(node: CategoryNode) -> Plain:
    return {"id": node.id, "slug": node.slug, "name": node.name}
