"""How a text that finds little is read in a wider way: the same for every engine."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Generic, Protocol, TypeVar

from catalog.search.spelling import corrected
from catalog.search.types import Relaxed, SearchRequest, Sort

ENOUGH = 10  # found products: no need to read the text in another way

M = TypeVar("M")  # what an engine looks for


class Worded(Protocol[M]):
    """A text in parts, each with all ways to say it."""

    @property
    def parts(self) -> tuple[Any, ...]: ...

    @property
    def every(self) -> M: ...

    def looser(self) -> Iterator[M]: ...


W = TypeVar("W", bound=Worded[Any])


@dataclass(frozen=True, slots=True)
class Reading(Generic[W, M]):
    """What is taken for the text: `match` is looked for, and weighed by `wording`."""

    wording: W
    match: M
    relaxed: Relaxed = Relaxed.NOTHING
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Means(Generic[W, M]):
    """What an engine can do for the ladder."""

    wording: Callable[[str], W]
    hits: Callable[[M], int]  # in the whole shop, up to `ENOUGH`
    known: Callable[[W], W]  # the wording with those parts alone that any product has
    either: Callable[..., M]


def read_anew(means: Means[W, M], request: SearchRequest, reading: Reading[W, M], found: int) -> Reading[W, M]:
    """
    A wider reading of a text that finds little; itself if there is none.

    It depends on the text alone: a filter that leaves little is no reason to show something else.

    :param found: by this reading in the whole shop.
    """
    if found >= ENOUGH:
        return reading
    text = corrected(request.text) if "spelling" not in request.as_typed else request.text
    spelled = None
    if text != request.text and (wording := means.wording(text)).parts:
        match = means.either(reading.match, wording.every)  # widened: what the text did find stays
        spelled = Reading(wording, match, Relaxed.SPELLING, text)
        if (more := means.hits(match)) > found:
            reading, found, spelled = spelled, more, None
    # By price or age, what has only some of the words could not come after what has them all.
    if found >= ENOUGH or (found and request.sort != Sort.RELEVANCE):
        return reading
    known = means.known(reading.wording)
    if spelled and len((better := means.known(spelled.wording)).parts) > len(known.parts):
        reading, known = spelled, better
    strict = [reading.match] if reading.relaxed else []  # what it found before it was spelled anew
    for looser in (known.every, *known.looser()) if known.parts else ():
        match = means.either(*strict, looser)
        if (more := means.hits(match)) > found:
            reading, found = replace(reading, match=match, relaxed=Relaxed.ANY_WORD), more
        if found >= ENOUGH:
            break
    return reading
