"""The only way out to addresses that users name: checked when connected to, so no later answer of a name server counts.

The name is resolved once, every address it has must be allowed, and the connection goes to the very address that was
checked. No proxy is used, and one deadline covers everything from the first packet on.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import httpcore

from core.addresses import Network, is_allowed
from core.errors import Rejected

Resolve = Callable[[str, int], list[str]]


class AddressRefused(Rejected):
    def __init__(self) -> None:
        super().__init__("address_refused", "The address leads to a place that this service does not send to.")


def resolve(host: str, port: int) -> list[str]:
    """Numeric addresses of a name, as the system knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


class Guarded(httpcore.NetworkBackend):
    """Connects to public addresses and to those in `inside`, until `deadline` on the monotonic clock."""

    def __init__(self, inside: Sequence[Network], resolver: Resolve, deadline: float) -> None:
        self._inside = inside
        self._resolve = resolver
        self._deadline = deadline
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline is stricter
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            addresses = self._resolve(host.strip("[]"), port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from error
        if not addresses or not all(is_allowed(address, self._inside) for address in addresses):
            raise AddressRefused
        failure: Exception = httpcore.ConnectError("no address")
        for address in addresses:
            try:
                left = _left(self._deadline)
                return _Timed(
                    self._inner.connect_tcp(address, port, left, local_address, socket_options), self._deadline
                )
            except httpcore.ConnectError as error:
                failure = error
        raise failure

    def connect_unix_socket(
        self,
        path: str,  # noqa: ARG002
        timeout: float | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        raise AddressRefused


class _Timed(httpcore.NetworkStream):
    """A stream under one deadline: who answers a byte at a time gains no time by it."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: float) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self._inner.read(max_bytes, _left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._inner.write(buffer, _left(self._deadline))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        return _Timed(self._inner.start_tls(ssl_context, server_hostname, _left(self._deadline)), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the deadline has passed")
    return left
