from decimal import Decimal

import pytest

from pymart.common.money import inr


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "₹0"),
        (999, "₹999"),
        (1000, "₹1,000"),
        (99999, "₹99,999"),
        (100000, "₹1,00,000"),
        (12345678, "₹1,23,45,678"),
        (Decimal("1299.00"), "₹1,299"),
        (Decimal("149.50"), "₹149.50"),
        (Decimal("12345678.5"), "₹1,23,45,678.50"),
        (Decimal("0.005"), "₹0.01"),
        (Decimal("-1400"), "−₹1,400"),
        ("2597.00", "₹2,597"),
    ],
)
def test_rupees_are_grouped_as_in_india_and_show_paise_only_when_there_are_any(amount, text):
    assert inr(amount) == text
