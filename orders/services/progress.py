"""
An order's way after it was placed.

`_move` is the only writer of a status. Every road here locks the order row first and reads again under the lock.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Notification, NotificationType, User
from accounts.services import notify_many, queue_email
from catalog.services import StockLine, put_back, refuse_closed_shop
from orders.models import Order, OrderEvent, OrderItem, SellerOrder
from orders.services.invoices import issue_invoice
from orders.services.tracking import UNTRACKED, Tracking
from orders.signals import order_cancelled
from orders.states import SELLER_STEPS, TRANSITIONS, OrderStatus, PaymentStatus, overall
from pymart.common import logs
from pymart.common.db import prepared_cursor
from pymart.common.errors import DomainError

# What became of an order by each step of its seller.
DONE: dict[str, str] = {
    OrderStatus.PROCESSING: "is being packed",
    OrderStatus.SHIPPED: "is on its way",
    OrderStatus.DELIVERED: "was delivered",
}
HOLD_AFTER_AUTHORISATION = timedelta(minutes=15)
_KEEP_RAZORPAY_ORDER = "UPDATE orders_order SET razorpay_order_id = %s WHERE id = %s AND razorpay_order_id = ''"


class IllegalTransition(DomainError):
    code = "illegal_transition"
    message = "An order that is shipped cannot become cancelled."

    def __init__(self, current: str, target: str) -> None:
        is_there = current == target
        super().__init__(
            f"This order is {current} already." if is_there else f"An order that is {current} cannot become {target}."
        )


def _move(
    order: Order,
    seller_orders: Sequence[SellerOrder],
    to: str,
    *,
    actor: User | None,
    kind: str = OrderEvent.Kind.STATUS_CHANGED,
    note: str = "",
) -> bool:
    """
    Take these parts of the locked order one step; answers whether that moved the order as a whole.

    :raises IllegalTransition: when a part cannot make that step; nothing is written then.
    """
    logs.note(order=order.number)
    for part in seller_orders:
        if to not in TRANSITIONS[part.status]:
            raise IllegalTransition(part.status, to)
    now = timezone.now()
    for part in seller_orders:
        part.status = to
        setattr(part, f"{to}_at", now)
    moved = SellerOrder.objects.filter(pk__in=[part.pk for part in seller_orders])
    moved.update(**{"status": to, f"{to}_at": now})
    OrderEvent.objects.bulk_create(
        OrderEvent(order=order, seller_order=part, kind=kind, status=to, note=note, actor=actor)
        for part in seller_orders
    )
    before = order.status
    order.status = overall(list(order.seller_orders.values_list("status", flat=True)))
    if order.status == before:
        return False
    setattr(order, f"{order.status}_at", now)
    order.save(update_fields=["status", "payment_status", "cancel_reason", f"{order.status}_at"])
    return True


def lock_order(pk: int) -> Order:
    """:raises Order.DoesNotExist:"""
    return Order.objects.locked().select_related("buyer").get(pk=pk)


@transaction.atomic
def mark_paid(*, order: Order) -> None:
    """
    The money is there: called by payments in its transaction, with the order locked.

    :raises IllegalTransition: when the order is not pending.
    """
    order.payment_status = PaymentStatus.PAID
    parts = list(order.seller_orders.select_related("seller__user"))
    _move(order, parts, OrderStatus.PAID, actor=None, kind=OrderEvent.Kind.PAID)
    packing = f"Order {order.number} is paid and waits to be packed."
    notify_many(
        notifications=[
            _to_buyer(order, NotificationType.ORDER_PAID, "Payment received", f"Order {order.number} is confirmed."),
            *(_to_seller(part, NotificationType.ORDER_PLACED, "New order", packing) for part in parts),
        ]
    )
    queue_email(
        kind="order-confirmation", key=f"order-confirmation:{order.pk}", user=order.buyer, params={"order": order.pk}
    )


@transaction.atomic
def advance_seller_order(
    *,
    seller_order: SellerOrder,
    to: str,
    actor: User,
    tracking: Tracking = UNTRACKED,
) -> SellerOrder:
    """
    One step on by the seller or staff: processing, shipped (with tracking; the invoice is made then), delivered.

    :raises IllegalTransition: for a step that is not the next one.
    :raises ShopNotApproved, ShopSuspended: for sellers whose shop is closed; staff go on in their stead.
    """
    order = lock_order(seller_order.order_id)
    part = SellerOrder.objects.select_related("seller").get(pk=seller_order.pk)
    part.order = order
    if actor.pk == part.seller.user_id:
        refuse_closed_shop(part.seller.status)
    if to not in SELLER_STEPS:
        raise IllegalTransition(part.status, to)
    note = " ".join(filter(None, [tracking.carrier, tracking.number])) if to == OrderStatus.SHIPPED else ""
    _move(order, [part], to, actor=actor, note=note)
    if to == OrderStatus.SHIPPED:
        part.carrier, part.tracking_number, part.tracking_url = tracking.carrier, tracking.number, tracking.url
        part.save(update_fields=["carrier", "tracking_number", "tracking_url"])
        issue_invoice(part)
        queue_email(
            kind="order-shipped", key=f"order-shipped:{part.pk}", user=order.buyer, params={"seller_order": part.pk}
        )
    title, body = f"Your order {DONE[to]}", f"{part.seller.shop_name}: order {order.number} {DONE[to]}."
    notify_many(notifications=[_to_buyer(order, NotificationType.ORDER_STATUS_CHANGED, title, body)])
    return part


@transaction.atomic
def advance_seller_orders(
    *, seller_orders: Sequence[SellerOrder], to: str, actor: User, tracking: Tracking = UNTRACKED
) -> None:
    """
    Several parts of an order, or none of them.

    :raises IllegalTransition: when one of them cannot make that step.
    """
    for part in seller_orders:
        advance_seller_order(seller_order=part, to=to, actor=actor, tracking=tracking)


@transaction.atomic
def cancel_order(*, order: Order, actor: User | None, reason: str = "") -> Order:
    """
    Cancel all of an order that has not been shipped, return its stock; payments refunds what was paid.

    Cancelling what is cancelled changes nothing.

    :raises IllegalTransition: when some of it is on its way already.
    """
    order = lock_order(order.pk)
    if order.status != OrderStatus.CANCELLED:
        _cancel(order, actor=actor, kind=OrderEvent.Kind.CANCELLED, reason=reason)
    return order


@transaction.atomic
def expire_order(*, pk: int, now: datetime | None = None) -> bool:
    """Cancel an order whose half hour is over, unless it was paid or cancelled meanwhile; answers whether it was."""
    order = Order.objects.select_for_update(of=("self",), no_key=True, skip_locked=True).filter(pk=pk).first()
    if order is None or order.status != OrderStatus.PENDING or order.expires_at > (now or timezone.now()):
        return False
    _cancel(order, actor=None, kind=OrderEvent.Kind.EXPIRED, reason="It was not paid in time.")
    return True


def _cancel(order: Order, *, actor: User | None, kind: str, reason: str) -> None:
    was_paid = order.payment_status == PaymentStatus.PAID
    order.cancel_reason = reason
    if was_paid:
        order.payment_status = PaymentStatus.REFUNDING
    parts = list(order.seller_orders.select_related("seller__user"))
    _move(order, parts, OrderStatus.CANCELLED, actor=actor, kind=kind, note=reason)
    items = OrderItem.objects.filter(seller_order__order=order)
    put_back([StockLine(item.variant_id, item.quantity) for item in items], reference=order.number, actor=actor)
    order_cancelled.send(sender=Order, order=order)
    body = f"Order {order.number} was cancelled. {reason}".strip()
    if order.payment_status == PaymentStatus.REFUNDING:
        body += " Your refund is on its way."
    told = [_to_buyer(order, NotificationType.ORDER_CANCELLED, "Order cancelled", body)]
    if was_paid:
        stop = f"Order {order.number} was cancelled: please do not send it."
        told += [_to_seller(part, NotificationType.ORDER_CANCELLED, "Order cancelled", stop) for part in parts]
        queue_email(
            kind="order-cancelled", key=f"order-cancelled:{order.pk}", user=order.buyer, params={"order": order.pk}
        )
    notify_many(notifications=told)


def extend_hold(*, order: Order) -> None:
    """A payment is authorised but not captured yet: the stock must not go back in that moment."""
    until = timezone.now() + HOLD_AFTER_AUTHORISATION
    Order.objects.filter(pk=order.pk, status=OrderStatus.PENDING, expires_at__lt=until).update(expires_at=until)


def set_razorpay_order(*, order: Order, razorpay_order_id: str) -> str:
    """Remember the Razorpay order, once: of two that were made at the same moment the first is kept. Answers it."""
    with prepared_cursor() as cursor:
        cursor.execute(_KEEP_RAZORPAY_ORDER, [razorpay_order_id, order.pk])
        is_kept = cursor.rowcount == 1
    if is_kept:
        order.razorpay_order_id = razorpay_order_id
    else:
        order.refresh_from_db(fields=["razorpay_order_id"])
    return order.razorpay_order_id


def set_payment_status(*, order: Order, status: str) -> None:
    """For payments, with the order locked: how its refund goes."""
    order.payment_status = PaymentStatus(status)
    order.save(update_fields=["payment_status"])


def record_event(*, order: Order, kind: str, note: str = "", actor: User | None = None) -> None:
    OrderEvent.objects.create(order=order, kind=kind, note=note[:300], actor=actor)


def _to_buyer(order: Order, type: str, title: str, body: str) -> Notification:
    url = order.get_absolute_url()
    return Notification(
        user=order.buyer, type=type, title=title, body=body, url=url, order_id=order.pk, number=order.number
    )


def _to_seller(part: SellerOrder, type: str, title: str, body: str) -> Notification:
    user, url, order = part.seller.user, part.get_absolute_url(), part.order
    return Notification(user=user, type=type, title=title, body=body, url=url, order_id=order.pk, number=order.number)
