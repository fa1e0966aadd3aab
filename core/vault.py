"""Secrets of others that we must be able to read again: sealed at rest under the deployment's key."""

from __future__ import annotations

import base64
import binascii
import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import SecretStr

from core.errors import Misconfigured

PREFIX: Final = "sealed1:"
_NONCE_BYTES: Final = 12


class Vault:
    """AES-256-GCM. What is sealed for one owner's row cannot be opened as another's."""

    def __init__(self, key: SecretStr) -> None:
        self._cipher = AESGCM(_key_bytes(key.get_secret_value()))

    def seal(self, secret: str, name: str) -> str:
        """`name` says what the secret is of; it must be given again to open it."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, secret.encode(), name.encode())
        return PREFIX + base64.urlsafe_b64encode(nonce + sealed).decode()

    def open(self, sealed: str, name: str) -> str:
        """Raises: Misconfigured("vault_key_wrong") when it was sealed under another key, or is another's."""
        try:
            raw = base64.urlsafe_b64decode(sealed.removeprefix(PREFIX))
            return self._cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], name.encode()).decode()
        except (InvalidTag, binascii.Error, ValueError) as error:
            raise Misconfigured(
                "vault_key_wrong", "A stored secret does not open with WEBHOOKS__KEY; it was sealed under another key."
            ) from error


def is_sealed(text: str) -> bool:
    return text.startswith(PREFIX)


def _key_bytes(text: str) -> bytes:
    """Of a key whose form settings have checked."""
    return bytes.fromhex(text) if len(text) == 64 else base64.b64decode(text)
