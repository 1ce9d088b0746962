from celery import shared_task
from django.utils import timezone

from pymart.common.models import KEPT, IdempotentRequest


@shared_task
def delete_old_requests() -> None:
    IdempotentRequest.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
