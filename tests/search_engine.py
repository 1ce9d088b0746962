"""
The search engine of the tests: the one that `ELASTICSEARCH_URL` names, else OpenSearch, started by the first test
that needs it and shared by all workers. Where there is none they are skipped, or fail with `SEARCH_ENGINE=required`.
"""

import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from pymart import embedded
from tools.search_engine.engine import NODE_CLASS, NoEngine, SearchEngine, fetch


@pytest.fixture(scope="session")
def engine_settings() -> dict[str, str]:
    """What the shop's settings say where there is an engine."""
    if url := os.environ.get("TEST_ELASTICSEARCH_URL"):
        node_class = os.environ.get("TEST_ELASTICSEARCH_NODE_CLASS", "")
        return {"ELASTICSEARCH_URL": url, "ELASTICSEARCH_NODE_CLASS": node_class}
    try:
        fetch()
    except NoEngine as error:
        if os.environ.get("SEARCH_ENGINE") == "required":
            pytest.fail(f"There is no search engine: {error}")
        pytest.skip(f"There is no search engine: {error}")
    folder = Path(os.environ["TEST_FOLDER"]) / "engine"
    embedded.keep(folder, [SearchEngine(folder, durable=False)])
    return {"ELASTICSEARCH_URL": os.environ.pop("ELASTICSEARCH_URL"), "ELASTICSEARCH_NODE_CLASS": NODE_CLASS}


_numbers = count(1)


@pytest.fixture
def engine(engine_settings: dict[str, str], settings: Any) -> Iterator[Callable[[], None]]:
    """The shop has an engine and nothing in it; a call builds the index from what the database has by then."""
    from catalog.search.elastic.client import writer  # models are there only now
    from catalog.search.elastic.rebuild import rebuild

    def build() -> None:
        rebuild(tick=lambda done, total: None)

    for name, value in engine_settings.items():
        setattr(settings, name, value)
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    settings.SEARCH_INDEX = f"test-{worker}-{os.getpid()}-{next(_numbers)}"
    settings.SEARCH_TIMEOUT = 10  # a test's machine may be busy
    client, indexes = writer(), f"{settings.SEARCH_INDEX}-2*"
    yield build
    for index in client.indices.get(index=indexes):
        client.indices.delete(index=index)
