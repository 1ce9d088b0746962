"""Writing down what happened; `webhooks` sends it."""

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from celery import current_app
from django.db import transaction
from django.utils import timezone

from payments.sandbox import entities, faults
from payments.sandbox.models import Delivery, Event, Order, Payment, Refund

ACCOUNT_ID = "acc_SandboxAccount"
DELIVER_TASK = "sandbox.deliver_webhooks"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Snapshot:
    """An event's name and its entities as they were at that moment."""

    name: str
    payload: dict[str, Any]


def payment_event(name: str, payment: Payment) -> Snapshot:
    return Snapshot(name, {"payment": entities.payment(payment)})


def order_paid(order: Order, payment: Payment) -> Snapshot:
    return Snapshot("order.paid", {"payment": entities.payment(payment), "order": entities.order(order)})


def refund_event(name: str, refund: Refund, payment: Payment) -> Snapshot:
    return Snapshot(name, {"refund": entities.refund(refund), "payment": entities.payment(payment)})


def emit(order: Order, snapshots: Iterable[Snapshot]) -> None:
    """Record the events of one step and their deliveries, in the transaction that caused them."""
    snapshots = list(snapshots)
    if not snapshots:
        return
    now = timezone.now()
    if faults.take(faults.Kind.REVERSED_WEBHOOKS):
        snapshots.reverse()
    copies = 2 if faults.take(faults.Kind.DUPLICATE_WEBHOOK) else 1
    status = Delivery.Status.WITHHELD if faults.take(faults.Kind.NO_WEBHOOK) else Delivery.Status.PENDING
    for snapshot in snapshots:
        event = Event.objects.create(order=order, name=snapshot.name, body=_body(snapshot, now), created_at=now)
        for _ in range(copies):
            Delivery.objects.create(event=event, status=status, next_attempt_at=now)
    transaction.on_commit(request_delivery, robust=True)


def request_delivery() -> None:
    """Ask a worker to send what is due. Without a broker the events wait for the next beat."""
    current_app.send_task(DELIVER_TASK, retry=False, ignore_result=True)


def _body(snapshot: Snapshot, now: Any) -> str:
    envelope = {
        "entity": "event",
        "account_id": ACCOUNT_ID,
        "event": snapshot.name,
        "contains": list(snapshot.payload),
        "payload": {name: {"entity": entity} for name, entity in snapshot.payload.items()},
        "created_at": entities.unix(now),
    }
    return json.dumps(envelope, separators=(",", ":"))
