"""
Whatever is wrong with a request, the answer is the contract's error, and nothing is written.

Each row of the access table is a good request; here it is sent in every way that is bad. Whose things may be touched is
for the access table itself.
"""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.conf import settings as shop_settings
from django.db import transaction
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.services import issue_tokens
from accounts.tokens import ACCESS
from tests.api.access.table import Rule
from tests.api.description import operation_at, validator
from tests.api.test_access import RULES, everything, forget_carts
from tests.api.world import World, make_world

CALLERS = ["buyer", "other_buyer", "seller", "admin", "anonymous"]
GOOD = [rule for rule in RULES if min(rule.expected().values()) < 300]
WITH_BODY = [rule for rule in GOOD if "requestBody" in operation_at(rule.method, rule.path)]
WITH_PATH = [rule for rule in GOOD if "{" in rule.path]
WITH_QUERY = [rule for rule in GOOD if rule.method == "GET" and operation_at("GET", rule.path).get("parameters")]
WITH_TOKEN = [rule for rule in GOOD if {"bearer": []} in operation_at(rule.method, rule.path).get("security", [])]
NO_JSON = [
    b'{"rating": ',
    b"\xff\xfe",
    b"\0",
    b"{'a': 1}",
    b'{"a": NaN}',
    b'{"a": "\\ud800"}',
    b"[" * 100_000,
    b'{"a": 1e999999}',
]
NO_OBJECT: list[Any] = [[], ["a"], "text", 5, True, None]
ODD: list[Any] = [None, True, -1, 7.5, 10**30, "", "nul \0", "x" * 200_000, "१२", [], [[]], {}, {"a": {"b": 1}}]
ODD_TEXT = ["", "nul \0", "-1", "9" * 40, "NaN", "1e400", "' OR 1=1 --", "%s%n{}", "é" * 2000, "😀"]
ODD_IDS = [str(10**12), str(2**63), "9" * 40, "-1", "0", "1.5", "x", "nul%00", "%2e%2e", "' OR 1=1 --", "é"]


@pytest.fixture
def world(db, settings) -> World:
    settings.API_THROTTLES = dict.fromkeys(settings.API_THROTTLES, (10_000, 60))
    many = (10_000, 60)
    settings.GUESSES = {kind: dict.fromkeys(limits, many) for kind, limits in settings.GUESSES.items()}
    settings.REGISTER_ATTEMPTS = settings.REVIEW_ATTEMPTS = settings.SEARCHES = many
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    return make_world()


class Sender:
    """Sends variations of a good request as somebody who may send it; what is accepted is undone."""

    def __init__(self, rule: Rule, world: World) -> None:
        self.rule, self.world = rule, world
        self.caller = next(name for name in CALLERS if rule.expected()[name] < 300)
        self.client = world.client(self.caller)
        self.path = f"/api/v1{rule.path.format(**world.ids)}"
        self.body = rule.body(world) if callable(rule.body) else rule.body
        forget_carts()
        self.arrange()
        self.before = everything()

    def arrange(self) -> None:
        user = self.world.actors[self.caller]
        if self.rule.arrange and user:
            self.rule.arrange(self.world, user)

    def send(self, body: bytes = b"", media_type: str = "application/json", **changes: Any) -> int:
        undo = transaction.savepoint()
        client, path = changes.get("client", self.client), changes.get("path", self.path)
        headers = {**self.rule.headers, **changes.get("headers", {})}
        response = client.generic(changes.get("method", self.rule.method), path, body, media_type, headers=headers)
        status: int = response.status_code
        if status >= 400:
            assert status < 500
            answer = response.json()
            assert answer.keys() == {"type", "errors"}
            assert answer["errors"]
            assert all(error.keys() == {"code", "detail", "attr"} for error in answer["errors"])
            transaction.savepoint_commit(undo)
        else:
            transaction.savepoint_rollback(undo)
            forget_carts()
            self.arrange()
            self.before["carts"] = everything()["carts"]  # a cart anew has another id
        return status

    def nothing_is_written(self) -> bool:
        return everything() == self.before


@pytest.fixture
def sender(rule: Rule, world: World) -> Iterator[Sender]:
    sender = Sender(rule, world)
    yield sender
    assert sender.nothing_is_written()


