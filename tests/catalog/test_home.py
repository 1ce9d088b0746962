import json
import re

import pytest

from catalog.views import recent
from tests.factories import make_category, make_product, make_user

pytestmark = pytest.mark.django_db


def test_an_empty_shop_has_a_home_page(client):
    assert client.get("/").status_code == 200


def test_home_shows_categories_and_products(client):
    category = make_category("Kurtas")
    make_product(title="Indigo kurta", category=category)

    html = client.get("/").content.decode()

    assert 'href="/c/kurtas/"' in html
    assert "Indigo kurta" in html


def test_what_was_looked_at_comes_back_latest_first(client):
    first, second = make_product(title="First lamp"), make_product(title="Second lamp")
    for product in (first, second, first):
        client.get(product.get_absolute_url())

    response = client.get("/")

    assert [product.title for product in response.context["recent"]] == ["First lamp", "Second lamp"]
    assert client.cookies["recent"]["httponly"]


def test_no_more_than_twelve_are_remembered(client):
    client.cookies["recent"] = ".".join(map(str, range(10**9, 10**9 + 12)))
    product = make_product()
    client.get(product.get_absolute_url())

    assert client.cookies["recent"].value.split(".") == [str(product.pk), *map(str, range(10**9, 10**9 + 11))]


@pytest.mark.parametrize("value", ["", "x", "1.2.", "-4", "9" * 30, ".".join("1" * 200), "1;2", "١٢"])
def test_a_cookie_that_makes_no_sense_counts_as_none(rf, client, value):
    request = rf.get("/")
    request.COOKIES["recent"] = value

    assert recent.product_ids(request) == []


def test_a_draft_is_not_remembered(client):
    product = make_product(status="draft")
    client.force_login(product.seller.user)
    client.get(product.get_absolute_url())

    assert "recent" not in client.cookies


def test_search_engines_learn_who_we_are_and_how_to_search(client):
    html = client.get("/").content.decode()
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    types = {item["@type"]: item for item in json.loads(data)["@graph"]}

    assert types["WebSite"]["potentialAction"]["target"]["urlTemplate"].endswith("/search/?q={search_term_string}")
    assert types["Organization"]["name"] == "PyMart"


@pytest.mark.parametrize("people", ["visitor", "buyer"])
@pytest.mark.parametrize("products", [1, 10])
def test_home_costs_few_queries_however_much_it_shows(client, django_assert_max_num_queries, people, products):
    for _ in range(products):
        make_product()
    if people == "buyer":
        client.force_login(make_user())
    client.get("/")

    with django_assert_max_num_queries(2 + 2 * (people == "buyer")):
        client.get("/")
