"""Files of products: what their rows add and change, by the rules of the pages, and what they leave as it is."""

import os
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import Notification, SellerStatus
from catalog.models import PriceChange, Product, ProductImport, StockMovement, StockReason, Variant
from catalog.services import (
    ImportOver,
    ImportRunning,
    ShopSuspended,
    cancel_import,
    carry_out,
    delete_old_imports,
    run_import,
)
from catalog.services.importing import jobs
from tests.catalog.importing import NEW, begin, counts, csv_bytes, finished, imported, problems
from tests.catalog.writing import everything
from tests.factories import make_category, make_product, make_seller, make_variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def lamps():
    return make_category("Lamps", parent=make_category("Home"))


@pytest.fixture
def seller(lamps):
    return make_seller()


def test_a_row_with_a_new_sku_becomes_a_product_with_its_stock_and_price(seller, lamps):
    row = {
        **NEW,
        "mrp": "₹1,499",
        "status": "Active",
        "tags": "brass | diwali|brass",
        "highlights": "Heavy|Hand-cast",
        "hsn": "830630",
        "gst_rate": "3%",
        "country_of_origin": "in",
        "brand": "Moradabad",
        "attr:Material": "Brass",
    }
    job = imported(seller, row)

    assert (job.status, job.rows, counts(job)) == ("done", 1, {"created": 1})
    product = Product.objects.get()
    assert (product.seller, product.category, product.title) == (seller, lamps, "Brass lamp")
    assert product.slug.startswith("brass-lamp-")
    assert (product.status, product.is_listed, product.in_stock) == ("active", True, True)
    assert (product.tags, product.highlights) == (["brass", "diwali"], ["Heavy", "Hand-cast"])
    assert (product.hsn, product.gst_rate, product.country_of_origin) == ("830630", 3, "IN")
    assert (product.brand, product.attributes) == ("Moradabad", {"Material": "Brass"})
    assert (product.price, product.mrp) == (1250, 1499)
    assert "Lamps" in product.keywords
    variant = product.variants.get()
    assert (variant.sku, variant.name, variant.stock, variant.seller) == ("LAMP-1", "", 5, seller)
    movement = StockMovement.objects.get()
    assert (movement.quantity, movement.reason, movement.reference) == (5, StockReason.IMPORT, f"import {job.pk}")
    assert movement.actor == seller.user
    assert PriceChange.objects.get().price == 1250


def test_what_is_new_is_a_draft_unless_the_file_says_otherwise(seller):
    imported(seller, NEW)
    assert Product.objects.get().status == "draft"


def test_rows_with_the_same_word_are_variants_of_one_product(seller):
    sizes = [
        {**NEW, "sku": "KURTA-M", "product": "kurta", "option:Colour": "Red", "option:Size": "M"},
        {
            "sku": "KURTA-L",
            "product": "kurta",
            "price": "1300",
            "stock": "0",
            "option:Colour": "Red",
            "option:Size": "L",
        },
        {**NEW, "product": "lamp", "title": "A lamp"},
    ]
    job = imported(seller, *sizes)
    assert counts(job) == {"created": 3}
    kurta, lamp = Product.objects.order_by("pk")
    assert [(v.sku, v.name, v.price, v.stock) for v in kurta.variants.all()] == [
        ("KURTA-M", "Red / M", 1250, 5),
        ("KURTA-L", "Red / L", 1300, 0),
    ]
    assert [v.position for v in kurta.variants.all()] == [0, 1]
    assert lamp.title == "A lamp"


