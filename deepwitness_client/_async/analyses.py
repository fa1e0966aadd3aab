"""Submitting recordings and following what becomes of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from deepwitness_client import _operations as op
from deepwitness_client import models as m
from deepwitness_client._async.sending import AsyncSender
from deepwitness_client._transfer import Progress, opened
from deepwitness_client.errors import AnalysisFailed


class AsyncAnalyses(AsyncSender):
    """Recordings in, analyses on their way."""

    async def submit(
        self,
        file: str | Path | BinaryIO,
        instruction: str = "",
        *,
        scope: m.Scope | None = None,
        file_name: str | None = None,
        idempotency_key: str | None = None,
        wait_s: int = 0,
        progress: Progress | None = None,
    ) -> m.Submitted:
        """Upload a video, an image or a recording. The same file, asked the same, is the same analysis.

        Args:
            instruction: in plain words, what to examine.
            scope: the same in fields, which outweigh the words.
            wait_s: have the service answer only when the analysis has ended, or after so many seconds (at most 60).
            progress: is told the bytes sent so far and all there are.
        """
        with opened(file, file_name, progress) as (name, content):
            return await self._send(op.submit((name, content), instruction, scope, idempotency_key, wait_s))

    async def submit_link(
        self,
        url: str,
        instruction: str = "",
        *,
        scope: m.Scope | None = None,
        file_name: str = "",
        idempotency_key: str | None = None,
        wait_s: int = 0,
    ) -> m.Submitted:
        """Have the service fetch the file behind a link and examine it, where its operator allows that."""
        return await self._send(op.submit_link(url, file_name, instruction, scope, idempotency_key, wait_s))

    async def submit_direct(
        self,
        file: str | Path | BinaryIO,
        instruction: str = "",
        *,
        scope: m.Scope | None = None,
        file_name: str | None = None,
        idempotency_key: str | None = None,
        progress: Progress | None = None,
    ) -> m.Submitted:
        """Upload straight to the object storage, then submit: for large files."""
        with opened(file, file_name, progress) as (name, content):
            ticket = await self._send(op.begin_upload(content.total))
            await self._put(ticket.url, iter(content), content.total)
            return await self._send(op.submit_upload(ticket.upload_id, name, instruction, scope, idempotency_key))

    async def begin_upload(self, size_bytes: int) -> m.Ticket:
        """An address that takes one file of this size by PUT."""
        return await self._send(op.begin_upload(size_bytes))

    async def submit_upload(
        self,
        upload_id: str,
        file_name: str = "upload",
        instruction: str = "",
        *,
        scope: m.Scope | None = None,
        idempotency_key: str | None = None,
    ) -> m.Submitted:
        """Have an upload analysed that was put under its address."""
        return await self._send(op.submit_upload(upload_id, file_name, instruction, scope, idempotency_key))

    async def submit_batch(
        self, uploads: Iterable[Mapping[str, Any]], *, idempotency_key: str | None = None
    ) -> tuple[m.BatchItem, ...]:
        """Have several uploads analysed: `{"upload_id": …, "file_name": …, "instruction": …, "scope": …}` each."""
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
        pause_s = 0.5
        while True:
            found = await self.analysis(analysis_id)
            if found.is_final:
                break
            if deadline is not None and time.monotonic() >= deadline:
                raise TimeoutError(f"{analysis_id} is still {found.status} after {timeout_s} s")
            await asyncio.sleep(pause_s)
            pause_s = min(1.2 * pause_s, 3.0)
        if found.status != "finished":
            failure = found.failure or m.Failure(code=found.status, message=f"The analysis was {found.status}.")
            raise AnalysisFailed(analysis_id, failure.code, failure.message)
        return found

    async def cancel(self, analysis_id: str) -> m.Analysis:
        return await self._send(op.cancel_analysis(analysis_id))

    async def annotate(
        self, analysis_id: str, *, note: str | None = None, tags: Iterable[str] | None = None
    ) -> m.Analysis:
        """Set your note and tags; what is None stays as it is."""
        return await self._send(op.annotate_analysis(analysis_id, note, tags))

    async def delete(self, analysis_id: str) -> None:
        """Remove an analysis and all it produced."""
        return await self._send(op.remove_analysis(analysis_id))

    async def examine_region(
        self, analysis_id: str, start_s: float, end_s: float, subject: str = "both"
    ) -> m.Submitted:
        """Examine a stretch of the same recording by itself. `subject`: `both`, `picture` or `sound`."""
        return await self._send(op.examine_region(analysis_id, start_s, end_s, subject))
