"""The engine's process is killed, and started again, while people search and sellers change things."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from prometheus_client import REGISTRY

from catalog.models import SearchOutbox
from catalog.search import SearchRequest, find, suggest
from catalog.search.elastic import engine as elastic
from catalog.search.elastic.client import writer
from catalog.search.elastic.drift import drift
from catalog.search.elastic.rebuild import rebuild
from catalog.tasks import rebuild_vocabulary, sync_search
from pymart.common.redis import connection as redis
from pymart.common.redis import key
from tests.catalog.search.shelf import shelve
from tools.search_engine.engine import NODE_CLASS, SearchEngine

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
LAMPS = 60


@pytest.fixture
def own_engine(engine_settings: dict[str, str], settings: Any) -> Iterator[SearchEngine]:
    """A process of its own, that others do not miss; what it was told outlives it."""
    if engine_settings["ELASTICSEARCH_NODE_CLASS"] != NODE_CLASS:
        pytest.skip("The engine is somebody else's, and not ours to kill.")
    folder = Path(os.environ["TEST_FOLDER"]) / "killed"
    for name in ("run", "log"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    server = SearchEngine(folder)
    with ExitStack() as stack:
        stack.callback(server.stop)
        server.ensure_running()
        settings.ELASTICSEARCH_URL = server.url()
        settings.ELASTICSEARCH_NODE_CLASS = NODE_CLASS
        settings.SEARCH_INDEX, settings.SEARCH_TIMEOUT = f"killed-{time.time_ns()}", 5
        yield server


def kill(server: SearchEngine) -> None:
    os.killpg(int((server.run / f"{server.name}.pid").read_text()), signal.SIGKILL)
    if server.child:
        server.child.wait()


def start(server: SearchEngine, port: int) -> None:
    """Where it was."""
    server.choose_port = lambda: port  # type: ignore[method-assign]
    server.ensure_running()
    writer().cluster.health(wait_for_status="yellow", timeout="60s")  # it has read what it knows


class Load:
    """Shoppers and sellers, until it is over."""

    def __init__(self) -> None:
        self.products = shelve(*[f"Lamp {number}" for number in range(LAMPS)])
        rebuild_vocabulary()
        self.is_over = threading.Event()
        self.answers: list[str] = []
        self.changes = 0

    def shop(self) -> None:
        answer = find(SearchRequest(text="lamp"))
        assert answer.total == LAMPS
        assert suggest("lam")
        self.answers.append(answer.backend)

    def sell(self) -> None:
        product = self.products[self.changes % LAMPS]
        product.units_sold = self.changes
        product.save(update_fields=["units_sold"])
        self.changes += 1
        time.sleep(0.005)

    def work(self) -> None:
        sync_search()
        time.sleep(0.05)

    def until_over(self, function: Callable[[], None]) -> None:
        try:
            while not self.is_over.is_set():
                function()
        finally:
            connection.close()

    def wait_for(self, backend: str) -> None:
        del self.answers[:]
        deadline = time.monotonic() + 60
        while backend not in self.answers:
            assert time.monotonic() < deadline, self.answers[-5:]
            time.sleep(0.02)


def settle() -> None:
    deadline = time.monotonic() + 60
    while SearchOutbox.objects.exists():
        assert time.monotonic() < deadline
        sync_search()
        time.sleep(0.05)


def fallbacks() -> float:
    return REGISTRY.get_sample_value("pymart_search_fallbacks_total") or 0


def test_an_engine_that_is_killed_and_started_again_is_missed_by_nobody(own_engine, monkeypatch):
    monkeypatch.setattr(elastic._breaker, "seconds", 1)
    load = Load()
    rebuild(tick=lambda done, total: None)
    port = own_engine.port
    with ThreadPoolExecutor() as pool:
        running = [pool.submit(load.until_over, each) for each in (load.shop, load.shop, load.sell, load.work)]
        try:
            for _ in range(2):
                load.wait_for("elasticsearch")
                kill(own_engine)
                load.wait_for("database")
                before, changes = fallbacks(), load.changes
                while load.changes < changes + LAMPS:  # every lamp is sold while it is away
                    time.sleep(0.02)
                assert fallbacks() > before
                start(own_engine, port)
            load.wait_for("elasticsearch")
        finally:
            load.is_over.set()
        for each in running:
            each.result()  # no error to anybody
    settle()
    assert [wrong for _, found in drift() for wrong in found.ids] == []
    call_command("search_check")
    assert writer().count(index="*", query={"term": {"units_sold": load.changes - 1}})["count"] == 1
    with redis() as client:
        assert not client.exists(key("breaker", "search", "failures"))


def test_it_comes_back_by_one_probe(own_engine, monkeypatch):
    load = Load()
    rebuild(tick=lambda done, total: None)
    port = own_engine.port
    kill(own_engine)
    asked: list[float] = []
    ask = elastic._ask
    monkeypatch.setattr(elastic, "_ask", lambda **body: asked.append(time.monotonic()) or ask(**body))
    for _ in range(10):
        load.shop()
    assert set(load.answers) == {"database"}
    assert len(asked) == 3, "then nobody asks it any more"
    start(own_engine, port)
    load.shop()
    assert len(asked) == 3, "not before the wait is over"
    with redis() as client:
        client.delete(key("breaker", "search", "wait"))  # 30 seconds pass
    del load.answers[:]
    load.shop()
    load.shop()
    assert load.answers == ["elasticsearch"] * 2, "the first one was the probe"
