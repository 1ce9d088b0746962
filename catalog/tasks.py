"""Background work of the catalogue."""

from celery import shared_task
from django.db import transaction

from catalog.search import spelling
from pymart.common.db import advisory_lock


@shared_task
def rebuild_vocabulary() -> int:
    """Learn the words of the listed products anew, for spelling and completion."""
    with transaction.atomic():
        advisory_lock("catalog.vocabulary")
        return spelling.rebuild_vocabulary()
