from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from cart import store
from cart.selectors import saved_for_later
from cart.services import (
    GUEST_COOKIE,
    CartFull,
    add_item,
    get_cart,
    merge_guest_cart,
    move_to_cart,
    save_for_later,
    set_quantity,
)
from catalog.models import Variant
from catalog.services import set_status
from orders.services import place_order
from tests.factories import ADDRESS, PASSWORD, make_seller, make_user
from tests.shop import fill_cart, make_variant

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Target": "cart-content"}


def owner() -> str:
    return str(make_user().pk)


def test_prices_savings_and_shipping_come_from_the_database():
    who, seller = owner(), make_seller()
    cheap = make_variant(seller=seller, price="100.00", mrp="150.00")
    dear = make_variant(price="600.00", mrp="600.00")
    add_item(who, variant_id=cheap.pk, quantity=2)
    add_item(who, variant_id=dear.pk)
    cart = get_cart(who)
    assert (cart.subtotal, cart.savings) == (Decimal("800.00"), Decimal("100.00"))
    assert (cart.shipping, cart.total) == (Decimal("49.00"), Decimal("849.00"))
    assert cart.item_count == 3


@pytest.mark.parametrize(("price", "fee"), [("498.99", "49.00"), ("499.00", "0.00")])
def test_delivery_is_free_from_499_rupees_a_seller(price, fee):
    who = owner()
    add_item(who, variant_id=make_variant(price=price, mrp="600.00").pk)
    assert get_cart(who).shipping == Decimal(fee)


def test_no_more_than_there_is_and_no_more_than_ten():
    who, scarce, plenty = owner(), make_variant(stock=3), make_variant(stock=50)
    assert add_item(who, variant_id=scarce.pk, quantity=9) == 3
    assert add_item(who, variant_id=plenty.pk, quantity=9) == 9
    assert add_item(who, variant_id=plenty.pk, quantity=9) == 10


@pytest.fixture
def full(settings):
    """Somebody whose cart holds no line more, and what is in it."""
    settings.CART_MAX_LINES = 2
    user, variants = make_user(), (make_variant(), make_variant())
    fill_cart(user, *variants)
    return user, *variants


def test_a_full_cart_takes_no_new_line_and_more_of_what_it_has(full):
    user, lamp, bowl = full
    who, other = str(user.pk), make_variant()
    save_for_later(who, variant_id=other.pk)
    for change in (
        lambda: add_item(who, variant_id=other.pk),
        lambda: set_quantity(who, variant_id=other.pk, quantity=2),
        lambda: move_to_cart(who, variant_id=other.pk),
    ):
        with pytest.raises(CartFull, match="holds 100 different items"):
            change()
    assert add_item(who, variant_id=lamp.pk) == 2
    set_quantity(who, variant_id=bowl.pk, quantity=3)
    assert store.read(who).quantities == {lamp.pk: 2, bowl.pk: 3}
    assert store.read_saved(who) == [other.pk]
    set_quantity(who, variant_id=bowl.pk, quantity=0)
    assert add_item(who, variant_id=other.pk) == 1


def test_a_cart_from_before_the_limit_keeps_its_lines_and_can_be_ordered(full, settings):
    user, lamp, _ = full
    settings.CART_MAX_LINES = 1
    Variant.objects.filter(pk=lamp.pk).update(stock=2)
    set_quantity(str(user.pk), variant_id=lamp.pk, quantity=5)
    cart = get_cart(str(user.pk))
    assert [notice.code for notice in cart.notices] == ["quantity_lowered"]
    assert len(place_order(buyer=user, address=ADDRESS).seller_orders.all()) == 2


def test_a_line_that_left_while_it_was_mended_does_not_come_back_into_a_full_cart(full, monkeypatch):
    user, lamp, _ = full
    who, other = str(user.pk), make_variant()
    set_quantity(who, variant_id=lamp.pk, quantity=5)
    Variant.objects.filter(pk=lamp.pk).update(stock=2)
    stale = store.read(who)
    set_quantity(who, variant_id=lamp.pk, quantity=0)
    add_item(who, variant_id=other.pk)
    with monkeypatch.context() as patch:
        patch.setattr("cart.store.read", lambda owner: stale)
        get_cart(who)
    assert lamp.pk not in store.read(who).quantities


def test_what_does_not_fit_at_login_is_saved_for_later(full):
    user, lamp, bowl = full
    other = make_variant()
    store.put("guest:token", {lamp.pk: 1, other.pk: 1})
    merge_guest_cart(guest="guest:token", user_id=user.pk)
    assert store.read(str(user.pk)).quantities == {lamp.pk: 2, bowl.pk: 1}
    assert store.read_saved(str(user.pk)) == [other.pk]
    assert store.read("guest:token") == store.StoredCart()


