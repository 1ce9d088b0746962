import json
import re
from decimal import Decimal
from html import unescape

import pytest

from catalog import search
from catalog.search.types import PRICE_BANDS, FacetCount, Facets, Relaxed, SearchResult, Understood
from tests.factories import make_category, make_image, make_product, make_seller, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def engine(monkeypatch):
    """A search engine that keeps what it was asked and answers what the test says."""

    class Engine:
        answer = SearchResult()

        def find(self, request):
            self.asked = request
            return self.answer

    engine = Engine()
    monkeypatch.setattr(search, "find", engine.find)
    return engine


def html(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def text(response) -> str:
    markup = re.sub(r"(?s)<(script|style|head).*?</\1>", " ", html(response))
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def links(response) -> dict[str, str]:
    """Address by what the link says."""
    found = re.findall(r'(?s)<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', html(response))
    return {" ".join(re.sub(r"<[^>]+>", " ", said).split()): unescape(address) for address, said in found}


# What is shown


def test_a_category_shows_its_products_and_those_below(client):
    root = make_category("Fashion")
    make_product(title="Silk stole", category=root)
    make_product(title="Indigo kurta", category=make_category("Kurtas", root))
    make_product(title="Steel kadai", category=make_category("Cookware"))

    shown = text(client.get("/c/fashion/"))

    assert "Silk stole" in shown
    assert "Indigo kurta" in shown
    assert "Steel kadai" not in shown
    assert "2 products" in shown


def test_a_category_that_does_not_exist_is_404(client):
    assert client.get("/c/nowhere/").status_code == 404


def test_search_finds_by_words(client):
    make_product(title="Steel kadai")
    make_product(title="Indigo kurta")

    shown = text(client.get("/search/?q=kadai"))

    assert "Results for “kadai”" in shown
    assert "Steel kadai" in shown
    assert "Indigo kurta" not in shown


def test_a_sellers_products_have_a_page(client, engine):
    seller = make_seller(shop_name="Jaipur Loom", slug="jaipur-loom")

    assert "Jaipur Loom" in text(client.get("/search/?seller=jaipur-loom"))
    assert engine.asked.seller_id == seller.pk


# What is asked


def test_the_address_becomes_the_request(client, engine):
    category = make_category("Kurtas")

    client.get(
        "/search/?q=cotton+kurta&category=kurtas&min_price=200&max_price=999&rating=4&in_stock=1"
        "&tag=handmade&tag=gift&brand=Aranya&sort=-price&page=3"
    )

    asked = engine.asked
    assert (asked.text, asked.category_ids, asked.min_rating, asked.in_stock) == (
        "cotton kurta",
        (category.pk,),
        4,
        True,
    )
    assert (asked.min_price, asked.max_price) == (Decimal(200), Decimal("999.99"))
    assert (asked.tags, asked.brands, asked.sort, asked.page) == (("handmade", "gift"), ("Aranya",), "-price", 3)


@pytest.mark.parametrize(
    "query",
    [
        "page=x", "page=0", "page=-1", "page=99999999999999", "min_price=abc", "min_price=-5", "max_price=1e9999",
        "max_price=NaN", "rating=9", "rating=x", "sort=DROP", "tag=%00", "q=%00", "q=" + "a" * 5000,
        "seller=%F0%9F%98%80", "category=../..", "in_stock=maybe",
        "brand=" + "&brand=".join("abcdefghijklmnopqrstuvwxyz"), "q=%ff%fe", "%00=%00",
    ],
)  # fmt: skip
def test_parameters_that_make_no_sense_count_as_not_given(client, query):
    make_category("Kurtas")
    make_product()

    assert client.get(f"/search/?{query}").status_code == 200
    assert client.get(f"/c/kurtas/?{query}").status_code == 200
    assert client.get(f"/search/suggest/?{query}").status_code == 200


def test_a_range_the_wrong_way_round_is_turned(client, engine):
    client.get("/search/?min_price=900&max_price=100")

    assert (engine.asked.min_price, engine.asked.max_price) == (Decimal(100), Decimal("900.99"))


def test_a_category_page_takes_no_text(client, engine):
    make_category("Kurtas")
    client.get("/c/kurtas/?q=kadai")

    assert engine.asked.text == ""


# Filters


@pytest.fixture
def filtered(client, engine):
    root = make_category("Fashion")
    kurtas = make_category("Kurtas", root)
    sarees = make_category("Sarees", root)
    engine.answer = SearchResult(
        product_ids=(make_product(category=kurtas).pk,),
        total=1,
        facets=Facets(
            categories=(FacetCount(kurtas.pk, 7), FacetCount(sarees.pk, 5)),
            prices=(FacetCount(PRICE_BANDS[0], 3), FacetCount(PRICE_BANDS[1], 2), FacetCount(PRICE_BANDS[4], 1)),
            ratings=(FacetCount(4, 6),),
            tags=(FacetCount("handmade", 4),),
            brands=(FacetCount("Aranya & Sons", 2),),
        ),
    )
    return engine


def test_facets_show_what_each_choice_would_find(client, filtered):
    shown = text(client.get("/c/fashion/"))

    for choice in ("Kurtas 7", "Sarees 5", "Up to ₹499 3", "₹500 – ₹999 2", "From ₹5,000 1", "4 stars and up 6",
                   "handmade 4", "Aranya & Sons 2"):  # fmt: skip
        assert choice in shown


def test_categories_add_up_what_is_below_them(client, filtered):
    assert "Fashion 12" in text(client.get("/search/"))


def test_links_of_facets_keep_the_other_filters(client, filtered):
    by_text = links(client.get("/c/fashion/?rating=4&utm_source=mail"))

    assert by_text["Kurtas 7"] == "/c/kurtas/?rating=4"
    assert by_text["₹500 – ₹999 2"] == "/c/fashion/?min_price=500&max_price=999&rating=4"
    assert links(client.get("/search/?q=silk"))["Fashion 12"] == "/search/?q=silk&category=fashion"


def test_each_active_filter_is_a_chip_that_takes_it_away(client, filtered):
    by_text = links(client.get("/search/?q=silk&category=kurtas&min_price=500&tag=handmade&tag=gift&in_stock=1"))

    without = {said.removeprefix("Remove filter "): url for said, url in by_text.items() if said.startswith("Remove")}
    assert without == {
        "Kurtas": "/search/?q=silk&min_price=500&in_stock=1&tag=handmade&tag=gift",
        "From ₹500": "/search/?q=silk&category=kurtas&in_stock=1&tag=handmade&tag=gift",
        "In stock": "/search/?q=silk&category=kurtas&min_price=500&tag=handmade&tag=gift",
        "handmade": "/search/?q=silk&category=kurtas&min_price=500&in_stock=1&tag=gift",
        "gift": "/search/?q=silk&category=kurtas&min_price=500&in_stock=1&tag=handmade",
    }
    assert by_text["Clear all"] == "/search/?q=silk"


def test_the_chosen_band_takes_itself_back(client, filtered):
    response = client.get("/search/?min_price=500&max_price=999")

    assert 'aria-current="true">₹500 – ₹999' in html(response)
    assert links(response)["₹500 – ₹999 2"] == "/search/"


def test_what_was_chosen_is_still_chosen(client, filtered):
    page = html(client.get("/search/?q=silk&rating=4&brand=Aranya+%26+Sons&in_stock=1&sort=newest&max_price=750.50"))

    assert re.search(r'name="rating" value="4" checked', page)
    assert re.search(r'name="brand" value="Aranya &amp; Sons" checked', page)
    assert re.search(r'name="in_stock" value="1" checked', page)
    assert '<option value="newest" selected>' in page
    assert 'name="max_price" value="750.5' in page
    assert '<input type="hidden" name="q" value="silk">' in page


# Pages


def test_pages_are_links_and_say_so_to_machines(client, engine):
    make_category("Kurtas")
    engine.answer = SearchResult(product_ids=(make_product().pk,), total=60, page=2)

    page = html(client.get("/c/kurtas/?page=2&in_stock=1"))

    assert '<link rel="prev" href="/c/kurtas/?in_stock=1">' in page
    assert '<link rel="next" href="/c/kurtas/?in_stock=1&amp;page=3">' in page
    assert '<link rel="canonical" href="http://127.0.0.1:8000/c/kurtas/?page=2">' in page
    assert "page 2 of 3" in page


def test_a_page_that_does_not_exist_shows_the_last_one(client, engine):
    engine.answer = SearchResult(product_ids=(make_product().pk,), total=30, page=2)

    assert "page 2 of 2" in html(client.get("/search/?page=40"))


def test_many_results_are_told_as_at_least(client, engine):
    engine.answer = SearchResult(product_ids=(make_product().pk,), total=1000, total_is_exact=False)

    assert "1000+ products" in text(client.get("/search/"))


def test_search_pages_are_not_for_search_engines_but_category_pages_are(client):
    make_category("Kurtas")

    assert '<meta name="robots" content="noindex, follow">' in html(client.get("/search/?q=x"))
    assert "noindex" not in html(client.get("/c/kurtas/"))


def test_a_category_tells_search_engines_where_it_is(client):
    make_category("Kurtas", make_category("Fashion"))
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html(client.get("/c/kurtas/")))

    assert [step["name"] for step in json.loads(data)["itemListElement"]] == ["Home", "Fashion", "Kurtas"]


