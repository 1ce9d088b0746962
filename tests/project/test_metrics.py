"""`/metrics` counts what is true, however many processes there are and whatever is away."""

import hashlib
import hmac
import time
from datetime import timedelta
from decimal import Decimal
from math import inf

import pytest
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from accounts.models import OutboundEmail
from orders.models import WATCHED_EVENTS, Order, OrderEvent
from orders.services import PriceChanged, cancel_order, expire_order, place_order
from payments.models import Payment, Refund, WebhookEvent
from payments.services import receive_event
from payments.tasks import process_waiting_events
from pymart import metrics
from pymart.common import counters, redis
from pymart.common.tasks import note_heartbeat
from tests.factories import ADDRESS, make_user
from tests.samples import samples
from tests.shop import fill_cart, make_variant, place

pytestmark = pytest.mark.django_db


def test_orders_are_counted_by_what_happened_to_them_today():
    yesterday = timezone.now() - timedelta(days=2)
    Order.objects.filter(pk=place(make_user(), make_variant()).pk).update(created_at=yesterday)
    place(make_user(), make_variant())
    cancel_order(order=place(make_user(), make_variant(), make_variant()), actor=None)
    late = place(make_user(), make_variant())
    Order.objects.filter(pk=late.pk).update(expires_at=timezone.now() - timedelta(minutes=6))
    said = samples(metrics.orders())
    assert (said["pymart_orders_pending"], said["pymart_orders_overdue"]) == (3, 1)
    expire_order(pk=late.pk)

    said = samples(metrics.orders())
    assert said["pymart_orders_total placed"] == 3
    assert said["pymart_orders_total cancelled"] == 1, "an order of two sellers is one"
    assert said["pymart_orders_total expired"] == 1
    assert said["pymart_orders_total paid"] == 0
    assert (said["pymart_orders_pending"], said["pymart_orders_overdue"]) == (2, 0)


def test_what_is_watched_are_kinds_of_events():
    assert set(WATCHED_EVENTS) < set(OrderEvent.Kind.values)


def test_refunds_are_counted_until_they_are_through():
    order = place(make_user(), make_variant())
    now = timezone.now()
    for status, age in (("created", 60), ("pending", 600), ("processed", 6000), ("failed", 30)):
        payment = Payment.objects.create(
            order=order, razorpay_payment_id=f"pay_{status}", amount=order.total, currency="INR"
        )
        refund = Refund.objects.create(payment=payment, amount=order.total, reason="cancelled", status=status)
        Refund.objects.filter(pk=refund.pk).update(created_at=now - timedelta(seconds=age))

    said = samples(metrics.refunds())
    assert [said[f"pymart_refunds {state}"] for state in ("created", "pending", "failed")] == [1, 1, 1]
    assert said["pymart_refunds_age_seconds pending"] == pytest.approx(600, abs=30)
    assert "pymart_refunds processed" not in said


def make_event(number: int, **fields: object) -> None:
    event = WebhookEvent.objects.create(event_id=f"evt_{number}", type="payment.captured", body="{}")
    WebhookEvent.objects.filter(pk=event.pk).update(**fields)


def test_webhooks_tell_what_waits_and_how_long_the_others_took():
    now = timezone.now()
    for number in range(100):
        received = now - timedelta(minutes=5)
        make_event(number, received_at=received, processed_at=received + timedelta(seconds=number))
    make_event(100, received_at=now - timedelta(minutes=2))
    make_event(101, received_at=now - timedelta(days=1), attempts=WebhookEvent.MAX_ATTEMPTS)

    said = samples(metrics.webhooks())
    assert [said[f"pymart_webhook_lag_seconds {quantile}"] for quantile in ("0.5", "0.95", "1.0")] == [50, 95, 99]
    assert (said["pymart_webhook_events_waiting"], said["pymart_webhook_events_stuck"]) == (1, 1)
    assert said["pymart_webhook_events_age_seconds"] == pytest.approx(120, abs=30)


def test_mails_tell_what_waits_and_what_was_given_up():
    now = timezone.now()
    for key, fields in {
        "sent": {"sent_at": now},
        "fresh": {},
        "tried": {"first_tried_at": now - timedelta(hours=1)},
        "given-up": {"first_tried_at": now - timedelta(days=2)},
    }.items():
        OutboundEmail.objects.create(key=key, kind="welcome", user=make_user(), **fields)
    said = samples(metrics.emails())
    assert (said["pymart_emails_waiting"], said["pymart_emails_given_up"]) == (2, 1)


