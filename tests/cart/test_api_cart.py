"""The cart over HTTP."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from cart import store
from catalog.models import Variant
from catalog.services import set_status
from tests.api.conftest import as_user
from tests.factories import make_image, make_product, make_user
from tests.factories import make_variant as make_another_variant
from tests.shop import fill_cart, make_variant

pytestmark = pytest.mark.django_db
ITEMS = "/api/v1/cart/items"


@pytest.fixture
def user() -> User:
    return make_user()


@pytest.fixture
def api(user):
    return as_user(user)


def held(user: User) -> dict[int, int]:
    return store.read(str(user.pk)).quantities


def codes(response) -> list[str]:
    return [notice["code"] for notice in response.json()["notices"]]


def error(response) -> tuple[int, str, str | None]:
    [found] = response.json()["errors"]
    return response.status_code, found["code"], found["attr"]


def two_sizes() -> tuple[Variant, Variant]:
    product = make_product(price=None)
    return tuple(make_another_variant(product, attributes={"Size": size}, price=300) for size in "SM")


def test_an_empty_cart_has_everything_a_full_one_has(api):
    assert api.get("/api/v1/cart").json() == {
        "items": [], "item_count": 0, "subtotal": "0.00", "savings": "0.00", "shipping": "0.00", "total": "0.00",
        "currency": "INR", "notices": [],
    }  # fmt: skip


def test_a_line_says_what_is_bought_of_whom_at_what_price(api, user, settings):
    variant = make_variant(price="250.00", mrp="400.00", stock=7, title="Brass lamp")
    picture = make_image(variant.product)
    fill_cart(user, variant, quantity=2)

    cart = api.get("/api/v1/cart").json()

    assert cart["items"] == [
        {
            "product_id": variant.product_id,
            "variant_id": variant.pk,
            "slug": variant.product.slug,
            "title": "Brass lamp",
            "variant": "",
            "image": f"{settings.SITE_URL}{picture.thumb}",
            "unit_price": "250.00",
            "mrp": "400.00",
            "quantity": 2,
            "stock": 7,
            "line_total": "500.00",
            "seller": {"id": variant.seller_id, "name": variant.seller.shop_name},
        }
    ]
    assert (cart["item_count"], cart["subtotal"], cart["savings"]) == (2, "500.00", "300.00")
    assert (cart["shipping"], cart["total"]) == ("0.00", "500.00")


def test_stale_lines_leave_the_cart_and_it_says_so_once(api, user):
    fewer, gone, archived = make_variant(stock=5), make_variant(stock=5), make_variant()
    fill_cart(user, fewer, gone, archived, quantity=4)
    Variant.objects.filter(pk=fewer.pk).update(stock=2)
    Variant.objects.filter(pk=gone.pk).update(stock=0)
    set_status(product=archived.product, status="archived")

    first, second = api.get("/api/v1/cart"), api.get("/api/v1/cart")

    assert set(codes(first)) == {"quantity_lowered", "sold_out", "unavailable"}
    told = {notice["code"]: notice["detail"] for notice in first.json()["notices"]}
    assert told["sold_out"].endswith(" just sold out. It left your cart.")
    assert codes(second) == []
    assert [line["quantity"] for line in first.json()["items"]] == [2]
    assert held(user) == {fewer.pk: 2}


def test_a_product_of_one_variant_needs_no_variant(api, user):
    variant = make_variant()

    first = api.post(ITEMS, {"product_id": variant.product_id})
    second = api.post(ITEMS, {"product_id": variant.product_id, "quantity": 2})

    assert (first.status_code, second.status_code) == (200, 200)
    assert (first.json()["item_count"], second.json()["item_count"]) == (1, 3)
    assert held(user) == {variant.pk: 3}


def test_of_several_variants_one_must_be_named(api, user):
    small, medium = two_sizes()

    refused = api.post(ITEMS, {"product_id": small.product_id})
    taken = api.post(ITEMS, {"product_id": small.product_id, "variant_id": medium.pk})

    assert error(refused) == (400, "variant_required", "variant_id")
    assert [line["variant"] for line in taken.json()["items"]] == ["M"]
    assert held(user) == {medium.pk: 1}


def test_where_one_of_the_variants_is_withdrawn_the_other_is_meant(api, user):
    small, medium = two_sizes()
    Variant.objects.filter(pk=small.pk).update(is_active=False)

    assert api.post(ITEMS, {"product_id": small.product_id}).status_code == 200
    assert held(user) == {medium.pk: 1}


@pytest.mark.parametrize(("stock", "asked", "got"), [(3, 9, 3), (50, 99, 10)])
def test_no_more_than_can_be_had_goes_in_and_a_notice_says_so(api, user, stock, asked, got):
    variant = make_variant(stock=stock)

    for response in (
        api.post(ITEMS, {"product_id": variant.product_id, "quantity": asked}),
        api.put(f"{ITEMS}/{variant.product_id}", {"quantity": asked}),
    ):
        assert codes(response) == ["quantity_capped"]
        assert response.json()["items"][0]["quantity"] == got
        assert response.json()["notices"][0]["product_id"] == variant.product_id
    assert held(user) == {variant.pk: got}


@pytest.mark.parametrize("method", ["post", "put"])
def test_a_full_cart_takes_no_new_line(api, user, settings, method):
    settings.CART_MAX_LINES = 1
    kept, other = make_variant(), make_variant()
    fill_cart(user, kept)
    url, body = (ITEMS, {"product_id": other.product_id}) if method == "post" else (
        f"{ITEMS}/{other.product_id}", {"quantity": 1},
    )  # fmt: skip

    assert error(getattr(api, method)(url, body)) == (409, "cart_full", None)
    assert held(user) == {kept.pk: 1}


def test_what_changed_elsewhere_in_the_cart_is_said_while_adding(api, user):
    gone, wanted = make_variant(), make_variant()
    fill_cart(user, gone)
    Variant.objects.filter(pk=gone.pk).update(stock=0)

    response = api.post(ITEMS, {"product_id": wanted.product_id})

    assert codes(response) == ["sold_out"]
    assert held(user) == {wanted.pk: 1}
    assert store.read_saved(str(user.pk)) == [gone.pk]


@pytest.mark.parametrize("method", ["post", "put"])
def test_what_sold_out_is_refused(api, user, method):
    variant = make_variant(stock=0)
    url, body = (ITEMS, {"product_id": variant.product_id}) if method == "post" else (
        f"{ITEMS}/{variant.product_id}", {"quantity": 1},
    )  # fmt: skip

    assert error(getattr(api, method)(url, body)) == (409, "out_of_stock", None)
    assert held(user) == {}


def test_what_is_not_on_the_shelves_does_not_exist(api, user):
    archived, other = make_variant(), make_variant()
    set_status(product=archived.product, status="archived")

    for body in (
        {"product_id": 10**12},
        {"product_id": archived.product_id},
        {"product_id": other.product_id, "variant_id": archived.pk},
        {"product_id": archived.product_id, "variant_id": other.pk},
    ):
        assert error(api.post(ITEMS, body)) == (404, "not_for_sale", None)
    assert held(user) == {}


@pytest.mark.parametrize(
    "body",
    [
        {}, {"product_id": "1"}, {"product_id": 0}, {"product_id": 2**63}, {"product_id": 1, "quantity": 0},
        {"product_id": 1, "quantity": -1}, {"product_id": 1, "quantity": "2"}, {"product_id": 1, "quantity": 1.5},
        {"product_id": 1, "price": "0.01"}, {"product_id": 1, "variant_id": True},
    ],
)  # fmt: skip
def test_malformed_lines_are_refused(api, user, body):
    response = api.post(ITEMS, body)

    assert (response.status_code, response.json()["type"]) == (400, "validation_error")
    assert held(user) == {}


def test_a_line_is_set_and_at_0_removed(api, user):
    small, medium = two_sizes()
    fill_cart(user, small, medium)
    url = f"{ITEMS}/{small.product_id}"

    assert error(api.put(url, {"quantity": 3})) == (400, "variant_required", "variant_id")
    assert api.put(url, {"quantity": 3, "variant_id": small.pk}).json()["item_count"] == 4
    assert api.put(url, {"quantity": 0, "variant_id": small.pk}).json()["item_count"] == 1
    assert held(user) == {medium.pk: 1}


def test_a_line_is_removed_by_its_product_or_variant(api, user):
    small, medium = two_sizes()
    simple = make_variant()
    fill_cart(user, small, medium, simple)

    assert api.delete(f"{ITEMS}/{simple.product_id}").json()["item_count"] == 2
    assert error(api.delete(f"{ITEMS}/{small.product_id}")) == (400, "variant_required", "variant_id")
    assert api.delete(f"{ITEMS}/{small.product_id}?variant_id={small.pk}").json()["item_count"] == 1
    assert held(user) == {medium.pk: 1}


def test_removing_what_is_not_in_the_cart_changes_nothing(api, user):
    kept, other = make_variant(), make_variant()
    fill_cart(user, kept)

    assert api.delete(f"{ITEMS}/{other.product_id}").json()["item_count"] == 1
    assert api.delete(f"{ITEMS}/{10**12}").status_code == 404
    assert held(user) == {kept.pk: 1}


def test_what_is_no_longer_sold_can_still_be_taken_out(api, user):
    variant = make_variant()
    fill_cart(user, variant)
    set_status(product=variant.product, status="archived")

    response = api.delete(f"{ITEMS}/{variant.product_id}")

    assert (response.json()["items"], codes(response)) == ([], [])
    assert store.read(str(user.pk)) == store.StoredCart()


def test_emptying_leaves_nothing_and_other_carts_alone(api, user):
    other, variant = make_user(), make_variant()
    fill_cart(user, variant)
    fill_cart(other, variant)

    response = api.delete("/api/v1/cart")

    assert (response.status_code, response.content) == (204, b"")
    assert store.read(str(user.pk)) == store.StoredCart()
    assert held(other) == {variant.pk: 1}


def test_the_web_cart_and_the_apps_are_one(api, user, client):
    variant = make_variant(title="Copper bottle")
    client.force_login(user)
    api.post(ITEMS, {"product_id": variant.product_id})

    assert "Copper bottle" in client.get("/cart/").content.decode()


@pytest.mark.parametrize("lines", [1, 20])
def test_reading_and_adding_ask_one_question_of_the_database_for_any_number_of_lines(api, user, lines):
    variants = [make_variant() for _ in range(lines)]
    fill_cart(user, *variants)

    for call in (
        lambda: api.get("/api/v1/cart"),
        lambda: api.post(ITEMS, {"product_id": variants[0].product_id}),
        lambda: api.put(f"{ITEMS}/{variants[0].product_id}", {"quantity": 1}),
    ):
        with CaptureQueriesContext(connection) as queries:
            call()
        assert len(queries) == 2  # the user, the lines


def test_with_redis_away_the_cart_says_so(api, redis_away):
    response = api.get("/api/v1/cart")

    assert response.status_code == 503
    assert response.json()["type"] == "server_error"
