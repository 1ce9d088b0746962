"""What staff see and do of everybody's products."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Product
from pymart.common.models import AuditEntry
from tests.api.conftest import as_user
from tests.catalog.writing import errors, everything
from tests.factories import make_admin, make_category, make_image, make_product, make_seller

pytestmark = pytest.mark.django_db
URL = "/api/v1/admin/products"


@pytest.fixture
def admin():
    return make_admin()


@pytest.fixture
def api(admin):
    return as_user(admin)


def titles(response):
    return [row["title"] for row in response.json()["results"]]


def test_all_are_there_newest_first(api):
    closed = make_seller(status="suspended")
    for title, fields in {"A": {"status": "draft"}, "B": {"status": "archived"}, "C": {"seller": closed}}.items():
        make_product(title=title, **fields)

    response = api.get(URL)

    assert response.json()["count"] == 3
    assert [(row["title"], row["status"], row["is_listed"]) for row in response.json()["results"]] == [
        ("C", "active", False),
        ("B", "archived", False),
        ("A", "draft", False),
    ]


def test_they_are_filtered_by_status_seller_and_words(api):
    lamps, looms = make_seller(slug="lamp-house"), make_seller(slug="kashi-looms")
    make_product(title="Brass lamp", seller=lamps, status="draft")
    make_product(title="Clay lamp", seller=lamps)
    saree = make_product(title="Silk saree", seller=looms, slug="silk-saree-1")

    for query, expected in {
        "status=draft": ["Brass lamp"],
        "seller=lamp-house": ["Clay lamp", "Brass lamp"],
        f"seller={looms.pk}": ["Silk saree"],
        "seller=nobody": [],
        f"seller={10**30}": [],
        "q=lamps": ["Clay lamp", "Brass lamp"],
        "q=sare": ["Silk saree"],
        f"q={saree.slug}": ["Silk saree"],
        "q=clay&status=active&seller=lamp-house": ["Clay lamp"],
        "q=%20": ["Silk saree", "Clay lamp", "Brass lamp"],
        "q='%3A*(%26": [],
    }.items():
        assert titles(api.get(f"{URL}?{query}")) == expected, query


@pytest.mark.parametrize("query", ["status=gone", "page=0", "page_size=101", "q=%00", "cursor=x"])
def test_what_cannot_be_meant_is_refused(api, query):
    assert api.get(f"{URL}?{query}").status_code == 400


def test_pages_lead_to_each_other(api):
    shop, category = make_seller(), make_category()
    for number in range(5):
        make_product(title=f"P{number}", seller=shop, category=category)

    first = api.get(f"{URL}?page_size=2")
    second = api.get(first.json()["next"])
    last = api.get(second.json()["next"])

    assert [titles(page) for page in (first, second, last)] == [["P4", "P3"], ["P2", "P1"], ["P0"]]
    assert last.json()["next"] is None
    assert api.get(f"{URL}?page=9").status_code == 404


def test_the_statements_do_not_grow_with_the_rows(api):
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert api.get(f"{URL}?page_size=100&status=active").status_code == 200
        return len(captured)

    shop, category = make_seller(), make_category()
    make_image(make_product(seller=shop, category=category))
    with_one = statements()
    for _ in range(99):
        make_product(seller=shop, category=category)

    assert statements() == with_one


def test_staff_override_a_status_and_say_why(api, admin):
    product = make_product()

    response = api.patch(f"{URL}/{product.pk}/status", {"status": "archived", "reason": "Counterfeit"})

    assert (response.status_code, response.json()["status"]) == (200, "archived")
    assert not Product.objects.get().is_listed
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.subject_id, entry.reason) == (admin, str(product.pk), "Counterfeit")
    assert (entry.before["status"], entry.after["status"]) == ("active", "archived")
    assert api.patch(f"{URL}/{product.pk}/status", {"status": "active"}).json()["status"] == "active"


def test_a_wrong_override_changes_nothing(api):
    product = make_product(price=None, status="draft")
    before = everything()

    for body, expected in (
        ({"status": "active"}, (409, "nothing_to_sell", "status")),
        ({}, (400, "required", "status")),
        ({"status": "gone"}, (400, "invalid_choice", "status")),
        ({"status": "draft", "reason": "x" * 201}, (400, "max_length", "reason")),
        ({"status": "draft", "why": "x"}, (400, "unknown_field", "why")),
    ):
        response = api.patch(f"{URL}/{product.pk}/status", body)
        assert (response.status_code, *errors(response)[0]) == expected
    assert api.patch(f"{URL}/{2**63}/status", {"status": "draft"}).status_code == 404
    assert everything() == before


def test_it_is_for_staff_only():
    product = make_product()
    owner = as_user(product.seller.user)

    assert owner.get(URL).status_code == 403
    assert owner.patch(f"{URL}/{product.pk}/status", {"status": "draft"}).status_code == 403
    assert Product.objects.get().status == "active"
