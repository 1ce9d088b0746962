import re
from typing import Any

from django import forms
from django.utils import timezone

from payments.sandbox import instruments
from payments.sandbox.instruments import Instrument

CONTACT = re.compile(r"\+?[0-9]{8,15}")
EXPIRY = re.compile(r"(0[1-9]|1[0-2])/([0-9]{2})")
NEEDED = {"upi": ("vpa",), "card": ("card_number", "card_expiry", "card_cvv"), "netbanking": ("bank",)}
METHODS = [("upi", "UPI"), ("card", "Card"), ("netbanking", "Netbanking")]


class PayForm(forms.Form):
    """All three ways to pay in one form, so that it works without JavaScript; only the chosen one is checked."""

    contact = forms.CharField(label="Mobile number", max_length=20)
    email = forms.EmailField(label="E-mail", required=False)
    method = forms.ChoiceField(choices=METHODS, initial="upi")
    vpa = forms.ChoiceField(choices=list(instruments.VPAS.items()), required=False, initial=instruments.UPI_APPROVES)
    card_number = forms.CharField(label="Card number", max_length=24, required=False)
    card_expiry = forms.CharField(label="Expiry (MM/YY)", max_length=7, required=False)
    card_cvv = forms.CharField(label="CVV", max_length=4, required=False)
    bank = forms.ChoiceField(label="Bank", choices=[("", "Choose a bank"), *instruments.BANKS.items()], required=False)

    def clean_contact(self) -> str:
        contact = re.sub(r"[\s-]", "", self.cleaned_data["contact"])
        if not CONTACT.fullmatch(contact):
            raise forms.ValidationError("Please enter a valid mobile number.")
        return contact

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        for name in NEEDED.get(data.get("method", ""), ()):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, "Please fill in this field.")
        if data.get("method") == "card":
            self._check_card()
        return data

    def instrument(self) -> Instrument:
        data = self.cleaned_data
        if data["method"] == "card":
            return instruments.card(data["card_number"])
        if data["method"] == "netbanking":
            return instruments.netbanking(data["bank"])
        return instruments.upi(data["vpa"])

    def _check_card(self) -> None:
        data = self.cleaned_data
        number = re.sub(r"[\s-]", "", data.get("card_number", ""))
        data["card_number"] = number
        if number and number not in instruments.TEST_CARDS:
            self.add_error("card_number", "This is a test page: use one of the test cards listed below.")
        if expiry := data.get("card_expiry", "").replace(" ", ""):
            match = EXPIRY.fullmatch(expiry)
            today = timezone.localdate()
            if not match or (2000 + int(match[2]), int(match[1])) < (today.year, today.month):
                self.add_error("card_expiry", "Please enter a future date as MM/YY.")
        if (cvv := data.get("card_cvv")) and not (cvv.isdecimal() and len(cvv) >= 3):
            self.add_error("card_cvv", "Please enter 3 or 4 digits.")
