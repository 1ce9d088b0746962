"""The price of a gram, litre, metre or piece (Legal Metrology (Packaged Commodities) Rules, rule 6(11))."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

_QUANTITY = re.compile(
    r"(?:(?P<packs>\d{1,4})\s*[x×]\s*)?(?P<number>\d{1,6}(?:\.\d{1,3})?)\s*"
    r"(?P<unit>kg|kilograms?|g|gm|gms|grams?|ml|l|lt|ltrs?|litres?|cm|m|metres?|pcs?|pieces?|units?|n|u|tablets?|bags?|sheets?)",
    re.IGNORECASE,
)
# Which small unit, and how many of them. A rate is per small unit below one large unit, per large unit from there on.
_UNITS = {
    "kg": ("g", 1000), "kilogram": ("g", 1000), "g": ("g", 1), "gm": ("g", 1), "gram": ("g", 1),
    "l": ("ml", 1000), "lt": ("ml", 1000), "ltr": ("ml", 1000), "litre": ("ml", 1000), "ml": ("ml", 1),
    "m": ("cm", 100), "metre": ("cm", 100), "cm": ("cm", 1),
}  # fmt: skip
_LARGE = {"g": ("kg", 1000), "ml": ("litre", 1000), "cm": ("metre", 100)}


class UnitPrice(NamedTuple):
    amount: Decimal
    unit: str


def unit_price(price: Decimal, net_quantity: str) -> UnitPrice | None:
    """`₹249, "500 g"` → ₹0.50 per g; `"2 kg"` → per kg; None where the quantity is not a measure or is one piece."""
    match = _QUANTITY.fullmatch(net_quantity.strip())
    if match is None:
        return None
    name = match["unit"].lower()
    number = Decimal(match["number"]) * int(match["packs"] or 1)
    small, factor = _UNITS.get(name) or _UNITS.get(name.rstrip("s")) or ("piece", 1)
    number *= factor
    if number <= 0 or (small == "piece" and number == 1):
        return None
    large, per_large = _LARGE.get(small, (small, 1))
    if number >= per_large:
        return UnitPrice(_round(price * per_large / number), large)
    return UnitPrice(_round(price / number), small)


def _round(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
