"""What is asked of the list of products, and changed in it."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from catalog.models import ProductStatus
from catalog.seller_forms.fields import PriceField, StockField, category_choices
from catalog.seller_selectors import TABS, Wanted
from pymart.common.db import LARGEST_ID

STATUS_LABELS = [
    (ProductStatus.DRAFT, "Draft"),
    (ProductStatus.ACTIVE, "On sale"),
    (ProductStatus.ARCHIVED, "Archived"),
]


class ListForm(forms.Form):
    """What the address of the list says; what makes no sense counts as not said."""

    tab = forms.ChoiceField(choices=[(tab.status, tab.label) for tab in TABS if tab.status], required=False)
    q = forms.CharField(max_length=80, required=False)
    category = forms.TypedChoiceField(coerce=int, empty_value=None, required=False)
    stock = forms.ChoiceField(
        choices=[("", "Any stock"), ("low", "Low or out of stock"), ("out", "Out of stock")], required=False
    )
    sort = forms.ChoiceField(
        choices=[
            ("newest", "Newest first"),
            ("oldest", "Oldest first"),
            ("changed", "Changed last"),
            ("title", "Title"),
            ("price", "Price: low to high"),
            ("-price", "Price: high to low"),
            ("sold", "Best selling"),
        ],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", "All categories"), *category_choices()]

    @classmethod
    def wanted(cls, query: QueryDict) -> Wanted:
        form = cls(query)
        form.full_clean()
        values = {name: value for name, value in form.cleaned_data.items() if value not in (None, "")}
        return Wanted(**values)


class RowForm(forms.Form):
    """What is changed in the list itself: of the only variant, and of the product. It knows what was there before."""

    price = PriceField(label="Price ₹", show_hidden_initial=True, required=False)
    stock = StockField(show_hidden_initial=True, required=False)
    status = forms.ChoiceField(choices=STATUS_LABELS, show_hidden_initial=True)
    variant = forms.IntegerField(min_value=1, max_value=LARGEST_ID, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name, words in (("price", "Enter a price."), ("stock", "Enter the stock.")):
            if name in self.changed_data and data.get(name) is None and name not in self.errors:
                self.add_error(name, words)
        return data

    @property
    def offered(self) -> dict[str, Decimal | int]:
        """The changed ones of price and stock."""
        return {name: self.cleaned_data[name] for name in ("price", "stock") if name in self.changed_data}

    @property
    def seen(self) -> dict[str, Decimal | int | None]:
        """For what is changed, the values that the row was shown with."""
        return {name: self.was(name) for name in self.offered}

    def was(self, name: str) -> Any:
        try:
            return self.fields[name].to_python(self.data.get(self.add_initial_prefix(name)))
        except ValidationError:
            return None


class TickedForm(forms.Form):
    status = forms.ChoiceField(choices=ProductStatus.choices)