def test_htmx_and_plain_forms_are_told_that_the_cart_is_full(full, client):
    client.force_login(full[0])
    form = {"variant": make_variant().pk, "quantity": 1}
    response = client.post(reverse("cart:add"), form, headers=HTMX)
    assert (response.status_code, "different items" in response.headers["HX-Trigger"]) == (409, True)
    assert "different items" in client.post(reverse("cart:add"), form, follow=True).content.decode()
    assert "different items" in client.post(reverse("cart:set"), form, headers=HTMX).content.decode()


def test_what_changed_is_said_once_and_mended():
    who = owner()
    fewer, gone, archived = make_variant(stock=5), make_variant(stock=5), make_variant()
    for variant in (fewer, gone, archived):
        add_item(who, variant_id=variant.pk, quantity=4)
    Variant.objects.filter(pk=fewer.pk).update(stock=2)
    Variant.objects.filter(pk=gone.pk).update(stock=0)
    set_status(product=archived.product, status="archived")
    cart = get_cart(who)
    assert {notice.code for notice in cart.notices} == {"quantity_lowered", "sold_out", "unavailable"}
    assert [(line.offer.variant_id, line.quantity) for line in cart.lines] == [(fewer.pk, 2)]
    assert store.read_saved(who) == [gone.pk]
    assert not get_cart(who).notices


def test_removing_the_last_line_ends_the_cart():
    who, variant = owner(), make_variant()
    add_item(who, variant_id=variant.pk)
    set_quantity(who, variant_id=variant.pk, quantity=0)
    assert store.read(who) == store.StoredCart()


def test_a_cart_keeps_its_id_until_it_is_emptied():
    who, variant = owner(), make_variant()
    add_item(who, variant_id=variant.pk)
    first = store.read(who).id
    add_item(who, variant_id=variant.pk)
    assert store.read(who).id == first
    store.clear(who, first)
    add_item(who, variant_id=variant.pk)
    assert store.read(who).id != first


def test_a_guests_cart_comes_along_at_login():
    user, shared, own = make_user(), make_variant(), make_variant()
    fill_cart(user, shared, quantity=2)
    guest = Client()
    for variant in (shared, own):
        guest.post(reverse("cart:add"), {"variant": variant.pk, "quantity": 1})
    token = guest.cookies[GUEST_COOKIE].value
    guest.post(reverse("accounts:login"), {"email": user.email, "password": PASSWORD})
    quantities = store.read(str(user.pk)).quantities
    assert quantities == {shared.pk: 3, own.pk: 1}
    assert store.read(f"guest:{token}") == store.StoredCart()


@pytest.mark.parametrize("token", ["", "x", "../../etc", "*" * 32, "a" * 33])
def test_a_made_up_guest_token_opens_no_cart(token):
    client = Client()
    client.cookies[GUEST_COOKIE] = token
    assert "Your cart is empty" in client.get(reverse("cart:show")).content.decode()


def test_without_htmx_every_change_ends_on_the_cart_page(client):
    variant = make_variant(title="Copper bottle")
    response = client.post(reverse("cart:add"), {"variant": variant.pk, "quantity": 2}, follow=True)
    assert response.redirect_chain == [("/cart/", 302)]
    assert "Copper bottle" in response.content.decode()
    for name, said in [("cart:save", "Saved for later"), ("cart:restore", "Continue to checkout")]:
        page = client.post(reverse(name), {"variant": variant.pk}, follow=True).content.decode()
        assert said in page
    page = client.post(reverse("cart:set"), {"variant": variant.pk, "quantity": 0}, follow=True).content.decode()
    assert "Your cart is empty" in page


def test_htmx_gets_the_cart_alone_with_the_new_badge(client):
    variant = make_variant()
    client.post(reverse("cart:add"), {"variant": variant.pk, "quantity": 1})
    response = client.post(reverse("cart:set"), {"variant": variant.pk, "quantity": 3}, headers=HTMX)
    page = response.content.decode()
    assert "<html" not in page
    assert 'id="cart-badge" hx-swap-oob="true">3<' in page


def test_htmx_shows_why_a_change_was_refused(client):
    variant = make_variant()
    client.post(reverse("cart:add"), {"variant": variant.pk, "quantity": 1})
    set_status(product=variant.product, status="archived")
    response = client.post(reverse("cart:set"), {"variant": variant.pk, "quantity": 3}, headers=HTMX)
    assert response.status_code == 422
    assert "not sold at the moment" in response.content.decode()


@pytest.mark.parametrize("quantity", ["", "0", "-1", "11", "99999999999999999999", "two", "1.5"])
def test_a_quantity_that_makes_no_sense_is_refused_in_words(client, quantity):
    response = client.post(reverse("cart:add"), {"variant": make_variant().pk, "quantity": quantity}, follow=True)
    assert "Please choose how many you want" in response.content.decode()
    assert "Your cart is empty" in response.content.decode()


