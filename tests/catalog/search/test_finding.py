"""What a text finds, and what is said about it."""

from decimal import Decimal

import pytest

from catalog.models import Product
from catalog.search import Relaxed, SearchRequest, SearchResult, find
from catalog.tasks import rebuild_vocabulary
from tests.catalog.search.shelf import shelve

pytestmark = pytest.mark.django_db


def search(text: str, **wishes: object) -> SearchResult:
    return find(SearchRequest(text=text, **wishes))


def titles(result: SearchResult) -> list[str]:
    names = dict(Product.objects.values_list("pk", "title"))
    return [names[pk] for pk in result.product_ids]


def found(text: str, **wishes: object) -> list[str]:
    return titles(search(text, **wishes))


def test_all_words_are_asked_for() -> None:
    shelve("Brass lantern", "Brass bowl", "Clay lantern", *["Brass lantern with handle"] * 9)
    result = search("brass lantern")
    assert result.total == 10
    assert result.relaxed == Relaxed.NOTHING


def test_products_that_are_not_listed_are_not_found() -> None:
    shelve({"title": "Brass lantern", "is_listed": False})
    assert search("brass lantern").total == 0
    assert find(SearchRequest()).total == 0


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("haldi", "Turmeric powder 200 g"),
        ("हल्दी", "Turmeric powder 200 g"),
        ("bhindi", "Fresh okra, half a kilo"),
        ("lady fingers", "Fresh okra, half a kilo"),
        ("pyaz", "Red onions"),
        ("saree", "Banarasi silk sari"),
        ("chappal", "Rubber slippers"),
        ("mobail cover", "Back cover for phones"),
        ("tshirt", "Men's Round Neck T-Shirt"),
        ("t shirt", "Men's Round Neck T-Shirt"),
        ("tee", "Men's Round Neck T-Shirt"),
        ("kadai", "Iron kadhai 24 cm"),
        ("diaper", "Baby nappies, pack of 40"),
        ("atta", "Whole wheat flour"),
        ("daal", "Toor pulses"),
        ("arhar dal", "Toor dal 1 kg"),
        ("कुर्ती", "Floral kurti"),
    ],
)
def test_shoppers_words_find_the_shops_words(text: str, title: str) -> None:
    shelve(title, "Something else entirely")
    assert found(text) == [title]


@pytest.mark.parametrize("stored", ["Basmati rice 5kg", "Basmati rice 5 kg", "Basmati rice, 5 Kilograms"])
@pytest.mark.parametrize("text", ["rice 5kg", "5 kg rice", "rice 5kilo"])
def test_measures_match_however_both_sides_write_them(text: str, stored: str) -> None:
    shelve(stored, "Basmati rice 1 kg", *["Basmati rice 10 kg"] * 10)
    assert found(text)[0] == stored


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("face wash", "Neem Facewash"),
        ("ear phones", "Wired earphones"),
        ("anti dandruff", "Anti-Dandruff Shampoo"),
        ("antidandruff", "Anti Dandruff Shampoo"),
        ("blue kurta", "Kurta, red/blue"),
        ("5 years", "Puzzle for ages 3-5 years"),
        ("reddys balm", "Dr.Reddy's balm"),
        ("galaxy15", "Galaxy 15 glass"),
    ],
)
def test_words_joined_or_split_are_the_same_words(text: str, title: str) -> None:
    shelve(title, "Something else entirely")
    rebuild_vocabulary()
    assert found(text) == [title]


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("herbl shampoo", "herbal shampoo"),
        ("gutar", "guitar"),
        ("puzle", "puzzle"),
        ("runing shoes", "running shoes"),
        ("wireles headfone", "wireless headphone"),
        ("hadli", "haldi"),
    ],
)
def test_slips_of_the_finger_are_corrected_and_said(text: str, read_as: str) -> None:
    shelve("Herbal shampoo", "Acoustic guitar", "Wooden puzzle", "Running shoes", "Wireless headphone", "Turmeric")
    rebuild_vocabulary()
    result = search(text)
    assert result.suggestion == read_as
    assert result.relaxed == Relaxed.SPELLING
    assert titles(result) == found(read_as)
    assert len(titles(result)) == 1


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("waterbotle", "water bottle"),
        ("watrbottle", "water bottle"),
        ("steel waterbotle", "steel water bottle"),
        ("watercattle", ""),
        ("bandwatr", ""),
    ],
)
def test_words_joined_with_a_slip_in_one_are_two_words_that_stand_together_somewhere(text: str, read_as: str) -> None:
    shelve("Steel water bottle", "Face wash", "Battle of the bands")
    rebuild_vocabulary()
    assert search(text).suggestion == read_as


@pytest.mark.parametrize("text", ["zxqw flurb", "flurb"])
def test_a_short_word_with_two_slips_is_another_word(text: str) -> None:
    shelve("Flush tea")
    rebuild_vocabulary()
    result = search(text)
    assert (result.suggestion, result.total) == ("", 0)


