from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone

from orders.models import SellerOrder
from orders.periods import DAY, Period, Span, Step, last_days, month_of, usual_step
from orders.services import TRACKING_NUMBER, TRACKING_NUMBER_WANTED, Tracking
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
validate_tracking_number = RegexValidator(rf"^{TRACKING_NUMBER}\Z", TRACKING_NUMBER_WANTED)


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


PRESETS: dict[str, tuple[str, Callable[[date], Span]]] = {
    "today": ("Today", lambda today: last_days(1, today)),
    "7-days": ("7 days", lambda today: last_days(7, today)),
    "30-days": ("30 days", lambda today: last_days(30, today)),
    "90-days": ("90 days", lambda today: last_days(90, today)),
    "month": ("This month", lambda today: Span(today.replace(day=1), today)),
    "last-month": ("Last month", lambda today: month_of(today.replace(day=1) - DAY)),
    "12-months": ("12 months", lambda today: Span(month_of(today.replace(day=1) - 330 * DAY).first, today)),
}
USUAL_PRESET = "30-days"
LONGEST = 5 * 366  # days
EARLIEST = date(2015, 1, 1)
MOST_ROWS = 366


class FiguresForm(forms.Form):
    """Of which days figures are wanted, from the address: a preset, or two days; and in which steps."""

    range = forms.ChoiceField(choices=[(name, label) for name, (label, _) in PRESETS.items()], required=False)
    by = forms.ChoiceField(
        label="Shown by",
        choices=[("", "What fits"), (Step.DAY, "Day"), (Step.WEEK, "Week"), (Step.MONTH, "Month")],
        required=False,
    )

    def __init__(self, data: Mapping[str, Any], today: date | None = None) -> None:
        super().__init__(data)
        self.today = today or timezone.localdate()
        for name, label in (("from", "From"), ("to", "To")):  # the one is no name for an attribute
            widget = forms.DateInput({"type": "date", "max": self.today.isoformat()}, format="%Y-%m-%d")
            self.fields[name] = forms.DateField(
                label=label,
                required=False,
                widget=widget,
                input_formats=["%Y-%m-%d"],
                error_messages={"invalid": "Enter a day as year-month-day, such as 2026-04-01."},
            )

    @classmethod
    def showing(cls, period: Period, today: date) -> "FiguresForm":
        """With these days in its fields, whatever way they were chosen."""
        return cls({"from": period.span.first, "to": period.span.last, "by": period.step}, today)

    @property
    def preset(self) -> str:
        """The one that is chosen, if any."""
        data = self.cleaned_data
        return "" if data.get("from") or data.get("to") else data.get("range") or USUAL_PRESET

    @property
    def period(self) -> Period:
        """Of a valid form."""
        span: Span = self.cleaned_data["span"]
        return Period(span, Step(self.cleaned_data["by"] or usual_step(span)))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return data
        span = self._span(data["from"], data["to"])
        if not self.errors:
            data["span"] = span
            self._check(span, data["by"])
        return data

    def _span(self, first: date | None, last: date | None) -> Span:
        if self.preset:
            return PRESETS[self.preset][1](self.today)
        if first is None or last is None:
            self.add_error("to" if first else "from", "Enter both days, the first and the last.")
            return last_days(1, self.today)
        return Span(first, last)

    def _check(self, span: Span, step: str) -> None:
        if span.last < span.first:
            self.add_error("to", "The last day is before the first one.")
        elif span.first > self.today:
            self.add_error("from", "That day is still to come.")
        elif span.first < EARLIEST:
            self.add_error("from", f"There are no figures from before {EARLIEST.year}.")
        elif span.days > LONGEST:
            self.add_error("to", "Choose five years at most.")
        elif step == Step.DAY and span.days > MOST_ROWS:
            self.add_error("by", "More than a year does not fit day by day: choose weeks or months.")
