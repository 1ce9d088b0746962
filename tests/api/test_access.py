"""Every endpoint, asked for by everybody: the status is that of the table, and who is refused has changed nothing."""

import re
from collections.abc import Iterator
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.urls import URLPattern, URLResolver, get_resolver

from pymart.common.redis import connection as redis
from pymart.common.redis import key
from tests.api.access.table import Rule
from tests.api.world import World, make_world

APPS = ["accounts", "catalog", "cart", "orders", "payments", "reviews"]
RULES: list[Rule] = [rule for app in APPS for rule in import_module(f"tests.api.access.{app}").RULES]
OURS = {*APPS, "common", "token_blacklist"}


@pytest.fixture
def world(db, settings) -> World:
    settings.API_THROTTLES = dict.fromkeys(settings.API_THROTTLES, (10_000, 60))
    return make_world()


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_each_caller_gets_what_the_table_says(rule: Rule, world: World):
    answers = {}
    for name in rule.expected():
        undo = transaction.savepoint()
        answers[name] = _ask(rule, world, name)
        transaction.savepoint_rollback(undo)
        forget_carts()

    assert answers == rule.expected()


def test_the_table_has_every_endpoint():
    assert {_shape(method, path) for method, path in _endpoints()} == {
        _shape(rule.method, f"/api/v1{rule.path}") for rule in RULES
    }


def _ask(rule: Rule, world: World, name: str) -> int:
    user = world.actors[name]
    if rule.arrange and user:
        rule.arrange(world, user)
    before = everything()
    body = rule.body(world) if callable(rule.body) else rule.body
    response = world.client(name).generic(
        rule.method,
        f"/api/v1{rule.path.format(**world.ids)}",
        *encoded(world.client(name), body, multipart=rule.multipart),
        headers=dict(rule.headers),
    )
    if response.status_code >= 400:
        assert everything() == before, f"{name} was refused and changed something"
        assert response.json().keys() == {"type", "errors"}
    return response.status_code


def encoded(client, body, *, multipart: bool) -> tuple[bytes, str]:
    if body is None:
        return b"", "application/json"
    return client._encode_data(body, "multipart" if multipart else "json", None)


def everything() -> dict[str, str]:
    """What the shop knows, as fingerprints of its tables and carts; tokens and counters of attempts aside."""
    tables = [model._meta.db_table for app in OURS for model in apps.get_app_config(app).get_models()]
    prints = " UNION ALL ".join(
        f"SELECT '{table}', md5(coalesce(string_agg(t::text, ';' ORDER BY t::text), '')) FROM {table} t"  # noqa: S608
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(prints)
        found = dict(cursor.fetchall())
    with redis() as client:
        carts = {name: client.hgetall(name) for name in sorted(client.keys(key("cart", "*")))}
    return {**found, "carts": str(carts)}


def forget_carts() -> None:
    with redis() as client:
        for name in client.keys(key("cart", "*")):
            client.delete(name)


def _endpoints() -> Iterator[tuple[str, str]]:
    for path, pattern in _patterns(get_resolver().url_patterns, "/"):
        view = getattr(pattern.callback, "view_class", None)
        if path.startswith("/api/") and view:
            yield from (
                (method.upper(), path) for method in view().allowed_methods if method not in ("HEAD", "OPTIONS")
            )


def _patterns(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern.url_patterns, path)
        else:
            yield path, pattern


def _shape(method: str, path: str) -> tuple[str, str]:
    return method.upper(), re.sub(r"<[^>]*>|{[^}]*}", "{}", path)
