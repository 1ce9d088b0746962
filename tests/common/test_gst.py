from datetime import date
from decimal import Decimal

import pytest

from pymart.common.gst import Tax, apportion, financial_year, tax_within


def tax(taxable, cgst="0", sgst="0", igst="0"):
    return Tax(*(Decimal(value).quantize(Decimal("0.01")) for value in (taxable, cgst, sgst, igst)))


# Worked out by hand: amount × rate / (100 + rate), halves for centre and state, half up to the paisa.
@pytest.mark.parametrize(
    ("amount", "rate", "within", "across"),
    [
        ("999.00", 18, tax("846.62", "76.19", "76.19"), tax("846.61", igst="152.39")),
        ("999.00", 5, tax("951.42", "23.79", "23.79"), tax("951.43", igst="47.57")),
        ("2500.00", 5, tax("2380.96", "59.52", "59.52"), tax("2380.95", igst="119.05")),
        ("1.00", 18, tax("0.84", "0.08", "0.08"), tax("0.85", igst="0.15")),
        ("1180.00", 18, tax("1000.00", "90.00", "90.00"), tax("1000.00", igst="180.00")),
        ("103.00", 3, tax("100.00", "1.50", "1.50"), tax("100.00", igst="3.00")),
        ("250.00", 0, tax("250.00"), tax("250.00")),
        ("0.59", 18, tax("0.49", "0.05", "0.05"), tax("0.50", igst="0.09")),  # halves of 4.5 paise
        ("0.01", 40, tax("0.01"), tax("0.01")),
    ],
)
def test_tax_is_taken_out_of_a_price_that_includes_it(amount, rate, within, across):
    assert tax_within(Decimal(amount), Decimal(rate), is_intra=True) == within
    assert tax_within(Decimal(amount), Decimal(rate), is_intra=False) == across


@pytest.mark.parametrize("rate", ["0.25", "1.5", "3", "5", "12", "18", "28", "40"])
def test_the_parts_always_add_up_to_what_was_paid(rate):
    for paise in range(1, 3000, 7):
        amount = Decimal(paise) / 100
        for is_intra in (True, False):
            part = tax_within(amount, Decimal(rate), is_intra=is_intra)
            assert part.taxable + part.cgst + part.sgst + part.igst == amount
            assert part.taxable >= 0


def test_shares_add_up():
    assert apportion(Decimal("49.00"), [Decimal("250.00"), Decimal("100.00")]) == [Decimal("35.00"), Decimal("14.00")]
    shares = apportion(Decimal("49.00"), [Decimal(1), Decimal(1), Decimal(1)])
    assert shares == [Decimal("16.33"), Decimal("16.33"), Decimal("16.34")]


@pytest.mark.parametrize(
    ("day", "year"),
    [((2026, 4, 1), "2026-27"), ((2027, 3, 31), "2026-27"), ((2026, 3, 31), "2025-26"), ((1999, 12, 1), "1999-00")],
)
def test_the_financial_year_begins_in_april(day, year):
    assert financial_year(date(*day)) == year
