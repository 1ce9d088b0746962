"""The pictures of a product in real Chromium: dropped, refused, described, put in order by mouse and keyboard."""

import io
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from catalog.models import Product
from tests.chromium import elsewhere
from tests.factories import make_category, make_product, make_seller
from tests.journeys.test_buying import SOON, log_in
from tests.journeys.test_look import LOOKS, RULES

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def drawn(name: str, color: str, size: tuple[int, int] = (900, 700)) -> dict[str, object]:
    """A file as Playwright hands it to a page."""
    picture = Image.new("RGB", size, color)
    ImageDraw.Draw(picture).ellipse((20, 20, size[0] - 20, size[1] - 20), fill="white")
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


RED, GREEN, BLUE = drawn("red.jpg", "#b33"), drawn("green.jpg", "#373"), drawn("blue.jpg", "#337")


@pytest.fixture
def product() -> Product:
    return make_product(seller=make_seller(), title="Brass lamp", description="Cast by hand.")


def opened(shop: str, new_tab, product: Product, **options) -> Page:
    page = new_tab(**{"viewport": {"width": 1280, "height": 900}, **options})
    log_in(page, shop, product.seller.user.email)
    page.goto(f"{shop}/seller/products/{product.pk}/")
    return page


def shown(page: Page) -> list[str]:
    return page.locator("[data-picture]").evaluate_all("cards => cards.map(card => card.dataset.picture)")


def order_of(product: Product) -> list[str]:
    return [str(pk) for pk in elsewhere(lambda: list(product.images.values_list("pk", flat=True)))]


def test_pictures_go_up_one_by_one_and_each_that_is_refused_says_why(shop, new_tab, product):
    page = opened(shop, new_tab, product)
    gif = {"name": "moving.png", "mimeType": "image/png", "buffer": b"GIF89a" + b"\0" * 200}
    drawing = {"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": b"<svg onload='alert(1)'/>"}
    large = {"name": "large.jpg", "mimeType": "image/jpeg", "buffer": RED["buffer"] + b"\0" * 5_300_000}

    page.get_by_label("Add pictures").set_input_files(
        [RED, gif, GREEN, drawing, large, drawn("tiny.jpg", "#aaa", (150, 150))]
    )
    expect(page.locator("[data-picture]")).to_have_count(2, timeout=SOON)
    refused = page.locator("#picture-uploads .is-refused")
    expect(refused).to_have_count(4, timeout=SOON)
    for number, words in enumerate(("cannot read this picture", "JPEG, PNG or WebP", "larger than 5 MB", "too small")):
        expect(refused.nth(number)).to_contain_text(words)
    expect(page.get_by_role("listitem").filter(has_text="Cover")).to_have_count(1)
    refused.first.get_by_role("button", name="Dismiss").click()
    expect(refused).to_have_count(3)
    assert len(order_of(product)) == 2


def test_files_can_be_dropped(shop, new_tab, product):
    page = opened(shop, new_tab, product)
    transfer = page.evaluate_handle(
        """bytes => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(bytes)], "red.jpg", { type: "image/jpeg" }));
            return transfer;
        }""",
        list(RED["buffer"]),
    )
    page.dispatch_event("#picture-drop", "dragover", {"dataTransfer": transfer})
    expect(page.locator("#picture-drop")).to_have_class("drop is-live drop--over")
    page.dispatch_event("#picture-drop", "drop", {"dataTransfer": transfer})
    expect(page.locator("[data-picture]")).to_have_count(1, timeout=SOON)
    expect(page.get_by_role("status").filter(has_text="red.jpg added.")).to_have_count(1)


def test_pictures_are_put_in_order_by_mouse_and_by_keyboard(shop, new_tab, product):
    page = opened(shop, new_tab, product)
    page.get_by_label("Add pictures").set_input_files([RED, GREEN, BLUE])
    expect(page.locator("[data-picture]")).to_have_count(3, timeout=SOON)
    first, second, third = order_of(product)

    page.locator("[data-picture] .picture__frame").nth(2).drag_to(page.locator("[data-picture] .picture__frame").nth(0))
    expect(page.locator("#picture-status")).to_have_text("Now picture 1 of 3.", timeout=SOON)
    assert order_of(product) == shown(page) == [third, first, second]
    expect(page.locator("[data-picture]").first).to_contain_text("Cover")

    page.get_by_role("button", name="Move picture 2 right").press("Enter")
    expect(page.locator("#picture-status")).to_have_text("Now picture 3 of 3.", timeout=SOON)
    assert order_of(product) == shown(page) == [third, second, first]
    expect(page.get_by_role("button", name="Move picture 3 left")).to_be_focused()

    page.get_by_label("What picture 2 shows").fill("From the side")
    page.get_by_label("What picture 2 shows").press("Enter")
    expect(page.locator("#picture-status")).to_have_text("Text saved.", timeout=SOON)
    expect(page.get_by_alt_text("From the side")).to_be_visible()

    page.get_by_label("Remove picture 1").click()
    page.get_by_role("button", name="Yes, remove").click()
    expect(page.locator("#picture-status")).to_have_text("Picture removed.", timeout=SOON)
    assert order_of(product) == [second, first]


