"""By which name, and from which site, a request came, where a browser sends no credential or sends it by itself.

A page on another site can make its reader's browser send requests here, and a name that its owner lets point here makes
that page, to the browser, one of ours. Programs send no Origin and name the address they were told.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from fastapi import Request

from core.addresses import is_number
from core.errors import Rejected
from core.settings import ApiSettings

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_PRIVATE_ZONES: Final = (".localhost", ".local", ".internal", ".home.arpa")
"""No stranger can let a name in these point anywhere."""


def check_origin(request: Request, settings: ApiSettings, *, origin_needed: bool) -> None:
    """A change is asked for by a page of ours, or by no page.

    Args:
        origin_needed: refuse a change without an Origin too; browsers always send one with it.

    Raises: Rejected("cross_site").
    """
    if request.method in _SAFE:
        return
    origin = request.headers.get("origin")
    if origin is None and not origin_needed:
        return
    ours = (request.headers.get("host", ""), urlsplit(settings.public_url).netloc)
    if urlsplit(origin or "").netloc not in ours and origin not in settings.cors_origins:
        raise Rejected("cross_site", "This request came from another site.")


def check_host(request: Request, settings: ApiSettings) -> None:
    """The name that was asked is an address, has no dot, is in a private zone or is that of `public_url`.

    Raises: Rejected("unknown_host").
    """
    try:
        asked = (urlsplit("//" + request.headers.get("host", "")).hostname or "").rstrip(".")
    except ValueError:
        asked = "."
    known = "." not in asked or asked == urlsplit(settings.public_url).hostname or asked.endswith(_PRIVATE_ZONES)
    if not known and not is_number(asked):
        raise Rejected("unknown_host", "This service is not known under the name that was asked for.")
