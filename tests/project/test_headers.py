"""What every page says in its head: nothing runs in it, frames it, keeps it or follows from it that should not."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_address, make_admin, make_seller, make_user
from tests.project.addresses import addresses
from tests.shop import fill_cart, make_variant, place

pytestmark = pytest.mark.django_db

OF_DEVELOPMENT = ("/debug/", "/sandbox/", "/media/")  # not there with DEBUG off
FOR_MACHINES = ("/health", "/live", "/metrics")
OF_NOBODY = ("/.well-known/security.txt", "/sw.js")  # the same for everybody, and kept
WHO = ["anonymous", "buyer", "seller", "staff"]


def browser(who: str) -> Client:
    client = Client(raise_request_exception=False)
    if who == "buyer":
        buyer = make_user()
        make_address(buyer, is_default=True)
        lamp = make_variant()
        place(buyer, lamp)
        fill_cart(buyer, lamp)
        client.force_login(buyer)
    elif who == "seller":
        client.force_login(make_seller().user)
    elif who == "staff":
        client.force_login(make_admin())
    return client


def directives(policy: str) -> dict[str, list[str]]:
    return {name: sources for name, *sources in map(str.split, policy.split(";"))}


def complaints(response) -> list[str]:
    """What is missing in the head of a page, or stands in its body and may not."""
    csp = directives(response.get("Content-Security-Policy", "default-src *"))
    cache = response.get("Cache-Control", "")
    checks = {
        "default-src": csp["default-src"] == ["'self'"],
        "scripts": {"'unsafe-inline'", "'unsafe-eval'", "*", "https:", "data:"}.isdisjoint(
            csp.get("script-src", ["*"])
        ),
        "styles": csp.get("style-src") == ["'self'"],
        "frame-ancestors": csp.get("frame-ancestors") == ["'none'"],
        "base-uri and object-src": csp.get("base-uri") == csp.get("object-src") == ["'none'"],
        "form-action": csp.get("form-action", ["*"])[0] == "'self'",
        "X-Frame-Options": response.get("X-Frame-Options") == "DENY",
        "X-Content-Type-Options": response.get("X-Content-Type-Options") == "nosniff",
        "Referrer-Policy": response.get("Referrer-Policy") == "strict-origin-when-cross-origin",
        "Permissions-Policy": "camera=()" in response.get("Permissions-Policy", ""),
        "Cross-Origin-Opener-Policy": "same-origin" in response.get("Cross-Origin-Opener-Policy", ""),
        "Cache-Control": "private" in cache or "no-store" in cache,
    }
    found = [name for name, is_well in checks.items() if not is_well]
    if response.get("Content-Type", "").startswith("text/html"):
        html = response.content.decode()
        found += re.findall(r"<style|\sstyle=\"|\son[a-z]+=\"|href=\"javascript:", html)
        nonce = "|".join(
            re.escape(source[7:-1]) for source in csp.get("script-src", []) if source.startswith("'nonce-")
        )
        allowed = rf"\b(src=|type=\"application/(ld\+)?json\"{f'|nonce=.({nonce})' if nonce else ''})"
        found += [tag for tag in re.findall(r"<script[^>]*>", html) if not re.search(allowed, tag)]
    return found


@pytest.mark.parametrize("who", WHO)
def test_every_page_for_everybody(who):
    client = browser(who)
    pages = [address for address, _ in addresses() if not address.startswith(("/api/", *FOR_MACHINES, *OF_DEVELOPMENT))]
    assert len(pages) > 150
    answers = {page: client.get(page) for page in pages}
    failed = {page: answer.status_code for page, answer in answers.items() if answer.status_code >= 500}
    assert not failed
    wrong = {page: found for page, answer in answers.items() if (found := complaints(answer))}
    assert {page: wrong.pop(page) for page in OF_NOBODY} == {page: ["Cache-Control"] for page in OF_NOBODY}
    assert wrong == {}


@pytest.mark.parametrize("status", [400, 403, 404, 405, 429, 500])
def test_pages_that_say_what_went_wrong(status, monkeypatch, settings):
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    if status == 400:
        response = client.get("/", headers={"Host": "evil.example"})
    elif status == 403:
        response = client.post(reverse("accounts:login"))
    elif status == 404:
        response = client.get("/no/such/page/")
    elif status == 405:
        response = client.get(reverse("accounts:logout"))
    elif status == 429:
        settings.SEARCHES = (1, 60)
        response = [client.get("/search/?q=lamp") for _ in range(2)][-1]
    else:
        monkeypatch.setattr("accounts.views.login.form_page", None)
        response = client.get(reverse("accounts:login"))
    assert (response.status_code, complaints(response)) == (status, [])


def test_a_person_s_pages_are_kept_by_nobody(client):
    """Not even by the browser, whose back button must show nothing after logging out."""
    client.force_login(make_user())
    own = ["profile", "addresses", "sessions", "your-data", "your-data-download", "notifications"]
    for name in [*(f"accounts:{page}" for page in own), "orders:list"]:
        assert "no-store" in client.get(reverse(name))["Cache-Control"], name
