"""Colours that a text asks for, what only sounds like one, and which products have them."""

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.models import Product, SearchSynonym
from catalog.search import SearchRequest, SearchResult, find
from catalog.search.colours import colours, colours_of
from catalog.search.synonyms import forget_synonyms
from catalog.search.text import clean
from catalog.search.wishes import wish
from catalog.services import refresh_listing
from tests.catalog.search.shelf import shelve
from tests.factories import make_product, make_variant

pytestmark = pytest.mark.django_db


def search(text: str, **wishes: object) -> SearchResult:
    return find(SearchRequest(text=text, **wishes))


@pytest.mark.parametrize(
    ("text", "rest", "colour"),
    [
        ("red dupatta", "dupatta", "red"),
        ("Dupatta, RED", "Dupatta,", "red"),
        ("lal dupatta", "dupatta", "red"),
        ("लाल दुपट्टा", "दुपट्टा", "red"),
        ("नीली साड़ी", "साड़ी", "blue"),
        ("red colour dupatta", "dupatta", "red"),
        ("dupatta colour red", "dupatta", "red"),
        ("dupatta in colour: red", "dupatta in", "red"),
        ("lal rang ki saree", "ki saree", "red"),
        ("red wala kurta", "wala kurta", "red"),
        ("gray t-shirt", "t-shirt", "grey"),
        ("navy shirt", "shirt", "navy"),
        ("navy blue shirt", "shirt", "navy"),
        ("maroon red saree", "saree", "maroon"),
        ("sky blue shirt", "shirt", "sky blue"),
        ("off-white kurta", "kurta", "off white"),
        ("olive green kurta", "olive kurta", "green"),
        ("red or blue kurta", "kurta", "red or blue"),
        ("lal ya neela kurta", "kurta", "red or blue"),
        ("red colour pencil", "colour pencil", "red"),
        ("hair colour black", "hair colour", "black"),
        ("black green tea mug", "green tea mug", "black"),
    ],
)
def test_colours_are_a_filter(text: str, rest: str, colour: str) -> None:
    found = wish(clean(SearchRequest(text)))
    assert (found.request.text, [each.value for each in found.understood]) == (rest, [colour])


@pytest.mark.parametrize(
    "text",
    [
        "red",
        "red colour",
        "lal wala",
        "orange juice",
        "gold ring",
        "cream",
        "rose sharbat",
        "mint chutney",
        "green tea",
        "Green-Teas",
        "black pepper",
        "brown rice 5kg",
        "white board marker",
        "red bull",
        "blue star ac",
        "blue-tooth speaker",
        "black & decker drill",
        "kala namak",
        "lal mirch",
        "काली मिर्च",
        "black forest cake",
        "white noise machine",
        "blue topaz ring",
        "red and blue shirt",
        "black white saree",
        "red/blue shirt",
        "redmi phone",
        "blackberry jam",
        "लालटेन तेल",
    ],
)
def test_what_only_sounds_like_a_colour_or_names_several_is_words(text: str) -> None:
    found = wish(clean(SearchRequest(text)))
    assert (found.request.text, found.understood) == (text, ())


def test_what_staff_write_as_a_name_is_no_colour() -> None:
    assert wish(SearchRequest("pink box hamper")).understood
    SearchSynonym.objects.create(line="pink box, pinkbox")
    forget_synonyms()
    assert not wish(SearchRequest("pink box hamper")).understood


def test_price_size_and_colour_are_understood_together() -> None:
    asked = wish(clean(SearchRequest("red kurta size xl under 500")))
    assert asked.request.text == "kurta"
    assert asked.kinds == {"price", "size", "colour"}
    size, colour = asked.request.options
    assert size == ("size:xl",)
    assert {"colour:red", "colour:lal", "colour:maroon", "colour:wine"} <= {*colour}


def test_a_colour_finds_its_shades_and_a_shade_itself() -> None:
    plain, navy, teal, _ = shelve(
        {"title": "Shirt one", "options": ["colour:blue"]},
        {"title": "Shirt two", "options": ["colour:navy"]},
        {"title": "Shirt three", "options": ["colour:teal"]},
        {"title": "Shirt four", "options": ["colour:red", "size:m"]},
    )
    assert {*search("blue shirt").product_ids} == {*search("neeli shirt").product_ids} == {plain.pk, navy.pk, teal.pk}
    assert search("green shirt").product_ids == (teal.pk,)
    (understood,) = search("navy blue shirt").understood
    assert (understood.kind, understood.words, understood.value) == ("colour", "navy blue", "navy")
    assert search("navy blue shirt").product_ids == (navy.pk,)
    assert search("navy or green shirt").total == 2


def test_taken_as_typed_a_colour_is_a_word() -> None:
    _, named = shelve({"title": "Cotton kurti", "options": ["colour:red"]}, {"title": "Red kurti tales"})
    result = search("red kurti", as_typed=("colour",))
    assert (result.product_ids[0], result.understood) == (named.pk, ())


