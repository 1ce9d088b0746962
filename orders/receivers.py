from typing import Any

from django.db.models import Q
from django.dispatch import receiver

from accounts.models import User
from accounts.signals import OrdersUnderWay, account_erased, personal_data_asked
from catalog.signals import pictures_unused
from orders.models import Order, OrderItem
from orders.selectors import orders_of
from orders.states import OrderStatus, PaymentStatus

ENDED = (OrderStatus.DELIVERED, OrderStatus.CANCELLED)
TOLD_OF_ORDER = (
    *("number", "status", "payment_status", *Order.FIELDS, "subtotal", "shipping", "total", "currency"),
    *("created_at", "paid_at", "processing_at", "shipped_at", "delivered_at", "cancelled_at", "cancel_reason"),
)
TOLD_OF_LINE = ("title", "variant_name", "sku", "unit_price", "quantity", "line_total")


@receiver(pictures_unused)
def keep_pictures_of_orders(names: list[str], **kwargs: Any) -> set[str]:
    return set(OrderItem.objects.filter(image__in=names).order_by().values_list("image", flat=True).distinct())


@receiver(account_erased)
def wait_for_orders(user: User, **kwargs: Any) -> None:
    under_way = ~Q(status__in=ENDED) | Q(payment_status=PaymentStatus.REFUNDING)
    if Order.objects.filter(under_way, buyer=user).exists():
        raise OrdersUnderWay


@receiver(account_erased)
def forget_addresses(user: User, **kwargs: Any) -> None:
    """Of orders that were never paid: no invoice, no refund and no parcel needs them."""
    unpaid = Order.objects.filter(buyer=user, status=OrderStatus.CANCELLED, payment_status=PaymentStatus.UNPAID)
    unpaid.update(**dict.fromkeys(Order.FIELDS, ""), cancel_reason="")


@receiver(personal_data_asked)
def tell_orders(user: User, **kwargs: Any) -> dict[str, Any]:
    return {"orders": [_order(order) for order in orders_of(user)]}


def _order(order: Order) -> dict[str, Any]:
    lines = [
        {"shop": part.seller.shop_name, **{name: getattr(item, name) for name in TOLD_OF_LINE}}
        for part in order.seller_orders.all()
        for item in part.items.all()
    ]
    return {**{name: getattr(order, name) for name in TOLD_OF_ORDER}, "items": lines}
