"""The three steps over HTTP: forwards, backwards, twice, in two tabs, with things changing in between."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Address
from cart.services import discard_cart, get_cart
from catalog.services import set_price, set_status
from orders.models import Order
from payments.sandbox import faults
from payments.sandbox.faults import Kind
from pymart.common.errors import Unavailable
from tests.factories import ADDRESS, make_address, make_user
from tests.shop import fill_cart, make_variant, place, stock_of

pytestmark = pytest.mark.django_db(transaction=True)
REVIEW, ADDRESS_STEP, PAY = (reverse(f"payments:{name}") for name in ("checkout", "checkout-address", "checkout-pay"))


@pytest.fixture
def shopper(till):
    """A buyer at the till with one lamp in the cart and an address."""
    buyer = make_user()
    till.client.force_login(buyer)
    buyer.lamp = make_variant(price="250.00", title="Brass lamp", stock=5)
    fill_cart(buyer, buyer.lamp)
    make_address(buyer, is_default=True)
    return buyer


def seen(buyer) -> dict[str, str]:
    """What the last step's form carries."""
    cart = get_cart(str(buyer.pk))
    return {"cart_id": str(cart.id), "expected_total": str(cart.total)}


def hidden(page: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]+)"', page)[1]


def choose_address(client, buyer):
    return client.post(ADDRESS_STEP, {"address": buyer.addresses.get().pk})


def test_three_steps_make_an_order_that_waits_for_its_payment(till, shopper):
    client = till.client
    assert "Brass lamp" in client.get(REVIEW).content.decode()
    assert choose_address(client, shopper).url == PAY
    page = client.get(PAY).content.decode()
    assert "₹299" in page
    response = client.post(PAY, seen(shopper))
    order = Order.objects.get()
    assert response.url == reverse("payments:pay", args=[order.number])
    page = client.get(response.url).content.decode()
    assert order.razorpay_order_id in page
    assert "checkout/embedded" in page
    assert order.city == "Bengaluru"
    assert stock_of(shopper.lamp) == 4


def test_guests_log_in_first_and_come_back(client):
    response = client.get(REVIEW)
    assert response.url == f"{reverse('accounts:login')}?next={REVIEW}"


@pytest.mark.parametrize("url", [REVIEW, ADDRESS_STEP, PAY])
def test_an_empty_cart_leads_back_to_the_cart(client, url):
    client.force_login(make_user())
    assert client.get(url).url == reverse("cart:show")


def test_without_an_address_the_last_step_asks_for_one(till, shopper):
    assert till.client.get(PAY).url == ADDRESS_STEP


def test_a_new_address_joins_the_book(till, shopper):
    fields = {**ADDRESS, "line1": "9 Lake View", "phone": "98765 43210", "pincode": "560 001"}
    assert till.client.post(ADDRESS_STEP, fields).url == PAY
    assert shopper.addresses.filter(line1="9 Lake View", pincode="560001", phone="+919876543210").exists()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("pincode", "012345", "6-digit PIN code"),
        ("pincode", "56001", "6-digit PIN code"),
        ("phone", "12345", "10-digit Indian mobile number"),
        ("phone", "5876543210", "10-digit Indian mobile number"),
        ("full_name", "", "required"),
        ("state", "Atlantis", "valid choice"),
    ],
)
def test_a_wrong_address_is_told_at_its_field_and_kept(till, shopper, field, value, said):
    response = till.client.post(ADDRESS_STEP, {**ADDRESS, "line1": "9 Lake View", field: value})
    assert response.status_code == 422
    page = response.content.decode()
    assert said in page
    assert "9 Lake View" in page
    assert Address.objects.count() == 1


def test_a_foreign_address_cannot_be_chosen(till, shopper):
    foreign = make_address(make_user())
    assert till.client.post(ADDRESS_STEP, {"address": foreign.pk}).status_code == 422
    assert till.client.get(PAY).url == ADDRESS_STEP


def test_pressed_twice_it_is_one_order(till, shopper):
    choose_address(till.client, shopper)
    form = seen(shopper)
    first, second = till.client.post(PAY, form), till.client.post(PAY, form)
    assert first.url == second.url
    assert Order.objects.count() == 1
    assert stock_of(shopper.lamp) == 4


def test_back_after_paying_leads_to_the_order(till, shopper):
    choose_address(till.client, shopper)
    form = seen(shopper)
    till.client.post(PAY, form)
    order = Order.objects.get()
    till.hand_back(order, till.pay(order))
    assert till.client.get(reverse("payments:pay", args=[order.number])).url == order.get_absolute_url()
    assert till.client.post(PAY, form, follow=True).redirect_chain[-1][0] == order.get_absolute_url()
    assert till.client.get(PAY).url == reverse("cart:show")
    assert Order.objects.count() == 1


def test_a_price_that_changed_is_said_and_nothing_is_ordered(till, shopper):
    choose_address(till.client, shopper)
    form = seen(shopper)
    set_price(variant=shopper.lamp, price=Decimal("260.00"), mrp=Decimal("400.00"))
    page = till.client.post(PAY, form, follow=True).content.decode()
    assert "The total changed from ₹299 to ₹309" in page
    assert not Order.objects.exists()
    till.client.post(PAY, seen(shopper))
    assert Order.objects.get().total == Decimal("309.00")