# htmx


def test_htmx_gets_the_results_and_fresh_filters(client, filtered):
    response = client.get(
        "/c/fashion/?min_price=&rating=4&sort=popular", headers={"HX-Request": "true", "HX-Target": "results"}
    )

    page = html(response)
    assert page.lstrip().startswith('<section id="results"')
    assert 'hx-swap-oob="innerHTML:#filters"' in page
    assert 'hx-swap-oob="innerHTML:#results-status"' in page
    assert "<html" not in page
    assert response["HX-Push-Url"] == "/c/fashion/?rating=4"


# Nothing found


def test_nothing_found_helps_on(client):
    make_product(title="Steel kadai")

    shown = text(client.get("/search/?q=qqqqq&in_stock=1"))

    assert "No product matches “qqqqq”" in shown
    assert "Check the spelling" in shown
    assert "Take away a filter" in shown
    assert "Popular right now" in shown
    assert "Steel kadai" in shown


def test_what_was_relaxed_is_said(client, engine):
    ids = (make_product().pk,)
    engine.answer = SearchResult(ids, total=1, suggestion="kurta", relaxed=Relaxed.SPELLING)
    assert "Showing results for “kurta”" in text(client.get("/search/?q=kurtaa"))

    engine.answer = SearchResult(ids, total=1, relaxed=Relaxed.ANY_WORD)
    assert "Few products match every word" in text(client.get("/search/?q=kurta+green"))


