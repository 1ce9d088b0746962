from django.contrib.postgres.search import SearchQuery
from django.db.models import Q

from catalog.models import Product
from catalog.querysets import ProductQuerySet


def all_products(*, status: str = "", seller: str = "", text: str = "") -> ProductQuerySet:
    """
    Whatever their status, for staff.

    :param seller: id or slug of a shop.
    :param text: words, the beginning of one in a title, or a slug.
    """
    products = Product.objects.all()
    if status:
        products = products.filter(status=status)
    if seller:
        by_id = Q(seller=int(seller)) if seller.isascii() and seller.isdecimal() else Q()
        products = products.filter(Q(seller__slug=seller) | by_id)
    if text:
        words = SearchQuery(text, config="english", search_type="websearch")
        products = products.filter(Q(search=words) | Q(title__trigram_word_similar=text) | Q(slug=text))
    return products
