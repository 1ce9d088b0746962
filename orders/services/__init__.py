from orders.services.delivery import NotDeliverable, check_delivery
from orders.services.fulfilment import Outcome, advance_each
from orders.services.invoices import issue_invoice
from orders.services.placing import REFUSALS, CartChanged, EmptyCart, PriceChanged, place_order
from orders.services.progress import (
    DONE,
    IllegalTransition,
    advance_seller_order,
    advance_seller_orders,
    cancel_order,
    expire_order,
    extend_hold,
    mark_paid,
    record_event,
    set_payment_status,
    set_razorpay_order,
)
from orders.services.tracking import TRACKING_NUMBER, TRACKING_NUMBER_WANTED, Tracking

__all__ = [
    "DONE",
    "REFUSALS",
    "TRACKING_NUMBER",
    "TRACKING_NUMBER_WANTED",
    "CartChanged",
    "EmptyCart",
    "IllegalTransition",
    "NotDeliverable",
    "Outcome",
    "PriceChanged",
    "Tracking",
    "advance_each",
    "advance_seller_order",
    "advance_seller_orders",
    "cancel_order",
    "check_delivery",
    "expire_order",
    "extend_hold",
    "issue_invoice",
    "mark_paid",
    "place_order",
    "record_event",
    "set_payment_status",
    "set_razorpay_order",
]
