"""Paying and refunding against the sandbox gateway, over HTTP, on good days and bad ones."""

from datetime import timedelta

import pytest
import razorpay
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from orders.models import Order
from orders.services import cancel_order, expire_order
from payments.models import RECONCILE_AFTER, Payment, Reconciliation, Refund, RefundStatus, WebhookEvent
from payments.sandbox import faults
from payments.sandbox.errors import refused
from payments.sandbox.faults import Kind
from payments.sandbox.models import Order as GatewayOrder
from payments.sandbox.models import Refund as GatewayRefund
from payments.sandbox.signing import sign_checkout
from payments.services import ensure_razorpay_order, watch_orders
from payments.services.checkout import NotPayable
from payments.tasks import issue_waiting_refunds, reconcile_payments
from pymart.common import counters
from tests.payments.api import WEBHOOK

pytestmark = pytest.mark.django_db(transaction=True)


def state(order: Order) -> tuple[str, str]:
    order.refresh_from_db()
    return order.status, order.payment_status


def reconcile() -> None:
    """The reconciler's next run."""
    watch_orders()
    Reconciliation.objects.exclude(due_at=None).update(due_at=timezone.now())
    reconcile_payments()


def test_the_browser_alone_pays_the_order(till):
    faults.arm(Kind.NO_WEBHOOK)
    order = till.place()
    response = till.hand_back(order, till.pay(order))
    assert response.status_code == 303
    assert response.url == order.get_absolute_url()
    assert state(order) == ("paid", "paid")


def test_the_webhook_alone_pays_the_order(till):
    order = till.place()
    till.pay(order)
    assert till.deliver() >= 2
    assert state(order) == ("paid", "paid")


def test_the_reconciler_alone_pays_the_order(till):
    faults.arm(Kind.NO_WEBHOOK)
    order = till.place()
    till.pay(order)
    for _ in range(2):
        reconcile()
    assert state(order) == ("paid", "paid")
    assert found_by_the_reconciler() == 1


def found_by_the_reconciler() -> int:
    return counters.read().get(("reconciler_finds", ""), 0)


def test_an_order_is_asked_for_only_some_minutes_after_it_was_placed(till):
    faults.arm(Kind.NO_WEBHOOK)
    order = till.place()
    till.pay(order)
    reconcile_payments()
    assert state(order) == ("pending", "unpaid")
    assert order.reconciliation.due_at == order.created_at + RECONCILE_AFTER
    Order.objects.update(created_at=order.created_at - RECONCILE_AFTER)
    Reconciliation.objects.all().delete()
    reconcile_payments()
    assert state(order) == ("paid", "paid")


def test_all_three_roads_together_pay_once(till):
    order = till.place()
    payment_id = till.pay(order)
    till.hand_back(order, payment_id)
    till.deliver()
    reconcile()
    till.hand_back(order, payment_id)
    assert state(order) == ("paid", "paid")
    assert order.events.filter(kind="paid").count() == 1
    assert not Refund.objects.exists()
    assert found_by_the_reconciler() == 0


@pytest.mark.parametrize("kind", [Kind.DUPLICATE_WEBHOOK, Kind.REVERSED_WEBHOOKS])
def test_webhooks_twice_or_reversed_have_their_effect_once(till, kind):
    faults.arm(kind)
    order = till.place()
    till.pay(order)
    till.deliver()
    assert state(order) == ("paid", "paid")
    assert order.events.filter(kind="paid").count() == 1
    assert not WebhookEvent.objects.filter(processed_at=None).exists()


def test_after_a_rotation_webhooks_signed_with_the_previous_secret_still_count(till, settings):
    settings.RAZORPAY_WEBHOOK_SECRET_PREVIOUS = "the-one-before"
    faults.arm(Kind.OLD_WEBHOOK_SECRET, secret="the-one-before")
    order = till.place()
    till.pay(order)
    till.deliver()
    assert state(order) == ("paid", "paid")


