"""What the filter panel and the chips show, as plain data."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches

from accounts.models import SellerProfile
from catalog.forms import Filters
from catalog.search.text import clean_text, words
from catalog.search.types import FacetCount, Facets, PriceBand, Understood
from catalog.selectors import CategoryNode, CategoryTree
from pymart.common.money import inr

PAISE = Decimal("0.99")
SHOWN_CHOICES = 12
SHOWN_NEAR = 4


@dataclass(frozen=True)
class Choice:
    """One value of a facet: a control with `value`, or a link to `url`."""

    label: str
    count: int | None = None
    value: str = ""
    url: str = ""
    is_chosen: bool = False


@dataclass(frozen=True)
class Panel:
    categories: list[Choice]
    prices: list[Choice]
    ratings: list[Choice]
    brands: list[Choice]
    tags: list[Choice]


def panel(facets: Facets, filters: Filters, categories: list[Choice], path: str) -> Panel:
    return Panel(
        categories=categories,
        prices=[_price_choice(band, filters, path) for band in facets.prices],
        ratings=[
            Choice(f"{stars} stars and up", count, str(stars), is_chosen=filters.rating == stars)
            for stars, count in facets.ratings
        ],
        brands=_words(facets.brands, filters.brand),
        tags=_words(facets.tags, filters.tag),
    )


def category_choices(
    facets: Facets, tree: CategoryTree, node: CategoryNode | None, url: Callable[[CategoryNode], str]
) -> list[Choice]:
    """The categories one step below, each with the number of products that it would show."""
    counts = dict(facets.categories)
    choices = [
        Choice(child.name, sum(counts.get(below.id, 0) for below in child.walk()), url=url(child))
        for child in (node.children if node else tree.roots)
    ]
    return [choice for choice in choices if choice.count]


def near_categories(text: str, tree: CategoryTree) -> list[Choice]:
    """Those whose names are most like any word of a text that finds nothing."""
    names: dict[str, CategoryNode] = {}
    for node in tree.by_id.values():
        if node.product_count:
            names |= dict.fromkeys(words(node.name), node)
    alike = [near for word in words(clean_text(text)) for near in get_close_matches(word, names, n=2, cutoff=0.7)]
    nodes = {names[name].id: names[name] for name in alike}
    return [Choice(node.name, url=node.url) for node in nodes.values()][:SHOWN_NEAR]


def chips(filters: Filters, node: CategoryNode | None, seller: SellerProfile | None, path: str) -> list[Choice]:
    """The active filters, each with the address of the page without it."""

    def chip(label: str, **changes: object) -> Choice:
        return Choice(label, url=path + filters.query(**changes))

    found = [chip(node.name, category="")] if node else []
    if seller:
        found.append(chip(f"Sold by {seller.shop_name}", seller=""))
    if filters.min_price is not None or filters.max_price is not None:
        found.append(chip(price_label(filters.min_price, filters.max_price), min_price=None, max_price=None))
    if filters.rating:
        found.append(chip(f"{filters.rating} stars and up", rating=None))
    if filters.in_stock:
        found.append(chip("In stock", in_stock=False))
    found += [chip(brand, brand=_without(filters.brand, brand)) for brand in filters.brand]
    found += [chip(tag, tag=_without(filters.tag, tag)) for tag in filters.tag]
    return found


def understood_chips(filters: Filters, understood: Iterable[Understood], path: str) -> list[Choice]:
    """What the text itself was taken to ask for, each with the address that takes its words as they are typed."""
    return [
        Choice(wish_label(each), url=path + filters.query(as_typed=(*filters.as_typed, each.kind)))
        for each in understood
        if each.is_applied
    ]


def wish_label(understood: Understood) -> str:
    if understood.kind == "size":
        return f"Size {understood.value}"
    if understood.kind == "colour":
        return f"Colour: {understood.value}"
    return price_label(understood.min_price, understood.max_price)


def price_label(low: Decimal | None, high: Decimal | None) -> str:
    if not low:
        return f"Up to {inr(high or 0)}"
    return f"{inr(low)} – {inr(high)}" if high is not None else f"From {inr(low)}"


def _price_choice(facet: FacetCount[PriceBand], filters: Filters, path: str) -> Choice:
    low = facet.value.low or None
    high = Decimal(int(facet.value.high)) if facet.value.high is not None else None
    is_chosen = (filters.min_price or None, filters.max_price) == (low, high)
    changes = {"min_price": None, "max_price": None} if is_chosen else {"min_price": low, "max_price": high}
    return Choice(price_label(low, high), facet.count, url=path + filters.query(**changes), is_chosen=is_chosen)


def _words(found: Iterable[FacetCount[str]], chosen: tuple[str, ...]) -> list[Choice]:
    """The most frequent ones, and whatever is chosen."""
    choices = [Choice(word, count, word, is_chosen=word in chosen) for word, count in found]
    return [choice for number, choice in enumerate(choices) if number < SHOWN_CHOICES or choice.is_chosen]


def _without(words: tuple[str, ...], word: str) -> tuple[str, ...]:
    return tuple(other for other in words if other != word)