def test_all_of_it_works_without_javascript(shop, new_tab, product, tmp_path):
    page = opened(shop, new_tab, product, java_script_enabled=False, viewport={"width": 360, "height": 780})
    page.get_by_label("Add pictures").set_input_files([RED, GREEN, drawn("tiny.jpg", "#aaa", (150, 150))])
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("2 pictures added.")).to_be_visible()
    expect(page.get_by_text("tiny.jpg: This picture is too small")).to_be_visible()
    first, second = order_of(product)
    page.get_by_role("button", name="Move picture 2 left").click()
    assert order_of(product) == [second, first]
    page.get_by_label("What picture 1 shows").fill("In green")
    page.get_by_role("button", name="Save text").first.click()
    expect(page.get_by_alt_text("In green")).to_be_visible()
    page.get_by_label("Remove picture 2").click()
    page.get_by_role("button", name="Yes, remove").click()
    expect(page.get_by_text("Picture removed.")).to_be_visible()
    assert order_of(product) == [second]


def test_a_new_product_shows_what_was_chosen(shop, new_tab, product):
    page = opened(shop, new_tab, product)
    page.goto(f"{shop}/seller/products/new/")
    page.get_by_label("Pictures (optional)").set_input_files([RED, GREEN])
    chosen = page.get_by_role("list", name="Chosen pictures").get_by_role("listitem")
    expect(chosen).to_have_count(2)
    expect(chosen.first).to_contain_text("Cover")


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_nothing_in_it_shuts_anybody_out(shop, new_tab, product, theme, width):
    look = {"color_scheme": theme, "viewport": {"width": width, "height": 800}, "reduced_motion": "reduce"}
    page = opened(shop, new_tab, product, bypass_csp=True, service_workers="block", **look)
    page.get_by_label("Add pictures").set_input_files([RED, GREEN, drawn("tiny.jpg", "#aaa", (150, 150))])
    expect(page.locator("#picture-uploads .is-refused")).to_have_count(1, timeout=SOON)
    found = Axe().run(page, context="#product-images", options={"runOnly": RULES}).response["violations"]
    assert [(rule["id"], node["target"]) for rule in found for node in rule["nodes"]] == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize("java_script", [True, False], ids=["with JavaScript", "without"])
def test_what_was_chosen_for_a_new_product_outlives_a_mistake(shop, new_tab, java_script):
    category, seller = make_category("Lamps"), make_seller()
    page = new_tab(viewport={"width": 360, "height": 800}, java_script_enabled=java_script)
    log_in(page, shop, seller.user.email)
    page.goto(f"{shop}/seller/products/new/")
    page.get_by_label("Title").fill("Brass lamp")
    page.get_by_label("Category").select_option(str(category.pk))
    page.get_by_label("Description").fill("Cast by hand.")
    page.get_by_label("Price ₹").fill("much")
    page.locator("[type=file]").set_input_files([RED, GREEN])
    page.get_by_role("button", name="Save").last.click()
    expect(page.locator("#form-errors")).to_be_focused(timeout=SOON)
    expect(page.locator("#form-errors")).to_contain_text("Price")
    if java_script:
        expect(page.get_by_role("list", name="Chosen pictures").get_by_role("listitem")).to_have_count(2)
        expect(page.get_by_text("Choose your pictures again")).to_have_count(0)
    else:
        expect(page.get_by_text("Choose your pictures again")).to_be_visible()
        page.locator("[type=file]").set_input_files([RED, GREEN])
    for label, value in {"SKU": "LAMP", "Price ₹": "499", "MRP ₹": "600", "Stock": "5"}.items():
        page.get_by_role("textbox", name=label, exact=True).fill(value)
    page.get_by_role("button", name="Save").last.click()
    expect(page.get_by_text("“Brass lamp” is")).to_be_visible(timeout=SOON)
    expect(page).to_have_url(re.compile(r"/seller/products/\d+/$"))
    assert elsewhere(lambda: Product.objects.get().images.count()) == 2
