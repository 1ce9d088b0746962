"""For pages of the apps below, which cannot ask for themselves."""

from django import template

from orders.models import Order
from orders.states import OrderStatus
from reviews.selectors import reviewed_by

register = template.Library()


@register.simple_tag
def reviewed_products(order: Order) -> set[int]:
    """Of what was delivered with the order, the products that its buyer has written about."""
    products = {
        item.variant.product_id
        for part in order.seller_orders.all()
        if part.status == OrderStatus.DELIVERED
        for item in part.items.all()
    }
    return reviewed_by(order.buyer_id, products) if products else set()
