"""What an address must look like before it is kept. Where it leads is checked again at every connection."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from core.addresses import is_allowed
from core.errors import Rejected
from core.settings import WebhookSettings

_HOME: Final = ("localhost", ".localhost", ".local", ".internal")


def acceptable(url: str, settings: WebhookSettings) -> str:
    """The address without a fragment.

    Raises: Rejected("webhook_url_refused") for another scheme than https, credentials in it, or a host that is plainly
        one of our own.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise _refused("It is not an address.") from error
    schemes = ("https", "http") if settings.allow_http else ("https",)
    if parts.scheme not in schemes:
        raise _refused("It must begin with https://.")
    if not host or any(char.isspace() or ord(char) < 33 for char in url) or port == 0:
        raise _refused("It is not an address.")
    if parts.username is not None or parts.password is not None:
        raise _refused("It must not carry credentials; messages are signed instead.")
    if _is_number(host):
        if not is_allowed(host, settings.allowed_networks):
            raise _refused("It leads to a place that this service does not send to.")
    elif not settings.allowed_networks and (host == _HOME[0] or host.rstrip(".").endswith(_HOME[1:])):
        raise _refused("It leads to a place that this service does not send to.")
    return parts._replace(fragment="").geturl()


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _refused(why: str) -> Rejected:
    return Rejected("webhook_url_refused", f"This address cannot be a webhook. {why}")
