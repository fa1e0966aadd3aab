"""The client for asyncio: `deepwitness_client.client` with `await`. A test holds the two to the same methods."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
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


class AsyncClient:
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
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        headers = {"User-Agent": "deepwitness-client", **({"Authorization": f"Bearer {token}"} if token else {})}
        self._timeout = httpx.Timeout(timeout_s, read=max(timeout_s, 75.0))
        self._http = httpx.AsyncClient(base_url=base_url, headers=headers, timeout=self._timeout, transport=transport)
        self._retries = retries

    async def close(self) -> None:
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    # -------------------------------------------------------------------------------------------- analyses

    async def submit(
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
            return await self._send(op.submit((name, content), instruction, idempotency_key, wait_s))

    async def submit_direct(
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
            ticket = await self._send(op.begin_upload())
            await self._put(ticket.url, iter(content), content.total)
            return await self._send(op.submit_upload(ticket.upload_id, name, instruction, idempotency_key))

    async def begin_upload(self) -> m.Ticket:
        """An address that takes one file by PUT."""
        return await self._send(op.begin_upload())

    async def submit_upload(
        self, upload_id: str, file_name: str = "upload", instruction: str = "", *, idempotency_key: str | None = None
    ) -> m.Submitted:
        """Have an upload analysed that was put under its address."""
        return await self._send(op.submit_upload(upload_id, file_name, instruction, idempotency_key))

    async def submit_batch(
        self, uploads: Iterable[Mapping[str, str]], *, idempotency_key: str | None = None
    ) -> tuple[m.BatchItem, ...]:
        """Have several uploads analysed: `{"upload_id": …, "file_name": …, "instruction": …}` each."""
        return await self._send(op.submit_batch(uploads, idempotency_key))

    async def page(
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
        return await self._send(op.list_analyses(q, status, outcome, kind, created_from, created_before, limit, cursor))

    async def analyses(
        self,
        q: str = "",
        *,
        status: str | None = None,
        outcome: str | None = None,
        kind: str | None = None,
        created_from: datetime | None = None,
        created_before: datetime | None = None,
    ) -> AsyncIterator[m.Analysis]:
        """All your analyses that fit, newest first, fetched page by page as you go."""
        cursor: str | None = None
        while True:
            page = await self._send(
                op.list_analyses(q, status, outcome, kind, created_from, created_before, 100, cursor)
            )
            for each in page.items:
                yield each
            cursor = page.next_cursor
            if cursor is None:
                return

    async def analysis(self, analysis_id: str) -> m.Analysis:
        """How far it has come."""
        return await self._send(op.read_analysis(analysis_id))

    async def events(self, analysis_id: str, *, after: int = 0) -> AsyncIterator[m.Event]:
        """Its progress from the beginning, or beyond event `after`, to the final event.

        A connection that breaks is taken up again where it broke.
        """
        async for event in self._follow(f"/v1/analyses/{analysis_id}/events", m.Event, after):
            yield event

    async def wait(self, analysis_id: str, *, timeout_s: float | None = None) -> m.Analysis:
        """The analysis when it has finished.

        Raises:
            AnalysisFailed: it failed or was cancelled.
            TimeoutError: it was still running after so many seconds.
        """
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        while True:
            found = await self.analysis(analysis_id)
            if found.is_final:
                break
            if deadline is not None and time.monotonic() >= deadline:
                raise TimeoutError(f"{analysis_id} is still {found.status} after {timeout_s} s")
            await asyncio.sleep(0.5)
        if found.status != "finished":
            failure = found.failure or m.Failure(code=found.status, message=f"The analysis was {found.status}.")
            raise AnalysisFailed(analysis_id, failure.code, failure.message)
        return found

    async def cancel(self, analysis_id: str) -> m.Analysis:
        return await self._send(op.cancel_analysis(analysis_id))

    async def delete(self, analysis_id: str) -> None:
        """Remove an analysis and all it produced."""
        return await self._send(op.remove_analysis(analysis_id))

    async def examine_region(
        self, analysis_id: str, start_s: float, end_s: float, subject: str = "both"
    ) -> m.Submitted:
        """Examine a stretch of the same recording by itself. `subject`: `both`, `picture` or `sound`."""
        return await self._send(op.examine_region(analysis_id, start_s, end_s, subject))

    # -------------------------------------------------------------------------------------------- results

    async def result(self, analysis_id: str) -> m.Result:
        """Headline, links and report of a finished analysis."""
        return await self._send(op.read_result(analysis_id))

    async def replay(self, analysis_id: str) -> m.Replay:
        """Have the plan decided again on the inputs that it stored."""
        return await self._send(op.replay(analysis_id))

    async def report(self, analysis_id: str) -> m.Report:
        return await self._send(op.read_report(analysis_id))

    async def report_pdf(self, analysis_id: str) -> bytes:
        return await self._send(op.read_document(analysis_id))

    async def timeline(self, analysis_id: str) -> m.Timeline:
        return await self._send(op.read_timeline(analysis_id))

    async def second_opinion(self, analysis_id: str, method: str) -> m.OpinionTicket:
        """Have a finished analysis explained by another method; the service's description names them."""
        return await self._send(op.ask_second_opinion(analysis_id, method))

    async def artefacts(self, analysis_id: str) -> tuple[m.Artefact, ...]:
        """The files there are so far."""
        return await self._send(op.list_artefacts(analysis_id))

    async def artefact_url(self, analysis_id: str, artefact_id: str) -> str:
        """A fresh link to one file."""
        return await self._send(op.read_artefact(analysis_id, artefact_id))

    async def download(self, analysis_id: str, artefact_id: str, path: str | Path) -> Path:
        """Write one file to `path`, whole or not at all."""
        url, target = await self._send(op.read_artefact(analysis_id, artefact_id)), Path(path)
        part = target.with_name(target.name + ".part")
        try:
            with part.open("wb") as out:
                await self._fetch(url, out)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        return target

    async def media(self, analysis_id: str) -> m.Playable:
        """The uploaded file behind a link."""
        return await self._send(op.read_media(analysis_id))

    async def frames(self, analysis_id: str) -> tuple[m.Frame, ...]:
        return await self._send(op.list_frames(analysis_id))

    async def compare(self, first: str, second: str) -> m.Comparison:
        return await self._send(op.compare_analyses(first, second))

    async def share(self, analysis_id: str, *, expires_in_hours: int = 168) -> m.Share:
        """A link that shows the result to whoever has it."""
        return await self._send(op.share_analysis(analysis_id, expires_in_hours))

    async def shares(self, analysis_id: str) -> tuple[m.Share, ...]:
        return await self._send(op.list_shares(analysis_id))

    async def withdraw_share(self, analysis_id: str, share_id: str) -> None:
        return await self._send(op.withdraw_share(analysis_id, share_id))

    async def shared(self, token: str) -> m.Result:
        return await self._send(op.read_shared(token))

    async def shared_media(self, token: str) -> m.Playable:
        return await self._send(op.read_shared_media(token))

    async def give_feedback(
        self, analysis_id: str, judgement: str, *, truth: str | None = None, comment: str = ""
    ) -> m.Feedback:
        """Say whether the verdict is `right` or `wrong`, and what the recording is (`fake`, `real`) if you know."""
        return await self._send(op.give_feedback(analysis_id, judgement, truth, comment))

    async def feedback(self, analysis_id: str) -> tuple[m.Feedback, ...]:
        return await self._send(op.list_feedback(analysis_id))

    # -------------------------------------------------------------------------------------------- conversations

    async def begin_conversation(self, *analysis_ids: str) -> m.Conversation:
        return await self._send(op.begin_conversation(analysis_ids))

    async def conversations(self, *, limit: int = 20) -> tuple[m.ConversationSummary, ...]:
        return await self._send(op.list_conversations(limit))

    async def conversation(self, conversation_id: str) -> m.Conversation:
        return await self._send(op.read_conversation(conversation_id))

    async def delete_conversation(self, conversation_id: str) -> None:
        return await self._send(op.remove_conversation(conversation_id))

    async def messages(self, conversation_id: str) -> tuple[m.Message, ...]:
        return await self._send(op.list_messages(conversation_id))

    async def message(self, conversation_id: str, number: int) -> m.Message:
        return await self._send(op.read_message(conversation_id, number))

    async def ask(
        self, conversation_id: str, text: str, *, analysis_ids: Iterable[str] = (), wait_s: int = 60
    ) -> m.Message:
        """Ask in plain words and wait for the answer; `is_final` is false when it takes longer than `wait_s`."""
        return await self._send(op.ask(conversation_id, text, analysis_ids, wait_s))

    async def answer_events(self, conversation_id: str, number: int, *, after: int = 0) -> AsyncIterator[m.AnswerEvent]:
        """The making of an answer, as it happens."""
        path = f"/v1/conversations/{conversation_id}/messages/{number}/events"
        async for event in self._follow(path, m.AnswerEvent, after):
            yield event

    # -------------------------------------------------------------------------------------------- webhooks

    async def create_webhook(
        self, url: str, *, notices: Iterable[str] | None = None, description: str = ""
    ) -> m.NewWebhook:
        """Have an address told of your analyses. Keep the secret: it is told once."""
        return await self._send(op.create_webhook(url, notices, description))

    async def webhooks(self) -> tuple[m.Webhook, ...]:
        return await self._send(op.list_webhooks())

    async def webhook(self, webhook_id: str) -> m.Webhook:
        return await self._send(op.read_webhook(webhook_id))

    async def change_webhook(
        self,
        webhook_id: str,
        *,
        url: str | None = None,
        notices: Iterable[str] | None = None,
        description: str | None = None,
        is_active: bool | None = None,
    ) -> m.Webhook:
        return await self._send(op.change_webhook(webhook_id, url, notices, description, is_active))

    async def delete_webhook(self, webhook_id: str) -> None:
        return await self._send(op.remove_webhook(webhook_id))

    async def renew_webhook_secret(self, webhook_id: str) -> str:
        """The new secret. For a day messages are signed with the former one too."""
        return await self._send(op.renew_webhook_secret(webhook_id))

    async def test_webhook(self, webhook_id: str) -> m.Delivery:
        return await self._send(op.test_webhook(webhook_id))

    async def deliveries(self, webhook_id: str, *, limit: int = 20, cursor: str | None = None) -> m.DeliveryPage:
        return await self._send(op.list_deliveries(webhook_id, limit, cursor))

    async def resend(self, webhook_id: str, delivery_id: str) -> m.Delivery:
        return await self._send(op.resend_delivery(webhook_id, delivery_id))

    # -------------------------------------------------------------------------------------------- account and service

    async def keys(self) -> tuple[m.ApiKey, ...]:
        return await self._send(op.list_keys())

    async def create_key(self, name: str, *, expires_in_days: int | None = None) -> str:
        """The key in clear, told once."""
        return await self._send(op.create_key(name, expires_in_days))

    async def revoke_key(self, key_id: str) -> None:
        return await self._send(op.revoke_key(key_id))

    async def service(self) -> m.Service:
        """What the service accepts and keeps."""
        return await self._send(op.read_service())

    async def signing_key(self) -> m.SigningKey:
        """The key that the service's reports are sealed with."""
        return await self._send(op.read_signing_key())

    async def metrics(self) -> str:
        """Figures for Prometheus."""
        return await self._send(op.metrics())

    async def is_alive(self) -> bool:
        """Whether the service answers at all."""
        try:
            await self._send(op.health())
        except (ServiceUnreachable, Problem):
            return False
        return True

    async def is_ready(self) -> bool:
        """Whether the service and its servers answer."""
        try:
            await self._send(op.readiness())
        except (ServiceUnreachable, Problem):
            return False
        return True

    # -------------------------------------------------------------------------------------------- sending

    async def _send(self, operation: op.Operation[T]) -> T:
        attempt = 0
        while True:
            try:
                response = await self._http.request(
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
            await asyncio.sleep(pause_s)

    async def _follow(self, path: str, model: type[E], after: int) -> AsyncIterator[E]:
        failures = 0
        while True:
            try:
                async for event in self._stream(path, model, after):
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
            await asyncio.sleep(min(0.2 * failures, 2.0))

    async def _stream(self, path: str, model: type[E], after: int) -> AsyncIterator[E]:
        headers = {"Accept": "text/event-stream", "Last-Event-ID": str(after)}
        async with self._http.stream("GET", path, headers=headers) as response:
            if response.is_error:
                await response.aread()
                raise problem_of(response)
            reader = EventReader()
            async for line in response.aiter_lines():
                told = reader.feed(line)
                if told is not None:
                    yield model.model_validate(told)

    async def _put(self, url: str, content: Iterator[bytes], size_bytes: int) -> None:
        """Without our own headers: the link carries its own signature."""
        try:
            async with httpx.AsyncClient(timeout=self._timeout) as plain:
                headers = {"Content-Length": str(size_bytes)}
                response = await plain.put(url, content=self._pieces(content), headers=headers)
        except httpx.TransportError as error:
            raise ServiceUnreachable("the object storage cannot be reached") from error
        if response.is_error:
            raise problem_of(response)

    async def _pieces(self, content: Iterator[bytes]) -> AsyncIterator[bytes]:
        for piece in content:
            yield piece

    async def _fetch(self, url: str, out: Any) -> None:
        try:
            async with httpx.AsyncClient(timeout=self._timeout) as plain, plain.stream("GET", url) as response:
                if response.is_error:
                    await response.aread()
                    raise problem_of(response)
                async for piece in response.aiter_bytes():
                    out.write(piece)
        except httpx.TransportError as error:
            raise ServiceUnreachable("the object storage cannot be reached") from error

    def _unreachable(self) -> ServiceUnreachable:
        return ServiceUnreachable(f"the service at {self._http.base_url} cannot be reached")
