"""What staff do about the search: they read what shoppers look for, and add words that shoppers have for it."""

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from catalog.models import SearchLog, SearchSynonym
from catalog.search import SearchRequest, find
from catalog.search.database import SearchUnavailable
from catalog.search.text import clean, clean_text, words
from catalog.search.types import AS_TYPED
from catalog.search.wishes import wish
from catalog.search.wording import wording
from catalog.search_log import KEPT
from catalog.selectors.searches import searches
from catalog.views.facets import wish_label
from pymart.common.admin import AuditedAdmin, Panel, ReadOnlyAdmin, Row, when

DAYS = (7, 30, KEPT.days)
_SHOWN_WAYS = 8


class SynonymForm(forms.ModelForm):
    class Meta:
        model = SearchSynonym
        fields = ["line", "note"]
        widgets = {
            "line": forms.TextInput(attrs={"class": "vLargeTextField", "spellcheck": "false"}),
            "note": forms.TextInput(attrs={"class": "vLargeTextField"}),
        }

    def clean_line(self) -> str:
        """In small letters, spaced evenly, without what is said twice."""
        left, arrow, right = clean_text(self.cleaned_data["line"]).lower().partition("=>")
        asked, finds = _phrases(left), _phrases(right)
        for phrase in (*asked, *finds):
            if not words(phrase):
                raise forms.ValidationError(f"“{phrase}” has no letters or numbers.")
        if arrow and set(asked) == set(finds):
            raise forms.ValidationError("Both sides of “=>” say the same.")
        self._refuse_known(asked if arrow else [])
        return ", ".join(asked) + (f" => {', '.join(finds)}" if arrow else "")

    def _refuse_known(self, asked: list[str]) -> None:
        """Two lines that put different things in place of a word both apply, which nobody sees from either."""
        others = SearchSynonym.objects.filter(line__contains="=>").exclude(pk=self.instance.pk)
        for line in others.values_list("line", flat=True) if asked else ():
            if both := set(asked) & set(_phrases(line.partition("=>")[0].lower())):
                raise forms.ValidationError(f"“{both.pop()}” is replaced by another line already: “{line}”.")


def _phrases(side: str) -> list[str]:
    return list(dict.fromkeys(filter(None, (" ".join(phrase.split()) for phrase in side.split(",")))))


@admin.register(SearchSynonym)
class SearchSynonymAdmin(AuditedAdmin):
    form = SynonymForm
    list_display = ["line", "note", "created_at"]
    search_fields = ["line__icontains", "note__icontains"]
    search_help_text = "A word of the line or of the note"
    readonly_fields = ["becomes", "created_at"]

    def get_fields(self, request: HttpRequest, obj: SearchSynonym | None = None) -> list[str]:
        return ["line", "note", "becomes", "created_at"] if obj else ["line", "note"]

    @admin.display(description="What searches become")
    def becomes(self, synonym: SearchSynonym) -> SafeString:
        asked = _phrases(synonym.line.partition("=>")[0])
        rows = [(phrase, _try_link(phrase, in_words(phrase))) for phrase in asked]
        return format_html_join("", "<p><strong>{}</strong>: {}</p>", rows)


def in_words(text: str) -> str:
    """What is looked for instead of each word of a text."""
    return "; ".join(" or ".join(ways[:_SHOWN_WAYS]) for ways in wording(clean_text(text)).ways) or "nothing"


def _try_link(text: str, label: str) -> SafeString:
    url = f"{reverse('admin:catalog_searchlog_report')}?{urlencode({'q': text})}"
    return format_html('<a href="{}">{}</a>', url, label)


@admin.register(SearchLog)
class SearchLogAdmin(ReadOnlyAdmin):
    list_display = ["query", "results", "relaxed", "clicked_position", "engine", "milliseconds", "created_at"]
    sortable_by = ["created_at"]
    search_fields = ["query__startswith"]
    search_help_text = "How the search begins"
    change_list_template = "admin/catalog/searchlog/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        report = self.admin_site.admin_view(self.report)
        return [path("report/", report, name="catalog_searchlog_report"), *super().get_urls()]

    def report(self, request: HttpRequest) -> HttpResponse:
        """What shoppers look for: what they did not find comes first."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        days = int(request.GET["days"]) if request.GET.get("days") in map(str, DAYS) else DAYS[0]
        text = clean_text(request.GET.get("q", ""))
        context = {
            **self.admin_site.each_context(request),
            "title": "What shoppers look for",
            "opts": self.opts,
            "days": days,
            "choices": DAYS,
            "text": text,
            "tried": _tried(text) if text else None,
            "panels": _panels(days, may_add=request.user.has_perm("catalog.add_searchsynonym")),
        }
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        return TemplateResponse(request, "admin/catalog/searchlog/report.html", context)


def _tried(text: str) -> dict[str, Any]:
    """How a text is read, and what it finds."""
    asked = clean(SearchRequest(text))
    try:
        found = find(asked)
    except SearchUnavailable:
        return {"ways": _ways(text), "wishes": [], "found": None}
    wished = {each.kind for each in found.understood}
    rest = wish(replace(asked, as_typed=tuple(kind for kind in AS_TYPED if kind not in wished))).request.text
    wishes = [wish_label(each) for each in found.understood if each.is_applied]
    return {"ways": _ways(rest), "wishes": wishes, "found": found}


def _ways(text: str) -> list[str]:
    return [", ".join(ways) for ways in wording(text).ways]


def _panels(days: int, *, may_add: bool) -> list[Panel]:
    found = searches(days=days)

    def texts(title: str, rows: list[dict[str, Any]], *, numbers: bool, synonym: bool = may_add) -> Panel:
        columns = ["Search", "Times", *(["Results", "Opened", "Place opened"] if numbers else []), "Last"]
        links = [[_synonym(row)] if synonym else [] for row in rows]
        cells = [[*_cells(row, numbers=numbers), *link] for row, link in zip(rows, links, strict=True)]
        return Panel(title, [*columns, *(["Synonym"] if synonym else [])], list(map(Row, cells)))

    engines = [
        Row([
            row["engine"], row["times"], _share(row["nothing"], row["times"]), _share(row["opened"], row["times"]),
            _one(row["position"]), f"{row['median']:.0f} ms", f"{row['slow']:.0f} ms",
        ])
        for row in found.engines
    ]  # fmt: skip
    columns = ["Engine", "Searches", "Found nothing", "Opened a result", "Place opened", "Half within", "95 % within"]
    return [
        texts("Nothing found", found.not_found, numbers=False),
        texts("Found with only some of the words", found.partly_found, numbers=True),
        texts("Most frequent", found.frequent, numbers=True, synonym=False),
        Panel("Engines", columns, engines),
    ]


def _cells(row: dict[str, Any], *, numbers: bool) -> list[Any]:
    figures = [round(row["found"]), _share(row["opened"], row["times"]), _one(row["position"])] if numbers else []
    return [_try_link(row["query"], row["query"]), row["times"], *figures, when(row["last"])]


def _synonym(row: dict[str, Any]) -> SafeString:
    url = f"{reverse('admin:catalog_searchsynonym_add')}?{urlencode({'line': row['query'] + ' => '})}"
    return format_html('<a class="addlink" href="{}">Add a synonym</a>', url)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "-"


def _one(number: float | None) -> str:
    return "-" if number is None else f"{number:.1f}"
