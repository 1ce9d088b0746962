"""Stock as sellers and orders move it: what is refused, in which words, and what lists learn of it."""

from decimal import Decimal

import pytest

from catalog.models import Product, StockMovement, Variant
from catalog.services import set_status
from catalog.services.stock import OutOfStock, StockLine, correct_stock, restock, take_stock
from tests.shop import make_variant, stock_of

pytestmark = pytest.mark.django_db


def refused(variant: Variant, quantity: int, price: str | None = None) -> str:
    line = StockLine(variant.pk, quantity, Decimal(price) if price else None)
    with pytest.raises(OutOfStock) as refusal:
        take_stock([line], reference="PM-TEST", actor=None)
    return str(refusal.value)


def is_in_stock(variant: Variant) -> bool:
    return Product.objects.values_list("in_stock", flat=True).get(pk=variant.product_id)


def test_who_asks_for_more_than_there_is_hears_how_many_are_left():
    assert refused(make_variant(title="Brass Lamp", stock=2), 3) == "Only 2 of “Brass Lamp” left."
    assert refused(make_variant(title="Brass Lamp", stock=0), 1) == "“Brass Lamp” just sold out."


def test_what_is_no_longer_sold_counts_as_sold_out():
    lamp, bowl = make_variant(title="Brass Lamp", price="250.00"), make_variant(title="Steel Bowl", price="250.00")
    Variant.objects.filter(pk=lamp.pk).update(is_active=False)
    set_status(product=bowl.product, status="archived")
    assert refused(lamp, 1, "250.00") == "“Brass Lamp” just sold out."
    assert refused(bowl, 1, "250.00") == "“Steel Bowl” just sold out."


def test_a_price_that_changed_takes_nothing_and_blames_no_stock():
    lamp = make_variant(price="250.00", stock=2)
    assert refused(lamp, 1, "240.00") == "Some items changed meanwhile."
    assert stock_of(lamp) == 2


def test_taking_what_is_left_is_no_shortage():
    lamp = make_variant(price="250.00", stock=2)
    take_stock([StockLine(lamp.pk, 2, Decimal("250.00"))], reference="PM-TEST", actor=None)
    assert stock_of(lamp) == 0


def test_lists_learn_at_once_that_the_last_piece_went_and_that_some_came():
    lamp = make_variant(stock=2)
    restock(variant_id=lamp.pk, quantity=-1)
    assert is_in_stock(lamp)
    restock(variant_id=lamp.pk, quantity=-1)
    assert not is_in_stock(lamp)
    restock(variant_id=lamp.pk, quantity=5)
    assert is_in_stock(lamp)


def test_nobody_removes_more_than_there_is():
    lamp = make_variant(title="Brass Lamp", stock=2)
    with pytest.raises(OutOfStock, match="Only 2 of “Brass Lamp” left"):
        restock(variant_id=lamp.pk, quantity=-3)
    assert stock_of(lamp) == 2


def test_a_count_is_one_movement_where_it_differs_and_none_where_it_does_not():
    lamp, bowl = make_variant(stock=2), make_variant(stock=7)
    before = StockMovement.objects.count()
    correct_stock({lamp.pk: 5, bowl.pk: 7}, actor=None)
    assert (stock_of(lamp), stock_of(bowl)) == (5, 7)
    assert list(StockMovement.objects.order_by("pk").values_list("variant", "quantity")[before:]) == [(lamp.pk, 3)]
