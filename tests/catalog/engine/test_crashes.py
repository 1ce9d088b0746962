"""Workers that are killed, and an engine that goes and comes back while people search and sellers change things."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as shop_settings
from django.db import connection

from catalog.models import Product, SearchOutbox
from catalog.search import SearchRequest, find
from catalog.search.elastic import engine as elastic
from catalog.search.elastic.client import writer
from catalog.search.elastic.documents import documents
from catalog.search.elastic.rebuild import rebuild
from catalog.search.elastic.sync import live_alias, sync_batch
from catalog.search.outbox import enqueue
from catalog.tasks import sync_search
from pymart.common.redis import connection as redis
from pymart.common.redis import key
from tests.catalog.search.shelf import shelve

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]

WORKER = """
import sys, time
import django
django.setup()
from catalog import tasks
from catalog.search.elastic import sync

sync._TURN_SECONDS = 1

def stop(*args, **kwargs):
    print("there", flush=True)
    time.sleep(60)

setattr(sync, sys.argv[1], stop)
tasks.sync_search()
"""


def is_in_step() -> bool:
    writer().indices.refresh(index=live_alias())
    hits = writer().search(index=live_alias(), size=1000)["hits"]["hits"]
    found = {int(hit["_id"]): hit["_source"] for hit in hits}
    return found == documents(list(Product.objects.listed().values_list("pk", flat=True)))


def drain() -> None:
    deadline = time.monotonic() + 20
    while SearchOutbox.objects.exists():
        assert time.monotonic() < deadline
        sync_search()
        time.sleep(0.05)


@pytest.fixture
def worker() -> Callable[[str], None]:
    """A worker of its own that is killed when it comes to the named step."""
    database = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{connection.settings_dict['NAME']}"
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "ELASTICSEARCH_URL": shop_settings.ELASTICSEARCH_URL,
        "ELASTICSEARCH_NODE_CLASS": shop_settings.ELASTICSEARCH_NODE_CLASS,
        "SEARCH_INDEX": shop_settings.SEARCH_INDEX,
        "DJANGO_SETTINGS_MODULE": "pymart.settings",
        "PYTHONPATH": os.getcwd(),
    }

    def call(step: str) -> None:
        command = [sys.executable, "-c", WORKER, step]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            assert process.stdout.readline() == "there\n"
            process.send_signal(signal.SIGKILL)

    return call


@pytest.mark.parametrize("step", ["next_version", "write", "_settle"])
def test_a_worker_that_is_killed_loses_nothing(engine, request, step):
    changed, gone = shelve("Lamp", "Gone")
    engine()
    worker = request.getfixturevalue("worker")
    changed.title = "Brass lantern"
    changed.save()
    gone.is_listed, gone.status = False, "draft"
    gone.save()
    worker(step)
    assert SearchOutbox.objects.count() == 2, "the rows outlive it"
    drain()
    assert is_in_step()


class Line:
    """The way to the engine, which can be cut and mended."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.target = (parts.hostname, parts.port or 9200)
        self.server = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self.server.getsockname()[1]}"
        self.is_cut = False
        self.open: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        self.is_cut = True
        for each in list(self.open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self.is_cut = False

    def close(self) -> None:
        self.cut()
        self.server.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self.server.accept()
                if self.is_cut:
                    near.close()
                    continue
                far = socket.create_connection(self.target)
                self.open |= {near, far}
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        for each in (source, sink):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def line(engine, settings: Any) -> Iterator[Line]:
    line = Line(settings.ELASTICSEARCH_URL)
    settings.ELASTICSEARCH_URL = line.url
    yield line
    line.close()


def test_an_engine_that_goes_and_comes_back_is_noticed_by_nobody(line, engine, monkeypatch):
    products = shelve(*[f"Lamp {number}" for number in range(30)])
    engine()
    monkeypatch.setattr(elastic._breaker, "seconds", 1)
    is_over = threading.Event()
    engines: list[str] = []

    def search() -> None:
        try:
            while not is_over.is_set():
                answer = find(SearchRequest(text="lamp"))
                assert answer.total == 30
                engines.append(answer.backend)
        finally:
            connection.close()

    def change() -> None:
        try:
            number = 0
            while not is_over.is_set():
                product = products[number % 30]
                product.units_sold = number
                product.save(update_fields=["units_sold"])
                number += 1
                if number % 10 == 0:
                    sync_search()
        finally:
            connection.close()

    with ThreadPoolExecutor() as pool:
        running = [pool.submit(search), pool.submit(search), pool.submit(change)]
        try:
            wait_for(engines, "elasticsearch")
            line.cut()
            wait_for(engines, "database")
            time.sleep(0.5)
            line.mend()
            wait_for(engines, "elasticsearch")
        finally:
            is_over.set()
        for each in running:
            each.result()  # no error to anybody
    drain()
    assert is_in_step()
    with redis() as client:
        assert not client.exists(key("breaker", "search", "failures"))


def wait_for(engines: list[str], name: str) -> None:
    del engines[:]
    deadline = time.monotonic() + 20
    while name not in engines:
        assert time.monotonic() < deadline, engines[-5:]
        time.sleep(0.02)


def test_a_new_index_is_built_while_sellers_and_workers_go_on(engine, monkeypatch):
    products = shelve(*[f"Lamp {number}" for number in range(60)])
    engine()
    monkeypatch.setattr("catalog.search.elastic.rebuild.CHUNK", 5)
    is_over = threading.Event()
    rounds: list[int] = []

    def change() -> None:
        try:
            while not is_over.is_set():
                product = products[len(rounds) * 7 % 60]
                product.is_listed = len(rounds) % 3 > 0
                product.status = "active" if product.is_listed else "draft"
                product.save()
                rounds.append(product.pk)
                time.sleep(0.005)
        finally:
            connection.close()

    def work() -> None:
        try:
            while not is_over.is_set():
                sync_search()
                time.sleep(0.01)
        finally:
            connection.close()

    def search() -> None:
        try:
            while not is_over.is_set():
                answer = find(SearchRequest(sort="newest"))
                assert answer.backend == "elasticsearch"
                assert answer.total > 30
        finally:
            connection.close()

    with ThreadPoolExecutor() as pool:
        running = [pool.submit(each) for each in (change, work, work, search)]
        try:
            for _ in range(3):
                rebuild(tick=lambda done, total: None)
        finally:
            is_over.set()
        for each in running:
            each.result()
    assert len(rounds) > 10
    drain()
    assert is_in_step()


def test_several_workers_at_once_agree(engine, monkeypatch):
    """Without taking turns, they do the same work twice and the outcome is the same."""
    products = shelve(*[f"Lamp {number}" for number in range(40)])
    engine()

    def work(number: int) -> None:
        try:
            for turn in range(4):
                product = products[(number + turn * 5) % 40]
                Product.objects.filter(pk=product.pk).update(units_sold=number * 100 + turn)
                enqueue([product.pk])
                sync_batch()
        finally:
            connection.close()

    with ThreadPoolExecutor() as pool:
        for done in [pool.submit(work, number) for number in range(3)]:
            done.result()
    drain()
    assert is_in_step()
