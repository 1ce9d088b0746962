"""Structured data (schema.org) of the public pages, for `{% json_ld %}`."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse

from catalog.models import Product, Variant
from catalog.selectors import CategoryNode
from pymart.common.net import absolute


def site_data() -> dict[str, Any]:
    site = settings.MARKETPLACE
    organization = {
        "@type": "Organization",
        "@id": absolute("/#organization"),
        "name": site["name"],
        "legalName": site["legal_name"],
        "url": absolute("/"),
        "contactPoint": {
            "@type": "ContactPoint",
            "contactType": "customer support",
            "email": site["support_email"],
            "telephone": site["support_phone"],
            "areaServed": "IN",
        },
    }
    website = {
        "@type": "WebSite",
        "name": site["name"],
        "url": absolute("/"),
        "publisher": {"@id": organization["@id"]},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": absolute(reverse("catalog:search")) + "?q={search_term_string}",
            },
            "query-input": "required name=search_term_string",
        },
    }
    return {"@graph": [organization, website]}


def breadcrumb_data(crumbs: Sequence[CategoryNode], last: Product | None = None) -> dict[str, Any]:
    steps = [("Home", "/"), *((crumb.name, crumb.url) for crumb in crumbs)]
    if last:
        steps.append((last.title, last.get_absolute_url()))
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": absolute(address)}
            for number, (name, address) in enumerate(steps, 1)
        ],
    }


def product_data(
    product: Product, variant: Variant | None, crumbs: Sequence[CategoryNode], description: str
) -> dict[str, Any]:
    data: dict[str, Any] = {
        "@type": "Product",
        "name": product.title,
        "description": description[:500],
        "url": absolute(product.get_absolute_url()),
        "image": [absolute(image.url(1200)) for image in product.images.all()],
        "category": " > ".join(crumb.name for crumb in crumbs),
    }
    if product.brand:
        data["brand"] = {"@type": "Brand", "name": product.brand}
    if variant:
        data["sku"] = variant.sku
        data["offers"] = {
            "@type": "Offer",
            "url": absolute(product.get_absolute_url()),
            "priceCurrency": "INR",
            "price": str(variant.price),
            "availability": f"https://schema.org/{'InStock' if variant.stock else 'OutOfStock'}",
            "itemCondition": "https://schema.org/NewCondition",
            "seller": {"@type": "Organization", "name": product.seller.shop_name},
        }
    if product.rating_count:
        data["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": str(product.rating_average),
            "ratingCount": product.rating_count,
            "bestRating": 5,
            "worstRating": 1,
        }
    return {"@graph": [data, breadcrumb_data(crumbs, product)]}
