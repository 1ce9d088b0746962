"""
A person registers, mistypes a password, logs in, buys and pays, by the pages and by the API, while a thing or two goes
wrong; and in no line of the log stands who they are or how to get in as them.
"""

import json
import logging

import pytest
from celery.signals import before_task_publish
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from accounts import tasks
from accounts.mailer import MailError
from accounts.models import User
from cart.services import get_cart
from orders.models import Order
from payments.tasks import process_new_events
from pymart.common import logs
from tests.factories import PASSWORD
from tests.shop import make_variant

pytestmark = pytest.mark.django_db(transaction=True)

EMAIL, PHONE, NAME, STREET = "asha.rao@example.com", "9876543210", "Asha Rao", "14 Residency Road"
PERSON = {"email": EMAIL, "full_name": NAME, "phone": PHONE}
ADDRESS = {"line1": STREET, "city": "Bengaluru", "state": "Karnataka", "pincode": "560025"}


@pytest.fixture
def log(caplog):
    """All that is logged, as production writes it."""
    caplog.set_level(logging.DEBUG)
    caplog.handler.setFormatter(logs.JsonFormatter())
    for name in ("asyncio", "django.db.backends", "urllib3"):  # silent in production, whose level is INFO
        caplog.set_level(logging.INFO, logger=name)
    return lambda: [json.loads(line) for line in caplog.text.splitlines()]


@pytest.fixture
def published():
    """Name and context of each task that was sent."""
    sent: list[tuple[str, dict]] = []

    def note(sender, headers, **_):
        sent.append((sender, headers[logs.HEADER]))

    before_task_publish.connect(note)
    yield sent
    before_task_publish.disconnect(note)


def buy(client: Client) -> Order:
    """From the form of registration to the pay page."""
    form = {**PERSON, "password": PASSWORD, "terms": "on"}
    assert client.post(reverse("accounts:register"), form).status_code == 302
    client.post(reverse("accounts:logout"))
    for password in ("mango-tree-43", PASSWORD):
        client.post(reverse("accounts:login"), {"email": EMAIL, "password": password})
    client.post(reverse("cart:add"), {"variant": make_variant(price="250.00").pk, "quantity": 1})
    client.post(reverse("payments:checkout-address"), {"full_name": NAME, "phone": PHONE, **ADDRESS})
    cart = get_cart(str(User.objects.get(email=EMAIL).pk))
    client.post(reverse("payments:checkout-pay"), {"cart_id": str(cart.id), "expected_total": str(cart.total)})
    order = Order.objects.get(buyer__email=EMAIL)
    assert client.get(reverse("payments:pay", args=[order.number])).status_code == 200
    return order


def test_a_purchase_leaves_nobody_in_the_log(till, log, published, monkeypatch):
    client = till.client
    order = buy(client)
    user = order.buyer
    till.hand_back(order, till.pay(order))
    till.deliver()
    process_new_events.apply()
    client.post(reverse("accounts:password-reset"), {"email": EMAIL})

    def refuse(row):
        raise MailError(f"422 validation_error: {user.email} is not a mailbox, said {NAME}'s server"[:70])

    monkeypatch.setattr(tasks, "compose", refuse)
    tasks.send_waiting_emails.apply()
    entered = Client().post(
        "/api/v1/auth/login", {"email": EMAIL, "password": PASSWORD}, content_type="application/json"
    ).json()  # fmt: skip
    bearer = {"Authorization": f"Bearer {entered['access_token']}"}
    Client().get("/api/v1/auth/nothing", headers=bearer)
    Client().get(f"/account/password/reset/MQ/{entered['access_token']}/")
    Client().post(reverse("payments:return") + f"?order={order.number}", {"razorpay_signature": "0" * 64})

    def burst(**_fields):
        raise IntegrityError(f"duplicate key\nDETAIL:  Key (email, name)=({EMAIL}, {NAME}) already exists.")

    monkeypatch.setattr("accounts.services.passwords.queue_email", burst)
    quiet = Client(raise_request_exception=False)
    assert quiet.post(reverse("accounts:password-reset"), {"email": EMAIL}).status_code == 500

    text = json.dumps(log())
    cookies = [client.cookies[name].value for name in ("sessionid", "csrftoken") if name in client.cookies]
    tokens = [entered["access_token"], entered["refresh_token"]]
    assert cookies
    for secret in (EMAIL, PHONE, NAME, STREET, PASSWORD, *cookies, *tokens):
        assert secret not in text
    told = {line["logger"] for line in log()}
    assert {"django.request", "accounts.tasks"} <= told  # else there was nothing to look at
    assert all("request_id" in line for line in log() if line["logger"] == "django.request")


def test_user_and_order_go_along_into_the_tasks_of_a_request(till, published):
    client = till.client
    order = buy(client)
    till.hand_back(order, till.pay(order))

    contexts = {name: context for name, context in published if name == "accounts.tasks.send_email"}
    assert contexts["accounts.tasks.send_email"]["order"] == order.number  # its confirmation
    assert "request_id" in contexts["accounts.tasks.send_email"]

    published.clear()
    client.post(reverse("orders:cancel", args=[order.number]))
    context = published[-1][1]
    assert (context["user_id"], context["order"]) == (order.buyer_id, order.number)
