from django import forms

REASONS = [
    ("Ordered by mistake", "I ordered by mistake"),
    ("Found it cheaper elsewhere", "I found it cheaper elsewhere"),
    ("Takes too long", "It takes too long"),
    ("Wrong address or item", "The address or an item is wrong"),
    ("Other", "Something else"),
]


class CancelForm(forms.Form):
    reason = forms.ChoiceField(choices=[("", "Choose a reason (optional)"), *REASONS], required=False)
