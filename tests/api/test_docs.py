"""`/docs` in real Chromium: what a developer sees, and a call made from it with a token."""

import os
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from accounts.services import issue_tokens
from tests.factories import make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_developer_reads_the_docs_authorizes_and_calls(live_server, new_tab):
    token = issue_tokens(make_user(email="asha@example.com")).access_token
    page = new_tab(viewport={"width": 1280, "height": 900})
    complaints: list[str] = []
    hosts: set[str] = set()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(f"{request.url} {request.failure}"))
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))

    page.goto(f"{live_server.url}/docs")
    expect(page.get_by_role("heading", name="PyMart")).to_be_visible()
    expect(page.locator(".opblock-tag-section")).to_have_count(8)
    expect(page.locator("#operations-orders-orders_checkout")).to_be_visible()

    page.get_by_role("button", name="Authorize").click()
    page.locator(".auth-container input").fill(token)
    page.locator(".auth-btn-wrapper .authorize").click()
    page.locator(".auth-btn-wrapper .btn-done").click()

    me = page.locator("#operations-auth-auth_me")
    me.locator(".opblock-summary-control").click()
    me.get_by_role("button", name="Try it out").click()
    me.get_by_role("button", name="Execute").click()
    expect(me.locator(".live-responses-table tbody .response-col_status")).to_have_text(re.compile("200"))
    expect(me.locator(".live-responses-table")).to_contain_text("asha@example.com")

    if folder := os.environ.get("SHOTS"):  # for people
        page.screenshot(path=f"{folder}/docs-me.png")
    checkout = page.locator("#operations-orders-orders_checkout")
    checkout.locator(".opblock-summary-control").click()
    expect(checkout).to_contain_text("Idempotency-Key")
    expect(checkout.locator(".responses-wrapper")).to_contain_text("409")
    if folder:
        checkout.scroll_into_view_if_needed()
        page.screenshot(path=f"{folder}/docs-checkout.png")
        page.evaluate("scrollTo(0, 0)")
        page.screenshot(path=f"{folder}/docs-top.png")

    assert not complaints
    assert {host for host in hosts if host} == {urlsplit(live_server.url).netloc}


def test_the_docs_fit_a_phone(live_server, new_tab):
    page = new_tab(viewport={"width": 360, "height": 780})
    page.goto(f"{live_server.url}/docs")
    for operation in ("orders-orders_checkout", "products-products_list"):
        opened = page.locator(f"#operations-{operation}")
        opened.locator(".opblock-summary-control").click()
        expect(opened.locator(".responses-wrapper")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    if folder := os.environ.get("SHOTS"):  # for people
        page.locator("#operations-orders-orders_checkout").scroll_into_view_if_needed()
        page.screenshot(path=f"{folder}/docs-phone.png")
