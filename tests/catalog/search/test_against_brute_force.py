"""Whatever is on the shelves and whatever is asked: the same answer as looking at every product."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.models import Category, Product
from catalog.search import Relaxed, SearchRequest, SearchResult, Sort, counts, find, listing
from catalog.search.types import PRICE_BANDS, RATING_STEPS
from tests.catalog.search.shelf import make_category, shelve
from tests.factories import make_seller

pytestmark = pytest.mark.django_db

WORDS = ["brass", "teak", "marble", "lantern", "bamboo"]  # no synonyms, nothing in common
TAGS = ["new", "gift", "eco"]
OPTIONS = ["size:s", "size:xl", "size:uk 8", "colour:red", "colour:maroon", "colour:blue"]


class Wish(NamedTuple):
    """What a text may ask for beside its words."""

    low: str | None = None
    high: str | None = None
    size: str = ""
    colours: frozenset[str] = frozenset()  # any of which will do


RED, MAROON = frozenset({"colour:red", "colour:maroon"}), frozenset({"colour:maroon"})
WISHES = {
    "under 1000": Wish(high="1000"),
    "above ₹2,500": Wish(low="2500"),
    "500 to 999": Wish(low="500", high="999"),
    "size xl": Wish(size="size:xl"),
    "uk 8 below rs 50": Wish(high="50", size="size:uk 8"),
    "red": Wish(colours=RED),
    "maroon under 1000": Wish(high="1000", colours=MAROON),
    "red or blue size xl": Wish(size="size:xl", colours=RED | {"colour:blue"}),
}
BRANDS = ["", "Asha", "Bodhi", "Chitra"]
START = datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Kolkata"))

prices = st.sampled_from(["0.50", "499.00", "499.99", "500.00", "999.99", "1000.00", "2500.00", "5000.00", "80000.00"])
said = st.lists(st.sampled_from(WORDS), max_size=4, unique=True).map(" ".join)
products = st.fixed_dictionaries(
    {
        "title": said.map(lambda text: text or "Nothing"),
        "description": said,
        "brand": st.sampled_from(BRANDS),
        "tags": st.lists(st.sampled_from(TAGS), unique=True),
        "price": prices.map(Decimal),
        "rating_average": st.sampled_from(["0.00", "1.99", "3.00", "4.00"]).map(Decimal),
        "rating_count": st.integers(0, 3),
        "units_sold": st.integers(0, 3),
        "is_listed": st.booleans() | st.just(True),
        "in_stock": st.booleans(),
        "days": st.integers(0, 3),
        "category": st.integers(0, 2),
        "seller": st.integers(0, 1),
        "options": st.lists(st.sampled_from(OPTIONS), unique=True, max_size=3),
    }
)


def typed(words: str, wish: str) -> str:
    """A size or a colour alone is no wish."""
    asked = WISHES.get(wish, Wish())
    return f"{words} {wish}".strip() if words or not (asked.size or asked.colours) else ""


requests = st.builds(
    SearchRequest,
    text=st.builds(typed, said, st.sampled_from(["", *WISHES])),
    category_ids=st.lists(st.integers(0, 2), unique=True).map(tuple),
    min_price=st.none() | prices.map(Decimal),
    max_price=st.none() | prices.map(Decimal),
    min_rating=st.none() | st.integers(1, 5),
    in_stock=st.booleans(),
    seller_id=st.none() | st.integers(0, 1),
    tags=st.lists(st.sampled_from(TAGS), max_size=2, unique=True).map(tuple),
    brands=st.lists(st.sampled_from(BRANDS[1:]), max_size=2, unique=True).map(tuple),
    page=st.integers(1, 4),
    page_size=st.sampled_from([2, 5, 24]),
)
quickly = settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.mark.parametrize("sort", Sort.values)
@quickly
@given(shelf=st.lists(products, max_size=30), request=requests)
def test_ids_totals_and_facets_are_those_of_brute_force(
    sort: str, shelf: list[dict[str, Any]], request: SearchRequest
) -> None:
    with on_the_shelf(shelf, replace(request, sort=sort)) as (everything, request):
        assert_as_brute_force(find(request), everything, request)


def assert_as_brute_force(answer: SearchResult, everything: list[Product], request: SearchRequest) -> None:
    expected = BruteForce(everything, request)
    assert answer.total == len(expected.found)
    assert answer.total_is_exact
    assert answer.facets.is_exact
    assert set(answer.product_ids) <= {p.pk for p in expected.found}
    assert len(answer.product_ids) == len(expected.page)
    if expected.order:
        assert list(answer.product_ids) == [p.pk for p in expected.page]
    assert answer.page == expected.page_number
    assert answer.has_next == (expected.page_number * request.page_size < answer.total)
    assert answer.relaxed == expected.relaxed
    assert dict(answer.facets.categories) == expected.count("category", lambda p: [p.category_id])
    assert dict(answer.facets.tags) == expected.count("tags", lambda p: p.tags) | expected.zeros("tags", answer)
    assert dict(answer.facets.brands) == expected.count(
        "brands", lambda p: [p.brand] if p.brand else []
    ) | expected.zeros("brands", answer)
    steps = expected.count("rating", lambda p: [step for step in RATING_STEPS if p.rating_average >= step])
    assert {step: n for step, n in answer.facets.ratings if n} == steps
    bands = expected.count("price", lambda p: [b for b in PRICE_BANDS if b.low <= p.price <= (b.high or p.price)])
    assert {band: n for band, n in answer.facets.prices if n} == bands


@pytest.mark.parametrize("sort", Sort.values)
@quickly
@given(shelf=st.lists(products, min_size=20, max_size=40), request=requests)
def test_a_list_too_long_to_count_has_the_same_products_in_the_same_order(
    sort: str, shelf: list[dict[str, Any]], request: SearchRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ways for large catalogues, on a small one: estimates, merged and walked orders, few that are ranked."""
    monkeypatch.setattr(counts, "DENSE_SAMPLE", 1)
    monkeypatch.setattr(listing, "WALKED", 5)
    monkeypatch.setattr(listing, "RANKED", 3)
    # One word at most, and no filter but the category: long lists.
    request = SearchRequest(request.text.partition(" ")[0], request.category_ids, page_size=request.page_size)
    with on_the_shelf(shelf, replace(request, sort=sort)) as (everything, request):
        expected = BruteForce(everything, request)
        pages = [find(replace(request, page=page)).product_ids for page in range(1, len(expected.found) + 2)]
        shown = [pk for page in pages for pk in page][: len(expected.found)]

        if expected.relaxed == Relaxed.NOTHING:
            assert sorted(shown) == sorted(p.pk for p in expected.found)
        if expected.order and expected.relaxed == Relaxed.NOTHING:
            assert shown == [p.pk for p in expected.in_order]


