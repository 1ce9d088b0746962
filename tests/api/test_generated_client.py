"""Somebody who has nothing but `openapi.json` makes a client of it and buys a lamp."""

import importlib
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from orders.models import Order
from payments.sandbox import acquiring
from payments.sandbox.instruments import Instrument
from payments.sandbox.signing import sign_checkout
from tests.factories import ADDRESS, PASSWORD
from tests.shop import make_variant, stock_of
from tests.web import ROOT

PACKAGE = "generated_pymart_client"


@pytest.fixture(scope="module")
def client_code(tmp_path_factory) -> Iterator[Path]:
    folder: Path = tmp_path_factory.mktemp("client")
    (folder / "config.yml").write_text("post_hooks: []\n")
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--path", str(ROOT / "openapi.json")]
    options = ["--output-path", str(folder / PACKAGE), "--meta", "none", "--config", str(folder / "config.yml")]
    made = subprocess.run([*command, *options, "--fail-on-warning"], capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    sys.path.insert(0, str(folder))
    yield folder / PACKAGE
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


class App:
    """The generated operations and models by their names."""

    def __init__(self, url: str, token: str = "") -> None:
        package = importlib.import_module(PACKAGE)
        if token:
            self.client = package.AuthenticatedClient(base_url=url, token=token)
        else:
            self.client = package.Client(base_url=url)
        self.models = importlib.import_module(f"{PACKAGE}.models")

    def close(self) -> None:
        self.client.get_httpx_client().close()

    def call(self, operation: str, *args: Any, **kwargs: Any) -> Any:
        """Answers the model that the status stands for."""
        module = importlib.import_module(f"{PACKAGE}.api.{operation}")
        return module.sync(*args, client=self.client, **kwargs)


@pytest.fixture
def shop(live_server, settings, transactional_db) -> str:
    settings.SITE_URL = live_server.url
    settings.RAZORPAY_BASE_URL = f"{live_server.url}/sandbox/razorpay"
    settings.RAZORPAY_TIMEOUT = 10
    return live_server.url


@pytest.fixture
def connect(client_code: Path, shop: str) -> Iterator[Callable[..., App]]:
    """Make an app that talks to the shop, with this token if there is one."""
    with ExitStack() as apps:
        yield lambda token="": apps.enter_context(closing(App(shop, token)))


def test_a_generated_client_buys_a_lamp(connect):
    variant = make_variant(title="Brass lamp", price="600.00", mrp="900.00", stock=5)
    visitor = connect()
    models = visitor.models

    # an account
    account = models.RegisterInputRequest(email="meera@example.com", password=PASSWORD, full_name="Meera Nair")
    signed_in = visitor.call("auth.auth_register", body=account)
    assert (signed_in.user.email, signed_in.user.role) == ("meera@example.com", "buyer")
    taken = visitor.call("auth.auth_register", body=account)
    assert isinstance(taken, models.Error)
    assert taken.errors[0].attr == "email"
    app = connect(signed_in.access_token)
    assert app.call("auth.auth_me").full_name == "Meera Nair"

    # the product
    found = app.call("products.products_list", q="brass lamp", in_stock=True)
    assert [(row.title, row.price) for row in found.results] == [("Brass lamp", "600.00")]
    detail = app.call("products.products_retrieve", found.results[0].slug)
    assert [option.id for option in detail.variants] == [variant.pk]

    # the cart
    cart = app.call("cart.cart_add", body=models.AddInputRequest(product_id=detail.id, quantity=2))
    assert (cart.item_count, cart.total, cart.items[0].seller.name) == (2, "1200.00", variant.seller.shop_name)

    # the order; an answer that got lost is asked for again
    checkout = models.CheckoutInputRequest(
        shipping_address=models.AddressInputRequest.from_dict(ADDRESS), expected_total=cart.total
    )
    key = str(uuid.uuid4())
    placed = app.call("orders.orders_checkout", body=checkout, idempotency_key=key)
    assert app.call("orders.orders_checkout", body=checkout, idempotency_key=key).order.id == placed.order.id
    assert (placed.order.status, placed.payment.amount, placed.payment.currency) == ("pending", 120000, "INR")
    assert app.call("cart.cart_read").items == []
    assert (Order.objects.count(), stock_of(variant)) == (1, 3)

    # the money
    payment = acquiring.start_payment(
        order_id=placed.payment.razorpay_order_id, instrument=Instrument("upi"), buyer={"email": "meera@example.com"}
    )
    payment_id = acquiring.authorize_payment(payment.pk).pk
    signature = sign_checkout(order_id=placed.payment.razorpay_order_id, payment_id=payment_id)
    answer = {
        "razorpay_payment_id": payment_id,
        "razorpay_order_id": placed.payment.razorpay_order_id,
        "razorpay_signature": signature,
    }
    forged = app.call(
        "orders.orders_verify",
        placed.order.id,
        body=models.VerifyInputRequest.from_dict({**answer, "razorpay_signature": "0" * 64}),
    )
    assert isinstance(forged, models.Error)
    paid = app.call("orders.orders_verify", placed.order.id, body=models.VerifyInputRequest.from_dict(answer))
    assert (paid.status, paid.payment_status) == ("paid", "paid")

    # what the buyer sees of it
    mine = app.call("orders.orders_list", status=models.OrdersListStatus.PAID)
    assert [order.number for order in mine.results] == [placed.order.number]
    shown = app.call("orders.orders_read", placed.order.id)
    assert (shown.total, shown.shipping_address.city, shown.paid_at is not None) == ("1200.00", "Bengaluru", True)
    assert app.call("notifications.notifications_list").unread_count == 1