def test_a_forged_webhook_is_refused_and_changes_nothing(till):
    faults.arm(Kind.WRONG_WEBHOOK_SIGNATURE)
    order = till.place()
    till.pay(order)
    till.deliver()
    assert not WebhookEvent.objects.exists()
    assert state(order) == ("pending", "unpaid")


@pytest.mark.parametrize("body", [b"{}", b"", b"\xff\xfe", b'{"event": "payment.captured"}'])
@pytest.mark.parametrize("headers", [{}, {"X-Razorpay-Signature": "é", "X-Razorpay-Event-Id": "evt_1"}])
def test_a_webhook_that_is_not_razorpays_gets_400(till, body, headers):
    response = Client(headers=headers).post(WEBHOOK, body, content_type="application/json")
    assert response.status_code == 400
    assert not WebhookEvent.objects.exists()


def test_a_forged_hand_back_is_refused_and_changes_nothing(till):
    order = till.place()
    response = till.hand_back(order, till.pay(order), razorpay_signature="0" * 64)
    assert response.status_code == 400
    assert state(order) == ("pending", "unpaid")
    assert not Payment.objects.exists()


def test_a_signature_of_another_order_pays_nothing(till):
    cheap, dear = till.place(), till.place()
    payment_id = till.pay(cheap)
    stolen = sign_checkout(order_id=cheap.razorpay_order_id, payment_id=payment_id)
    response = till.hand_back(dear, payment_id, razorpay_signature=stolen)
    assert response.status_code == 400
    assert state(dear) == ("pending", "unpaid")


def test_a_failed_attempt_leads_back_to_the_pay_page_with_a_reason(till):
    order = till.place()
    url = f"{reverse('payments:return')}?order={order.number}"
    response = till.client.post(url, {"error[code]": "BAD_REQUEST_ERROR", "error[reason]": "insufficient_funds"})
    assert response.status_code == 303
    assert "not enough balance" in till.client.get(response.url).content.decode()
    assert state(order) == ("pending", "unpaid")


def test_while_the_gateway_is_down_the_hand_back_keeps_the_stock_and_the_reconciler_finishes(till):
    order = till.place()
    payment_id = till.pay(order)
    faults.arm(Kind.BAD_GATEWAY)
    faults.arm(Kind.NO_WEBHOOK)
    Order.objects.filter(pk=order.pk).update(expires_at=timezone.now())
    response = till.hand_back(order, payment_id)
    assert response.url.endswith("?payment=confirming")
    assert not expire_order(pk=order.pk)
    faults.reset()
    reconcile()
    assert state(order) == ("paid", "paid")


def test_an_authorised_payment_is_captured_by_the_hand_back(till):
    faults.arm(Kind.DELAYED_CAPTURE)
    order = till.place()
    till.hand_back(order, till.pay(order))
    assert state(order) == ("paid", "paid")


def test_an_authorised_payment_of_a_cancelled_order_is_left_to_lapse(till):
    faults.arm(Kind.DELAYED_CAPTURE)
    order = till.place()
    payment_id = till.pay(order)
    expire_order(pk=order.pk, now=order.expires_at)
    till.hand_back(order, payment_id)
    reconcile()
    assert state(order) == ("cancelled", "unpaid")
    assert [payment.status for payment in order.payments.all()] == ["authorized"]
    assert not Refund.objects.exists()


def test_a_capture_after_expiry_is_refunded_in_full(till):
    order = till.place()
    payment_id = till.pay(order)
    expire_order(pk=order.pk, now=order.expires_at)
    till.hand_back(order, payment_id)
    assert state(order) == ("cancelled", "refunding")
    till.refund()
    till.deliver()
    assert state(order) == ("cancelled", "refunded")
    assert GatewayRefund.objects.count() == 1


