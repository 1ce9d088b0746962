"""What those who watch the shop ask: does it live, and how does it do."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from ipaddress import ip_address, ip_network
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from catalog.selectors import index
from pymart.common import redis
from pymart.metrics import Shop

PATIENCE = 1  # second for each probe
# Probes that hang keep their thread; when all are taken the answer is "down", and comes in time all the same.
_probes = ThreadPoolExecutor(max_workers=8, thread_name_prefix="health")
_watched = CollectorRegistry()


@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """503 without database or Redis; a search engine that is away only makes the shop slower."""
    parts = {name: "ok" if is_well else "down" for name, is_well in _parts().items()}
    is_up = parts["db"] == parts["redis"] == "ok"
    status = "down" if not is_up else "ok" if parts["search"] == "ok" else "degraded"
    return JsonResponse({"status": status, **parts}, status=200 if is_up else 503)


@require_safe
@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """For the proxy: 503 once this process is about to stop, so that it gets nothing new (`pymart.serve`)."""
    is_leaving = settings.LEAVING_FILE and Path(settings.LEAVING_FILE).exists()
    return HttpResponse("leaving" if is_leaving else "live", status=503 if is_leaving else 200)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """In Prometheus' text format, for the networks in `METRICS_NETWORKS` alone. Proxies are not believed here."""
    peer = ip_address(request.META.get("REMOTE_ADDR") or "127.0.0.1")
    is_forwarded = "HTTP_X_FORWARDED_FOR" in request.META
    if is_forwarded or not any(peer in ip_network(network) for network in settings.METRICS_NETWORKS):
        return HttpResponseNotFound()  # not the shop's page, which asks who is logged in
    requests = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:  # set by pymart.serve: all processes of this server
        requests = CollectorRegistry()
        MultiProcessCollector(requests)
    return HttpResponse(generate_latest(requests) + generate_latest(_watched), content_type=CONTENT_TYPE_LATEST)


class _Parts:
    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("pymart_up", "Whether this part of the shop answers this server.", labels=["part"])
        for name, is_well in _parts().items():
            up.add_metric([name], is_well)
        yield up


def _parts() -> dict[str, bool]:
    running = {name: _probes.submit(probe) for name, probe in PROBES.items()}
    return {name: _is_well(probe) for name, probe in running.items()}


def _is_well(probe: Future[None]) -> bool:
    try:
        probe.result(timeout=PATIENCE)
    except Exception:  # noqa: BLE001 - whatever it is, the part does not answer
        return False
    return True


def _database() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connection.close()  # of this thread


def _redis() -> None:
    with redis.connection() as client:
        client.ping()


def _search() -> None:
    """The database is the search engine as long as there is no other."""
    if settings.ELASTICSEARCH_URL:
        index.require()
    else:
        _database()


PROBES: dict[str, Callable[[], None]] = {"db": _database, "redis": _redis, "search": _search}
_watched.register(_Parts())
_watched.register(Shop())