def test_what_leaves_no_row_is_counted_for_all_processes(settings):
    buyer = make_user()
    fill_cart(buyer, make_variant())
    with pytest.raises(PriceChanged):
        place_order(buyer=buyer, address=ADDRESS, expected_total=Decimal("1.00"))
    body = b'{"event": "invoice.paid", "payload": {}}'
    signature = hmac.new(settings.RAZORPAY_WEBHOOK_SECRET.encode(), body, hashlib.sha256).hexdigest()
    for _ in range(3):
        receive_event(body=body, signature=signature, event_id="evt_1")

    said = samples(metrics.from_redis())
    assert said["pymart_checkout_refusals_total price_changed"] == 1
    assert said["pymart_webhook_duplicates_total"] == 2
    assert said["pymart_worker_heartbeat_age_seconds"] == inf


def test_the_heartbeat_says_since_when_nothing_is_done():
    note_heartbeat()
    assert samples(metrics.from_redis())["pymart_worker_heartbeat_age_seconds"] < 5
    counters.set_to("heartbeat", int(time.time()) - 500)
    assert samples(metrics.from_redis())["pymart_worker_heartbeat_age_seconds"] == pytest.approx(500, abs=5)


def test_the_queue_is_as_long_as_what_no_worker_took():
    for _ in range(3):
        process_waiting_events.delay()
    assert samples(metrics.from_redis())["pymart_queue_tasks"] == 3


def families(client) -> dict[str, object]:
    text = client.get("/metrics").content.decode()
    return {family.name: family for family in text_string_to_metric_families(text)}


@pytest.mark.django_db(transaction=True)
def test_the_page_has_requests_parts_and_the_shop(client, monkeypatch):
    monkeypatch.setattr(metrics, "KEPT_SECONDS", 0)
    client.get("/about/")
    client.get("/api/v1/products")
    place(make_user(), make_variant())

    found = families(client)
    assert samples([found["pymart_orders"]])["pymart_orders_total placed"] == 1
    assert samples([found["pymart_up"]]) == {"pymart_up db": 1, "pymart_up redis": 1, "pymart_up search": 1}
    assert samples([found["pymart_metrics_complete"]]) == dict.fromkeys(
        ["pymart_metrics_complete database", "pymart_metrics_complete redis"], 1
    )
    responses = samples([found["django_http_responses_total_by_status_view_method"]])
    assert responses["django_http_responses_total_by_status_view_method_total GET 200 about"] >= 1


def test_the_page_is_answered_under_any_name_of_the_server(client):
    for path in ("/metrics", "/health", "/live"):
        assert client.get(path, headers={"Host": "web-a:8000"}).status_code == 200


def shop(**sources: object) -> metrics.Shop:
    made = metrics.Shop()
    made.sources = sources
    return made


def test_a_source_that_fails_is_left_out_and_reported():
    said = samples(shop(database=lambda: 1 / 0, redis=metrics.from_redis).collect())
    assert said["pymart_metrics_complete database"] == 0
    assert said["pymart_metrics_complete redis"] == 1
    assert said["pymart_queue_tasks"] == 0


def test_a_source_that_hangs_is_waited_for_once_and_asked_once(monkeypatch):
    monkeypatch.setattr(metrics, "PATIENCE", 0.1)
    monkeypatch.setattr(metrics, "KEPT_SECONDS", 0)
    asked = []

    def hang() -> list:
        asked.append(1)
        time.sleep(0.6)
        return []

    watched = shop(database=hang)
    started = time.monotonic()
    for _ in range(3):
        assert samples(watched.collect()) == {"pymart_metrics_complete database": 0}
    assert time.monotonic() - started < 0.6
    assert len(asked) == 1


def test_answers_are_kept_for_a_few_seconds():
    asked = []
    watched = shop(redis=lambda: asked.append(1) or [])
    for _ in range(5):
        list(watched.collect())
    assert len(asked) == 1


def test_without_redis_shoppers_and_webhooks_are_not_kept_waiting(monkeypatch):
    def away(*_command: object) -> None:
        raise redis.Unavailable

    monkeypatch.setattr(redis, "command", away)
    counters.add("webhook_duplicates")
