from accounts.models import User
from catalog.models import Variant
from orders.models import Order
from tests.api.access.table import Rule, admins, public
from tests.api.world import World
from tests.factories import ADDRESS
from tests.shop import fill_cart

CHECKOUT = {"shipping_address": ADDRESS}
HANDED_BACK = {"razorpay_payment_id": "pay_1", "razorpay_order_id": "order_1", "razorpay_signature": "0" * 64}


def _fill_cart(world: World, user: User) -> None:
    fill_cart(user, Variant.objects.get(pk=world.ids["variant"]))


def _make_payable(world: World, user: User) -> None:
    """Razorpay knows the order already, and is not asked again."""
    Order.objects.filter(pk=world.ids["pending_order"]).update(razorpay_order_id="order_1")


RULES: list[Rule] = [
    Rule("POST", "/orders/checkout", 401, 201, 201, 403, 403, 403, body=CHECKOUT, arrange=_fill_cart),
    Rule("POST", "/orders/checkout", 401, 400, 400, 403, 403, 403, body=CHECKOUT),
    Rule("POST", "/orders/{paid_order}/pay", 401, 409, 404, 403, 404, 403),
    Rule("POST", "/orders/{pending_order}/pay", 401, 200, 404, 403, 404, 403, arrange=_make_payable),
    Rule(
        "POST", "/orders/{pending_order}/verify", 401, 400, 404, 403, 404, 403, body=HANDED_BACK, arrange=_make_payable
    ),
    public("POST", "/orders/webhook", 400, body={}, inactive=400),
    admins("GET", "/admin/stats"),
]
