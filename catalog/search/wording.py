"""A text as PostgreSQL looks for it: for each word the ways to say it, put together at query time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import NamedTuple

from django.db import connection

from catalog.search.script import romanised
from catalog.search.synonyms import Phrase, Synonyms, synonyms
from catalog.search.text import is_number, letters_and_number, number_and_letters, words

MAX_WAYS = 24  # to say one word
MAX_LOOSE_PARTS = 8  # of which some may be missing: the number of combinations
MAX_KNOWN_STEMS = 20_000
_UNITS = ("kg", "g", "mg", "l", "ml", "m", "cm", "mm", "inch", "ft", "gb", "tb", "w", "v", "mah")
# Small words of Hindi, which the English dictionary does not know for what they are.
FILLERS = frozenset(words("ka ke ki ko liye wala wale wali का के की को लिए वाला वाले वाली"))
_known_stems: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Wording:
    """
    `parts` are tsqueries as text: one for each word of `text` that means something, with all ways to say it. `ways`
    are those ways as words, for each part, as it was asked for first.
    """

    text: str
    parts: tuple[str, ...]
    ways: tuple[tuple[str, ...], ...] = ()

    @property
    def every(self) -> str:
        return _all_of(self.parts)

    @property
    def any(self) -> str:
        return _any_of(self.parts)

    def looser(self) -> Iterator[str]:
        """Tsqueries that ask for all parts but one, then for half of them, then for any."""
        parts = self.parts[:MAX_LOOSE_PARTS]
        most, half = len(parts) - 1, (len(parts) + 1) // 2
        for wanted in sorted({most, half if len(parts) <= 6 else most, 1} - {0, len(self.parts)}, reverse=True):
            yield _any_of(_all_of(some) for some in combinations(parts, wanted))


def wording(text: str) -> Wording:
    return wordings([text])[0]


def wordings(texts: Sequence[str]) -> list[Wording]:
    parts = [ways_to_say(words(text), synonyms()) for text in texts]
    known = stems(way for each in parts for part in each for way in (*part.ways, *part.joined))
    found = [_tsqueries(each, known) for each in parts]
    return [Wording(text, tuple(each), tuple(each.values())) for text, each in zip(texts, found, strict=True)]


def single_words(ways: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(way for each in ways for way in each if " " not in way))


def either(*tsqueries: str) -> str:
    return _any_of(tsqueries)


class Part(NamedTuple):
    """Each way is a word, or several that must stand side by side."""

    ways: tuple[str, ...]
    joined: tuple[str, ...]  # with a neighbour, in case the shop writes them as one


def ways_to_say(query: Sequence[str], synonyms: Synonyms) -> tuple[Part, ...]:
    """
    For each word what may stand in its place.

    What says several words at once (`okra` for `lady finger`, `tshirt` for `t shirt`) may stand in the place of each
    of them: that asks for all of them or it.
    """
    query = tuple(_with_measures_joined(query, synonyms))
    ways = [dict.fromkeys(_own_ways(word, synonyms)) for word in query]
    for said in dict.fromkeys((query, _in_latin_letters(query))):
        for start, end, rule in synonyms.found(said):
            for place in range(start, end):
                if rule.instead:
                    ways[place].pop(query[place], None)
                ways[place].update((" ".join(phrase), None) for phrase in rule.finds)
    joined: list[list[str]] = [[] for _ in query]
    for place, (first, second) in enumerate(pairwise(query)):
        if (first + second).isalnum() and not first.isdigit():
            joined[place].append(first + second)
            joined[place + 1].append(first + second)
    parts = zip(query, ways, joined, strict=True)
    meant = [Part(tuple(each)[:MAX_WAYS], tuple(j)) for word, each, j in parts if word not in FILLERS]
    return tuple(meant) or tuple(Part((word,), ()) for word in query)


def _in_latin_letters(query: Phrase) -> Phrase:
    return tuple(next(iter(romanised(word)), word) for word in query)


def _with_measures_joined(query: Sequence[str], synonyms: Synonyms) -> Iterator[str]:
    """`5 kg rice` is `5kg rice`."""
    rest = iter(query)
    word = next(rest, None)
    for following in rest:
        if word and is_number(word) and units(following, synonyms):
            yield word + following
            word = None
        else:
            if word:
                yield word
            word = following
    if word:
        yield word


def _own_ways(word: str, synonyms: Synonyms) -> Iterator[str]:
    if measure := number_and_letters(word):
        number, letters = measure
        for unit in units(letters, synonyms) or (letters,):
            yield from (f"{number}{unit}", f"{number} {unit}")
        return
    yield word
    yield from romanised(word)
    pieces = word.split("-")
    if len(pieces) == 1:
        if model := letters_and_number(word):
            yield " ".join(model)
    elif min(map(len, pieces)) > 1 or word.replace("-", "").isdigit():  # `t shirt` would be any shirt
        yield " ".join(pieces)
    if len(pieces) > 1 and not word.replace("-", "").isdigit():
        yield "".join(pieces)


def units(word: str, synonyms: Synonyms) -> tuple[str, ...]:
    """All ways to write the unit; none if the word is not one."""
    found = dict.fromkeys(synonyms.of_word(word))
    return () if found.keys().isdisjoint(_UNITS) else tuple(found)


def _tsqueries(parts: Iterable[Part], stems: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """And what each stands for. A part that says nothing but stop words falls away."""
    found: dict[str, tuple[str, ...]] = {}
    for part in parts:
        if any(map(stems.get, part.ways)):
            ways = tuple(way for way in (*part.ways, *part.joined) if way in stems)
            found.setdefault(_any_of(dict.fromkeys(stems[way] for way in ways)), ways)
    return found


def stems(ways: Iterable[str]) -> dict[str, str]:
    """Each as a tsquery of English stems: PostgreSQL's dictionary never changes, so it is asked once."""
    known = {way: _known_stems.get(way) for way in ways}
    unknown = [way for way, stem in known.items() if stem is None]
    if unknown:
        with connection.cursor() as cursor:
            cursor.execute("SELECT way, phraseto_tsquery('english', way)::text FROM unnest(%s::text[]) way", [unknown])
            asked = dict(cursor.fetchall())
        if len(_known_stems) > MAX_KNOWN_STEMS:
            _known_stems.clear()
        _known_stems.update(asked)
        known |= asked
    return {way: stem for way, stem in known.items() if stem}


def _all_of(tsqueries: Iterable[str]) -> str:
    return " & ".join(f"( {each} )" for each in tsqueries)


def _any_of(tsqueries: Iterable[str]) -> str:
    return " | ".join(f"( {each} )" for each in tsqueries)
