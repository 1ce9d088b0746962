from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from cart import store
from cart.services import discard_cart, get_cart
from catalog.models import StockMovement
from catalog.services import OutOfStock, set_price, set_status
from orders.models import Order, OrderEvent, OrderItem
from orders.services import CartChanged, EmptyCart, PriceChanged, cancel_order, expire_order, place_order
from pymart.common.errors import Unavailable
from tests.factories import ADDRESS, make_seller, make_user
from tests.shop import fill_cart, make_variant, place, stock_of

pytestmark = pytest.mark.django_db


def test_an_order_holds_stock_and_empties_the_cart():
    buyer, variant = make_user(), make_variant(stock=5)
    order = place(buyer, variant, quantity=2)
    assert stock_of(variant) == 3
    assert get_cart(str(buyer.pk)).is_empty
    assert StockMovement.objects.get(variant=variant, reference=order.number).quantity == -2
    assert [event.kind for event in order.events.all()] == [OrderEvent.Kind.PLACED]
    assert order.city == "Bengaluru"


def test_each_seller_ships_a_part_with_a_fee_of_its_own():
    one, two = make_seller(), make_seller()
    cheap = make_variant(seller=one, price="100.00")
    dear = make_variant(seller=two, price="600.00", mrp="600.00")
    order = place(make_user(), cheap, dear)
    parts = {part.seller: part for part in order.seller_orders.all()}
    assert (parts[one].subtotal, parts[one].shipping) == (Decimal("100.00"), Decimal("49.00"))
    assert (parts[two].subtotal, parts[two].shipping) == (Decimal("600.00"), Decimal("0.00"))
    assert (order.subtotal, order.shipping, order.total) == (Decimal("700.00"), Decimal("49.00"), Decimal("749.00"))


def test_titles_and_prices_are_frozen():
    variant = make_variant(price="250.00", title="Brass diya")
    order = place(make_user(), variant)
    set_price(variant=variant, price=Decimal("300.00"), mrp=Decimal("400.00"))
    item = OrderItem.objects.get(seller_order__order=order)
    assert (item.title, item.unit_price) == ("Brass diya", Decimal("250.00"))


def test_an_empty_cart_makes_no_order():
    with pytest.raises(EmptyCart):
        place_order(buyer=make_user(), address=ADDRESS)


def test_a_total_other_than_the_one_seen_writes_nothing():
    buyer, variant = make_user(), make_variant(price="250.00")
    fill_cart(buyer, variant)
    with pytest.raises(PriceChanged) as caught:
        place_order(buyer=buyer, address=ADDRESS, expected_total=Decimal("1.00"))
    assert "₹299" in str(caught.value)
    assert not Order.objects.exists()
    assert stock_of(variant) == 10
    assert not get_cart(str(buyer.pk)).is_empty


def test_a_product_archived_while_in_the_cart_is_said_and_writes_nothing():
    buyer, kept, gone = make_user(), make_variant(), make_variant()
    fill_cart(buyer, kept, gone)
    set_status(product=gone.product, status="archived")
    with pytest.raises(CartChanged, match="no longer sold"):
        place_order(buyer=buyer, address=ADDRESS)
    assert not Order.objects.exists()


def test_the_same_cart_makes_one_order():
    buyer, variant = make_user(), make_variant()
    fill_cart(buyer, variant)
    cart = get_cart(str(buyer.pk))
    first = place_order(buyer=buyer, address=ADDRESS, cart_id=cart.id)
    again = place_order(buyer=buyer, address=ADDRESS, cart_id=cart.id)
    assert first == again
    assert Order.objects.count() == 1


def test_a_cart_begun_since_is_not_ordered_in_place_of_the_one_that_was_seen():
    buyer, lamp, bowl = make_user(), make_variant(), make_variant()
    fill_cart(buyer, lamp)
    seen = get_cart(str(buyer.pk))
    discard_cart(str(buyer.pk))
    fill_cart(buyer, bowl)  # for as much
    with pytest.raises(CartChanged, match="look over it again") as caught:
        place_order(buyer=buyer, address=ADDRESS, expected_total=seen.total, cart_id=seen.id)
    assert [(part.code, part.field) for part in caught.value.parts()] == [("cart_changed", None)]
    assert not Order.objects.exists()
    assert store.read(str(buyer.pk)).quantities == {bowl.pk: 1}


def gone(*args):
    raise Unavailable


def test_redis_dying_before_the_cart_is_emptied_makes_no_second_order(monkeypatch):
    buyer, variant = make_user(), make_variant()
    fill_cart(buyer, variant)
    with monkeypatch.context() as patch:
        patch.setattr("orders.services.placing.empty_cart", gone)
        first = place_order(buyer=buyer, address=ADDRESS)
    assert not get_cart(str(buyer.pk)).is_empty
    assert place_order(buyer=buyer, address=ADDRESS) == first
    assert get_cart(str(buyer.pk)).is_empty
    assert stock_of(variant) == 9


def expire(order):
    Order.objects.filter(pk=order.pk).update(expires_at=timezone.now())
    assert expire_order(pk=order.pk)


def overdue(order):
    Order.objects.filter(pk=order.pk).update(expires_at=timezone.now())


def call_off(order):
    cancel_order(order=order, actor=order.buyer)


@pytest.fixture
def full_cart(monkeypatch):
    """A buyer whose cart stayed full, its order, and the variant of which it has one."""
    buyer, variant = make_user(), make_variant()
    with monkeypatch.context() as patch:
        patch.setattr("orders.services.placing.empty_cart", gone)
        return buyer, place(buyer, variant), variant