class BruteForce:
    """Plain Python over every product."""

    def __init__(self, everything: list[Product], request: SearchRequest) -> None:
        self.request = request
        self.everything = [p for p in everything if p.is_listed]
        self._understood()
        self.filters: dict[str, Callable[[Product], bool]] = {
            "text": lambda p: self.had(p) >= self.wanted,
            "category": lambda p: not request.category_ids or p.category_id in request.category_ids,
            "price": self._is_wanted,
            "rating": lambda p: not request.min_rating or p.rating_average >= request.min_rating,
            "size": lambda p: not self.wish.size or self.wish.size in p.options,
            "colour": lambda p: not self.wish.colours or bool(self.wish.colours & {*p.options}),
            "in_stock": lambda p: p.in_stock or not request.in_stock,
            "seller": lambda p: request.seller_id is None or p.seller_id == request.seller_id,
            "tags": lambda p: not request.tags or bool({*request.tags} & {*p.tags}),
            "brands": lambda p: not request.brands or p.brand in request.brands,
        }
        self._give_up()
        self.wanted, self.relaxed = self._wanted_words()
        self.found = self.matching()
        self.order: Callable[[Product], Any] | None = {
            "newest": lambda p: (-p.created_at.timestamp(), -p.pk),
            "price": lambda p: (p.price, -p.pk),
            "-price": lambda p: (-p.price, p.pk),
            "rating": lambda p: (-p.rating_average, -p.rating_count, -p.pk),
            "popular": lambda p: (not p.in_stock, -p.units_sold, -p.pk),
        }.get(request.sort if self.words or request.sort != "relevance" else "popular")
        self.in_order = sorted(self.found, key=self.order) if self.order else self.found
        self.page_number = min(request.page, max(-(-len(self.found) // request.page_size), 1))
        start = (self.page_number - 1) * request.page_size
        self.page = self.in_order[start : start + request.page_size]

    def _understood(self) -> None:
        """The wishes that hold: a price that was chosen says more than words."""
        text, self.wish, self.colour_words = self.request.text, Wish(), ""
        if said := max((each for each in WISHES if f" {text}".endswith(f" {each}")), key=len, default=""):
            text, self.wish = text.removesuffix(said), WISHES[said]
            self.colour_words = said.removesuffix("under 1000").removesuffix("size xl") if self.wish.colours else ""
        self.words = set(text.split())
        self.is_chosen = self.request.min_price is not None or self.request.max_price is not None
        low, high = self.request.min_price, self.request.max_price
        if self.is_chosen:
            self.low, self.high = (high, low) if low is not None and high is not None and low > high else (low, high)
        else:
            self.low, self.high = (None if each is None else Decimal(each) for each in self.wish[:2])

    def _is_wanted(self, product: Product) -> bool:
        """By the price, wherever it was said."""
        low, high = self.low, self.high
        return (low is None or product.price >= low) and (high is None or product.price <= high)

    def _give_up(self) -> None:
        """Wishes that nothing in the shop meets together with the words: of colours with all words."""
        self.wanted = len(self.words)
        if self.wish.colours and not self._is_anything_so():
            self.wish = self.wish._replace(colours=frozenset())
            self.words |= {*self.colour_words.replace(" or ", " ").split()}
        self.wanted, _ = self._wanted_words()
        if not self._is_anything_so():
            self.wish = self.wish._replace(size="")
            if not self.is_chosen:
                self.low = self.high = None

    def _is_anything_so(self) -> bool:
        tests = [self.filters[name] for name in ("text", "price", "size", "colour")]
        return any(all(test(p) for test in tests) for p in self.everything)

    def had(self, product: Product) -> int:
        return len(self.words & self.said(product))

    def said(self, product: Product) -> set[str]:
        return set(f"{product.title} {product.description}".lower().split())

    def matching(self, *, without: str = "") -> list[Product]:
        tests = [test for name, test in self.filters.items() if name != without]
        return [p for p in self.everything if all(test(p) for test in tests)]

    def count(self, facet: str, values: Callable[[Product], list[Any]]) -> dict[Any, int]:
        return dict(Counter(value for p in self.matching(without=facet) for value in values(p)))

    def zeros(self, name: str, answer: Any) -> dict[str, int]:
        """Chosen values that nothing has stay on show."""
        shown = dict(getattr(answer.facets, name))
        return {value: 0 for value in getattr(self.request, name) if shown[value] == 0}

    def _wanted_words(self) -> tuple[int, Relaxed]:
        """All words; with fewer than ten products in the shop that have them, fewer words, if that finds more."""
        wanted = n = len(self.words)
        relaxed = Relaxed.NOTHING
        found = self._in_shop(wanted)
        if found < 10 and (not found or self.request.sort == "relevance"):
            known = sum(any(word in self.said(p) for p in self.everything) for word in self.words)
            for fewer in sorted({known, known - 1, (known + 1) // 2, 1} - {n, 0, -1}, reverse=True):
                if found < 10 and self._in_shop(fewer) > found:
                    wanted, found, relaxed = fewer, self._in_shop(fewer), Relaxed.ANY_WORD
        return wanted, relaxed

    def _in_shop(self, wanted: int) -> int:
        return min(sum(self.had(p) >= wanted for p in self.everything), 10)


@contextmanager
def on_the_shelf(shelf: list[dict[str, Any]], request: SearchRequest) -> Iterator[tuple[list[Product], SearchRequest]]:
    """The products in the database and, with real ids, the request; nothing stays."""
    cache.delete_pattern("search:*")
    with transaction.atomic():
        sellers = [make_seller(), make_seller()]
        categories: list[Category] = [make_category() for _ in range(3)]
        rows = [
            {name: value for name, value in row.items() if name != "days"}
            | {"seller": sellers[row["seller"]], "category": categories[row["category"]]}
            for row in shelf
        ]
        made = shelve(*rows)
        for product, row in zip(made, shelf, strict=True):
            product.created_at = START + timedelta(days=row["days"])
        Product.objects.bulk_update(made, ["created_at"])
        yield (
            made,
            replace(
                request,
                category_ids=tuple(categories[index].pk for index in request.category_ids),
                seller_id=None if request.seller_id is None else sellers[request.seller_id].pk,
            ),
        )
        transaction.set_rollback(True)
