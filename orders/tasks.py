from itertools import islice

from celery import shared_task
from django.utils import timezone

from catalog.services import set_units_sold
from orders import services
from orders.models import Order
from orders.selectors import units_sold
from orders.states import OrderStatus
from pymart.common import logs
from pymart.common.sweep import one_by_one

BATCH = 1000


@shared_task
def expire_orders() -> int:
    """Cancel what was not paid in time. Each order in a transaction of its own; a locked one is taken next time."""
    due = Order.objects.filter(status=OrderStatus.PENDING, expires_at__lte=timezone.now())
    return one_by_one(_expire_order, due.order_by("expires_at").values_list("pk", flat=True)[:500])


def _expire_order(pk: int) -> bool:
    with logs.bound(order_id=pk):
        return services.expire_order(pk=pk)


@shared_task
def count_units_sold() -> None:
    """
    Counted now and then, not as orders are paid: that would have checkouts of a popular product wait for each other.
    """
    counted = units_sold()
    while batch := dict(islice(counted, BATCH)):
        set_units_sold(batch)
