"""Every address of the site, with something in the place of its arguments."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

SAMPLES = {"int": "1", "slug": "x", "str": "x", "path": "x", "uuid": "0d9a5c2e-0000-4000-8000-000000000000"}
BY_EXPRESSION = {"^api/": "api/x", "(?P<url>.*)$": "x"}  # the others stand for themselves


def addresses() -> Iterator[tuple[str, str]]:
    """Address and full name of each view."""
    return _below(get_resolver().url_patterns, "/", ())


def _below(patterns: list[URLPattern | URLResolver], so_far: str, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        here = so_far + _sample(pattern)
        if isinstance(pattern, URLResolver):
            yield from _below(pattern.url_patterns, here, (*names, *filter(None, [pattern.namespace])))
        else:
            yield here, ":".join([*names, str(pattern.name or pattern.lookup_str)])


def _sample(pattern: URLPattern | URLResolver) -> str:
    route = str(pattern.pattern)
    if not isinstance(pattern.pattern, RoutePattern):
        apps = re.match(r"\^\(\?P<app_label>(\w+)\|", route)  # of the admin
        return f"{apps[1]}/" if apps else BY_EXPRESSION.get(route, route)
    for name, converter in pattern.pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        route = route.replace(f"<{kind}:{name}>", SAMPLES[kind]).replace(f"<{name}>", SAMPLES[kind])
    return route
