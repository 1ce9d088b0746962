"""What admins do over the API is in the staff's log; what others do at the same endpoints is not."""

import pytest

from orders.models import Order
from pymart.common.models import AuditEntry
from reviews.services import write_review
from tests.api.conftest import as_user
from tests.factories import make_admin, make_category, make_product, make_seller, make_user
from tests.shop import make_variant, place

pytestmark = pytest.mark.django_db

URL = "/api/v1"


@pytest.fixture
def api():
    return as_user(make_admin(email="meera@example.com"))


def logged() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", "subject_type"))


def test_products(api):
    product = make_product(title="Steel bottle")
    assert api.patch(f"{URL}/products/{product.pk}", {"title": "Tin bottle"}).status_code == 200
    entry = AuditEntry.objects.get()
    assert (entry.before["title"], entry.after["title"]) == ("Steel bottle", "Tin bottle")
    assert (entry.actor.email, entry.path, entry.ip) == (
        "meera@example.com", f"{URL}/products/{product.pk}", "127.0.0.1",
    )  # fmt: skip
    api.patch(f"{URL}/products/{product.pk}/status", {"status": "draft"})
    api.delete(f"{URL}/products/{product.pk}")
    assert logged() == [(action, "catalog.product") for action in ("change", "set_status", "archive")]


@pytest.mark.django_db(transaction=True)
def test_a_product_listed_in_somebody_s_shop(api):
    seller, category = make_seller(), make_category()
    lamp = {"title": "Clay lamp", "description": "Baked by hand.", "category": category.slug}
    lamp |= {"price": "90.00", "stock": 5}
    assert api.post(f"{URL}/products", {**lamp, "seller": seller.pk}).status_code == 201
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.subject_type, entry.after["title"]) == ("add", "catalog.product", "Clay lamp")
    assert as_user(seller.user).post(f"{URL}/products", lamp).status_code == 201
    assert AuditEntry.objects.count() == 1


def test_categories(api):
    made = api.post(f"{URL}/categories", {"name": "Lamps"}).json()
    api.put(f"{URL}/categories/{made['id']}", {"name": "Lights"})
    api.delete(f"{URL}/categories/{made['id']}")
    assert logged() == [(action, "catalog.category") for action in ("add", "change", "delete")]


def test_orders(api):
    order = place(make_user(), make_variant())
    assert api.post(f"{URL}/orders/{order.pk}/cancel", {"reason": "Broken in the warehouse"}).status_code == 200
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.subject, entry.reason) == ("cancel", order.number, "Broken in the warehouse")
    assert (entry.before["status"], entry.after["status"]) == ("pending", "cancelled")


def test_reviews(api):
    product = make_product()
    one, two = (write_review(author=make_user(), product=product, rating=1, body="As told.") for _ in range(2))
    assert api.delete(f"{URL}/admin/reviews/{one.pk}").status_code == 204
    assert api.delete(f"{URL}/products/{product.pk}/reviews/{two.pk}").status_code == 204
    assert logged() == [("remove", "reviews.review")] * 2


def test_what_is_refused_is_not_logged(api):
    bare = make_product(price=None, status="draft")
    assert api.patch(f"{URL}/admin/products/{bare.pk}/status", {"status": "active"}).status_code == 409
    used = make_product(category=make_category()).category
    assert api.delete(f"{URL}/categories/{used.pk}").status_code == 409
    assert logged() == []


def test_what_buyers_and_sellers_do_is_their_own_business():
    seller, buyer = make_seller(), make_user()
    product = make_product(seller=seller)
    assert as_user(seller.user).patch(f"{URL}/products/{product.pk}", {"title": "Tin bottle"}).status_code == 200
    order = place(buyer, make_variant())
    assert as_user(buyer).post(f"{URL}/orders/{order.pk}/cancel", {}).status_code == 200
    assert Order.objects.get().status == "cancelled"
    assert logged() == []
