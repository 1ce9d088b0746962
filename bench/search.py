"""
How long the search takes in the database that DATABASE_URL names.

    python manage.py seed --no-photos --products 1000000
    python bench/search.py [rounds]

Every question is asked once with what is remembered thrown away ("new") and once more at once ("again"). Questions
are made from the shop's own titles and categories, the same ones each time. Next to the time that passes stands the
processor time of PostgreSQL for it, which is steadier on a machine that does other things as well; it is 0 where the
server is not on this machine.
"""

import os
import random
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pymart.settings")
os.environ.setdefault("DEBUG", "1")
django.setup()

from django.core.cache import cache  # noqa: E402
from django.db import connection  # noqa: E402

from catalog.models import Category, Product  # noqa: E402
from catalog.search import SearchRequest, Sort, find, suggest  # noqa: E402
from catalog.search.synonyms import synonyms  # noqa: E402

dice = random.Random(11)


def titles(count: int) -> list[list[str]]:
    """The words of random products' titles."""
    last = Product.objects.order_by("-pk").values_list("pk", flat=True)[0]
    picked = Product.objects.listed().filter(pk__in=dice.sample(range(1, last + 1), min(last, count * 3)))
    return [re.findall(r"[a-z]{3,}", title.lower()) for title in picked.values_list("title", flat=True)[:count]]


def slipped(word: str) -> str:
    at = dice.randrange(1, len(word))
    return word[:at] + word[at + 1 :]


def below(category: Category, children: dict[int | None, list[Category]]) -> Iterator[int]:
    yield category.pk
    for child in children.get(category.pk, ()):
        yield from below(child, children)


def questions(count: int) -> dict[str, list[Callable[[], Any]]]:
    found = [words for words in titles(count * 2) if len(words) > 2]
    said = [dice.sample(words, dice.choice((1, 2, 2, 3))) for words in found][:count]
    hinglish = dice.sample(sorted(word for word in synonyms().words if word.isascii() and len(word) > 3), count)
    children: dict[int | None, list[Category]] = {}
    for each in Category.objects.order_by("pk"):
        children.setdefault(each.parent_id, []).append(each)
    pages = [tuple(below(each, children)) for each in Category.objects.order_by("pk")]
    roots = [tuple(below(each, children)) for each in children[None]]

    def ask(**wishes: Any) -> Callable[[], Any]:
        return lambda: find(SearchRequest(**wishes))

    def type_ahead(words: list[str]) -> Callable[[], Any]:
        return lambda: suggest(" ".join(words))

    def beginning(word: str) -> str:
        return word[: dice.choice((2, 3, 4))]

    def sort() -> str:
        return dice.choice(Sort.values)

    return {
        "text": [ask(text=" ".join(words)) for words in said],
        "text, 1 word": [ask(text=dice.choice(words)) for words in found[:count]],
        "text, by price, rated 4+": [ask(text=" ".join(words), sort="price", min_rating=4) for words in said],
        "text, page 5": [ask(text=" ".join(words), page=5) for words in said],
        "text with a slip": [ask(text=" ".join([*words[1:], slipped(words[0])])) for words in said],
        "shoppers' words": [ask(text=word) for word in hinglish],
        "category page": [ask(category_ids=dice.choice(pages), sort=sort()) for _ in range(count)],
        "department page": [ask(category_ids=dice.choice(roots), sort=sort()) for _ in range(count)],
        "department, price and stock": [
            ask(category_ids=dice.choice(roots), sort=sort(), min_price=dice.choice((0, 500, 1000)), in_stock=True)
            for _ in range(count)
        ],
        "typeahead": [type_ahead([*words[1:], beginning(words[0])]) for words in said],
        "typeahead, 1 word": [type_ahead([beginning(words[0])]) for words in said],
    }


def processor_time() -> Callable[[], float]:
    """Milliseconds that this connection's server process has worked."""
    connection.ensure_connection()
    file = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return (lambda: int(file.read_text().split()[0]) / 1e6) if file.exists() else (lambda: 0.0)


def measured(question: Callable[[], Any], worked: Callable[[], float]) -> tuple[float, float]:
    before, started = worked(), time.perf_counter()
    question()
    return (time.perf_counter() - started) * 1000, worked() - before


def main(rounds: int) -> None:
    worked = processor_time()
    print(f"{Product.objects.listed().count():,} products listed; {rounds} questions of each kind; milliseconds")
    print(f"{'':30}{'new':^29} {'again':^29}")
    print(f"{'':30}" + f"{'p50':>7}{'p95':>8}{'work p50':>10}{'p95':>7}" * 2)
    for kind, asked in questions(rounds).items():
        new, again = [], []
        for question in asked:
            cache.delete_pattern("search:*")
            new.append(measured(question, worked))
            again.append(measured(question, worked))
        line = "".join(
            f"{median(walls):7.1f}{quantiles(walls, n=20)[-1]:8.1f}{median(work):10.1f}{quantiles(work, n=20)[-1]:7.1f}"
            for walls, work in (list(zip(*times, strict=True)) for times in (new, again))
        )
        print(f"{kind:30}{line}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
