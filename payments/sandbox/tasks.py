from celery import shared_task

from payments.sandbox import webhooks
from payments.sandbox.events import DELIVER_TASK


@shared_task(name=DELIVER_TASK, ignore_result=True)
def deliver_webhooks(**_future: object) -> int:
    """Started after every event and by beat, which takes what a lost broker or a refusing receiver left."""
    return webhooks.deliver_due()
