"""Parcels that leave at the same moment: their invoices have consecutive numbers."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection
from django.db.models import Max

from orders.models import Invoice, SellerOrder
from orders.services import advance_seller_order
from tests.factories import make_seller
from tests.orders.selling import sold_by

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
AT_ONCE = 6


def ship_together(parts: list[SellerOrder]) -> list[BaseException | None]:
    start = threading.Barrier(len(parts))

    def ship(part: SellerOrder) -> None:
        start.wait()
        try:
            advance_seller_order(seller_order=part, to="shipped", actor=part.seller.user)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(parts)) as pool:
        return [job.exception() for job in [pool.submit(ship, part) for part in parts]]


def naive() -> Callable[..., int]:
    """The next number by looking at the last: here all look before anybody writes."""
    looked = threading.Barrier(AT_ONCE)

    def next_serial(seller, year, prefix) -> int:
        last = Invoice.objects.filter(seller=seller).aggregate(last=Max("serial"))["last"] or 0
        looked.wait()
        return last + 1

    return next_serial


def test_parcels_of_one_seller_get_consecutive_numbers():
    seller = make_seller()
    parts = [sold_by(seller, status="processing") for _ in range(AT_ONCE)]
    assert ship_together(parts) == [None] * AT_ONCE
    assert sorted(Invoice.objects.values_list("serial", flat=True)) == list(range(1, AT_ONCE + 1))


def test_looking_for_the_last_number_would_give_one_twice(monkeypatch):
    monkeypatch.setattr("orders.services.invoices._next_serial", naive())
    seller = make_seller()
    parts = [sold_by(seller, status="processing") for _ in range(AT_ONCE)]
    refusals = ship_together(parts)
    assert sum(isinstance(refusal, IntegrityError) for refusal in refusals) == AT_ONCE - 1
    assert Invoice.objects.count() == SellerOrder.objects.filter(status="shipped").count() == 1
