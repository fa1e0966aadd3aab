"""Figures for Prometheus. Labels are routes, codes and stages, never names or ids.

Requests are counted by this process. What the workers did is read from the database at every scrape, where it was
counted in the transaction of what it counts: one address tells of the whole deployment, and a restart forgets nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from core.errors import Unavailable
from core.jobs import Queue
from store.database import Database
from store.tallies import JOB_SECONDS_BUCKETS, Depth, Load, read_load, read_tallies

PREFIX: Final = "deepwitness_"
COUNTERS: Final = {
    "jobs": ("Jobs ended, by task and whether done, failed or retried.", ("task", "outcome")),
    "failures": ("Jobs given up, by error code.", ("code",)),
    "analyses": ("Analyses ended, by status.", ("status",)),
    "verdicts": ("Verdicts of finished analyses.", ("outcome",)),
    "abstentions": ("Inconclusive verdicts, by each reason given.", ("reason",)),
    "llm_calls": ("Calls to the language model, by purpose and outcome.", ("purpose", "outcome")),
    "llm_seconds": ("Seconds waited for the language model, by purpose.", ("purpose",)),
    "llm_cost": ("What the language model charged, at LLM__PROMPT_PRICE and LLM__COMPLETION_PRICE.", ("purpose",)),
    "llm_tokens": ("Tokens read and written by the language model.", ("kind",)),
    "webhook_attempts": ("Attempts at telling webhooks, by result.", ("result",)),
}
"""What the tallies are called outside, and their labels."""

_log: Final = structlog.get_logger()


class Metrics:
    """One registry an application, so that several applications live in one process."""

    def __init__(self, database: Database) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(Deployment(database))
        self._requests = Counter(
            "deepwitness_http_requests_total",
            "Requests answered, by route and status.",
            ["method", "route", "status"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "deepwitness_http_request_seconds",
            "Time from the request's head to the answer's last byte.",
            ["method", "route"],
            buckets=(0.005, 0.02, 0.1, 0.5, 2, 10, 60, 300),
            registry=self._registry,
        )
        self._refused = Counter(
            "deepwitness_problems_total", "Requests refused, by problem code.", ["code"], registry=self._registry
        )
        self._uploads = Counter(
            "deepwitness_analyses_accepted_total",
            "Analyses accepted, by whether new.",
            ["new"],
            registry=self._registry,
        )
        self._bytes = Counter("deepwitness_upload_bytes_total", "Bytes received.", registry=self._registry)

    def answered(self, method: str, route: str, status: int, seconds: float, code: str | None) -> None:
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)
        if code is not None:
            self._refused.labels(code).inc()

    def accepted(self, *, new: bool) -> None:
        self._uploads.labels(str(new).lower()).inc()

    def received(self, size_bytes: int) -> None:
        self._bytes.inc(size_bytes)

    def exposition(self) -> bytes:
        return generate_latest(self._registry)


class Deployment(Collector):
    """Counters and depths of the whole deployment, read when they are asked for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def describe(self) -> Iterable[Metric]:
        """Nothing beforehand: registering asks no database."""
        return ()

    def collect(self) -> Iterator[Metric]:
        try:
            with self._database.begin() as session:
                tallies, load = read_tallies(session), read_load(session)
        except Unavailable:
            _log.warning("api.metrics.database_away")
            tallies, load, is_up = {}, Load((), 0, 0), 0.0
        else:
            is_up = 1.0
        yield _gauge("database_up", "Whether the database answered this scrape; without it the rest is empty.", is_up)
        if not is_up:
            return
        for name, (told, labels) in COUNTERS.items():
            family = CounterMetricFamily(f"{PREFIX}{name}", told, labels=labels)
            for values, value in sorted(tallies.get(name, {}).items()):
                family.add_metric(values, value)
            yield family
        yield _job_seconds(tallies)
        yield from _depths(load)


def _job_seconds(tallies: dict[str, dict[tuple[str, ...], float]]) -> HistogramMetricFamily:
    family = HistogramMetricFamily(f"{PREFIX}job_seconds", "Time a job took, by task.", labels=("task",))
    buckets = tallies.get("job_seconds_bucket", {})
    for (task,), number in sorted(tallies.get("job_seconds_count", {}).items()):
        counts = [(str(bound), buckets.get((task, str(bound)), 0.0)) for bound in JOB_SECONDS_BUCKETS]
        total_s = tallies.get("job_seconds_sum", {}).get((task,), 0.0)
        family.add_metric((task,), [*counts, ("+Inf", number)], total_s)
    return family


def _depths(load: Load) -> Iterator[Metric]:
    depth = GaugeMetricFamily(f"{PREFIX}queue_depth", "Jobs that wait for a worker or run.", labels=("queue", "state"))
    oldest = GaugeMetricFamily(f"{PREFIX}queue_oldest_seconds", "How long the first job has waited.", labels=("queue",))
    idle = {queue.value: Depth(queue.value, 0, 0, 0.0) for queue in Queue}
    for each in (idle | {each.queue: each for each in load.queues}).values():
        depth.add_metric((each.queue, "waiting"), each.waiting)
        depth.add_metric((each.queue, "running"), each.running)
        oldest.add_metric((each.queue,), each.oldest_s)
    yield depth
    yield oldest
    yield _gauge("analyses_unfinished", "Analyses queued or running.", load.unfinished)
    yield _gauge("webhook_deliveries_pending", "Notices that wait to be told.", load.deliveries_pending)


def _gauge(name: str, told: str, value: float) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"{PREFIX}{name}", told)
    family.add_metric((), value)
    return family
