"""From a pending order to Razorpay's checkout and back."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone

from orders.models import Order
from orders.services import set_razorpay_order
from payments import gateway
from payments.gateway import PaymentSnapshot
from payments.models import PaymentState
from payments.services.payments import apply_payment, captured_if_due
from pymart.common import logs
from pymart.common.errors import DomainError


class NotPayable(DomainError):
    code = "not_payable"
    message = "Order PM-7K3Q9F cannot be paid any more."

    def __init__(self, order: Order) -> None:
        super().__init__(f"Order {order.number} cannot be paid any more.")


@dataclass(frozen=True)
class PaymentForm:
    """What Razorpay's checkout needs, in the browser or in an app. `amount` is in paise, as Razorpay counts."""

    key_id: str
    razorpay_order_id: str
    amount: int
    currency: str
    name: str
    prefill: dict[str, str]
    timeout: int

    def as_dict(self) -> dict[str, Any]:
        return {
            "key_id": self.key_id,
            "razorpay_order_id": self.razorpay_order_id,
            "amount": self.amount,
            "currency": self.currency,
            "name": self.name,
            "prefill": self.prefill,
        }


def ensure_razorpay_order(order: Order, *, is_new: bool = False) -> str:
    """
    The Razorpay order of a pending order, made when it is missing; one that an earlier call made but could not
    report is found by its receipt, our order number.

    :raises NotPayable, GatewayUnavailable, GatewayRefused:
    """
    logs.note(order=order.number)
    if not order.is_payable:
        raise NotPayable(order)
    if order.razorpay_order_id:
        return order.razorpay_order_id
    found = None if is_new else gateway.find_order(receipt=order.number, amount=order.total)
    made = found or gateway.create_order(receipt=order.number, amount=order.total, currency=order.currency)
    return set_razorpay_order(order=order, razorpay_order_id=made)


def payment_form(order: Order, *, is_new: bool = False) -> PaymentForm:
    """:raises NotPayable, GatewayUnavailable, GatewayRefused:"""
    return PaymentForm(
        key_id=settings.RAZORPAY_KEY_ID,
        razorpay_order_id=ensure_razorpay_order(order, is_new=is_new),
        amount=gateway.paise(order.total),
        currency=order.currency,
        name=settings.MARKETPLACE["name"],
        prefill={"name": order.full_name, "email": order.buyer.email, "contact": order.phone},
        timeout=max(int((order.expires_at - timezone.now()).total_seconds()), 1),
    )


def confirm_payment(order: Order, *, payment_id: str, signature: str) -> bool:
    """
    The browser hands back a payment. Answers whether the order is settled by now; if Razorpay does not answer or has
    not captured yet, the hold is extended and webhook or reconciler finish it.

    :raises BadSignature:
    """
    gateway.check_payment_signature(
        razorpay_order_id=order.razorpay_order_id, payment_id=payment_id, signature=signature
    )
    try:
        snapshot = captured_if_due(order, gateway.fetch_payment(payment_id))
    except DomainError:
        # The signature alone proves the authorisation.
        snapshot = PaymentSnapshot(
            payment_id, order.razorpay_order_id, PaymentState.AUTHORIZED, order.total, order.currency
        )
    apply_payment(snapshot)
    return snapshot.status in (PaymentState.CAPTURED, PaymentState.REFUNDED)
