"""`PUT`, `PATCH` and `DELETE /products/{id}` and its status: changes happen whole, or not at all."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from catalog.models import PriceChange, Product, ProductImage, StockMovement, Variant
from catalog.selectors import stock_drift
from catalog.services import set_status
from tests.api.conftest import as_user
from tests.catalog.writing import errors, everything, file, form, picture
from tests.factories import make_admin, make_category, make_image, make_product, make_seller, make_user, make_variant

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def shop():
    return make_seller()


@pytest.fixture
def seller(shop):
    return as_user(shop.user)


@pytest.fixture
def lamp(shop):
    return make_product(seller=shop, title="Brass lamp", price=600, mrp=800, stock=5, brand="Diya", tags=["brass"])


@pytest.fixture
def sizes(shop):
    """A product in S and M."""
    product = make_product(seller=shop, price=None)
    for size in "SM":
        make_variant(product, sku=f"SHIRT-{size}", attributes={"Size": size}, price=499, mrp=699, stock=4)
    return product


def url(product, tail=""):
    return f"/api/v1/products/{product.pk}{tail}"


def variants(response):
    return [(each["name"], each["price"], each["mrp"], each["stock"]) for each in response.json()["variants"]]


def test_a_patch_changes_what_it_names(seller, lamp):
    response = seller.patch(url(lamp), {"title": "Copper lamp", "attributes": {"Metal": "Copper"}})

    assert response.status_code == 200
    assert response.json()["title"] == "Copper lamp"
    changed = Product.objects.get()
    assert (changed.title, changed.attributes) == ("Copper lamp", {"Metal": "Copper"})
    assert (changed.brand, changed.tags, changed.price, changed.slug) == ("Diya", ["brass"], 600, lamp.slug)
    assert "Copper" in changed.keywords
    assert changed.updated_at > lamp.updated_at


def test_a_put_wants_what_every_product_has(seller, lamp):
    make_category("Lamps")
    body = {"title": "Copper lamp", "description": "Of copper.", "category": "lamps", "price": "650.00", "stock": 2}

    response = seller.put(url(lamp), body)

    assert response.status_code == 200
    assert variants(response) == [("", "650.00", "800.00", 2)]
    assert response.json()["category"]["slug"] == "lamps"
    assert response.json()["tags"] == ["brass"]
    for name in body:
        before = everything()
        short = {other: value for other, value in body.items() if other != name}
        assert errors(seller.put(url(lamp), short)) == [("required", name)]
        assert everything() == before


def test_stock_and_price_change_with_their_history(seller, shop, lamp):
    response = seller.patch(url(lamp), {"stock": 3, "price": "550.00"})

    assert variants(response) == [("", "550.00", "800.00", 3)]
    movement = StockMovement.objects.latest("pk")
    assert (movement.quantity, movement.reason, movement.actor) == (-2, "correction", shop.user)
    assert PriceChange.objects.latest("pk").price == 550
    assert not stock_drift()


def test_the_same_again_leaves_no_trace(seller, sizes):
    body = {"variants": [{"sku": "SHIRT-S", "stock": 9}, {"sku": "SHIRT-M", "price": "450.00"}]}
    first = seller.patch(url(sizes), body)
    counts = [model.objects.count() for model in (Variant, StockMovement, PriceChange)]

    second = seller.patch(url(sizes), body)

    assert variants(first) == variants(second) == [("S", "499.00", "699.00", 9), ("M", "450.00", "699.00", 4)]
    assert [model.objects.count() for model in (Variant, StockMovement, PriceChange)] == counts


def test_a_price_above_the_mrp_is_refused(seller, lamp):
    before = everything()

    response = seller.patch(url(lamp), {"title": "Other", "price": "900.00"})

    assert (response.status_code, errors(response)) == (400, [("price_above_mrp", "mrp")])
    assert everything() == before


@pytest.mark.parametrize("multipart", [False, True])
def test_variants_are_changed_added_and_withdrawn(seller, sizes, multipart):
    medium = sizes.variants.get(name="M")
    body = {
        "variants": [
            {"id": medium.pk, "stock": 7},
            {"attributes": {"Size": "L"}, "price": "549.00", "mrp": "699.00", "stock": 1},
        ]
    }

    response = seller.patch(url(sizes), form(body), format="multipart") if multipart else seller.patch(url(sizes), body)

    assert response.status_code == 200
    assert variants(response) == [("M", "499.00", "699.00", 7), ("L", "549.00", "699.00", 1)]
    withdrawn = Variant.objects.get(name="S")
    assert (withdrawn.is_active, withdrawn.stock) == (False, 4)
    assert not stock_drift()


def test_what_was_answered_can_be_sent_back(seller, sizes):
    shown = seller.patch(url(sizes), {}).json()

    response = seller.patch(url(sizes), {"variants": shown["variants"]})

    assert response.json()["variants"] == shown["variants"]


@pytest.mark.parametrize(
    ("variants", "expected"),
    [
        ([{"id": "foreign"}], (400, "unknown_variant", "variants.0.id")),
        ([{"id": 2**62}], (400, "unknown_variant", "variants.0.id")),
        ([{"name": "L", "price": "5.00"}], (400, "required", "variants.0.stock")),
        ([{"sku": "SHIRT-S"}, {"name": "S"}], (400, "variant_twice", "variants.1.name")),
        ([{"sku": "SHIRT-S", "sku2": "x"}], (400, "unknown_field", "variants.0.sku2")),
        ([{"sku": "SHIRT-S"}, {"sku": "SHIRT-M", "name": "S"}], (400, "variant_twice", "variants.1.name")),
        ([{"sku": "SHIRT-S"}, {"sku": "SHIRT-M", "price": "700.00"}], (400, "price_above_mrp", "variants.1.mrp")),
        ([{"name": "S", "sku": "TAKEN"}], (409, "sku_taken", "variants.0.sku")),
    ],
    ids=str,
)
def test_a_wrong_variant_changes_nothing(seller, shop, sizes, variants, expected):
    other = make_variant(make_product(seller=shop, price=None), sku="TAKEN")
    for each in variants:
        each |= {"id": other.pk} if each.get("id") == "foreign" else {}
    before = everything()

    response = seller.patch(url(sizes), {"title": "Other", "tags": ["new"], "variants": variants})

    assert (response.status_code, *errors(response)[0]) == expected
    assert everything() == before


def test_a_price_of_several_variants_must_say_whose(seller, sizes):
    assert errors(seller.patch(url(sizes), {"price": "5.00"})) == [("variant_unclear", "variants")]


def test_pictures_are_added_removed_and_put_in_order(seller, lamp):
    shown = seller.patch(url(lamp), {"images": [picture() for _ in range(3)]}, format="multipart").json()
    first, second, third = (each["id"] for each in shown["images"])

    body = {"remove_images": [second], "image_order": [third, first], "images": [picture()], "alts": ["Back"]}
    response = seller.patch(url(lamp), body, format="multipart")

    kept = response.json()["images"]
    assert [each["id"] for each in kept[:2]] == [third, first]
    assert [each["alt"] for each in kept] == ["", "", "Back"]
    again = seller.patch(url(lamp), {"image_order": [each["id"] for each in kept[::-1]]})
    assert [each["id"] for each in again.json()["images"]] == [each["id"] for each in kept[::-1]]
    assert ProductImage.objects.count() == 3


def test_there_are_never_more_than_five_pictures(seller, lamp):
    images = [make_image(lamp) for _ in range(4)]
    before = everything()

    refused = seller.patch(url(lamp), {"images": [picture(), picture()]}, format="multipart")

    assert (refused.status_code, errors(refused)) == (400, [("too_many_images", "images")])
    assert everything() == before
    swapped = {"images": [picture(), picture()], "remove_images": [images[0].pk]}
    assert seller.patch(url(lamp), swapped, format="multipart").status_code == 200


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"remove_images": ["foreign"]}, (409, "images_changed", "remove_images")),
        ({"image_order": ["foreign"]}, (409, "images_changed", "image_order")),
        ({"image_order": []}, (409, "images_changed", "image_order")),
        ({"image_order": ["own", "own"]}, (409, "images_changed", "image_order")),
        ({"remove_images": [2**62]}, (409, "images_changed", "remove_images")),
        ({"remove_images": ["x"]}, (400, "invalid_type", "remove_images")),
        ({"image_order": [2**63]}, (400, "max_value", "image_order.0")),
    ],
    ids=str,
)
def test_foreign_pictures_and_wrong_orders_change_nothing(seller, lamp, body, expected):
    ids = {"own": make_image(lamp).pk, "foreign": make_image(make_product()).pk}
    body = {name: [ids.get(each, each) for each in value] for name, value in body.items()}
    before = everything()

    response = seller.patch(url(lamp), {"title": "Other", "stock": 1, **body})

    assert (response.status_code, *errors(response)[0]) == expected
    assert everything() == before


def test_a_bad_new_picture_changes_nothing(seller, lamp):
    own = make_image(lamp)
    before = everything()

    body = {"title": "Other", "remove_images": [own.pk], "images": [picture(), file(b"GIF89a")]}
    response = seller.patch(url(lamp), body, format="multipart")

    assert (response.status_code, errors(response)) == (400, [("bad_image", "images.1")])
    assert everything() == before


def test_what_was_changed_since_it_was_seen_is_not_overwritten(seller, lamp):
    seen = seller.patch(url(lamp), {"stock": 4}).json()["updated_at"]
    assert seller.patch(url(lamp), {"stock": 3, "updated_at": seen}).status_code == 200
    before = everything()

    response = seller.patch(url(lamp), {"stock": 2, "updated_at": seen})

    assert (response.status_code, errors(response)) == (409, [("changed_meanwhile", "updated_at")])
    assert everything() == before


@pytest.mark.django_db(transaction=True)
def test_who_reads_it_next_reads_the_change(seller, sizes):
    for _ in range(2):
        make_image(sizes)

    def shown():
        return APIClient().get(f"/api/v1/products/{sizes.slug}").json()

    ids = [image["id"] for image in shown()["images"]]
    medium = sizes.variants.get(name="M").pk
    for body, read in (
        ({"title": "Other"}, lambda now: now["title"] == "Other"),
        ({"image_order": ids[::-1]}, lambda now: [image["id"] for image in now["images"]] == ids[::-1]),
        (
            {"variants": [{"name": "S"}, {"id": medium, "price": "600.00"}]},
            lambda now: "600.00" in str(now),
        ),
        ({"variants": [{"name": "S"}, {"id": medium, "stock": 77}]}, lambda now: now["variants"][1]["stock"] == 77),
        ({"variants": [{"name": "S"}]}, lambda now: len(now["variants"]) == 1),
    ):
        assert not read(shown())
        assert seller.patch(url(sizes), body).status_code == 200
        assert read(shown()), body
    seller.delete(url(sizes))
    assert APIClient().get(f"/api/v1/products/{sizes.slug}").status_code == 404


@pytest.mark.parametrize("status", ["draft", "active", "archived"])
def test_its_seller_gives_it_any_status(seller, lamp, status):
    response = seller.patch(url(lamp, "/status"), {"status": status})

    assert (response.status_code, response.json()["status"]) == (200, status)
    product = Product.objects.get()
    assert (product.status, product.is_listed) == (status, status == "active")


def test_nothing_goes_on_sale_without_a_variant(seller, shop):
    product = make_product(seller=shop, price=None, status="draft")
    before = everything()

    for response in (
        seller.patch(url(product, "/status"), {"status": "active"}),
        seller.patch(url(product), {"status": "active", "title": "Other"}),
    ):
        assert (response.status_code, errors(response)) == (409, [("nothing_to_sell", "status")])

    assert everything() == before
    assert seller.patch(url(product), {"status": "active", "price": "5.00", "stock": 1}).json()["in_stock"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, ("required", "status")),
        ({"status": "gone"}, ("invalid_choice", "status")),
        ({"status": 1}, ("invalid_type", "status")),
        ({"status": "draft", "reason": "x"}, ("unknown_field", "reason")),
    ],
)
def test_a_status_that_is_none_is_refused(seller, lamp, body, expected):
    assert errors(seller.patch(url(lamp, "/status"), body)) == [expected]


def test_what_is_deleted_is_archived_and_gone_from_the_shop(seller, lamp):
    for _ in range(2):
        response = seller.delete(url(lamp))
        assert (response.status_code, response.content) == (204, b"")

    assert Product.objects.get().status == "archived"
    assert Variant.objects.get().stock == 5
    assert APIClient().get(f"/api/v1/products/{lamp.slug}").status_code == 404


ATTEMPTS = {
    "put": lambda client, product: client.put(
        url(product), {"title": "x", "description": "x", "category": "lamps", "price": "5.00", "stock": 1}
    ),
    "patch": lambda client, product: client.patch(url(product), {"title": "x"}),
    "form": lambda client, product: client.patch(url(product), {"images": [picture()]}, format="multipart"),
    "status": lambda client, product: client.patch(url(product, "/status"), {"status": "draft"}),
    "delete": lambda client, product: client.delete(url(product)),
}


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS)
def test_others_change_nothing_and_learn_nothing_of_what_they_cannot_see(lamp, attempt):
    make_category("Lamps")
    other, buyer = as_user(make_seller().user), as_user(make_user())
    before = everything()

    foreign = attempt(other, lamp)
    assert (foreign.status_code, errors(foreign)) == (403, [("not_your_product", None)])
    assert attempt(buyer, lamp).status_code == 403
    assert attempt(APIClient(), lamp).status_code == 401
    assert everything() == before
    for status in ("draft", "archived"):
        set_status(product=lamp, status=status)
        before = everything()
        assert attempt(other, lamp).status_code == 404
        assert everything() == before


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS)
def test_a_suspended_shop_changes_nothing_but_staff_may(attempt):
    make_category("Lamps")
    shop = make_seller(status="suspended")
    lamp = make_product(seller=shop)
    before = everything()

    refused = attempt(as_user(shop.user), lamp)

    assert (refused.status_code, errors(refused)) == (403, [("shop_suspended", None)])
    assert everything() == before
    assert attempt(as_user(make_admin()), lamp).status_code in (200, 204)


@pytest.mark.parametrize("pk", [0, 2**31, 2**63, 10**30])
def test_an_id_that_nothing_has_is_not_found(seller, pk):
    for response in (
        seller.patch(f"/api/v1/products/{pk}", {}),
        seller.put(f"/api/v1/products/{pk}", {}),
        seller.delete(f"/api/v1/products/{pk}"),
        seller.get(f"/api/v1/products/{pk}"),
        seller.patch(f"/api/v1/products/{pk}/status", {"status": "draft"}),
    ):
        assert response.status_code == 404


def test_a_slug_names_nothing_that_can_be_written(seller, lamp):
    for method in (seller.put, seller.patch, seller.delete):
        assert method(f"/api/v1/products/{lamp.slug}", {}).status_code == 404
    assert APIClient().patch(f"/api/v1/products/{lamp.slug}", {}).status_code == 401


def test_a_slug_of_digits_is_still_a_slug(shop):
    make_product(seller=shop, slug="2024")

    assert APIClient().get("/api/v1/products/2024").json()["slug"] == "2024"


def test_the_statements_do_not_grow_with_the_variants(seller, shop):
    product = make_product(seller=shop, price=None)

    def statements(count: int, price: str) -> int:
        body = {"price": price, "stock": 3, "variants": [{"name": str(number)} for number in range(count)]}
        assert seller.patch(url(product), {**body, "stock": 5}).status_code == 200
        with CaptureQueriesContext(connection) as captured:
            assert seller.patch(url(product), {**body, "price": f"{price}.50"}).status_code == 200
        return len(captured)

    assert statements(2, "100") == statements(80, "200")
