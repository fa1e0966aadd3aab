"""Figures for Prometheus. Labels are routes and codes, never names or ids."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest


class Metrics:
    """One registry an application, so that several applications live in one process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
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
