"""`live.js` in Chromium, against the web server of production."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from accounts.services import mark_read, notify
from orders.models import Order
from orders.services import mark_paid
from tests.chromium import elsewhere
from tests.factories import make_user
from tests.shop import make_variant, place
from tests.web import WebServer, session_cookie

pytestmark = pytest.mark.browser
INBOX = "/account/notifications/"
expect.set_options(timeout=20_000)


@pytest.fixture
def user(web) -> User:
    return make_user()


@pytest.fixture
def order(user) -> Order:
    return place(user, make_variant())


@pytest.fixture
def signed_in(chromium, web, user) -> Iterator[BrowserContext]:
    """A browser in which the user is logged in; an error in a page's scripts fails the test."""
    context = chromium.new_context(base_url=web.url)
    context.add_cookies([{"name": "sessionid", "value": session_cookie(user), "url": web.url}])
    errors: list[str] = []
    context.on("weberror", lambda error: errors.append(str(error.error)))
    yield context
    context.close()
    assert [error for error in errors if "Transition" not in error] == []  # one that a navigation cut short is none


@pytest.fixture
def open_page(signed_in) -> Callable[..., Page]:
    """A tab that the server has put into its group and told all that was to tell."""

    def open_page(path: str = INBOX) -> Page:
        page = signed_in.new_page()
        load(page, lambda: page.goto(path))
        return page

    return open_page


