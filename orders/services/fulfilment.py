"""Sellers move their orders on, one or many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from accounts.models import User
from orders.models import SellerOrder
from orders.services.progress import DONE, IllegalTransition, advance_seller_order
from orders.services.tracking import UNTRACKED, Tracking
from orders.states import STEPS, OrderStatus

BEFORE = {
    OrderStatus.SHIPPED: "start packing it first",
    OrderStatus.DELIVERED: "ship it first",
}


@dataclass(frozen=True)
class Outcome:
    """What became of one order. `refusal` says why it was not moved on, and is empty if it was."""

    number: str
    refusal: str = ""


def advance_each(
    *, parts: Sequence[SellerOrder], to: str, actor: User, tracking: Mapping[int, Tracking] | None = None
) -> list[Outcome]:
    """
    One step on for each of them, in a transaction of its own: one that cannot go holds up no other.

    :param tracking: by the part's primary key.
    """
    return [_advance(part, to, actor, (tracking or {}).get(part.pk, UNTRACKED)) for part in parts]


def _advance(part: SellerOrder, to: str, actor: User, tracking: Tracking) -> Outcome:
    number = part.order.number
    try:
        advance_seller_order(seller_order=part, to=to, actor=actor, tracking=tracking)
    except IllegalTransition:
        part.refresh_from_db(fields=["status"])
        return Outcome(number, f"{number} {_why_not(part.status, to)}.")
    return Outcome(number)


def _why_not(status: str, to: str) -> str:
    if status == OrderStatus.CANCELLED:
        return "was cancelled meanwhile: please do not send it"
    if STEPS.index(OrderStatus(status)) >= STEPS.index(OrderStatus(to)):
        return f"{DONE[status]} already"
    return f"was left as it is: {BEFORE[OrderStatus(to)]}"
