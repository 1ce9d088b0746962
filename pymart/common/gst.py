"""GST as invoices state it: out of prices that include it, in paise, half up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from pymart.common.money import PAISA, ZERO

# In percent, since 22 September 2025: exempt, rough stones, worked ones, gold and silver, and three for all else.
RATES = tuple(map(Decimal, ("0", "0.25", "1.5", "3", "5", "18", "40")))
# Union territories without a legislature: what is the state's half elsewhere is theirs.
UNION_TERRITORIES = frozenset(
    {
        "Andaman and Nicobar Islands",
        "Chandigarh",
        "Dadra and Nagar Haveli and Daman and Diu",
        "Ladakh",
        "Lakshadweep",
    }
)


def rate_text(rate: Decimal) -> str:
    """In percent: 0.25, 5, 18."""
    return f"{rate.normalize():f}"


@dataclass(frozen=True)
class Tax:
    """The parts of an amount that includes tax; they add up to it."""

    taxable: Decimal
    cgst: Decimal = ZERO
    sgst: Decimal = ZERO
    igst: Decimal = ZERO


def tax_within(amount: Decimal, rate: Decimal, *, is_intra: bool) -> Tax:
    """
    What is in an amount (rule 35 of the CGST Rules).

    :param rate: in percent.
    :param is_intra: supplied within one state: half is the centre's, half the state's.
    """
    if is_intra:
        half = _rounded(amount * rate / (2 * (100 + rate)))
        return Tax(amount - 2 * half, cgst=half, sgst=half)
    whole = _rounded(amount * rate / (100 + rate))
    return Tax(amount - whole, igst=whole)


def apportion(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Split an amount by weight; the last share takes what rounding leaves."""
    total = sum(weights, ZERO)
    shares = [_rounded(amount * weight / total) for weight in weights[:-1]]
    return [*shares, amount - sum(shares, ZERO)]


def financial_year(day: date) -> str:
    """From April to March: 2026-27."""
    start = day.year if day.month >= 4 else day.year - 1
    return f"{start}-{(start + 1) % 100:02}"


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(PAISA, rounding=ROUND_HALF_UP)
