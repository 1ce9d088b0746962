"""A whole purchase from an app's side: HTTP to a running server, tokens, the sandbox as Razorpay."""

from dataclasses import dataclass, field
from typing import Any

import pytest
import requests

from accounts.services import issue_tokens
from orders.models import Order
from payments.sandbox.signing import sign_checkout
from tests.factories import ADDRESS, make_seller
from tests.payments.conftest import till
from tests.shop import make_variant, stock_of

__all__ = ["till"]
pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class App:
    """A phone: it knows the server's address and its user's tokens, nothing else."""

    base: str
    token: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def __call__(self, method: str, path: str, body: Any = None, *, status: int = 200, **headers: str) -> Any:
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        answer = requests.request(method, f"{self.base}/api/v1{path}", json=body, headers=headers, timeout=20)
        assert answer.status_code == status, answer.text
        assert answer.headers["X-Request-ID"]
        return answer.json() if answer.content else None


def test_from_signing_up_to_the_delivered_parcel(till, live_server):
    shop, stock = make_seller(), 5
    variant = make_variant(seller=shop, title="Brass lamp", price="250.00", stock=stock)
    phone, seller = App(live_server.url), App(live_server.url, issue_tokens(shop.user).access_token)

    signed_up = phone(
        "POST", "/auth/register",
        {"email": "asha@example.com", "password": "mango-tree-42", "full_name": "Asha Rao"}, status=201,
    )  # fmt: skip
    phone.token = signed_up["access_token"]

    [found] = phone("GET", "/products?q=brass+lamp")["results"]
    phone("POST", "/cart/items", {"product_id": found["id"], "quantity": 2})
    cart = phone("GET", "/cart")
    assert (cart["item_count"], cart["total"]) == (2, "500.00")

    placing = {"shipping_address": ADDRESS, "expected_total": cart["total"]}
    placed = phone("POST", "/orders/checkout", placing, status=201, Idempotency_Key="one-press")
    assert phone("POST", "/orders/checkout", placing, status=201, Idempotency_Key="one-press") == placed
    number, payment = placed["order"]["id"], placed["payment"]
    assert phone("GET", "/cart")["items"] == []
    assert stock_of(variant) == stock - 2

    payment_id = till.pay(Order.objects.get(pk=number))
    handed_back = {
        "razorpay_payment_id": payment_id,
        "razorpay_order_id": payment["razorpay_order_id"],
        "razorpay_signature": sign_checkout(order_id=payment["razorpay_order_id"], payment_id=payment_id),
    }
    assert phone("POST", f"/orders/{number}/verify", handed_back)["status"] == "paid"
    till.deliver()

    [to_pack] = seller("GET", "/orders?status=paid")["results"]
    assert to_pack["shipping_address"]["city"] == "Bengaluru"
    tracking = {"carrier": "India Post", "number": "EK123456789IN", "url": "https://track.example/EK123456789IN"}
    for step in ({"status": "processing"}, {"status": "shipped", "tracking": tracking}, {"status": "delivered"}):
        seller("PATCH", f"/orders/{number}/status", step)

    order = phone("GET", f"/orders/{number}")
    assert (order["status"], order["can_cancel"], order["seller_orders"][0]["tracking"]) == (
        "delivered", False, tracking,
    )  # fmt: skip
    assert all(step["at"] for step in order["timeline"])
    phone("POST", f"/orders/{number}/cancel", {}, status=409)
    types = [row["type"] for row in phone("GET", "/notifications")["results"]]
    assert types[0] == "order.status_changed"
    assert "order.paid" in types


def test_from_checkout_to_the_money_back(till, live_server):
    variant = make_variant(price="250.00", stock=5)
    phone = App(live_server.url)
    phone.token = phone(
        "POST", "/auth/register",
        {"email": "ravi@example.com", "password": "mango-tree-42", "full_name": "Ravi Iyer"}, status=201,
    )["access_token"]  # fmt: skip
    phone("POST", "/cart/items", {"product_id": variant.product_id})
    number = phone("POST", "/orders/checkout", {"shipping_address": ADDRESS}, status=201)["order"]["id"]
    till.pay(Order.objects.get(pk=number))
    till.deliver()  # the app was closed meanwhile: the webhook alone
    assert phone("GET", f"/orders/{number}")["payment_status"] == "paid"

    cancelled = phone("POST", f"/orders/{number}/cancel", {"reason": "Takes too long"}, Idempotency_Key="undo")
    assert (cancelled["status"], cancelled["payment_status"]) == ("cancelled", "refunding")
    till.refund()
    till.deliver()

    assert phone("GET", f"/orders/{number}")["payment_status"] == "refunded"
    assert stock_of(variant) == 5
