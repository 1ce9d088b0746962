"""A cart with its prices: read anew from the database at each look, so nothing in it can be stale."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.conf import settings
from django.db.models import Prefetch

from accounts.models import SellerProfile
from cart import store
from catalog.models import ProductImage, Variant
from pymart.common.errors import DomainError

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class CartLine:
    variant: Variant
    quantity: int

    @property
    def unit_price(self) -> Decimal:
        price: Decimal = self.variant.price
        return price

    @property
    def line_total(self) -> Decimal:
        return self.unit_price * self.quantity

    @property
    def mrp_total(self) -> Decimal:
        mrp: Decimal = self.variant.mrp
        return mrp * self.quantity

    @property
    def image(self) -> ProductImage | None:
        return self.variant.product.cover

    @property
    def url(self) -> str:
        return f"{self.variant.product.get_absolute_url()}?v={self.variant.pk}"

    @property
    def most(self) -> int:
        """The largest quantity that can be chosen."""
        return min(self.variant.stock, settings.CART_MAX_QUANTITY)


@dataclass(frozen=True)
class SellerGroup:
    """The lines of one seller: one parcel, one shipping fee."""

    seller: SellerProfile
    lines: Sequence[CartLine]

    @property
    def subtotal(self) -> Decimal:
        return sum((line.line_total for line in self.lines), ZERO)

    @property
    def shipping(self) -> Decimal:
        return shipping_fee(self.subtotal)

    @property
    def to_free_shipping(self) -> Decimal:
        """What is missing until this parcel ships free; 0 when it does."""
        return max(settings.FREE_SHIPPING_FROM - self.subtotal, ZERO)


@dataclass(frozen=True)
class Notice:
    """Something in the cart changed by itself, and the buyer is told."""

    code: str
    detail: str
    product_id: int


@dataclass(frozen=True)
class PricedCart:
    id: uuid.UUID | None
    groups: Sequence[SellerGroup]
    notices: Sequence[Notice] = ()

    @property
    def lines(self) -> list[CartLine]:
        return [line for group in self.groups for line in group.lines]

    @property
    def is_empty(self) -> bool:
        return not self.groups

    @property
    def item_count(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def subtotal(self) -> Decimal:
        return sum((group.subtotal for group in self.groups), ZERO)

    @property
    def mrp_total(self) -> Decimal:
        return sum((line.mrp_total for line in self.lines), ZERO)

    @property
    def savings(self) -> Decimal:
        return self.mrp_total - self.subtotal

    @property
    def shipping(self) -> Decimal:
        return sum((group.shipping for group in self.groups), ZERO)

    @property
    def total(self) -> Decimal:
        return self.subtotal + self.shipping


def shipping_fee(subtotal: Decimal) -> Decimal:
    """What one seller's parcel costs the buyer."""
    return ZERO if subtotal >= settings.FREE_SHIPPING_FROM else settings.SHIPPING_FEE


def group_by_seller(lines: Iterable[CartLine]) -> list[SellerGroup]:
    ordered = sorted(lines, key=lambda line: (line.variant.seller_id, line.variant.product.title, line.variant.pk))
    return [
        SellerGroup(group[0].variant.product.seller, group)
        for group in (list(part) for _, part in groupby(ordered, key=lambda line: line.variant.seller_id))
    ]


def variants_for_cart(ids: Iterable[int]) -> dict[int, Variant]:
    """Variants with product, seller and first picture, in two queries for any number."""
    first_image = Prefetch("product__images", ProductImage.objects.filter(position=0), to_attr="covers")
    variants = Variant.objects.select_related("product__seller").prefetch_related(first_image)
    return {variant.pk: variant for variant in variants.filter(pk__in=list(ids))}


def saved_for_later(owner: str) -> list[Variant]:
    ids = store.read_saved(owner)
    return list(variants_for_cart(ids).values()) if ids else []


def item_count(owner: str | None) -> int:
    """Pieces in the cart for the badge: a page must not fail because carts are away."""
    try:
        return store.count(owner) if owner else 0
    except DomainError:
        return 0
