"""The clients: one that answers shoppers or gives up, one that has time."""

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string
from elasticsearch import Elasticsearch

SECONDS_TO_WRITE = 30


def reader() -> Elasticsearch:
    """For requests: what does not come at once is not waited for, nor asked twice."""
    return _client(settings.ELASTICSEARCH_URL, settings.ELASTICSEARCH_NODE_CLASS, settings.SEARCH_TIMEOUT)


def writer() -> Elasticsearch:
    """For workers and commands."""
    return _client(settings.ELASTICSEARCH_URL, settings.ELASTICSEARCH_NODE_CLASS, SECONDS_TO_WRITE)


@cache
def _client(url: str, node_class: str, seconds: float) -> Elasticsearch:
    return Elasticsearch(
        url,
        node_class=import_string(node_class) if node_class else "urllib3",
        request_timeout=seconds,
        max_retries=0,
        retry_on_timeout=False,
    )
