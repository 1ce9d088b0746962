"""Checkout over HTTP, as an app goes through it, with the sandbox as Razorpay."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cart import store
from catalog.models import StockMovement, Variant
from catalog.services import set_status
from orders.models import Order
from payments.sandbox import faults
from payments.sandbox.faults import Kind
from payments.sandbox.models import Order as GatewayOrder
from pymart.common.models import IdempotentRequest
from tests.api.conftest import as_user
from tests.factories import ADDRESS, make_seller, make_user
from tests.payments.api import BODY, CHECKOUT, KEY, checked_out, errors
from tests.shop import fill_cart, make_variant, stock_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def buyer(till):
    return make_user(email="asha@example.com")


@pytest.fixture
def api(buyer):
    return as_user(buyer)


def held(user) -> dict[int, int]:
    return store.read(str(user.pk)).quantities


def nothing_was_written(variant: Variant) -> bool:
    variant.refresh_from_db()
    moved = StockMovement.objects.filter(variant=variant, reason="order").exists()
    return not Order.objects.exists() and not moved


# Checkout


def test_a_cart_becomes_an_order_with_what_is_needed_to_pay_it(api, buyer, settings):
    variant = make_variant(price="250.00", stock=5)
    fill_cart(buyer, variant, quantity=2)

    response = api.post(CHECKOUT, {"shipping_address": {**ADDRESS, "phone": "9876543210", "line2": "2nd floor"}})

    assert response.status_code == 201
    order, payment = response.json()["order"], response.json()["payment"]
    assert (order["status"], order["payment_status"], order["total"]) == ("pending", "unpaid", "500.00")
    assert order["shipping_address"]["phone"] == "+919876543210"
    assert order["shipping_address"]["line2"] == "2nd floor"
    assert payment == {
        "key_id": settings.RAZORPAY_KEY_ID,
        "razorpay_order_id": order["razorpay_order_id"],
        "amount": 50000,
        "currency": "INR",
        "name": "PyMart",
        "prefill": {"name": "Asha Rao", "email": "asha@example.com", "contact": "+919876543210"},
    }
    assert GatewayOrder.objects.get().pk == payment["razorpay_order_id"]
    assert (stock_of(variant), held(buyer)) == (3, {})
    assert api.get(f"/api/v1/orders/{order['id']}").json() == order


def test_an_empty_cart_is_refused(api):
    assert errors(api.post(CHECKOUT, BODY)) == (400, [("empty_cart", None)])


def test_a_shortage_names_every_short_line_and_changes_nothing(api, buyer):
    one, two, fine, gone = (make_variant(title=title, stock=5) for title in ("Lamp", "Pot", "Diya", "Bell"))
    fill_cart(buyer, one, two, fine, gone, quantity=4)
    Variant.objects.filter(pk=one.pk).update(stock=3)
    Variant.objects.filter(pk=two.pk).update(stock=0)
    set_status(product=gone.product, status="archived")
    before = held(buyer)

    for _ in range(2):  # the cart stays as it is until it is looked at
        response = api.post(CHECKOUT, BODY)
        assert response.status_code == 409
        assert {(error["code"], error["attr"], error["detail"]) for error in response.json()["errors"]} == {
            ("out_of_stock", f"items.{one.pk}", "Only 3 of “Lamp” left."),
            ("out_of_stock", f"items.{two.pk}", "“Pot” just sold out."),
            ("not_for_sale", f"items.{gone.pk}", "“Bell” is no longer sold."),
        }
    assert nothing_was_written(fine)
    assert held(buyer) == before

    api.get("/api/v1/cart")
    assert api.post(CHECKOUT, BODY).status_code == 201


def test_what_sells_out_between_look_and_lock_is_named_too(api, buyer, monkeypatch):
    from cart.services import get_cart

    variant = make_variant(stock=1)
    fill_cart(buyer, variant)
    stale = get_cart(str(buyer.pk))
    Variant.objects.filter(pk=variant.pk).update(stock=0)
    monkeypatch.setattr("orders.services.placing.get_cart", lambda owner, mend: stale)

    assert errors(api.post(CHECKOUT, BODY)) == (409, [("out_of_stock", f"items.{variant.pk}")])
    assert nothing_was_written(variant)


def test_a_total_other_than_the_one_that_was_shown_orders_nothing(api, buyer):
    variant = make_variant(price="250.00")
    fill_cart(buyer, variant)

    assert errors(api.post(CHECKOUT, {**BODY, "expected_total": "250.00"})) == (409, [("price_changed", None)])
    assert nothing_was_written(variant)
    assert api.post(CHECKOUT, {**BODY, "expected_total": "299.00"}).status_code == 201


@pytest.mark.parametrize(
    ("changes", "attr"),
    [
        ({"phone": "12345"}, "phone"), ({"phone": "+4915112345678"}, "phone"), ({"phone": 9876543210}, "phone"),
        ({"pincode": "012345"}, "pincode"), ({"pincode": "5600"}, "pincode"), ({"state": "Bavaria"}, "state"),
        ({"full_name": " "}, "full_name"), ({"line1": None}, "line1"), ({"city": "x" * 81}, "city"),
        ({"country": "IN"}, "country"),
    ],
)  # fmt: skip
def test_an_address_that_is_none_in_india_is_refused(api, buyer, changes, attr):
    variant = make_variant()
    fill_cart(buyer, variant)

    status, found = errors(api.post(CHECKOUT, {"shipping_address": {**ADDRESS, **changes}}))

    assert (status, [attr for _, attr in found]) == (400, [f"shipping_address.{attr}"])
    assert nothing_was_written(variant)
    assert held(buyer) == {variant.pk: 1}


def test_a_code_of_a_state_is_refused_with_what_is_wanted_instead(api, buyer):
    fill_cart(buyer, make_variant())
    response = api.post(CHECKOUT, {"shipping_address": {**ADDRESS, "state": "KA"}})
    assert "full name of a state or union territory, such as Karnataka" in response.content.decode()


def test_all_that_is_missing_is_named_at_once(api):
    status, found = errors(api.post(CHECKOUT, {"shipping_address": {}}))
    required = {"full_name", "phone", "line1", "city", "state", "pincode"}
    assert (status, {attr for _, attr in found}) == (400, {f"shipping_address.{name}" for name in required})
    assert errors(api.post(CHECKOUT, {})) == (400, [("required", "shipping_address")])


def test_with_the_gateway_down_the_order_is_kept_and_paid_later(api, buyer):
    variant = make_variant(price="250.00", stock=5)
    fill_cart(buyer, variant)
    faults.arm(Kind.BAD_GATEWAY)

    response = api.post(CHECKOUT, BODY)
    order = Order.objects.get()
    refused = api.post(f"/api/v1/orders/{order.pk}/pay")

    assert (response.status_code, response.json()["payment"]) == (201, None)
    assert response.json()["order"]["razorpay_order_id"] is None
    assert errors(refused) == (503, [("payment_gateway_unavailable", None)])
    assert refused.json()["type"] == "server_error"
    assert (order.status, stock_of(variant), held(buyer)) == ("pending", 4, {})

    faults.reset()
    payment = api.post(f"/api/v1/orders/{order.pk}/pay").json()
    assert payment["razorpay_order_id"] == GatewayOrder.objects.get().pk
    assert payment["amount"] == 29900


def test_each_seller_of_a_cart_gets_a_part(api, buyer):
    one, two = make_seller(), make_seller()
    order = checked_out(api, buyer, make_variant(seller=one), make_variant(seller=two))

    assert {part["seller"]["id"] for part in api.get(f"/api/v1/orders/{order.pk}").json()["seller_orders"]} == {
        one.pk, two.pk,
    }  # fmt: skip


# Sending again


def test_a_checkout_sent_again_with_its_key_gets_the_first_answer(api, buyer):
    variant = make_variant(stock=5)
    fill_cart(buyer, variant)
    first = api.post(CHECKOUT, BODY, headers=KEY)
    fill_cart(buyer, variant)
    second = api.post(CHECKOUT, BODY, headers=KEY)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert second["Idempotent-Replayed"] == "true"
    assert (Order.objects.count(), GatewayOrder.objects.count(), stock_of(variant)) == (1, 1, 4)
    assert held(buyer) == {variant.pk: 1}


def test_the_key_with_another_body_is_refused(api, buyer):
    fill_cart(buyer, make_variant())
    api.post(CHECKOUT, BODY, headers=KEY)

    other = {"shipping_address": {**ADDRESS, "line1": "7 MG Road"}}
    assert errors(api.post(CHECKOUT, other, headers=KEY)) == (409, [("idempotency_key_reused", None)])
    assert Order.objects.count() == 1


@pytest.mark.parametrize("where", ["payments.api.views.place_order", "payments.api.views._payment"])
def test_a_checkout_that_crashed_is_finished_when_sent_again(api, buyer, monkeypatch, where):
    variant = make_variant(stock=5)
    fill_cart(buyer, variant)
    with monkeypatch.context() as patch:
        patch.setattr(where, crash)
        with pytest.raises(SystemExit):
            api.post(CHECKOUT, BODY, headers=KEY)
    assert errors(api.post(CHECKOUT, BODY, headers=KEY)) == (409, [("idempotency_key_in_use", None)])

    was_placed = Order.objects.exists()
    later = make_variant()
    if was_placed:
        fill_cart(buyer, later)  # the shopper goes on
    IdempotentRequest.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    again = api.post(CHECKOUT, BODY, headers=KEY)

    assert again.status_code == 201
    assert [item["variant_id"] for item in again.json()["order"]["items"]] == [variant.pk]
    assert again.json()["payment"]["razorpay_order_id"] == GatewayOrder.objects.get().pk
    assert (Order.objects.count(), stock_of(variant)) == (1, 4)
    assert held(buyer) == ({later.pk: 1} if was_placed else {})


@pytest.mark.parametrize("was_full", [True, False])
def test_a_checkout_that_crashed_never_orders_a_cart_that_was_begun_since(api, buyer, monkeypatch, was_full):
    other = make_variant(stock=5)
    if was_full:
        fill_cart(buyer, make_variant())
    with monkeypatch.context() as patch:
        patch.setattr("payments.api.views.place_order", crash)
        with pytest.raises(SystemExit):
            api.post(CHECKOUT, BODY, headers=KEY)
    api.delete("/api/v1/cart")
    fill_cart(buyer, other)
    IdempotentRequest.objects.update(leased_until=timezone.now() - timedelta(seconds=1))

    again = api.post(CHECKOUT, BODY, headers=KEY)

    assert errors(again) == (409, [("cart_changed", None)])
    assert again.json()["errors"][0]["detail"] == "Your cart changed. Please look over it again."
    assert (nothing_was_written(other), held(buyer)) == (True, {other.pk: 1})
    assert api.post(CHECKOUT, BODY, headers={"Idempotency-Key": "another"}).status_code == 201


def test_a_checkout_that_the_gateway_did_not_answer_makes_one_order_there(api, buyer, monkeypatch):
    """Razorpay made its order, we crashed before we noted it: the repetition finds it by its receipt."""
    fill_cart(buyer, make_variant())
    with monkeypatch.context() as patch:
        patch.setattr("payments.services.checkout.set_razorpay_order", crash)
        with pytest.raises(SystemExit):
            api.post(CHECKOUT, BODY, headers=KEY)
    IdempotentRequest.objects.update(leased_until=timezone.now() - timedelta(seconds=1))

    again = api.post(CHECKOUT, BODY, headers=KEY)

    assert again.json()["payment"]["razorpay_order_id"] == GatewayOrder.objects.get().pk


def test_a_refusal_is_replayed_too(api, buyer):
    assert api.post(CHECKOUT, BODY, headers=KEY).status_code == 400
    fill_cart(buyer, make_variant())
    assert api.post(CHECKOUT, BODY, headers=KEY).status_code == 400
    assert api.post(CHECKOUT, BODY, headers={"Idempotency-Key": "another"}).status_code == 201


# Pay and verify


def crash(*args, **kwargs):
    raise SystemExit


def test_a_first_checkout_with_a_key_asks_razorpay_for_no_earlier_order(api, buyer, monkeypatch):
    fill_cart(buyer, make_variant())
    monkeypatch.setattr("payments.gateway.find_order", lambda **_: pytest.fail("there is none"))

    assert api.post(CHECKOUT, BODY, headers=KEY).json()["payment"]
