"""What those who watch the shop ask: does it live, and how does it do."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from ipaddress import ip_address, ip_network
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from catalog.selectors import index
from pymart.common import redis

PATIENCE = 1  # second for each probe
# Probes that hang keep their thread; when all are taken the answer is "down", and comes in time all the same.
_probes = ThreadPoolExecutor(max_workers=8, thread_name_prefix="health")


@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """503 without database or Redis; a search engine that is away only makes the shop slower."""
    running = {name: _probes.submit(probe) for name, probe in PROBES.items()}
    parts = {name: "ok" if _is_well(probe) else "down" for name, probe in running.items()}
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
        raise Http404
    if settings.ELASTICSEARCH_URL:
        index.measure()
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


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
