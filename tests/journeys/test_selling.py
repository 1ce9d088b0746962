"""A seller's way in real Chromium: from the application to the parcel that its buyer sees leave."""

import re
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from catalog.models import Product, Variant
from catalog.services import override_status
from orders.models import Order, SellerOrder
from reviews.services import write_review
from tests.accounts.test_admin_second_factor import code_of
from tests.chromium import elsewhere
from tests.factories import PASSWORD, make_address, make_admin, make_category, make_product, make_seller, make_user
from tests.factories import make_variant as make_size
from tests.journeys.test_buying import SOON, log_in
from tests.journeys.test_look import LOOKS, PATIENCE, complaints
from tests.journeys.test_pictures import BLUE, GREEN, RED
from tests.orders.selling import sold_by
from tests.web import session_cookie

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def apply(page: Page) -> None:
    page.get_by_label("Shop name").fill("Kaveri Crafts")
    page.get_by_label("Legal name").fill("Kaveri Crafts LLP")
    page.get_by_label("I have a GSTIN").check()
    page.get_by_label("GSTIN", exact=True).fill("29AAGCB7383J1Z4")
    page.get_by_label("PIN code").fill("560001")
    expect(page.get_by_label("City or town")).to_have_value("Bengaluru", timeout=SOON)
    page.get_by_label("Building, street, area").fill("12 Cubbon Road")
    page.get_by_label("Customer care mobile number").fill("98765 43210")
    page.get_by_label("Account holder").fill("Kaveri Crafts LLP")
    page.get_by_label("Account number", exact=True).fill("30204567891234")
    page.get_by_label("Account number again").fill("30204567891234")
    page.get_by_label("IFSC").fill("SBIN0001234")
    page.get_by_label("I accept the terms for sellers").check()
    page.get_by_role("button", name="Send the application").click()


def approve(page: Page, shop: str, staff: User) -> None:
    """In the admin, which first wants an authenticator app connected."""
    page.goto(f"{shop}/admin/accounts/sellerprofile/")
    page.locator("input[name=username]").fill(staff.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("img", name="QR code for your authenticator app")).to_be_visible()
    page.locator("input[name=code]").fill(elsewhere(partial(code_of, staff, confirmed=False)))
    page.get_by_role("button", name="Connect the app").click()
    page.get_by_role("link", name="I have kept them").click()
    page.goto(f"{shop}/admin/accounts/sellerprofile/")
    page.get_by_role("link", name="Kaveri Crafts").click()
    page.get_by_role("button", name="Approve").click()
    expect(page.locator(".messagelist")).to_contain_text("approved")


def list_lamps(page: Page) -> None:
    """One in brass, one in copper, with three pictures."""
    page.get_by_role("navigation", name="Your shop").get_by_role("link", name="Products").click()
    page.get_by_role("link", name="New product").first.click()
    page.get_by_label("Title").fill("Peacock Lamp")
    page.get_by_label("Category").select_option(label="Lamps")
    page.get_by_label("Description").fill("Cast by hand in Moradabad, with a base that does not tip.")
    page.get_by_text("It comes in several variants").click()
    page.get_by_label("Option", exact=True).first.fill("Metal")
    page.get_by_label("Values").first.fill("Brass, Copper")
    page.get_by_role("button", name="Make the combinations").click()
    expect(page.get_by_role("group", name="Copper")).to_be_visible()
    for metal, price in (("Brass", "250"), ("Copper", "400")):
        row = page.get_by_role("group", name=metal)
        row.get_by_label("Price ₹").fill(price)
        row.get_by_label("MRP ₹").fill("500")
        row.get_by_label("Stock").fill("5")
    page.get_by_label("HSN code").fill("9405")
    page.get_by_label("Pictures (optional)").set_input_files([RED, GREEN, BLUE])
    page.get_by_label("Status").select_option(label="On sale")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("“Peacock Lamp” is on sale.")).to_be_visible()
    expect(page.locator("[data-picture]")).to_have_count(3)