@pytest.mark.parametrize("end", [expire, overdue, call_off])
def test_a_cart_that_stayed_full_is_ordered_anew_once_its_order_is_over(full_cart, end):
    buyer, first, variant = full_cart
    end(first)
    again = place_order(buyer=buyer, address=ADDRESS, cart_id=first.cart_id)
    first.refresh_from_db()
    assert (first.status, again.status) == ("cancelled", "pending")
    assert get_cart(str(buyer.pk)).is_empty
    assert stock_of(variant) == 9
    assert place_order(buyer=buyer, address=ADDRESS, cart_id=first.cart_id) == again  # pressed twice
    assert Order.objects.count() == 2


def test_a_cart_that_stays_full_time_and_again_has_one_live_order(monkeypatch):
    buyer, variant = make_user(), make_variant()
    monkeypatch.setattr("orders.services.placing.empty_cart", gone)
    fill_cart(buyer, variant)
    for _ in range(3):
        order = place_order(buyer=buyer, address=ADDRESS)
        assert place_order(buyer=buyer, address=ADDRESS) == order
        call_off(order)
    assert Order.objects.count() == 3
    assert stock_of(variant) == 10


def test_what_cannot_be_ordered_anew_says_why_and_stays_in_the_cart(full_cart):
    buyer, order, variant = full_cart
    expire(order)
    with pytest.raises(PriceChanged):
        place_order(buyer=buyer, address=ADDRESS, expected_total=Decimal("1.00"))
    assert store.read(str(buyer.pk)).quantities == {variant.pk: 1}


def test_a_cart_that_was_emptied_after_all_is_not_ordered_anew(monkeypatch):
    """A press that hung for as long as the order of another tab lived."""
    buyer, variant = make_user(), make_variant()
    fill_cart(buyer, variant)
    stale = get_cart(str(buyer.pk))
    order = place_order(buyer=buyer, address=ADDRESS)
    call_off(order)
    monkeypatch.setattr("orders.services.placing.get_cart", lambda owner, mend: stale)
    assert place_order(buyer=buyer, address=ADDRESS) == order
    assert Order.objects.count() == 1


def test_what_sells_out_between_look_and_lock_is_named(monkeypatch):
    buyer, variant = make_user(), make_variant(stock=1, title="Last lamp")
    fill_cart(buyer, variant)
    stale = get_cart(str(buyer.pk))
    place(make_user(), variant)
    monkeypatch.setattr("orders.services.placing.get_cart", lambda owner, mend: stale)
    with pytest.raises(OutOfStock, match="“Last lamp” just sold out"):
        place_order(buyer=buyer, address=ADDRESS)
    assert Order.objects.filter(buyer=buyer).count() == 0


def test_a_price_that_moves_between_look_and_lock_is_caught(monkeypatch):
    buyer, variant = make_user(), make_variant(price="250.00")
    fill_cart(buyer, variant)
    looks = iter([get_cart(str(buyer.pk))])
    set_price(variant=variant, price=Decimal("260.00"), mrp=Decimal("400.00"))
    real = get_cart
    monkeypatch.setattr("orders.services.placing.get_cart", lambda owner, mend: next(looks, None) or real(owner))
    with pytest.raises(PriceChanged) as caught:
        place_order(buyer=buyer, address=ADDRESS)
    assert caught.value.total == Decimal("309.00")
    assert not Order.objects.exists()


def test_an_order_leaves_alone_the_cart_that_was_begun_after_it():
    buyer, variant = make_user(), make_variant()
    order = place(buyer, variant)
    fill_cart(buyer, variant)
    store.clear(str(buyer.pk), order.cart_id)
    assert get_cart(str(buyer.pk)).item_count == 1


def test_a_number_that_is_taken_is_drawn_again(monkeypatch):
    taken = place(make_user(), make_variant()).number
    drawn = iter([taken, taken, "PM-CCCCCC"])
    monkeypatch.setattr("orders.services.placing.new_number", lambda: next(drawn))
    assert place(make_user(), make_variant()).number == "PM-CCCCCC"


def test_the_order_that_is_answered_is_the_one_in_the_database():
    order = place(make_user(), make_variant(), make_variant())
    kept = Order.objects.get(pk=order.pk)
    for field in Order._meta.concrete_fields:
        assert getattr(order, field.attname) == getattr(kept, field.attname)
    order.full_clean()


@pytest.mark.parametrize("sellers", [1, 6])
def test_placing_takes_the_same_few_statements_for_any_cart(sellers, django_assert_num_queries):
    buyer = make_user()
    fill_cart(buyer, *[make_variant() for _ in range(sellers)])
    with django_assert_num_queries(5):  # the cart, begin, order with all that is in it, stock, commit
        place_order(buyer=buyer, address=ADDRESS)


def test_stock_is_held_for_half_an_hour():
    order = place(make_user(), make_variant())
    assert order.expires_at - order.created_at == timedelta(minutes=30)


def test_a_part_knows_its_pieces_and_has_its_lines_in_the_order_of_the_cart():
    seller, buyer = make_seller(), make_user()
    lamp, bowl = (make_variant(seller=seller, title=title) for title in ("Lamp", "Bowl"))
    part = place(buyer, lamp, bowl, quantity=2).seller_orders.get()
    assert part.units == 4
    assert [item.title for item in part.items.order_by("pk")] == ["Bowl", "Lamp"]


def test_a_cart_that_stayed_full_answers_with_its_order_though_the_last_piece_is_sold(monkeypatch):
    buyer, variant = make_user(), make_variant(stock=1)
    monkeypatch.setattr("orders.services.placing.empty_cart", gone)
    order = place(buyer, variant)
    assert place_order(buyer=buyer, address=ADDRESS) == order