def test_a_late_authorisation_of_a_cancelled_order_is_found_and_refunded_without_any_message(till):
    faults.arm(Kind.NO_WEBHOOK)
    order = till.place()
    till.pay(order)
    expire_order(pk=order.pk, now=order.expires_at)
    reconcile()
    till.refund()
    assert state(order) == ("cancelled", "refunded")


def test_two_captures_for_one_order_send_the_second_back(till):
    faults.arm(Kind.DOUBLE_CAPTURE)
    order = till.place()
    till.pay(order)
    till.deliver()
    till.refund()
    assert state(order) == ("paid", "paid")
    assert [refund.reason for refund in Refund.objects.all()] == ["second_capture"]
    assert GatewayRefund.objects.count() == 1


def paid(till) -> Order:
    order = till.place()
    till.hand_back(order, till.pay(order))
    order.refresh_from_db()
    return order


def test_cancelling_a_paid_order_refunds_it(till):
    order = paid(till)
    cancel_order(order=order, actor=order.buyer)
    assert state(order) == ("cancelled", "refunding")
    till.refund()
    till.deliver()
    assert state(order) == ("cancelled", "refunded")
    assert Refund.objects.get().status == RefundStatus.PROCESSED


@pytest.mark.parametrize("kind", [Kind.TIMEOUT_AFTER, Kind.BAD_GATEWAY_AFTER, Kind.BAD_GATEWAY, Kind.RATE_LIMITED])
def test_a_refund_whose_answer_is_lost_is_asked_for_again_and_happens_once(till, kind):
    order = paid(till)
    cancel_order(order=order, actor=order.buyer)
    faults.arm(kind, times=1, match="refund", **({"seconds": 3} if kind is Kind.TIMEOUT_AFTER else {}))
    till.refund()
    refund = Refund.objects.get()
    assert refund.status == RefundStatus.CREATED
    assert refund.not_before > timezone.now()
    Refund.objects.update(not_before=timezone.now())
    issue_waiting_refunds()
    assert state(order) == ("cancelled", "refunded")
    assert GatewayRefund.objects.count() == 1


@pytest.mark.parametrize("said", ["Authentication failed", "The api key provided is invalid"])
def test_with_a_wrong_key_refunds_wait_until_it_is_the_right_one(till, settings, monkeypatch, said):
    order = paid(till)
    cancel_order(order=order, actor=order.buyer)
    with monkeypatch.context() as patch:
        client = razorpay.Client(auth=(settings.RAZORPAY_KEY_ID, "mistyped"), base_url=settings.RAZORPAY_BASE_URL)
        patch.setattr("payments.gateway._client", lambda: client)
        patch.setattr("payments.sandbox.api.http.unauthenticated", lambda: refused(said, status=401))
        till.refund()
    assert Refund.objects.get().status == RefundStatus.CREATED
    Refund.objects.update(not_before=timezone.now())
    till.refund()
    till.deliver()
    assert state(order) == ("cancelled", "refunded")


def test_a_refund_that_fails_waits_for_staff(till):
    order = paid(till)
    cancel_order(order=order, actor=order.buyer)
    faults.arm(Kind.REFUND_FAILS, seconds=0)
    till.refund()
    till.deliver()
    assert Refund.objects.get().status == RefundStatus.FAILED
    assert state(order) == ("cancelled", "refunding")
    assert order.events.filter(kind="refund_failed").exists()


def test_an_order_made_while_the_answer_was_lost_is_found_by_its_receipt(till):
    order = till.place()
    Order.objects.filter(pk=order.pk).update(razorpay_order_id="")
    order.refresh_from_db()
    made = GatewayOrder.objects.get()
    assert ensure_razorpay_order(order) == made.pk
    assert GatewayOrder.objects.count() == 1


def test_an_order_that_expired_cannot_be_paid_any_more(till):
    order = till.place()
    order.expires_at = timezone.now() - timedelta(seconds=1)
    with pytest.raises(NotPayable):
        ensure_razorpay_order(order)