@pytest.mark.parametrize("variant", ["0", "x", "999999999", str(2**70)])
def test_a_variant_that_is_not_there_is_refused_in_words(client, variant):
    response = client.post(reverse("cart:add"), {"variant": variant, "quantity": 1}, follow=True)
    assert response.status_code == 200
    assert "Your cart is empty" in response.content.decode()


def test_what_just_sold_out_cannot_be_added(client):
    response = client.post(reverse("cart:add"), {"variant": make_variant(stock=0).pk, "quantity": 1}, follow=True)
    assert "This item just sold out." in response.content.decode()


def test_buy_now_leads_to_the_checkout(client):
    response = client.post(reverse("cart:add"), {"variant": make_variant().pk, "quantity": 1, "buy_now": "on"})
    assert response.url == reverse("payments:checkout")


def test_what_was_taken_out_can_be_put_back_as_it_was(client):
    variant = make_variant(title="Copper bottle")
    line = {"variant": variant.pk, "quantity": 3}
    client.post(reverse("cart:add"), line)
    response = client.post(reverse("cart:set"), {"variant": variant.pk, "quantity": 0, "was": 3})
    page = client.get(response.url).content.decode()
    assert "“Copper bottle” left your cart." in page
    assert '<button class="btn btn--s" name="quantity" value="3">' in page
    assert "Continue to checkout" in client.post(reverse("cart:set"), line, follow=True).content.decode()
    assert "left your cart" not in client.get(response.url).content.decode()


def test_htmx_puts_the_focus_on_putting_back(client):
    variant = make_variant(title="Copper bottle")
    client.post(reverse("cart:add"), {"variant": variant.pk, "quantity": 1})
    response = client.post(reverse("cart:set"), {"variant": variant.pk, "quantity": 0}, headers=HTMX)
    page = response.content.decode()
    assert "“Copper bottle” left your cart." in page
    assert 'name="quantity" value="1" autofocus' in page


@pytest.mark.parametrize(
    "address", ["?removed=x&quantity=1", "?removed=999999999&quantity=1", "?removed=1&quantity=99"]
)
def test_nothing_can_be_put_back_that_never_was(client, address):
    assert "left your cart" not in client.get(reverse("cart:show") + address).content.decode()


@pytest.mark.parametrize(("stock", "has"), [(3, 3), (50, 10)])
def test_who_adds_more_than_can_be_had_is_told_so(client, stock, has):
    variant = make_variant(stock=stock)
    form = {"variant": variant.pk, "quantity": has}
    said = [client.post(reverse("cart:add"), form, headers=HTMX).headers["HX-Trigger"] for _ in range(2)]
    assert "Added to your cart." in said[0]
    assert f"Your cart has {has} of this item: no more can be had." in said[1]
    assert '"href": "/cart/"' in said[1]
    page = client.post(reverse("cart:add"), form, follow=True).content.decode()
    assert "no more can be had" in page


def test_what_goes_back_into_the_cart_waits_for_later_no_more():
    who, lamp = owner(), make_variant()
    add_item(who, variant_id=lamp.pk)
    save_for_later(who, variant_id=lamp.pk)
    assert [offer.variant_id for offer in saved_for_later(who)] == [lamp.pk]
    add_item(who, variant_id=lamp.pk)
    assert saved_for_later(who) == []


def test_saved_lines_can_be_forgotten(client):
    user, variant = make_user(), make_variant()
    save_for_later(str(user.pk), variant_id=variant.pk)
    client.force_login(user)
    client.post(reverse("cart:forget"), {"variant": variant.pk})
    assert store.read_saved(str(user.pk)) == []


@pytest.mark.parametrize("lines", [1, 9])
def test_the_cart_page_asks_the_same_few_questions_for_any_number_of_lines(client, lines, django_assert_num_queries):
    user = make_user()
    fill_cart(user, *[make_variant() for _ in range(lines)])
    client.force_login(user)
    client.get(reverse("cart:show"))
    with django_assert_num_queries(3):  # user, the lines, notifications
        client.get(reverse("cart:show"))


def test_with_redis_away_the_cart_says_so_and_other_pages_stand(client, settings, redis_away):
    response = client.get(reverse("cart:show"))
    assert response.status_code == 200  # a guest without a cart needs no Redis
    client.cookies[GUEST_COOKIE] = "a" * 32
    response = client.get(reverse("cart:show"))
    assert response.status_code == 503
    assert "does not answer" in response.content.decode()
    assert client.get(reverse("about")).status_code == 200


def test_a_cart_from_before_the_limit_was_lowered_is_lowered_to_it_and_no_fee_is_missing_then():
    variant = make_variant(price="499.00", mrp="499.00", stock=50)
    store.put("77", {variant.pk: 12})
    [group] = get_cart("77").groups
    assert [line.quantity for line in group.lines] == [10]
    assert group.to_free_shipping == 0
