"""One URL answers the whole page or, to htmx, the fragment it asked for."""

from collections.abc import Collection
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails


class HtmxRequest(HttpRequest):
    htmx: HtmxDetails


def wants_fragment(request: HttpRequest, fragments: Collection[str]) -> str | None:
    """The fragment that htmx wants to replace, if it is one of `fragments`; None when the whole page is due."""
    htmx = request.htmx  # type: ignore[attr-defined]
    if not htmx or htmx.boosted or htmx.history_restore_request:
        return None
    return htmx.target if htmx.target in fragments else None


def page_or_fragment(
    request: HttpRequest,
    template: str,
    fragments: Collection[str],
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """
    Render `template`, or its partial named like the element that htmx is about to replace.

    A fragment is named as the DOM id it replaces; a target outside `fragments` gets the whole page.
    """
    fragment = wants_fragment(request, fragments)
    name = f"{template}#{fragment}" if fragment else template
    response = render(request, name, {**context, "is_fragment": bool(fragment)}, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response
