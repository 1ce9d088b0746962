"""The pages of imports and exports: what a seller does there, and that it is nobody else's."""

import csv
import io
from pathlib import Path

import pytest
from django.urls import reverse

from accounts.models import Role, SellerStatus
from catalog.csv.columns import DOCUMENTED
from catalog.models import Product, ProductImport
from catalog.services import run_import
from tests.catalog.importing import NEW, begin, csv_bytes, finished, imported, upload
from tests.factories import make_category, make_product, make_seller, make_user, make_variant

pytestmark = pytest.mark.django_db
START, HELP, TEMPLATE, EXPORT = (reverse(f"seller-imports:{name}") for name in ("start", "help", "template", "export"))


@pytest.fixture
def seller(client):
    make_category("Lamps", parent=make_category("Home"))
    seller = make_seller()
    client.force_login(seller.user)
    return seller


def rows(response) -> list[dict[str, str]]:
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))


def body(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_a_file_is_uploaded_followed_and_done(client, seller, django_capture_on_commit_callbacks):
    response = client.post(START, {"file": upload(csv_bytes(NEW))})
    job = ProductImport.objects.get()
    assert response.status_code == 302
    assert response["Location"] == job.get_absolute_url()
    assert "Waiting" in body(client.get(job.get_absolute_url()))
    run_import(pk=job.pk)
    page = body(client.get(job.get_absolute_url()))
    assert "Imported" in page
    assert "every 1s" not in page
    assert Product.objects.get().title == "Brass lamp"
    assert "1 new, 0 changed" in body(client.get(START))


def test_a_running_import_asks_for_its_progress(client, seller):
    job = begin(seller, csv_bytes(NEW, NEW))
    ProductImport.objects.update(status="running", rows=50_000, created=12_500, started_at=job.created_at)
    headers = {"HX-Request": "true", "HX-Target": "import-progress"}
    page = body(client.get(job.get_absolute_url(), headers=headers))
    assert page.strip().startswith('<div class="stack" id="import-progress"')
    assert 'hx-trigger="every 1s"' in page
    assert "12,500 of 50,000 rows" in page
    assert '<progress class="meter" aria-labelledby="import-label" max="50000" value="12500">25%' in page
    assert "left" in page


def test_what_was_checked_is_imported_with_one_press(client, seller):
    client.post(START, {"file": upload(csv_bytes(NEW)), "is_dry_run": "on"})
    job = finished(ProductImport.objects.get())
    assert "Import it now" in body(client.get(job.get_absolute_url()))
    assert not Product.objects.exists()
    client.post(reverse("seller-imports:carry-out", args=[job.pk]))
    finished(ProductImport.objects.get(is_dry_run=False))
    assert Product.objects.exists()


def test_a_bad_file_is_a_sentence_at_the_field(client, seller):
    response = client.post(START, {"file": upload(b"")})
    assert response.status_code == 422
    assert "The file is empty." in response.content.decode()
    response = client.post(START)
    assert response.status_code == 422
    assert "Choose a file." in response.content.decode()
    begin(seller, csv_bytes(NEW))
    response = client.post(START, {"file": upload(csv_bytes(NEW))})
    assert response.status_code == 422
    assert "still being imported" in response.content.decode()
    assert ProductImport.objects.count() == 1


def test_an_import_is_cancelled(client, seller):
    job = begin(seller, csv_bytes(NEW))
    cancel = reverse("seller-imports:cancel", args=[job.pk])
    assert "You cancelled it" in body(client.post(cancel, follow=True))
    assert "had ended already" in body(client.post(cancel, follow=True))
    finished(job)
    assert not Product.objects.exists()


def test_rows_with_errors_come_back_with_what_is_wrong_and_can_be_mended(client, seller):
    good, bad = {**NEW, "sku": "GOOD"}, {**NEW, "price": "x", "title": "=1+1", "attr:Size": "S"}
    job = imported(seller, good, bad, {**NEW, "sku": "C", "stock": "-1"})
    response = client.get(reverse("seller-imports:errors", args=[job.pk]))
    assert response["Content-Disposition"] == f'attachment; filename="errors-{job.pk}.csv"'
    first, second = rows(response)
    assert first["row"], first["error"] == ("3", "price: This is no amount such as 1299 or 1299.50.")
    assert first["title"] == "'=1+1"
    assert second["error"] == "stock: Stock cannot be negative."
    again = imported(seller, {**first, "price": "5"}, {**second, "stock": "1"})
    assert (again.status, again.created) == ("done", 2)
    assert set(Product.objects.values_list("title", flat=True)) == {"Brass lamp", "=1+1"}


def test_errors_are_on_the_page(client, seller):
    job = imported(seller, {**NEW, "price": "<b>x"})
    page = body(client.get(job.get_absolute_url()))
    assert "&lt;b&gt;x" in page
    assert "This is no amount" in page


def test_the_template_can_be_imported_as_it_is(client, seller):
    examples = rows(client.get(TEMPLATE))
    assert list(examples[0]) == [column.name for column in DOCUMENTED]
    job = imported(seller, *examples)
    assert (job.created, job.failed) == (3, 0)


def test_each_column_is_documented(client, seller):
    page = body(client.get(HELP))
    for column in DOCUMENTED:
        assert f"<code>{column.name}</code>" in page
    assert DOCUMENTED[0].meaning in page


def test_an_export_has_the_variants_on_offer_of_one_status_or_all(client, seller):
    kurta = make_product(seller=seller, price=None, title="Kurta", attributes={"Fabric": "Cotton"}, tags=["a", "b"])
    make_variant(kurta, sku="M", price=899, mrp=1499, stock=3, attributes={"Size": "M"})
    make_variant(kurta, sku="L", price=949, stock=0, attributes={"Size": "L"})
    make_variant(kurta, sku="GONE", name="Gone", is_active=False)
    make_product(seller=seller, title="Draft", status="draft")
    make_product(title="Theirs")
    everything = rows(client.get(EXPORT))
    assert [row["title"] for row in everything] == ["Kurta", "", "Draft"]
    medium, large = rows(client.get(EXPORT, {"status": "active"}))
    assert (medium["sku"], medium["price"], medium["mrp"], medium["stock"]) == ("M", "899.00", "1499.00", "3")
    assert (medium["attr:Fabric"], medium["option:Size"], medium["tags"]) == ("Cotton", "M", "a|b")
    assert medium["product"] == large["product"] == kurta.slug
    assert (large["sku"], large["mrp"], large["stock"], large["tags"]) == ("L", "", "0", "")
    assert client.get(EXPORT, {"status": "nonsense"}).status_code == 404


def test_an_export_runs_no_formula(client, seller):
    make_product(seller=seller, title='=HYPERLINK("http://evil.example")', brand="@SUM(1)")
    [row] = rows(client.get(EXPORT))
    assert row["title"] == '\'=HYPERLINK("http://evil.example")'
    assert row["brand"] == "'@SUM(1)"


@pytest.mark.parametrize("count", [2, 20])
def test_an_export_asks_as_often_however_many_products_there_are(client, seller, count, django_assert_num_queries):
    for number in range(count):
        make_variant(make_product(seller=seller, price=None, title=f"P{number}"), sku=f"S{number}", price=1)
    client.get(EXPORT)
    with django_assert_num_queries(9):
        assert len(rows(client.get(EXPORT))) == count


PAGES = [("get", "detail"), ("get", "errors"), ("post", "cancel"), ("post", "carry-out")]


@pytest.mark.parametrize(("method", "name"), PAGES)
def test_what_belongs_to_another_seller_is_not_there(client, seller, method, name):
    job = imported(make_seller(), {**NEW, "price": "x"}, is_dry_run=True)
    before = ProductImport.objects.values().get()
    assert getattr(client, method)(reverse(f"seller-imports:{name}", args=[job.pk])).status_code == 404
    assert ProductImport.objects.values().get() == before


@pytest.mark.parametrize("page", [START, HELP, TEMPLATE, EXPORT])
def test_the_pages_are_for_approved_sellers(client, page):
    assert "/login/" in client.get(page)["Location"]
    client.force_login(make_user())
    assert client.get(page)["Location"] == reverse("sell:landing")
    client.force_login(make_seller(make_user(role=Role.SELLER), status=SellerStatus.SUSPENDED).user)
    assert client.get(page)["Location"] == reverse("sell:status")
    assert client.post(START, {"file": upload(csv_bytes(NEW))}).status_code == 302
    assert not ProductImport.objects.exists()


def test_an_uploaded_file_is_where_no_address_leads(seller, settings):
    path = Path(begin(seller, csv_bytes(NEW)).file.path)
    assert not path.is_relative_to(settings.MEDIA_ROOT)
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