def test_a_known_sku_changes_its_variant_and_leaves_the_rest(seller):
    product = make_product(seller=seller, price=None, title="Kurta", brand="Loom", status="draft")
    red = make_variant(product, sku="RED", name="Red", price=499, mrp=999, stock=10)
    blue = make_variant(product, sku="BLUE", name="Blue", price=499, mrp=999, stock=10)
    job = imported(seller, {"sku": "RED", "price": "449", "stock": "7"}, {"sku": "BLUE", "status": "active"})

    assert counts(job) == {"updated": 2}
    red.refresh_from_db()
    blue.refresh_from_db()
    product.refresh_from_db()
    assert (red.price, red.mrp, red.stock, red.name) == (449, 999, 7, "Red")
    assert (blue.price, blue.stock) == (499, 10)
    assert (product.title, product.brand, product.status, product.is_listed) == ("Kurta", "Loom", "active", True)
    assert product.price == 449
    assert [(m.quantity, m.reason) for m in red.movements.order_by("pk")] == [(10, "opening"), (-3, "import")]
    assert [change.price for change in red.price_changes.order_by("pk")] == [499, 449]
    assert blue.price_changes.count() == blue.movements.count() == 1


def test_a_row_that_says_what_is_so_already_changes_nothing(seller, lamps):
    make_product(seller=seller, category=lamps, title="Brass lamp", price=None)
    product = Product.objects.get()
    make_variant(product, sku="LAMP-1", price=1250, stock=5)
    product.refresh_from_db()
    before = everything()
    job = imported(
        seller, {"sku": "LAMP-1", "title": "Brass lamp", "category": "home>lamps", "price": "1250", "stock": "5"}
    )
    assert counts(job) == {"unchanged": 1}
    assert everything()[0] == before[0]


def test_an_empty_cell_leaves_and_none_empties(seller):
    product = make_product(
        seller=seller, price=None, brand="Loom", tags=["a"], attributes={"Material": "Brass", "Height": "24 cm"}
    )
    make_variant(product, sku="A", attributes={"Colour": "Red", "Size": "M"})
    rows = {
        "sku": "A",
        "brand": "",
        "tags": "(none)",
        "attr:Material": "(none)",
        "attr:Height": "",
        "option:Size": "(none)",
    }
    assert counts(imported(seller, rows)) == {"updated": 1}
    product.refresh_from_db()
    variant = product.variants.get()
    assert (product.brand, product.tags, product.attributes) == ("Loom", [], {"Height": "24 cm"})
    assert (variant.name, variant.attributes) == ("Red", {"Colour": "Red"})


def test_a_withdrawn_variant_comes_back_and_a_new_one_joins_the_product(seller):
    product = make_product(seller=seller, price=None)
    make_variant(product, sku="M", name="M", is_active=False)
    rows = [
        {"sku": "M", "product": product.slug, "price": "", "stock": "", "variant": ""},
        {"sku": "L", "product": product.slug, "price": "500", "stock": "2", "variant": "L"},
    ]
    assert counts(imported(seller, *rows)) == {"created": 1, "updated": 1}
    assert [(v.sku, v.is_active, v.position) for v in product.variants.all()] == [("M", True, 0), ("L", True, 1)]


def test_two_variants_may_swap_their_names(seller):
    product = make_product(seller=seller, price=None)
    make_variant(product, sku="A", name="Red")
    make_variant(product, sku="B", name="Blue")
    assert counts(imported(seller, {"sku": "A", "variant": "Blue"}, {"sku": "B", "variant": "Red"})) == {"failed": 2}
    rows = [{"sku": sku, "product": product.slug, "variant": name} for sku, name in (("A", "Blue"), ("B", "Red"))]
    assert counts(imported(seller, *rows)) == {"updated": 2}
    assert dict(product.variants.values_list("sku", "name")) == {"A": "Blue", "B": "Red"}


def test_skus_and_products_of_others_are_simply_new_to_us(seller):
    theirs = make_product(price=None, title="Theirs")
    make_variant(theirs, sku="LAMP-1", price=10)
    job = imported(seller, {**NEW, "product": theirs.slug})
    assert counts(job) == {"created": 1}
    theirs.refresh_from_db()
    assert (theirs.title, theirs.variants.get().price) == ("Theirs", 10)
    assert Product.objects.get(seller=seller).slug != theirs.slug


