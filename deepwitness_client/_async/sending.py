"""How everything is sent: again where that is safe, later where the service asks for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from deepwitness_client import _operations as op
from deepwitness_client import models as m
from deepwitness_client._transfer import RECONNECTS, EventReader, Patience, may_repeat
from deepwitness_client.errors import Problem, ServiceUnreachable, problem_of

T = TypeVar("T")
E = TypeVar("E", m.Event, m.AnswerEvent)


class AsyncSender:
    """Sends operations, follows streams and carries files, with patience."""

    def __init__(
        self,
        base_url: str,
        token: str | None = None,
        *,
        language: str | None = None,
        timeout_s: float = 30.0,
        retries: int = 2,
        patience_s: float = 90.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        headers = {"User-Agent": "deepwitness-client", **({"Authorization": f"Bearer {token}"} if token else {})}
        if language is not None:
            headers["Accept-Language"] = language
        self._timeout = httpx.Timeout(timeout_s, read=max(timeout_s, 75.0))
        self._http = httpx.AsyncClient(base_url=base_url, headers=headers, timeout=self._timeout, transport=transport)
        self._retries = retries
        self._patience_s = patience_s

    async def close(self) -> None:
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _send(self, operation: op.Operation[T], *, patience_s: float | None = None) -> T:
        patience = self._patience(may_repeat(operation), patience_s)
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
                    timeout=self._timeout_of(operation),
                )
            except httpx.TransportError as error:
                pause_s = patience.after_break(error)
                if pause_s is None:
                    raise self._unreachable() from error
            else:
                if not response.is_error:
                    return operation.read(response)
                problem = problem_of(response)
                pause_s = patience.after_refusal(problem)
                if pause_s is None:
                    raise problem
            await asyncio.sleep(pause_s)

    async def _follow(self, path: str, model: type[E], after: int) -> AsyncIterator[E]:
        failures, patience = 0, self._patience(repeatable=True)
        while True:
            try:
                async for event in self._stream(path, model, after):
                    if event is None:
                        return
                    after, failures, patience = event.id, 0, self._patience(repeatable=True)
                    yield event
                    if event.is_final:
                        return
            except httpx.TransportError:
                pass
            except Problem as problem:
                pause_s = patience.after_refusal(problem)
                if pause_s is None:
                    raise
                await asyncio.sleep(pause_s)
                continue
            # The connection broke, or ended before the final event.
            failures += 1
            if failures > RECONNECTS:
                raise ServiceUnreachable("the service went away while its events were followed")
            await asyncio.sleep(min(0.2 * failures, 2.0))

    async def _stream(self, path: str, model: type[E], after: int) -> AsyncIterator[E | None]:
        """Events as they come; None when the service says that nothing follows `after`."""
        headers = {"Accept": "text/event-stream", "Last-Event-ID": str(after)}
        async with self._http.stream("GET", path, headers=headers) as response:
            if response.is_error:
                await response.aread()
                raise problem_of(response)
            if response.status_code == httpx.codes.NO_CONTENT:
                yield None
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

    def _timeout_of(self, operation: op.Operation[T]) -> httpx.Timeout:
        if operation.answers_in_s is None:
            return self._timeout
        usual = self._timeout
        return httpx.Timeout(usual.connect, read=operation.answers_in_s, write=usual.write, pool=usual.pool)

    def _patience(self, repeatable: bool, patience_s: float | None = None) -> Patience:
        return Patience(self._retries, self._patience_s if patience_s is None else patience_s, repeatable=repeatable)

    def _unreachable(self) -> ServiceUnreachable:
        return ServiceUnreachable(f"the service at {self._http.base_url} cannot be reached")
