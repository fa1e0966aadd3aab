"""Which network addresses our servers may be sent to by a user."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

_NAT64: Final = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))


def is_allowed(address: str, inside: Iterable[IPv4Network | IPv6Network] = ()) -> bool:
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