WRONG = {
    "no amount": ({"price": "12,50"}, "price", "This is no amount such as 1299 or 1299.50."),
    "a formula": ({"price": "=1+1"}, "price", "This is no amount such as 1299 or 1299.50."),
    "a negative price": ({"price": "-5"}, "price", "A price cannot be negative."),
    "parts of a paisa": ({"price": "1.005"}, "price", "This has parts of a paisa: two digits may follow the point."),
    "free": ({"price": "0"}, "price", "A price is between ₹1 and ₹99,99,999.99."),
    "a price above the MRP": ({"mrp": "1000"}, "mrp", "The MRP cannot be below the price."),
    "negative stock": ({"stock": "-1"}, "stock", "Stock cannot be negative."),
    "half a piece": ({"stock": "1.5"}, "stock", "This is no number of pieces such as 12."),
    "too much stock": ({"stock": "1000001"}, "stock", "Stock is at most 10,00,000."),
    "an unknown status": ({"status": "live"}, "status", "This is none of draft, active, archived."),
    "an unknown category": (
        {"category": "Nope"},
        "category",
        "There is no such category. Write its path, such as “Women > Kurtas”.",
    ),
    "a category that is elsewhere": (
        {"category": "House > Lamps"},
        "category",
        "There is no such category. Write its path, such as “Home > Lamps”.",
    ),
    "a long title": ({"title": "x" * 201}, "title", "This has 201 characters; it may have 200."),
    "too many tags": ({"tags": "|".join(map(str, range(21)))}, "tags", "These are 21; there may be 20."),
    "an HSN code": ({"hsn": "12"}, "hsn", "An HSN code has 4, 6 or 8 digits."),
    "a GST rate": ({"gst_rate": "12"}, "gst_rate", "This is none of the GST rates: 0, 0.25, 1.5, 3, 5, 18, 40."),
    "a country": (
        {"country_of_origin": "India"},
        "country_of_origin",
        "A country is named by its two letters, such as IN.",
    ),
    "no SKU": ({"sku": ""}, "sku", "Each row needs a SKU."),
    "no title": ({"title": ""}, "title", "A new product needs a title."),
    "no price": ({"price": ""}, "price", "A new variant needs a price and a stock."),
    "no stock": ({"stock": ""}, "stock", "A new variant needs a price and a stock."),
}


@pytest.mark.parametrize(("change", "column", "message"), WRONG.values(), ids=WRONG)
def test_a_row_that_is_wrong_is_left_out_and_the_others_are_not(seller, change, column, message):
    job = imported(seller, {**NEW, **change}, {**NEW, "sku": "LAMP-2"})
    assert counts(job) == {"created": 1, "failed": 1}
    assert problems(job) == [(2, column, message)]
    assert Variant.objects.get().sku == "LAMP-2"


def test_everything_that_is_wrong_with_a_row_is_said(seller):
    job = imported(seller, {**NEW, "price": "x", "hsn": "1", "status": "?"})
    assert {column for _, column, _ in problems(job)} == {"price", "hsn", "status"}
    assert list(job.problems.filter(column="price").values_list("value", flat=True)) == ["x"]


def test_a_product_is_imported_whole_or_not_at_all(seller):
    rows = [
        {**NEW, "product": "lamp", "variant": "A"},
        {**NEW, "sku": "B", "product": "lamp", "variant": "B", "stock": "-1"},
    ]
    job = imported(seller, *rows)
    assert counts(job) == {"failed": 2}
    assert problems(job) == [
        (2, "", "Nothing of this product was imported, for row 3 is wrong."),
        (3, "stock", "Stock cannot be negative."),
    ]
    assert not Product.objects.exists()


def test_the_same_sku_twice_counts_once(seller):
    job = imported(seller, NEW, {**NEW, "stock": "9"})
    assert problems(job) == [(3, "sku", "This SKU is in row 2 already.")]
    assert Variant.objects.get().stock == 5


def test_rows_of_a_product_contradict_each_other_in_nothing(seller):
    rows = [
        {**NEW, "product": "p", "variant": "A"},
        {**NEW, "product": "p", "variant": "B", "sku": "B", "title": "Other"},
    ]
    assert problems(imported(seller, *rows))[-1] == (3, "title", "Row 2 of the same product says otherwise.")
    rows[1] |= {"title": "", "variant": "A"}
    assert problems(imported(seller, *rows))[-1][:2] == (3, "variant")


