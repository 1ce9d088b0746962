"""Lists of the admin that stay quick when there are hundreds of thousands of rows."""

import re
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

from pymart.common.money import inr

MOST_COUNTED = 10_000  # rows: nobody turns so many pages, and counting on takes longer than showing the page
MOST_RELATED = 1_000  # rows of another table that a search follows
NOTHING = Q(pk__in=[])


class CappedPaginator(Paginator):
    """Counts no further than anybody will look; `is_capped` says that there are more."""

    @cached_property
    def _counted(self) -> int:
        return self.object_list.order_by()[: MOST_COUNTED + 1].count()  # type: ignore[union-attr]

    @property
    def is_capped(self) -> bool:
        return self._counted > MOST_COUNTED

    @property
    def count(self) -> int:
        return min(self._counted, MOST_COUNTED)


class QuickList(admin.ModelAdmin):
    """
    `search_fields` name their lookups, each of which an index must answer: `startswith` (case is forgiven), `exact`,
    `icontains` and `iregex` (each word of what was typed, where a trigram index stands).
    """

    list_per_page = 50
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = " ".join(search_term.replace("\0", "").split())[:100]
        if not term:
            return queryset, False
        found = Q()
        for lookup in self.get_search_fields(request):
            found |= _matching(self.model, lookup, term)
        return queryset.filter(found), False


def _matching(model: type[Model], lookup: str, term: str) -> Q:
    """
    Rows by their own columns, or by the primary keys of those they refer to: a condition over two tables at once is
    one that no index answers.
    """
    name, _, rest = lookup.partition("__")
    field = model._meta.get_field(name)
    if field.is_relation:
        other = field.related_model
        found = other._base_manager.filter(_matching(other, rest, term)).values_list("pk", flat=True)
        return Q(**{f"{name}__in": list(found[:MOST_RELATED])})
    if rest == "exact":
        try:
            value = field.to_python(term)
            field.run_validators(value)
        except ValidationError:
            return NOTHING
        return Q(**{name: value})
    if rest == "startswith":
        return Q(*[(lookup, spelt) for spelt in {term, term.lower(), term.upper()}], _connector=Q.OR)
    words = [re.escape(word) if rest == "iregex" else word for word in term.split()]
    return Q(*[(lookup, word) for word in words])


class OneOf(admin.SimpleListFilter):
    """Filters by known values of a column: to look which ones there are takes a look at every row."""

    values: list[str] = []

    def __init__(self, *args: Any) -> None:
        self.title = self.parameter_name.replace("_", " ")
        super().__init__(*args)

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(value, value) for value in self.values]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**{self.parameter_name: self.value()}) if self.value() else queryset


def money(name: str) -> Callable[[Any], str | None]:
    """A column of `list_display`: an amount as the shop shows it, sorted as the number that it is."""

    @admin.display(ordering=name, description=name)
    def column(row: Any) -> str | None:
        amount = getattr(row, name)
        return None if amount is None else inr(amount)

    column.__name__ = name  # the column's class in the page
    return column
