"""Background work of the catalogue."""

import logging

from celery import shared_task
from django.db import transaction
from elasticsearch import ApiError, TransportError

from catalog import images, page_views, search_log, services
from catalog.search import spelling
from catalog.search.elastic import sync
from pymart.common.db import advisory_lock
from pymart.common.orphans import delete_orphans

log = logging.getLogger(__name__)
MOST_BATCHES = 100


@shared_task
def sync_search() -> int:
    """
    Tell the index what waits in the outbox. The schedule asks for it every second: nothing that changes a product has
    to call it, and what a crash interrupted is simply taken up again.
    """
    try:
        return sync.drain()
    except (TransportError, ApiError) as error:
        log.warning("The search index cannot be written at the moment: %s", error)
        return 0


@shared_task
def rebuild_vocabulary() -> int:
    """Learn the words of the listed products anew, for spelling and completion."""
    with transaction.atomic():
        advisory_lock("catalog.vocabulary")
        return spelling.rebuild_vocabulary()


@shared_task(time_limit=1800)
def delete_orphaned_pictures(*, force: bool = False) -> int:
    return delete_orphans(images.FOLDER, without_row=images.without_row, force=force)


@shared_task
def run_import(pk: int) -> None:
    """A while of it; what is left then waits behind what others want."""
    if services.run_import(pk=pk):
        run_import.delay(pk)


@shared_task
def resume_imports() -> None:
    """Those whose message was lost, or whose worker died."""
    for pk in services.unattended_imports().values_list("pk", flat=True)[:100]:
        run_import.delay(pk)


@shared_task
def delete_old_imports() -> None:
    services.delete_old_imports()


@shared_task
def write_views() -> int:
    """Views of products, from where they are counted to where they are kept."""
    return page_views.write_views()


@shared_task
def write_search_log() -> int:
    """Searches, from where they are noted to where they are kept."""
    written = 0
    for _ in range(MOST_BATCHES):
        written += (batch := search_log.write_lines())
        if batch < search_log.BATCH:
            break
    return written


@shared_task
def learn_past_queries() -> int:
    return search_log.learn_past_queries()


@shared_task
def forget_old_searches() -> int:
    return search_log.forget_old()
