"""What is asked of a search engine and what it answers: the same for every engine."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Generic, Literal, NamedTuple, TypeVar

from django.db.models import TextChoices

T = TypeVar("T")

MAX_PAGE_SIZE = 100
MAX_DEPTH = 10_000  # rows; no page that is asked for by its number, and no relevance, lies deeper


class Sort(TextChoices):
    RELEVANCE = "relevance"  # the same as popular where there is no text
    NEWEST = "newest"
    PRICE = "price"
    PRICE_DOWN = "-price"
    RATING = "rating"
    POPULAR = "popular", "Best selling"  # what is sold out comes last


class Relaxed(TextChoices):
    """What was done to a text that found too little."""

    NOTHING = ""
    SPELLING = "spelling", "Words that no product has were read as similar ones, as well as they stand."
    ANY_WORD = "any_word", "Products with only some of the words follow those with all of them."


Kind = Literal["price", "size", "colour"]
AS_TYPED = ("price", "size", "colour", "spelling")  # what a text can be asked to be left alone in


@dataclass(frozen=True, slots=True)
class Understood:
    """Words of a text that were taken for a filter."""

    kind: Kind
    words: str
    min_price: Decimal | None = None
    max_price: Decimal | None = None
    value: str = ""  # the size or the colour
    is_applied: bool = True  # else nothing is so, and the words were only left out


class Place(NamedTuple):
    """
    A place in an order, made by `catalog.search.place`: its rows are those after it, or, `backwards`, those before.

    `values` are what the order goes by.
    """

    values: tuple[object, ...]
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """
    A category page is a request without `text`; its `category_ids` are the category and all below it.

    Several values of one field mean "any of them", different fields "all of them". The engine takes any values:
    it cuts, swaps and clamps (`catalog.search.text`) rather than refuse.
    """

    text: str = ""
    category_ids: tuple[int, ...] = ()
    min_price: Decimal | None = None
    max_price: Decimal | None = None
    min_rating: Decimal | int | None = None
    in_stock: bool = False
    seller_id: int | None = None
    tags: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    options: tuple[tuple[str, ...], ...] = ()  # of each group a product has one: (("size:2xl", "size:xxl"),)
    as_typed: tuple[str, ...] = ()  # which of `AS_TYPED` the text is not read in
    sort: str = Sort.RELEVANCE
    place: Place | None = None  # where the page begins (or ends); without one, `page` says it, as deep as `MAX_DEPTH`
    page: int = 1
    page_size: int = 24


class PriceBand(NamedTuple):
    """Both ends belong to the band, as they do in `SearchRequest`."""

    low: Decimal
    high: Decimal | None


PRICE_BANDS = (
    PriceBand(Decimal(0), Decimal("499.99")),
    PriceBand(Decimal(500), Decimal("999.99")),
    PriceBand(Decimal(1000), Decimal("1999.99")),
    PriceBand(Decimal(2000), Decimal("4999.99")),
    PriceBand(Decimal(5000), None),
)
RATING_STEPS = (4, 3, 2)  # "and up"


class FacetCount(NamedTuple, Generic[T]):
    value: T
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """
    How many products each choice would show, with all chosen filters of the *other* facets applied.

    Values nobody would find are left out; chosen ones stay in, with 0. `categories` are the products' own (a page
    adds up what is below). With `is_exact` off the counts are estimates.
    """

    categories: tuple[FacetCount[int], ...] = ()
    prices: tuple[FacetCount[PriceBand], ...] = ()
    ratings: tuple[FacetCount[int], ...] = ()
    tags: tuple[FacetCount[str], ...] = ()
    brands: tuple[FacetCount[str], ...] = ()
    is_exact: bool = True


@dataclass(frozen=True, slots=True)
class SearchResult:
    product_ids: tuple[int, ...] = ()  # of this page, in order
    total: int = 0
    total_is_exact: bool = True  # else there are more than `total`
    total_as_typed: int = 0  # of those with all words of the text as they are typed
    facets: Facets = field(default_factory=Facets)
    suggestion: str = ""  # the text as it was corrected, where `relaxed` says so
    relaxed: Relaxed = Relaxed.NOTHING
    understood: tuple[Understood, ...] = ()
    looked_for: tuple[str, ...] = ()  # the text's words, in all ways to say them
    page: int = 1  # the page that is shown: the last one where the one asked for does not exist
    has_next: bool = False
    first: tuple[object, ...] = ()  # what the order goes by in the page's first row, and …
    last: tuple[object, ...] = ()  # … in its last: the places to go on from. Relevance has none.
    backend: Literal["elasticsearch", "database"] = "database"


class Suggestion(NamedTuple):
    kind: Literal["query", "category", "product"]
    text: str
    url: str = ""  # empty for a query: the search page knows its own address
