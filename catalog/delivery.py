"""What can honestly be said about delivery before anybody has shipped anything: how far apart the two states are."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from pymart.common.india import Place, lookup_pincode, may_supply

WITHIN_STATE = (2, 4)  # days
BETWEEN_STATES = (3, 7)


@dataclass(frozen=True)
class DeliveryEstimate:
    pincode: str
    place: Place
    days: tuple[int, int]
    is_possible: bool = True  # the seller may deliver there

    @property
    def place_name(self) -> str:
        return ", ".join(dict.fromkeys([self.place.city, *self.place.states[:1]]))

    @property
    def earliest(self) -> date:
        return timezone.localdate() + timedelta(days=self.days[0])

    @property
    def latest(self) -> date:
        return timezone.localdate() + timedelta(days=self.days[1])


def delivery_estimate(seller_state: str, pincode: str, *, is_registered: bool = True) -> DeliveryEstimate | None:
    """
    None for a PIN code nobody knows. One that spans two states gets the wider range, and is possible if one of them is.

    :param is_registered: the seller, for GST.
    """
    place = lookup_pincode(pincode)
    if place is None:
        return None
    ranges = [WITHIN_STATE if state == seller_state else BETWEEN_STATES for state in place.states]
    is_possible = any(
        may_supply(is_registered=is_registered, from_state=seller_state, to_state=state) for state in place.states
    )
    days = (min(low for low, _ in ranges), max(high for _, high in ranges))
    return DeliveryEstimate(pincode, place, days, is_possible)
