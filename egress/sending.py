"""One message to a webhook's address. Nothing is redirected."""

from __future__ import annotations

import ssl
import time
from dataclasses import dataclass
from typing import Final

import httpcore

from core.errors import Unavailable
from core.settings import WebhookSettings
from egress.guard import AddressRefused, Guarded, Resolve, resolve

MAX_ANSWER_BYTES: Final = 64 * 1024


class TimedOut(Unavailable):
    def __init__(self) -> None:
        super().__init__("endpoint_timed_out", "The address did not answer in time.")


class Unreachable(Unavailable):
    def __init__(self) -> None:
        super().__init__("endpoint_unreachable", "The address cannot be reached.")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    retry_after_s: float | None


def post(
    settings: WebhookSettings, url: str, headers: dict[str, str], body: bytes, *, resolver: Resolve = resolve
) -> Answer:
    """Send once.

    Raises: AddressRefused, TimedOut, Unreachable.
    """
    if not url.startswith("https://") and not (settings.allow_http and url.startswith("http://")):
        raise AddressRefused
    backend = Guarded(settings.allowed_networks, resolver, time.monotonic() + settings.timeout_s)
    timeouts = dict.fromkeys(("connect", "read", "write", "pool"), settings.timeout_s)
    try:
        with (
            httpcore.ConnectionPool(ssl_context=ssl.create_default_context(), network_backend=backend) as pool,
            pool.stream(
                "POST", url, headers=list(headers.items()), content=body, extensions={"timeout": timeouts}
            ) as answer,
        ):
            received = 0
            for chunk in answer.iter_stream():
                received += len(chunk)
                if received > MAX_ANSWER_BYTES:
                    break
            return Answer(answer.status, _retry_after(answer.headers))
    except httpcore.TimeoutException as error:
        raise TimedOut from error
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol, OSError) as error:
        raise Unreachable from error


def _retry_after(headers: list[tuple[bytes, bytes]]) -> float | None:
    """Seconds only; a date is not worth the trouble."""
    given = next((value for name, value in headers if name.lower() == b"retry-after"), b"")
    return float(given) if given.isdigit() and len(given) < 8 else None
