from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from catalog.selectors import home_rails, rails
from catalog.services import set_price, set_rating
from tests.factories import make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def at():
    """Go back so many days: `with at(40): …`."""
    now = timezone.now()
    return lambda days: time_machine.travel(now - timedelta(days=days), tick=False)


def change_price(product, price):
    variant = product.variants.get()
    set_price(variant=variant, price=Decimal(price), mrp=variant.mrp)


def test_one_lone_five_does_not_win_over_many_good_ratings():
    lone, loved, poor = make_product(), make_product(), make_product()
    set_rating(product_id=lone.pk, average=Decimal(5), count=1)
    set_rating(product_id=loved.pk, average=Decimal("4.7"), count=400)
    set_rating(product_id=poor.pk, average=Decimal("2.5"), count=300)
    make_product()

    assert rails.best_rated_ids() == [loved.pk, lone.pk, poor.pk]


def test_a_price_below_all_of_the_thirty_days_before_is_a_deal(at):
    with at(60):
        product = make_product(price=1000, mrp=2000)
    with at(2):
        change_price(product, 800)

    assert rails.deal_ids() == [product.pk]


def test_the_mrp_alone_makes_no_deal():
    make_product(price=500, mrp=5000)

    assert rails.deal_ids() == []


def test_a_price_raised_first_makes_no_deal(at):
    with at(60):
        product = make_product(price=1000, mrp=2000)
    with at(10):
        change_price(product, 1500)
    with at(1):
        change_price(product, 1000)

    assert rails.deal_ids() == []


def test_a_lower_price_within_thirty_days_before_makes_no_deal(at):
    with at(60):
        product = make_product(price=1000, mrp=2000)
    with at(20):
        change_price(product, 700)
    with at(15):
        change_price(product, 1000)
    with at(1):
        change_price(product, 800)

    assert rails.deal_ids() == []


def test_a_lower_price_long_ago_does_not_count(at):
    with at(90):
        product = make_product(price=700, mrp=2000)
    with at(60):
        change_price(product, 1000)
    with at(1):
        change_price(product, 800)

    assert rails.deal_ids() == [product.pk]


def test_a_deal_is_over_once_the_price_rises_or_after_thirty_days(at):
    with at(90):
        risen, stale = make_product(price=1000, mrp=2000), make_product(price=1000, mrp=2000)
    with at(31):
        change_price(stale, 800)
    with at(5):
        change_price(risen, 800)
    with at(1):
        change_price(risen, 1000)

    assert rails.deal_ids() == []


def test_a_product_that_was_only_just_listed_has_no_price_to_fall_from(at):
    with at(3):
        product = make_product(price=5000, mrp=5000)
    with at(1):
        change_price(product, 500)

    assert rails.deal_ids() == []


def test_the_deepest_cut_comes_first(at):
    with at(40):
        small, deep = make_product(price=1000, mrp=2000), make_product(price=1000, mrp=2000)
    with at(1):
        change_price(small, 900)
        change_price(deep, 500)

    assert rails.deal_ids() == [deep.pk, small.pk]


def test_rails_show_only_what_can_be_bought_even_when_remembered():
    product = make_product(title="Here today")
    make_product(title="Sold out", stock=0)
    make_product(title="Draft", status="draft")
    assert [shown.title for shown in home_rails().newest] == ["Here today"]

    product.status, product.is_listed = "archived", False
    product.save()

    assert home_rails().newest == []


def test_remembered_rails_cost_the_cards_only(django_assert_num_queries):
    for _ in range(3):
        make_product()
    home_rails()

    with django_assert_num_queries(2):
        home_rails()


def test_without_redis_rails_are_found_anew(settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    product = make_product()

    assert home_rails().newest == [product]
