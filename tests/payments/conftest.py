"""The shop and the sandbox gateway on one live server: real HTTP in both directions."""

from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from orders.models import Order
from orders.services import place_order
from payments.sandbox import acquiring, webhooks
from payments.sandbox.instruments import Instrument
from payments.sandbox.signing import sign_checkout
from payments.services import ensure_razorpay_order
from payments.tasks import issue_waiting_refunds, process_waiting_events
from tests.factories import ADDRESS, make_user
from tests.payments.api import WEBHOOK
from tests.shop import fill_cart, make_variant


@dataclass
class Till:
    """What buyer, bank and gateway do with an order, step by step."""

    client: Client

    def place(self, *variants) -> Order:
        """An order with its Razorpay order."""
        buyer = make_user()
        fill_cart(buyer, *(variants or [make_variant(price="250.00")]))
        order = place_order(buyer=buyer, address=ADDRESS)
        ensure_razorpay_order(order, is_new=True)
        self.client.force_login(buyer)
        return order

    def pay(self, order: Order) -> str:
        """The bank approves; the shop has heard nothing yet. Answers the payment's id."""
        payment = acquiring.start_payment(
            order_id=order.razorpay_order_id, instrument=Instrument("upi"), buyer={"email": order.buyer.email}
        )
        return acquiring.authorize_payment(payment.pk).pk

    def hand_back(self, order: Order, payment_id: str, **changes: str):
        """The browser comes back with what the checkout gave it."""
        fields = {
            "razorpay_payment_id": payment_id,
            "razorpay_order_id": order.razorpay_order_id,
            "razorpay_signature": sign_checkout(order_id=order.razorpay_order_id, payment_id=payment_id),
            **changes,
        }
        # Cross-site: without the session.
        return Client().post(f"{reverse('payments:return')}?{urlencode({'order': order.number})}", fields)

    def deliver(self) -> int:
        """The gateway sends its webhooks and a worker works them off."""
        sent = webhooks.deliver_due()
        process_waiting_events()
        return sent

    def refund(self) -> None:
        """A worker asks for what is owed."""
        issue_waiting_refunds()


@pytest.fixture
def till(live_server, settings, transactional_db, client) -> Till:
    settings.SITE_URL = live_server.url
    settings.RAZORPAY_BASE_URL = f"{live_server.url}/sandbox/razorpay"
    settings.RAZORPAY_SANDBOX_WEBHOOK_URL = f"{live_server.url}{WEBHOOK}"
    settings.RAZORPAY_TIMEOUT = 2
    return Till(client)
