"""Words that mean the same: those of the file and those that staff wrote. Both engines apply them to the query."""

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from catalog.models import SearchSynonym
from catalog.search.colours import synonyms_of_colours
from catalog.search.text import clean_text, words

FILE = Path(__file__).with_name("synonyms.txt")
REMEMBERED = 30  # seconds, in each process
Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    finds: tuple[Phrase, ...]  # what else is looked for
    instead: bool  # of the phrase itself


class Synonyms:
    def __init__(self, lines: Iterator[str]) -> None:
        self._rules: dict[Phrase, list[Rule]] = defaultdict(list)
        known: set[str] = set()
        for line in lines:
            left, arrow, right = line.partition("#")[0].partition("=>")
            asked = _phrases(left)
            finds = _phrases(right) if arrow else asked
            known.update(word for phrase in (*asked, *finds) for word in phrase)
            for phrase in asked:
                self._rules[_key(phrase)].append(Rule(finds, instead=phrase not in finds))
        self._longest = max(map(len, self._rules), default=0)
        self.words = frozenset(known)

    def found(self, query: Sequence[str]) -> Iterator[tuple[int, int, Rule]]:
        """Every rule that applies to the words `query[start:end]`, as (start, end, rule)."""
        for start in range(len(query)):
            for end in range(start + 1, min(start + self._longest, len(query)) + 1):
                for rule in self._rules.get(_key(query[start:end]), ()):
                    yield start, end, rule

    def has(self, phrase: Sequence[str]) -> bool:
        return _key(phrase) in self._rules

    def of_word(self, word: str) -> Iterator[str]:
        """The single words that mean `word`, itself included."""
        yield word
        for rule in self._rules.get(_key((word,)), ()):
            yield from (phrase[0] for phrase in rule.finds if len(phrase) == 1)


class _Remembered(NamedTuple):
    until: float
    rows: tuple[str, ...]
    synonyms: Synonyms


_remembered: _Remembered | None = None


def synonyms() -> Synonyms:
    """Those of the file and those of the staff, who see a new one work within `REMEMBERED` seconds everywhere."""
    global _remembered
    now = time.monotonic()
    if _remembered is None or _remembered.until < now:
        rows = tuple(SearchSynonym.objects.order_by("pk").values_list("line", flat=True))
        unchanged = _remembered is not None and _remembered.rows == rows
        read = _remembered.synonyms if _remembered and unchanged else Synonyms(iter([*_lines_of_file(), *rows]))
        _remembered = _Remembered(now + REMEMBERED, rows, read)
    return _remembered.synonyms


def forget_synonyms() -> None:
    global _remembered
    _remembered = None


@cache
def _lines_of_file() -> tuple[str, ...]:
    return (*FILE.read_text(encoding="utf-8").splitlines(), *synonyms_of_colours())


def _phrases(text: str) -> tuple[Phrase, ...]:
    return tuple(filter(None, (words(clean_text(part)) for part in text.split(","))))


def _key(phrase: Sequence[str]) -> Phrase:
    return tuple(map(_singular, phrase))


def _singular(word: str) -> str:
    """Only good enough that `onions` finds the rule of `onion`: both sides go through it."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
