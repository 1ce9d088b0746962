"""How a worker hears of webhook events: one call for all that waits, and a sweeper for what no call reaches."""

import hashlib
import hmac
import json
from importlib import import_module

import pytest
import redis
from django.apps import apps
from django.db import connection
from django.utils import timezone

from payments import tasks
from payments.gateway import BadSignature
from payments.models import WebhookEvent
from payments.services import receive_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def calls(monkeypatch) -> list[str]:
    made: list[str] = []
    monkeypatch.setattr(tasks.process_new_events, "delay", lambda: made.append("called"))
    return made


@pytest.fixture
def receive(settings, django_capture_on_commit_callbacks):
    def receive(event_id: str, body: bytes = b'{"event": "invoice.paid", "payload": {}}') -> bool:
        signature = hmac.new(settings.RAZORPAY_WEBHOOK_SECRET.encode(), body, hashlib.sha256).hexdigest()
        with django_capture_on_commit_callbacks(execute=True):
            return receive_event(body=body, signature=signature, event_id=event_id)

    return receive


def waiting() -> int:
    return WebhookEvent.objects.filter(processed_at=None).count()


def test_many_events_call_one_worker_who_takes_them_all(receive, calls):
    assert all(receive(f"evt_{number}") for number in range(3))
    assert len(calls) == 1
    tasks.process_new_events()
    assert waiting() == 0


def test_an_event_that_comes_after_a_worker_looked_calls_the_next_one(receive, calls):
    receive("evt_1")
    tasks.process_new_events()
    receive("evt_2")
    assert len(calls) == 2


def test_a_repeated_event_is_kept_once_and_calls_nobody(receive, calls):
    assert receive("evt_1")
    tasks.process_new_events()
    assert not receive("evt_1")
    assert WebhookEvent.objects.count() == 1
    assert len(calls) == 1


def test_a_call_that_nobody_heard_is_made_up_for_by_the_sweeper(receive, calls):
    receive("evt_1")
    tasks.process_waiting_events()
    assert waiting() == 0


def test_an_event_that_failed_is_tried_again_by_the_sweeper_alone(receive, calls):
    receive("evt_1", json.dumps({"event": "payment.captured", "payload": {}}).encode())
    tasks.process_new_events()
    tasks.process_new_events()
    assert WebhookEvent.objects.get().attempts == 1
    tasks.process_waiting_events()
    assert WebhookEvent.objects.get().attempts == 2


def test_with_redis_away_an_event_is_kept_all_the_same(receive, calls, monkeypatch, caplog):
    nowhere = redis.Redis(host="127.0.0.1", port=1, socket_connect_timeout=1)
    with monkeypatch.context() as patch:
        patch.setattr("pymart.common.redis.get_redis_connection", lambda alias: nowhere)
        assert receive("evt_1")
    assert waiting() == 1
    assert not calls


def test_an_event_without_an_id_is_refused_since_its_repetition_could_not_be_told(receive, calls):
    with pytest.raises(BadSignature):
        receive("")
    assert (waiting(), calls) == (0, [])


def bodies() -> dict[str, str]:
    return dict(WebhookEvent.objects.values_list("event_id", "body"))


def test_what_an_event_tells_about_its_buyer_goes_once_it_is_worked_off(receive, calls):
    done = json.dumps({"event": "invoice.paid", "payload": {"email": "asha@example.com"}})
    broken = json.dumps({"event": "payment.captured", "payload": {}})
    receive("evt_1", done.encode())
    receive("evt_2", broken.encode())
    tasks.process_new_events()
    assert bodies() == {"evt_1": "", "evt_2": broken}


def test_what_older_events_told_goes_with_the_migration(monkeypatch):
    migration = import_module("payments.migrations.0005_bodies_of_done_events")
    monkeypatch.setattr(migration, "BATCH", 2)
    now = timezone.now()
    rows = [("evt_1", now), ("evt_2", None), ("evt_3", now), ("evt_4", now)]
    WebhookEvent.objects.bulk_create(
        WebhookEvent(event_id=event_id, type="order.paid", body="{}", processed_at=at) for event_id, at in rows
    )
    with connection.schema_editor(atomic=False) as editor:
        migration.empty(apps, editor)
    assert bodies() == {"evt_1": "", "evt_2": "{}", "evt_3": "", "evt_4": ""}
