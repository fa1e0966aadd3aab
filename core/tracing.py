"""Optional traces (OpenTelemetry): the request and every job that it led to, in one trace whose id is the request's.

Nothing is imported and nothing happens unless settings ask for it; the libraries are the extra `otel`.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from core.errors import Misconfigured
from core.settings import TelemetrySettings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter

_HEX_ID: Final = re.compile(r"[0-9a-f]{32}")
_PARENT: Final = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")


class _Tracing:
    """This process's tracer, once `start_tracing` made it."""

    tracer: Any = None
    provider: Any = None


def start_tracing(settings: TelemetrySettings, service: str, *, exporter: SpanExporter | None = None) -> None:
    """Send traces from now on, if settings ask for it. Called once a process, by a composition root.

    Args:
        exporter: another way to send than OTLP over HTTP, for tests.

    Raises: Misconfigured: `telemetry_not_installed`, `telemetry_switched_off`.
    """
    if not settings.enabled:
        return
    if os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        raise Misconfigured("telemetry_switched_off", "TELEMETRY__ENABLED is on, but OTEL_SDK_DISABLED is on too.")
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise Misconfigured(
            "telemetry_not_installed", "TELEMETRY__ENABLED is on, but the extra `otel` is not installed."
        ) from error
    provider = TracerProvider(resource=Resource.create({"service.name": f"deepwitness-{service}"}))
    provider.add_span_processor(BatchSpanProcessor(exporter or OTLPSpanExporter(endpoint=settings.endpoint)))
    _Tracing.provider, _Tracing.tracer = provider, provider.get_tracer("deepwitness")


def stop_tracing() -> None:
    """Send what is still held back, and no more."""
    if _Tracing.provider is not None:
        _Tracing.provider.shutdown()
    _Tracing.provider = _Tracing.tracer = None


@contextmanager
def span(name: str, request_id: str | None, **attributes: str | int | float) -> Iterator[Any]:
    """A span in the trace of this request. Yields it, or None where nothing is traced."""
    if _Tracing.tracer is None:
        yield None
        return
    from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, set_span_in_context

    context = None
    if request_id is not None:
        trace_id = trace_id_of(request_id)
        origin = SpanContext(int(trace_id, 16), int(trace_id[:16], 16) or 1, is_remote=True, trace_flags=TraceFlags(1))
        context = set_span_in_context(NonRecordingSpan(origin))
        attributes["request_id"] = request_id
    with _Tracing.tracer.start_as_current_span(name, context=context, attributes=attributes) as made:
        yield made


def trace_id_of(request_id: str) -> str:
    """A request's id as a trace's: itself where it has that form, as ours have; else a digest of it."""
    if _HEX_ID.fullmatch(request_id) and int(request_id, 16):
        return request_id
    return hashlib.sha256(request_id.encode()).hexdigest()[:32]


def request_id_of_parent(traceparent: str) -> str | None:
    """The trace id of a W3C `traceparent`, so that a caller's trace goes on in ours."""
    found = _PARENT.fullmatch(traceparent)
    return found.group(1) if found and int(found.group(1), 16) else None
