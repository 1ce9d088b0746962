"""
What `/metrics` says of the shop beyond its requests, counted when it is asked: from rows, for what has rows, and from
Redis. So every process gives the same answer, and none is lost when one of them ends.

What happened is counted from midnight on, which keeps the queries small; Prometheus takes the fall to nothing at
midnight for the restart of a counter, as it should.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from math import inf
from threading import Lock
from time import monotonic, time

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from accounts.selectors import email_backlog
from catalog.selectors import index
from orders.selectors import order_counts, unpaid_counts
from orders.services import REFUSALS
from payments.selectors import open_refunds, waiting_events, webhook_lags
from pymart.common import counters, redis

PATIENCE = 3  # seconds for all of it
KEPT_SECONDS = 5
QUANTILES = (0.5, 0.95, 1.0)
Families = list[Metric]


def orders() -> Families:
    now = timezone.now()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    events = CounterMetricFamily(
        "pymart_orders", "Orders to which this happened today; 'placed' counts them all.", labels=["event"]
    )
    for kind, count in order_counts(midnight).items():
        events.add_metric([kind], count)
    unpaid = unpaid_counts(now)
    return [
        events,
        GaugeMetricFamily("pymart_orders_pending", "Unpaid orders that hold stock.", unpaid["pending"]),
        GaugeMetricFamily("pymart_orders_overdue", "Unpaid orders that should have expired.", unpaid["overdue"]),
    ]


def refunds() -> Families:
    counts = GaugeMetricFamily(
        "pymart_refunds", "Refunds that are not through; failed ones wait for staff.", labels=["state"]
    )
    ages = GaugeMetricFamily("pymart_refunds_age_seconds", "Since when the oldest of them waits.", labels=["state"])
    for state, (count, oldest) in open_refunds().items():
        counts.add_metric([state], count)
        ages.add_metric([state], _age(oldest))
    return [counts, ages]


def webhooks() -> Families:
    found = waiting_events()
    lag = GaugeMetricFamily(
        "pymart_webhook_lag_seconds",
        "From the arrival of a webhook event until it was worked off; the newest 500 of the last 15 minutes.",
        labels=["quantile"],
    )
    lags = webhook_lags(timezone.now())
    for quantile in QUANTILES if lags else ():
        lag.add_metric([str(quantile)], lags[min(int(len(lags) * quantile), len(lags) - 1)])
    return [
        lag,
        GaugeMetricFamily("pymart_webhook_events_waiting", "Webhook events to be worked off.", found["waiting"]),
        GaugeMetricFamily("pymart_webhook_events_age_seconds", "Since when the oldest waits.", _age(found["oldest"])),
        GaugeMetricFamily("pymart_webhook_events_stuck", "Webhook events that failed too often.", found["stuck"]),
    ]


def emails() -> Families:
    found = email_backlog()
    return [
        GaugeMetricFamily("pymart_emails_waiting", "Mails to be sent.", found["waiting"]),
        GaugeMetricFamily("pymart_emails_age_seconds", "Since when the oldest waits.", _age(found["oldest"])),
        GaugeMetricFamily("pymart_emails_given_up", "Mails that only staff send again.", found["given_up"]),
    ]


def search_outbox() -> Families:
    found = index.backlog()
    return [
        GaugeMetricFamily(
            "pymart_search_outbox_rows", "Changes that the search index does not know yet.", found["waiting"]
        ),
        GaugeMetricFamily(
            "pymart_search_outbox_refused_rows", "Changes that the index refused, kept for people.", found["refused"]
        ),
        GaugeMetricFamily("pymart_search_outbox_age_seconds", "Since when the oldest waits.", _age(found["oldest"])),
    ]


def from_database() -> Families:
    """One connection and one read of everything, which is cut off before anybody stops waiting for it."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = %s", [f"{PATIENCE * 1000 // 2}ms"])
        return [family for part in (orders, refunds, webhooks, emails, search_outbox) for family in part()]


def from_redis() -> Families:
    counts = counters.read()
    queue = f"{settings.REDIS_PREFIX}:celery:"
    with redis.connection() as client:
        waiting, taken = client.llen(f"{queue}celery"), client.hlen(f"{queue}unacked")
    beat = counts.get(("heartbeat", ""))
    refusals = CounterMetricFamily(
        "pymart_checkout_refusals", "Checkouts that were refused: something had changed or run out.", labels=["code"]
    )
    for (name, label), count in counts.items():
        if name == REFUSALS:
            refusals.add_metric([label], count)
    return [
        refusals,
        CounterMetricFamily(
            "pymart_webhook_duplicates", "Webhook events that came again.", counts.get(("webhook_duplicates", ""), 0)
        ),
        CounterMetricFamily(
            "pymart_reconciler_finds", "Payments that nobody told of.", counts.get(("reconciler_finds", ""), 0)
        ),
        GaugeMetricFamily("pymart_queue_tasks", "Tasks that no worker has taken.", waiting),
        GaugeMetricFamily("pymart_queue_taken_tasks", "Tasks that a worker has, or had when it died.", taken),
        GaugeMetricFamily(
            "pymart_worker_heartbeat_age_seconds",
            "Since when schedule, broker and workers have done nothing; infinite before the first time.",
            time() - beat if beat else inf,
        ),
    ]


class Shop:
    """
    What these sources say, in time whatever they do: one that hangs is asked again when it is done, one that failed is
    left out and reported. Answers are kept for a few seconds, so that nobody can make work by asking often.
    """

    sources: dict[str, Callable[[], Families]] = {"database": from_database, "redis": from_redis}

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(max_workers=len(self.sources), thread_name_prefix="metrics")
        self._asked: dict[str, tuple[float, Future[Families]]] = {}
        self._lock = Lock()

    def collect(self) -> Iterable[Metric]:
        complete = GaugeMetricFamily("pymart_metrics_complete", "Whether this source answered.", labels=["source"])
        until = monotonic() + PATIENCE
        answers = {name: self._ask(name) for name in self.sources}
        for name, answer in answers.items():
            try:
                yield from answer.result(timeout=max(until - monotonic(), 0))
            except Exception:  # noqa: BLE001 - whatever it is, the rest is told
                complete.add_metric([name], 0)
            else:
                complete.add_metric([name], 1)
        yield complete

    def _ask(self, name: str) -> Future[Families]:
        with self._lock:
            at, answer = self._asked.get(name, (0.0, None))
            if answer is None or (answer.done() and monotonic() > at + KEPT_SECONDS):
                answer = self._threads.submit(_without_connection, self.sources[name])
                self._asked[name] = (monotonic(), answer)
            return answer


def _without_connection(source: Callable[[], Families]) -> Families:
    try:
        return source()
    finally:
        connection.close()  # of this thread


def _age(since: datetime | None) -> float:
    return (timezone.now() - since).total_seconds() if since else 0
