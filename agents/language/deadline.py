"""One wall-clock deadline for everything that a model is asked within a block, however slowly its endpoint drips.

A read timeout begins anew with every byte. So the deadline is asked at every read of the socket, and a block within a
block can only end earlier.
"""

from __future__ import annotations

import ipaddress
import math
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import httpcore
import httpx

MOST_READ_BYTES: Final = 2_000_000
"""From the endpoint within one block."""


@dataclass(slots=True)
class _Bound:
    deadline: float = math.inf
    read_bytes: int = 0


_BOUND: Final[ContextVar[_Bound]] = ContextVar("bound", default=_Bound())  # noqa: B039 - counts where nothing bounds


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """All model work of this block ends in so many seconds."""
    token = _BOUND.set(_Bound(min(_BOUND.get().deadline, time.monotonic() + seconds)))
    try:
        yield
    finally:
        _BOUND.reset(token)


def seconds_left(most: float = math.inf) -> float:
    """Until the deadline, at most `most`. Raises: TimeoutError when no time is left."""
    left = min(most, _BOUND.get().deadline - time.monotonic())
    if left <= 0:
        raise TimeoutError("no time is left")
    return left


def bounded_client(base_url: str) -> httpx.Client:
    """A client whose connections keep to the deadline; an endpoint on this machine is never asked through a proxy."""
    client = httpx.Client(trust_env=not is_loopback(base_url), follow_redirects=False)
    for transport in (client._transport, *client._mounts.values()):
        if isinstance(transport, httpx.HTTPTransport):
            # The library offers no public way to a connection's sockets.
            transport._pool._network_backend = _Backend()
    return client


def is_loopback(base_url: str) -> bool:
    host = urlsplit(base_url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class _Backend(httpcore.SyncBackend):
    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, *rest: Any, **named: Any
    ) -> httpcore.NetworkStream:
        return _Stream(super().connect_tcp(host, port, _bounded(timeout), *rest, **named))


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        content = self._inner.read(max_bytes, _bounded(timeout))
        bound = _BOUND.get()
        bound.read_bytes += len(content)
        if bound.read_bytes > MOST_READ_BYTES and bound.deadline < math.inf:
            raise httpcore.ReadError("the endpoint sends too much")
        return content

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _bounded(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, _bounded(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _bounded(timeout: float | None) -> float:
    try:
        return seconds_left(math.inf if timeout is None else timeout)
    except TimeoutError as error:
        raise httpcore.ReadTimeout(str(error)) from error
