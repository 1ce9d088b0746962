import pytest
from rest_framework.test import APIClient

from catalog.models import Category
from tests.api.conftest import as_user
from tests.catalog.writing import errors, everything
from tests.factories import make_admin, make_category, make_product, make_seller, make_user

pytestmark = pytest.mark.django_db
URL = "/api/v1/categories"


@pytest.fixture
def api():
    return as_user(make_admin())


def test_a_category_is_added_with_an_address_of_its_own(api):
    root = api.post(URL, {"name": "Home & Kitchen"})
    child = api.post(URL, {"name": "Lamps", "parent": "home-kitchen"})

    assert root.status_code == child.status_code == 201
    shown = child.json()
    assert (shown["slug"], shown["name"], shown["children"], shown["product_count"]) == ("lamps", "Lamps", [], 0)
    assert [each["slug"] for each in shown["breadcrumbs"]] == ["home-kitchen", "lamps"]
    assert root.json()["breadcrumbs"] == [{"id": root.json()["id"], "slug": "home-kitchen", "name": "Home & Kitchen"}]
    tree = APIClient().get(URL).json()
    assert [(each["slug"], [below["slug"] for below in each["children"]]) for each in tree] == [
        ("home-kitchen", ["lamps"])
    ]


def test_a_parent_may_be_named_by_its_id_and_a_slug_be_chosen(api):
    parent = make_category("Home")

    shown = api.post(URL, {"name": "Lamps", "parent": parent.pk, "slug": "all-lamps"}).json()

    assert shown["slug"] == "all-lamps"
    assert Category.objects.get(slug="all-lamps").parent == parent


def test_the_same_name_under_another_parent_gets_another_address(api):
    make_category("Shirts")
    make_category("Men")

    assert api.post(URL, {"name": "Shirts", "parent": "men"}).json()["slug"] == "men-shirts"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"name": "LAMPS"}, (409, "category_exists", "name")),
        ({"name": "Lights", "slug": "lamps"}, (409, "category_exists", "name")),
        ({}, (400, "required", "name")),
        ({"name": " "}, (400, "blank", "name")),
        ({"name": "a\x00"}, (400, "null_characters_not_allowed", "name")),
        ({"name": "x" * 81}, (400, "max_length", "name")),
        ({"name": 1}, (400, "invalid_type", "name")),
        ({"name": "a", "slug": "No slug"}, (400, "invalid", "slug")),
        ({"name": "a", "slug": "123"}, (400, "invalid", "slug")),
        ({"name": "a", "parent": "none"}, (400, "does_not_exist", "parent")),
        ({"name": "a", "parent": 2**70}, (400, "does_not_exist", "parent")),
        ({"name": "a", "icon": "x"}, (400, "unknown_field", "icon")),
    ],
    ids=str,
)
def test_what_is_wrong_is_named_and_nothing_is_kept(api, body, expected):
    make_category("Lamps")
    other = make_category("Other")
    before = everything()

    for response in (api.post(URL, body), api.put(f"{URL}/{other.pk}", body)):
        assert (response.status_code, *errors(response)[0]) == expected
    assert everything() == before


def test_a_category_is_renamed_and_moved_and_its_products_are_found_by_it(api):
    home = make_category("Home")
    lamps = make_category("Lamps")
    product = make_product(category=lamps)

    response = api.put(f"{URL}/{lamps.pk}", {"name": "Lights", "parent": "home"})

    assert response.status_code == 200
    assert [each["name"] for each in response.json()["breadcrumbs"]] == ["Home", "Lights"]
    assert response.json()["slug"] == "lamps"
    product.refresh_from_db()
    assert "Home" in product.keywords
    assert "Lights" in product.keywords
    kept = api.put(f"{URL}/{lamps.pk}", {"name": "Lights"})
    assert len(kept.json()["breadcrumbs"]) == 2
    assert api.get(f"{URL}/home").json()["children"][0]["id"] == lamps.pk
    assert len(api.put(f"{URL}/{lamps.pk}", {"name": "Lights", "parent": None}).json()["breadcrumbs"]) == 1
    assert not home.children.exists()


@pytest.mark.parametrize("below", [0, 1, 2])
def test_a_circle_is_refused(api, below):
    chain = [make_category("a")]
    chain.append(make_category("b", chain[0]))
    chain.append(make_category("c", chain[1]))
    before = everything()

    response = api.put(f"{URL}/{chain[0].pk}", {"name": "a", "parent": chain[below].slug})

    assert (response.status_code, errors(response)) == (400, [("category_cycle", "parent")])
    assert everything() == before


def test_a_category_goes_once_nothing_of_it_is_on_sale(api):
    root = make_category("Root")
    product = make_product(category=make_category("Leaf", root))
    before = everything()

    for category in Category.objects.all():
        refused = api.delete(f"{URL}/{category.pk}")
        assert (refused.status_code, errors(refused)) == (409, [("category_in_use", None)])
    assert everything() == before

    assert api.delete(f"/api/v1/products/{product.pk}").status_code == 204
    assert api.delete(f"{URL}/{root.pk}").status_code == 204
    assert [category.name for category in Category.objects.all()] == ["Unsorted"]


def test_what_there_is_not_cannot_be_changed(api):
    for pk in (0, 2**63, 10**30):
        assert api.put(f"{URL}/{pk}", {"name": "x"}).status_code == 404
        assert api.delete(f"{URL}/{pk}").status_code == 404
        assert api.get(f"{URL}/{pk}").status_code == 404


def test_only_staff_write():
    category = make_category()
    before = everything()

    for client, status in (
        (APIClient(), 401),
        (as_user(make_user()), 403),
        (as_user(make_seller().user), 403),
    ):
        assert client.post(URL, {"name": "x"}).status_code == status
        assert client.put(f"{URL}/{category.pk}", {"name": "x"}).status_code == status
        assert client.delete(f"{URL}/{category.pk}").status_code == status
    assert everything() == before
