"""What can honestly be said about delivery before anybody has shipped anything: how far apart the two states are."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from pymart.common.india import Place, lookup_pincode

WITHIN_STATE = (2, 4)  # days
BETWEEN_STATES = (3, 7)


@dataclass(frozen=True)
class DeliveryEstimate:
    pincode: str
    place: Place
    days: tuple[int, int]

    @property
    def place_name(self) -> str:
        return ", ".join(dict.fromkeys([self.place.city, *self.place.states[:1]]))

    @property
    def earliest(self) -> date:
        return timezone.localdate() + timedelta(days=self.days[0])

    @property
    def latest(self) -> date:
        return timezone.localdate() + timedelta(days=self.days[1])


def delivery_estimate(seller_state: str, pincode: str) -> DeliveryEstimate | None:
    """None for a PIN code nobody knows. One that spans two states gets the wider range."""
    place = lookup_pincode(pincode)
    if place is None:
        return None
    ranges = [WITHIN_STATE if state == seller_state else BETWEEN_STATES for state in place.states]
    return DeliveryEstimate(pincode, place, (min(low for low, _ in ranges), max(high for _, high in ranges)))
