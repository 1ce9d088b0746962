"""Category and search pages: the same page, with or without a text."""

import time
from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from accounts.models import SellerProfile, SellerStatus
from catalog import search
from catalog.forms import SORT_LABELS, Filters, OpenedForm, default_sort
from catalog.models import Product
from catalog.search.types import MAX_DEPTH, SearchRequest, SearchResult, Sort
from catalog.search_log import note_opened, note_search
from catalog.selectors import CategoryNode, CategoryTree, cards_by_id, get_tree, popular_ids
from catalog.throttles import count_search
from catalog.views import facets
from catalog.views.structured import breadcrumb_data
from pymart.common.htmx import HtmxRequest, page_or_fragment, wants_fragment

PAGE_SIZE = 24
_FRAGMENTS = {"results"}


@dataclass(frozen=True)
class Listing:
    """What is listed: the filters as they were understood, what they name, and what was found."""

    filters: Filters
    tree: CategoryTree
    node: CategoryNode | None
    seller: SellerProfile | None
    result: SearchResult
    path: str
    is_search: bool

    @property
    def page(self) -> Page:
        """Of positions only; the products are in the result."""
        return Paginator(range(min(self.result.total, MAX_DEPTH)), PAGE_SIZE).get_page(self.result.page)

    def category_url(self, node: CategoryNode | None) -> str:
        """The same filters in another category."""
        if self.is_search:
            return self.path + self.filters.query(category=node.slug if node else "")
        return node.url + self.filters.query() if node else reverse("catalog:search") + self.filters.query()


@require_safe
def category(request: HtmxRequest, slug: str) -> HttpResponse:
    tree = get_tree()
    node = tree.by_slug.get(slug)
    if node is None:
        raise Http404
    filters = replace(Filters.from_query(request.GET), q="", category="")
    listing = _find(filters, tree, node, node.url, is_search=False)
    context = {
        "title": node.name,
        "description": f"{node.name} from sellers across India: compare prices, ratings and delivery.",
        "crumbs": node.ancestors,
        "children": [child for child in node.children if child.product_count],
        "crumb": node.name,
        "structured": breadcrumb_data([*node.ancestors, node]),
    }
    return _render(request, listing, context)


@require_safe
def results(request: HtmxRequest) -> HttpResponse:
    tree = get_tree()
    filters = Filters.from_query(request.GET)
    if filters.q:
        count_search(request)
    node = tree.by_slug.get(filters.category)
    started = time.monotonic()
    listing = _find(filters, tree, node, reverse("catalog:search"), is_search=True)
    number = None
    if filters == Filters(q=filters.q) and not request.htmx:  # else a search that was noted is looked at in another way
        number = note_search(request, filters.q, listing.result, seconds=time.monotonic() - started)
    return _render(request, listing, {"title": _search_title(listing), "crumb": "Search", "search_number": number})


@csrf_exempt  # whoever knows the number has seen the results; there is nothing else to be had
@require_POST
def opened(request: HtmxRequest) -> HttpResponse:
    """Note that a result was opened. The page sends this as a beacon while it is left."""
    form = OpenedForm(request.POST)
    if form.is_valid():
        count_search(request)
        note_opened(**form.cleaned_data)
    return HttpResponse(status=204)


@require_safe
def suggest(request: HtmxRequest) -> HttpResponse:
    """The rows under the search field while somebody types."""
    text = Filters.from_query(request.GET).q
    found = []
    if len(text) > 1:
        count_search(request)
        found = search.suggest(text)
    path = reverse("catalog:search")
    rows = [
        {
            "kind": "search" if row.kind == "query" else row.kind,
            "text": row.text,
            "url": row.url or path + Filters(q=row.text).query(),
            "note": "in Categories" if row.kind == "category" else "",
        }
        for row in found
    ]
    return render(request, "ui/suggestions.html", {"suggestions": rows})


def _search_title(listing: Listing) -> str:
    if listing.filters.q:
        return f"Results for “{listing.filters.q}”"
    return listing.seller.shop_name if listing.seller else "All products"


def _find(filters: Filters, tree: CategoryTree, node: CategoryNode | None, path: str, *, is_search: bool) -> Listing:
    seller = None
    if filters.seller:
        seller = SellerProfile.objects.filter(slug=filters.seller, status=SellerStatus.APPROVED).first()
    max_price = filters.max_price
    if max_price is not None and max_price == int(max_price):
        max_price += facets.PAISE  # "up to ₹499" takes in ₹499.50
    result = search.find(
        SearchRequest(
            text=filters.q,
            category_ids=tuple(below.id for below in node.walk()) if node else (),
            min_price=filters.min_price,
            max_price=max_price,
            min_rating=filters.rating,
            in_stock=filters.in_stock,
            seller_id=seller.pk if seller else None,
            tags=filters.tag,
            brands=filters.brand,
            as_typed=filters.as_typed,
            sort=filters.sort or default_sort(filters.q),
            page=filters.page or 1,
            page_size=PAGE_SIZE,
        )
    )
    return Listing(filters, tree, node, seller, result, path, is_search)


def _render(request: HtmxRequest, listing: Listing, context: dict[str, Any]) -> HttpResponse:
    filters, result, page = listing.filters, listing.result, listing.page
    chips = facets.chips(filters, listing.node if listing.is_search else None, listing.seller, listing.path)
    chips += facets.understood_chips(filters, result.understood, listing.path)
    choices = facets.category_choices(result.facets, listing.tree, listing.node, listing.category_url)
    context |= {
        "filters": filters,
        "path": listing.path,
        "is_search": listing.is_search,
        "result": result,
        "products": _cards(result),
        "page": page,
        "chips": chips,
        "clear_url": listing.path + _cleared(listing).query(),
        "given_up": [each.words for each in result.understood if not each.is_applied],
        "literal_url": listing.path + filters.query(as_typed=(*filters.as_typed, "spelling")),
        "panel": facets.panel(result.facets, filters, choices, listing.path),
        "up": _up(listing),
        "sorts": [(value, label) for value, label in SORT_LABELS.items() if filters.q or value != Sort.RELEVANCE],
        "sort": filters.sort or default_sort(filters.q),
        "canonical": f"{listing.path}?page={page.number}" if page.number > 1 else listing.path,
        "popular": [] if result.product_ids else cards_by_id(popular_ids()),
        "near": [] if result.product_ids else facets.near_categories(filters.q, listing.tree),
    }
    response = page_or_fragment(request, "catalog/listing.html", _FRAGMENTS, context)
    response["X-Search-Engine"] = result.backend
    if wants_fragment(request, _FRAGMENTS):  # the form sends its empty fields too
        response["HX-Push-Url"] = listing.path + filters.query(page=page.number if page.number > 1 else None)
    return response


def _cleared(listing: Listing) -> Filters:
    """The search without any filter, nor those that were read from its text."""
    filters = listing.filters
    kinds = dict.fromkeys((*filters.as_typed, *(each.kind for each in listing.result.understood)))
    return Filters(q=filters.q, as_typed=tuple(kinds), sort=filters.sort)


def _cards(result: SearchResult) -> list[Product]:
    """The products found, with the searched words marked in their titles."""
    cards = cards_by_id(result.product_ids)
    pieces = search.highlighted({card.pk: card.title for card in cards}, result.looked_for)
    for card in cards:
        card.title_pieces = pieces.get(card.pk)
    return cards


def _up(listing: Listing) -> facets.Choice | None:
    """The way back to the category above."""
    if listing.node is None:
        return None
    above = listing.node.parent
    return facets.Choice(above.name if above else "All products", url=listing.category_url(above))
