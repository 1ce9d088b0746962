from payments.services.checkout import NotPayable, PaymentForm, confirm_payment, ensure_razorpay_order, payment_form
from payments.services.payments import apply_payment, reconcile_order, watch_orders
from payments.services.refunds import apply_refund, issue_refund, mark_paid_back, refund_again, refund_order
from payments.services.webhooks import answer_call, process_event, receive_event

__all__ = [
    "NotPayable",
    "PaymentForm",
    "answer_call",
    "apply_payment",
    "apply_refund",
    "confirm_payment",
    "ensure_razorpay_order",
    "issue_refund",
    "mark_paid_back",
    "payment_form",
    "process_event",
    "receive_event",
    "reconcile_order",
    "refund_again",
    "refund_order",
    "watch_orders",
]
