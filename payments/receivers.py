from typing import Any

from django.db.models import F
from django.dispatch import receiver

from accounts.models import User
from accounts.signals import OrdersUnderWay, account_erased, personal_data_asked
from orders.models import Order
from orders.signals import order_cancelled
from payments.models import Payment, Refund
from payments.selectors import has_refunds_under_way
from payments.services import refund_order


@receiver(order_cancelled)
def refund_what_was_paid(order: Order, **kwargs: Any) -> None:
    """Inside the cancelling transaction: no order is cancelled without its refund being owed."""
    refund_order(order=order)


@receiver(account_erased)
def wait_for_refunds(user: User, **kwargs: Any) -> None:
    """What was paid twice or not as agreed goes back without its order knowing, and who is erased hears of nothing."""
    if has_refunds_under_way(buyer=user):
        raise OrdersUnderWay


@receiver(personal_data_asked)
def tell_payments(user: User, **kwargs: Any) -> dict[str, Any]:
    payments = Payment.objects.filter(order__buyer=user).order_by("pk")
    refunds = Refund.objects.filter(payment__order__buyer=user).order_by("created_at")
    paid = ("razorpay_payment_id", "status", "method", "amount", "currency", "created_at", "captured_at")
    sent_back = ("razorpay_refund_id", "status", "reason", "amount", "reference", "created_at", "processed_at")
    return {
        "payments": list(payments.values(*paid, number=F("order__number"))),
        "refunds": list(refunds.values(*sent_back, number=F("payment__order__number"))),
    }