def buy_the_one_in_copper(page: Page, shop: str) -> None:
    page.goto(shop)
    page.locator("input[name=q]:visible").first.fill("peacock lamp")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Peacock Lamp").first.click()
    expect(page.locator(".gallery__stage img")).to_have_count(3)
    assert page.locator(".gallery__stage img").first.evaluate(
        "async image => (await image.decode(), image.naturalWidth)"
    )
    page.get_by_role("link", name="Copper").click()
    expect(page.get_by_text("₹400").first).to_be_visible()
    page.wait_for_load_state()
    page.locator("button:visible", has_text="Buy now").first.click()
    page.get_by_role("link", name="Continue to address").click()
    page.get_by_role("button", name="Deliver here").first.click()
    page.get_by_role("button", name="Place order and pay ₹449").click()
    page.frame_locator("iframe").first.get_by_role("button", name="Pay ₹449").click()
    expect(page).to_have_url(re.compile(r"/orders/PM-\w+/$"), timeout=SOON)


def test_from_the_application_to_the_parcel_that_the_buyer_sees_leave(shop, new_tab):
    owner, buyer, staff = make_user(), make_user(), make_admin()
    make_address(buyer, is_default=True)
    make_category("Lamps")
    page = new_tab(viewport={"width": 1280, "height": 900})
    log_in(page, shop, owner.email)
    page.get_by_role("link", name="Sell on PyMart").last.click()
    page.get_by_role("link", name="Open your shop").click()
    apply(page)
    expect(page.get_by_text("Being checked")).to_be_visible()

    approve(new_tab(viewport={"width": 1280, "height": 900}), shop, staff)
    # The applicant's page has not been touched since.
    page.get_by_role("link", name="Go to your shop").click(timeout=SOON)
    expect(page.get_by_role("link", name="List a product")).to_be_visible()
    list_lamps(page)
    page.get_by_role("navigation", name="Your shop").get_by_role("link", name="Orders").click()
    expect(page.get_by_text("Nothing to pack")).to_be_visible()
    page.get_by_role("button", name="Sound for new orders").click()
    expect(page.get_by_role("button", name="Sound for new orders")).to_have_attribute("aria-pressed", "true")

    watching = new_tab(viewport={"width": 360, "height": 780})
    log_in(watching, shop, buyer.email)
    buy_the_one_in_copper(watching, shop)
    row = page.locator(".seller-order")
    expect(row).to_contain_text("Peacock Lamp", timeout=SOON)
    expect(row).to_contain_text("Copper")
    expect(page.locator("body")).to_have_attribute("data-chimes", "2")  # the first when it was switched on
    order = Order.objects.get()
    assert (order.status, Variant.objects.get(name="Copper").stock) == ("paid", 4)

    expect(watching.locator("#order-status")).to_contain_text("Paid")
    row.get_by_role("checkbox").check()
    page.get_by_role("button", name="Start packing").click()
    expect(page.locator(".seller-order")).to_contain_text("Being packed")
    expect(watching.locator("#order-status")).to_contain_text("Being packed", timeout=SOON)
    page.get_by_role("link", name=order.number).click()
    page.get_by_role("link", name="Ship").click()
    page.get_by_label("Carrier", exact=True).select_option("Delhivery")
    page.get_by_label("Tracking number").fill("DL4711000")
    page.get_by_role("button", name="It is on its way").click()
    expect(page.get_by_role("link", name="Tax invoice INV/")).to_be_visible()

    status = watching.locator("#order-status")
    expect(status).to_contain_text("On its way", timeout=SOON)
    expect(status).to_contain_text("DL4711000")
    status.get_by_role("link", name="INV/").click()
    expect(watching.get_by_role("heading", level=1)).to_contain_text("Tax invoice")


def test_a_product_with_pictures_and_variants_is_listed_without_javascript(shop, new_tab):
    seller = make_seller()
    make_category("Lamps")
    page = new_tab(java_script_enabled=False, viewport={"width": 360, "height": 780})
    log_in(page, shop, seller.user.email)
    page.goto(f"{shop}/seller/orders/")
    list_lamps(page)
    product = Product.objects.get()
    assert (product.is_listed, product.price, product.images.count()) == (True, 250, 3)
    assert set(product.variants.values_list("name", flat=True)) == {"Brass", "Copper"}


