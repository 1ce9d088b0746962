"""Orders over HTTP: who sees what of them, how they are listed, moved on and cancelled."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from orders.models import Order
from orders.services import set_razorpay_order
from orders.states import SELLER_STEPS, TRANSITIONS, OrderStatus
from pymart.common.models import IdempotentRequest
from tests.api.conftest import as_user
from tests.api.world import pay
from tests.factories import ADDRESS, make_admin, make_image, make_seller, make_user
from tests.shop import make_variant, place, stock_of

pytestmark = pytest.mark.django_db
KEY = {"Idempotency-Key": "5f0e9a30-cancel"}
TRACKING = {"carrier": "Delhivery", "number": "1490812345678", "url": "https://track.example/149"}
STEPS = ["pending", "paid", "processing", "shipped", "delivered"]


@pytest.fixture
def buyer():
    return make_user()


@pytest.fixture
def api(buyer):
    return as_user(buyer)


@pytest.fixture
def two_shops():
    return make_seller(), make_seller()


@pytest.fixture
def shared(buyer, two_shops) -> Order:
    """A paid order of which two shops have a part."""
    one, two = two_shops
    lamp = make_variant(seller=one, price="250.00", mrp="400.00", title="Brass lamp")
    return pay(place(buyer, lamp, make_variant(seller=two, price="600.00", mrp="600.00", title="Clay pot")))


def url(order: Order, action: str = "") -> str:
    return f"/api/v1/orders/{order.pk}{action and '/'}{action}"


def error(response) -> tuple[int, str, str | None]:
    [found] = response.json()["errors"]
    return response.status_code, found["code"], found["attr"]


def numbers(response) -> list[str]:
    assert response.status_code == 200
    return [order["number"] for order in response.json()["results"]]


def state(order: Order) -> tuple[str, str]:
    order.refresh_from_db()
    return order.status, order.payment_status


def test_an_order_has_what_the_contract_says(api, buyer, settings):
    variant = make_variant(price="250.00", mrp="400.00", title="Brass lamp")
    picture = make_image(variant.product)
    order = place(buyer, variant, quantity=2)
    set_razorpay_order(order=order, razorpay_order_id="order_1")

    document = api.get(url(order)).json()

    part = order.seller_orders.get()
    seller = {"id": part.seller_id, "name": part.seller.shop_name}
    item = {
        "id": part.items.get().pk, "product_id": variant.product_id, "variant_id": variant.pk,
        "slug": variant.product.slug, "title": "Brass lamp", "variant": "", "sku": variant.sku,
        "image": f"{settings.SITE_URL}{picture.thumb}", "unit_price": "250.00", "mrp": "400.00", "quantity": 2,
        "line_total": "500.00", "seller": seller,
    }  # fmt: skip
    placed_at = timezone.localtime(order.created_at).isoformat()
    timeline = [{"step": step, "at": placed_at if step == "pending" else None} for step in STEPS]
    assert placed_at.endswith("+05:30")
    assert document == {
        "id": order.pk, "number": order.number, "status": "pending", "payment_status": "unpaid",
        "items": [item],
        "seller_orders": [
            {"id": part.pk, "seller": seller, "status": "pending", "items": [item], "subtotal": "500.00",
             "shipping": "0.00", "tracking": None, "timeline": timeline}
        ],
        "shipping_address": {
            "full_name": "Asha Rao", "phone": "+919876543210", "line1": "14 Residency Road", "line2": "",
            "landmark": "", "city": "Bengaluru", "state": "Karnataka", "pincode": "560025",
        },
        "subtotal": "500.00", "shipping": "0.00", "total": "500.00", "currency": "INR", "timeline": timeline,
        "razorpay_order_id": "order_1", "can_cancel": True, "created_at": placed_at, "paid_at": None,
        "processing_at": None, "shipped_at": None, "delivered_at": None, "cancelled_at": None,
    }  # fmt: skip


def test_the_buyer_and_staff_see_all_parts(api, shared):
    for client in (api, as_user(make_admin())):
        document = client.get(url(shared)).json()
        assert [item["title"] for item in document["items"]] == ["Brass lamp", "Clay pot"]
        assert (document["subtotal"], document["shipping"], document["total"]) == ("850.00", "49.00", "899.00")


def test_a_seller_sees_their_part_and_nothing_of_others(shared, two_shops):
    one, _ = two_shops
    document = as_user(one.user).get(url(shared)).json()

    assert [item["title"] for item in document["items"]] == ["Brass lamp"]
    assert [part["seller"]["id"] for part in document["seller_orders"]] == [one.pk]
    assert (document["subtotal"], document["shipping"], document["total"]) == ("250.00", "49.00", "299.00")
    assert document["shipping_address"]["pincode"] == "560025"
    assert (document["razorpay_order_id"], document["can_cancel"]) == (None, False)


def test_a_seller_learns_the_address_once_the_order_is_paid(buyer):
    order = place(buyer, make_variant())
    seller = as_user(order.seller_orders.get().seller.user)

    assert seller.get(url(order)).json()["shipping_address"] is None
    pay(order)
    assert seller.get(url(order)).json()["shipping_address"]["phone"] == "+919876543210"


def test_to_a_seller_the_state_is_that_of_their_part(api, shared, two_shops):
    one, _ = two_shops
    seller = as_user(one.user)
    seller.patch(url(shared, "status"), {"status": "processing"})

    assert seller.get(url(shared)).json()["status"] == "processing"
    assert api.get(url(shared)).json()["status"] == "paid"
    assert numbers(seller.get("/api/v1/orders?status=processing")) == [shared.number]
    assert numbers(seller.get("/api/v1/orders?status=paid")) == []


def test_everybody_lists_what_concerns_them_newest_first(api, buyer, shared, two_shops):
    own = place(buyer, make_variant(seller=two_shops[0]))
    foreign = place(make_user(), make_variant())

    assert numbers(api.get("/api/v1/orders")) == [own.number, shared.number]
    assert numbers(as_user(two_shops[0].user).get("/api/v1/orders")) == [own.number, shared.number]
    assert numbers(as_user(two_shops[1].user).get("/api/v1/orders")) == [shared.number]
    assert numbers(as_user(make_admin()).get("/api/v1/orders")) == [foreign.number, own.number, shared.number]
    assert numbers(as_user(make_user()).get("/api/v1/orders")) == []


def test_sellers_and_staff_find_what_they_bought_themselves(api, buyer, shared, two_shops):
    seller, admin = two_shops[0].user, make_admin()
    lamp, bell = (place(who, make_variant(title="Secret gift")) for who in (seller, admin))

    for client, own in ((as_user(seller), lamp), (as_user(admin), bell)):
        assert numbers(client.get("/api/v1/orders?bought=true")) == [own.number]
        assert numbers(client.get("/api/v1/orders?bought=true&status=paid")) == []
        [order] = client.get("/api/v1/orders?bought=true").json()["results"]
        assert (order["can_cancel"], order["shipping_address"]["line1"]) == (True, ADDRESS["line1"])
    assert numbers(as_user(seller).get("/api/v1/orders?bought=false")) == [shared.number]
    assert numbers(api.get("/api/v1/orders?bought=true")) == numbers(api.get("/api/v1/orders")) == [shared.number]
    assert error(api.get("/api/v1/orders?bought=perhaps")) == (400, "invalid", "bought")


def test_the_list_is_filtered_and_paged(api, buyer):
    orders = [place(buyer, make_variant()) for _ in range(3)]
    pay(orders[0])

    assert numbers(api.get("/api/v1/orders?status=paid")) == [orders[0].number]
    assert error(api.get("/api/v1/orders?status=lost")) == (400, "invalid_choice", "status")
    first = api.get("/api/v1/orders?page_size=2").json()
    assert (first["count"], first["previous"]) == (3, None)
    assert numbers(api.get(first["next"])) == [orders[0].number]
    assert error(api.get("/api/v1/orders?page=3&page_size=2"))[:2] == (404, "not_found")


@pytest.mark.parametrize("count", [1, 12])
def test_a_list_asks_the_same_questions_for_any_number_of_orders(buyer, count):
    shop = make_seller()
    for _ in range(count):
        place(buyer, make_variant(seller=shop), make_variant())

    for client, path in (
        (as_user(buyer), "/api/v1/orders"),
        (as_user(shop.user), "/api/v1/orders"),
        (as_user(make_admin()), "/api/v1/admin/orders"),
    ):
        with CaptureQueriesContext(connection) as queries:
            assert len(numbers(client.get(path))) == count
        assert len(queries) == 3  # the user, the page, its lines


def test_staff_find_orders_by_buyer_and_status(buyer, shared):
    other = place(make_user(full_name="Ravi Iyer", email="ravi@example.com"), make_variant())
    admin = as_user(make_admin())

    response = admin.get(f"/api/v1/admin/orders?buyer={other.buyer_id}")
    assert numbers(response) == [other.number]
    assert response.json()["results"][0]["buyer"] == {
        "id": other.buyer_id, "email": "ravi@example.com", "full_name": "Ravi Iyer",
    }  # fmt: skip
    assert numbers(admin.get("/api/v1/admin/orders?status=paid")) == [shared.number]
    assert numbers(admin.get("/api/v1/admin/orders?buyer=999999999")) == []
    assert error(admin.get("/api/v1/admin/orders?buyer=x")) == (400, "invalid", "buyer")


def test_a_seller_takes_their_part_through_all_steps(api, shared, two_shops):
    seller = as_user(two_shops[0].user)
    seller.patch(url(shared, "status"), {"status": "processing"})
    sent = seller.patch(url(shared, "status"), {"status": "shipped", "tracking": TRACKING})
    done = seller.patch(url(shared, "status"), {"status": "delivered"})

    assert [sent.status_code, done.status_code] == [200, 200]
    [part] = done.json()["seller_orders"]
    assert (part["status"], part["tracking"]) == ("delivered", TRACKING)
    assert [step["step"] for step in part["timeline"] if step["at"]] == STEPS
    parts = {part["seller"]["id"]: part for part in api.get(url(shared)).json()["seller_orders"]}
    assert parts[two_shops[1].pk]["status"] == "paid"
    assert state(shared) == ("paid", "paid")


def test_staff_move_all_parts_or_the_one_they_name(shared, two_shops):
    admin = as_user(make_admin())
    part = shared.seller_orders.get(seller=two_shops[0])

    admin.patch(url(shared, "status"), {"status": "processing", "seller_order": part.pk})
    assert state(shared)[0] == "paid"
    assert error(admin.patch(url(shared, "status"), {"status": "processing"}))[:2] == (409, "illegal_transition")
    assert shared.seller_orders.get(seller=two_shops[1]).status == "paid"
    admin.patch(url(shared, "status"), {"status": "shipped", "seller_order": part.pk})
    rest = shared.seller_orders.get(seller=two_shops[1])
    admin.patch(url(shared, "status"), {"status": "processing", "seller_order": rest.pk})
    assert state(shared)[0] == "processing"


def test_a_part_of_somebody_else_does_not_exist(shared, two_shops):
    one, two = (as_user(shop.user) for shop in two_shops)
    foreign = shared.seller_orders.get(seller=two_shops[1])

    response = one.patch(url(shared, "status"), {"status": "processing", "seller_order": foreign.pk})
    assert error(response)[:2] == (404, "not_found")
    assert error(as_user(make_seller().user).patch(url(shared, "status"), {"status": "processing"}))[0] == 404
    assert {part.status for part in shared.seller_orders.all()} == {"paid"}
    assert two.patch(url(shared, "status"), {"status": "processing", "seller_order": foreign.pk}).status_code == 200


@pytest.mark.parametrize("current", OrderStatus.values)
@pytest.mark.parametrize("target", OrderStatus.values)
def test_any_other_step_is_refused_and_changes_nothing(buyer, current, target):
    order = place(buyer, make_variant())
    part = order.seller_orders.get()
    paid = "unpaid" if current in ("pending", "cancelled") else "paid"
    Order.objects.filter(pk=order.pk).update(status=current, payment_status=paid)
    order.seller_orders.update(status=current)

    response = as_user(part.seller.user).patch(url(order, "status"), {"status": target})

    part.refresh_from_db()
    if target in TRANSITIONS[current] & SELLER_STEPS:
        assert (response.status_code, part.status) == (200, target)
    else:
        assert error(response) == (409, "illegal_transition", None)
        assert (part.status, order.events.count()) == (current, 1)


@pytest.mark.parametrize(
    ("body", "attr"),
    [
        ({}, "status"), ({"status": "lost"}, "status"), ({"status": 3}, "status"),
        ({"status": "shipped", "tracking": {"carrier": "Delhivery"}}, "tracking.number"),
        ({"status": "shipped", "tracking": {**TRACKING, "number": "<b>12345</b>"}}, "tracking.number"),
        ({"status": "shipped", "tracking": {**TRACKING, "number": "123"}}, "tracking.number"),
        ({"status": "shipped", "tracking": {**TRACKING, "url": "javascript:alert(1)"}}, "tracking.url"),
        ({"status": "processing", "tracking": TRACKING}, "tracking"),
        ({"status": "processing", "seller_order": "1"}, "seller_order"),
        ({"status": "processing", "paid_at": "2026-01-01"}, "paid_at"),
    ],
)  # fmt: skip
def test_a_malformed_step_is_refused(shared, two_shops, body, attr):
    response = as_user(two_shops[0].user).patch(url(shared, "status"), body)

    assert error(response)[::2] == (400, attr)
    assert {part.status for part in shared.seller_orders.all()} == {"paid"}


def test_a_buyer_cancels_what_is_not_shipped_and_its_stock_returns(api, buyer):
    variant = make_variant(stock=5)
    order = place(buyer, variant, quantity=2)

    document = api.post(url(order, "cancel"), {"reason": "Ordered by mistake"}).json()

    assert (document["status"], document["payment_status"], document["can_cancel"]) == ("cancelled", "unpaid", False)
    assert [step["step"] for step in document["timeline"]] == ["pending", "cancelled"]
    assert stock_of(variant) == 5


def test_cancelling_what_is_paid_owes_the_money_back(api, shared):
    as_user(make_admin()).patch(url(shared, "status"), {"status": "processing"})
    assert api.post(url(shared, "cancel"), {}).json()["payment_status"] == "refunding"


def test_what_is_shipped_or_cancelled_is_not_cancelled(api, buyer, shared, two_shops):
    seller = as_user(two_shops[0].user)
    seller.patch(url(shared, "status"), {"status": "processing"})
    seller.patch(url(shared, "status"), {"status": "shipped"})
    assert error(api.post(url(shared, "cancel"), {})) == (409, "illegal_transition", None)
    assert state(shared) == ("paid", "paid")

    order = place(buyer, make_variant())
    api.post(url(order, "cancel"), {})
    again = api.post(url(order, "cancel"), {})
    assert error(again) == (409, "illegal_transition", None)
    assert again.json()["errors"][0]["detail"] == "This order is cancelled already."


def test_with_one_parcel_on_its_way_nobody_is_told_that_the_order_can_be_cancelled(api, buyer, shared, two_shops):
    seller, admin = as_user(two_shops[0].user), as_user(make_admin())
    seller.patch(url(shared, "status"), {"status": "processing"})
    assert [client.get(url(shared)).json()["can_cancel"] for client in (api, admin)] == [True, True]

    seller.patch(url(shared, "status"), {"status": "shipped"})

    assert [client.get(url(shared)).json()["can_cancel"] for client in (api, admin)] == [False, False]
    page = Client()
    page.force_login(buyer)
    assert reverse("orders:cancel", args=[shared.number]) not in page.get(shared.get_absolute_url()).content.decode()


def test_a_cancellation_sent_again_with_its_key_gets_the_first_answer(api, buyer):
    variant = make_variant(stock=5)
    order, other = place(buyer, variant), place(buyer, variant)

    first, second = (api.post(url(order, "cancel"), {}, headers=KEY) for _ in range(2))

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    assert second["Idempotent-Replayed"] == "true"
    assert stock_of(variant) == 4
    for path, body in ((url(order, "cancel"), {"reason": "Other"}), (url(other, "cancel"), {})):
        assert error(api.post(path, body, headers=KEY))[:2] == (409, "idempotency_key_reused")
    assert state(other)[0] == "pending"


def test_a_cancellation_whose_answer_was_lost_is_answered_when_sent_again(api, buyer, monkeypatch):
    order = place(buyer, make_variant())
    with monkeypatch.context() as patch:
        patch.setattr("orders.api.views.order_json", crash)
        with pytest.raises(SystemExit):
            api.post(url(order, "cancel"), {}, headers=KEY)
    assert state(order)[0] == "cancelled"
    assert error(api.post(url(order, "cancel"), {}, headers=KEY))[:2] == (409, "idempotency_key_in_use")

    IdempotentRequest.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    again = api.post(url(order, "cancel"), {}, headers=KEY)

    assert (again.status_code, again.json()["status"]) == (200, "cancelled")
    assert order.events.filter(kind="cancelled").count() == 1


def crash(*_):
    raise SystemExit
