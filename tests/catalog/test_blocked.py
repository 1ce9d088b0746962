"""What staff take off sale stays off until they say otherwise, whichever way its seller tries."""

from functools import partial

import pytest
from django.db import IntegrityError
from django.urls import reverse

from accounts.emails import compose
from accounts.models import Notification, OutboundEmail
from catalog import services
from catalog.models import Product
from catalog.services import ProductBlocked
from tests.api.conftest import as_user
from tests.catalog.selling import posted_again
from tests.factories import make_admin, make_product, make_seller

pytestmark = pytest.mark.django_db
PRODUCTS = "/admin/catalog/product/"


@pytest.fixture
def seller():
    return make_seller(shop_name="Lamps & Co")


@pytest.fixture
def blocked(seller) -> Product:
    product = make_product(seller=seller, title="Golden lamp", description="Not gold.")
    return services.override_status(product=product, status="archived", reason="Counterfeit")


def act(client, product, action, reason="Counterfeit"):
    client.force_login(make_admin())
    fields = {"action": action, "_selected_action": product.pk, "confirmed": "1", "reason": reason}
    return client.post(PRODUCTS, fields, follow=True)


def state(product: Product) -> tuple[str, bool, str]:
    product.refresh_from_db()
    return product.status, product.blocked_at is not None, product.blocked_reason


@pytest.mark.parametrize("action", ["take_back", "archive"])
def test_what_staff_take_off_sale_is_blocked_and_its_seller_told(client, seller, action):
    product = make_product(seller=seller, title="Golden lamp")
    act(client, product, action)
    assert state(product)[1:] == (True, "Counterfeit")
    told = Notification.objects.get(user=seller.user)
    assert (told.type, told.title, told.body) == (
        "product.status_changed",
        "“Golden lamp” was taken off sale",
        "Counterfeit",
    )
    assert told.url == reverse("seller-products:edit", args=[product.pk])
    mail = OutboundEmail.objects.get(user=seller.user)
    assert mail.kind == "product-blocked"


def test_the_mails_say_what_happened_and_why(blocked, seller):
    services.unblock_product(product=blocked)
    first, second = (compose(row) for row in OutboundEmail.objects.order_by("pk"))
    for words in ("Golden lamp", "Counterfeit", f"/seller/products/{blocked.pk}/"):
        assert words in first.body
        assert words in str(first.alternatives[0][0])
    assert "may be sold again" in second.subject
    assert "you can put it on sale yourself" in second.body


@pytest.mark.parametrize(
    "attempt",
    [
        partial(services.change_status, status="active"),
        partial(services.change_product, facts={}, status="active"),
    ],
)
def test_no_service_puts_it_back_for_its_seller(blocked, attempt):
    with pytest.raises(ProductBlocked, match="Counterfeit"):
        attempt(product=blocked, actor=blocked.seller.user)
    assert state(blocked) == ("archived", True, "Counterfeit")


def test_the_database_has_the_last_word(blocked):
    with pytest.raises(IntegrityError, match="blocked_is_off_sale"):
        Product.objects.filter(pk=blocked.pk).update(status="active")


def test_the_seller_may_change_it_and_make_it_a_draft(blocked):
    seller = blocked.seller.user
    services.change_product(product=blocked, actor=seller, facts={"title": "Brass lamp"})
    services.change_status(product=blocked, status="draft", actor=seller)
    assert state(blocked) == ("draft", True, "Counterfeit")


def test_the_pages_refuse_it_with_the_reason(client, blocked):
    client.force_login(blocked.seller.user)
    url = reverse("seller-products:edit", args=[blocked.pk])
    for page in (client.get(url), client.get(reverse("seller-products:list"))):
        assert "Taken off sale by our staff" in page.content.decode()
        assert "Counterfeit" in page.content.decode()
    page = client.post(url, posted_again(blocked, status="active"))
    assert page.status_code == 422
    assert "Our staff took this product off sale" in page.content.decode()
    fields = {"product": blocked.pk, "status": "active"}
    page = client.post(reverse("seller-products:ticked"), fields, follow=True)
    assert "Our staff took this product off sale" in str([str(one) for one in page.context["messages"]])
    row = {"status": "active", "initial-status": "archived"}
    assert client.post(reverse("seller-products:row", args=[blocked.pk]), row).status_code == 422
    assert state(blocked)[0] == "archived"


@pytest.mark.parametrize("path", ["", "/status"])
def test_the_api_refuses_it_with_a_code(blocked, path):
    url = f"/api/v1/products/{blocked.pk}{path}"
    answer = as_user(blocked.seller.user).patch(url, {"status": "active"}, format="json")
    assert answer.status_code == 409
    assert [error["code"] for error in answer.json()["errors"]] == ["product_blocked"]


def test_the_api_tells_the_seller_why(blocked):
    api = as_user(blocked.seller.user)
    free = make_product(seller=blocked.seller)
    rows = {row["id"]: row["blocked_reason"] for row in api.get("/api/v1/products/my").json()["results"]}
    assert rows == {blocked.pk: "Counterfeit", free.pk: None}
    assert api.get(f"/api/v1/products/{blocked.slug}").json()["blocked_reason"] == "Counterfeit"


def test_staff_block_and_unblock_by_the_api(seller):
    product = make_product(seller=seller)
    staff = as_user(make_admin())
    path = f"/api/v1/admin/products/{product.pk}/status"
    assert staff.patch(path, {"status": "draft", "reason": "Counterfeit"}, format="json").status_code == 200
    assert state(product) == ("draft", True, "Counterfeit")
    assert staff.patch(path, {"status": "active"}, format="json").status_code == 200
    assert state(product) == ("active", False, "")
    assert Notification.objects.filter(user=seller.user).count() == 2


def test_staff_leave_it_to_its_seller_again(client, blocked):
    assert "may be put on sale by the seller again" in act(client, blocked, "unblock").content.decode()
    assert state(blocked) == ("archived", False, "")
    services.change_status(product=blocked, status="active", actor=blocked.seller.user)
    assert state(blocked)[0] == "active"


def test_staff_find_what_is_blocked(client, blocked):
    make_product(title="Another")
    client.force_login(make_admin())
    page = client.get(PRODUCTS, {"blocked": "1"})
    assert [row.title for row in page.context["cl"].result_list] == ["Golden lamp"]
    page = client.get(f"{PRODUCTS}{blocked.pk}/change/").content.decode()
    assert "Leave it to its seller again" in page
