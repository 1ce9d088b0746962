"""What the components in templates/ui need beyond plain includes. Usage of each: /debug/ui/."""

import json
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField, Form, widgets
from django.http import HttpRequest, QueryDict
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince

from pymart.common import money
from pymart.common.staticfiles import stylesheet_urls

register = template.Library()
register.filter("inr", money.inr)
register.filter("rupees", money.rupees)
register.filter("grouped", money.group_indian)

STAR_WIDTH = 24  # of one star in the sprite's symbol "stars"
JSON_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.simple_tag
@cache
def icon(name: str, classes: str = "", label: str = "") -> SafeString:
    """An icon of the sprite: silent beside text, named by `label` where it stands alone."""
    return format_html(
        '<svg class="icon {}" width="20" height="20" {}><use href="{}#{}"/></svg>',
        classes,
        format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"'),
        static("icons/sprite.svg"),
        name,
    )


@register.simple_tag
def stylesheets() -> SafeString:
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', ((url,) for url in stylesheet_urls()))


@register.filter
def signed(number: Decimal | int) -> str:
    """With + or −, as changes are written."""
    sign = "+" if number > 0 else "\N{MINUS SIGN}" if number < 0 else ""
    return f"{sign}{money.group_indian(abs(number))}"


@register.filter
def stars_width(rating: Decimal | float | None) -> str:
    """How much of the five stars is filled, as a width."""
    return f"{min(max(float(rating or 0), 0), 5) * STAR_WIDTH:.1f}"


@register.filter
def ago(moment: datetime) -> str:
    """How long ago in one unit, and after a week the date: beside it a title or `<time>` gives the exact moment."""
    age = timezone.now() - moment
    if age < timedelta(minutes=1):
        return "just now"
    if age < timedelta(days=7):
        return f"{timesince(moment, depth=1)} ago"
    return date_format(timezone.localtime(moment), "j F Y")


@register.filter
def initials(name: str) -> str:
    words = str(name).split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:]))


@register.filter
def page_numbers(page: Page) -> list[int | str]:
    """Page numbers around this one, with an ellipsis for what is left out."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


def _request(context: Context) -> HttpRequest:
    return context.request  # type: ignore[attr-defined]  # kept even by `include … only`


def _address(request: HttpRequest, query: QueryDict) -> str:
    return f"{request.path}?{query.urlencode()}" if query else request.path


@register.simple_tag(takes_context=True)
def url_with(context: Context, **changes: Any) -> str:
    """
    This address with other parameters: None or "" removes one.

    Whatever changes, the first page is due again, unless `page` is what changes.
    """
    request = _request(context)
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in changes.items():
        if value in (None, "") or (name == "page" and value == 1):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return _address(request, query)


@register.simple_tag(takes_context=True)
def url_without(context: Context, **values: Any) -> str:
    """This address less one value of a parameter that may be given several times: for removable chips."""
    request = _request(context)
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in values.items():
        query.setlist(name, [item for item in query.getlist(name) if item != str(value)])
        if not query.getlist(name):
            query.pop(name, None)
    return _address(request, query)


def _kind(widget: widgets.Widget) -> str:
    match widget:
        case widgets.RadioSelect():  # and CheckboxSelectMultiple, which descends from it
            return "group"
        case widgets.CheckboxInput():
            return "check"
        case widgets.PasswordInput():
            return "password"
        case widgets.FileInput():
            return "file"
    return "input"


@register.simple_tag
def field(
    bound: BoundField,
    *,
    label: str = "",
    help: str = "",
    prefix: str = "",
    mark_optional: bool = True,
    **attributes: Any,
) -> SafeString:
    """
    One form field with its label, help and errors, tied together for screen readers.

    Further arguments become attributes of the control: `{% field form.pin inputmode="numeric" %}`.
    """
    if bound.is_hidden:
        return bound.as_widget()
    if help:
        bound.help_text = help
    attributes = {name.replace("_", "-"): value for name, value in attributes.items()}
    context = {
        "field": bound,
        "kind": _kind(bound.field.widget),
        "control": bound.as_widget(attrs=attributes),
        "label": label or bound.label,
        "prefix": prefix,
        "optional": mark_optional and not bound.field.required,
    }
    return render_to_string("ui/field.html", context)


@register.inclusion_tag("ui/form_errors.html")
def form_errors(form: Form) -> dict[str, Any]:
    """What is wrong with the form, on top of it, with links to the fields; takes the focus."""
    fields = [
        {
            "target": bound.id_for_label or f"{bound.auto_id}_0",
            "label": bound.label,
            "errors": bound.errors,
        }
        for bound in form
        if bound.errors
    ]
    return {"fields": fields, "others": form.non_field_errors(), "any": bool(form.errors)}


@register.inclusion_tag("ui/table.html")
def table(*, caption: str, columns: list[dict[str, Any]], rows: list[list[Any]]) -> dict[str, Any]:
    """A plain table; each column has a `label` and, where it holds numbers, `num`."""
    cells = [[{"value": value, **column} for value, column in zip(row, columns, strict=True)] for row in rows]
    return {"caption": caption, "columns": columns, "rows": cells}


@register.simple_block_tag
def card(content: str, title: str = "", level: int = 2, classes: str = "", id: str = "") -> str:
    """A card around its block."""
    context = {"content": content, "title": title, "level": level, "classes": classes, "id": id}
    return render_to_string("ui/card.html", context)


@register.simple_block_tag
def dialog(content: str, id: str, title: str) -> str:
    """A modal dialog around its block; `<a href="#id">` opens it, with or without JavaScript."""
    return render_to_string("ui/dialog.html", {"content": content, "id": id, "title": title})


@register.simple_tag
def json_ld(data: dict[str, Any]) -> SafeString:
    """Structured data for search engines; no text in it can end the script element."""
    text = json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False, default=str)
    return mark_safe(f'<script type="application/ld+json">{text.translate(JSON_ESCAPES)}</script>')  # noqa: S308


@register.simple_tag
def ui_samples() -> dict[str, Any]:
    """Made-up data for the gallery of components at /debug/ui/."""
    from pymart.common import samples

    return samples.everything()
