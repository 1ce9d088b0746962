"""Webhooks: verify, keep, answer; a worker does the rest."""

import json
import logging

from django.db import connection, transaction
from django.utils import timezone
from kombu.exceptions import KombuError

from payments import gateway, tasks
from payments.gateway import PaymentSnapshot, RefundSnapshot
from payments.models import WebhookEvent
from payments.services.payments import apply_payment
from payments.services.refunds import apply_refund
from pymart.common import counters, redis
from pymart.common.db import after_commit
from pymart.common.errors import Unavailable

log = logging.getLogger(__name__)

CALL_SECONDS = 5  # a call that nobody answered in that time is made anew by the next event
# The whole of what Razorpay waits for: one statement, its own transaction. A repeated event answers no row.
_KEEP = """
INSERT INTO payments_webhookevent (event_id, type, body, received_at, attempts, error)
VALUES (%s, %s, %s, %s, 0, '')
ON CONFLICT (event_id) DO NOTHING
RETURNING id
"""


def receive_event(*, body: bytes, signature: str, event_id: str) -> bool:
    """
    Keep an event of Razorpay's for a worker; answers whether it is a new one.

    :raises BadSignature: also for a body that is not what Razorpay sends.
    """
    text = gateway.check_webhook_signature(body, signature)
    try:
        event_type = json.loads(text)["event"]
    except (ValueError, KeyError, TypeError) as error:
        raise gateway.BadSignature from error
    if not isinstance(event_type, str) or "\0" in event_type or not event_id:
        raise gateway.BadSignature
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [event_id[:80], event_type[:60], text, timezone.now()])
        is_new = cursor.fetchone() is not None
    if is_new:
        after_commit(_wake_worker)
    else:
        counters.add("webhook_duplicates")
    return is_new


def _wake_worker() -> None:
    """
    Have the events worked off at once. While a worker was called and has not looked yet, calling another would find
    nothing more: to ask that costs a tenth of a call.
    """
    try:
        if redis.command("SET", _called(), 1, "NX", "EX", CALL_SECONDS):
            tasks.process_new_events.delay()
    except (Unavailable, KombuError, OSError) as error:
        log.warning("Nobody was called to work webhook events off: %r. The sweeper will.", error)


def answer_call() -> None:
    """Called by a worker before it looks for events: those that are kept from now on call a worker again."""
    with redis.connection() as client:
        client.delete(_called())


def _called() -> str:
    return redis.key("webhooks", "called")


@transaction.atomic
def process_event(pk: int) -> None:
    """
    Work an event off, once: its effect and the mark that it is done are one transaction. A type that means nothing to
    us is done at once.

    Its body has the buyer's e-mail, number, UPI id and card in it, and goes at once: nobody reads it again. What
    matters of it is in our rows by then, and the rest stays at Razorpay.
    """
    event = WebhookEvent.objects.select_for_update(skip_locked=True).filter(pk=pk, processed_at=None).first()
    if event is None:
        return
    try:
        with transaction.atomic():
            _apply(event)
    except Exception as error:
        log.exception("webhook event %s", event.event_id)
        event.attempts, event.error = event.attempts + 1, f"{type(error).__name__}: {error}"
        event.save(update_fields=["attempts", "error"])
        return
    event.processed_at, event.error, event.body = timezone.now(), "", ""
    event.save(update_fields=["processed_at", "error", "body"])


def _apply(event: WebhookEvent) -> None:
    payload = json.loads(event.body)["payload"]
    if event.type in ("payment.authorized", "payment.captured", "payment.failed", "order.paid"):
        apply_payment(PaymentSnapshot.from_entity(payload["payment"]["entity"]))
    elif event.type in ("refund.created", "refund.processed", "refund.failed"):
        apply_refund(RefundSnapshot.from_entity(payload["refund"]["entity"]))
