"""Which addresses our servers may be sent to by a user."""

from __future__ import annotations

import string
from collections.abc import Collection, Iterable
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import quote, urlsplit

Network = IPv4Network | IPv6Network

_HOME: Final = ("localhost", ".localhost", ".local", ".internal")
_NAT64: Final = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))


class Fault(StrEnum):
    """What is wrong with an address, as it is written."""

    FORM = "form"
    SCHEME = "scheme"
    CREDENTIALS = "credentials"
    PLACE = "place"


class UnfitAddress(ValueError):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def fit(url: str, schemes: Collection[str], inside: Collection[Network] = ()) -> str:
    """The address without a fragment, other letters than ASCII escaped. Where it leads is checked at every connection.

    Raises: UnfitAddress for another scheme, credentials in it, or a host that is plainly one of our own.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise UnfitAddress(Fault.FORM) from error
    if parts.scheme not in schemes:
        raise UnfitAddress(Fault.SCHEME)
    if not host or not parts.netloc.isascii() or any(char.isspace() or ord(char) < 33 for char in url) or port == 0:
        raise UnfitAddress(Fault.FORM)
    if parts.username is not None or parts.password is not None:
        raise UnfitAddress(Fault.CREDENTIALS)
    if is_number(host):
        if not is_allowed(host, inside):
            raise UnfitAddress(Fault.PLACE)
    elif not inside and (host == _HOME[0] or host.rstrip(".").endswith(_HOME[1:])):
        raise UnfitAddress(Fault.PLACE)
    path, query = (quote(part, safe=string.printable) for part in (parts.path, parts.query))
    return parts._replace(path=path, query=query, fragment="").geturl()


def is_allowed(address: str, inside: Iterable[Network] = ()) -> bool:
    """Whether a connection may go there: to the public internet, or into a network that the deployment allows.

    Private, loopback, link-local (with the clouds' metadata services), shared, multicast and reserved ranges are
    refused, also where an IPv6 form carries them.

    Args:
        address: numeric, as a resolver gives it; a zone (`%eth0`) is refused.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return False
    candidates = {found, *_carried(found)}
    if any(each in network for each in candidates for network in inside if each.version == network.version):
        return True
    return all(each.is_global and not each.is_multicast for each in candidates)


def _carried(address: IPv4Address | IPv6Address) -> tuple[IPv4Address, ...]:
    """IPv4 addresses that an IPv6 address leads to."""
    if isinstance(address, IPv4Address):
        return ()
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if any(address in network for network in _NAT64) or int(address) >> 32 == 0:
        found.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return tuple(each for each in found if each is not None)


def is_number(host: str) -> bool:
    """Whether the host is an IP address and no name."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
