"""The developers' dashboard and its buttons."""

import pytest
from django.test import Client
from django.urls import reverse

from payments.sandbox import acquiring, faults, refunds, webhooks
from payments.sandbox.faults import Kind
from payments.sandbox.models import Delivery, Order, Payment, Refund
from payments.sandbox.refunds import RefundRequest

LISTS = ["orders", "payments", "refunds", "webhooks"]


@pytest.fixture
def developer(db, settings, client_of_the_shop) -> Client:
    settings.DEBUG = True
    return client_of_the_shop


@pytest.fixture
def client_of_the_shop() -> Client:
    return Client()


@pytest.fixture
def act(developer):
    def act(action: str, pk: str) -> str:
        """Press a button; what the page says then."""
        page = reverse("sandbox:dashboard-list", args=["orders"])
        address = reverse("sandbox:act", args=[action, pk])
        response = developer.post(address, headers={"referer": f"http://testserver{page}"}, follow=True)
        assert response.redirect_chain == [(f"http://testserver{page}", 302)]
        return response.content.decode()

    return act


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        reverse("sandbox:dashboard"),
        *(reverse("sandbox:dashboard-list", args=[kind]) for kind in LISTS),
        reverse("sandbox:dashboard-order", args=["order_AAAAAAAAAAAAAA"]),
    ],
)
def test_without_debug_there_is_no_dashboard(settings, client_of_the_shop, address):
    settings.DEBUG = False
    assert client_of_the_shop.get(address).status_code == 404


@pytest.mark.django_db
def test_without_debug_no_button_works(settings, client_of_the_shop, make_order):
    settings.DEBUG = False
    order = make_order()
    for address in (
        reverse("sandbox:set-knob"),
        reverse("sandbox:reset-knobs"),
        reverse("sandbox:deliver"),
        reverse("sandbox:act", args=["capture-again", order.pk]),
    ):
        assert client_of_the_shop.post(address, {"kind": "slow"}).status_code == 404
    assert not Payment.objects.exists()
    assert faults.armed() == {}


def test_buttons_need_the_csrf_token(developer, make_order):
    strict = Client(enforce_csrf_checks=True)
    address = reverse("sandbox:act", args=["capture-again", make_order().pk])
    assert strict.post(address).status_code == 403
    assert developer.get(address).status_code == 405


@pytest.mark.parametrize("kind", LISTS)
def test_lists_are_there_empty_and_full(developer, kind, make_order, pay):
    address = reverse("sandbox:dashboard-list", args=[kind])
    assert developer.get(address).status_code == 200
    payment = pay(make_order())
    refunds.create_refund(payment_id=payment.pk, request=RefundRequest(amount=500, receipt="RF-1"))
    text = developer.get(address).content.decode()
    assert "PM-1001" in text
    assert "sandbox-empty" not in text
    assert "PM-1001" not in developer.get(address, {"q": "nothing"}).content.decode()
    assert developer.get(reverse("sandbox:dashboard-list", args=["orders"]), {"q": payment.pk}).context["page"]
    assert developer.get("/sandbox/nothing/").status_code == 404


@pytest.mark.parametrize("kind", LISTS)
def test_the_number_of_queries_does_not_grow(developer, kind, make_order, pay, django_assert_max_num_queries, settings):
    address = reverse("sandbox:dashboard-list", args=[kind])
    developer.get(address)
    for _ in range(10):
        refunds.create_refund(payment_id=pay(make_order()).pk, request=RefundRequest(amount=500))
    with django_assert_max_num_queries(8):
        developer.get(address)


def test_an_order_shows_all_that_happened(developer, make_order, start, pay):
    order = make_order()
    failed = acquiring.fail_payment(start(order).pk)
    paid = pay(order)
    refund = refunds.create_refund(payment_id=paid.pk, request=RefundRequest(amount=500))
    text = developer.get(reverse("sandbox:dashboard-order", args=[order.pk])).content.decode()
    for wanted in (
        order.pk,
        failed.pk,
        paid.pk,
        refund.pk,
        "payment.failed",
        "order.paid",
        "refund.processed",
        "₹1,180",
    ):
        assert wanted in text


