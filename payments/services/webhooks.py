"""Webhooks: verify, keep, answer; a worker does the rest."""

import json
import logging

from django.db import transaction
from django.utils import timezone

from payments import gateway, tasks
from payments.gateway import PaymentSnapshot, RefundSnapshot
from payments.models import WebhookEvent
from payments.services.payments import apply_payment
from payments.services.refunds import apply_refund
from pymart.common.db import after_commit

log = logging.getLogger(__name__)


def receive_event(*, body: bytes, signature: str, event_id: str) -> WebhookEvent | None:
    """
    Keep an event of Razorpay's for the worker; answers None for one that is here already.

    :raises BadSignature: also for a body that is not what Razorpay sends.
    """
    text = gateway.check_webhook_signature(body, signature)
    try:
        event_type = str(json.loads(text)["event"])
    except (ValueError, KeyError, TypeError) as error:
        raise gateway.BadSignature from error
    if not event_id:
        raise gateway.BadSignature
    with transaction.atomic():
        event, is_new = WebhookEvent.objects.get_or_create(
            event_id=event_id[:80], defaults={"type": event_type[:60], "body": text}
        )
        if is_new:
            after_commit(tasks.process_event.delay, event.pk)
    return event if is_new else None


@transaction.atomic
def process_event(pk: int) -> None:
    """
    Work an event off, once: its effect and the mark that it is done are one transaction. A type that means nothing to
    us is done at once.
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
    event.processed_at, event.error = timezone.now(), ""
    event.save(update_fields=["processed_at", "error"])


def _apply(event: WebhookEvent) -> None:
    payload = json.loads(event.body)["payload"]
    if event.type in ("payment.authorized", "payment.captured", "payment.failed", "order.paid"):
        apply_payment(PaymentSnapshot.from_entity(payload["payment"]["entity"]))
    elif event.type in ("refund.created", "refund.processed", "refund.failed"):
        apply_refund(RefundSnapshot.from_entity(payload["refund"]["entity"]))
