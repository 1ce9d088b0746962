"""
How long searches take with both engines, how large the index is and how fast it is built, at a size of the catalogue.

    python bench/search.py --products 1000000

One command does all of it: PostgreSQL, Redis and a search engine of its own (in `.local/bench-search`, or those that
DATABASE_URL, REDIS_URL and ELASTICSEARCH_URL name), a catalogue of that size out of the demo's vocabulary, the index,
the measuring. A database that has so many products already is used as it is.

Every question is asked once to warm up, then with what the shop remembers thrown away ("new") and at once again
("again"). Searches are the texts of tests/relevance, each with all facets; what is typed is their beginnings. Next to
the time that passes stands the processor time of PostgreSQL for it, which is steadier on a machine that does other
things as well; it is 0 where the server is not on this machine.
"""

import argparse
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pymart import embedded  # noqa: E402
from tools.search_engine.engine import NODE_CLASS, SearchEngine  # noqa: E402

ENGINES = ("elasticsearch", "database")
dice = random.Random(11)
Question = Callable[[], Any]


class Engine(SearchEngine):
    """As for production: time to warm up, and memory."""

    def __init__(self, folder: Path, heap: str) -> None:
        super().__init__(folder)
        self.java_options = (f"-Xms{heap}", f"-Xmx{heap}", "-XX:+UseG1GC")


def provide(heap: str) -> None:
    folder = ROOT / ".local" / "bench-search"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pymart.settings")
    os.environ |= {"DEBUG": "1", "ENV_FILE": os.devnull, "LOG_LEVEL": "WARNING"}  # seed wants DEBUG
    own = [server for server in embedded._servers(folder) if server.variable not in os.environ]
    if "ELASTICSEARCH_URL" not in os.environ:
        os.environ["ELASTICSEARCH_NODE_CLASS"] = NODE_CLASS
        own.append(Engine(folder, heap))
    embedded.keep(folder, own)


def fill(count: int) -> None:
    """The demo shop and as many products out of its vocabulary; the indexes of products are made after them."""
    from django.core.management import call_command
    from django.db import connection

    from bench.fill import indexes_made_afterwards
    from catalog.models import Product
    from catalog.tasks import rebuild_vocabulary
    from pymart.demo import bulk

    call_command("migrate", verbosity=0)
    if Product.objects.count() >= count:
        return
    started = time.perf_counter()
    call_command("seed", "--no-photos")
    with indexes_made_afterwards(), connection.cursor() as cursor:
        bulk.top_up(count, tick=lambda done: print(f"\r{done:,} products", end="", flush=True))
        # Sold as things are: few of them often, most never; rated by some of their buyers.
        cursor.execute(
            "UPDATE catalog_product SET units_sold = sold, rating_count = sold / 5,"
            " rating_average = CASE WHEN sold < 5 THEN 0 ELSE 2.5 + draw % 26 / 10.0 END"
            " FROM (SELECT id, draw, 20000 / (1 + draw % 20000)::int AS sold FROM"
            " (SELECT id, abs(hashint8(id)) AS draw FROM catalog_product WHERE units_sold = 0) AS drawn) AS told"
            " WHERE told.id = catalog_product.id"
        )
    rebuild_vocabulary()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    print(f"\nFilled in {time.perf_counter() - started:.0f} s")


def reindex() -> None:
    """In a process of its own, whose memory is told."""
    from catalog.models import Product
    from catalog.search.elastic.client import writer
    from catalog.search.elastic.sync import live_alias

    listed, started = Product.objects.listed().count(), time.perf_counter()
    command = [sys.executable, "manage.py", "search_reindex", "--from-scratch"]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"search_reindex: {listed:,} products in {seconds:.0f} s, {listed / seconds:,.0f} a second; {memory:.0f} MB")
    client: Any = writer()
    client.indices.flush(index=live_alias())
    size = client.indices.stats(index=live_alias())["_all"]["primaries"]["store"]["size_in_bytes"]
    print(f"Index: {size / 2**20:,.0f} MB, {size / listed:,.0f} bytes a product")


def sizes() -> None:
    from django.db import connection

    from catalog.search.elastic.client import writer

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(pg_relation_size(indexrelid)) FILTER (WHERE pg_get_indexdef(indexrelid) ~ 'search|gin'),"
            " sum(pg_relation_size(indexrelid)), pg_table_size('catalog_product')"
            " FROM pg_index WHERE indrelid = 'catalog_product'::regclass"
        )
        texts, indexes, table = (int(size) / 2**20 for size in cursor.fetchone())
    print(f"PostgreSQL: products {table:,.0f} MB, their indexes {indexes:,.0f} MB, of those for texts {texts:,.0f} MB")
    nodes: Any = writer().nodes.stats(metric="jvm")
    for node in nodes["nodes"].values():
        heap = node["jvm"]["mem"]
        print(f"Engine: heap {heap['heap_used_in_bytes'] / 2**20:,.0f} of {heap['heap_max_in_bytes'] / 2**20:,.0f} MB")