def test_a_cart_that_was_exchanged_for_another_is_shown_before_it_is_ordered(till, shopper):
    choose_address(till.client, shopper)
    form = seen(shopper)
    discard_cart(str(shopper.pk))
    fill_cart(shopper, make_variant(price="250.00", title="Copper bottle"))
    page = till.client.post(PAY, form, follow=True).content.decode()
    assert "Your cart changed. Please look over it again." in page
    assert "Copper bottle" in page
    assert not Order.objects.exists()
    till.client.post(PAY, {name: hidden(page, name) for name in form})
    assert Order.objects.get().seller_orders.get().items.get().title == "Copper bottle"


@pytest.mark.parametrize("total", ["1.00", "0", "-5", "", "free", "299.001", "9" * 40])
def test_a_total_tampered_with_orders_nothing(till, shopper, total):
    choose_address(till.client, shopper)
    till.client.post(PAY, {**seen(shopper), "expected_total": total})
    assert not Order.objects.exists()


def test_a_product_archived_meanwhile_is_said(till, shopper):
    choose_address(till.client, shopper)
    fill_cart(shopper, make_variant(title="Copper bottle"))
    form = seen(shopper)
    set_status(product=shopper.lamp.product, status="archived")
    page = till.client.post(PAY, form, follow=True).content.decode()
    assert "“Brass lamp” is no longer sold" in page
    assert not Order.objects.exists()


def test_a_session_that_ended_in_the_checkout_resumes_after_login(till, shopper):
    choose_address(till.client, shopper)
    form = seen(shopper)
    till.client.logout()
    assert till.client.post(PAY, form).url == f"{reverse('accounts:login')}?next={PAY}"
    assert not Order.objects.exists()


def test_with_the_gateway_down_the_order_is_kept_and_payable_later(till, shopper):
    choose_address(till.client, shopper)
    faults.arm(Kind.BAD_GATEWAY)
    response = till.client.post(PAY, seen(shopper))
    unavailable = till.client.get(response.url)
    assert unavailable.status_code == 503
    assert "your items are reserved" in unavailable.content.decode()
    faults.reset()
    assert till.client.get(response.url).status_code == 200
    assert Order.objects.get().razorpay_order_id


def test_the_pay_page_of_an_order_whose_time_is_over_leads_to_the_order(till):
    order = till.place()
    Order.objects.filter(pk=order.pk).update(expires_at=timezone.now())
    response = till.client.get(reverse("payments:pay", args=[order.number]))
    assert response.url == order.get_absolute_url()


@pytest.mark.parametrize("name", ["orders:detail", "orders:cancel", "orders:receipt", "payments:pay"])
def test_a_foreign_order_does_not_exist(till, shopper, name):
    order = till.place()
    till.client.force_login(shopper)
    assert till.client.get(reverse(name, args=[order.number])).status_code == 404
    assert till.client.get(reverse(name, args=["PM-NOSUCH"])).status_code == 404


def test_an_unpaid_order_can_be_cancelled_from_its_page(till):
    order = till.place()
    assert "Nothing was charged" in till.client.get(reverse("orders:cancel", args=[order.number])).content.decode()
    page = till.client.post(reverse("orders:cancel", args=[order.number]), follow=True).content.decode()
    assert "is cancelled" in page
    order.refresh_from_db()
    assert order.status == "cancelled"


def test_a_cancelled_orders_lines_go_back_into_the_cart(till):
    order = till.place()
    till.client.post(reverse("orders:cancel", args=[order.number]))
    page = till.client.post(reverse("orders:buy-again", args=[order.number]), follow=True).content.decode()
    assert f"What was in order {order.number} is in your cart." in page
    assert get_cart(str(order.buyer_id)).item_count == 1


def test_what_is_bought_again_into_a_full_cart_is_told_so(till, settings):
    settings.CART_MAX_LINES = 1
    order = till.place()
    fill_cart(order.buyer, make_variant())
    page = till.client.post(reverse("orders:buy-again", args=[order.number]), follow=True).content.decode()
    assert "different items" in page
    assert "is in your cart" not in page


def test_with_carts_away_nothing_is_said_to_be_no_longer_sold(till, monkeypatch):
    def add_item(*args, **kwargs):
        raise Unavailable

    order = till.place()
    monkeypatch.setattr("orders.views.add_item", add_item)
    assert till.client.post(reverse("orders:buy-again", args=[order.number])).status_code == 503


def test_the_open_pay_page_notices_a_payment(till):
    order = till.place()
    url = reverse("payments:pay-status", args=[order.number])
    assert till.client.get(url).status_code == 204
    till.pay(order)
    till.deliver()
    assert till.client.get(url)["HX-Redirect"] == order.get_absolute_url()


@pytest.mark.parametrize("orders", [1, 8])
def test_the_order_list_asks_the_same_few_questions_for_any_number(till, orders, django_assert_num_queries):
    buyer = make_user()
    till.client.force_login(buyer)

    for _ in range(orders):
        place(buyer, make_variant(), make_variant())
    with django_assert_num_queries(8):
        till.client.get(reverse("orders:list"))
