"""A seller and their products in real Chromium, with JavaScript and without."""

import pytest
from playwright.sync_api import expect

from catalog.models import Product
from tests.factories import make_category, make_product, make_seller
from tests.journeys.test_buying import SOON, log_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def seller():
    return make_seller()


def test_price_and_status_are_changed_in_the_list_and_the_status_put_back(shop, new_tab, seller):
    lamp = make_product(seller=seller, title="Brass lamp", price=499, mrp=999)
    make_product(seller=seller, title="Cotton rug")
    page = new_tab(viewport={"width": 1280, "height": 900})
    log_in(page, shop, seller.user.email)
    page.goto(f"{shop}/seller/products/")
    row = page.locator(f"#product-{lamp.pk}")
    save = row.get_by_role("button", name="Save")
    expect(save).to_be_hidden()
    row.get_by_label("Price").fill("1000")
    save.click()
    expect(row).to_contain_text("The MRP cannot be below the price.", timeout=SOON)
    row.get_by_label("Price").fill("450")
    row.get_by_label("Price").press("Enter")
    expect(row.locator(".field__error")).to_have_count(0, timeout=SOON)
    assert lamp.variants.get().price == 450
    row.get_by_label("Status").select_option("Archived")
    save.click()
    expect(page.locator("#products-said")).to_contain_text("The product is archived.", timeout=SOON)
    expect(page.locator("#products-archived")).to_have_text("1")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone.")).to_be_visible(timeout=SOON)
    expect(page.locator("#products-active")).to_have_text("2")
    page.get_by_role("checkbox", name="All on this page").check()
    expect(page.get_by_text("2 ticked")).to_be_visible()
    page.get_by_role("button", name="Make drafts").click()
    expect(page.get_by_text("2 products are each a draft again.")).to_be_visible(timeout=SOON)


def test_variants_are_put_together_in_place(shop, new_tab, seller):
    category = make_category("Kurtas")
    page = new_tab(viewport={"width": 360, "height": 780})
    log_in(page, shop, seller.user.email)
    page.goto(f"{shop}/seller/products/new/")
    page.get_by_label("Title", exact=True).fill("Cotton kurta")
    page.get_by_label("Category").select_option(str(category.pk))
    page.get_by_label("Description").fill("Soft.")
    page.get_by_label("Price").fill("899")
    page.get_by_label("Stock").fill("3")
    page.get_by_text("It comes in several variants").click()
    page.get_by_label("Option", exact=True).first.fill("Size")
    page.get_by_label("Values").first.fill("M, L")
    page.get_by_role("button", name="Make the combinations").click()
    large = page.get_by_role("group", name="L", exact=True)
    expect(large.get_by_label("Price")).to_have_value("899", timeout=SOON)
    large.get_by_label("Stock").fill("4")
    page.get_by_role("button", name="Add a variant").click()
    new = page.get_by_role("group", name="Variant 3")
    expect(new.get_by_label("Size")).to_be_focused(timeout=SOON)
    new.get_by_role("button", name="Remove").click()
    expect(new).to_have_count(0, timeout=SOON)
    expect(page.get_by_label("Title", exact=True)).to_have_value("Cotton kurta")
    page.get_by_label("Status").select_option("On sale")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("“Cotton kurta” is on sale.")).to_be_visible(timeout=SOON)
    product = Product.objects.get()
    assert [(each.name, each.stock) for each in product.variants.all()] == [("M", 3), ("L", 4)]


def test_a_product_is_listed_and_changed_without_javascript(shop, new_tab, seller):
    category = make_category("Kurtas")
    page = new_tab(java_script_enabled=False, viewport={"width": 360, "height": 780})
    log_in(page, shop, seller.user.email)
    page.goto(f"{shop}/seller/products/")
    page.get_by_role("link", name="New product").last.click()
    page.get_by_label("Title", exact=True).fill("Cotton kurta")
    page.get_by_role("button", name="Add a detail").click()
    page.get_by_label("Name").first.fill("Fabric")
    page.get_by_label("Value", exact=True).first.fill("Cotton")
    page.get_by_label("Category").select_option(str(category.pk))
    page.get_by_label("Description").fill("Soft.")
    page.get_by_label("Price").fill("899")
    page.get_by_label("Stock").fill("-3")
    page.get_by_label("Title", exact=True).press("Enter")  # saves: no row is added or removed
    expect(page.get_by_text("Stock cannot be below 0.").first).to_be_visible()
    page.get_by_label("Stock").fill("3")
    page.get_by_role("button", name="Save").last.click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.get_by_role("link", name="Preview").click()
    expect(page.get_by_text("Preview of a draft")).to_be_visible()
    expect(page.get_by_role("button", name="Add to cart")).to_have_count(0)
    page.goto(f"{shop}/seller/products/")
    row = page.locator(".product-row")
    row.get_by_label("Stock").fill("8")
    row.get_by_label("Status").select_option("On sale")
    row.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The product is on sale.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone.")).to_be_visible()
    product = Product.objects.get()
    assert (product.status, product.attributes, product.variants.get().stock) == ("draft", {"Fabric": "Cotton"}, 8)
