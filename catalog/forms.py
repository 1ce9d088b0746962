from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from catalog.search import Sort
from catalog.search.types import AS_TYPED, MAX_PAGE_SIZE
from catalog.search_log import LARGEST_NUMBER
from pymart.common.forms import PincodeField

SORT_LABELS = {
    Sort.RELEVANCE: "Relevance",
    Sort.POPULAR: "Best selling",
    Sort.NEWEST: "Newest first",
    Sort.PRICE: "Price: low to high",
    Sort.PRICE_DOWN: "Price: high to low",
    Sort.RATING: "Best rated",
}
MAX_TEXT = 120
MAX_CHOICES = 20  # of one facet in one address
MAX_PAGE = 10_000


class _Text(forms.CharField):
    """Cuts what is too long rather than refuse it."""

    def to_python(self, value: str | None) -> str:
        return " ".join(super().to_python(value).replace("\x00", " ").split())[:MAX_TEXT]


class _Words(forms.Field):
    """A parameter that may be given several times."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: list[str] | None) -> tuple[str, ...]:
        words = [word.replace("\x00", "").strip()[:80] for word in value or []]
        return tuple(dict.fromkeys(filter(None, words)))[:MAX_CHOICES]


class ListingForm(forms.Form):
    """What the address of a category or search page may say. A parameter that makes no sense counts as not given."""

    q = _Text(required=False)
    category = forms.SlugField(max_length=90, required=False)
    seller = forms.SlugField(max_length=90, required=False)
    min_price = forms.DecimalField(min_value=0, max_digits=12, decimal_places=2, required=False)
    max_price = forms.DecimalField(min_value=0, max_digits=12, decimal_places=2, required=False)
    rating = forms.IntegerField(min_value=1, max_value=5, required=False)
    in_stock = forms.BooleanField(required=False)
    tag = _Words(required=False)
    brand = _Words(required=False)
    as_typed = _Words(required=False)
    sort = forms.ChoiceField(choices=list(SORT_LABELS.items()), required=False)
    page = forms.IntegerField(min_value=1, max_value=MAX_PAGE, required=False)


def default_sort(text: str) -> str:
    return Sort.RELEVANCE if text else Sort.POPULAR


@dataclass(frozen=True)
class Filters:
    q: str = ""
    category: str = ""
    seller: str = ""
    min_price: Decimal | None = None
    max_price: Decimal | None = None
    rating: int | None = None
    in_stock: bool = False
    tag: tuple[str, ...] = ()
    brand: tuple[str, ...] = ()
    as_typed: tuple[str, ...] = ()
    sort: str = ""
    page: int | None = None

    @classmethod
    def from_query(cls, query: QueryDict) -> "Filters":
        form = ListingForm(query)
        form.full_clean()
        values = {name: value for name, value in form.cleaned_data.items() if value not in (None, "")}
        low, high = values.get("min_price"), values.get("max_price")
        if low is not None and high is not None and low > high:
            low, high = high, low
        values |= {"min_price": low or None, "max_price": high}
        if as_typed := values.get("as_typed"):
            values["as_typed"] = tuple(kind for kind in AS_TYPED if kind in as_typed)
        if values.get("sort") == default_sort(values.get("q", "")):
            del values["sort"]
        return cls(**values)

    def query(self, **changes: object) -> str:
        """
        As the query of an address, `?` included, with some of them changed.

        Whatever changes, the first page is due again.
        """
        values = {**asdict(replace(self, page=None)), **changes}
        chosen = {name: _as_parameter(value) for name, value in values.items() if value}
        return f"?{urlencode(chosen, doseq=True)}" if chosen else ""


def _as_parameter(value: object) -> object:
    match value:
        case True:
            return "1"
        case Decimal():
            return f"{value:f}".removesuffix(".00")
    return value


class PincodeForm(forms.Form):
    pincode = PincodeField()


class OpenedForm(forms.Form):
    """Which result of which search was opened."""

    search = forms.IntegerField(min_value=1, max_value=LARGEST_NUMBER)
    position = forms.IntegerField(min_value=1, max_value=MAX_PAGE_SIZE)


class WishlistForm(forms.Form):
    product = forms.IntegerField(min_value=1, max_value=2**63 - 1)


class ImportForm(forms.Form):
    file = forms.FileField(
        label="CSV file",
        allow_empty_file=True,  # the services say what is wrong with it
        error_messages={"required": "Choose a file."},
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    is_dry_run = forms.BooleanField(
        label="Only check it",
        required=False,
        initial=True,
        help_text="You see what would be added and changed, and what is wrong. Then you import it with one press.",
    )
