"""Real servers that the service goes out to: of webhooks, of traces by OTLP over HTTP, of files behind links."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.fixtures.servers import Quiet, serving


@dataclass
class Receiver:
    """Keeps what it is sent, and answers what it is told to; 204 otherwise."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def take(self, headers: dict[str, str], body: bytes) -> int:
        self.got.append((headers, body))
        return self.answers.pop(0) if self.answers else 204


@dataclass(frozen=True)
class Seen:
    service: str
    name: str
    trace_id: str


@dataclass
class Collector:
    """Keeps every span that it is sent."""

    url: str = ""
    exports: list[bytes] = field(default_factory=list)

    def take(self, _: dict[str, str], body: bytes) -> int:
        self.exports.append(body)
        return 200

    def spans(self) -> list[Seen]:
        found = []
        for raw in list(self.exports):
            for resource in ExportTraceServiceRequest.FromString(raw).resource_spans:
                service = next(e.value.string_value for e in resource.resource.attributes if e.key == "service.name")
                spans = [span for scope in resource.scope_spans for span in scope.spans]
                found += [Seen(service, span.name, span.trace_id.hex()) for span in spans]
        return found

    def services(self) -> dict[str, set[str]]:
        """Of every trace, the processes that took part."""
        found: dict[str, set[str]] = {}
        for span in self.spans():
            found.setdefault(span.trace_id, set()).add(span.service)
        return found


@contextmanager
def receiving(take: Callable[[dict[str, str], bytes], int], path: str) -> Iterator[str]:
    """The address of a server that hands every POST to `take` and answers with the status that it gives."""

    class Handler(Quiet, BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status = take({name.lower(): value for name, value in self.headers.items()}, body)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

    with serving(Handler) as port:
        yield f"http://127.0.0.1:{port}{path}"


@contextmanager
def giving(files: dict[str, bytes]) -> Iterator[str]:
    """The address of a site that holds these files, and a web page at its root."""

    class Handler(Quiet, BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = b"<!doctype html><title>A page with a film on it</title>"
            content = files.get(self.path.lstrip("/"), page)
            self.send_response(200)
            self.send_header("Content-Type", "text/html" if content is page else "application/octet-stream")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    with serving(Handler) as port:
        yield f"http://127.0.0.1:{port}"
