"""What a browser posts from the product form."""

from typing import Any

from catalog.models import Category, Product
from catalog.services import edition_of


def posted(
    lists_in: Category,
    *variants: dict[str, Any],
    attributes: list[tuple[str, str]] | None = None,
    options: list[tuple[str, str]] | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """The form of a new product; a variant is given by what differs from the usual."""
    fields: dict[str, Any] = {
        "title": "Brass lamp",
        "category": lists_in.pk,
        "description": "Cast by hand.",
        "gst_rate": "5",
        "country_of_origin": "IN",
        "status": "draft",
        "do": "save",
    }
    rows: dict[str, list[dict[str, Any]]] = {
        "attributes": [{"name": name, "value": value} for name, value in attributes or []],
        "options": [{"name": name, "values": values} for name, values in options or []],
        "variants": [{"price": "499", "mrp": "", "stock": "7", "is_active": "on", **each} for each in variants or [{}]],
    }
    for name, those in rows.items():
        fields[f"{name}-count"] = len(those)
        for number, row in enumerate(those):
            fields |= {f"{name}-{number}-{key}": value for key, value in row.items() if value is not None}
    return {**fields, **changes}


def posted_again(product: Product, *more: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The form as the page of the product has it, with further variants."""
    variants = list(product.variants.order_by("position", "pk"))
    first = variants[0].attributes if variants else {}
    names = sorted(first, key=lambda name: variants[0].name.find(first[name]))
    rows = [
        {
            "id": variant.pk,
            "sku": variant.sku,
            "price": f"{variant.price:f}".removesuffix(".00"),
            "mrp": f"{variant.mrp:f}".removesuffix(".00"),
            "stock": variant.stock,
            "stock_was": variant.stock,
            "is_active": "on" if variant.is_active else None,
            **{f"value_{number}": variant.attributes.get(name, "") for number, name in enumerate(names)},
        }
        for variant in variants
    ]
    facts = {name: getattr(product, name) for name in ("title", "description", "brand", "hsn", "status")}
    facts |= {"gst_rate": f"{product.gst_rate.normalize():f}", "seen": edition_of(product)}
    options = [(name, "") for name in names]
    return posted(product.category, *rows, *more, options=options, **{**facts, **changes})
