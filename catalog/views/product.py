from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.html import linebreaks, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe
from django_countries import countries

from catalog.delivery import DeliveryEstimate, delivery_estimate
from catalog.descriptions import cleaned, has_markup
from catalog.forms import PincodeForm
from catalog.models import Product, ProductStatus, Variant
from catalog.page_views import count_view
from catalog.selectors import (
    LOW_STOCK,
    breadcrumbs,
    default_variant,
    is_on_wishlist,
    option_groups,
    product_detail,
    related_products,
)
from catalog.unit_price import UnitPrice, unit_price
from catalog.views import recent
from catalog.views.structured import product_data
from pymart.common.htmx import HtmxRequest, page_or_fragment, wants_fragment
from pymart.common.net import absolute

PINCODE_COOKIE = "pincode"
_PINCODE_SECONDS = 180 * 24 * 3600
_FRAGMENTS = {"offer", "delivery"}
_QUANTITY_OPTIONS = ("Net quantity", "Pack", "Pack size", "Weight", "Volume")


@dataclass(frozen=True)
class Offer:
    """What the box beside the pictures says about the chosen variant."""

    variant: Variant
    net_quantity: str

    @property
    def unit_price(self) -> UnitPrice | None:
        return unit_price(self.variant.price, self.net_quantity)

    @property
    def saved(self) -> Decimal:
        return self.variant.mrp - self.variant.price

    @property
    def max_quantity(self) -> int:
        return min(self.variant.stock, settings.CART_MAX_QUANTITY)

    @property
    def is_low(self) -> bool:
        return 0 < self.variant.stock <= LOW_STOCK


@require_safe
def product(request: HtmxRequest, slug: str) -> HttpResponse:
    try:
        shown = product_detail(slug, request.user)
    except Product.DoesNotExist as error:
        raise Http404 from error
    variants = list(shown.variants.all())
    chosen = _chosen(variants, request.GET.get("v", ""))
    pincode, estimate = _delivery(request, shown)
    crumbs = breadcrumbs(shown.category_id)
    description = _description(shown.description)
    images = list(shown.images.all())
    context = {
        "product": shown,
        "images": images,
        "offer": Offer(chosen, _net_quantity(shown, chosen)) if chosen else None,
        "groups": option_groups(variants, chosen),
        "facts": _facts(shown),
        "description": description,
        "crumbs": crumbs,
        "pincode_form": pincode,
        "estimate": estimate,
        "shipping_fee": settings.SHIPPING_FEE,
        "free_shipping_from": settings.FREE_SHIPPING_FROM,
        "is_preview": not shown.is_listed,
        "edit_url": _edit_url(request, shown),
        "is_draft": shown.status == ProductStatus.DRAFT,
        "on_wishlist": request.user.is_authenticated and is_on_wishlist(request.user, shown),
        "related": SimpleLazyObject(lambda: related_products(shown)),  # a fragment does not ask for it
        "structured": SimpleLazyObject(lambda: product_data(shown, chosen, crumbs, strip_tags(description))),
        "meta_description": _meta_description(shown, description),
        "og_image": absolute(images[0].url(1200)) if images else "",
    }
    response = page_or_fragment(request, "catalog/product.html", _FRAGMENTS, context)
    if estimate:
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(
            PINCODE_COOKIE, estimate.pincode, max_age=_PINCODE_SECONDS, samesite="Lax", httponly=True, secure=secure
        )
    if shown.is_listed and not wants_fragment(request, _FRAGMENTS):
        recent.remember(request, response, shown.pk)
        count_view(request, product_id=shown.pk, owner_id=shown.seller.user_id)
    return response


def _edit_url(request: HtmxRequest, shown: Product) -> str:
    """Where its seller changes it."""
    is_own = shown.seller.user_id == request.user.pk
    return reverse("seller-products:edit", args=[shown.pk]) if is_own else ""


def _meta_description(shown: Product, description: str) -> str:
    facts = ". ".join([*shown.highlights[:3], strip_tags(description)])
    return f"{shown.title} from {shown.seller.shop_name}. {facts}"


def _chosen(variants: list[Variant], wanted: str) -> Variant | None:
    named = [variant for variant in variants if str(variant.pk) == wanted]
    return named[0] if named else default_variant(variants)


def _delivery(request: HtmxRequest, shown: Product) -> tuple[PincodeForm, DeliveryEstimate | None]:
    """The form for the PIN code, filled from the address or the cookie, and the estimate where there is one."""
    asked = request.GET.get("pincode")
    known = request.COOKIES.get(PINCODE_COOKIE, "") if asked is None else asked
    form = PincodeForm({"pincode": known} if known or asked is not None else None)
    if not form.is_bound:
        return form, None
    if not form.is_valid():
        # Nobody typed what is wrong in a cookie.
        return (form if asked is not None else PincodeForm()), None
    seller = shown.seller
    estimate = delivery_estimate(seller.state, form.cleaned_data["pincode"], is_registered=seller.is_registered)
    if estimate is None:
        form.add_error("pincode", "No post office has this PIN code. Please check it.")
    return form, estimate


def _net_quantity(shown: Product, chosen: Variant) -> str:
    """Packs of different sizes are variants; otherwise it is a fact of the product."""
    named = [chosen.attributes.get(name) for name in _QUANTITY_OPTIONS]
    return next((str(value) for value in [*named, shown.attributes.get("Net quantity")] if value), "")


def _facts(shown: Product) -> dict[str, Any]:
    facts = {"Brand": shown.brand} if shown.brand else {}
    origin = countries.name(shown.country_of_origin) or shown.country_of_origin
    return {**facts, **shown.attributes, "Country of origin": origin}


def _description(text: str) -> SafeString:
    """Plain text in paragraphs; the little markup that sellers may use, cleaned."""
    if has_markup(text):
        return mark_safe(cleaned(text))  # noqa: S308
    return mark_safe(linebreaks(text, autoescape=True))  # noqa: S308 - escaped by linebreaks
