"""The file behind a link, streamed: to public addresses only, step by step, within one deadline."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from typing import Final, NoReturn
from urllib.parse import unquote

import httpcore
import httpx

from core.addresses import Fault, UnfitAddress, fit
from core.errors import Rejected
from core.settings import LinkSettings
from core.version import VERSION
from egress.guard import AddressRefused, Guarded, Resolve, resolve

MAX_STEPS: Final = 6
"""The link itself and five redirections."""
PAGES: Final = ("text/html", "application/xhtml+xml")
_REDIRECTIONS: Final = (301, 302, 303, 307, 308)
_WHY: Final = {
    Fault.FORM: "It is not an address.",
    Fault.SCHEME: "It must begin with https:// or http://.",
    Fault.CREDENTIALS: "It must not carry a name or a password.",
    Fault.PLACE: "It leads to a place that this service does not fetch from.",
}


@dataclass(frozen=True, slots=True)
class Download:
    """A file on its way. `chunks` can be read once, and raises as `download` does."""

    file_name: str
    declared_bytes: int | None
    chunks: Iterator[bytes]


@contextmanager
def download(settings: LinkSettings, url: str, *, resolver: Resolve = resolve) -> Iterator[Download]:
    """What a link leads to, redirections followed. Each step is checked like the first, and none falls back to http.

    Raises: Rejected: `link_refused`, `link_is_a_page`, `link_unavailable`, `link_unreachable`, `link_too_slow`.
    """
    deadline = time.monotonic() + settings.timeout_s
    timeouts = dict.fromkeys(("connect", "read", "write", "pool"), settings.timeout_s)
    headers = [("Accept", "video/*, audio/*, image/*, */*;q=0.5"), ("Accept-Encoding", "identity")]
    headers.append(("User-Agent", f"Deepwitness/{VERSION}"))
    with _translated(settings):
        for _ in range(MAX_STEPS):
            target = _target(settings, url)
            backend = Guarded(settings.allowed_networks, resolver, deadline)
            with (
                httpcore.ConnectionPool(ssl_context=ssl.create_default_context(), network_backend=backend) as pool,
                pool.stream("GET", _core(target), headers=headers, extensions={"timeout": timeouts}) as answer,
            ):
                told = httpx.Headers(answer.headers)
                if answer.status in _REDIRECTIONS and "location" in told:
                    url = _next(target, told["location"])
                    continue
                yield _download(target, answer, told, settings)
                return
        raise Rejected("link_unavailable", "The link leads from one address to the next without an end.")


@contextmanager
def _translated(settings: LinkSettings) -> Iterator[None]:
    try:
        yield
    except AddressRefused as error:
        _refuse(Fault.PLACE, error)
    except httpcore.TimeoutException as error:
        limit = f"{settings.timeout_s:.0f}"
        raise Rejected("link_too_slow", f"The file did not arrive within {limit} seconds.") from error
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
        raise Rejected("link_unreachable", "The address behind the link cannot be reached.") from error


def _target(settings: LinkSettings, url: str) -> httpx.URL:
    try:
        return httpx.URL(fit(url, ("https", "http"), settings.allowed_networks))
    except UnfitAddress as error:
        _refuse(error.fault, error)
    except httpx.InvalidURL as error:
        _refuse(Fault.FORM, error)


def _core(target: httpx.URL) -> httpcore.URL:
    return httpcore.URL(scheme=target.raw_scheme, host=target.raw_host, port=target.port, target=target.raw_path)


def _next(target: httpx.URL, location: str) -> str:
    try:
        following = target.join(location)
    except httpx.InvalidURL as error:
        _refuse(Fault.FORM, error)
    if target.scheme == "https" and following.scheme != "https":
        _refuse(Fault.SCHEME, None)
    return str(following)


def _download(target: httpx.URL, answer: httpcore.Response, told: httpx.Headers, settings: LinkSettings) -> Download:
    if answer.status != 200:
        raise Rejected("link_unavailable", f"The address behind the link answered with status {answer.status}.")
    if told.get("content-type", "").partition(";")[0].strip().lower() in PAGES:
        raise Rejected("link_is_a_page", "The link leads to a web page. Give the address of the file itself.")
    if told.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise Rejected("link_unavailable", "The address behind the link sends the file only in a compressed form.")
    length = told.get("content-length", "")
    return Download(
        file_name=_file_name(target, told.get("content-disposition", "")),
        declared_bytes=int(length) if length.isdecimal() and len(length) < 20 else None,
        chunks=_read(answer, settings),
    )


def _read(answer: httpcore.Response, settings: LinkSettings) -> Iterator[bytes]:
    with _translated(settings):
        yield from answer.iter_stream()


def _file_name(target: httpx.URL, disposition: str) -> str:
    """What the sender calls the file, else the end of its address. Not to be trusted; only ever shown."""
    header = Message()
    header["Content-Disposition"] = disposition.replace("\r", "").replace("\n", "")
    return header.get_filename() or unquote(target.path.rpartition("/")[2])


def _refuse(fault: Fault, error: Exception | None) -> NoReturn:
    raise Rejected("link_refused", f"This link cannot be fetched. {_WHY[fault]}") from error
