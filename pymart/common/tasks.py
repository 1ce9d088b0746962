from time import time

from celery import shared_task
from django.utils import timezone

from pymart.common import counters
from pymart.common.models import KEPT, IdempotentRequest


@shared_task
def delete_old_requests() -> None:
    IdempotentRequest.objects.filter(created_at__lt=timezone.now() - KEPT).delete()


@shared_task
def note_heartbeat() -> None:
    """Schedule, broker and a worker are well as long as this is done: `/metrics` tells how long ago it was."""
    counters.set_to("heartbeat", int(time()))
