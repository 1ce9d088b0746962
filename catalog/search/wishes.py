"""
What of a text is no word to look for, but a wish: `blue kurti under 500` is `kurti`, in blue, up to ₹500.

Only what can hardly mean anything else is taken for one: `pack under 2 kg`, `iphone 15`, `tv upto 55 inch` are words.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from catalog.search.colours import APART, colours
from catalog.search.synonyms import synonyms
from catalog.search.text import HIGHEST_PRICE, words
from catalog.search.types import SearchRequest, Understood
from catalog.search.wording import FILLERS, units

_WESTERN_DIGITS = {0x0966 + digit: str(digit) for digit in range(10)}
_MANY = {"k": 1_000, "hazar": 1_000, "हज़ार": 1_000, "हजार": 1_000, "lakh": 100_000, "लाख": 100_000}
_AMOUNT = r"""(?:(?P<{0}_before> ₹ | (?<!\w)(?:rs|inr|rupees?|रु)(?!\w)\.? )\s* | (?<![\w.,]))
    (?P<{0}>\d+(?:,\d+)*(?:\.\d+)?) (?:\s?(?P<{0}_many>k|hazar|हज़ार|हजार|lakh|लाख)s?(?!\w))? (?!\w|[.,]\d)
    (?:\s*(?P<{0}_after> /- | ₹ | (?:rs|inr|rupees?|rupa?ya?e|रुपये|रुपए|रु)(?!\w)\.? ))?"""
_ONE, _LOW, _HIGH = map(_AMOUNT.format, ("one", "low", "high"))
_MOST = r"(?: under | below | (?:less|lower|cheaper|not\s+more)\s+than | at\s+most | up\s?-?to | within | <=? )"
_LEAST = r"(?: above | (?:more|greater|higher)\s+than | at\s+least | over | starting\s+(?:from|at) | >=? )"
_LESS = r"(?: (?:se|से)\s+(?:kam|niche|neeche|कम|नीचे) | (?:ke|के)\s+(?:andar|अंदर|भीतर) | tak | तक )(?!\w)"
_MORE = r"(?: (?:se|से)\s+(?:zyada|jyada|zada|jada|upar|uper|ज़्यादा|ज्यादा|ऊपर) )(?!\w)"


def _wish(said: str) -> re.Pattern[str]:
    said = rf"(?<!\w)(?:(?:price|budget)\s+(?:of\s+)?)?{said}(?:\s+(?:only|price|budget)(?!\w))?"
    return re.compile(unicodedata.normalize("NFKC", said), re.IGNORECASE | re.VERBOSE)


_PRICES = (
    _wish(rf"(?P<between>between|from)\s+{_LOW}\s*(?:and|to|-|–)\s*{_HIGH}"),
    _wish(rf"{_LOW}\s*(?P<hyphen>-|–)\s*{_HIGH}"),
    _wish(rf"{_LOW}\s+(?:to|se|से)\s+{_HIGH}(?:\s+{_LESS})?"),
    _wish(rf"(?P<less>){_ONE}\s*{_LESS}"),
    _wish(rf"(?P<more>){_ONE}\s*{_MORE}"),
    _wish(rf"(?P<less>){_MOST}\s*{_ONE}"),
    _wish(rf"(?P<more>){_LEAST}\s*{_ONE}"),
)
# A number without a currency may count something else.
_SURE_FROM, _LOWEST, _LAST_DIGIT = 100, 49, 9  # below a hundred, as shops write prices: 49, 99
_PAISA = Decimal("0.01")
_YEARS = range(1900, 2101)
_COUNTING = re.compile(r"(?<!\w)(?:size|ages?|aged|no|number|model|class|series|set|pack|of|spf|pro|max)\.?$", re.I)
_COUNTED = frozenset(
    word
    for line in (
        "year years yr yrs saal month months day days hour hours hr hrs min minute minutes page pages piece pieces",
        "pc pcs pack packs sheet sheets person persons people seater ton tons star stars hz mp megapixel rpm tc gsm",
        "calorie calories km kms mile miles sq spf lumen lumens lm psi cc bhp game games count ct tablet tablets",
        "capsule capsules stick sticks volt volts va kva amp amps degree degrees percent song songs word words",
    )
    for word in line.split()
)
_PIXELS = {"tv", "television", "monitor", "video", "camera", "projector", "display", "resolution", "screen"}

_SIZE = (
    r"(?: x{0,3}[sl] | [2-6]xl | m | small | medium | large | free | single | double | queen | king "
    r"| (?:uk\s?)?\d{1,3} )"
)
_SIZES = tuple(
    re.compile(rf"(?<!\w) {said} (?![\w.,-])", re.IGNORECASE | re.VERBOSE)
    for said in (
        rf"(?:in\s+)?size\s*[-:]?\s*(?P<size>{_SIZE})",
        rf"(?<![.,])(?P<size>{_SIZE})[\s-]size",
        r"(?P<size> xs | x{1,3}l | [2-6]xl | uk\s?\d{1,2} )",
    )
)
_RANGE = re.compile(r"\s*(?:to|-|–|/|x)\s*\d")
_SAME_SIZE = {"small": "s", "medium": "m", "large": "l", "xxl": "2xl", "xxxl": "3xl"}

_WORD = re.compile(f"[^{APART}]+")
_LONGEST_NAME = 3  # words
_SAYS_COLOUR = frozenset(["colour", "color", "colours", "colors", "coloured", "colored", "rang", "shade", "रंग"])
_OR = (["or"], ["ya"], ["या"])


@dataclass(frozen=True, slots=True)
class Wish:
    request: SearchRequest  # with the filters, and without their words
    understood: tuple[Understood, ...] = ()

    @property
    def kinds(self) -> set[str]:
        return {each.kind for each in self.understood}

    def given_up(self) -> "Wish":
        """The words left out all the same: for when nothing is as it was wished."""
        request = replace(self.request, options=())
        if "price" in self.kinds:
            request = replace(request, min_price=None, max_price=None)
        return Wish(request, tuple(replace(each, is_applied=False) for each in self.understood))


def wish(request: SearchRequest) -> Wish:
    """What a cleaned request asks for; filters that somebody chose say more than words."""
    text = request.text.translate(_WESTERN_DIGITS)
    price, size, colour = None, None, None
    if "price" not in request.as_typed:
        text, price = _priced(text)
    if "size" not in request.as_typed:
        text, size = _sized(text)
    if "colour" not in request.as_typed:
        text, colour = _coloured(text)
    if price and (request.min_price is not None or request.max_price is not None):
        price = None
    elif price:
        request = replace(request, min_price=price.min_price, max_price=price.max_price)
    options = [tuple(f"size:{each}" for each in sizes(size.value))] if size else []
    if colour:
        options.append(tuple(f"colour:{name}" for each in colour.value.split(" or ") for name in colours().finds[each]))
    request = replace(request, text=text, options=tuple(options))
    return Wish(request, tuple(filter(None, (price, size, colour))))


def sizes(named: str) -> tuple[str, ...]:
    """The ways in which variants say a size: `xxl` is `2xl`, `8` is `uk 8`."""
    size = " ".join(named.lower().replace("uk", "uk ").split())
    if size.isdigit():
        return (size, f"uk {size}")
    same = [one for pair in _SAME_SIZE.items() if size in pair for one in pair]
    return tuple(same) or (size,)


def _priced(text: str) -> tuple[str, Understood | None]:
    """One range, or one bound, or one of each."""
    least, most, said = None, None, []
    while found := next(_prices(text, least=least is None, most=most is None), None):
        match, low, high = found
        least, most = (least if low is None else low), (most if high is None else high)
        said.append(match[0].strip())
        text = _cut(text, match)
    if not said:
        return text, None
    if least is not None and most is not None:
        least, most = min(least, most), max(least, most)
    return text, Understood("price", " ".join(said), min_price=least, max_price=most)


def _prices(text: str, *, least: bool, most: bool) -> Iterator[tuple[re.Match[str], Decimal | None, Decimal | None]]:
    """Those that say what is not said yet."""
    for pattern in _PRICES:
        for match in pattern.finditer(text):
            groups = match.groupdict()
            if "low" in groups:
                low, high = _rupees(match, "low"), _rupees(match, "high")
                if least and most and _is_range(match, low, high):
                    yield match, low, high
            elif _is_price(match, "one"):
                if "less" in groups and most:
                    yield match, None, _rupees(match, "one")
                elif "more" in groups and least:
                    yield match, _rupees(match, "one"), None


def _rupees(match: re.Match[str], name: str) -> Decimal:
    many = unicodedata.normalize("NFKC", (match[f"{name}_many"] or "").lower())
    return min(Decimal(match[name].replace(",", "")) * _MANY.get(many, 1), HIGHEST_PRICE).quantize(_PAISA)


def _is_range(match: re.Match[str], low: Decimal, high: Decimal) -> bool:
    if _has_currency(match, "low") or _has_currency(match, "high"):
        return True
    if match.groupdict().get("hyphen") or (low in _YEARS and high in _YEARS):
        return False
    return (
        (low < high or bool(match.groupdict().get("between"))) and _is_price(match, "low") and _is_price(match, "high")
    )


def _is_price(match: re.Match[str], name: str) -> bool:
    if _has_currency(match, name):
        return True
    amount, many = _rupees(match, name), (match[f"{name}_many"] or "").lower()
    if amount < _SURE_FROM and (amount < _LOWEST or amount % 10 != _LAST_DIGIT):
        return False
    if many == "k" and not _PIXELS.isdisjoint(words(match.string)):
        return False
    return not _COUNTING.search(match.string[: match.start()].rstrip()) and not _counts_something(match)


def _has_currency(match: re.Match[str], name: str) -> bool:
    many = match[f"{name}_many"]
    return bool(match[f"{name}_before"] or match[f"{name}_after"] or (many and many.lower() != "k"))


def _counts_something(match: re.Match[str]) -> bool:
    following = match.string[match.end() :].lstrip()
    word = next(iter(words(following)), "")
    return following[:1] in {"%", "°", '"', "”", "″"} or word in _COUNTED or bool(units(word, synonyms()))


def _sized(text: str) -> tuple[str, Understood | None]:
    for pattern in _SIZES:
        for match in pattern.finditer(text):
            rest = _cut(text, match)
            if {*words(rest)} - {"size"} and not _counts_something(match) and not _RANGE.match(text, match.end()):
                return rest, Understood("size", match[0].strip(), value=match["size"].upper())
    return text, None


class _Name(NamedTuple):
    """Of words one after the other: the colour that they name, or none where they name something else."""

    start: int
    end: int
    colour: str = ""


def _coloured(text: str) -> tuple[str, Understood | None]:
    """One colour, or several of which any will do: what is `red and blue` has both, as words find it."""
    places = list(_WORD.finditer(text))
    said = [place[0].lower() for place in places]
    names = _names_in(said)
    found = [name for name in names if name.colour]
    if not found or any(said[one.end : other.start] not in _OR for one, other in pairwise(found)):
        return text, None
    taken = {place for name in names for place in range(name.start, name.end)}
    start, end = found[0].start, found[-1].end
    while start and start - 1 not in taken and said[start - 1] in _SAYS_COLOUR:
        start -= 1
    while end < len(said) and end not in taken and said[end] in _SAYS_COLOUR:
        end += 1
    first, last = places[start].start(), places[end - 1].end()
    rest = " ".join(f"{text[:first]} {text[last:]}".split())
    if not {*words(rest)} - FILLERS - _SAYS_COLOUR:
        return text, None
    value = " or ".join(dict.fromkeys(name.colour for name in found))
    return rest, Understood("colour", text[first:last], value=value)


def _names_in(said: Sequence[str]) -> list[_Name]:
    """The longest names from the left: `green tea` is no green, `navy blue` a navy."""
    names: list[_Name] = []
    for start in range(len(said)):
        before = names[-1] if names else _Name(0, 0)
        for end in range(min(start + _LONGEST_NAME, len(said)), start, -1) if start >= before.end else ():
            phrase = " ".join(said[start:end])
            colour = colours().called.get(phrase, "")
            if colour and before.colour and before.end == start and colours().is_shade(before.colour, of=colour):
                names[-1] = before._replace(end=end)
            elif colour or (end > start + 1 and (colours().is_other_thing(phrase) or synonyms().has(said[start:end]))):
                names.append(_Name(start, end, colour))
            else:
                continue
            break
    return names


def _cut(text: str, match: re.Match[str]) -> str:
    return " ".join(f"{text[: match.start()]} {text[match.end() :]}".split())
