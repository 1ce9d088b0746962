from typing import Any

from django.dispatch import receiver

from orders.models import Order
from orders.signals import order_cancelled
from payments.models import PaymentState, RefundReason
from payments.services import open_refund


@receiver(order_cancelled)
def refund_what_was_paid(order: Order, **kwargs: Any) -> None:
    """Inside the cancelling transaction: no order is cancelled without its refund being owed."""
    for payment in order.payments.filter(status=PaymentState.CAPTURED):
        open_refund(payment=payment, order=order, reason=RefundReason.CANCELLED)
