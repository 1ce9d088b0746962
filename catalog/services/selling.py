"""What sellers, and staff in their stead, do with products: list them, change them, put them on and off sale."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction

from accounts.models import Role, SellerProfile, SellerStatus, User
from catalog.models import Category, Product, ProductImage, ProductStatus, Variant
from catalog.services.images import ImagesChanged, arrange_images, stored_images
from catalog.services.listing import create_product, refresh_listing, set_status
from catalog.services.variants import Offer, UnknownVariant, set_variants
from pymart.common.db import advisory_lock
from pymart.common.errors import DomainError

WRITTEN = (
    "title", "description", "category_id", "brand", "highlights", "tags", "attributes", "hsn", "gst_rate",
    "country_of_origin", "status",
)  # fmt: skip


class ShopNotApproved(DomainError):
    code = "shop_not_approved"
    status = 403
    message = "Your shop is not approved yet. You can list products once it is."


class ShopSuspended(DomainError):
    code = "shop_suspended"
    status = 403
    message = "Your shop is suspended. Please write to us to have it opened again."


class ChangedMeanwhile(DomainError):
    code = "changed_meanwhile"
    message = "Somebody changed this product meanwhile. Please look at it again."
    field = "updated_at"


class CategoryGone(DomainError):
    code = "does_not_exist"
    status = 400
    message = "This category was just deleted. Choose another."
    field = "category"


class VariantUnclear(DomainError):
    code = "variant_unclear"
    message = "This product comes in several variants: say in `variants` which one is meant."
    field = "variants"


def list_product(
    *,
    seller: SellerProfile,
    actor: User,
    category: Category,
    title: str,
    offers: Sequence[Offer],
    images: Sequence[UploadedFile] = (),
    alts: Sequence[str] = (),
    status: str = ProductStatus.DRAFT,
    **facts: Any,
) -> Product:
    """
    A new product with its variants and pictures: all of it, or nothing. It cannot run inside another transaction.

    :raises ShopNotApproved, ShopSuspended: staff may list for any shop.
    :raises CategoryGone:
    :raises BadImage, TooManyImages: naming the picture.
    :raises StorageUnavailable:
    :raises OfferIncomplete, PriceAboveMrp, VariantTwice, SkuTaken: naming the variant.
    """
    with stored_images(images) as stored, transaction.atomic(durable=True):
        hold_shop(seller.pk, actor)
        _hold_category(category)
        product = create_product(seller=seller, category=category, title=title, **facts)
        set_variants(product=product, offers=offers, actor=actor)
        arrange_images(product=product, add=stored, alts=alts)
        if status != product.status:
            set_status(product=product, status=status)
    return product


def change_product(
    *,
    product: Product,
    actor: User,
    facts: Mapping[str, Any],
    offers: Sequence[Offer] = (),
    images: Sequence[UploadedFile] = (),
    alts: Sequence[str] = (),
    remove_images: Collection[int] = (),
    image_order: Sequence[int] | None = None,
    status: str | None = None,
    seen_at: datetime | None = None,
    seen: str | None = None,
) -> Product:
    """
    Change what is named, all of it or nothing. It cannot run inside another transaction.

    :param facts: columns of the product's own.
    :param offers: all of its variants as they shall be; none: they stay. One without a `place` is about the product
        as a whole, so it must have one variant at most.
    :param seen_at: the `updated_at` on which the changes are based.
    :param seen: the `edition_of` it on which they are: other than `seen_at` it does not mind new pictures.
    :raises ChangedMeanwhile: when that is no longer so.
    :raises VariantUnclear: when it has several.
    :raises ShopNotApproved, ShopSuspended, CategoryGone, BadImage, TooManyImages, ImagesChanged:
    :raises ProductBlocked, NothingToSell: when it is to go on sale.
    :raises StorageUnavailable:
    :raises OfferIncomplete, PriceAboveMrp, UnknownVariant, VariantTwice, SkuTaken: naming the variant.
    """
    with stored_images(images) as stored, transaction.atomic(durable=True):
        product = hold_product(product, actor=actor, category=facts.get("category"))
        if seen_at not in (None, product.updated_at) or (seen is not None and seen != edition_of(product)):
            raise ChangedMeanwhile
        if offers:
            set_variants(product=product, offers=_settled(product, offers), actor=actor)
        if stored or remove_images or image_order is not None:
            arrange_images(product=product, remove=remove_images, order=image_order, add=stored, alts=alts)
        for name, value in facts.items():
            setattr(product, name, value)
        product.save(update_fields=[*facts, "updated_at"])
        refresh_listing([product.pk])
        is_withdrawn = bool(offers) and not any(offer.is_active for offer in offers)
        if status not in (None, product.status) or is_withdrawn:
            set_status(product=product, status=str(status or product.status))
    return product


@transaction.atomic
def change_offer(*, product: Product, offer: Offer, actor: User, status: str | None = None) -> Product:
    """
    Change one variant, and perhaps the product's status; the other variants stay as they are.

    :raises UnknownVariant, PriceAboveMrp, VariantChanged, ShopNotApproved, ShopSuspended:
    :raises ProductBlocked, NothingToSell:
    """
    product = hold_product(product, actor=actor)
    variants = product.variants.all()
    if offer.id not in [variant.pk for variant in variants]:
        raise UnknownVariant(offer, "id")
    offers = [
        replace(offer if offer.id == each.pk else Offer(id=each.pk), is_active=each.is_active) for each in variants
    ]
    set_variants(product=product, offers=offers, actor=actor)
    product.save(update_fields=["updated_at"])
    if status not in (None, product.status):
        set_status(product=product, status=str(status))
    return product


def edition_of(product: Product) -> str:
    """A digest of what its seller wrote. Pictures, stock and sales do not count."""
    facts = [str(getattr(product, name)) for name in WRITTEN]
    variants = product.variants.order_by("pk").values_list(
        "pk", "sku", "name", "attributes", "price", "mrp", "position", "is_active"
    )
    return sha256(repr([facts, [tuple(map(str, row)) for row in variants]]).encode()).hexdigest()[:20]


@transaction.atomic
def change_status(*, product: Product, status: str, actor: User) -> Product:
    """
    Put a product on sale, back into the drafts, or into the archive.

    :raises ProductBlocked, NothingToSell, ShopNotApproved, ShopSuspended:
    """
    product = hold_product(product, actor=actor)
    set_status(product=product, status=status)
    return product


@transaction.atomic
def describe_image(*, image: ProductImage, alt: str, actor: User) -> ProductImage:
    """
    Say what is to be seen, for those who cannot see it.

    :raises ImagesChanged, ShopNotApproved, ShopSuspended:
    """
    product = hold_product(image.product, actor=actor)
    found = product.images.filter(pk=image.pk).first()
    if found is None:
        raise ImagesChanged("image")
    found.alt = alt
    found.save(update_fields=["alt"])
    product.save(update_fields=["updated_at"])
    return found


def hold_product(product: Product, *, actor: User | None = None, category: Category | None = None) -> Product:
    """
    The product as it is now, and stays for others until we are done: for `actor`, or for staff, whom no closed shop
    stops. Variants are locked before it, as in a checkout, and the category that it is to get before both, as when
    that is deleted.

    :raises ShopNotApproved, ShopSuspended, CategoryGone:
    """
    if actor:
        hold_shop(product.seller_id, actor)
    if category:
        _hold_category(category)
    advisory_lock(f"catalog.product.{product.pk}")  # row locks do not cover a variant that is being added
    list(Variant.objects.select_for_update(no_key=True).filter(product=product).order_by("pk").values_list("pk"))
    return Product.objects.select_for_update(no_key=True).defer("search", "keywords").get(pk=product.pk)


def hold_shop(seller_id: int, actor: User) -> None:
    """
    Whoever is about to suspend the shop waits for us, and then takes this product out of sale too.

    :raises ShopNotApproved, ShopSuspended:
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM accounts_sellerprofile WHERE id = %s FOR SHARE", [seller_id])
        [status] = cursor.fetchone()
    if actor.role != Role.ADMIN:
        refuse_closed_shop(status)


def _hold_category(category: Category) -> None:
    """:raises CategoryGone:"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM catalog_category WHERE id = %s FOR KEY SHARE", [category.pk])
        if cursor.fetchone() is None:
            raise CategoryGone


def refuse_closed_shop(status: str) -> None:
    """:raises ShopNotApproved, ShopSuspended:"""
    if status == SellerStatus.SUSPENDED:
        raise ShopSuspended
    if status != SellerStatus.APPROVED:
        raise ShopNotApproved


def _settled(product: Product, offers: Sequence[Offer]) -> Sequence[Offer]:
    """
    What is said of the product as a whole is said of its only variant.

    :raises VariantUnclear: when that is not the only one.
    """
    if any(offer.place for offer in offers):
        return offers
    on_sale = list(product.variants.filter(is_active=True)[:2])
    if len(on_sale) > 1:
        raise VariantUnclear
    return [replace(offer, id=on_sale[0].pk) if on_sale else offer for offer in offers]
