"""The lists of the API over HTTP: shapes, filters, orders, pages, and what they cost."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.services import issue_tokens
from catalog.api.views import reading
from catalog.models import Product
from catalog.search import counts, listing
from catalog.search.synonyms import forget_synonyms
from catalog.tasks import rebuild_vocabulary
from tests.factories import make_admin, make_category, make_image, make_product, make_seller, make_user

pytestmark = pytest.mark.django_db
LIST = "/api/v1/products"


@pytest.fixture
def api() -> APIClient:
    return APIClient()


def as_user(user: Any) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_tokens(user).access_token}")
    return client


def titles(api: APIClient, query: str = "") -> list[str]:
    answer = api.get(f"{LIST}{query}")
    assert answer.status_code == 200, answer.content
    return [row["title"] for row in answer.json()["results"]]


@pytest.fixture
def shelf() -> dict[str, Product]:
    """Five products that differ in everything that can be asked for."""
    clothes = make_category("Clothes")
    sarees = make_category("Sarees", clothes)
    kitchen = make_category("Kitchen")
    asha, bina = make_seller(shop_name="Asha", slug="asha"), make_seller(shop_name="Bina", slug="bina")
    made = {
        "saree": make_product(
            title="Silk saree", price=2499, mrp=3999, category=sarees, seller=asha, brand="Kashi", tags=["silk", "gift"]
        ),
        "shirt": make_product(title="Linen shirt", price=899, category=clothes, seller=bina, brand="Deccan"),
        "bowl": make_product(title="Brass bowl", price="499.50", category=kitchen, seller=bina, tags=["gift"], stock=0),
        "lamp": make_product(title="Brass lamp", price=499, category=kitchen, seller=asha, brand="Kashi"),
        "diya": make_product(title="मिट्टी का दीया", price=50, category=kitchen, seller=bina),
    }
    numbers = {"saree": (5, 3), "shirt": (4, 9), "bowl": (3, 50), "lamp": (0, 2), "diya": (4, 0)}
    for age, (name, (stars, sold)) in enumerate(numbers.items()):
        made[name].rating_average, made[name].rating_count = Decimal(stars), stars
        made[name].units_sold = sold
        made[name].created_at = timezone.now() - timedelta(days=age)
    Product.objects.bulk_update(made.values(), ["rating_average", "rating_count", "units_sold", "created_at"])
    make_product(title="Secret saree", category=sarees, status="draft")
    return made


def test_a_row_says_what_the_contract_says(api: APIClient, shelf: dict[str, Product]) -> None:
    saree = shelf["saree"]
    first = make_image(saree)
    make_image(saree)
    answer = api.get(LIST, {"q": "saree"}).json()
    stem = first.image.name.removesuffix("-1200.webp")
    assert answer["results"] == [
        {
            "id": saree.pk,
            "slug": saree.slug,
            "title": "Silk saree",
            "price": "2499.00",
            "mrp": "3999.00",
            "discount_percent": 37,
            "currency": "INR",
            "image": f"http://127.0.0.1:8000/media/{stem}-640.webp",
            "category": {"id": saree.category_id, "slug": "sarees", "name": "Sarees"},
            "seller": {"id": saree.seller_id, "name": "Asha"},
            "rating_average": 5.0,
            "rating_count": 5,
            "in_stock": True,
        }
    ]
    assert {name: answer[name] for name in ("count", "next", "previous", "search_backend")} == {
        "count": 1,
        "next": None,
        "previous": None,
        "search_backend": "database",
    }


def test_what_a_text_asks_for_is_told_and_can_be_left_as_typed(api: APIClient) -> None:
    make_product(title="Cotton kurti, navy")
    make_product(title="Silk kurti", description="As blue as it gets.")
    answer = api.get(LIST, {"q": "neeli kurti"}).json()
    assert answer["count"] == 1
    assert answer["understood"] == [
        {
            "kind": "colour",
            "words": "neeli",
            "min_price": None,
            "max_price": None,
            "value": "blue",
            "is_applied": True,
        }
    ]
    literal = api.get(LIST, {"q": "neeli kurti", "as_typed": "colour"}).json()
    assert (literal["count"], literal["understood"]) == (2, [])


@pytest.mark.parametrize(
    ("price", "mrp"), [("499", "999"), ("1", "3"), ("333.33", "1000"), ("499", "499"), ("99.99", "100")]
)
def test_the_discount_is_that_of_the_pages(api: APIClient, price: str, mrp: str) -> None:
    product = make_product(price=price, mrp=mrp)
    (row,) = api.get(LIST).json()["results"]
    assert row["discount_percent"] == product.discount_percent


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"saree", "shirt", "bowl", "lamp", "diya"}),
        ("?q=brass", {"bowl", "lamp"}),
        ("?q=दीया", {"diya"}),
        ("?q=%00%E2%80%8B", 400),
        ("?q=", {"saree", "shirt", "bowl", "lamp", "diya"}),
        ("?category=clothes", {"saree", "shirt"}),
        ("?category=sarees", {"saree"}),
        ("?category=unheard-of", set()),
        ("?category=not%20a%20slug", set()),
        ("?min_price=499.50", {"saree", "shirt", "bowl"}),
        ("?max_price=499", {"lamp", "diya"}),
        ("?min_price=60&max_price=900", {"shirt", "bowl", "lamp"}),
        ("?min_price=900&max_price=60", {"shirt", "bowl", "lamp"}),
        ("?min_rating=4", {"saree", "shirt", "diya"}),
        ("?min_rating=4.5", {"saree"}),
        ("?in_stock=true", {"saree", "shirt", "lamp", "diya"}),
        ("?in_stock=false", {"saree", "shirt", "bowl", "lamp", "diya"}),
        ("?seller=asha", {"saree", "lamp"}),
        ("?seller=nobody", set()),
        ("?seller=999999999999999999999", set()),
        ("?tag=gift", {"saree", "bowl"}),
        ("?tag=silk&tag=gift", {"saree", "bowl"}),
        ("?brand=Kashi", {"saree", "lamp"}),
        ("?brand=Kashi&brand=Deccan&in_stock=1", {"saree", "lamp", "shirt"}),
        ("?q=brass&category=kitchen&seller=bina", {"bowl"}),
        ("?colour=red&utm_source=mail", {"saree", "shirt", "bowl", "lamp", "diya"}),
    ],
)
def test_every_filter(api: APIClient, shelf: dict[str, Product], query: str, expected: Any) -> None:
    answer = api.get(f"{LIST}{query}")
    if expected == 400:
        assert answer.status_code == 400
    else:
        found = answer.json()
        assert {row["id"] for row in found["results"]} == {shelf[name].pk for name in expected}
        assert found["count"] == len(expected)


def test_a_seller_is_named_by_id_too(api: APIClient, shelf: dict[str, Product]) -> None:
    assert set(titles(api, f"?seller={shelf['saree'].seller_id}")) == {"Silk saree", "Brass lamp"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?sort=newest", ["saree", "shirt", "bowl", "lamp", "diya"]),
        ("?sort=price", ["diya", "lamp", "bowl", "shirt", "saree"]),
        ("?sort=-price", ["saree", "shirt", "bowl", "lamp", "diya"]),
        ("?sort=rating", ["saree", "diya", "shirt", "bowl", "lamp"]),
        ("?sort=popular", ["shirt", "saree", "lamp", "diya", "bowl"]),
        ("?sort=relevance", ["shirt", "saree", "lamp", "diya", "bowl"]),
        ("", ["shirt", "saree", "lamp", "diya", "bowl"]),
        ("?q=brass&sort=-price", ["bowl", "lamp"]),
        ("?q=brass", ["lamp", "bowl"]),
    ],
)
def test_every_order(api: APIClient, shelf: dict[str, Product], query: str, expected: list[str]) -> None:
    assert titles(api, query) == [shelf[name].title for name in expected]


@pytest.mark.parametrize(
    ("query", "attr"),
    [
        ("min_price=abc", "min_price"),
        ("min_price=-1", "min_price"),
        ("max_price=1e3", "max_price"),
        ("min_rating=6", "min_rating"),
        ("min_rating=NaN", "min_rating"),
        ("in_stock=maybe", "in_stock"),
        ("sort=beauty", "sort"),
        ("page=0", "page"),
        ("page=one", "page"),
        ("page_size=101", "page_size"),
        ("page_size=0", "page_size"),
        ("cursor=abc", "cursor"),
        ("cursor=W10", "cursor"),
        ("sort=price&cursor=WzAsdHJ1ZSw2NywxNDRd", "cursor"),
        ("q=brass&cursor=WzAsMV0", "cursor"),
        (f"q={'x' * 201}", "q"),
        ("&".join(f"tag={n}" for n in range(21)), "tag"),
    ],
)
def test_what_is_malformed_is_named(api: APIClient, query: str, attr: str) -> None:
    answer = api.get(f"{LIST}?{query}")
    assert answer.status_code == 400
    body = answer.json()
    assert body["type"] == "validation_error"
    assert [error["attr"].partition(".")[0] for error in body["errors"]] == [attr]


def test_facets_count_what_each_choice_would_leave(api: APIClient, shelf: dict[str, Product]) -> None:
    facets = api.get(LIST, {"min_price": "60"}).json()["facets"]
    kitchen, clothes = shelf["lamp"].category, shelf["shirt"].category
    assert facets["categories"] == [
        {"id": clothes.pk, "slug": "clothes", "name": "Clothes", "count": 2},
        {"id": kitchen.pk, "slug": "kitchen", "name": "Kitchen", "count": 2},
    ]
    assert facets["price"] == [
        {"min_price": "0.00", "max_price": "499.99", "count": 3},
        {"min_price": "500.00", "max_price": "999.99", "count": 1},
        {"min_price": "2000.00", "max_price": "4999.99", "count": 1},
    ]
    assert facets["ratings"] == [
        {"min_rating": 4, "count": 2},
        {"min_rating": 3, "count": 3},
        {"min_rating": 2, "count": 3},
    ]
    assert facets["tags"] == [{"value": "gift", "count": 2}, {"value": "silk", "count": 1}]
    assert facets["brands"] == [{"value": "Kashi", "count": 2}, {"value": "Deccan", "count": 1}]


def test_facets_of_a_category_are_one_step_below(api: APIClient, shelf: dict[str, Product]) -> None:
    facets = api.get(LIST, {"category": "clothes"}).json()["facets"]
    assert [(step["slug"], step["count"]) for step in facets["categories"]] == [("sarees", 1)]


def walk(api: APIClient, address: str | None, link: str = "next") -> list[list[int]]:
    pages = []
    while address:
        answer = api.get(address).json()
        pages.append([row["id"] for row in answer["results"]])
        address = answer[link]
    return pages


@pytest.mark.parametrize("sort", ["newest", "price", "-price", "rating", "popular"])
@pytest.mark.parametrize("query", ["", "&category=clothes", "&in_stock=true", "&q=brass"])
def test_following_the_links_shows_every_product_once(
    api: APIClient, shelf: dict[str, Product], sort: str, query: str
) -> None:
    whole = [row["id"] for row in api.get(f"{LIST}?sort={sort}{query}").json()["results"]]
    there = walk(api, f"{LIST}?sort={sort}&page_size=2{query}")
    back = walk(api, f"{LIST}?sort={sort}&page_size=2&page={len(there)}{query}", "previous")
    assert [pk for page in there for pk in page] == whole
    assert back == there[::-1]


def test_links_carry_what_was_asked_and_a_place(api: APIClient, shelf: dict[str, Product]) -> None:
    answer = api.get(f"{LIST}?tag=gift&tag=silk&page_size=1&sort=newest").json()
    asked = parse_qs(urlsplit(answer["next"]).query)
    assert asked.pop("cursor")
    assert asked == {"tag": ["gift", "silk"], "page_size": ["1"], "sort": ["newest"], "page": ["2"]}
    relevance = api.get(f"{LIST}?q=brass&page_size=1").json()
    assert parse_qs(urlsplit(relevance["next"]).query) == {"q": ["brass"], "page_size": ["1"], "page": ["2"]}
    assert len(walk(api, relevance["next"])) == 1


def test_a_page_past_the_end_is_404(api: APIClient, shelf: dict[str, Product]) -> None:
    for query in ("?page=2", "?page=3&page_size=2&in_stock=1", "?q=brass&page=2", "?category=unheard-of&page=2"):
        answer = api.get(f"{LIST}{query}")
        assert answer.status_code == 404
        assert answer.json()["errors"][0]["detail"] == "There is no such page."


def test_pages_by_number_end_where_the_engine_ends(
    api: APIClient, shelf: dict[str, Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert api.get(f"{LIST}?page=999999").json()["errors"][0]["detail"] == "There is no such page."
    for module in (listing, reading, __import__("catalog.search.text", fromlist=["text"])):
        monkeypatch.setattr(module, "MAX_DEPTH", 4)
    answer = api.get(f"{LIST}?page=3&page_size=2")
    assert answer.status_code == 404
    assert answer.json()["errors"][0]["detail"].startswith("Pages by number end at 4 products.")


def test_links_go_on_where_page_numbers_end(
    api: APIClient, shelf: dict[str, Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (listing, __import__("catalog.search.text", fromlist=["text"])):
        monkeypatch.setattr(module, "MAX_DEPTH", 2)
    assert [len(page) for page in walk(api, f"{LIST}?sort=price&page_size=2")] == [2, 2, 1]
    assert len(walk(api, f"{LIST}?q=brass&page_size=1")) == 2


def test_an_empty_shop_is_an_empty_page(api: APIClient) -> None:
    answer = api.get(LIST).json()
    assert (answer["count"], answer["next"], answer["previous"], answer["results"]) == (0, None, None, [])


def statements(api: APIClient, address: str) -> int:
    cache.delete_pattern("search:*")
    forget_synonyms()  # each process reads them twice a minute
    with CaptureQueriesContext(connection) as captured:
        assert api.get(address).status_code == 200
    return len(captured)


def test_a_hundred_rows_cost_the_statements_of_one() -> None:
    seller = make_seller()
    category = make_category("Lamps")
    app = as_user(seller.user)
    make_image(make_product(title="Brass lamp", category=category, seller=seller))
    addresses = [f"{LIST}?page_size=100", f"{LIST}?q=lamp&page_size=100", f"{LIST}/my?page_size=100"]
    for address in addresses:
        app.get(address)
    few = [statements(app, f"{address}&unlike=before") for address in addresses]  # so that none is kept
    for _ in range(99):
        make_image(make_product(title="Brass lamp", category=category, seller=seller))
    few[1] -= 2  # what is found once only is looked for in other words too
    assert [statements(app, f"{address}&unlike=after") for address in addresses] == few
    assert len(app.get(f"{addresses[0]}&unlike=after").json()["results"]) == 100


def test_searches_count_with_those_of_the_pages(api: APIClient, client: Any, settings: Any) -> None:
    settings.SEARCHES = (3, 60)
    assert client.get("/search/?q=lamp").status_code == 200
    answer = api.get(f"{LIST}?q=lamp")
    assert (answer["RateLimit-Limit"], answer["RateLimit-Remaining"]) == ("3", "1")
    assert api.get(f"{LIST}/suggest?q=lamp").status_code == 200
    refused = api.get(f"{LIST}?q=bowl")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (429, "throttled")
    assert int(refused["Retry-After"]) <= 60
    assert api.get(LIST).status_code == 200, "a list without words is no search"
    assert api.get(f"{LIST}?q=lamp").status_code == 200, "what is kept costs nothing"


def test_what_is_typed_is_completed(api: APIClient, shelf: dict[str, Product]) -> None:
    rebuild_vocabulary()
    make_category("Saree pins")
    rows = api.get(f"{LIST}/suggest", {"q": "sar"}).json()
    assert {row["kind"] for row in rows} == {"query", "category", "product"}
    assert len(rows) <= 8
    for row in rows:
        assert row.keys() == ({"kind", "text"} if row["kind"] == "query" else {"kind", "text", "url"})
        if row["kind"] != "query":
            assert api.get(row["url"]).status_code == 200


@pytest.mark.parametrize("query", ["", "?q=", "?q=s", "?q=%20"])
def test_too_little_is_not_completed(api: APIClient, query: str) -> None:
    answer = api.get(f"{LIST}/suggest{query}")
    assert (answer.status_code, answer.json()) == (200, [])


def test_sellers_see_all_of_their_own(shelf: dict[str, Product]) -> None:
    seller = shelf["saree"].seller
    make_product(title="Old saree", seller=seller, status="archived")
    make_product(title="Sketch", seller=seller, status="draft", price=None)
    app = as_user(seller.user)
    answer = app.get(f"{LIST}/my").json()
    assert [(row["title"], row["status"]) for row in answer["results"]] == [
        ("Sketch", "draft"),
        ("Old saree", "archived"),
        ("Brass lamp", "active"),
        ("Silk saree", "active"),
    ]
    assert (answer["results"][0]["price"], answer["results"][0]["discount_percent"]) == (None, 0)
    drafts = app.get(f"{LIST}/my?status=draft").json()
    assert (drafts["count"], [row["title"] for row in drafts["results"]]) == (1, ["Sketch"])
    assert app.get(f"{LIST}/my?status=gone").status_code == 400
    assert [len(page) for page in walk(app, f"{LIST}/my?page_size=3")] == [3, 1]


def test_own_products_are_for_sellers(shelf: dict[str, Product], api: APIClient) -> None:
    assert api.get(f"{LIST}/my").status_code == 401
    assert as_user(make_user()).get(f"{LIST}/my").status_code == 403
    assert as_user(make_admin()).get(f"{LIST}/my").json()["results"] == []


def test_counts_of_long_lists_are_estimates_that_end_no_list(
    api: APIClient, shelf: dict[str, Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counts, "DENSE_SAMPLE", 0)
    assert len([pk for page in walk(api, f"{LIST}?page_size=2&sort=price") for pk in page]) == 5
    assert api.get(f"{LIST}?page_size=2&page=4").status_code == 404