def questions(count: int) -> dict[str, list[Question]]:
    from catalog.models import Category
    from catalog.search import SearchRequest, Sort, find, suggest
    from tests.relevance.judge import judged

    texts = [query.text for query in judged()]
    texts = dice.sample(texts, min(count, len(texts)))
    children: dict[int | None, list[Category]] = {}
    for each in Category.objects.order_by("pk"):
        children.setdefault(each.parent_id, []).append(each)
    pages = [tuple(below(each, children)) for each in Category.objects.order_by("pk")]
    roots = [tuple(below(each, children)) for each in children[None]]

    def ask(**wishes: Any) -> Question:
        return partial(find, SearchRequest(**wishes))

    def sort() -> str:
        return dice.choice(Sort.values)

    return {
        "search": [ask(text=text) for text in texts],
        "search, rated 4+, by price": [ask(text=text, sort="price", min_rating=4) for text in texts],
        "search, page 5": [ask(text=text, page=5) for text in texts],
        "category page": [ask(category_ids=dice.choice(pages), sort=sort()) for _ in texts],
        "department, price, in stock": [
            ask(category_ids=dice.choice(roots), sort=sort(), min_price=dice.choice((0, 500, 1000)), in_stock=True)
            for _ in texts
        ],
        "typeahead, 2 to 4 letters": [partial(suggest, text[: dice.randint(2, 4)]) for text in texts],
        "typeahead, a word and more": [
            partial(suggest, text[: dice.randint(min(5, len(text)), len(text))]) for text in texts
        ],
    }


def below(category: Any, children: dict[int | None, list[Any]]) -> Iterator[int]:
    yield category.pk
    for child in children.get(category.pk, ()):
        yield from below(child, children)


def processor_time() -> Callable[[], float]:
    """Milliseconds that this connection's server process has worked."""
    from django.db import connection

    connection.ensure_connection()
    file = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return (lambda: int(file.read_text().split()[0]) / 1e6) if file.exists() else (lambda: 0.0)


def measured(question: Question, engine: str, worked: Callable[[], float]) -> tuple[float, float]:
    before, started = worked(), time.perf_counter()
    answer = question()
    took = (time.perf_counter() - started) * 1000
    if getattr(answer, "backend", engine) != engine:
        raise SystemExit(f"{engine} did not answer {question}")
    return took, worked() - before


def measure(count: int) -> None:
    from django.conf import settings
    from django.core.cache import cache

    from catalog.models import Product
    from catalog.search import database
    from catalog.search.elastic.client import writer

    worked, url = processor_time(), settings.ELASTICSEARCH_URL
    writer().cluster.health(wait_for_status="yellow", timeout="25s")  # one that was just started reads its index
    settings.DEBUG = False  # else every statement is kept
    settings.SEARCH_TIMEOUT = database.SECONDS = database.SECONDS_WHILE_TYPING = 30  # nothing is given up
    print(f"{Product.objects.listed().count():,} products; milliseconds")
    print(f"{'':30}{'':15}{'new':^15}{'again':^15}{'PostgreSQL, new':^18}")
    print(f"{'':30}{'':15}" + f"{'p50':>7}{'p95':>8}" * 2 + f"{'p50':>9}{'p95':>9}")
    for kind, asked in questions(count).items():
        for engine in ENGINES:
            settings.ELASTICSEARCH_URL = url if engine == "elasticsearch" else ""
            for question in asked:
                question()
            new, again = [], []
            for question in asked:
                cache.delete_pattern("search:*")
                new.append(measured(question, engine, worked))
                again.append(measured(question, engine, worked))
            columns = [[wall for wall, _ in new], [wall for wall, _ in again], [work for _, work in new]]
            line = "".join(f"{median(each):8.1f}{quantiles(each, n=20)[-1]:8.1f}" for each in columns)
            print(f"{kind:30}{engine:14}{line}", flush=True)
    settings.ELASTICSEARCH_URL = url


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--products", type=int, default=10_000)
    parser.add_argument("--questions", type=int, default=150, help="of each kind, at most")
    parser.add_argument("--heap", default="1g", help="of the engine that is started here")
    parser.add_argument("--keep-index", action="store_true", help="measure only, with the index that there is")
    args = parser.parse_args()
    provide(args.heap)
    import django

    django.setup()
    fill(args.products)
    if not args.keep_index:
        reindex()
    measure(args.questions)
    sizes()
