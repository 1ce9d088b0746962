"""Sending webhooks: at least once, until 2xx, for a day."""

import logging
from datetime import datetime, timedelta

import requests
from django.conf import settings
from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from payments.sandbox import acquiring, refunds, signing
from payments.sandbox.events import request_delivery
from payments.sandbox.faults import Kind, take
from payments.sandbox.models import Delivery, Event

TIMEOUT_SECONDS = 5
# The first pause is longer than a request may take, so it also serves as the lease of a sender that died.
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(hours=24)
log = logging.getLogger(__name__)


def deliver_due(now: datetime | None = None) -> int:
    """
    Settle what time has brought, then send every due webhook; answers how many were sent.

    Any number of these may run at once. Each claims one delivery in a transaction of its own and sends it outside.
    """
    acquiring.settle_due(now or timezone.now())
    refunds.settle_due(now or timezone.now())
    sent = 0
    while delivery := _claim(now or timezone.now()):
        _send(delivery)
        sent += 1
    return sent


def redeliver(event: Event) -> None:
    """Send an event once more with its old id, as the gateway's support does on request."""
    Delivery.objects.filter(event=event, status=Delivery.Status.WITHHELD).update(status=Delivery.Status.ABANDONED)
    Delivery.objects.create(event=event)
    transaction.on_commit(request_delivery, robust=True)


def redeliver_in_reverse(order_id: str) -> None:
    events = Event.objects.filter(order_id=order_id).annotate(first=Min("deliveries")).order_by("-first")
    for event in list(events):
        redeliver(event)


@transaction.atomic
def _claim(now: datetime) -> Delivery | None:
    due = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).select_related("event")
    due = due.filter(status=Delivery.Status.PENDING, next_attempt_at__lte=now).order_by("next_attempt_at", "pk")
    while delivery := due.first():
        if now - delivery.event.created_at <= GIVE_UP_AFTER:
            delivery.next_attempt_at = now + min(FIRST_PAUSE * 2**delivery.attempts, LONGEST_PAUSE)
            delivery.attempts += 1
            delivery.save(update_fields=["attempts", "next_attempt_at"])
            return delivery
        delivery.status = Delivery.Status.ABANDONED
        delivery.save(update_fields=["status"])
        log.warning("Webhook %s was not taken for a day and is given up", delivery.event_id)
    return None


def _send(delivery: Delivery) -> None:
    event = delivery.event
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Razorpay-Webhook/v1",
        "X-Razorpay-Event-Id": event.id,
        "X-Razorpay-Signature": _signature(event.body),
    }
    try:
        response = requests.post(
            settings.RAZORPAY_SANDBOX_WEBHOOK_URL,
            data=event.body.encode(),
            headers=headers,
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        status, detail = None, type(error).__name__
    else:
        status, detail = response.status_code, response.text[:300]
    changes = {"response_status": status, "detail": detail}
    if status is not None and 200 <= status < 300:
        changes["status"] = Delivery.Status.DELIVERED
    Delivery.objects.filter(pk=delivery.pk).update(**changes)


def _signature(body: str) -> str:
    if take(Kind.WRONG_WEBHOOK_SIGNATURE) is not None:
        return signing.sign(body, "not the webhook secret")
    if old := take(Kind.OLD_WEBHOOK_SECRET):
        return signing.sign(body, old.options["secret"])
    return signing.sign_webhook(body)