def test_what_the_typed_text_does_find_stays() -> None:
    shelve("Kurtaa, odd one", *["Cotton kurta"] * 12, *["Silk kurta"] * 60)
    rebuild_vocabulary()
    result = search("kurtaa", page_size=100)
    assert result.suggestion == "kurta"
    assert "Kurtaa, odd one" in titles(result)
    assert result.total == 73


def test_known_words_and_synonyms_are_never_corrected() -> None:
    shelve("Kaju", *["Kajal"] * 30)
    rebuild_vocabulary()
    result = search("kaju")
    assert (result.suggestion, result.relaxed) == ("", Relaxed.NOTHING)
    assert titles(result) == ["Kaju"]


def test_nothing_is_read_anew_when_enough_is_found() -> None:
    shelve(*["Teh tarik mug"] * 10, *["Tea pot"] * 90)
    rebuild_vocabulary()
    result = search("teh tarik")
    assert (result.total, result.suggestion) == (10, "")


def test_with_too_few_hits_products_with_some_of_the_words_follow() -> None:
    shelve("Brass lantern", "Brass bowl", "Clay lantern", "Bamboo stool")
    result = search("brass lantern")
    assert titles(result)[0] == "Brass lantern"
    assert {*titles(result)[1:]} == {"Brass bowl", "Clay lantern"}
    assert result.relaxed == Relaxed.ANY_WORD


def test_a_word_that_nothing_has_is_left_out_first() -> None:
    shelve(*["Brass lantern"] * 10, *["Brass bowl"] * 5)
    result = search("brass xyzzy lantern")
    assert (result.total, result.relaxed) == (10, Relaxed.ANY_WORD)


def test_by_price_products_with_some_of_the_words_do_not_come_in_between() -> None:
    shelve({"title": "Brass lantern", "price": 900}, {"title": "Brass bowl", "price": 100})
    assert found("brass lantern", sort="price") == ["Brass lantern"]
    assert found("brass xyzzy", sort="price") == ["Brass bowl", "Brass lantern"]


def test_a_filter_that_leaves_little_relaxes_nothing() -> None:
    shelve(
        {"title": "Brass lantern", "brand": "Asha"}, *["Brass lantern"] * 9, {"title": "Brass bowl", "brand": "Asha"}
    )
    result = search("brass lantern", brands=("Asha",))
    assert titles(result) == ["Brass lantern"]
    assert result.relaxed == Relaxed.NOTHING


@pytest.mark.parametrize("text", ["!!!", "the", "for the and", "😀", "-", "'", "\\"])
def test_a_text_without_words_finds_nothing(text: str) -> None:
    shelve("The lantern")
    result = search(text)
    assert (result.total, result.product_ids, result.page) == (0, (), 1)


def test_no_text_is_the_whole_shop_best_sellers_first_and_sold_out_last() -> None:
    shelve(
        {"title": "Slow", "units_sold": 1},
        {"title": "Fast", "units_sold": 100},
        {"title": "Gone", "units_sold": 900, "in_stock": False},
    )
    assert found("") == found("   ") == ["Fast", "Slow", "Gone"]


def test_the_title_counts_for_more_than_the_rest() -> None:
    shelve(
        {"title": "Gift box", "description": "Holds a lantern. " * 20, "units_sold": 9000, "rating_average": 5},
        {"title": "Candle", "keywords": "lantern", "rating_average": 5, "rating_count": 900},
        {"title": "Lantern"},
    )
    assert found("lantern") == ["Lantern", "Candle", "Gift box"]


def test_among_equals_the_better_product_comes_first() -> None:
    common = {"title": "Brass lantern", "rating_count": 50}
    shelve(
        {**common, "slug": "poor", "rating_average": Decimal("2.0")},
        {**common, "slug": "sold-out", "rating_average": Decimal("4.8"), "in_stock": False},
        {**common, "slug": "good", "rating_average": Decimal("4.5"), "units_sold": 40},
    )
    slugs = dict(Product.objects.values_list("pk", "slug"))
    assert [slugs[pk] for pk in search("lantern").product_ids] == ["good", "poor", "sold-out"]


def test_one_high_rating_is_not_worth_many_good_ones() -> None:
    shelve(
        {"title": "Lantern", "slug": "one", "rating_average": 5, "rating_count": 1},
        {"title": "Lantern", "slug": "many", "rating_average": Decimal("4.6"), "rating_count": 400},
    )
    slugs = dict(Product.objects.values_list("pk", "slug"))
    assert [slugs[pk] for pk in search("lantern").product_ids] == ["many", "one"]


def test_pages_together_are_the_list() -> None:
    shelve(*["Brass lantern"] * 30)
    pages = [search("lantern", page=page, page_size=7) for page in range(1, 6)]
    assert [len(page.product_ids) for page in pages] == [7, 7, 7, 7, 2]
    assert [page.has_next for page in pages] == [True, True, True, True, False]
    assert len({pk for page in pages for pk in page.product_ids}) == 30


def test_a_page_past_the_end_is_the_last_one() -> None:
    shelve(*["Brass lantern"] * 30)
    result = search("lantern", page=10**9, page_size=7)
    assert (result.page, len(result.product_ids), result.has_next) == (5, 2, False)
