"""The service as the command line sees it: HTTP, and nothing behind it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import httpx

from core.types import AnalysisEvent, ArtefactKind, Report

RECONNECTS: Final = 20
ANSWER_WAIT_S: Final = 60
FINAL_KINDS: Final = frozenset({"finished", "failed", "cancelled"})


class ServiceError(Exception):
    """The service refused or could not be reached; the message is for the user."""

    def __init__(self, message: str, code: str = "service_unreachable") -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Submitted:
    """An accepted upload. `known`: the same file was analysed before and its analysis is returned."""

    id: str
    known: bool


@dataclass(frozen=True, slots=True)
class Product:
    """A file that an analysis produced."""

    id: str
    kind: ArtefactKind
    media_type: str


class Client:
    """A thin client of the API.

    Args:
        token: an API key or a JSON web token, for services that ask for one.
    """

    def __init__(self, base_url: str, token: str | None = None) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.Client(base_url=base_url, headers=headers, timeout=httpx.Timeout(30.0, read=120.0))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def submit(self, path: Path, instruction: str = "") -> Submitted:
        """Upload a file.

        Raises: ServiceError when it is refused; the message is the service's own.
        """
        with path.open("rb") as stream:
            fields = {"instruction": instruction} if instruction else {}
            response = self._call("POST", "/v1/analyses", files={"file": (path.name, stream)}, data=fields)
        return Submitted(str(response.json()["id"]), known="X-Analysis-Reused" in response.headers)

    def events(self, analysis_id: str) -> Iterator[AnalysisEvent]:
        """Every event of an analysis, from its first to its last; lost connections are taken up again."""
        last, failures = 0, 0
        while True:
            try:
                for event in self._stream(analysis_id, last):
                    last, failures = event.id, 0
                    yield event
                    if event.kind in FINAL_KINDS:
                        return
            except httpx.TransportError:
                pass
            # The connection broke, or ended before the final event.
            failures += 1
            if failures > RECONNECTS:
                raise ServiceError("the service went away while the analysis was running")
            time.sleep(min(0.2 * failures, 2.0))

    def _stream(self, analysis_id: str, after: int) -> Iterator[AnalysisEvent]:
        headers = {"Accept": "text/event-stream", "Last-Event-ID": str(after)}
        with self._http.stream("GET", f"/v1/analyses/{analysis_id}/events", headers=headers) as response:
            if response.is_error:
                response.read()
                raise _refusal(response)
            lines: list[str] = []
            for line in response.iter_lines():
                if line.startswith("data:"):
                    lines.append(line.removeprefix("data:").lstrip())
                elif not line and lines:
                    told = json.loads("\n".join(lines))
                    yield AnalysisEvent.model_validate({"analysis_id": analysis_id, **told})
                    lines = []

    def status(self, analysis_id: str) -> dict[str, Any]:
        return dict(self._call("GET", f"/v1/analyses/{analysis_id}").json())

    def recent(self) -> list[dict[str, Any]]:
        return list(self._call("GET", "/v1/analyses").json()["items"])

    def report(self, analysis_id: str) -> Report:
        return Report.model_validate_json(self._call("GET", f"/v1/analyses/{analysis_id}/report.json").content)

    def artefacts(self, analysis_id: str) -> tuple[Product, ...]:
        """Every file the analysis produced, those of the report among them."""
        listed = self._call("GET", f"/v1/analyses/{analysis_id}/artefacts").json()["items"]
        return tuple(Product(each["id"], ArtefactKind(each["kind"]), each["media_type"]) for each in listed)

    def artefact(self, analysis_id: str, artefact_id: str) -> bytes:
        """The bytes of one artefact; the service answers with a link to object storage."""
        response = self._call("GET", f"/v1/analyses/{analysis_id}/artefacts/{artefact_id}")
        if response.has_redirect_location:
            # Without our own headers: the link carries its own signature.
            response = httpx.get(response.headers["Location"], timeout=60.0)
            response.raise_for_status()
        return response.content

    def begin_conversation(self, analysis_ids: Sequence[str]) -> str:
        """Id of a new conversation about these analyses."""
        response = self._call("POST", "/v1/conversations", json={"analysis_ids": list(analysis_ids)})
        return str(response.json()["id"])

    def ask(self, conversation_id: str, question: str) -> dict[str, Any]:
        """The message with its answer; without one if it takes longer than the service lets a request wait."""
        path = f"/v1/conversations/{conversation_id}/messages"
        response = self._call("POST", path, json={"text": question}, headers={"Prefer": f"wait={ANSWER_WAIT_S}"})
        return dict(response.json())

    def is_ready(self) -> bool:
        try:
            return self._http.get("/readyz", timeout=5.0).is_success
        except httpx.TransportError:
            return False

    def _call(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        try:
            response = self._http.request(method, path, **arguments)
        except httpx.TransportError as error:
            raise ServiceError(f"the service at {self._http.base_url} cannot be reached") from error
        if response.is_error:
            raise _refusal(response)
        return response


def _refusal(response: httpx.Response) -> ServiceError:
    try:
        problem = response.json()
        return ServiceError(
            str(problem.get("detail") or problem["title"]), str(problem.get("code", response.status_code))
        )
    except (json.JSONDecodeError, KeyError, AttributeError):
        return ServiceError(f"the service answered {response.status_code}", str(response.status_code))
