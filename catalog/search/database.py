"""PostgreSQL as the engine."""

from django.contrib.postgres.search import SearchQuery

from catalog.models import Category, Product
from catalog.search.types import SearchRequest, SearchResult, Suggestion


def find(request: SearchRequest) -> SearchResult:
    products = Product.objects.listed().order_by("-in_stock", "-units_sold", "-id")
    if request.text:
        products = products.filter(search=SearchQuery(request.text, config="english"))
    if request.category_ids:
        products = products.filter(category__in=request.category_ids)
    ids = tuple(products.values_list("pk", flat=True)[: request.page_size])
    return SearchResult(product_ids=ids, total=products.count())


def suggest(text: str, limit: int = 8) -> list[Suggestion]:
    categories = Category.objects.filter(name__istartswith=text)[:limit]
    return [Suggestion("category", category.name, category.get_absolute_url()) for category in categories]
