from decimal import Decimal

import pytest

from catalog.unit_price import unit_price


@pytest.mark.parametrize(
    ("quantity", "amount", "unit"),
    [
        ("500 g", "0.50", "g"),
        ("999 gm", "0.25", "g"),
        ("1 kg", "249.00", "kg"),
        ("2.5 kg", "99.60", "kg"),
        ("1000 g", "249.00", "kg"),
        ("200 ml", "1.25", "ml"),
        ("1 litre", "249.00", "litre"),
        ("5 L", "49.80", "litre"),
        ("50 cm", "4.98", "cm"),
        ("3 metres", "83.00", "metre"),
        ("4 x 250 g", "249.00", "kg"),
        ("30 tablets", "8.30", "piece"),
        ("2 pcs", "124.50", "piece"),
    ],
)
def test_a_price_is_broken_down_to_the_unit_of_the_law(quantity, amount, unit):
    assert unit_price(Decimal("249"), quantity) == (Decimal(amount), unit)


@pytest.mark.parametrize("quantity", ["", "1 piece", "M", "0 g", "one kilo", "12", "500 g of the best"])
def test_what_is_no_measure_has_no_unit_price(quantity):
    assert unit_price(Decimal("249"), quantity) is None
