"""The variants of a product: what they are called and what they cost. Each price is remembered."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat

from accounts.models import User
from catalog import freshness
from catalog.models import PriceChange, Product, StockMovement, StockReason, Variant
from catalog.services.listing import refresh_listing
from catalog.services.stock import correct_stock
from pymart.common.db import violates
from pymart.common.errors import DomainError

_WRITTEN = ["sku", "name", "attributes", "price", "mrp", "position", "is_active"]


@dataclass(frozen=True)
class Offer:
    """
    A variant as its seller wants it. None is what it is already, and in a new one what goes without saying.

    `place` is where it stands in what the seller sent, such as `variants.0`: refusals name it. `seen` is what of it the
    change is based on, such as the stock that was counted anew.
    """

    price: Decimal | None = None
    mrp: Decimal | None = None
    stock: int | None = None
    sku: str | None = None
    name: str | None = None
    attributes: dict[str, str] | None = None
    id: int | None = None
    is_active: bool = True
    seen: Mapping[str, object] = field(default_factory=dict)
    place: str = ""

    def field_of(self, name: str) -> str:
        return f"{self.place}.{name}" if self.place else name


class BadOffer(DomainError):
    """One variant is wrong; `field` names which, and what of it."""

    def __init__(self, offer: Offer, name: str) -> None:
        super().__init__()
        self.field = offer.field_of(name)


class OfferIncomplete(BadOffer):
    code = "required"
    status = 400
    message = "A new variant needs a price and a stock."
    field = "variants.0.price"


class PriceAboveMrp(BadOffer):
    code = "price_above_mrp"
    status = 400
    message = "The MRP cannot be below the price."
    field = "mrp"


class UnknownVariant(BadOffer):
    code = "unknown_variant"
    status = 400
    message = "The product has no such variant."
    field = "variants.0.id"


class VariantTwice(BadOffer):
    code = "variant_twice"
    status = 400
    message = "Another variant of this product has the same name or SKU. Give them names, or attributes, that differ."
    field = "variants.1.name"


class VariantChanged(DomainError):
    code = "changed_meanwhile"
    message = "Meanwhile it became 8. Please look again."
    field = "variants.0.stock"

    def __init__(self, offer: Offer, name: str, value: object) -> None:
        super().__init__(f"Meanwhile it became {value}. Please look again.")
        self.field, self.value = offer.field_of(name), value


class SkuTaken(DomainError):
    code = "sku_taken"
    message = "Another of your products has this SKU."
    field = "variants.0.sku"

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field


@transaction.atomic
def add_variant(
    *,
    product: Product,
    sku: str,
    price: Decimal,
    mrp: Decimal,
    stock: int = 0,
    actor: User | None = None,
    **fields: Any,
) -> Variant:
    """A new variant with its opening stock and its first price."""
    variant = Variant(product=product, sku=sku, price=price, mrp=mrp, stock=stock, **fields)
    open_variants([variant], actor)
    freshness.products_changed([product.pk], in_lists=False)
    refresh_listing([product.pk])
    return variant


@transaction.atomic
def set_price(*, variant: Variant, price: Decimal, mrp: Decimal, actor: User | None = None) -> None:
    locked = Variant.objects.select_for_update(no_key=True).get(pk=variant.pk)
    if (locked.price, locked.mrp) == (price, mrp):
        return
    Variant.objects.filter(pk=locked.pk).update(price=price, mrp=mrp)
    PriceChange.objects.create(variant=locked, price=price, mrp=mrp, actor=actor)
    freshness.products_changed([locked.product_id], in_lists=False)
    refresh_listing([locked.product_id])


@transaction.atomic
def set_variants(*, product: Product, offers: Sequence[Offer], actor: User | None) -> None:
    """
    Make these the product's variants, in this order: known ones change, new ones are added, others are withdrawn.

    A variant is known by its id, else by its SKU, else by its name, also when it was withdrawn. The caller sees to it
    that nobody else does the same to this product meanwhile; what is sold meanwhile is no harm.

    :raises OfferIncomplete, PriceAboveMrp, UnknownVariant, VariantTwice, VariantChanged: naming the variant and what
        of it.
    :raises SkuTaken: by another product of the seller's.
    """
    known = list(Variant.objects.select_for_update(no_key=True).filter(product=product).order_by("pk"))
    was = {variant.pk: (variant.sku, variant.name, variant.price, variant.mrp) for variant in known}
    variants = _matched(offers, known)
    wanted: list[Variant] = []
    for position, (offer, variant) in enumerate(zip(offers, variants, strict=True)):
        wanted.append(as_offered(variant or Variant(product=product), offer, position))
    _refuse_twins(offers, wanted)
    _refuse_taken_skus(product, offers, wanted)
    kept = [variant for variant in wanted if variant.pk]
    with _conflicts_named():
        park_names([v for v in kept if was[v.pk][:2] != (v.sku, v.name)])
        Variant.objects.bulk_update(kept, _WRITTEN)
        open_variants([variant for variant in wanted if not variant.pk], actor)
    note_prices([v for v in kept if was[v.pk][2:] != (v.price, v.mrp)], actor)
    Variant.objects.filter(product=product).exclude(pk__in=[v.pk for v in wanted]).update(is_active=False)
    pairs = zip(offers, wanted, strict=True)
    correct_stock({v.pk: offer.stock for offer, v in pairs if offer.stock is not None}, actor=actor)
    freshness.products_changed([product.pk], in_lists=False)
    refresh_listing([product.pk])


def _matched(offers: Sequence[Offer], known: Sequence[Variant]) -> list[Variant | None]:
    """
    For each offer the variant that it is about.

    :raises UnknownVariant: for an id that none has.
    :raises VariantTwice: when two are about the same.
    """
    by_id = {variant.pk: variant for variant in known}
    by_sku = {variant.sku: variant for variant in known}
    by_name = {variant.name: variant for variant in known}
    found: list[Variant | None] = []
    for offer in offers:
        if offer.id is not None and offer.id not in by_id:
            raise UnknownVariant(offer, "id")
        variant = by_id.get(offer.id or 0) or by_sku.get(offer.sku or "") or by_name.get(_name_of(offer))
        if variant and variant in found:
            raise VariantTwice(offer, "name")
        found.append(variant)
    return found


def _name_of(offer: Offer) -> str:
    """The variant's name as sent, or one made of its attributes: `Red / M`."""
    return _name_from(offer.attributes or {}) if offer.name is None else offer.name


