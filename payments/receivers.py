from typing import Any

from django.dispatch import receiver

from orders.models import Order
from orders.signals import order_cancelled
from payments.services import refund_order


@receiver(order_cancelled)
def refund_what_was_paid(order: Order, **kwargs: Any) -> None:
    """Inside the cancelling transaction: no order is cancelled without its refund being owed."""
    refund_order(order=order)
