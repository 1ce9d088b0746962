"""A cart with its prices: read anew from the database at each look, so nothing in it can be stale."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from django.conf import settings
from django.core.files.storage import default_storage
from django.urls import reverse

from cart import store
from catalog.models import ProductImage, discount_percent
from pymart.common.db import prepared_cursor
from pymart.common.errors import DomainError
from pymart.common.india import may_supply
from pymart.common.money import ZERO

# What `Offer` holds, in its order. Written by hand because every look at a cart asks it: the ORM would take ten times
# as long to word the question and to make models of the answer.
_OFFERS = """
SELECT variant.id, variant.product_id, variant.seller_id, variant.sku, variant.name, variant.price, variant.mrp,
    variant.stock, variant.is_active AND product.is_listed, product.title, product.slug, product.hsn,
    product.gst_rate, seller.shop_name, seller.city, seller.state, seller.gstin <> '', cover.image
FROM catalog_variant variant
JOIN catalog_product product ON product.id = variant.product_id
JOIN accounts_sellerprofile seller ON seller.id = variant.seller_id
LEFT JOIN catalog_productimage cover ON cover.product_id = product.id AND cover.position = 0
WHERE variant.id = ANY(%s::bigint[])
"""


@lru_cache(maxsize=10_000)  # a file never changes, and its name never means another one
def thumb(name: str) -> str:
    """The address of a picture's small file."""
    return default_storage.url(ProductImage.name_for(name, 320))


class Offer(NamedTuple):
    """A variant as it is sold today, with what carts and orders say about its product, seller and picture."""

    variant_id: int
    product_id: int
    seller_id: int
    sku: str
    variant_name: str
    price: Decimal
    mrp: Decimal
    stock: int
    is_for_sale: bool
    title: str
    slug: str
    hsn: str
    gst_rate: Decimal
    shop_name: str
    city: str
    state: str
    is_seller_registered: bool
    image: str | None

    @property
    def name(self) -> str:
        return f"{self.title} · {self.variant_name}" if self.variant_name else self.title

    @property
    def url(self) -> str:
        return f"{reverse('catalog:product', args=[self.slug])}?v={self.variant_id}"

    @property
    def thumb(self) -> str:
        """The address of the small picture."""
        return thumb(self.image) if self.image else ""

    def delivers_to(self, state: str) -> bool:
        return may_supply(is_registered=self.is_seller_registered, from_state=self.state, to_state=state)

    @property
    def discount_percent(self) -> int:
        return discount_percent(self.price, self.mrp)


@dataclass(frozen=True)
class CartLine:
    offer: Offer
    quantity: int

    @property
    def unit_price(self) -> Decimal:
        return self.offer.price

    @property
    def line_total(self) -> Decimal:
        return self.offer.price * self.quantity

    @property
    def mrp_total(self) -> Decimal:
        return self.offer.mrp * self.quantity

    @property
    def most(self) -> int:
        """The largest quantity that can be chosen."""
        return min(self.offer.stock, settings.CART_MAX_QUANTITY)


@dataclass(frozen=True)
class SellerGroup:
    """The lines of one seller: one parcel, one shipping fee."""

    lines: Sequence[CartLine]

    @property
    def seller_id(self) -> int:
        return self.lines[0].offer.seller_id

    @property
    def shop_name(self) -> str:
        return self.lines[0].offer.shop_name

    @property
    def ships_from(self) -> str:
        offer = self.lines[0].offer
        return f"{offer.city}, {offer.state}"

    @property
    def only_to(self) -> str:
        """The one state this seller may deliver to; empty for those who deliver everywhere."""
        offer = self.lines[0].offer
        return "" if offer.is_seller_registered else offer.state

    @cached_property
    def subtotal(self) -> Decimal:
        return sum((line.line_total for line in self.lines), ZERO)

    @cached_property
    def shipping(self) -> Decimal:
        return shipping_fee(self.subtotal)

    @property
    def to_free_shipping(self) -> Decimal:
        """What is missing until this parcel ships free; 0 when it does."""
        return max(settings.FREE_SHIPPING_FROM - self.subtotal, ZERO)


@dataclass(frozen=True)
class Notice:
    """Something in the cart is no longer as the buyer left it: what happened, and what the cart made of it."""

    code: str
    fact: str
    consequence: str
    product_id: int
    variant_id: int

    @property
    def detail(self) -> str:
        return f"{self.fact} {self.consequence}"


@dataclass(frozen=True)
class PricedCart:
    id: uuid.UUID | None
    groups: Sequence[SellerGroup]
    notices: Sequence[Notice] = ()

    @cached_property
    def lines(self) -> list[CartLine]:
        return [line for group in self.groups for line in group.lines]

    @property
    def is_empty(self) -> bool:
        return not self.groups

    def undeliverable_to(self, state: str) -> list[CartLine]:
        return [line for line in self.lines if not line.offer.delivers_to(state)]

    @property
    def item_count(self) -> int:
        return sum(line.quantity for line in self.lines)

    @cached_property
    def subtotal(self) -> Decimal:
        return sum((group.subtotal for group in self.groups), ZERO)

    @property
    def mrp_total(self) -> Decimal:
        return sum((line.mrp_total for line in self.lines), ZERO)

    @property
    def savings(self) -> Decimal:
        return self.mrp_total - self.subtotal

    @cached_property
    def shipping(self) -> Decimal:
        return sum((group.shipping for group in self.groups), ZERO)

    @property
    def total(self) -> Decimal:
        return self.subtotal + self.shipping


def shipping_fee(subtotal: Decimal) -> Decimal:
    """What one seller's parcel costs the buyer."""
    return ZERO if subtotal >= settings.FREE_SHIPPING_FROM else settings.SHIPPING_FEE


def group_by_seller(lines: Iterable[CartLine]) -> list[SellerGroup]:
    ordered = sorted(lines, key=lambda line: (line.offer.seller_id, line.offer.title, line.offer.variant_id))
    return [SellerGroup(list(group)) for _, group in groupby(ordered, key=lambda line: line.offer.seller_id)]


def offers(variant_ids: Iterable[int], *, product_id: int | None = None) -> dict[int, Offer]:
    """These variants, and all of that product, whether they are for sale or not; one query for any number."""
    sql = _OFFERS
    parameters: list[Any] = [list(variant_ids)]
    if product_id is not None:
        sql += " OR variant.product_id = %s::bigint"
        parameters.append(product_id)
    with prepared_cursor() as cursor:
        cursor.execute(sql, parameters)
        return {row[0]: Offer._make(row) for row in cursor.fetchall()}


def cart_id(owner: str) -> uuid.UUID | None:
    return store.read(owner).id


def saved_for_later(owner: str) -> list[Offer]:
    ids = store.read_saved(owner)
    return list(offers(ids).values()) if ids else []


def removed_line(cart: PricedCart, variant_id: int, quantity: int) -> CartLine | None:
    """A line that left the cart, as it was; None if it is there again or cannot come back."""
    offer = offers([variant_id]).get(variant_id)
    is_there = any(line.offer.variant_id == variant_id for line in cart.lines)
    return CartLine(offer, quantity) if offer and offer.is_for_sale and not is_there else None


def item_count(owner: str | None) -> int:
    """Pieces in the cart for the badge: a page must not fail because carts are away."""
    try:
        return store.count(owner) if owner else 0
    except DomainError:
        return 0