def test_knobs_are_set_and_reset(developer):
    form = {"kind": "slow", "times": "3", "seconds": "2", "match": "/refund", "set": "on"}
    response = developer.post(reverse("sandbox:set-knob"), form, follow=True)
    fault = faults.armed()["slow"]
    assert (fault.remaining, fault.options) == (3, {"seconds": 2, "match": "/refund"})
    assert "On, 3 more" in response.content.decode()

    developer.post(reverse("sandbox:set-knob"), {"kind": "slow", "set": "off"})
    assert faults.armed() == {}
    faults.arm(Kind.NO_WEBHOOK)
    developer.post(reverse("sandbox:reset-knobs"))
    assert faults.armed() == {}


def test_the_old_secret_comes_from_the_settings_unless_typed(developer, settings):
    form = {"kind": "old_webhook_secret", "set": "on"}
    settings.RAZORPAY_WEBHOOK_SECRET_PREVIOUS = ""
    response = developer.post(reverse("sandbox:set-knob"), form, follow=True)
    assert "Type the secret from before the rotation." in response.content.decode()
    assert faults.armed() == {}

    settings.RAZORPAY_WEBHOOK_SECRET_PREVIOUS = "before"
    developer.post(reverse("sandbox:set-knob"), form)
    assert faults.armed()["old_webhook_secret"].options == {"secret": "before"}
    developer.post(reverse("sandbox:set-knob"), form | {"secret": "typed"})
    assert faults.armed()["old_webhook_secret"].options == {"secret": "typed"}


def test_a_wrong_knob_is_refused(developer):
    developer.post(reverse("sandbox:set-knob"), {"kind": "explode"})
    developer.post(reverse("sandbox:set-knob"), {"kind": "slow", "times": "0"})
    assert faults.armed() == {}


def test_capture_now(act, make_order, pay):
    payment = pay(make_order(capture=Order.Capture.MANUAL))
    assert "Captured." in act("capture", payment.pk)
    payment.refresh_from_db()
    assert payment.status == "captured"
    assert "already paid" in act("capture", payment.pk)


def test_the_bank_says_yes_late(act, make_order, start):
    payment = acquiring.fail_payment(start(make_order()).pk)
    act("authorize-late", payment.pk)
    payment.refresh_from_db()
    assert payment.status == "captured"


def test_a_late_capture_on_any_order(act, make_order, pay):
    order = make_order()
    pay(order)
    act("capture-again", order.pk)
    assert order.payments.filter(status="captured").count() == 2
    assert "does not exist" in act("capture-again", "order_AAAAAAAAAAAAAA")


@pytest.mark.parametrize(("action", "status"), [("process-refund", "processed"), ("fail-refund", "failed")])
def test_a_pending_refund_is_settled(act, make_order, pay, action, status):
    faults.arm(Kind.REFUND_PENDING)
    refund = refunds.create_refund(payment_id=pay(make_order()).pk, request=RefundRequest())
    act(action, refund.pk)
    assert Refund.objects.get().status == status


def test_webhooks_are_sent_again(act, developer, receiver, make_order, pay):
    order = make_order()
    pay(order)
    developer.post(reverse("sandbox:deliver"))
    assert len(receiver.hooks) == 3
    act("redeliver", Delivery.objects.filter(event__name="order.paid").get().event_id)
    act("redeliver-reversed", order.pk)
    webhooks.deliver_due()
    assert len(receiver.hooks) == 7


def test_an_unknown_button_is_not_there(developer):
    assert developer.post(reverse("sandbox:act", args=["explode", "x"])).status_code == 404


def test_buttons_never_lead_away(developer, make_order):
    address = reverse("sandbox:act", args=["capture-again", make_order().pk])
    response = developer.post(address, headers={"referer": "https://elsewhere.example/"})
    assert response.url == reverse("sandbox:dashboard")
