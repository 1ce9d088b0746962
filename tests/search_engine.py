"""
The search engine of the tests: the one that `ELASTICSEARCH_URL` names, else OpenSearch, started by the first test
that needs it and shared by all workers. Where there is none they are skipped, or fail with `SEARCH_ENGINE=required`.
"""

import os
from pathlib import Path

import pytest

from pymart import embedded
from tools.search_engine.engine import NODE_CLASS, NoEngine, SearchEngine, fetch

OWN = "TEST_ELASTICSEARCH_URL"  # the machine's; the other tests are about a shop that has none


@pytest.fixture(scope="session")
def engine_settings() -> dict[str, str]:
    """What the shop's settings say where there is an engine."""
    if url := os.environ.get(OWN):
        return {"ELASTICSEARCH_URL": url, "ELASTICSEARCH_NODE_CLASS": ""}
    try:
        fetch()
    except NoEngine as error:
        if os.environ.get("SEARCH_ENGINE") == "required":
            pytest.fail(f"There is no search engine: {error}")
        pytest.skip(f"There is no search engine: {error}")
    folder = Path(os.environ["TEST_FOLDER"]) / "engine"
    embedded.keep(folder, [SearchEngine(folder, durable=False)])
    return {"ELASTICSEARCH_URL": os.environ.pop("ELASTICSEARCH_URL"), "ELASTICSEARCH_NODE_CLASS": NODE_CLASS}