def test_hostile_words_stay_words(client):
    attack = '"><script>alert(1)</script>'
    make_product()

    for name in ("q", "tag", "brand", "seller", "category", "min_price"):
        assert attack not in html(client.get("/search/", {name: attack}))
        assert attack not in html(client.get("/search/suggest/", {name: attack}))


def test_whoever_searches_like_a_machine_is_asked_to_wait(client, settings):
    settings.SEARCHES = (2, 60)
    make_category("Kurtas")
    for url in ("/search/?q=a", "/search/suggest/?q=ab"):
        assert client.get(url).status_code == 200

    for url in ("/search/?q=a", "/search/suggest/?q=ab"):
        response = client.get(url)
        assert response.status_code == 429
        assert int(response["Retry-After"]) > 0
    assert client.get("/c/kurtas/").status_code == 200
    client.force_login(make_user())
    assert client.get("/search/?q=a").status_code == 200


def test_without_redis_one_can_still_search(client, settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    make_product(title="Steel kadai")

    assert "Steel kadai" in text(client.get("/search/?q=kadai"))


# Typing


def test_typing_suggests(client):
    make_category("Kurtas")

    response = client.get("/search/suggest/?q=ku")

    assert 'role="option"' in html(response)
    assert links(response)["Kurtas in Categories"] == "/c/kurtas/"


def test_a_suggested_query_leads_to_its_results(client, monkeypatch):
    monkeypatch.setattr(search, "suggest", lambda text: [search.Suggestion("query", "steel & glass")])

    assert (
        links(client.get("/search/suggest/?q=st"))["steel & glass".replace("&", "&amp;")]
        == "/search/?q=steel+%26+glass"
    )


@pytest.mark.parametrize("typed", ["", "k", " k "])
def test_one_letter_suggests_nothing(client, typed):
    make_category("Kurtas")

    assert html(client.get("/search/suggest/", {"q": typed})).strip() == ""


# Queries


@pytest.mark.parametrize("people", ["visitor", "buyer"])
def test_the_number_of_queries_does_not_grow(client, engine, django_assert_num_queries, people):
    category = make_category("Kurtas")
    if people == "buyer":
        client.force_login(make_user())
    for products in (1, 10):
        ids = []
        for _ in range(products):
            product = make_product(category=category)
            make_image(product)
            ids.append(product.pk)
        engine.answer = SearchResult(product_ids=tuple(ids), total=len(ids))
        for url in ("/c/kurtas/", "/search/?q=bottle"):
            client.get(url)
            with django_assert_num_queries(2 + 2 * (people == "buyer")):
                client.get(url)


@pytest.mark.parametrize("url", ["/c/kurtas/", "/search/?q=bottle&in_stock=1"])
def test_the_real_engine_asks_no_more_for_more_products(client, django_assert_max_num_queries, url):
    category = make_category("Kurtas")
    make_product(category=category)
    client.get(url)
    with django_assert_max_num_queries(20) as few:
        client.get(url)
    for _ in range(9):
        make_product(category=category, tags=["gift"], brand="Aranya")
    with django_assert_max_num_queries(len(few)):
        client.get(url)


# What the text asks for


def test_a_price_in_the_text_is_a_chip_that_can_be_taken_away(client):
    make_product(title="Cotton kurti", price=450)
    make_product(title="Silk kurti", price=900)

    response = client.get("/search/?q=kurti+under+500&brand=")
    shown, by_text = text(response), links(response)

    assert "Cotton kurti" in shown
    assert "Silk kurti" not in shown
    assert by_text["Remove filter Up to ₹500"] == "/search/?q=kurti+under+500&as_typed=price"
    literal = client.get(by_text["Remove filter Up to ₹500"])
    assert "Remove filter" not in text(literal)
    assert "Silk kurti" in text(literal)
    assert '<input type="hidden" name="as_typed" value="price">' in html(literal)


def test_a_size_in_the_text_is_a_chip(client, engine):
    engine.answer = SearchResult((make_product().pk,), total=1, understood=(Understood("size", "size xl", value="XL"),))
    by_text = links(client.get("/search/?q=kurta+size+xl&as_typed=price&as_typed=nonsense"))

    assert engine.asked.as_typed == ("price",)
    assert by_text["Remove filter Size XL"] == "/search/?q=kurta+size+xl&as_typed=price&as_typed=size"


def test_a_colour_in_the_text_is_a_chip_that_can_be_taken_away(client):
    make_product(title="Cotton dupatta, red", price=450)
    make_product(title="Silk dupatta", description="Goes with red.")

    response = client.get("/search/?q=lal+dupatta")
    shown, by_text = text(response), links(response)

    assert "Silk dupatta" not in shown
    assert by_text["Remove filter Colour: red"] == "/search/?q=lal+dupatta&as_typed=colour"
    literal = client.get(by_text["Remove filter Colour: red"])
    assert "Remove filter" not in text(literal)
    assert "Silk dupatta" in text(literal)


def test_a_price_at_which_there_is_nothing_is_given_up_and_that_is_said(client):
    make_product(title="Cotton kurti", price=700)

    shown = text(client.get("/search/?q=kurti+under+500"))

    assert "Nothing here is “under 500”." in shown
    assert "Cotton kurti" in shown
    assert "Remove filter" not in shown


def test_a_corrected_text_can_be_searched_as_it_was_typed(client, engine):
    engine.answer = SearchResult((make_product().pk,), total=1, suggestion="kurta", relaxed=Relaxed.SPELLING)
    response = client.get("/search/?q=kurtaa")

    assert "Showing results for “kurta”." in text(response)
    assert links(response)["Search for exactly “kurtaa”"] == "/search/?q=kurtaa&as_typed=spelling"


def test_words_that_were_looked_for_stand_out_in_titles_and_titles_stay_as_they_are(client):
    make_product(title="Cotton <b>kurtas</b> & more")
    make_product(title="Brass kurta stand")

    page = html(client.get("/search/?q=kurta"))

    assert "Brass <mark>kurta</mark> stand" in page
    assert "<b>" not in page
    assert "&lt;b&gt;" in page


def test_nothing_found_names_the_nearest_categories(client):
    make_product(category=make_category("Jewellery"))

    assert links(client.get("/search/?q=jewelxerry"))["Jewellery"] == "/c/jewellery/"
