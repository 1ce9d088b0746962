"""Whatever somebody typed or put into a URL, made into something an engine can take."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from catalog.search.types import AS_TYPED, MAX_DEPTH, MAX_PAGE_SIZE, SearchRequest, Sort
from pymart.common.db import LARGEST_ID

MAX_TEXT = 200
MAX_WORDS = 12
MAX_CHOICES = 30  # values of one filter
MAX_CATEGORIES = 2_000
HIGHEST_PRICE = Decimal("9999999999.99")
NOTHING = 0  # an id that no row has

_POSSESSIVE = re.compile(r"['’`´]s\b")
_LOOSE = re.compile(r"(?<!\d)\.|\.(?!\d)|(?<!\S)-+|-+(?!\S)|--+")  # what does not join letters or digits
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_NUMBER_AND_LETTERS = re.compile(rf"({_NUMBER.pattern})-?([^\W\d_]+)")
_LETTERS_AND_NUMBER = re.compile(r"([^\W\d_]{2,})(\d+)")


def clean(request: SearchRequest) -> SearchRequest:
    """The same wish within what exists: never an error, whatever the values are."""
    text = clean_text(request.text)
    low, high = _price(request.min_price), _price(request.max_price)
    if low is not None and high is not None and low > high:
        low, high = high, low
    sort = request.sort if request.sort in Sort.values else Sort.RELEVANCE
    if sort == Sort.RELEVANCE and not text:
        sort = Sort.POPULAR
    page_size = min(max(request.page_size, 1), MAX_PAGE_SIZE)
    return replace(
        request,
        text=text,
        category_ids=tuple(sorted({_row_id(value) for value in request.category_ids[:MAX_CATEGORIES]})),
        min_price=low,
        max_price=high,
        min_rating=min(request.min_rating, 5) if request.min_rating and request.min_rating > 0 else None,
        seller_id=None if request.seller_id is None else _row_id(request.seller_id),
        tags=_choices(request.tags),
        brands=_choices(request.brands),
        as_typed=tuple(kind for kind in AS_TYPED if kind in request.as_typed),
        sort=Sort(sort),
        place=None if sort == Sort.RELEVANCE else request.place,
        page=min(max(request.page, 1), max(MAX_DEPTH // page_size, 1)),
        page_size=page_size,
    )


def clean_text(text: str) -> str:
    """One line of visible characters, composed the same way however it was typed, and not too long."""
    text = unicodedata.normalize("NFKC", text[: 4 * MAX_TEXT])  # one character may become many
    # Control, format (zero-width joiners) and unassigned characters; half surrogates, which UTF-8 cannot say.
    visible = (" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    return " ".join("".join(visible).split())[:MAX_TEXT].rstrip()


def words(text: str) -> tuple[str, ...]:
    """The words of a cleaned text, in small letters: `Women's T-Shirt, 1.5kg!` is `women`, `t-shirt`, `1.5kg`."""
    text = _POSSESSIVE.sub(" ", text.lower())
    # Vowel signs (M) are part of a word; a regular expression would split कुर्ती.
    text = "".join(c if c in "-." or unicodedata.category(c)[0] in "LMN" else " " for c in text)
    return tuple(_LOOSE.sub(" ", text).split()[:MAX_WORDS])


def is_number(word: str) -> bool:
    return bool(_NUMBER.fullmatch(word))


def number_and_letters(word: str) -> tuple[str, str] | None:
    """`5kg` is `5` and `kg`."""
    match = _NUMBER_AND_LETTERS.fullmatch(word)
    return (match[1], match[2]) if match else None


def letters_and_number(word: str) -> tuple[str, str] | None:
    """`iphone15` is `iphone` and `15`."""
    match = _LETTERS_AND_NUMBER.fullmatch(word)
    return (match[1], match[2]) if match else None


def _price(value: Decimal | None) -> Decimal | None:
    if value is None or not (value := Decimal(value)).is_finite():
        return None
    return min(max(value, Decimal(0)), HIGHEST_PRICE)


def _row_id(value: int) -> int:
    return value if 0 < value <= LARGEST_ID else NOTHING


def _choices(values: Iterable[str]) -> tuple[str, ...]:
    """NUL and half surrogates cannot be in any column, so a value with them is one that no row has."""
    kept = dict.fromkeys(value.encode("utf-8", "ignore").decode().replace("\0", "")[:100] for value in values)
    return tuple(kept)[:MAX_CHOICES]
