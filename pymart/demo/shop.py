"""Writes people, shops, categories and products."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password

from accounts.models import (
    Address,
    Role,
    SellerBankAccount,
    SellerProfile,
    SellerStatus,
    SellerTermsAcceptance,
    User,
)
from accounts.services.sellers import TERMS_VERSION
from catalog.models import Category, PriceChange, Product, ProductStatus, StockMovement, StockReason, Variant
from catalog.services import refresh_listing
from pymart.demo import people
from pymart.demo.content import Branch, Listing, dice
from pymart.demo.plan import DAYS, born_at, dropped_at, price_before
from pymart.demo.rows import insert


def add_people(now: datetime) -> dict[str, User]:
    """Admin, shop owners and buyers, by e-mail. One password, hashed once."""
    password = make_password(people.PASSWORD)

    def user(name: str, email: str, role: str, days: float, **fields: object) -> User:
        joined = now - timedelta(days=days)
        return User(email=email, full_name=name, role=role, password=password, date_joined=joined, **fields)

    email, name = people.ADMIN
    rows = [user(name, email, Role.ADMIN, 400, is_staff=True, is_superuser=True)]
    rows += [
        user(shop.owner, shop.email, Role.SELLER if shop.approved else Role.BUYER, 380 if shop.approved else 3)
        for shop in people.SHOPS
    ]
    rows += [
        user(buyer.name, buyer.email, Role.BUYER, dice("joined", buyer.email).uniform(DAYS + 5, 360), phone=buyer.phone)
        for buyer in people.BUYERS
    ]
    users = {row.email: row for row in User.objects.bulk_create(rows)}
    _add_addresses(users, now)
    return users


def _add_addresses(users: dict[str, User], now: datetime) -> None:
    insert(
        Address,
        (
            Address(
                user=users[buyer.email],
                full_name=buyer.name,
                phone=buyer.phone,
                **vars(place),
                is_default=index == 0,
                created_at=now - timedelta(days=DAYS + 4 - index),
            )
            for buyer in people.BUYERS
            for index, place in enumerate(buyer.places)
        ),
    )


def add_shops(users: dict[str, User], now: datetime) -> dict[str, SellerProfile]:
    rows = []
    for shop in people.SHOPS:
        applied = now - timedelta(days=370 if shop.approved else 2)
        rows.append(
            SellerProfile(
                user=users[shop.email],
                shop_name=shop.name,
                slug=shop.slug,
                legal_name=shop.legal_name,
                gstin=shop.gstin,
                pan=shop.pan,
                line1=", ".join(filter(None, (shop.place.line1, shop.place.line2))),
                city=shop.place.city,
                state=shop.place.state,
                pincode=shop.place.pincode,
                support_email=f"care@{shop.slug}.{people.DOMAIN}",
                support_phone=shop.phone,
                status=SellerStatus.APPROVED if shop.approved else SellerStatus.APPLIED,
                applied_at=applied,
                approved_at=applied + timedelta(days=2) if shop.approved else None,
            )
        )
    shops = {row.slug: row for row in insert(SellerProfile, rows)}
    insert(SellerBankAccount, [_bank_account(shops[shop.slug], shop) for shop in people.SHOPS])
    insert(
        SellerTermsAcceptance,
        [SellerTermsAcceptance(seller=row, version=TERMS_VERSION, accepted_at=row.applied_at) for row in rows],
    )
    return shops


def _bank_account(row: SellerProfile, shop: people.Shop) -> SellerBankAccount:
    """Of a branch that there is not."""
    number = "".join(dice("bank account", shop.slug).choices("0123456789", k=12))
    return SellerBankAccount(
        seller=row,
        holder=shop.legal_name,
        ifsc="PYMT0000001",
        number=number,
        last4=number[-4:],
        changed_at=row.applied_at,
    )


def add_categories(departments: Sequence[Branch]) -> dict[str, Category]:
    """The tree, by name; what is there already stays as it is."""
    found: dict[str, Category] = {}

    def grow(branch: Branch, parent: Category | None, position: int) -> None:
        node, _ = Category.objects.get_or_create(
            slug=branch.slug,
            defaults={"name": branch.name, "parent": parent, "icon": branch.icon, "position": position},
        )
        found[branch.name] = node
        for index, child in enumerate(branch.children):
            grow(child, node, index)

    for index, department in enumerate(departments):
        grow(department, None, index)
    return found


def add_products(
    listings: Sequence[Listing], shops: dict[str, SellerProfile], categories: dict[str, Category], now: datetime
) -> dict[str, Product]:
    """By slug; without stock yet, which `add_variants` brings."""
    rows = [
        Product(
            seller=shops[listing.seller],
            category=categories[listing.category],
            title=listing.title,
            slug=listing.slug,
            brand=listing.brand,
            description=listing.description,
            highlights=listing.highlights,
            tags=listing.tags,
            attributes={**listing.attributes, **_maker(listing, shops[listing.seller])},
            status=ProductStatus.ACTIVE,
            country_of_origin=listing.country,
            hsn=listing.hsn,
            gst_rate=listing.gst_rate,
            created_at=born_at(listing, now),
        )
        for listing in listings
    ]
    rows.sort(key=lambda product: product.created_at)
    return {row.slug: row for row in insert(Product, rows)}


def _maker(listing: Listing, shop: SellerProfile) -> dict[str, str]:
    """Who answers for the goods, as the law wants it on the page; importers and publishers are named already."""
    if listing.kind == "book" or any(name.startswith("Imported") for name in listing.attributes):
        return {}
    return {"Made or packed for": f"{shop.legal_name}, {shop.line1}, {shop.city} {shop.pincode}"}


def add_variants(
    listings: Sequence[Listing], products: dict[str, Product], ordered: dict[str, int], now: datetime
) -> dict[str, Variant]:
    """
    Variants by SKU, with their opening stock and the prices they had.

    :param ordered: pieces by SKU that are still taken by orders; the opening stock has them on top of what is left.
    """
    rows, opening, prices = [], [], []
    for listing in listings:
        product, born = products[listing.slug], born_at(listing, now)
        for position, offer in enumerate(listing.offers):
            variant = Variant(
                product=product,
                seller_id=product.seller_id,
                sku=offer.sku,
                name=offer.name,
                attributes=offer.attributes,
                price=offer.price,
                mrp=offer.mrp,
                stock=offer.stock,
                position=position,
            )
            rows.append(variant)
            actor = product.seller.user
            if pieces := offer.stock + ordered.get(offer.sku, 0):
                reason = StockReason.OPENING
                opening.append(
                    StockMovement(variant=variant, quantity=pieces, reason=reason, actor=actor, created_at=born)
                )
            before = price_before(listing, offer)
            prices.append((before or offer.price, offer.mrp, variant, actor, born))
            if before:
                prices.append((offer.price, offer.mrp, variant, actor, dropped_at(listing, now)))
    insert(Variant, rows)
    insert(StockMovement, opening)
    insert(
        PriceChange,
        (
            PriceChange(price=price, mrp=mrp, variant=variant, actor=actor, changed_at=at)
            for price, mrp, variant, actor, at in prices
        ),
    )
    refresh_listing([product.pk for product in products.values()])
    return {row.sku: row for row in rows}
