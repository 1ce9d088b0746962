"""What a shopper sees and hears: nothing shuts anybody out, and the comforts of the frame work by keyboard."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from catalog.models import Category
from reviews.services import write_review
from tests.factories import PASSWORD, make_address, make_user
from tests.orders.selling import pay
from tests.shop import fill_cart, make_variant, place

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

PATIENCE = 60_000  # milliseconds: a whole page on a busy machine
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = [("light", 360), ("dark", 1280)]
if os.environ.get("A11Y") == "all":  # make a11y
    LOOKS += [("dark", 360), ("light", 1280)]
ANYBODY = ["/", "/search/?q=lamp", "/search/?q=nothing+like+it", "/cart/", "/account/login/", "/account/register/"]
RARE = ["/wishlist/", "/account/password/reset/", "/account/password/reset/sent/", "/offline/"]
STATIC = [
    "/about/",
    "/help/",
    "/grievance/",
    "/returns/",
    "/privacy/",
    "/terms/",
    "/sell/",
    "/sell/terms/",
    "/debug/ui/",
]
BUYER = [
    "/account/",
    "/account/addresses/",
    "/account/addresses/new/",
    "/account/password/",
    "/account/sessions/",
    "/account/data/",
    "/account/notifications/",
    "/checkout/",
    "/checkout/address/",
    "/orders/",
]


def complaints(page: Page, address: str) -> list[str]:
    page.goto(address)
    page.wait_for_function("!document.querySelector('.htmx-request')")
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    too_wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [
        *(f"{address}: {rule['id']} at {node['target'][0]}" for rule in found for node in rule["nodes"]),
        *([f"{address} scrolls sideways"] if too_wide else []),
    ]


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_nothing_on_any_page_shuts_anybody_out(shop, new_tab, theme, width):
    buyer = make_user(full_name="Asha Rao")
    make_address(buyer, is_default=True)
    lamp = make_variant(title="Brass Peacock Lamp", stock=3)
    order, paid = place(buyer, lamp), pay(place(buyer, lamp))
    fill_cart(buyer, lamp)
    review = write_review(author=make_user(), product=lamp.product, rating=4, body="Shines as on the first day.")
    about, about_it = f"/p/{lamp.product_id}/reviews/", f"/reviews/{review.pk}/"
    opinions = [about, f"{about}write/", f"{about_it}report/"]
    page = new_tab(
        color_scheme=theme,
        viewport={"width": width, "height": 800},
        reduced_motion="reduce",
        bypass_csp=True,  # axe is a script of ours, put into the page
        service_workers="block",
    )
    page.set_default_timeout(PATIENCE)
    pages = [*ANYBODY, *RARE, *STATIC, Category.objects.get().get_absolute_url(), lamp.product.get_absolute_url()]

    problems = [text for path in pages for text in complaints(page, shop + path)]
    page.goto(f"{shop}/account/login/")
    page.get_by_label("E-mail").fill(buyer.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    page.wait_for_url(lambda address: "login" not in address)
    own = [*BUYER, *opinions, order.get_absolute_url(), f"{paid.get_absolute_url()}receipt/"]
    problems += [text for path in own for text in complaints(page, shop + path)]

    assert problems == []


def test_the_frame_of_every_page_is_comfortable_by_keyboard(shop, new_tab):
    page = new_tab(viewport={"width": 1280, "height": 800}, color_scheme="light")
    page.set_default_timeout(PATIENCE)
    page.goto(f"{shop}/help/")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()

    categories = page.locator(".header__menu summary")
    categories.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".mega")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".mega")).to_be_hidden()
    expect(categories).to_be_focused()

    page.get_by_role("banner").get_by_role("button", name="Dark theme").press("Enter")
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_suggestions_can_be_chosen_by_keyboard(shop, new_tab):
    make_variant()  # in the category "Things"
    page = new_tab(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(PATIENCE)
    page.goto(f"{shop}/help/")

    field = page.get_by_role("combobox", name="Search products")
    field.press_sequentially("thin")
    expect(field).to_have_attribute("aria-expanded", "true", timeout=PATIENCE)
    field.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_be_visible()
    field.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("thin")


def test_the_focus_stays_where_it_was_when_a_part_of_the_page_is_replaced(shop, new_tab):
    lamp = make_variant(title="Brass Peacock Lamp", stock=3)
    page = new_tab(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(PATIENCE)
    page.goto(f"{shop}{lamp.product.get_absolute_url()}")
    page.get_by_label("PIN code").fill("56")
    page.get_by_role("button", name="Check").press("Enter")
    expect(page.get_by_text("Enter a 6-digit PIN code")).to_be_visible()
    expect(page.get_by_role("button", name="Check")).to_be_focused()
    add = page.locator("button:visible", has_text="Add to cart")
    add.press("Enter")
    expect(page.get_by_role("link", name="View cart")).to_be_visible()
    expect(add).to_be_focused()

    page.get_by_role("link", name="View cart").press("Enter")
    page.get_by_role("button", name="Save for later").press("Enter")
    expect(page.get_by_role("button", name="Move Brass Peacock Lamp to the cart")).to_be_visible()
    expect(page.locator("#cart-content")).to_be_focused()
