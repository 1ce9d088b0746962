from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.search.text import MAX_TEXT, MAX_WORDS, clean, clean_text, words
from catalog.search.types import MAX_DEPTH, MAX_PAGE_SIZE, SearchRequest, Sort


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("  cotton \t kurti\n", "cotton kurti"),
        ("shirt\x00\x1b[31m", "shirt[31m"),
        ("shoe\ud800s", "shoes"),
        ("ｋｕｒｔｉ", "kurti"),
        ("₹ 500", "₹ 500"),
        ("zero\u200bwidth", "zerowidth"),
        ("", ""),
    ],
)
def test_a_text_becomes_one_line_of_visible_characters(typed: str, expected: str) -> None:
    assert clean_text(typed) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Women's T-Shirt, 1.5kg!", ("women", "t-shirt", "1.5kg")),
        ("ladies’ shoes", ("ladies", "shoes")),
        ("कुर्ती लाल", ("कुर्ती", "लाल")),
        ("a--b -c- .5 5.", ("a", "b", "c", "5", "5")),
        ("red/blue & (new) | !old:*", ("red", "blue", "new", "old")),
        ("wi-fi 2.4ghz", ("wi-fi", "2.4ghz")),
        ("snake_case", ("snake", "case")),
        ("!!! ... --- 😀", ()),
    ],
)
def test_a_text_has_these_words(text: str, expected: tuple[str, ...]) -> None:
    assert words(clean_text(text)) == expected


@given(st.text(st.characters(codec=None), max_size=2000))
def test_any_text_can_be_sent_to_the_database(text: str) -> None:
    cleaned = clean_text(text)
    cleaned.encode()
    assert "\0" not in cleaned
    assert len(cleaned) <= MAX_TEXT
    assert len(words(cleaned)) <= MAX_WORDS
    assert clean_text(cleaned) == cleaned


def test_reversed_prices_are_swapped() -> None:
    request = clean(SearchRequest(min_price=Decimal(900), max_price=Decimal(100)))
    assert (request.min_price, request.max_price) == (100, 900)


def test_prices_that_no_product_can_have_are_brought_into_range() -> None:
    request = clean(SearchRequest(min_price=Decimal(-5), max_price=Decimal("1e30")))
    assert (request.min_price, request.max_price) == (0, Decimal("9999999999.99"))
    assert clean(SearchRequest(min_price=Decimal("NaN"))).min_price is None
    assert clean(SearchRequest(max_price=Decimal("Infinity"))).max_price is None


def test_pages_stay_within_reach() -> None:
    assert clean(SearchRequest(page=10**9)).page == MAX_DEPTH // 24
    assert clean(SearchRequest(page=-3)).page == 1
    assert clean(SearchRequest(page_size=10**6)).page_size == MAX_PAGE_SIZE
    assert clean(SearchRequest(page_size=0)).page_size == 1


def test_an_order_that_does_not_exist_is_relevance_or_without_a_text_popularity() -> None:
    assert clean(SearchRequest(text="shoes", sort="'; DROP")).sort == Sort.RELEVANCE
    assert clean(SearchRequest(sort="relevance")).sort == Sort.POPULAR
    assert clean(SearchRequest(text=" \t ")).sort == Sort.POPULAR


def test_ids_beyond_the_columns_range_are_nobodys() -> None:
    request = clean(SearchRequest(category_ids=(3, 10**30, -1), seller_id=10**30))
    assert request.category_ids == (0, 3)
    assert request.seller_id == 0


def test_choices_lose_what_a_column_cannot_hold_and_repeats() -> None:
    request = clean(SearchRequest(tags=("new", "n\0ew", "\ud800", "new"), brands=("x" * 5000,) * 3))
    assert request.tags == ("new", "")
    assert request.brands == ("x" * 100,)