def _name_from(attributes: Mapping[str, object]) -> str:
    return " / ".join(map(str, attributes.values()))[:80]


def as_offered(variant: Variant, offer: Offer, position: int) -> Variant:
    """:raises OfferIncomplete, PriceAboveMrp, VariantChanged:"""
    for name, value in offer.seen.items():
        if variant.pk and getattr(variant, name) != value:
            raise VariantChanged(offer, name, getattr(variant, name))
    if not variant.pk:
        for name in ("price", "stock"):
            if getattr(offer, name) is None:
                raise OfferIncomplete(offer, name)
        variant.sku, variant.name = secrets.token_hex(5).upper(), _name_of(offer)
        variant.price = variant.mrp = offer.price
        variant.stock = offer.stock or 0
    elif offer.attributes is not None and variant.name == _name_from(variant.attributes):
        variant.name = _name_of(offer)
    if offer.mrp is None and offer.price is not None and variant.mrp == variant.price:
        variant.mrp = max(variant.mrp, offer.price)  # an MRP that nobody stated gives way
    for name in ("sku", "name", "attributes", "price", "mrp"):
        if (value := getattr(offer, name)) is not None:
            setattr(variant, name, value)
    if variant.mrp < variant.price:
        raise PriceAboveMrp(offer, "mrp")
    variant.position, variant.is_active = position, offer.is_active
    return variant


def _refuse_twins(offers: Sequence[Offer], variants: Sequence[Variant]) -> None:
    names: set[str] = set()
    skus: set[str] = set()
    for offer, variant in zip(offers, variants, strict=True):
        if variant.name in names:
            raise VariantTwice(offer, "name")
        if variant.sku in skus:
            raise VariantTwice(offer, "sku")
        names.add(variant.name)
        skus.add(variant.sku)


def _refuse_taken_skus(product: Product, offers: Sequence[Offer], variants: Sequence[Variant]) -> None:
    ours = [variant.pk for variant in variants if variant.pk]
    others = Variant.objects.filter(seller=product.seller_id, sku__in=[v.sku for v in variants]).exclude(pk__in=ours)
    taken = set(others.values_list("sku", flat=True))
    for offer, variant in zip(offers, variants, strict=True):
        if variant.sku in taken:
            raise SkuTaken(offer.field_of("sku"))


@contextmanager
def _conflicts_named() -> Iterator[None]:
    """
    Turn a violated constraint on SKU or name (another request, or a withdrawn variant, has it) into its domain error.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if violates(error, "catalog_variant_sku_per_seller"):
            raise SkuTaken("variants") from error
        if violates(error, "catalog_variant_name_per_product"):
            raise VariantTwice(Offer(), "variants") from error
        raise


def park_names(variants: Sequence[Variant]) -> None:
    """
    Give these variants temporary names and SKUs, so that two may swap theirs without violating a constraint in between.
    """
    parked = Concat(Value("\x1f"), Cast(F("pk"), CharField()))
    if variants:
        Variant.objects.filter(pk__in=[variant.pk for variant in variants]).update(sku=parked, name=parked)


def open_variants(
    variants: Sequence[Variant], actor: User | None, *, reason: str = StockReason.OPENING, reference: str = ""
) -> None:
    """New ones, each with its stock and its first price."""
    for variant in variants:
        variant.seller_id = variant.product.seller_id
    Variant.objects.bulk_create(variants)
    note_prices(variants, actor)
    StockMovement.objects.bulk_create(
        StockMovement(variant=variant, quantity=variant.stock, reason=reason, reference=reference, actor=actor)
        for variant in variants
        if variant.stock
    )


def note_prices(variants: Sequence[Variant], actor: User | None) -> None:
    PriceChange.objects.bulk_create(
        PriceChange(variant=variant, price=variant.price, mrp=variant.mrp, actor=actor) for variant in variants
    )
