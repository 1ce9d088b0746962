"""A seller’s products from a spreadsheet, in real Chromium and by a real worker, with and without JavaScript."""

import re
from time import monotonic

import pytest
from playwright.sync_api import expect

from catalog.models import Product
from tests.catalog.importing import NEW, begin, csv_bytes, finished
from tests.chromium import elsewhere
from tests.factories import make_category, make_seller
from tests.journeys.test_buying import SOON
from tests.journeys.test_look import LOOKS, PATIENCE, complaints
from tests.web import session_cookie

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
START = "/seller/products/import/"


@pytest.fixture
def seller():
    make_category("Lamps", parent=make_category("Home"))
    return make_seller()


def upload(page, content: bytes) -> None:
    page.get_by_label("CSV file").set_input_files([{"name": "lamps.csv", "mimeType": "text/csv", "buffer": content}])
    page.get_by_role("button", name="Upload").click()


@pytest.mark.parametrize("java_script", [True, False], ids=["with JavaScript", "without"])
def test_a_file_is_checked_imported_and_mended(shop, new_tab, seller, java_script):
    page = new_tab(viewport={"width": 360, "height": 800}, java_script_enabled=java_script)
    page.set_default_timeout(PATIENCE)
    page.context.add_cookies([{"name": "sessionid", "value": session_cookie(seller.user), "url": shop}])
    page.goto(shop + START)
    upload(page, csv_bytes(NEW, {**NEW, "sku": "LAMP-2", "price": "=1+1"}))

    def arrive(text: str) -> None:
        place = page.get_by_text(text)
        if java_script:
            expect(place).to_be_visible(timeout=PATIENCE)  # by itself
        else:
            expect(page.get_by_role("link", name="Look again").or_(place)).to_be_visible()
            until = monotonic() + PATIENCE / 1000
            while not place.is_visible():
                assert monotonic() < until, page.locator("main").inner_text()
                page.reload()

    arrive("The file is checked; nothing was changed")
    expect(page.get_by_text("This is no amount such as 1299 or 1299.50.")).to_be_visible()
    assert not Product.objects.exists()
    page.get_by_role("button", name="Import it now").click()
    arrive("Shoppers see what is on sale by now.")
    assert Product.objects.count() == 1

    with page.expect_download() as download:
        page.get_by_role("link", name="Rows with errors").click()
    mended = download.value.path().read_bytes().replace(b"'=1+1", b"99")
    page.goto(shop + START)
    page.get_by_label("Only check it").uncheck()
    upload(page, mended)
    arrive("Shoppers see what is on sale by now.")
    assert Product.objects.count() == 2


def test_the_end_is_told_wherever_the_seller_is(shop, new_tab, seller):
    page = new_tab(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(PATIENCE)
    page.context.add_cookies([{"name": "sessionid", "value": session_cookie(seller.user), "url": shop}])
    page.goto(f"{shop}/seller/orders/")
    expect(page.locator("html")).not_to_have_class(re.compile("is-loading"))
    elsewhere(lambda: begin(seller, csv_bytes(NEW)))
    expect(page.get_by_text("Your products are imported")).to_be_visible(timeout=SOON)


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_nothing_on_these_pages_shuts_anybody_out(shop, new_tab, seller, theme, width):
    done = finished(begin(seller, csv_bytes(NEW, {**NEW, "sku": "B", "price": "x" * 90})))
    checked = finished(begin(seller, csv_bytes({**NEW, "stock": "9"}), is_dry_run=True))
    refused = finished(begin(seller, csv_bytes({"sku": "A"}) + b'"'))
    page = new_tab(
        color_scheme=theme,
        viewport={"width": width, "height": 800},
        reduced_motion="reduce",
        bypass_csp=True,
        service_workers="block",
    )
    page.set_default_timeout(PATIENCE)
    page.context.add_cookies([{"name": "sessionid", "value": session_cookie(seller.user), "url": shop}])
    pages = [START, f"{START}help/", *(job.get_absolute_url() for job in (done, checked, refused))]
    assert [text for path in pages for text in complaints(page, shop + path)] == []
