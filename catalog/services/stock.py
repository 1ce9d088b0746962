"""Stock: one statement moves it and writes the movement, and nothing else ever writes `Variant.stock`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import User
from catalog import freshness
from catalog.models import StockReason, Variant
from catalog.services.listing import refresh_listing
from pymart.common.db import prepared_cursor
from pymart.common.errors import DomainError, Part


@dataclass(frozen=True)
class StockLine:
    """Pieces of a variant. With a `price` they can only be taken while the variant is on sale at that price."""

    variant_id: int
    quantity: int
    price: Decimal | None = None


@dataclass(frozen=True)
class Shortage:
    """A line that asks for more than there is; `available` is 0 also for what is no longer sold."""

    variant_id: int
    title: str
    wanted: int
    available: int


class OutOfStock(DomainError):
    code = "out_of_stock"
    message = "Only 2 of “Brass lamp” left."

    def __init__(self, shortages: Sequence[Shortage]) -> None:
        self.shortages = list(shortages)
        super().__init__(" ".join(_sentence(shortage) for shortage in shortages) or "Some items changed meanwhile.")

    def parts(self) -> list[Part]:
        """Every short line."""
        short = [Part(self.code, _sentence(short), f"items.{short.variant_id}") for short in self.shortages]
        return short or super().parts()


def _sentence(shortage: Shortage) -> str:
    if shortage.available:
        return f"Only {shortage.available} of “{shortage.title}” left."
    return f"“{shortage.title}” just sold out."


# Locks come in primary-key order (the CTE), so two carts with the same products cannot deadlock. The guards are
# evaluated against the row as it is once its lock is held: PostgreSQL re-checks them on the newest version.
_MOVE = """
WITH wanted AS (
    SELECT * FROM unnest(%(ids)s::bigint[], %(quantities)s::int[], %(prices)s::numeric[])
        AS wanted(variant_id, quantity, price)
), locked AS (
    SELECT id FROM catalog_variant WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR NO KEY UPDATE
), moved AS (
    UPDATE catalog_variant AS variant
    SET stock = variant.stock + wanted.quantity
    FROM locked
    JOIN wanted ON wanted.variant_id = locked.id
    JOIN catalog_variant AS offer ON offer.id = locked.id
    JOIN catalog_product AS product ON product.id = offer.product_id
    WHERE variant.id = locked.id
      AND variant.stock + wanted.quantity >= 0
      AND (wanted.price IS NULL OR (variant.price = wanted.price AND variant.is_active AND product.is_listed))
    RETURNING variant.id, variant.product_id, variant.stock, wanted.quantity
), noted AS (
    INSERT INTO catalog_stockmovement (variant_id, quantity, reason, reference, actor_id, created_at)
    SELECT id, quantity, %(reason)s, %(reference)s, %(actor)s::bigint, statement_timestamp() FROM moved
)
SELECT id, product_id, stock, quantity FROM moved ORDER BY id
"""


def take_stock(lines: Sequence[StockLine], *, reference: str, actor: User | None) -> None:
    """
    Take all lines or none.

    :raises OutOfStock: naming every line that could not be had; the caller's transaction must then be rolled back.
    """
    taken = _move(lines, sign=-1, reason=StockReason.ORDER, reference=reference, actor=actor)
    if len(taken) < len(lines):
        raise OutOfStock(_shortages([line for line in lines if line.variant_id not in taken]))


def put_back(lines: Sequence[StockLine], *, reference: str, actor: User | None) -> None:
    """Return the pieces of a cancelled order."""
    _move(lines, sign=1, reason=StockReason.CANCELLATION, reference=reference, actor=actor)


def restock(
    *, variant_id: int, quantity: int, reason: str = StockReason.RESTOCK, reference: str = "", actor: User | None = None
) -> None:
    """
    Add (or, with a negative quantity, remove) pieces.

    :raises OutOfStock: when fewer are left than are to be removed.
    """
    line = StockLine(variant_id, quantity)
    if not _move([line], sign=1, reason=reason, reference=reference, actor=actor):
        raise OutOfStock(_shortages([line]))


@transaction.atomic
def correct_stock(
    counted: Mapping[int, int], *, actor: User | None, reason: str = StockReason.CORRECTION, reference: str = ""
) -> None:
    """Make the stock of these variants what was counted, by a movement for each that differs."""
    variants = Variant.objects.select_for_update(no_key=True).filter(pk__in=counted).order_by("pk")
    lines = [StockLine(each.pk, counted[each.pk] - each.stock) for each in variants if counted[each.pk] != each.stock]
    if lines:
        _move(lines, sign=1, reason=reason, reference=reference, actor=actor)


def _move(lines: Sequence[StockLine], *, sign: int, reason: str, reference: str, actor: User | None) -> dict[int, int]:
    """Move what can be moved; answers the new stock by variant."""
    parameters: dict[str, Any] = {
        "ids": [line.variant_id for line in lines],
        "quantities": [sign * line.quantity for line in lines],
        "prices": [line.price for line in lines],
        "reason": str(reason),
        "reference": reference,
        "actor": actor.pk if actor else None,
    }
    with transaction.atomic(savepoint=False), prepared_cursor() as cursor:
        cursor.execute(_MOVE, parameters)
        rows = cursor.fetchall()
        freshness.products_changed({product_id for _, product_id, _, _ in rows}, in_lists=False)
        emptied_or_filled = [product_id for _, product_id, stock, quantity in rows if stock in (0, quantity)]
        if emptied_or_filled:
            refresh_listing(emptied_or_filled)
    return {variant_id: stock for variant_id, _, stock, _ in rows}


def _shortages(lines: Sequence[StockLine]) -> list[Shortage]:
    variants = Variant.objects.select_related("product").in_bulk([line.variant_id for line in lines])
    shortages = []
    for line in lines:
        variant = variants.get(line.variant_id)
        on_sale = variant is not None and variant.is_active and variant.product.is_listed
        available = variant.stock if variant and on_sale else 0
        if available < abs(line.quantity):
            shortages.append(Shortage(line.variant_id, str(variant or "An item"), abs(line.quantity), available))
    return shortages
