"""How good an order of products is, against what people said about them."""

import math
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

FILE = Path(__file__).with_name("judged.toml")
DEPTH = 10
Titles = Mapping[int, str]


@dataclass(frozen=True)
class Judged:
    kind: str
    text: str
    grades: Mapping[str, int]  # by piece of title


def judged() -> Iterator[Judged]:
    for kind, queries in tomllib.loads(FILE.read_text(encoding="utf-8")).items():
        for text, said in queries.items():
            grades = dict.fromkeys(said.get("good", ()), 1) | dict.fromkeys(said["best"], 2)
            yield Judged(kind, text, grades)


def ndcg(titles: Sequence[str], grades: Mapping[str, int]) -> float:
    """Of the first ten: 1 where nothing could be better, 0 where nothing fits."""
    gains = [max((grade for piece, grade in grades.items() if piece in title), default=0) for title in titles[:DEPTH]]
    return _discounted(gains) / _discounted(sorted(grades.values(), reverse=True)[:DEPTH])


def scores(search: Callable[[str], Sequence[str]]) -> dict[str, dict[str, float]]:
    """Kind → text → nDCG@10."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for query in judged():
        found[query.kind][query.text] = ndcg(search(query.text), query.grades)
    return dict(found)


def averages(found: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    every = [score for queries in found.values() for score in queries.values()]
    return {kind: mean(queries.values()) for kind, queries in found.items()} | {"all": mean(every)}


def _discounted(gains: Sequence[int]) -> float:
    return sum((2**gain - 1) / math.log2(place + 2) for place, gain in enumerate(gains))
