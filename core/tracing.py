"""Optional traces (OpenTelemetry): the request, every job that it led to, and their statements of SQL, in one trace
whose id is the request's.

Nothing is imported and nothing happens unless settings ask for it; the libraries are the extra `otel`.
"""

from __future__ import annotations

import hashlib
import os
import re
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Literal

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
    instrumented: bool = False


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
        from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ParentBased
    except ImportError as error:
        raise Misconfigured(
            "telemetry_not_installed", "TELEMETRY__ENABLED is on, but the extra `otel` is not installed."
        ) from error
    # Every span of ours has a parent that is sampled. What has none is a look of the upkeep at the database.
    sampler = None if "OTEL_TRACES_SAMPLER" in os.environ else ParentBased(ALWAYS_OFF)
    provider = TracerProvider(sampler, Resource.create({"service.name": f"deepwitness-{service}"}))
    provider.add_span_processor(BatchSpanProcessor(exporter or OTLPSpanExporter(endpoint=settings.endpoint)))
    _Tracing.provider, _Tracing.tracer = provider, provider.get_tracer("deepwitness")


def stop_tracing() -> None:
    """Send what is still held back, and no more."""
    if _Tracing.instrumented:
        from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor

        SQLAlchemyInstrumentor().uninstrument()
        _Tracing.instrumented = False
    if _Tracing.provider is not None:
        _Tracing.provider.shutdown()
    _Tracing.provider = _Tracing.tracer = None


def trace_statements(*engines: object) -> None:
    """Make a span of every statement that these SQLAlchemy engines execute; parameters are not in it.

    Limits: once a process, and only for engines that are made after `start_tracing`.
    """
    if _Tracing.provider is None:
        return
    from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor

    # It declares SQLAlchemy below 2.1; a test holds that it works with ours.
    SQLAlchemyInstrumentor().instrument(engines=engines, tracer_provider=_Tracing.provider, skip_dep_check=True)
    _Tracing.instrumented = True


@contextmanager
def span(
    name: str, request_id: str | None, kind: Literal["server", "consumer"], attributes: Mapping[str, str | int | float]
) -> Iterator[Any]:
    """A span in the trace of this request, or of none. Yields it, or None where nothing is traced.

    Args:
        attributes: by their names in OpenTelemetry's conventions, where these name them.
    """
    if _Tracing.tracer is None:
        yield None
        return
    from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, TraceFlags, set_span_in_context

    trace_id = uuid.uuid4().hex if request_id is None else trace_id_of(request_id)
    origin = SpanContext(int(trace_id, 16), int(trace_id[:16], 16) or 1, is_remote=True, trace_flags=TraceFlags(1))
    context = set_span_in_context(NonRecordingSpan(origin))
    told = {**attributes, **({} if request_id is None else {"request_id": request_id})}
    with _Tracing.tracer.start_as_current_span(name, context, SpanKind[kind.upper()], told) as made:
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