def test_where_nothing_is_of_a_colour_it_is_a_word() -> None:
    balm, *_ = shelve(
        {"title": "Lip balm", "description": "Red sandalwood inside"},
        {"title": "Soft lip brush"},
        {"title": "Soft towel", "options": ["colour:red"]},
    )
    result = search("red lip balm")
    assert (result.product_ids[0], result.understood) == (balm.pk, ())
    assert search("red soft balm").understood == (), "what has only some of the words is no reason to keep to a colour"


def test_a_colour_that_nothing_has_leaves_the_price() -> None:
    shelve({"title": "Red fort lamp", "price": 400}, {"title": "Fort lamp", "price": 900})
    result = search("red lamp under 500")
    assert result.total == 1
    assert [(each.kind, each.is_applied) for each in result.understood] == [("price", True)]


def test_a_filter_that_leaves_nothing_gives_no_colour_up() -> None:
    shelve(
        {"title": "Cotton kurti", "options": ["colour:red"], "brand": "Asha"},
        {"title": "Red kurti tales", "brand": "Bodhi"},
    )
    result = search("red kurti", brands=("Bodhi",))
    assert (result.total, len(result.understood)) == (0, 1)


def test_the_rest_of_the_text_is_spelled_and_widened_as_ever() -> None:
    call_command("refresh_listings")
    silk, *_ = shelve(
        {"title": "Silk kurta", "options": ["colour:red"]},
        {"title": "Cotton kurta", "options": ["colour:red"]},
        {"title": "Linen kurta", "options": ["colour:blue"]},
    )
    result = search("red silk kurta")
    assert (result.product_ids[0], result.total, result.relaxed) == (silk.pk, 2, "any_word")


@pytest.mark.parametrize(
    ("title", "colour", "expected"),
    [
        ("Leather Belt, Brown", {}, {"brown"}),
        ("Jamdani Saree, Grey & Indigo", {}, {"grey", "indigo"}),
        ("Bone-White Dinner Set with Blue Rim", {}, {"white", "blue"}),
        ("Silver Ring with Blue Topaz", {}, set()),
        ("Green Teas and Black Tea, Wine Rack", {}, set()),
        ("Kurta", {"Colour": "Bottle Green"}, {"green"}),
        ("Kurta", {"COLOR": "Navy Blue"}, {"navy", "blue"}),
        ("Kurta", {"Colours": "Teal, sand/white"}, {"teal", "sand", "white"}),
        ("Emerald Saree", {"colour": "Emerald"}, {"emerald"}),
        ("Emerald Saree", {"Stone": "Red"}, set()),
        ("लाल साड़ी", {}, {"लाल"}),
    ],
)
def test_products_say_their_colours(title: str, colour: dict[str, str], expected: set[str]) -> None:
    of_variant, of_product = make_product(title=title), make_product(title=title, attributes=colour)
    make_variant(of_variant, name="One", attributes=colour)
    refresh_listing([of_variant.pk, of_product.pk])
    for product in (of_variant, of_product):
        product.refresh_from_db()
        assert set(product.options) == {f"colour:{each}" for each in expected}


def test_sizes_and_colours_are_those_of_variants_on_sale_and_of_tags() -> None:
    product = make_product(title="Kurta", tags=["festive", "white"])
    make_variant(product, name="A", attributes={"Size": "XL (44)", "Colour": "Red"})
    gone = make_variant(product, name="B", attributes={"size": " M ", "Colour": "Blue"}, is_active=False)
    refresh_listing([product.pk])
    product.refresh_from_db()
    assert product.options == ["colour:red", "colour:white", "size:xl"]
    gone.is_active = True
    gone.save()
    Product.objects.filter(pk=product.pk).update(options=[])
    call_command("refresh_listings")
    product.refresh_from_db()
    assert product.options == ["colour:blue", "colour:red", "colour:white", "size:m", "size:xl"]


NAMES = sorted({name for names in colours().finds.values() for name in names} | colours().other_things)
said = st.lists(st.sampled_from([*NAMES, "tea", "kurta", "Teas", "·"]), max_size=6).flatmap(
    lambda words: st.sampled_from([" ", "-", ", ", " & "]).map(lambda between: between.join(words).title())
)


@settings(max_examples=30, deadline=None)
@given(title=said, tags=st.lists(said.map(lambda text: text[:40]), max_size=2), value=said)
def test_python_and_postgresql_see_the_same_colours(title: str, tags: list[str], value: str) -> None:
    (product,) = shelve({"title": title[:200], "tags": tags, "attributes": {"Colour": value}})
    refresh_listing([product.pk])
    product.refresh_from_db()
    expected = colours_of([product.title, *tags], [value])
    product.delete()
    assert set(product.options) == {f"colour:{each}" for each in expected}
