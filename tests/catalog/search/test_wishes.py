"""Prices and sizes that a text asks for, and what only looks like one."""

from decimal import Decimal

import pytest

from catalog.search import SearchRequest, SearchResult, find
from catalog.search.text import clean
from catalog.search.wishes import sizes, wish
from catalog.services import refresh_listing
from tests.catalog.search.shelf import shelve
from tests.factories import make_product, make_variant

pytestmark = pytest.mark.django_db


def asked(text: str, **wishes: object) -> SearchRequest:
    return wish(clean(SearchRequest(text=text, **wishes))).request


def search(text: str, **wishes: object) -> SearchResult:
    return find(SearchRequest(text=text, **wishes))


@pytest.mark.parametrize(
    ("text", "rest", "low", "high"),
    [
        ("kurti under 500", "kurti", None, 500),
        ("Kurti Below ₹1,000", "Kurti", None, 1000),
        ("saree upto 2k", "saree", None, 2000),
        ("saree up to rs. 2,500", "saree", None, 2500),
        ("under rs.300 book", "book", None, 300),
        ("shirt under 500/-", "shirt", None, 500),
        ("shoes less than 1000 rupees", "shoes", None, 1000),
        ("laptop under 1 lakh", "laptop", None, 100_000),
        ("headset price under 1000 only", "headset", None, 1000),
        ("toys under 99", "toys", None, 99),
        ("pens under ₹20", "pens", None, 20),
        ("shoes 500 to 800", "shoes", 500, 800),
        ("shoes ₹500-800", "shoes", 500, 800),
        ("watch between 2000 and 1000", "watch", 1000, 2000),
        ("bag above 500 below 1000", "bag", 500, 1000),
        ("phone above 15,000", "phone", 15_000, None),
        ("phone above 10k", "phone", 10_000, None),
        ("500 se kam ki kurti", "ki kurti", None, 500),
        ("₹500 ke andar shirt", "shirt", None, 500),
        ("chai 200 rs tak", "chai", None, 200),
        ("shirt 500 se 800", "shirt", 500, 800),
        ("watch 1000 se upar", "watch", 1000, None),
        ("साड़ी ५०० से कम", "साड़ी", None, 500),
        ("under 500", "", None, 500),
    ],
)
def test_price_words_are_a_filter(text: str, rest: str, low: int | None, high: int | None) -> None:
    request = asked(text)
    assert (request.text, request.min_price, request.max_price) == (rest, low, high)


@pytest.mark.parametrize(
    "text",
    [
        "pack under 2 kg",
        "iphone 15",
        "iphone 15 pro max 256",
        "tv upto 55 inch",
        "tv under 4k",
        "power bank over 20000 mah",
        "power bank above 20000mah",
        "under 19 cricket kit",
        "spf above 50",
        "ages 5 to 8",
        "diary 2026 to 2027",
        "baniyan size 95 to 100",
        "nokia 500-800",
        "ssd 512 to 1000 gb",
        "bottle up to 1 litre",
        "notebook under 200 pages",
        "dinner set above 1000 pieces",
        "vitamin c 1000",
        "model above 500x",
        "charger 2.4 to 1000.5.6",
    ],
)
def test_numbers_that_count_something_else_are_words(text: str) -> None:
    found = wish(clean(SearchRequest(text=text)))
    assert (found.request.text, found.understood) == (text, ())


@pytest.mark.parametrize(
    ("text", "rest", "size"),
    [
        ("kurta size xl", "kurta", "xl"),
        ("XXL kurta", "kurta", "xxl"),
        ("m size t-shirt", "t-shirt", "m"),
        ("t-shirt in size medium", "t-shirt", "m"),
        ("king size bedsheet", "bedsheet", "king"),
        ("uk 8 shoes", "shoes", "uk 8"),
        ("shoes size 8", "shoes", "uk 8"),
        ("belt size 34", "belt", "34"),
    ],
)
def test_size_words_are_a_filter(text: str, rest: str, size: str) -> None:
    request = asked(text)
    assert request.text == rest
    assert f"size:{size}" in request.options[0]


@pytest.mark.parametrize("text", ["size xl", "l shaped sofa", "medium spicy chips", "size 5 inch nails", "xlr cable"])
def test_what_only_looks_like_a_size_is_words(text: str) -> None:
    assert (asked(text).text, asked(text).options) == (text, ())


def test_the_same_size_has_several_names() -> None:
    assert set(sizes("XXL")) == set(sizes("2xl")) == {"xxl", "2xl"}
    assert sizes("UK 8") == sizes("uk8") == ("uk 8",)
    assert sizes("xl") == ("xl",)


def test_the_answer_says_what_was_understood() -> None:
    shelve({"title": "Cotton kurti", "price": 450}, {"title": "Silk kurti", "price": 900})
    result = search("kurti under 500")
    assert result.total == 1
    (understood,) = result.understood
    assert (understood.kind, understood.words, understood.max_price) == ("price", "under 500", Decimal(500))
    assert understood.is_applied
    assert [band.value.low for band in result.facets.prices] == [0, 500], "what other prices would find is counted"


def test_taken_as_typed_the_words_are_words() -> None:
    shelve({"title": "Cotton kurti", "price": 450}, {"title": "Under 500: kurti tales", "price": 900})
    result = search("kurti under 500", as_typed=("price",))
    assert (result.total, result.understood) == (2, ())
    assert result.product_ids[0] == max(result.product_ids)


def test_a_price_that_somebody_chose_says_more_than_words() -> None:
    shelve({"title": "Cotton kurti", "price": 450}, {"title": "Silk kurti", "price": 900})
    result = search("kurti under 500", min_price=Decimal(800))
    assert (result.total, result.understood) == (1, ())


def test_where_nothing_is_so_cheap_the_rest_of_the_text_is_found_and_that_is_said() -> None:
    shelve(
        {"title": "Cotton kurti", "price": 700}, {"title": "Silk kurti", "price": 900}, {"title": "Cup", "price": 99}
    )
    result = search("kurti under 500")
    assert result.total == 2
    assert [(each.words, each.is_applied) for each in result.understood] == [("under 500", False)]


def test_a_filter_that_leaves_nothing_gives_no_price_up() -> None:
    shelve(
        {"title": "Cotton kurti", "price": 450, "brand": "Asha"},
        {"title": "Silk kurti", "price": 900, "brand": "Bodhi"},
    )
    result = search("kurti under 500", brands=("Bodhi",))
    assert result.total == 0
    assert result.understood[0].is_applied


def test_a_size_is_that_of_a_variant() -> None:
    small, large = make_product(title="Khadi kurta"), make_product(title="Linen kurta")
    make_variant(small, name="S", attributes={"Size": "S"})
    make_variant(large, name="XL (44)", attributes={"size": "XL (44)"})
    make_variant(large, name="M", attributes={"Size": "M"}, is_active=False)
    refresh_listing([small.pk, large.pk])
    assert search("kurta size xl").product_ids == (large.pk,)
    assert search("kurta size s").product_ids == (small.pk,)
    result = search("kurta size m")
    assert {*result.product_ids} == {small.pk, large.pk}
    assert not result.understood[0].is_applied
