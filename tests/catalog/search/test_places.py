"""Following a list from place to place shows what its pages show, in both directions, however it is cut."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.search import SearchRequest, Sort, counts, find, listing, place
from tests.catalog.search.shelf import shelve
from tests.catalog.search.test_against_brute_force import BruteForce, on_the_shelf, products, quickly, requests

pytestmark = pytest.mark.django_db
SORTS = [sort for sort in Sort.values if sort != Sort.RELEVANCE]
NOON = datetime(2026, 1, 1, 12, tzinfo=ZoneInfo("Asia/Kolkata"))


def walk(request: SearchRequest) -> tuple[list[int], list[int]]:
    """The ids of all pages from the first on, and those of all pages from the last back."""
    forth, back = [], []
    page = find(request)
    while page.product_ids:
        forth += page.product_ids
        last = page
        page = find(replace(request, place=place(request.sort, page.last)))
    if forth:
        back = list(last.product_ids)
        while page := find(replace(request, place=place(request.sort, last.first, backwards=True))):
            if not page.product_ids:
                break
            back = [*page.product_ids, *back]
            last = page
    return forth, back


@pytest.mark.parametrize("is_long", [False, True], ids=["counted", "too long to count"])
@pytest.mark.parametrize("sort", SORTS)
@quickly
@given(shelf=st.lists(products, max_size=30), request=requests)
def test_every_product_comes_once_and_in_order(
    sort: str, is_long: bool, shelf: list[dict[str, Any]], request: SearchRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_long:
        monkeypatch.setattr(counts, "DENSE_SAMPLE", 1)
        monkeypatch.setattr(listing, "WALKED", 5)
    request = replace(request, text="", page=1)
    with on_the_shelf(shelf, replace(request, sort=sort)) as (everything, request):
        expected = [product.pk for product in BruteForce(everything, request).in_order]
        assert walk(request) == (expected, expected)


@pytest.mark.parametrize("sort", SORTS)
def test_many_products_on_one_level_are_told_apart_by_their_ids(sort: str) -> None:
    shelve(*["Brass lantern"] * 7)
    every_page = [find(SearchRequest(sort=sort, page=page, page_size=2)).product_ids for page in range(1, 5)]
    forth, back = walk(SearchRequest(sort=sort, page_size=2))
    assert forth == back == [pk for page in every_page for pk in page]


def test_what_is_new_or_gone_meanwhile_moves_nothing_else() -> None:
    first, *rest = shelve(*[{"title": f"Lantern {n}", "price": n} for n in range(1, 6)])
    page = find(SearchRequest(sort="price", page_size=2))
    first.delete()
    shelve({"title": "Cheap lantern", "price": Decimal("0.5")})
    following = find(SearchRequest(sort="price", page_size=2, place=place("price", page.last)))
    assert following.product_ids == (rest[1].pk, rest[2].pk)
    assert following.has_next


def test_a_place_is_made_from_what_json_can_hold() -> None:
    assert place("newest", ["2026-01-01T12:00:00+05:30", 7]).values == (NOON, 7)
    assert place("price", ["499.00", 7]).values == (Decimal(499), 7)
    assert place("popular", [True, 3, 7]).values == (True, 3, 7)


@pytest.mark.parametrize(
    ("sort", "values"),
    [
        ("newest", []),
        ("newest", ["2026-01-01T12:00:00+05:30"]),
        ("newest", ["2026-01-01T12:00:00", 7]),
        ("newest", ["yesterday", 7]),
        ("newest", [NOON + timedelta(1), "7"]),
        ("price", ["cheap", 7]),
        ("price", ["NaN", 7]),
        ("price", ["499.00", 2**63]),
        ("price", ["499.00", True]),
        ("price", [[], 7]),
        ("popular", [1, 3, 7]),
        ("rating", ["4.5", 7]),
        ("relevance", [7]),
        ("beauty", [7]),
    ],
)
def test_what_no_row_can_have_is_no_place(sort: str, values: list[Any]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the type says it all
        place(sort, values)
