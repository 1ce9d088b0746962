"""Colours by all their names: what shoppers ask for, and what products say of themselves."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from catalog.search.text import clean_text

FILE = Path(__file__).with_name("colours.txt")
# What stands between words; spelled out, since what PostgreSQL takes for a letter depends on where it runs.
APART = r"\s!-/:-@\[-`{-~–—"
_APART = re.compile(f"[{APART}]+")
_BETWEEN = " · "  # texts, so that no name begins in one and ends in the next


@dataclass(frozen=True, slots=True)
class Colours:
    called: Mapping[str, str]  # by each of its names what a colour is called first
    finds: Mapping[str, tuple[str, ...]]  # by that all names of it and of its shades, and …
    only_values: frozenset[str]  # … those that mean a colour only where a product names its own
    other_things: frozenset[str]  # that only sound like a colour

    def is_other_thing(self, phrase: str) -> bool:
        return phrase in self.other_things or phrase.removesuffix("s") in self.other_things

    def is_shade(self, name: str, of: str) -> bool:
        return name != of and name in self.finds[of]


@cache
def colours() -> Colours:
    called: dict[str, str] = {}
    finds: dict[str, dict[str, None]] = {}
    only_values: set[str] = set()
    other_things: set[str] = set()
    colour = ""
    for line in filter(None, _lines()):
        names = _names(line.strip().removeprefix("not:").strip("()"))
        if line.startswith("not:"):
            other_things.update(names)
            continue
        if not line.startswith(" "):
            colour = names[0]
        finds.setdefault(colour, {}).update(dict.fromkeys(names))
        if line.strip().startswith("("):
            only_values.update(names)
        else:
            called.update(dict.fromkeys(names, names[0]))
            finds.setdefault(names[0], {}).update(dict.fromkeys(names))
    return Colours(
        called, {name: tuple(all_) for name, all_ in finds.items()}, frozenset(only_values), frozenset(other_things)
    )


def synonyms_of_colours() -> Iterator[str]:
    """The names of each colour, as lines of synonyms."""
    for name in colours().finds:
        names = [other for other, called in colours().called.items() if called == name]
        if len(names) > 1:
            yield ", ".join(names)


@cache
def in_statements() -> Mapping[str, Any]:
    """For SQL that reads colours as `colours_of` does."""
    known = colours()
    names = sorted({name for names in known.finds.values() for name in names})
    return {
        "colours": names,
        "are_clear": [name not in known.only_values for name in names],
        "apart": _APART.pattern,
        "other_things": _other_things().pattern,
    }


def colours_of(texts: Iterable[str], values: Iterable[str]) -> set[str]:
    """
    All names of colours that a product has.

    :param texts: its title and tags.
    :param values: what it names as its colours.
    """
    said, named = (_spaced(_BETWEEN.join(each)) for each in (texts, values))
    said = _other_things().sub("", said)
    clear = zip(in_statements()["colours"], in_statements()["are_clear"], strict=True)
    return {name for name, is_clear in clear if f" {name} " in named or (is_clear and f" {name} " in said)}


def _spaced(text: str) -> str:
    return f" {_APART.sub(' ', text.lower())} "


@cache
def _other_things() -> re.Pattern[str]:
    return re.compile(f" (?:{'|'.join(sorted(colours().other_things))})s?(?= )")


def _lines() -> Iterator[str]:
    for line in FILE.read_text(encoding="utf-8").splitlines():
        yield line.partition("#")[0].rstrip()


def _names(line: str) -> list[str]:
    return [clean_text(name) for name in line.split(",") if name.strip()]
