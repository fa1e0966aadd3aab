"""Where a user's address may lead, in every spelling that leads there."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.intake.hooks import acceptable
from core.addresses import UnfitAddress, fit, is_allowed
from core.errors import Rejected
from core.settings import WebhookSettings

INSIDE = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1",
    "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
    "ff02::1", "2002:7f00:1::", "2001:0:7f00:1::", "fe80::1%eth0", "localhost", "",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_inside_is_refused(address: str) -> None:
    assert not is_allowed(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_the_public_internet_is_allowed(address: str) -> None:
    assert is_allowed(address)


@given(st.integers(0, 2**32 - 1))
def test_an_address_of_version_4_fares_the_same_in_every_dress(number: int) -> None:
    bare = IPv4Address(number)
    mapped, sixtofour = IPv6Address(f"::ffff:{bare}"), IPv6Address(0x2002 << 112 | number << 80)
    dressed = [mapped, sixtofour, IPv6Address((0x64FF9B << 96) | number)]
    if not is_allowed(str(bare)):
        assert not any(is_allowed(str(each)) for each in dressed)


def test_a_deployment_may_open_a_network_and_nothing_beside_it() -> None:
    opened = [ip_network("10.1.0.0/16")]
    assert is_allowed("10.1.2.3", opened)
    assert is_allowed("::ffff:10.1.2.3", opened)
    assert not is_allowed("10.2.0.1", opened)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/", "ftp://example.org/", "https://", "https:///path", "https://user:pw@example.org/",
        "https://127.0.0.1/", "https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://localhost/",
        "https://a.localhost./", "https://db.internal/", "https://exa mple.org/", "https://example.org:0/", "https://[broken/",
        "javascript:alert(1)",
    ],
)  # fmt: skip
def test_what_cannot_be_a_webhook_is_not_kept(url: str) -> None:
    with pytest.raises(Rejected, match="webhook_url_refused"):
        acceptable(url, WebhookSettings())


def test_an_address_is_kept_without_its_fragment() -> None:
    assert acceptable("https://example.org:8443/a?b=c#d", WebhookSettings()) == "https://example.org:8443/a?b=c"
    opened = WebhookSettings(allow_http=True, allowed_networks=(IPv4Network("127.0.0.0/8"),))
    assert acceptable("http://127.0.0.1:9/x", opened) == "http://127.0.0.1:9/x"


def test_letters_beyond_ascii_are_escaped_in_a_path_and_refused_in_a_host() -> None:
    assert (
        fit("https://example.org/hök/%C3%B6?q=ü&r=1#t", ("https",))
        == "https://example.org/h%C3%B6k/%C3%B6?q=%C3%BC&r=1"
    )
    with pytest.raises(UnfitAddress):
        fit("https://exämple.org/a", ("https",))
