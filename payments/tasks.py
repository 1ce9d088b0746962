"""
Each task here is a nudge, and beside it stands a sweeper that finds in the database whatever lost its nudge.
"""

import logging
import uuid
from contextlib import suppress

from celery import shared_task
from django.db.models import QuerySet
from django.utils import timezone

from payments import services
from payments.gateway import GatewayUnavailable
from payments.models import Reconciliation, Refund, RefundStatus, WebhookEvent
from pymart.common import logs
from pymart.common.errors import Unavailable
from pymart.common.sweep import one_by_one

log = logging.getLogger(__name__)

BATCH = 200


@shared_task
def process_new_events() -> None:
    """Process events that no worker has tried yet."""
    with suppress(Unavailable):  # then the call runs out by itself
        services.answer_call()
    _process(WebhookEvent.objects.filter(processed_at=None, attempts=0))


@shared_task
def process_waiting_events() -> None:
    """Process all open events, those that failed before included."""
    _process(WebhookEvent.objects.filter(processed_at=None, attempts__lt=WebhookEvent.MAX_ATTEMPTS))


def _process(events: QuerySet[WebhookEvent]) -> None:
    last = 0
    while batch := list(events.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        for pk in batch:
            with logs.bound(event=pk):
                services.process_event(pk)
        last = batch[-1]


@shared_task
def issue_refund(pk: uuid.UUID | str) -> None:
    try:
        services.issue_refund(uuid.UUID(str(pk)))
    except GatewayUnavailable:
        log.warning("refund %s waits: Razorpay does not answer", pk)


@shared_task
def issue_waiting_refunds() -> None:
    open_ones = Refund.objects.filter(status__in=[RefundStatus.CREATED, RefundStatus.PENDING])
    due = open_ones.filter(not_before__lte=timezone.now()).order_by("not_before").values_list("pk", flat=True)
    one_by_one(_issue_refund, due[:BATCH], until=(GatewayUnavailable,))


def _issue_refund(pk: uuid.UUID) -> None:
    with logs.bound(refund=str(pk)):
        services.issue_refund(pk)


@shared_task
def reconcile_payments() -> None:
    services.watch_orders()
    due = Reconciliation.objects.filter(due_at__lte=timezone.now()).select_related("order").order_by("due_at")
    one_by_one(_reconcile, due[:BATCH], until=(GatewayUnavailable,))


def _reconcile(reconciliation: Reconciliation) -> None:
    with logs.bound(order=reconciliation.order.number):
        services.reconcile_order(reconciliation.order)
