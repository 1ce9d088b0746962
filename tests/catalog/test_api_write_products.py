"""`POST /products`: a product with its variants and pictures is listed whole, or not at all."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import Role
from catalog.models import Product, StockMovement, Variant
from catalog.selectors import stock_drift
from tests.api.conftest import as_user
from tests.catalog.writing import encoded, errors, everything, file, form, picture, zipped
from tests.factories import make_admin, make_category, make_product, make_seller, make_user, make_variant, picture_file

pytestmark = pytest.mark.django_db
URL = "/api/v1/products"


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
def kurtas():
    return make_category("Kurtas")


@pytest.fixture
def body(kurtas):
    return {
        "title": "Cotton kurta",
        "description": "Hand-printed.",
        "category": "kurtas",
        "price": "899.00",
        "mrp": "1499.00",
        "stock": 12,
    }


def test_a_simple_product_is_one_variant(seller, shop, body):
    response = seller.post(URL, body)

    shown = response.json()
    assert response.status_code == 201
    assert shown["title"] == "Cotton kurta"
    assert shown["slug"].startswith("cotton-kurta-")
    assert (shown["price"], shown["mrp"], shown["stock"], shown["status"]) == ("899.00", "1499.00", 12, "draft")
    assert shown["seller"] == {"id": shop.pk, "name": shop.shop_name}
    assert [(each["name"], each["price"], each["stock"]) for each in shown["variants"]] == [("", "899.00", 12)]
    assert not stock_drift()
    assert StockMovement.objects.get().actor == shop.user


def test_all_that_can_be_said_of_a_product_is_kept(seller, body):
    facts = {
        "tags": ["cotton", "handmade", "cotton"],
        "attributes": {"Fabric": "Cotton"},
        "brand": "Kashi Looms",
        "highlights": ["Block-printed"],
        "hsn": "620442",
        "gst_rate": "5",
        "country_of_origin": "BD",
        "status": "active",
    }

    response = seller.post(URL, {**body, **facts})

    assert response.status_code == 201
    product = Product.objects.get()
    assert {name: getattr(product, name) for name in facts} == {**facts, "tags": ["cotton", "handmade"], "gst_rate": 5}
    assert product.is_listed
    assert response.json()["tags"] == ["cotton", "handmade"]


def test_an_active_product_is_in_the_shop_at_once(seller, body):
    slug = seller.post(URL, {**body, "status": "active"}).json()["slug"]

    assert APIClient().get(f"{URL}/{slug}").status_code == 200


def test_without_an_mrp_it_is_the_price(seller, body):
    del body["mrp"]

    assert seller.post(URL, body).json()["mrp"] == "899.00"


def test_a_category_may_be_named_by_its_id(seller, body, kurtas):
    for category in (kurtas.pk, "kurtas", str(kurtas.pk)):
        assert seller.post(URL, {**body, "category": category}).json()["category"]["slug"] == "kurtas"


VARIANT_KEYS = ["sku", "name", "price", "mrp", "stock"]
VARIANTS = [
    {"sku": "K-M", "attributes": {"Colour": "Red", "Size": "M"}, "price": "899.00", "mrp": "999.00", "stock": 3},
    {"name": "The last one", "price": "500.00", "stock": 0},
]


@pytest.mark.parametrize("multipart", [False, True])
def test_variants_stand_for_themselves(seller, body, multipart):
    for name in ("price", "mrp", "stock"):
        del body[name]
    body["variants"] = VARIANTS

    response = seller.post(URL, form(body), format="multipart") if multipart else seller.post(URL, body)

    assert response.status_code == 201
    shown = [
        (each["sku"], each["name"], each["price"], each["mrp"], each["stock"]) for each in response.json()["variants"]
    ]
    assert shown[0] == ("K-M", "Red / M", "899.00", "999.00", 3)
    assert shown[1][1:] == ("The last one", "500.00", "500.00", 0)
    assert response.json()["stock"] == 3


def test_what_a_variant_leaves_out_is_the_products(seller, body):
    variants = [{"name": "S"}, {"name": "XL", "price": "949.00", "stock": 1}]

    shown = seller.post(URL, {**body, "variants": variants}).json()["variants"]

    assert [(each["price"], each["mrp"], each["stock"]) for each in shown] == [
        ("899.00", "1499.00", 12),
        ("949.00", "1499.00", 1),
    ]


def test_a_form_brings_pictures_and_lists_in_either_way(seller, body):
    for tags in (["silk", "gift"], json.dumps(["silk", "gift"])):
        pictures = {"images": [picture(), picture(format="WEBP"), picture(format="PNG")], "alts": ["Front", ""]}

        response = seller.post(URL, {**body, "tags": tags, **pictures}, format="multipart")

        assert response.status_code == 201
        shown = response.json()
        assert shown["tags"] == ["silk", "gift"]
        assert [(each["alt"], each["width"], each["height"]) for each in shown["images"]] == [
            ("Front", 300, 300),
            ("", 300, 300),
            ("", 300, 300),
        ]
        assert all(each["url"].endswith(".webp") for each in shown["images"])


BAD_PICTURES = {
    "gif that says png": lambda: file(encoded((300, 300), "GIF", "L")),
    "svg": lambda: file(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a.svg", "image/svg+xml"),
    "text": lambda: file(b"not a picture"),
    "empty": lambda: file(b""),
    "cut off": lambda: file(encoded((300, 300), "PNG")[:100]),
    "40 megapixels": lambda: file(encoded((8000, 5000), "JPEG", "L"), "big.jpg", "image/jpeg"),
    "bomb": lambda: file(encoded((9000, 9000), "PNG", "1")),
    "jpeg that says png": lambda: file(encoded((300, 300), "JPEG")),
    "picture that says page": lambda: file(encoded((300, 300), "PNG"), "a.html", "text/html"),
    "page behind it": lambda: file(encoded((300, 300), "PNG") + b"<script>alert(1)</script>"),
    "archive behind it": lambda: file(encoded((300, 300), "PNG") + zipped()),
    "tiny": lambda: file(encoded((20, 20), "PNG")),
    "more than 5 MB": lambda: file(encoded((300, 300), "PNG") + bytes(5 * 1024**2)),
}


@pytest.mark.parametrize("bad", BAD_PICTURES.values(), ids=BAD_PICTURES)
def test_a_bad_third_picture_is_named_and_nothing_is_kept(seller, body, bad):
    before = everything()

    response = seller.post(URL, {**body, "images": [picture(), picture(), bad()]}, format="multipart")

    assert response.status_code == 400
    assert errors(response) == [("bad_image", "images.2")]
    assert response.json()["type"] == "validation_error"
    assert everything() == before


def test_six_pictures_are_too_many(seller, body):
    before = everything()

    response = seller.post(URL, {**body, "images": [picture() for _ in range(6)]}, format="multipart")

    assert errors(response) == [("max_length", "images")]
    assert response.json()["errors"][0]["detail"] == "A product has at most 5 pictures."
    assert everything() == before


def test_a_body_beyond_all_measure_is_not_read(seller, body, settings):
    settings.API_MAX_UPLOAD = 1000

    response = seller.post(URL, {**body, "images": [picture_file()]}, format="multipart")

    assert (response.status_code, errors(response)) == (413, [("too_large", None)])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"title": None}, ("null", "title")),
        ({"title": "  "}, ("blank", "title")),
        ({"title": "a\x00b"}, ("null_characters_not_allowed", "title")),
        ({"title": 5}, ("invalid_type", "title")),
        ({"title": "x" * 201}, ("max_length", "title")),
        ({"price": 899}, ("invalid_type", "price")),
        ({"price": "0"}, ("invalid", "price")),
        ({"price": "-1.00"}, ("invalid", "price")),
        ({"price": "1e3"}, ("invalid", "price")),
        ({"price": "9" * 40}, ("invalid", "price")),
        ({"price": "10.001"}, ("invalid", "price")),
        ({"mrp": "10.00"}, ("price_above_mrp", "mrp")),
        ({"stock": -1}, ("min_value", "stock")),
        ({"stock": 10**15}, ("max_value", "stock")),
        ({"stock": "12"}, ("invalid_type", "stock")),
        ({"stock": True}, ("invalid_type", "stock")),
        ({"category": "no-such"}, ("does_not_exist", "category")),
        ({"category": "a\x00b"}, ("does_not_exist", "category")),
        ({"category": 2**70}, ("does_not_exist", "category")),
        ({"category": True}, ("does_not_exist", "category")),
        ({"category": {"id": 1}}, ("does_not_exist", "category")),
        ({"status": "sold"}, ("invalid_choice", "status")),
        *(({"gst_rate": rate}, ("invalid", "gst_rate")) for rate in ("12", "41", "5.000", "0.2", "18.5", "05")),
        ({"hsn": "12345"}, ("invalid", "hsn")),
        ({"country_of_origin": "India"}, ("invalid", "country_of_origin")),
        ({"tags": ["a", 1]}, ("invalid_type", "tags")),
        ({"tags": ["x" * 41]}, ("max_length", "tags.0")),
        ({"tags": ["x"] * 21}, ("max_length", "tags")),
        ({"attributes": {"a": 1}}, ("not_text", "attributes")),
        ({"attributes": {"a": "b\x00"}}, ("null_characters_not_allowed", "attributes.a")),
        ({"attributes": {"a\x00": "b"}}, ("bad_name", "attributes")),
        ({"attributes": {"": "b"}}, ("bad_name", "attributes")),
        ({"attributes": ["a"]}, ("not_a_dict", "attributes")),
        ({"attributes": {str(n): "x" for n in range(31)}}, ("too_many", "attributes")),
        ({"variants": []}, ("empty", "variants")),
        ({"variants": "none"}, ("not_a_list", "variants")),
        ({"variants": [{"name": "a"}, {"name": "b", "price": 5}]}, ("invalid_type", "variants.1.price")),
        ({"variants": [{"name": "a", "id": 3}]}, ("unknown_field", "variants.0.id")),
        ({"variants": [{"name": "a"}, {"name": "a"}]}, ("variant_twice", "variants.1.name")),
        ({"variants": [{"name": "a", "sku": "1"}, {"name": "b", "sku": "1"}]}, ("variant_twice", "variants.1.sku")),
        ({"variants": [{"name": "a", "mrp": "5.00"}]}, ("price_above_mrp", "variants.0.mrp")),
        ({"is_listed": True}, ("unknown_field", "is_listed")),
        ({"images": ["x"]}, ("unknown_field", "images")),
    ],
    ids=str,
)
def test_what_is_wrong_is_named_and_nothing_is_kept(seller, body, change, expected):
    before = everything()

    response = seller.post(URL, {**body, **change})

    assert response.status_code == 400
    assert errors(response) == [expected]
    assert everything() == before


@pytest.mark.parametrize("missing", ["title", "description", "category", "price", "stock"])
def test_what_is_missing_is_named(seller, body, missing):
    del body[missing]

    assert errors(seller.post(URL, body)) == [("required", missing)]


def test_a_variant_without_a_price_of_its_own_or_the_products_is_incomplete(seller, body):
    del body["price"]

    response = seller.post(
        URL, {**body, "variants": [{"name": "a", "price": "2000.00", "mrp": "2000.00"}, {"name": "b"}]}
    )

    assert errors(response) == [("required", "variants.1.price")]


def test_a_form_is_read_as_strictly_as_json(seller, body):
    wrong = {"stock": "twelve", "variants": '[{"stock": "3"}]', "attributes": "{", "image": picture()}

    response = seller.post(URL, {**body, **wrong}, format="multipart")

    assert response.status_code == 400
    assert set(errors(response)) == {
        ("unknown_field", "image"),
        ("invalid_type", "stock"),
        ("invalid_type", "variants.0.stock"),
        ("not_a_dict", "attributes"),
    }
    del wrong["stock"], wrong["image"]
    assert set(errors(seller.post(URL, {**body, **wrong}, format="multipart"))) == {
        ("invalid_type", "variants.0.stock"),
        ("not_a_dict", "attributes"),
    }


def test_a_sku_is_unique_in_a_shop_and_free_in_the_next(seller, shop, body):
    make_variant(make_product(seller=shop, price=None), sku="K-1")
    make_variant(make_product(price=None), sku="K-2")
    before = everything()

    refused = seller.post(URL, {**body, "variants": [{"sku": "K-1"}]})

    assert (refused.status_code, errors(refused)) == (409, [("sku_taken", "variants.0.sku")])
    assert everything() == before
    assert seller.post(URL, {**body, "variants": [{"sku": "K-2"}]}).status_code == 201


@pytest.mark.parametrize(("status", "code"), [("applied", "shop_not_approved"), ("suspended", "shop_suspended")])
def test_a_shop_that_is_not_open_lists_nothing(body, status, code):
    shop = make_seller(make_user(role=Role.SELLER), status=status)
    before = everything()

    response = as_user(shop.user).post(URL, body)

    assert (response.status_code, errors(response)) == (403, [(code, None)])
    assert everything() == before


def test_a_seller_lists_in_no_other_shop_and_one_without_a_shop_nowhere(seller, shop, body):
    other = make_seller()

    assert errors(seller.post(URL, {**body, "seller": other.slug})) == [("not_your_shop", None)]
    assert seller.post(URL, {**body, "seller": shop.slug}).status_code == 201
    assert errors(as_user(make_user(role=Role.SELLER)).post(URL, body)) == [("no_shop", None)]


def test_staff_name_the_shop(shop, body):
    admin = as_user(make_admin())

    assert errors(admin.post(URL, body)) == [("no_shop", None)]
    for named in (shop.slug, shop.pk):
        response = admin.post(URL, {**body, "seller": named})
        assert (response.status_code, response.json()["seller"]["id"]) == (201, shop.pk)
    assert errors(admin.post(URL, {**body, "seller": "none"})) == [("does_not_exist", "seller")]


def test_the_statements_do_not_grow_with_the_variants(seller, body):
    def statements(count: int) -> int:
        variants = [{"name": str(number)} for number in range(count)]
        with CaptureQueriesContext(connection) as captured:
            assert seller.post(URL, {**body, "variants": variants}).status_code == 201
        return len(captured)

    statements(1)  # the category tree is kept from now on
    assert statements(2) == statements(100)
    assert Variant.objects.count() == 103
