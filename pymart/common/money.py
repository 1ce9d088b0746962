"""Rupees as people in India read them: ₹1,23,456 and never a float."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils import numberformat

PAISA = Decimal("0.01")
ZERO = Decimal("0.00")


def group_indian(value: Decimal | int, *, places: int | None = None) -> str:
    """Digits in groups of three, then two: 12,34,567. Django's own formats for India do not do this."""
    return numberformat.format(
        value, ".", decimal_pos=places, grouping=(3, 2, 0), thousand_sep=",", force_grouping=True, use_l10n=False
    )


def inr(amount: Decimal | int | str) -> str:
    """The amount with its sign of currency; paise only when there are any."""
    rupees = Decimal(amount).quantize(PAISA, rounding=ROUND_HALF_UP)
    whole = rupees == rupees.to_integral_value()
    sign = "\N{MINUS SIGN}" if rupees < 0 else ""
    return f"{sign}₹{group_indian(abs(rupees), places=0 if whole else 2)}"


def rupees(amount: Decimal) -> str:
    """The amount alone, always with its paise: for tables of money."""
    return group_indian(amount, places=2)