def test_rows_of_a_new_product_stand_together(seller):
    rows = [{**NEW, "product": "p"}, {**NEW, "sku": "X"}, {"sku": "B", "product": "p", "price": "1", "stock": "1"}]
    job = imported(seller, *rows)
    message = "Rows of one product stand one after another. Its first is row 2, others are in between."
    assert problems(job) == [(4, "product", message)]


def test_a_sku_stays_with_its_product(seller):
    first, second = (make_product(seller=seller, price=None) for _ in range(2))
    make_variant(first, sku="A")
    job = imported(seller, {"sku": "A", "product": second.slug})
    assert problems(job) == [(2, "product", f"This SKU belongs to another product of yours, {first.slug}.")]


def test_what_staff_took_off_sale_a_file_does_not_put_back(seller):
    product = make_product(
        seller=seller, price=None, status="archived", blocked_at=timezone.now(), blocked_reason="Fake"
    )
    make_variant(product, sku="A", price=5)
    job = imported(seller, {"sku": "A", "status": "active", "price": "4"})
    assert [(column, message[:38]) for _, column, message in problems(job)] == [
        ("status", "Our staff took this product off sale: ")
    ]
    product.refresh_from_db()
    assert (product.status, product.price) == ("archived", 5)
    assert counts(imported(seller, {"sku": "A", "status": "draft", "price": "4"})) == {"updated": 1}


def test_a_dry_run_says_what_would_be_and_writes_nothing(seller):
    product = make_product(seller=seller, price=None)
    make_variant(product, sku="A", price=499, stock=3)
    make_variant(product, sku="B", name="B", price=499, stock=3)
    rows = [
        {**NEW, "product": "x"},
        {"sku": "A", "price": "450"},
        {"sku": "B", "stock": "3"},
        {**NEW, "sku": "C", "price": "-1"},
    ]
    before = everything()[0]
    job = imported(seller, *rows, is_dry_run=True)
    assert counts(job) == {"created": 1, "updated": 1, "unchanged": 1, "failed": 1}
    assert everything()[0] == before

    really = finished(carry_out(job=job, actor=seller.user))
    assert (counts(really), problems(really)) == (counts(job), problems(job))
    assert Variant.objects.get(sku="A").price == 450
    assert Product.objects.count() == 2


def test_chunks_add_up(seller, monkeypatch):
    monkeypatch.setattr(jobs, "CHUNK", 3)
    rows = [{**NEW, "sku": f"S{n}", "product": f"p{n // 2}", "variant": f"{n}"} for n in range(11)]
    job = imported(seller, *rows)
    assert (job.status, counts(job), job.done) == ("done", {"created": 11}, 11)
    assert Product.objects.count() == 6
    assert Variant.objects.count() == 11


def test_one_import_at_a_time(seller):
    job = begin(seller, csv_bytes(NEW))
    with pytest.raises(ImportRunning):
        begin(seller, csv_bytes(NEW))
    assert begin(make_seller(), csv_bytes(NEW)).status == "waiting"
    finished(job)
    assert begin(seller, csv_bytes(NEW)).status == "waiting"


def test_a_task_that_comes_twice_does_nothing_twice(seller):
    job = finished(begin(seller, csv_bytes(NEW)))
    before = everything()[0]
    assert run_import(pk=job.pk) is False
    assert everything()[0] == before
    assert Notification.objects.count() == 1


def test_a_job_that_another_worker_is_at_is_left_alone(seller):
    job = begin(seller, csv_bytes(NEW))
    assert jobs._claimed(job.pk)
    assert run_import(pk=job.pk) is False
    assert not Product.objects.exists()


