"""What everybody may read: products, suggestions, the category tree; and sellers their own."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.fields import ChoiceField
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import SellerProfile
from catalog import search
from catalog.api import render
from catalog.api.serializers.reading import (
    HOW_READ,
    ROW,
    CategoryOutput,
    CategoryTreeOutput,
    FacetsOutput,
    OwnProductOutput,
    OwnProductsQuery,
    ProductListQuery,
    ProductOutput,
    ProductRowOutput,
    SuggestionOutput,
    SuggestQuery,
)
from catalog.freshness import CATEGORIES, LISTS, PRODUCTS
from catalog.freshness import product as this_product
from catalog.models import Product
from catalog.page_views import count_view, looks_at
from catalog.search import Place, SearchRequest, Sort
from catalog.search.database import SearchUnavailable
from catalog.search.text import clean_text
from catalog.search.types import MAX_DEPTH
from catalog.selectors import (
    CategoryNode,
    full_product,
    get_tree,
    listed_rows,
    own_products,
    product_rows,
)
from catalog.throttles import count_search
from pymart.common.api.caching import keep, same_for_all
from pymart.common.api.pagination import Cursor, bad_cursor, page_link, page_of
from pymart.common.api.permissions import IsSeller
from pymart.common.api.schema import page_schema, raises
from pymart.common.api.serializers import query
from pymart.common.api.views import ApiView
from pymart.common.errors import Throttled

LIST_SECONDS = 60
DETAIL_SECONDS = 300
TREE_SECONDS = 300  # of the tree's own hour
NO_ROW = 0  # an id that nothing has


_BACKEND = ChoiceField(choices=["elasticsearch", "database"], help_text="Which engine found them.")
_LIST_EXAMPLE = {
    "count": 1280,
    "next": "https://shop.example/api/v1/products?q=saree&sort=newest&page=2&cursor=WzAsIjIwMjYt",
    "previous": None,
    "facets": {
        "categories": [{"id": 12, "slug": "sarees", "name": "Sarees", "count": 940}],
        "price": [{"min_price": "0.00", "max_price": "499.99", "count": 210}],
        "ratings": [{"min_rating": 4, "count": 610}],
        "tags": [{"value": "silk", "count": 300}],
        "brands": [{"value": "Kashi Looms", "count": 44}],
    },
    "search_backend": "elasticsearch",
    "understood": [],
    "suggestion": "",
    "relaxed": "",
    "results": [ROW],
}


class ProductList(ApiView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="products_list",
        tags=["products"],
        summary="List, filter and search products",
        description="What is on sale. Page numbers reach 10,000 products deep; `next` goes on to the end, except by "
        "`relevance`. `count` is exact up to some thousands and from there on a cautious estimate. An "
        "answer may be a minute old.",
        parameters=[ProductListQuery],
        responses=page_schema(ProductRowOutput, facets=FacetsOutput(), search_backend=_BACKEND, **HOW_READ),
        examples=[OpenApiExample("Sarees", _LIST_EXAMPLE, response_only=True)],
    )
    @raises(SearchUnavailable, Throttled)
    @same_for_all
    def get(self, request: Request) -> Response:
        asked = query(ProductListQuery, request)
        if asked.get("q"):
            request._request.rate = count_search(request)
        return keep(Response(_list(request, asked)), seconds=LIST_SECONDS, depends=(LISTS, CATEGORIES))


class ProductSuggest(ApiView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="products_suggest",
        tags=["products"],
        summary="Propose searches while somebody types",
        parameters=[SuggestQuery],
        responses=SuggestionOutput(many=True),
        examples=[
            OpenApiExample(
                "kur",
                {
                    "kind": "category",
                    "text": "Kurtas",
                    "url": "https://shop.example/api/v1/categories/kurtas",
                },
                response_only=True,
            )
        ],
    )
    @raises(Throttled)
    @same_for_all
    def get(self, request: Request) -> Response:
        text = query(SuggestQuery, request)["q"]
        found = []
        if len(text) > 1:
            request._request.rate = count_search(request)
            found = search.suggest(text)
        rows = [render.suggestion(each, request) for each in found]
        return keep(Response(rows), seconds=LIST_SECONDS, depends=(LISTS, CATEGORIES))


class OwnProducts(ApiView):
    permission_classes = [IsSeller]

    @extend_schema(
        operation_id="products_my",
        tags=["products"],
        summary="List the caller's own products",
        description="Of any status, newest first.",
        parameters=[OwnProductsQuery],
        responses=page_schema(OwnProductOutput),
    )
    def get(self, request: Request) -> Response:
        products = own_products(request.user, query(OwnProductsQuery, request).get("status"))

        def rows(found: Sequence[Product]) -> list[dict[str, Any]]:
            return [render.own_product_row(row) for row in product_rows([each.pk for each in found])]

        return Response(page_of(request, products.only("id"), order=["-id"], render=rows))


class ProductDetail(ApiView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="products_retrieve",
        tags=["products"],
        summary="Show a product",
        description="Drafts and archived products are there for their seller and staff only.",
        responses=ProductOutput,
    )
    @same_for_all
    def get(self, request: Request, slug: str) -> Response:
        try:
            found = full_product(slug, request.user)
        except Product.DoesNotExist as error:
            raise Http404 from error
        response = Response(render.product(found))
        if not found.row.is_listed:  # which its seller sees, and staff
            return response
        look = {"product_id": found.row.id, "owner_id": found.owner_id}
        count_view(request, **look)
        depends = (this_product(found.row.id), PRODUCTS, CATEGORIES)
        return keep(response, seconds=DETAIL_SECONDS, depends=depends, counted=looks_at(**look))


class CategoryTree(ApiView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="categories_list",
        tags=["categories"],
        summary="Show the whole tree of categories",
        responses=CategoryTreeOutput(many=True),
    )
    @same_for_all
    def get(self, request: Request) -> Response:
        tree = [render.category(root) for root in get_tree().roots]
        return keep(Response(tree), seconds=TREE_SECONDS, depends=(CATEGORIES,))


class CategoryDetail(ApiView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="categories_retrieve",
        tags=["categories"],
        summary="Show a category and what is below it",
        responses=CategoryOutput,
    )
    @same_for_all
    def get(self, request: Request, slug: str) -> Response:
        node = get_tree().by_slug.get(slug)
        if node is None:
            raise Http404
        return keep(Response(render.category_with_path(node)), seconds=TREE_SECONDS, depends=(CATEGORIES,))


def _list(request: Request, asked: Mapping[str, Any]) -> dict[str, Any]:
    tree = get_tree()
    chosen = tree.by_slug.get(asked.get("category", ""))
    wanted = _search_request(asked, chosen)
    result = search.find(wanted)
    page = asked["page"]
    if (page > 1 and not result.product_ids) or (wanted.place is None and result.page != page):
        raise NotFound(_past_the_end(page * asked["page_size"], result.total))
    before = Cursor(result.first, backwards=True) if result.first and page > 2 else None
    after = Cursor(result.last) if result.last else None
    return {
        "count": result.total,
        "next": page_link(request, page + 1, after) if result.has_next else None,
        "previous": page_link(request, page - 1, before) if page > 1 else None,
        "facets": render.facets(result.facets, tree, chosen),
        "search_backend": result.backend,
        "understood": [render.understood(each) for each in result.understood],
        "suggestion": result.suggestion,
        "relaxed": result.relaxed,
        "results": [render.product_row(row) for row in listed_rows(result.product_ids)],
    }


def _past_the_end(depth: int, total: int) -> str:
    if min(depth, total) > MAX_DEPTH:
        return f"Pages by number end at {MAX_DEPTH:,} products. Follow `next`, or narrow the list."
    return "There is no such page."


def _search_request(asked: Mapping[str, Any], chosen: CategoryNode | None) -> SearchRequest:
    text = clean_text(asked.get("q", ""))
    sort = asked.get("sort") or Sort.RELEVANCE
    if sort == Sort.RELEVANCE and not text:
        sort = Sort.POPULAR
    category_ids: tuple[int, ...] = ()
    if asked.get("category"):
        category_ids = tuple(below.id for below in chosen.walk()) if chosen else (NO_ROW,)
    return SearchRequest(
        text=text,
        category_ids=category_ids,
        min_price=asked.get("min_price"),
        max_price=asked.get("max_price"),
        min_rating=asked.get("min_rating"),
        in_stock=asked["in_stock"],
        seller_id=_seller_id(asked["seller"]) if asked.get("seller") else None,
        tags=tuple(asked.get("tag", ())),
        brands=tuple(asked.get("brand", ())),
        as_typed=tuple(asked.get("as_typed", ())),
        sort=sort,
        place=_place(asked["cursor"], sort) if asked.get("cursor") else None,
        page=asked["page"],
        page_size=asked["page_size"],
    )


def _place(text: str, sort: str) -> Place:
    cursor = Cursor.parse(text)
    try:
        return search.place(sort, cursor.values, backwards=cursor.backwards)
    except ValueError as error:
        raise bad_cursor() from error


def _seller_id(named: str) -> int:
    if named.isdecimal():
        return int(named)
    return SellerProfile.objects.filter(slug=named).values_list("pk", flat=True).first() or NO_ROW
