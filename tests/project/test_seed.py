"""The demo shop: what it has, that its books agree, and that a second run adds nothing."""

from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db.models import Avg, F, Q
from django.utils import timezone
from PIL import Image

from accounts.models import SellerProfile, User
from catalog.models import PriceChange, Product, ProductImage, Variant
from catalog.services import refresh_listing
from orders.models import Order
from orders.selectors import bought_product
from orders.states import OrderStatus
from pymart.common.india import lookup_pincode, validate_gstin
from pymart.demo import content, gallery, people, photos, plan
from reviews.models import Review
from tests.shop import make_variant

SELF_CONSISTENT_AT_5, SELF_CONSISTENT_AT_18 = Decimal(2625), Decimal(2950)


@pytest.fixture(autouse=True)
def _debug_on(settings: Any) -> None:
    settings.DEBUG = True


def seed(*arguments: str) -> str:
    out = StringIO()
    call_command("seed", "--no-photos", *arguments, stdout=out)
    return out.getvalue()


def count_everything() -> dict[str, int]:
    return {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if model._meta.app_label not in {"contenttypes", "auth", "sessions"}
    }


@pytest.mark.django_db
def test_a_seeded_shop_has_what_the_demo_promises_and_a_second_run_adds_nothing() -> None:
    said = seed()

    assert "pymart-demo-1" in said
    for email in ("buyer@pymart.test", "seller@pymart.test", "admin@pymart.test"):
        assert User.objects.get(email=email).check_password("pymart-demo-1")
    assert SellerProfile.objects.filter(status="approved").values("state").distinct().count() >= 4
    assert Product.objects.filter(is_listed=True).count() == len(content.listings()) >= 140
    assert Product.objects.filter(is_listed=True, in_stock=False).exists()
    assert set(Order.objects.values_list("status", flat=True)) == set(OrderStatus.values)
    mine = Order.objects.filter(buyer__email="buyer@pymart.test")
    assert set(mine.values_list("status", flat=True)) == set(OrderStatus.values)
    assert mine.filter(payment_status="refunded").exists()
    assert not Order.objects.filter(Q(created_at__gt=timezone.now()) | Q(delivered_at__gt=timezone.now())).exists()
    assert PriceChange.objects.filter(variant__price__lt=F("price"), variant__mrp__gte=F("price")).exists()
    assert 3.8 <= Review.objects.aggregate(mean=Avg("rating"))["mean"] <= 4.4
    for review in Review.objects.filter(is_verified_purchase=True).select_related("author")[:20]:
        assert bought_product(review.author, review.product_id)
    call_command("check_books", stdout=StringIO())

    before = count_everything()
    assert "already" in seed()
    assert count_everything() == before


@pytest.mark.django_db
def test_a_large_catalogue_is_topped_up_and_listed_just_as_the_services_would_list_it() -> None:
    seed("--products", "300")
    assert Product.objects.count() == 300
    first = set(Variant.objects.values_list("seller_id", "sku"))

    seed("--products", "420")
    seed("--products", "420")
    assert Product.objects.count() == 420
    assert first < set(Variant.objects.values_list("seller_id", "sku"))
    call_command("check_books", stdout=StringIO())

    invented = Product.objects.exclude(slug__in=[listing.slug for listing in content.listings()]).order_by("pk")
    fields = ("pk", "is_listed", "in_stock", "price", "mrp", "options")
    written = list(invented.values_list(*fields))
    refresh_listing([row[0] for row in written])
    assert list(invented.values_list(*fields)) == written


@pytest.mark.django_db
def test_demo_users_do_not_exist_where_debug_is_off(settings: Any) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG"):
        seed()
    assert not User.objects.exists()


def test_the_written_catalogue_keeps_the_rules_of_the_land() -> None:
    listings = content.listings()
    leaves = {
        leaf.name
        for root in content.departments()
        for branch in root.children
        for leaf in (branch.children or (branch,))
    }
    shops = {shop.slug for shop in people.SHOPS if shop.approved}
    assert len(content.departments()) >= 9
    assert len({listing.slug for listing in listings}) == len(listings)
    assert len({offer.sku for listing in listings for offer in listing.offers}) == sum(len(x.offers) for x in listings)
    for listing in listings:
        assert listing.category in leaves
        assert listing.seller in shops
        assert 3 <= len(listing.highlights) <= 5
        assert listing.description.count("\n\n") >= 1
        assert listing.hsn.isdigit()
        for offer in listing.offers:
            assert 0 < offer.price <= offer.mrp
            if listing.hsn[:2] in {"61", "62", "63", "64"}:
                limit_kept = (
                    offer.price <= SELF_CONSISTENT_AT_5
                    if listing.gst_rate == 5
                    else offer.price > SELF_CONSISTENT_AT_18
                )
                assert limit_kept, f"{listing.title} at {offer.price} with {listing.gst_rate} %"


def test_shops_and_buyers_live_where_their_pin_codes_say() -> None:
    for shop in people.SHOPS:
        validate_gstin(shop.gstin)
    for place in [shop.place for shop in people.SHOPS] + [place for buyer in people.BUYERS for place in buyer.places]:
        assert place.state in lookup_pincode(place.pincode).states


def test_the_plan_is_the_same_every_time() -> None:
    now, listings = timezone.now(), content.listings()
    first, second = plan.sales(listings, now), plan.sales(listings, now)
    assert [(sale.placed_at, sale.fate, sale.buyer) for sale in first] == [
        (sale.placed_at, sale.fate, sale.buyer) for sale in second
    ]
    assert {sale.fate for sale in first} >= set(plan.Fate) - {plan.Fate.ALONG}


def test_every_product_has_its_picture() -> None:
    missing = {listing.picture for listing in content.listings()} - {
        path.stem for path in photos.PICTURES.glob("*.webp")
    }
    assert not missing
    assert sum(path.stat().st_size for path in photos.PICTURES.iterdir()) < 8_000_000


@pytest.mark.parametrize("size", [(720, 311), (311, 720), (640, 640), (101, 99)])
def test_cut_outs_of_any_shape_can_be_photographed(size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "cut_out", lambda name: Image.new("RGBA", size, "#b5294e"))
    for listing in content.listings()[::40]:
        pictures = [photo.picture for photo in photos.photos(listing)]
        assert {picture.size for picture in pictures} == {(photos.SIDE, photos.SIDE)}


@pytest.mark.django_db
def test_photos_are_hung_up_in_all_sizes_and_the_second_time_come_from_the_folder(tmp_path: Path) -> None:
    listing = next(listing for listing in content.listings() if len({offer.hue for offer in listing.offers}) > 1)
    product = make_variant().product
    taken = gallery.take_photos([listing], tmp_path, lambda done: None)
    first = gallery.hang_up(taken, tmp_path, {listing.slug: product})

    images = list(product.images.all())
    assert 2 <= len(images) <= ProductImage.MAX_PER_PRODUCT
    assert first[listing.slug] == images[0].image.name
    contents = set()
    for image in images:
        for size in ProductImage.SIZES:
            with default_storage.open(ProductImage.name_for(image.image.name, size)) as file:
                contents.add(file.read())
                assert Image.open(file).size == (size, size)
    assert len(contents) == len(images) * len(ProductImage.SIZES)
    written = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    photos.take(listing, tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == written
