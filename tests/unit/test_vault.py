"""Secrets of others: opened only under the key and the name that they were sealed under."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from core.errors import Misconfigured
from core.settings import WebhookSettings
from core.vault import PREFIX, Vault, is_sealed

KEY = SecretStr("00" * 31 + "01")


@given(st.text(max_size=200), st.text(max_size=40))
def test_what_is_sealed_opens_again_and_shows_nothing(secret: str, name: str) -> None:
    vault = Vault(KEY)
    sealed = vault.seal(secret, name)
    assert vault.open(sealed, name) == secret
    assert is_sealed(sealed)
    assert vault.seal(secret, name) != sealed
    assert len(secret) < 4 or secret not in sealed


def test_another_key_another_name_or_another_byte_opens_nothing() -> None:
    sealed = Vault(KEY).seal("whsec_secret", "wh_1")
    raw = bytearray(base64.urlsafe_b64decode(sealed.removeprefix(PREFIX)))
    raw[-1] ^= 1
    changed = PREFIX + base64.urlsafe_b64encode(bytes(raw)).decode()
    for vault, text, name in (
        (Vault(SecretStr("11" * 32)), sealed, "wh_1"),
        (Vault(KEY), sealed, "wh_2"),
        (Vault(KEY), changed, "wh_1"),
        (Vault(KEY), PREFIX + "nonsense", "wh_1"),
        (Vault(KEY), PREFIX, "wh_1"),
    ):
        with pytest.raises(Misconfigured) as refused:
            vault.open(text, name)
        assert refused.value.code == "vault_key_wrong"


def test_the_longest_secret_fits_its_column() -> None:
    longest = "whsec_" + base64.b64encode(bytes(32)).decode()
    assert len(Vault(KEY).seal(longest, "wh_" + "0" * 32)) <= 200


def test_a_key_is_32_bytes_in_hexadecimal_or_base64() -> None:
    in_base64 = SecretStr(base64.b64encode(bytes.fromhex(KEY.get_secret_value())).decode())
    assert Vault(in_base64).open(Vault(KEY).seal("a", "b"), "b") == "a"
    for bad in ("short", "zz" * 32, "00" * 31):
        with pytest.raises(ValidationError, match="WEBHOOKS__KEY"):
            WebhookSettings(key=SecretStr(bad))
