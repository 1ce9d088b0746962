"""
64 buyers, 20 pieces, all at once, on real PostgreSQL.

The same crowd before a naive till oversells: that is the control that shows the harness interleaves.
"""

import threading
import uuid
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from catalog.models import Variant
from catalog.services import OutOfStock
from orders.models import Order
from orders.services import CartChanged, EmptyCart, cancel_order, place_order
from pymart.common.errors import Unavailable
from tests.factories import ADDRESS, make_user
from tests.shop import fill_cart, make_variant, place, stock_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]

BUYERS, PIECES = 64, 20
AT_ONCE = 16


def race(jobs: list[Callable[[], str]]) -> Counter[str]:
    """Run the jobs from threads that start together, each with its own connection; count their answers."""
    answers: list[str] = []
    start = threading.Barrier(AT_ONCE)
    waiting = iter(jobs)
    lock = threading.Lock()

    def work() -> None:
        start.wait()
        try:
            while True:
                with lock:
                    job = next(waiting, None)
                if job is None:
                    return
                answers.append(job())
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return Counter(answers)


def checkout(buyer) -> str:
    try:
        place_order(buyer=buyer, address=ADDRESS)
    except (OutOfStock, CartChanged, EmptyCart) as refusal:
        return refusal.code
    return "sold"


def test_exactly_as_many_are_sold_as_there_are():
    variant = make_variant(stock=PIECES)
    buyers = [make_user() for _ in range(BUYERS)]
    for buyer in buyers:
        fill_cart(buyer, variant)
    answers = race([lambda buyer=buyer: checkout(buyer) for buyer in buyers])
    assert answers["sold"] == PIECES
    assert sum(answers.values()) == BUYERS
    assert Order.objects.count() == PIECES
    assert stock_of(variant) == 0


def test_carts_with_the_same_products_in_any_order_do_not_deadlock():
    variants = [make_variant(stock=BUYERS) for _ in range(5)]
    buyers = [make_user() for _ in range(32)]
    for number, buyer in enumerate(buyers):
        turned = variants[number % 5 :] + variants[: number % 5]
        fill_cart(buyer, *(turned if number % 2 else reversed(turned)))
    assert race([lambda buyer=buyer: checkout(buyer) for buyer in buyers]) == {"sold": 32}
    assert [stock_of(variant) for variant in variants] == [BUYERS - 32] * 5


def test_a_naive_till_oversells_in_the_same_race():
    variant = make_variant(stock=PIECES)
    seen = threading.Barrier(AT_ONCE)

    def naive() -> str:
        with transaction.atomic():
            stock = Variant.objects.get(pk=variant.pk).stock  # read …
            seen.wait(timeout=30)
            if not stock:
                return "out_of_stock"
            Variant.objects.filter(pk=variant.pk).update(stock=stock - 1)  # … then write
        return "sold"

    sold = race([naive] * BUYERS)["sold"]
    assert sold > PIECES - stock_of(variant)


def test_one_cart_placed_from_many_tabs_is_one_order():
    variant, buyer = make_variant(stock=10), make_user()
    fill_cart(buyer, variant)
    answers = race([lambda: checkout(buyer)] * AT_ONCE)
    assert Order.objects.count() == 1
    assert stock_of(variant) == 9
    assert answers["sold"] >= 1
    assert set(answers) <= {"sold", "empty_cart"}


@pytest.fixture
def cart_that_stays_full(monkeypatch):
    """Redis does not answer when a cart is to be emptied; its first order was cancelled."""

    def gone(*args):
        raise Unavailable

    monkeypatch.setattr("orders.services.placing.empty_cart", gone)
    variant, buyer = make_variant(stock=20), make_user()
    cancel_order(order=place(buyer, variant), actor=buyer)
    return buyer, variant


def test_a_cart_ordered_anew_from_many_tabs_is_one_order(cart_that_stays_full):
    buyer, variant = cart_that_stays_full
    assert race([lambda: checkout(buyer)] * AT_ONCE) == {"sold": AT_ONCE}
    assert Order.objects.exclude(status="cancelled").count() == 1
    assert stock_of(variant) == 19


def test_with_an_id_of_its_own_for_each_try_the_same_race_makes_several_orders(cart_that_stays_full, monkeypatch):
    buyer, variant = cart_that_stays_full
    monkeypatch.setattr("orders.services.placing._next_id", lambda cart_id: uuid.uuid4())
    race([lambda: checkout(buyer)] * AT_ONCE)
    assert Order.objects.exclude(status="cancelled").count() > 1
    assert stock_of(variant) < 19
