"""A seller without a GST registration delivers within their own state only, whichever way an order is placed."""

import pytest
from django.urls import reverse

from catalog.models import Product
from orders.models import Order
from orders.services import NotDeliverable, place_order
from tests.factories import ADDRESS, make_address, make_seller, make_user
from tests.shop import fill_cart, make_variant, stock_of

pytestmark = pytest.mark.django_db
AT_HOME = {**ADDRESS, "city": "Kochi", "state": "Kerala", "pincode": "682001"}


@pytest.fixture
def lamp():
    seller = make_seller(gstin="", state="Kerala", city="Kochi", pincode="682001", shop_name="Kochi Lamps")
    return make_variant(seller=seller, title="Brass lamp", stock=5)


def test_an_order_to_another_state_is_refused_by_line_and_nothing_is_written(lamp):
    buyer, vase = make_user(), make_variant(title="Vase")
    fill_cart(buyer, lamp, vase)
    with pytest.raises(NotDeliverable, match="“Brass lamp” cannot go to Karnataka: Kochi Lamps") as caught:
        place_order(buyer=buyer, address=ADDRESS)
    assert "within Kerala only" in str(caught.value)
    assert [(part.code, part.field) for part in caught.value.parts()] == [("not_deliverable", f"items.{lamp.pk}")]
    assert not Order.objects.exists()
    assert stock_of(lamp) == 5


def test_an_order_within_the_state_goes(lamp):
    buyer = make_user()
    fill_cart(buyer, lamp)
    assert place_order(buyer=buyer, address=AT_HOME).state == "Kerala"


def test_the_checkout_says_it_where_the_address_is_chosen(client, lamp):
    buyer = make_user()
    client.force_login(buyer)
    far, near = make_address(buyer), make_address(buyer, **AT_HOME)
    fill_cart(buyer, lamp)
    assert "Delivered within Kerala only" in client.get(reverse("cart:show")).content.decode()
    assert "Delivered within Kerala only" in client.get(reverse("payments:checkout")).content.decode()
    response = client.post(reverse("payments:checkout-address"), {"address": far.pk}, follow=True)
    assert response.redirect_chain == [(reverse("payments:checkout-address"), 302)]
    assert "“Brass lamp” cannot go to Karnataka" in response.content.decode()
    response = client.post(reverse("payments:checkout-address"), {"address": near.pk})
    assert response.url == reverse("payments:checkout-pay")


@pytest.mark.parametrize(("pincode", "said"), [("560001", "Not delivered to"), ("682001", "2 to 4 days")])
def test_the_product_page_answers_for_the_pin_code(client, lamp, pincode, said):
    page = Product.objects.get().get_absolute_url()
    assert "within Kerala only" in client.get(page).content.decode()
    assert said in client.get(page, {"pincode": pincode}).content.decode()
