"""Background work of the catalogue."""

from celery import shared_task
from django.db import transaction

from catalog import images
from catalog.search import spelling
from pymart.common.db import advisory_lock
from pymart.common.orphans import delete_orphans


@shared_task
def rebuild_vocabulary() -> int:
    """Learn the words of the listed products anew, for spelling and completion."""
    with transaction.atomic():
        advisory_lock("catalog.vocabulary")
        return spelling.rebuild_vocabulary()


@shared_task(time_limit=1800)
def delete_orphaned_pictures(*, force: bool = False) -> int:
    return delete_orphans(images.FOLDER, without_row=images.without_row, force=force)
