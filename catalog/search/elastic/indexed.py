"""
The index as django-elasticsearch-dsl reads it: in code that compares, and by hand in a shell.

    IndexedProduct.search().filter("term", brand="acme").sort("-units_sold").to_queryset()

It never writes, for which `sync` has its order, and the package's app with its signals and its command stays out.
"""

from typing import Any

from django_elasticsearch_dsl import Document
from django_elasticsearch_dsl.registries import registry

from catalog.models import Product
from catalog.search.elastic.client import writer
from catalog.search.elastic.sync import live_alias


@registry.register_document
class IndexedProduct(Document):
    class Django:
        model = Product
        ignore_signals = True

    @classmethod
    def search(cls, using: Any = None, index: str | None = None) -> Any:
        return super().search(using=using or writer(), index=index or live_alias())

    @classmethod
    def _matches(cls, hit: Any) -> bool:
        """Only one kind of thing is asked for; the index of a hit has another name than the alias."""
        return True
