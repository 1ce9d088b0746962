"""The parts of the product form; `editor` puts them together."""

from decimal import Decimal
from typing import Any

from django import forms
from django_countries import countries

from catalog import limits
from catalog.models import ProductImage, ProductStatus
from catalog.seller_forms.fields import (
    PICTURE_TYPES,
    ItemsField,
    ManyFilesInput,
    PicturesField,
    PriceField,
    StockField,
    category_choices,
)
from pymart.common.db import LARGEST_ID
from pymart.common.gst import RATES, rate_text

STATUS_LABELS = [
    (ProductStatus.DRAFT, "Draft: only you see it"),
    (ProductStatus.ACTIVE, "On sale"),
    (ProductStatus.ARCHIVED, "Archived: out of the shop"),
]


class ProductForm(forms.Form):
    """A product's own facts."""

    title = forms.CharField(max_length=200, error_messages={"required": "Enter a title."})
    category = forms.TypedChoiceField(
        coerce=int,
        error_messages={"required": "Choose a category.", "invalid_choice": "This category is gone. Choose another."},
    )
    brand = forms.CharField(max_length=80, required=False)
    description = forms.CharField(
        max_length=limits.DESCRIPTION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Describe the product."},
    )
    highlights = ItemsField(
        separator="\n",
        most=limits.MAX_HIGHLIGHTS,
        length=limits.HIGHLIGHT_LENGTH,
        help_text=f"One on each line, up to {limits.MAX_HIGHLIGHTS}.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    tags = ItemsField(
        separator=",",
        most=limits.MAX_TAGS,
        length=limits.TAG_LENGTH,
        help_text=f"Separated by commas, up to {limits.MAX_TAGS}: shoppers find it by them.",
    )
    hsn = forms.RegexField(
        r"^(0[1-9]|[1-9][0-9])([0-9]{2}){1,3}$",
        label="HSN code",
        required=False,
        help_text="4, 6 or 8 digits, as on your invoices.",
        error_messages={"invalid": "An HSN code has 4, 6 or 8 digits."},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    gst_rate = forms.TypedChoiceField(label="GST", coerce=Decimal, help_text="It is in the price already.")
    country_of_origin = forms.ChoiceField(
        choices=list(countries), initial="IN", help_text="Where it was made: shoppers see it."
    )
    status = forms.ChoiceField(choices=STATUS_LABELS, initial=ProductStatus.DRAFT)
    seen = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    FACTS = (
        "title", "category", "brand", "description", "highlights", "tags", "hsn", "gst_rate", "country_of_origin",
    )  # fmt: skip

    def __init__(self, *args: Any, known_rate: Decimal | None = None, **kwargs: Any) -> None:
        """:param known_rate: what the product has: it may stay, though it may be none of today's."""
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", "Choose a category"), *category_choices()]
        rates = sorted({*RATES, *([] if known_rate is None else [known_rate])})
        self.fields["gst_rate"].choices = [(rate_text(rate), f"{rate_text(rate)} %") for rate in rates]
        self.initial.setdefault("gst_rate", rate_text(known_rate or Decimal(18)))


class AttributeForm(forms.Form):
    name = forms.CharField(max_length=limits.ATTRIBUTE_NAME_LENGTH, required=False)
    value = forms.CharField(max_length=limits.ATTRIBUTE_LENGTH, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("value") and not data.get("name") and "name" not in self.errors:
            self.add_error("name", "Name this detail.")
        if data.get("name") and not data.get("value") and "value" not in self.errors:
            self.add_error("value", "Enter what it is, or empty both.")
        return data


class OptionForm(forms.Form):
    """What variants differ in, and the values to make combinations of."""

    name = forms.CharField(label="Option", max_length=40, required=False)
    values = forms.CharField(max_length=1000, required=False)


class VariantForm(forms.Form):
    id = forms.IntegerField(min_value=1, max_value=LARGEST_ID, required=False, widget=forms.HiddenInput)
    sku = forms.CharField(label="SKU", max_length=64, required=False)
    price = PriceField(label="Price ₹")
    mrp = PriceField(label="MRP ₹", required=False)
    stock = StockField()
    stock_was = forms.IntegerField(required=False, widget=forms.HiddenInput)
    is_active = forms.BooleanField(label="On sale", required=False, initial=True)

    def __init__(self, *args: Any, options: list[str], **kwargs: Any) -> None:
        """:param options: the names; those that have none have no column."""
        super().__init__(*args, **kwargs)
        self.options = {f"value_{number}": name for number, name in enumerate(options) if name}
        for field, name in self.options.items():
            self.fields[field] = forms.CharField(label=name, max_length=80, required=False)
        self.order_fields(self.options)

    def has_changed(self) -> bool:
        """Whether anything was typed: a row that is only ticked counts as empty."""
        return any(name != "is_active" for name in self.changed_data)

    @property
    def cells(self) -> list[forms.BoundField]:
        return [field for field in self if not field.is_hidden and field.name != "is_active"]

    @property
    def is_known(self) -> bool:
        return bool(self["id"].value())

    @property
    def title(self) -> str:
        """What tells it apart."""
        values = [str(self[field].value() or "") for field in self.options]
        number = int(str(self.prefix).rpartition("-")[2]) + 1
        return " / ".join(filter(None, values)) or str(self.initial.get("name") or f"Variant {number}")

    @property
    def attributes(self) -> dict[str, str]:
        return {name: value for field, name in self.options.items() if (value := self.cleaned_data.get(field))}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        price, mrp = data.get("price"), data.get("mrp")
        if price is not None and mrp is not None and mrp < price:
            self.add_error("mrp", "The MRP cannot be below the price.")
        return data


class PicturesForm(forms.Form):
    images = PicturesField(
        label="Pictures",
        required=False,
        # Where the form comes back with mistakes, what was chosen stays.
        widget=ManyFilesInput(attrs={"accept": PICTURE_TYPES, "hx-preserve": "true"}),
        help_text="Up to 5: JPEG, PNG or WebP, 5 MB each. The first is the cover.",
    )


class AltForm(forms.ModelForm):
    class Meta:
        model = ProductImage
        fields = ["alt"]
