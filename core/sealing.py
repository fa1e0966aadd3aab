"""The seal on a report: digests of its parts, and an Ed25519 signature over the manifest that holds them.

Works on plain JSON values, as they were written: a report of an older schema version is checked as it stands.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from core.errors import Misconfigured
from core.types import Report, Seal

KEY_BYTES: Final = 32
_UNSEALED: Final = frozenset({"manifest", "seal"})
_LISTS: Final = {"evidence": "modality", "explanations": "id", "artefacts": "id"}
"""Parts whose items have a digest each, and the field that names an item."""


def canonical(value: object) -> bytes:
    """The one way a JSON value is written when its bytes matter: sorted, compact, UTF-8, shortest numbers."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest(value: object) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def parts(report: Mapping[str, Any]) -> dict[str, object]:
    """Every part of a report but its manifest and seal, by name; lists of named items come apart.

    The headline's address of a heatmap expires and is put in when a report is handed out, so it is left out.
    """
    found: dict[str, object] = {}
    for name, value in report.items():
        if name in _UNSEALED:
            continue
        if name in _LISTS and isinstance(value, list):
            # The order is part of what is sealed, and so is that nothing was taken away.
            found[name] = [_name_of(item, _LISTS[name]) for item in value]
            found |= {f"{name}.{_name_of(item, _LISTS[name])}": item for item in value}
        elif name == "headline" and isinstance(value, dict):
            found[name] = {**value, "heatmap_url": None}
        else:
            found[name] = value
    return found


def _name_of(item: object, field: str) -> str:
    return str(item.get(field)) if isinstance(item, dict) else "unnamed"


def digests(report: Mapping[str, Any]) -> dict[str, str]:
    return {name: digest(value) for name, value in sorted(parts(report).items())}


def sealed(report: Report, key: Ed25519PrivateKey | None) -> Report:
    """The report with the digests of its parts in its manifest and, when there is a key, signed."""
    written = report.model_dump(mode="json")
    manifest = report.manifest.model_copy(update={"digests": digests(written)})
    seal = None if key is None else sign(manifest.model_dump(mode="json"), key)
    return report.model_copy(update={"manifest": manifest, "seal": seal})


def sign(manifest: Mapping[str, Any], key: Ed25519PrivateKey) -> Seal:
    return Seal(public_key=public_text(key), signature=base64.b64encode(key.sign(canonical(manifest))).decode())


def is_signed_by(manifest: Mapping[str, Any], seal: Mapping[str, Any]) -> bool:
    """Whether the seal's own key signed this manifest."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(str(seal.get("public_key")), validate=True))
        key.verify(base64.b64decode(str(seal.get("signature")), validate=True), canonical(manifest))
    except (ValueError, binascii.Error, InvalidSignature):
        return False
    return seal.get("algorithm") == "Ed25519"


def read_key(text: str) -> Ed25519PrivateKey:
    """The signing key from a setting: 32 bytes in base64 or hexadecimal.

    Raises: Misconfigured.
    """
    for decode in (bytes.fromhex, lambda given: base64.b64decode(given, validate=True)):
        try:
            raw = decode(text.strip())
        except (ValueError, binascii.Error):
            continue
        if len(raw) == KEY_BYTES:
            return Ed25519PrivateKey.from_private_bytes(raw)
    raise Misconfigured("signing_key_invalid", "SIGNING__KEY must be 32 bytes in base64 or hexadecimal.")


def public_text(key: Ed25519PrivateKey) -> str:
    raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return base64.b64encode(raw).decode()


def fingerprint(public_key: str) -> str:
    """What people compare: the first 16 bytes of the key's SHA-256, in groups of four."""
    whole = hashlib.sha256(base64.b64decode(public_key)).hexdigest()[:32]
    return " ".join(whole[at : at + 4] for at in range(0, 32, 4))