def test_a_cancelled_job_goes_no_further(seller, monkeypatch):
    monkeypatch.setattr(jobs, "CHUNK", 1)
    monkeypatch.setattr(jobs, "SLICE", -1)
    job = begin(seller, csv_bytes(NEW, {**NEW, "sku": "B"}))
    assert run_import(pk=job.pk) is True
    cancel_import(job=job)
    assert run_import(pk=job.pk) is False
    job.refresh_from_db()
    assert (job.status, job.done) == ("cancelled", 1)
    assert Variant.objects.count() == 1
    with pytest.raises(ImportOver):
        cancel_import(job=job)


def test_a_shop_that_is_suspended_meanwhile_stops(seller, monkeypatch):
    monkeypatch.setattr(jobs, "CHUNK", 1)
    monkeypatch.setattr(jobs, "SLICE", -1)
    job = begin(seller, csv_bytes(NEW, {**NEW, "sku": "B"}))
    run_import(pk=job.pk)
    seller.status = SellerStatus.SUSPENDED
    seller.save()
    finished(job)
    job.refresh_from_db()
    assert (job.status, job.reason, job.done) == ("refused", ShopSuspended.message, 1)
    assert Variant.objects.count() == 1


def test_the_seller_is_told_at_the_end(seller):
    job = imported(seller, NEW, {**NEW, "sku": "B", "price": "x"})
    told = Notification.objects.get()
    assert (told.user, told.type, told.url) == (seller.user, "import.finished", job.get_absolute_url())
    assert told.title == "Your products are imported"
    assert told.body == "products.csv: 1 new, 1 with errors"


def test_a_job_that_gets_nowhere_ends(seller, monkeypatch):
    monkeypatch.setattr(jobs, "write", lambda plan, job: 1 / 0)
    job = begin(seller, csv_bytes(NEW))
    for _ in range(jobs.MAX_ATTEMPTS):
        with pytest.raises(ZeroDivisionError):
            run_import(pk=job.pk)
        ProductImport.objects.update(claimed_until=None)
    run_import(pk=job.pk)
    job.refresh_from_db()
    assert job.status == "refused"
    assert "on our side after row 1" in job.reason


def test_old_files_go_and_their_numbers_stay(seller):
    job = imported(seller, {**NEW, "price": "x"})
    assert job.file.storage.exists(job.file.name)
    lost = job.file.storage.save("imports/lost.csv", ContentFile(b"x"))
    os.utime(job.file.storage.path(lost), (0, 0))
    delete_old_imports()
    assert job.file.storage.exists(job.file.name)
    assert not job.file.storage.exists(lost)
    ProductImport.objects.update(created_at=job.created_at - jobs.KEPT)
    delete_old_imports()
    assert not job.file.storage.exists(job.file.name)
    job.refresh_from_db()
    assert (job.file.name, job.failed, job.problems.count()) == ("", 1, 0)
    with pytest.raises(jobs.ImportFileGone):
        carry_out(job=job, actor=seller.user)


@pytest.mark.parametrize("count", [3, 30])
def test_a_chunk_asks_the_database_as_often_however_many_rows_it_has(seller, count, django_assert_num_queries):
    known = make_product(seller=seller, price=None)
    rows = [{**NEW, "sku": f"N{n}", "product": f"n{n}"} for n in range(count)]
    for n in range(count):
        make_variant(known, sku=f"K{n}", name=f"{n}", price=10)
        rows.append({"sku": f"K{n}", "variant": f"new {n}", "price": "9", "stock": "1", "tags": "x"})
    job = begin(seller, csv_bytes(*rows))
    with django_assert_num_queries(34):
        run_import(pk=job.pk)
    job.refresh_from_db()
    assert counts(job) == {"created": count, "updated": count}


def test_prices_are_taken_as_people_write_them(seller):
    for number, (cell, amount) in enumerate(
        [("₹ 1,23,456.50", "123456.50"), ("1,234", "1234"), ("99.9", "99.90"), ("5.", "5"), ("Rs. 10", "10")]
    ):
        imported(seller, {**NEW, "sku": f"P{number}", "price": cell})
        assert Variant.objects.get(sku=f"P{number}").price == Decimal(amount)
