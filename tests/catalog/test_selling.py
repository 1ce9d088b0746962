"""Listing and changing products, through the services that the API and the seller's pages share."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from accounts.services.sellers import set_seller_status
from catalog import services
from catalog.models import PriceChange, Product, ProductImage, StockMovement, Variant
from catalog.selectors import stock_drift
from catalog.services import Offer
from pymart.common.images import BadImage
from tests.factories import (
    make_admin,
    make_category,
    make_image,
    make_product,
    make_seller,
    make_variant,
    picture_file,
)

pytestmark = pytest.mark.django_db
RUPEES = Decimal("499.00")


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def shop():
    return make_seller()


def list_product(shop, *offers, actor=None, **fields):
    return services.list_product(
        seller=shop,
        actor=actor or shop.user,
        **{"category": fields.pop("category", None) or make_category(), "title": "Brass lamp", **fields},
        offers=offers or [Offer(price=RUPEES, stock=7)],
    )


def change(product, *offers, actor=None, facts=None, **changes):
    actor = actor or product.seller.user
    return services.change_product(product=product, actor=actor, facts=facts or {}, offers=offers, **changes)


def offers_of(product):
    rows = product.variants.filter(is_active=True).values_list("name", "price", "mrp", "stock")
    return [(name, int(price), int(mrp), stock) for name, price, mrp, stock in rows]


def files(media: Path) -> int:
    return sum(path.is_file() for path in media.rglob("*"))


def rows() -> list[int]:
    return [model.objects.count() for model in (Product, Variant, PriceChange, StockMovement, ProductImage)]


def test_a_simple_product_is_one_variant_without_a_name(shop):
    product = list_product(shop, status="active")

    assert offers_of(product) == [("", 499, 499, 7)]
    assert Product.objects.get().is_listed
    assert product.variants.get().sku
    assert [(move.quantity, move.reason, move.actor) for move in StockMovement.objects.all()] == [
        (7, "opening", shop.user)
    ]
    assert [(row.price, row.actor) for row in PriceChange.objects.all()] == [(RUPEES, shop.user)]


def test_variants_are_named_by_what_tells_them_apart_and_keep_their_order(shop):
    product = list_product(
        shop,
        Offer(price=RUPEES, stock=1, attributes={"Colour": "Red", "Size": "M"}),
        Offer(price=Decimal(450), mrp=Decimal(600), stock=0, name="The last one"),
    )

    assert offers_of(product) == [("Red / M", 499, 499, 1), ("The last one", 450, 600, 0)]


@pytest.mark.parametrize(
    ("offers", "refusal", "field"),
    [
        ([Offer(price=RUPEES, mrp=Decimal(400), stock=1)], services.PriceAboveMrp, "mrp"),
        ([Offer(price=RUPEES)], services.OfferIncomplete, "stock"),
        ([Offer(stock=3, place="variants.0")], services.OfferIncomplete, "variants.0.price"),
        (
            [Offer(price=RUPEES, stock=1, name=name, place=f"variants.{n}") for n, name in enumerate("aba")],
            services.VariantTwice,
            "variants.2.name",
        ),
        (
            [Offer(price=RUPEES, stock=1, name=n, sku="same", place=f"variants.{n}") for n in "01"],
            services.VariantTwice,
            "variants.1.sku",
        ),
        ([Offer(price=RUPEES, stock=1, sku="TAKEN", place="variants.0")], services.SkuTaken, "variants.0.sku"),
        ([Offer(price=RUPEES, stock=1, id=5, place="variants.0")], services.UnknownVariant, "variants.0.id"),
    ],
)
def test_a_wrong_variant_is_named_and_leaves_nothing(shop, media, offers, refusal, field):
    make_variant(make_product(seller=shop, price=None), sku="TAKEN")
    before = rows()

    with pytest.raises(refusal) as refused:
        list_product(shop, *offers, images=[picture_file()])

    assert refused.value.field == field
    assert (rows(), files(media)) == (before, 0)


def test_the_same_sku_is_free_in_another_shop(shop):
    for seller in (shop, make_seller()):
        list_product(seller, Offer(price=RUPEES, stock=1, sku="LAMP-1"))

    assert Variant.objects.filter(sku="LAMP-1").count() == 2


def test_a_bad_third_picture_leaves_neither_product_nor_files(shop, media):
    bad = SimpleUploadedFile("third.png", b"GIF89a", "image/png")

    with pytest.raises(BadImage) as refused:
        list_product(shop, images=[picture_file(), picture_file(), bad, picture_file()])

    assert refused.value.field == "images.2"
    assert (rows(), files(media)) == ([0] * 5, 0)


def test_pictures_keep_their_order_and_their_words(shop):
    product = list_product(shop, images=[picture_file((600, 300)), picture_file()], alts=["Front"])

    assert [(image.width, image.alt) for image in product.images.all()] == [(600, "Front"), (640, "")]


@pytest.mark.parametrize(("status", "refusal"), [("applied", "shop_not_approved"), ("suspended", "shop_suspended")])
def test_a_shop_that_is_not_open_lists_and_changes_nothing(status, refusal):
    shop = make_seller(status=status)
    product = make_product(seller=shop)
    attempts = [
        lambda: list_product(shop),
        lambda: change(product, facts={"title": "Other"}),
        lambda: services.change_status(product=product, status="archived", actor=shop.user),
    ]
    before = Product.objects.values().get()

    for attempt in attempts:
        with pytest.raises((services.ShopNotApproved, services.ShopSuspended)) as refused:
            attempt()
        assert (refused.value.code, refused.value.status) == (refusal, 403)

    assert Product.objects.values().get() == before


def test_staff_list_for_a_shop_that_is_not_open_but_nobody_sees_it(shop):
    set_seller_status(seller=shop, status="suspended", reason="Late.")

    product = list_product(shop, actor=make_admin(), status="active")

    product.refresh_from_db()
    assert (product.status, product.is_listed) == ("active", False)


def test_stock_is_corrected_by_a_movement_and_a_price_change_is_remembered(shop):
    product = list_product(shop)

    change(product, Offer(price=Decimal(450), stock=4))

    assert offers_of(product) == [("", 450, 499, 4)]
    last = StockMovement.objects.latest("pk")
    assert (last.quantity, last.reason, last.actor) == (-3, "correction", shop.user)
    assert list(PriceChange.objects.order_by("pk").values_list("price", "mrp")) == [(499, 499), (450, 499)]
    assert not stock_drift()
    product.refresh_from_db()
    assert product.price == 450


def test_what_stays_the_same_is_not_written_down(shop):
    product = list_product(shop)
    before = rows()

    change(product, Offer(price=RUPEES, stock=7))

    assert rows() == before


def test_an_mrp_that_nobody_stated_rises_with_the_price_and_a_stated_one_holds_it(shop):
    unstated = list_product(shop)
    stated = list_product(shop, Offer(price=RUPEES, mrp=Decimal(550), stock=1))

    change(unstated, Offer(price=Decimal(600)))
    with pytest.raises(services.PriceAboveMrp):
        change(stated, Offer(price=Decimal(600)))

    assert offers_of(unstated) == [("", 600, 600, 7)]
    assert offers_of(stated) == [("", 499, 550, 1)]


def test_variants_are_known_by_id_by_sku_and_by_name_and_the_others_are_withdrawn(shop):
    product = list_product(shop, *(Offer(price=RUPEES, stock=1, name=name, sku=name) for name in "abcd"))
    first = product.variants.get(name="a")

    change(
        product,
        Offer(name="b", stock=5, place="variants.0"),
        Offer(sku="c", name="see", place="variants.1"),
        Offer(id=first.pk, price=Decimal(300), place="variants.2"),
        Offer(price=RUPEES, stock=2, name="new", place="variants.3"),
    )

    assert offers_of(product) == [("b", 499, 499, 5), ("see", 499, 499, 1), ("a", 300, 499, 1), ("new", 499, 499, 2)]
    assert not product.variants.get(sku="d").is_active


def test_a_withdrawn_variant_comes_back_with_its_history(shop):
    product = list_product(shop, *(Offer(price=RUPEES, stock=1, name=name) for name in "ab"))
    known = product.variants.get(name="b").pk
    change(product, Offer(name="a", place="variants.0"))

    change(product, *(Offer(name=name, place="variants.0", stock=3) for name in "ab"))

    assert [variant.pk for variant in product.variants.filter(is_active=True)][1] == known
    assert not stock_drift()


def test_two_variants_may_swap_their_names_and_skus(shop):
    product = list_product(shop, *(Offer(price=RUPEES, stock=1, name=name, sku=name) for name in "ab"))
    a, b = product.variants.all()

    change(
        product,
        Offer(id=a.pk, name="b", sku="b", place="variants.0"),
        Offer(id=b.pk, name="a", sku="a", place="variants.1"),
    )

    assert list(product.variants.values_list("pk", "name", "sku")) == [(a.pk, "b", "b"), (b.pk, "a", "a")]


def test_a_name_made_of_attributes_follows_them(shop):
    product = list_product(shop, Offer(price=RUPEES, stock=1, attributes={"Size": "M"}))

    change(product, Offer(id=product.variants.get().pk, attributes={"Size": "L"}, place="variants.0"))

    assert offers_of(product) == [("L", 499, 499, 1)]


def test_a_name_that_a_withdrawn_variant_has_is_refused(shop):
    product = list_product(shop, *(Offer(price=RUPEES, stock=1, name=name) for name in "ab"))
    first = product.variants.get(name="a")
    change(product, Offer(id=first.pk, place="variants.0"))

    with pytest.raises(services.VariantTwice):
        change(product, Offer(id=first.pk, name="b", place="variants.0"))


def test_a_price_of_a_product_with_several_variants_is_nobodys(shop):
    product = list_product(shop, *(Offer(price=RUPEES, stock=1, name=name) for name in "ab"))

    with pytest.raises(services.VariantUnclear):
        change(product, Offer(price=Decimal(300)))


def test_a_product_without_variants_gets_its_first(shop):
    product = make_product(seller=shop, price=None)

    change(product, Offer(price=RUPEES, stock=2), status="active")

    assert offers_of(product) == [("", 499, 499, 2)]


def test_pictures_are_removed_put_in_order_and_added_in_one_go(shop, media):
    product = make_product(seller=shop)
    first, second, third = (make_image(product) for _ in range(3))

    change(product, remove_images=[second.pk], image_order=[third.pk, first.pk], images=[picture_file()], alts=["New"])
    connection.check_constraints()

    kept = list(product.images.all())
    assert [image.pk for image in kept[:2]] == [third.pk, first.pk]
    assert [image.position for image in kept] == [0, 1, 2]
    assert (kept[2].alt, files(media)) == ("New", 2 * len(ProductImage.SIZES))  # WebP and AVIF


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"remove_images": ["foreign"]}, "remove_images"), ({"image_order": ["foreign"]}, "image_order")],
)
def test_foreign_pictures_are_refused_and_nothing_is_half_done(shop, media, changes, field):
    product = make_product(seller=shop)
    make_image(product)
    foreign = make_image(make_product())
    changes = {name: [foreign.pk] for name in changes}
    before = Product.objects.values().get(pk=product.pk)

    with pytest.raises(services.ImagesChanged) as refused:
        change(product, Offer(stock=1), facts={"title": "Other"}, images=[picture_file()], **changes)

    assert refused.value.field == field
    assert Product.objects.values().get(pk=product.pk) == before
    assert (product.variants.get().stock, files(media)) == (10, 0)


def test_what_was_changed_meanwhile_is_not_overwritten(shop):
    product = make_product(seller=shop)
    seen_at = product.updated_at
    change(product, facts={"title": "One"}, seen_at=seen_at)

    with pytest.raises(services.ChangedMeanwhile):
        change(product, facts={"title": "Two"}, seen_at=seen_at)

    assert Product.objects.get().title == "One"


def test_nothing_goes_on_sale_without_a_variant(shop):
    product = make_product(seller=shop, price=None, status="draft")

    with pytest.raises(services.NothingToSell):
        services.change_status(product=product, status="active", actor=shop.user)

    assert Product.objects.get().status == "draft"
