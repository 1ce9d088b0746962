from typing import Any

from django import forms
from django.conf import settings

from payments.sandbox import faults
from payments.sandbox.faults import Kind


class KnobForm(forms.Form):
    kind = forms.ChoiceField(choices=Kind.choices)
    times = forms.IntegerField(min_value=1, max_value=1000, required=False)
    seconds = forms.IntegerField(min_value=0, max_value=86400, required=False)
    match = forms.CharField(max_length=100, required=False)
    secret = forms.CharField(max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("kind") == Kind.OLD_WEBHOOK_SECRET:
            data["secret"] = data.get("secret") or settings.RAZORPAY_WEBHOOK_SECRET_PREVIOUS
            if not data["secret"]:
                raise forms.ValidationError("Type the secret from before the rotation.")
        return data

    def arm(self) -> None:
        data = self.cleaned_data
        options = {name: data[name] for name in ("seconds", "match", "secret") if data[name] not in (None, "")}
        faults.arm(data["kind"], times=data["times"], **options)
