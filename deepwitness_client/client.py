"""The client. `AsyncClient` in `deepwitness_client.aio` is the same with `await`."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self, TypeVar

import httpx

from deepwitness_client import _operations as op
from deepwitness_client import models as m
from deepwitness_client._transfer import (
    RECONNECTS,
    EventReader,
    Progress,
    may_repeat,
    opened,
    pause_before_retry,
)
from deepwitness_client.errors import AnalysisFailed, Problem, ServiceUnreachable, problem_of

T = TypeVar("T")
E = TypeVar("E", m.Event, m.AnswerEvent)


class Client:
    """A Deepwitness service.

    Args:
        base_url: such as `https://deepwitness.example.org`.
        token: an API key (`dw_…`) or an access token, where the service asks for one.
        timeout_s: for each answer to begin and each piece of it.
        retries: times that what cannot do anything twice is sent again after a broken connection or a "later".
        transport: another way to send, for tests.

    Raises, from every method: `Problem` when the service refuses, `ServiceUnreachable` when it does not answer.
    """

    def __init__(
        self,
        base_url: str,
        token: str | None = None,
        *,
        timeout_s: float = 30.0,
        retries: int = 2,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        headers = {"User-Agent": "deepwitness-client", **({"Authorization": f"Bearer {token}"} if token else {})}
        self._timeout = httpx.Timeout(timeout_s, read=max(timeout_s, 75.0))
        self._http = httpx.Client(base_url=base_url, headers=headers, timeout=self._timeout, transport=transport)
        self._retries = retries

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -------------------------------------------------------------------------------------------- analyses

    def submit(
        self,
        file: str | Path | BinaryIO,
        instruction: str = "",
        *,
        file_name: str | None = None,
        idempotency_key: str | None = None,
        wait_s: int = 0,
        progress: Progress | None = None,
    ) -> m.Submitted:
        """Upload a video, an image or a recording. The same file, asked the same, is the same analysis.

        Args:
            instruction: in plain words, what to examine.
            wait_s: have the service answer only when the analysis has ended, or after so many seconds (at most 60).
            progress: is told the bytes sent so far and all there are.
        """
        with opened(file, file_name, progress) as (name, content):
            return self._send(op.submit((name, content), instruction, idempotency_key, wait_s))

    def submit_direct(
        self,
        file: str | Path | BinaryIO,
        instruction: str = "",
        *,
        file_name: str | None = None,
        idempotency_key: str | None = None,
        progress: Progress | None = None,
    ) -> m.Submitted:
        """Upload straight to the object storage, then submit: for large files."""
        with opened(file, file_name, progress) as (name, content):
            ticket = self._send(op.begin_upload())
            self._put(ticket.url, iter(content), content.total)
            return self._send(op.submit_upload(ticket.upload_id, name, instruction, idempotency_key))

    def begin_upload(self) -> m.Ticket:
        """An address that takes one file by PUT."""
        return self._send(op.begin_upload())

    def submit_upload(
        self, upload_id: str, file_name: str = "upload", instruction: str = "", *, idempotency_key: str | None = None
    ) -> m.Submitted:
        """Have an upload analysed that was put under its address."""
        return self._send(op.submit_upload(upload_id, file_name, instruction, idempotency_key))

    def submit_batch(
        self, uploads: Iterable[Mapping[str, str]], *, idempotency_key: str | None = None
    ) -> tuple[m.BatchItem, ...]:
        """Have several uploads analysed: `{"upload_id": …, "file_name": …, "instruction": …}` each."""
        return self._send(op.submit_batch(uploads, idempotency_key))

    def page(
        self,
        q: str = "",
        *,
        status: str | None = None,
        outcome: str | None = None,
        kind: str | None = None,
        created_from: datetime | None = None,
        created_before: datetime | None = None,
        limit: int = 20,
        cursor: str | None = None,
    ) -> m.AnalysisPage:
        """One page of your analyses, newest first; with a search, of those that fit all of it."""
        return self._send(op.list_analyses(q, status, outcome, kind, created_from, created_before, limit, cursor))

    def analyses(
        self,
        q: str = "",
        *,
        status: str | None = None,
        outcome: str | None = None,
        kind: str | None = None,
        created_from: datetime | None = None,
        created_before: datetime | None = None,
    ) -> Iterator[m.Analysis]:
        """All your analyses that fit, newest first, fetched page by page as you go."""
        cursor: str | None = None
        while True:
            page = self._send(op.list_analyses(q, status, outcome, kind, created_from, created_before, 100, cursor))
            yield from page.items
            cursor = page.next_cursor
            if cursor is None:
                return

    def analysis(self, analysis_id: str) -> m.Analysis:
        """How far it has come."""
        return self._send(op.read_analysis(analysis_id))

    def events(self, analysis_id: str, *, after: int = 0) -> Iterator[m.Event]:
        """Its progress from the beginning, or beyond event `after`, to the final event.

        A connection that breaks is taken up again where it broke.
        """
        yield from self._follow(f"/v1/analyses/{analysis_id}/events", m.Event, after)

    def wait(self, analysis_id: str, *, timeout_s: float | None = None) -> m.Analysis:
        """The analysis when it has finished.

        Raises:
            AnalysisFailed: it failed or was cancelled.
            TimeoutError: it was still running after so many seconds.
        """
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        while True:
            found = self.analysis(analysis_id)
            if found.is_final:
                break
            if deadline is not None and time.monotonic() >= deadline:
                raise TimeoutError(f"{analysis_id} is still {found.status} after {timeout_s} s")
            time.sleep(0.5)
        if found.status != "finished":
            failure = found.failure or m.Failure(code=found.status, message=f"The analysis was {found.status}.")
            raise AnalysisFailed(analysis_id, failure.code, failure.message)
        return found

    def cancel(self, analysis_id: str) -> m.Analysis:
        return self._send(op.cancel_analysis(analysis_id))

    def delete(self, analysis_id: str) -> None:
        """Remove an analysis and all it produced."""
        return self._send(op.remove_analysis(analysis_id))

    def examine_region(self, analysis_id: str, start_s: float, end_s: float, subject: str = "both") -> m.Submitted:
        """Examine a stretch of the same recording by itself. `subject`: `both`, `picture` or `sound`."""
        return self._send(op.examine_region(analysis_id, start_s, end_s, subject))

    # -------------------------------------------------------------------------------------------- results

    def result(self, analysis_id: str) -> m.Result:
        """Headline, links and report of a finished analysis."""
        return self._send(op.read_result(analysis_id))

    def replay(self, analysis_id: str) -> m.Replay:
        """Have the plan decided again on the inputs that it stored."""
        return self._send(op.replay(analysis_id))

    def report(self, analysis_id: str) -> m.Report:
        return self._send(op.read_report(analysis_id))

    def report_pdf(self, analysis_id: str) -> bytes:
        return self._send(op.read_document(analysis_id))

    def timeline(self, analysis_id: str) -> m.Timeline:
        return self._send(op.read_timeline(analysis_id))

    def second_opinion(self, analysis_id: str, method: str) -> m.OpinionTicket:
        """Have a finished analysis explained by another method; the service's description names them."""
        return self._send(op.ask_second_opinion(analysis_id, method))

    def artefacts(self, analysis_id: str) -> tuple[m.Artefact, ...]:
        """The files there are so far."""
        return self._send(op.list_artefacts(analysis_id))

    def artefact_url(self, analysis_id: str, artefact_id: str) -> str:
        """A fresh link to one file."""
        return self._send(op.read_artefact(analysis_id, artefact_id))

    def download(self, analysis_id: str, artefact_id: str, path: str | Path) -> Path:
        """Write one file to `path`, whole or not at all."""
        url, target = self._send(op.read_artefact(analysis_id, artefact_id)), Path(path)
        part = target.with_name(target.name + ".part")
        try:
            with part.open("wb") as out:
                self._fetch(url, out)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        return target

    def media(self, analysis_id: str) -> m.Playable:
        """The uploaded file behind a link."""
        return self._send(op.read_media(analysis_id))

    def frames(self, analysis_id: str) -> tuple[m.Frame, ...]:
        return self._send(op.list_frames(analysis_id))

    def compare(self, first: str, second: str) -> m.Comparison:
        return self._send(op.compare_analyses(first, second))

    def share(self, analysis_id: str, *, expires_in_hours: int = 168) -> m.Share:
        """A link that shows the result to whoever has it."""
        return self._send(op.share_analysis(analysis_id, expires_in_hours))

    def shares(self, analysis_id: str) -> tuple[m.Share, ...]:
        return self._send(op.list_shares(analysis_id))

    def withdraw_share(self, analysis_id: str, share_id: str) -> None:
        return self._send(op.withdraw_share(analysis_id, share_id))

    def shared(self, token: str) -> m.Result:
        return self._send(op.read_shared(token))

    def shared_media(self, token: str) -> m.Playable:
        return self._send(op.read_shared_media(token))

    def give_feedback(
        self, analysis_id: str, judgement: str, *, truth: str | None = None, comment: str = ""
    ) -> m.Feedback:
        """Say whether the verdict is `right` or `wrong`, and what the recording is (`fake`, `real`) if you know."""
        return self._send(op.give_feedback(analysis_id, judgement, truth, comment))

    def feedback(self, analysis_id: str) -> tuple[m.Feedback, ...]:
        return self._send(op.list_feedback(analysis_id))

    # -------------------------------------------------------------------------------------------- conversations

    def begin_conversation(self, *analysis_ids: str) -> m.Conversation:
        return self._send(op.begin_conversation(analysis_ids))

    def conversations(self, *, limit: int = 20) -> tuple[m.ConversationSummary, ...]:
        return self._send(op.list_conversations(limit))

    def conversation(self, conversation_id: str) -> m.Conversation:
        return self._send(op.read_conversation(conversation_id))

    def delete_conversation(self, conversation_id: str) -> None:
        return self._send(op.remove_conversation(conversation_id))

    def messages(self, conversation_id: str) -> tuple[m.Message, ...]:
        return self._send(op.list_messages(conversation_id))

    def message(self, conversation_id: str, number: int) -> m.Message:
        return self._send(op.read_message(conversation_id, number))

    def ask(self, conversation_id: str, text: str, *, analysis_ids: Iterable[str] = (), wait_s: int = 60) -> m.Message:
        """Ask in plain words and wait for the answer; `is_final` is false when it takes longer than `wait_s`."""
        return self._send(op.ask(conversation_id, text, analysis_ids, wait_s))

    def answer_events(self, conversation_id: str, number: int, *, after: int = 0) -> Iterator[m.AnswerEvent]:
        """The making of an answer, as it happens."""
        path = f"/v1/conversations/{conversation_id}/messages/{number}/events"
        yield from self._follow(path, m.AnswerEvent, after)

    # -------------------------------------------------------------------------------------------- webhooks

    def create_webhook(self, url: str, *, notices: Iterable[str] | None = None, description: str = "") -> m.NewWebhook:
        """Have an address told of your analyses. Keep the secret: it is told once."""
        return self._send(op.create_webhook(url, notices, description))

    def webhooks(self) -> tuple[m.Webhook, ...]:
        return self._send(op.list_webhooks())

    def webhook(self, webhook_id: str) -> m.Webhook:
        return self._send(op.read_webhook(webhook_id))

    def change_webhook(
        self,
        webhook_id: str,
        *,
        url: str | None = None,
        notices: Iterable[str] | None = None,
        description: str | None = None,
        is_active: bool | None = None,
    ) -> m.Webhook:
        return self._send(op.change_webhook(webhook_id, url, notices, description, is_active))

    def delete_webhook(self, webhook_id: str) -> None:
        return self._send(op.remove_webhook(webhook_id))

    def renew_webhook_secret(self, webhook_id: str) -> str:
        """The new secret. For a day messages are signed with the former one too."""
        return self._send(op.renew_webhook_secret(webhook_id))

    def test_webhook(self, webhook_id: str) -> m.Delivery:
        return self._send(op.test_webhook(webhook_id))

    def deliveries(self, webhook_id: str, *, limit: int = 20, cursor: str | None = None) -> m.DeliveryPage:
        return self._send(op.list_deliveries(webhook_id, limit, cursor))

    def resend(self, webhook_id: str, delivery_id: str) -> m.Delivery:
        return self._send(op.resend_delivery(webhook_id, delivery_id))

    # -------------------------------------------------------------------------------------------- account and service

    def keys(self) -> tuple[m.ApiKey, ...]:
        return self._send(op.list_keys())

    def create_key(self, name: str, *, expires_in_days: int | None = None) -> str:
        """The key in clear, told once."""
        return self._send(op.create_key(name, expires_in_days))

    def revoke_key(self, key_id: str) -> None:
        return self._send(op.revoke_key(key_id))

    def service(self) -> m.Service:
        """What the service accepts and keeps."""
        return self._send(op.read_service())

    def signing_key(self) -> m.SigningKey:
        """The key that the service's reports are sealed with."""
        return self._send(op.read_signing_key())

    def metrics(self) -> str:
        """Figures for Prometheus."""
        return self._send(op.metrics())

    def is_alive(self) -> bool:
        """Whether the service answers at all."""
        try:
            self._send(op.health())
        except (ServiceUnreachable, Problem):
            return False
        return True

    def is_ready(self) -> bool:
        """Whether the service and its servers answer."""
        try:
            self._send(op.readiness())
        except (ServiceUnreachable, Problem):
            return False
        return True

    # -------------------------------------------------------------------------------------------- sending

    def _send(self, operation: op.Operation[T]) -> T:
        attempt = 0
        while True:
            try:
                response = self._http.request(
                    operation.method,
                    operation.path,
                    params=dict(operation.params),
                    json=operation.json,
                    headers=dict(operation.headers),
                    files=operation.files,
                    data=operation.data,
                )
            except httpx.TransportError as error:
                if attempt >= self._retries or not may_repeat(operation, error):
                    raise self._unreachable() from error
                pause_s = 0.5 * 2**attempt
            else:
                if not response.is_error:
                    return operation.read(response)
                asked_s = pause_before_retry(operation, response, attempt)
                if attempt >= self._retries or asked_s is None:
                    raise problem_of(response)
                pause_s = asked_s
            attempt += 1
            time.sleep(pause_s)

    def _follow(self, path: str, model: type[E], after: int) -> Iterator[E]:
        failures = 0
        while True:
            try:
                for event in self._stream(path, model, after):
                    after, failures = event.id, 0
                    yield event
                    if event.is_final:
                        return
            except httpx.TransportError:
                pass
            # The connection broke, or ended before the final event.
            failures += 1
            if failures > RECONNECTS:
                raise ServiceUnreachable("the service went away while its events were followed")
            time.sleep(min(0.2 * failures, 2.0))

    def _stream(self, path: str, model: type[E], after: int) -> Iterator[E]:
        headers = {"Accept": "text/event-stream", "Last-Event-ID": str(after)}
        with self._http.stream("GET", path, headers=headers) as response:
            if response.is_error:
                response.read()
                raise problem_of(response)
            reader = EventReader()
            for line in response.iter_lines():
                told = reader.feed(line)
                if told is not None:
                    yield model.model_validate(told)

    def _put(self, url: str, content: Iterator[bytes], size_bytes: int) -> None:
        """Without our own headers: the link carries its own signature."""
        try:
            with httpx.Client(timeout=self._timeout) as plain:
                headers = {"Content-Length": str(size_bytes)}
                response = plain.put(url, content=self._pieces(content), headers=headers)
        except httpx.TransportError as error:
            raise ServiceUnreachable("the object storage cannot be reached") from error
        if response.is_error:
            raise problem_of(response)

    def _pieces(self, content: Iterator[bytes]) -> Iterator[bytes]:
        yield from content

    def _fetch(self, url: str, out: Any) -> None:
        try:
            with httpx.Client(timeout=self._timeout) as plain, plain.stream("GET", url) as response:
                if response.is_error:
                    response.read()
                    raise problem_of(response)
                for piece in response.iter_bytes():
                    out.write(piece)
        except httpx.TransportError as error:
            raise ServiceUnreachable("the object storage cannot be reached") from error

    def _unreachable(self) -> ServiceUnreachable:
        return ServiceUnreachable(f"the service at {self._http.base_url} cannot be reached")
