from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import RegexValidator

from orders.models import SellerOrder
from orders.services import Tracking
from orders.states import SELLER_STEPS

REASONS = [
    ("Ordered by mistake", "I ordered by mistake"),
    ("Found it cheaper elsewhere", "I found it cheaper elsewhere"),
    ("Takes too long", "It takes too long"),
    ("Wrong address or item", "The address or an item is wrong"),
    ("Other", "Something else"),
]


class CancelForm(forms.Form):
    reason = forms.ChoiceField(choices=[("", "Choose a reason (optional)"), *REASONS], required=False)


OTHER, OWN = "other", "Own delivery"
CARRIERS = [
    "India Post (Speed Post)",
    "Delhivery",
    "Blue Dart",
    "DTDC",
    "Ekart",
    "Xpressbees",
    "Ecom Express",
    "Shadowfax",
    "Shiprocket",
    "Amazon Shipping",
    "Professional Couriers",
    "Trackon",
    "Gati",
    "Safexpress",
]
validate_tracking_number = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9 /-]{3,59}\Z", "A tracking number has letters, digits, spaces, / and -, at least 4 of them."
)


class TickedForm(forms.Form):
    """What to do with the orders that are ticked: a step, or their packing slips."""

    SLIPS = "slips"

    to = forms.ChoiceField(choices=[(action, action) for action in (*sorted(SELLER_STEPS), SLIPS)])


class DispatchForm(forms.Form):
    """One carrier for all these orders; a tracking number, and perhaps an address, for each."""

    carrier = forms.ChoiceField(
        choices=[
            ("", "Choose a carrier"),
            *((name, name) for name in CARRIERS),
            (OWN, "I deliver it myself"),
            (OTHER, "Another carrier"),
        ],
        error_messages={"required": "Choose who carries it."},
    )
    other_carrier = forms.CharField(label="Name of the carrier", max_length=60, required=False)

    def __init__(self, parts: Sequence[SellerOrder], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = parts
        for part in parts:
            number = part.order.number
            self.fields[f"number_{number}"] = forms.CharField(
                label=f"Tracking number of {number}",
                max_length=60,
                required=False,
                validators=[validate_tracking_number],
                widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
            )
            self.fields[f"url_{number}"] = forms.URLField(
                label=f"Tracking page of {number}",
                max_length=200,
                required=False,
                assume_scheme="https",
                error_messages={"invalid": "Enter the address of a page, such as https://example.com/track/123."},
            )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The fields by order."""
        return [
            {"part": part, "number": self[f"number_{part.order.number}"], "url": self[f"url_{part.order.number}"]}
            for part in self.parts
        ]

    def tracking(self, part: SellerOrder) -> Tracking:
        data, number = self.cleaned_data, part.order.number
        carrier = data["other_carrier"] if data["carrier"] == OTHER else data["carrier"]
        return Tracking(carrier, data[f"number_{number}"], data[f"url_{number}"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        carrier = data.get("carrier")
        if carrier == OTHER and not data.get("other_carrier"):
            self.add_error("other_carrier", "Enter the name of the carrier.")
        for part in self.parts:
            name = f"number_{part.order.number}"
            if carrier and carrier != OWN and not data.get(name) and name not in self.errors:
                self.add_error(name, "Enter the tracking number: the buyer follows the parcel with it.")
        return data