def load(page: Page, go: Callable[[], object]) -> None:
    frames: list[str] = []
    page.once("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(str(frame))))
    go()
    wait_until(page, lambda: any("pong" in frame for frame in frames))


def tell(user: User, title: str = "Payment received", **fields) -> None:
    elsewhere(lambda: notify(user=user, type="order.paid", title=title, **fields))


def wait_until(page: Page, holds: Callable[[], object], seconds: float = 30) -> None:
    for _ in range(int(seconds * 20)):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError("It did not happen in time.")


def toast(page: Page, text: str):
    return page.locator("#toasts .toast", has_text=text)


def test_a_notification_shows_once_as_toast_on_the_bell_and_in_the_open_list(open_page, user):
    page = open_page()
    expect(page.locator("#inbox")).to_contain_text("All quiet")
    tell(user, body="₹1,299 for PM-7K3Q9F.", url="/orders/PM-7K3Q9F/")
    expect(toast(page, "Payment received. ₹1,299 for PM-7K3Q9F.")).to_have_class(re.compile("toast--success"))
    expect(toast(page, "Payment received").get_by_role("link")).to_have_attribute("href", "/orders/PM-7K3Q9F/")
    expect(page.locator("#bell-badge")).to_have_text("1")
    expect(page.locator("#inbox .inbox__item--unread")).to_have_count(1)
    load(page, page.reload)
    expect(toast(page, "Payment received")).to_have_count(0)
    expect(page.locator("#bell-badge")).to_have_text("1")


def test_every_tab_shows_it_and_reading_it_anywhere_clears_the_bell_of_all(open_page, user):
    tabs = [open_page(), open_page("/help/")]
    tell(user)
    for page in tabs:
        expect(toast(page, "Payment received")).to_be_visible()
        expect(page.locator("#bell-badge")).to_have_text("1")
    tabs[0].get_by_role("button", name="Mark all read").click()
    for page in tabs:
        expect(page.locator("#bell-badge")).to_have_text("")
    expect(tabs[0].locator(".inbox__item--unread")).to_have_count(0)
    tell(user)
    for page in tabs:
        expect(page.locator("#bell-badge")).to_have_text("1")
    elsewhere(lambda: mark_read(user=user))
    for page in tabs:
        expect(page.locator("#bell-badge")).to_have_text("")


def test_the_open_bell_follows(open_page, user):
    tell(user, "First")
    page = open_page("/help/")
    page.locator("#bell").click()
    panel = page.locator("#bell-panel")
    expect(panel.locator(".inbox__item")).to_have_count(1)
    tell(user, "Second")
    expect(panel.locator(".inbox__item")).to_have_count(2)
    panel.get_by_role("button", name="Mark all read").click()
    expect(panel.locator(".inbox__item--unread")).to_have_count(0)
    expect(panel).to_be_visible()
    expect(page.locator("#bell-badge")).to_have_text("")


def test_the_open_order_page_turns_paid_by_itself(open_page, order):
    page = open_page(f"/orders/{order.number}/")
    page.evaluate("window.sameDocument = true")
    elsewhere(lambda: mark_paid(order=Order.objects.get(pk=order.pk)))
    expect(page.locator("#order-status")).to_contain_text("Paid")
    expect(page.locator("#order-status").get_by_role("link", name="Pay now")).to_have_count(0)
    assert page.evaluate("window.sameDocument")


def test_what_happens_between_page_and_connection_is_not_missed(signed_in, user):
    page = signed_in.new_page()
    held = []
    page.route("**/live*.js", lambda route: held.append(route))
    page.goto(INBOX, wait_until="commit")
    page.wait_for_function("document.body && document.body.dataset.live")
    wait_until(page, lambda: held)
    tell(user)
    held[0].continue_()
    expect(toast(page, "Payment received")).to_be_visible()


def test_after_five_tries_a_button_reconnects_and_brings_what_was_missed(signed_in, user, web: WebServer):
    page = signed_in.new_page()
    page.clock.install()
    page.add_init_script("Math.random = () => 0.5")  # in the middle of the jitter
    sockets = []
    page.on("websocket", lambda socket: sockets.append(socket))
    page.goto(INBOX)
    wait_until(page, lambda: sockets)
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 1"))
    web.stop()
    off = toast(page, "Live updates are off")
    for number, delay in enumerate((1, 2, 4, 8, 16), start=1):
        wait_until(page, sockets[-1].is_closed)
        expect(off).to_have_count(0)
        page.clock.run_for(delay * 500)
        assert len(sockets) == number, "it does not hurry"
        page.clock.run_for(delay * 500)
        wait_until(page, lambda number=number: len(sockets) == number + 1)
    expect(off).to_be_visible()
    page.clock.run_for(300_000)
    assert len(sockets) == 6, "it does not go on for ever"
    page.clock.resume()
    tell(user)
    web.start()
    off.get_by_role("button", name="Reconnect").click()
    expect(off).to_have_count(0)
    expect(toast(page, "Payment received")).to_be_visible()
    expect(page.locator("#bell-badge")).to_have_text("1")


def test_a_server_that_comes_back_is_found_and_what_was_missed_is_one_toast(open_page, user, web: WebServer):
    page = open_page()
    web.stop()
    for number in range(5):
        tell(user, f"News {number}")
    web.start()
    expect(toast(page, "You have 5 new notifications.")).to_be_visible()
    expect(page.locator("#bell-badge")).to_have_text("5")
    expect(page.locator("#inbox .inbox__item")).to_have_count(5)


def test_a_connection_that_went_silent_is_replaced(signed_in, user):
    """As after a change of networks: the socket looks open, and nothing comes."""
    page = signed_in.new_page()
    page.clock.install()
    opened = []
    page.route_web_socket(re.compile("/ws"), lambda socket: opened.append(socket))
    page.goto(INBOX)
    wait_until(page, lambda: opened)
    page.clock.run_for(8_000)
    assert len(opened) == 1
    page.clock.run_for(4_000)
    wait_until(page, lambda: len(opened) == 2)


def test_without_websockets_the_page_works_all_the_same(signed_in, user):
    page = signed_in.new_page()
    page.add_init_script("delete window.WebSocket")
    tell(user)
    page.goto("/help/")
    page.locator("#bell").click()
    expect(page.locator("#bell-panel .inbox__item")).to_have_count(1)


def test_logging_out_in_one_tab_ends_the_other_without_an_offer_to_reconnect(open_page, user):
    page, other = open_page(), open_page()
    page.locator("summary", has_text="Account").click()
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/")
    tell(user)
    other.wait_for_timeout(800)
    expect(toast(other, "Payment received")).to_have_count(0)
    expect(toast(other, "Live updates are off")).to_have_count(0)
