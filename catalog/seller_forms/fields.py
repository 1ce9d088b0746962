"""Fields that read what sellers type as people write it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms

from catalog.limits import LEAST_PRICE, MOST_PRICE, MOST_STOCK
from catalog.models import ProductImage
from catalog.selectors import get_tree


def category_choices() -> list[tuple[int, str]]:
    """The whole tree, each category below its parent."""
    nodes = [node for root in get_tree().roots for node in root.walk()]
    return [(node.id, "\N{EM SPACE}" * len(node.ancestors) + node.name) for node in nodes]


class PriceField(forms.DecimalField):
    """Below a crore: the dearest order must fit its total. Taken as people write it: ₹1,299."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        limits = {"min_value": LEAST_PRICE, "max_value": MOST_PRICE, "max_digits": 9, "decimal_places": 2}
        messages = {"required": "Enter a price.", "invalid": "Enter an amount such as 1299.50."}
        super().__init__(**{**limits, "error_messages": messages, **kwargs})

    def to_python(self, value: Any) -> Decimal | None:
        if isinstance(value, str):
            value = value.replace("₹", "").replace(",", "").strip()
            if not value.isascii() or "e" in value.lower():
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:f}".removesuffix(".00") if isinstance(value, Decimal) else value


class StockField(forms.IntegerField):
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        messages = {
            "required": "Enter the stock.",
            "invalid": "Enter a number of pieces.",
            "min_value": "Stock cannot be below 0.",
            **kwargs.pop("error_messages", {}),
        }
        super().__init__(**{"min_value": 0, "max_value": MOST_STOCK, "error_messages": messages, **kwargs})


class ItemsField(forms.CharField):
    """Several texts in one field."""

    def __init__(self, *, separator: str, most: int, length: int, **kwargs: Any) -> None:
        self.separator, self.most, self.length = separator, most, length
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        glue = "\n" if self.separator == "\n" else f"{self.separator} "
        return glue.join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:  # type: ignore[override]
        text = super().clean(value).replace("\r\n", "\n")
        items = list(dict.fromkeys(filter(None, (" ".join(item.split()) for item in text.split(self.separator)))))
        if len(items) > self.most:
            raise forms.ValidationError(f"At most {self.most}; these are {len(items)}.")
        if too_long := next((item for item in items if len(item) > self.length), None):
            raise forms.ValidationError(f"“{too_long[:40]}…” is longer than {self.length} characters.")
        return items


PICTURE_TYPES = "image/jpeg,image/png,image/webp"


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Several files. What is in them is looked at when they are stored."""

    widget = ManyFilesInput(attrs={"accept": PICTURE_TYPES})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = [super(PicturesField, self).clean(each, initial) for each in data or []]
        if len(files) > ProductImage.MAX_PER_PRODUCT:
            raise forms.ValidationError(f"A product has at most {ProductImage.MAX_PER_PRODUCT} pictures.")
        return files


def posted_ids(values: Iterable[str], most: int) -> list[int]:
    """The values that can be ids, without repetitions."""
    numbers = [int(value) for value in values if value.isascii() and value.isdecimal() and len(value) < 19]
    return list(dict.fromkeys(numbers))[:most]
