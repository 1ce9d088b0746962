"""Fields and forms that several apps share, and how a form is answered."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict

from pymart.common.errors import DomainError, Throttled
from pymart.common.htmx import page_or_fragment
from pymart.common.india import STATES, Place, clean_phone, clean_pincode, lookup_pincode


class MobileField(forms.CharField):
    """An Indian mobile number: taken in any usual spelling, kept as E.164, shown as `98765 43210`."""

    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel-national", "inputmode": "tel"})

    def __init__(self, **kwargs: Any) -> None:
        required = {"required": "Enter a mobile number."}
        super().__init__(**{"label": "Mobile number", "max_length": 20, "error_messages": required, **kwargs})

    def clean(self, value: Any) -> str:
        value = super().clean(value)
        return clean_phone(value) if value else ""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) and value.startswith("+91") and len(value) == 13:
            return f"{value[3:8]} {value[8:]}"
        return value


class PincodeField(forms.CharField):
    widget = forms.TextInput(attrs={"autocomplete": "postal-code", "inputmode": "numeric"})

    def __init__(self, **kwargs: Any) -> None:
        required = {"required": "Enter the PIN code."}
        super().__init__(**{"label": "PIN code", "max_length": 10, "error_messages": required, **kwargs})

    def clean(self, value: Any) -> str:
        value = super().clean(value)
        return clean_pincode(value) if value else ""


class PostalAddressForm(forms.Form):
    """
    An Indian postal address.

    An empty city or state follows from the PIN code. Where PIN code and state contradict each other the form asks
    once: sent a second time, the person's word counts.
    """

    full_name = forms.CharField(
        max_length=120,
        error_messages={"required": "Enter the name of who receives the parcel."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = MobileField()
    pincode = PincodeField()
    line1 = forms.CharField(
        label="Flat, house no., building",
        max_length=200,
        error_messages={"required": "Enter the flat, house number or building."},
        widget=forms.TextInput(attrs={"autocomplete": "address-line1"}),
    )
    line2 = forms.CharField(
        label="Street, area",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-line2"}),
    )
    landmark = forms.CharField(max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    city = forms.CharField(
        label="City or town",
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    state = forms.ChoiceField(
        choices=[("", "Choose a state"), *STATES],
        required=False,
        widget=forms.Select(attrs={"autocomplete": "address-level1"}),
    )
    asked_about = forms.CharField(required=False, widget=forms.HiddenInput)

    ADDRESS = ("full_name", "phone", "line1", "line2", "landmark", "city", "state", "pincode")

    @property
    def address(self) -> dict[str, str]:
        """The cleaned fields of the address alone."""
        return {name: self.cleaned_data[name] for name in self.ADDRESS}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if pincode := data.get("pincode"):
            place = lookup_pincode(pincode)
            self._fill(place)
            self._ask_once(pincode, place)
        return data

    def _fill(self, place: Place | None) -> None:
        data = self.cleaned_data
        if place and not data.get("city"):
            data["city"] = place.city
        if place and place.states and not data.get("state"):
            data["state"] = place.states[0]
        if not data.get("city") and "city" not in self.errors:
            self.add_error("city", "Enter the city or town.")
        if not data.get("state") and "state" not in self.errors:
            self.add_error("state", "Choose the state.")

    def _ask_once(self, pincode: str, place: Place | None) -> None:
        state = self.cleaned_data.get("state")
        if not state or (place and (not place.states or state in place.states)):
            return
        answer = f"{pincode} {state}"
        if self.cleaned_data.get("asked_about") == answer:
            return
        self.data = self.data.copy()
        self.data[self.add_prefix("asked_about")] = answer
        if place:
            belongs = f"PIN code {pincode} belongs to {' or '.join(place.states)}"
            self.add_error("state", f"{belongs}. Change one of them, or send the form again to keep {state}.")
        else:
            self.add_error("pincode", f"We do not know {pincode}. Check it, or send the form again to keep it.")


def posted(request: HttpRequest) -> QueryDict | None:
    """What binds a form: the body of a POST, be it empty, and nothing else."""
    return request.POST if request.method == "POST" else None


def form_page(
    request: HttpRequest,
    template: str,
    form: forms.BaseForm,
    context: dict[str, Any] | None = None,
    *,
    refusal: DomainError | None = None,
) -> HttpResponse:
    """
    The page of a form: 200 when it is new, 422 when something in it is wrong.

    `refusal` is what the domain had to say against it, shown at the field it names.
    """
    status = 422 if form.is_bound else 200
    if refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        status = refusal.status if refusal.status in (429, 503) else 422
    response = page_or_fragment(request, template, (), {"form": form, **(context or {})}, status=status)
    if isinstance(refusal, Throttled):
        response["Retry-After"] = str(refusal.retry_after)
    return response
