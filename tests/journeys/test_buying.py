"""A shopper's whole way in real Chromium: with JavaScript, and without."""

import re
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from orders.models import Order
from orders.services import advance_seller_order
from tests.chromium import elsewhere
from tests.factories import PASSWORD, make_address, make_user
from tests.shop import make_variant, place

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
SOON = 20_000  # milliseconds; the machine may be busy


@pytest.fixture
def lamp():
    return make_variant(title="Brass Peacock Lamp", price="250.00", mrp="400.00")


def find_and_add(page: Page, shop: str) -> None:
    """Home, search, product, cart, as a guest."""
    page.goto(shop)
    page.locator("input[name=q]:visible").first.fill("peacock lamp")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Brass Peacock Lamp").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Brass Peacock Lamp")
    page.wait_for_load_state()  # on phones the styles move the button into a bar
    page.locator("button:visible", has_text="Add to cart").first.click()


def register(page: Page) -> None:
    page.get_by_role("link", name=re.compile("Create an account|Register|Sign up", re.I)).first.click()
    page.get_by_label("Full name").fill("Asha Rao")
    page.get_by_label("E-mail").fill("asha@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("checkbox", name=re.compile("terms", re.I)).check()
    page.get_by_role("main").get_by_role("button", name=re.compile("Create", re.I)).click()


def fill_address(page: Page) -> None:
    page.get_by_label("Mobile number").fill("98765 43210")
    page.get_by_label("PIN code").fill("560025")
    page.get_by_label("Flat, house no., building").fill("14 Residency Road")


def to_the_last_step(page: Page) -> None:
    page.get_by_role("link", name="Continue to checkout").click()
    register(page)
    page.get_by_role("link", name="Continue to address").click()
    fill_address(page)
    page.get_by_role("button", name="Save and deliver here").click()
    expect(page.get_by_role("heading", name="Place your order")).to_be_visible()
    page.get_by_role("button", name="Place order and pay ₹299").click()


def test_a_purchase_with_javascript(shop, lamp, new_tab):
    page = new_tab(viewport={"width": 360, "height": 780})
    find_and_add(page, shop)
    expect(page.locator("#cart-badge")).to_have_text("1")
    page.goto(f"{shop}/cart/")
    to_the_last_step(page)
    checkout = page.frame_locator("iframe").first
    checkout.get_by_role("button", name="Pay ₹299").click()
    expect(page).to_have_url(re.compile(r"/orders/PM-\w+/$"), timeout=SOON)
    expect(page.get_by_text("Paid", exact=True).first).to_be_visible()
    order = Order.objects.get()
    assert (order.status, order.city, order.state) == ("paid", "Bengaluru", "Karnataka")


def test_a_purchase_without_javascript(shop, lamp, new_tab):
    page = new_tab(java_script_enabled=False)
    find_and_add(page, shop)
    expect(page).to_have_url(f"{shop}/cart/")
    to_the_last_step(page)
    page.get_by_role("button", name="Pay ₹299").click()  # to the gateway's own page
    page.get_by_role("button", name="Pay ₹299").click()
    page.get_by_role("button", name="Approve in the app").click()
    page.get_by_role("button", name=re.compile("Continue to", re.I)).click()
    expect(page).to_have_url(re.compile(r"/orders/PM-\w+/$"))
    assert Order.objects.get().status == "paid"


def log_in(page: Page, shop: str, email: str) -> None:
    page.goto(f"{shop}/account/login/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name=re.compile("Log in", re.I)).click()
    expect(page).not_to_have_url(re.compile("login"))


def test_the_open_order_page_follows_the_order(shop, lamp, new_tab):
    buyer = make_user()
    make_address(buyer, is_default=True)
    order = place(buyer, lamp)
    page = new_tab(viewport={"width": 1280, "height": 800})
    log_in(page, shop, buyer.email)
    page.goto(shop + order.get_absolute_url())
    expect(page.get_by_text("Waiting for payment")).to_be_visible()
    other = page.context.new_page()
    other.goto(f"{shop}{order.get_absolute_url()}pay/")
    other.frame_locator("iframe").first.get_by_role("button", name="Pay ₹299").click()
    # The first tab has not been touched since: the webhook's notification brings it up to date.
    expect(page.locator("#order-status")).to_contain_text("Paid", timeout=SOON)
    expect(page.locator("#bell-badge")).to_have_text("1")
    part = order.seller_orders.get()
    for step, shown in [("processing", "Being packed"), ("shipped", "On its way")]:
        elsewhere(partial(advance_seller_order, seller_order=part, to=step, actor=part.seller.user))
        expect(page.locator("#order-status")).to_contain_text(shown, timeout=SOON)


def test_cancelling_a_paid_order_shows_the_refund(shop, lamp, new_tab):
    buyer = make_user()
    order = place(buyer, lamp)
    page = new_tab(viewport={"width": 360, "height": 780})
    log_in(page, shop, buyer.email)
    page.goto(f"{shop}{order.get_absolute_url()}pay/")
    page.frame_locator("iframe").first.get_by_role("button", name="Pay ₹299").click()
    expect(page).to_have_url(re.compile(r"/orders/PM-\w+/$"), timeout=SOON)
    page.get_by_role("link", name="Cancel order").click()
    page.get_by_role("button", name="Cancel the order").click()
    expect(page.locator("#order-status")).to_contain_text("refund", timeout=SOON)
    expect(page.locator("#order-status")).to_contain_text("Refunded ₹299", timeout=SOON)


def test_a_purchase_by_keyboard_alone(shop, lamp, new_tab):
    buyer = make_user()
    make_address(buyer, is_default=True)
    page = new_tab(viewport={"width": 1280, "height": 800})
    log_in(page, shop, buyer.email)
    page.goto(f"{shop}{lamp.product.get_absolute_url()}")

    def press(name: str, role: str = "button") -> None:
        """Tab to it and press Enter; a page where it cannot be reached fails."""
        for _ in range(120):
            page.keyboard.press("Tab")
            label = page.evaluate("(document.activeElement.ariaLabel || document.activeElement.innerText || '').trim()")
            if label.startswith(name):
                page.keyboard.press("Enter")
                return
        raise AssertionError(f"{name} cannot be reached by Tab on {page.url}")

    press("Buy now")
    page.wait_for_url("**/checkout/")
    press("Continue to address")
    page.wait_for_url("**/checkout/address/")
    press("Deliver here")
    page.wait_for_url("**/checkout/pay/")
    press("Place order and pay")
    page.wait_for_url("**/pay/")
    pay = page.frame_locator("iframe").first.get_by_role("button", name="Pay ₹299")
    expect(pay).to_be_visible()
    pay.press("Enter")
    expect(page).to_have_url(re.compile(r"/orders/PM-\w+/$"), timeout=SOON)
    assert Order.objects.get().status == "paid"