def test_orders_are_moved_on_without_javascript(shop, new_tab):
    seller = make_seller()
    first, second = sold_by(seller), sold_by(seller)
    page = new_tab(java_script_enabled=False, viewport={"width": 360, "height": 780})
    log_in(page, shop, seller.user.email)
    page.goto(f"{shop}/seller/orders/")
    expect(page.get_by_role("button", name="Sound for new orders")).to_be_hidden()
    for part in (first, second):
        page.get_by_label(f"Order {part.order.number}").check()
    page.get_by_role("button", name="Start packing").click()
    expect(page.get_by_text("2 orders: each is being packed.")).to_be_visible()
    for part in (first, second):
        page.get_by_label(f"Order {part.order.number}").check()
    page.get_by_role("button", name="Ship").click()
    page.get_by_label("Carrier", exact=True).select_option("I deliver it myself")
    page.get_by_role("button", name="They are on their way").click()
    expect(page.get_by_text("2 orders: each is on its way.")).to_be_visible()
    assert set(SellerOrder.objects.values_list("status", flat=True)) == {"shipped"}


def test_a_list_that_brings_itself_up_to_date_keeps_its_ticks_and_stays_silent(shop, new_tab):
    seller = make_seller()
    part = sold_by(seller)
    page = new_tab(viewport={"width": 1280, "height": 900})
    log_in(page, shop, seller.user.email)
    page.goto(f"{shop}/seller/orders/")
    page.get_by_label(f"Order {part.order.number}").check()
    expect(page.get_by_text("1 ticked")).to_be_visible()
    new = elsewhere(partial(sold_by, seller))
    expect(page.get_by_label(f"Order {new.order.number}")).not_to_be_checked(timeout=SOON)
    expect(page.get_by_label(f"Order {part.order.number}")).to_be_checked()
    expect(page.get_by_text("1 ticked")).to_be_visible()
    page.get_by_label("All on this page").check()
    expect(page.get_by_text("2 ticked")).to_be_visible()
    assert page.evaluate("document.body.dataset.chimes") is None


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_nothing_on_a_seller_s_pages_shuts_anybody_out(shop, new_tab, theme, width):
    seller, applicant = make_seller(), make_user()
    packed, sent = sold_by(seller, status="processing"), sold_by(seller, status="shipped")
    query = f"?order={packed.order.number}"
    kurta = make_product(seller=seller, title="Kurta", price=None, attributes={"Fabric": "Cotton"})
    for size in ("M", "L"):
        make_size(kurta, attributes={"Size": size}, stock=3)
    override_status(product=kurta, status="draft", reason="Counterfeit")
    write_review(author=make_user(), product=sent.items.get().variant.product, rating=4, title="", body="It shines.")
    paths = {
        seller.user: [
            "/seller/",
            "/seller/figures/",
            "/seller/figures/?range=12-months",
            "/seller/figures/?from=2026-03-31&to=2026-03-01",
            "/seller/orders/",
            "/seller/orders/?tab=shipped",
            "/seller/orders/?tab=cancelled",
            f"/seller/orders/ship/{query}",
            f"/seller/orders/slips/{query}",
            packed.get_absolute_url(),
            f"{sent.get_absolute_url()}invoice/",
            "/seller/products/",
            "/seller/products/?q=nothing+like+it",
            "/seller/products/new/",
            f"/seller/products/{kurta.pk}/",
            f"/seller/products/{kurta.pk}/stock/",
            kurta.get_absolute_url(),
            "/seller/reviews/",
            "/seller/settings/",
        ],
        applicant: ["/sell/apply/"],
        make_seller().user: ["/seller/"],  # a new shop
        make_seller(make_user(), status="rejected", status_reason="The names differ.").user: ["/sell/status/"],
        sent.order.buyer: [f"{sent.order.get_absolute_url()}invoices/{sent.invoice.pk}/"],
    }
    problems = []
    for user, pages in paths.items():
        page = new_tab(
            color_scheme=theme,
            viewport={"width": width, "height": 800},
            reduced_motion="reduce",
            bypass_csp=True,
            service_workers="block",
        )
        page.set_default_timeout(PATIENCE)
        page.context.add_cookies([{"name": "sessionid", "value": session_cookie(user), "url": shop}])
        problems += [text for path in pages for text in complaints(page, shop + path)]
    assert problems == []