def each(rules: list[Rule]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("rule", rules, ids=str)


def variations(body: Any) -> Iterator[Any]:
    """With a field too much, one too few, or one that holds something odd; at every depth."""
    if isinstance(body, dict):
        yield {**body, "x-unknown": 1}
        for name, value in body.items():
            yield {other: body[other] for other in body if other != name}
            yield from ({**body, name: odd} for odd in ODD)
            yield from ({**body, name: varied} for varied in variations(value))
    elif isinstance(body, list) and body:
        yield from ([varied, *body[1:]] for varied in [*ODD, *variations(body[0])])


@each(WITH_BODY)
def test_bodies_that_are_none(sender: Sender):
    json_only = [sender.send(body) for body in NO_JSON]
    objects = [sender.send(json.dumps(body).encode()) for body in NO_OBJECT]

    assert set(json_only) == {400}
    assert set(objects) == {400}
    assert sender.send(b'{"a": "' + b"x" * shop_settings.DATA_UPLOAD_MAX_MEMORY_SIZE + b'"}') == 413
    for media_type in ("text/plain", "application/xml", "application/x-www-form-urlencoded", "nonsense"):
        assert sender.send(json.dumps(sender.body or {}).encode(), media_type) == 415


@each(WITH_BODY)
def test_bodies_that_break_the_schema(sender: Sender):
    described = operation_at(sender.rule.method, sender.rule.path)["requestBody"]["content"]["application/json"]
    fits = validator(described["schema"]).is_valid
    body = {name: value for name, value in (sender.body or {}).items() if isinstance(value, str | int | list | dict)}

    for varied in variations(body):
        status = sender.send(json.dumps(varied).encode())
        try:
            expected = 400 if not fits(varied) else status
        except ValueError:  # numbers that the validator cannot hold
            expected = status
        assert status == expected, varied


@each(WITH_PATH)
def test_addresses_of_nothing(sender: Sender):
    for name in re.findall(r"{(\w+)}", sender.rule.path):
        for odd in ODD_IDS:
            path = sender.rule.path.format(**{**sender.world.ids, name: odd})
            good = json.dumps(sender.body or {}).encode()
            assert sender.send(good, path=f"/api/v1{path}") in {404, 405}, path


@each(WITH_QUERY)
def test_odd_parameters(sender: Sender):
    for parameter in operation_at("GET", sender.rule.path)["parameters"]:
        for odd in ODD_TEXT:
            client = sender.client
            response = client.get(sender.path, {parameter["name"]: odd})
            assert response.status_code in {200, 400, 404}, (parameter["name"], odd)
    assert sender.send(path=f"{sender.path}?page=1&page=2&x[]=%ff&%00=%00") in {200, 400, 404}


@each(WITH_TOKEN)
def test_tokens_that_do_not_count(sender: Sender):
    user = sender.world.actors["admin"]
    pair = issue_tokens(user)
    claims = jwt.decode(pair.access_token, options={"verify_signature": False})
    key = shop_settings.JWT_KEYS[0]
    head, payload, signature = pair.access_token.split(".")
    before = int((timezone.now() - timedelta(hours=1)).timestamp())
    bad = [
        "", "x", "a.b.c", "é", pair.refresh_token, f"{head}.{payload}.", f"{head}.{payload}.{signature[::-1]}",
        jwt.encode(claims, "another key, as long as it has to be", algorithm="HS256"),
        jwt.encode(claims, None, algorithm="none"),
        jwt.encode({**claims, "exp": before}, key, algorithm="HS256"),
        jwt.encode({**claims, "sub": "10000000000000"}, key, algorithm="HS256"),
        jwt.encode({**claims, "sub": "x"}, key, algorithm="HS256"),
        jwt.encode({**claims, "sv": -1}, key, algorithm="HS256"),
        jwt.encode({**claims, "token_type": "other"}, key, algorithm="HS256"),
        jwt.encode({"token_type": ACCESS}, key, algorithm="HS256"),
        sender.world.tokens["inactive"],
    ]  # fmt: skip
    sender.before = everything()  # with the tokens just issued
    body = json.dumps(sender.body or {}).encode()

    for token in bad:
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}".encode().decode("latin-1"))
        assert sender.send(body, client=client) == 401, token


@each(GOOD)
def test_methods_that_there_are_not(sender: Sender):
    allowed = {rule.method for rule in RULES if _shape(rule) == _shape(sender.rule)}
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - allowed:
        status = sender.send(method=method)
        assert status == 405 or ("slug" in sender.rule.path and status in {403, 404}), (
            method
        )  # ids are written, not slugs


@each([rule for rule in WITH_BODY if "Idempotency-Key" in str(operation_at(rule.method, rule.path).get("parameters"))])
def test_keys_that_are_none(sender: Sender):
    body = json.dumps(sender.body or {}).encode()
    for key in ("", " ", "a b", "x" * 256, "é"):
        assert sender.send(body, headers={"Idempotency-Key": key}) == 400, key


def _shape(rule: Rule) -> str:
    return re.sub(r"{[^}]*}", "{}", rule.path)
