"""
Debian's Chromium for tests, driven by Playwright: `new_tab` opens a tab in a browser profile of its own.

Playwright's synchronous API keeps an event loop running in the test's thread, in which Django refuses to touch the
database and other tests could not run theirs. So the browser lives for one module at a time.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

PATH = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MILLISECONDS = 15_000
Result = TypeVar("Result")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if PATH is None:
        pytest.skip("Chromium is not installed")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=PATH, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def new_tab(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """A function that opens a tab; it takes what Playwright's `new_context` takes, such as `viewport`."""
    contexts: list[BrowserContext] = []

    def new_tab(**options: Any) -> Page:
        context = chromium.new_context(**options)
        contexts.append(context)
        context.set_default_timeout(MILLISECONDS)
        return context.new_page()

    yield new_tab
    for context in contexts:
        context.close()


def elsewhere(function: Callable[[], Result]) -> Result:
    """What the function answers in another thread: while a browser is open, nothing can be pushed from this one."""

    def call() -> Result:
        try:
            return function()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=1) as executor:
        return executor.submit(call).result()
