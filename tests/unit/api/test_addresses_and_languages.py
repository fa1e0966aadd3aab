"""Under which address files are handed out, and in which language a request is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from api.http.app import create_app
from api.http.language import AskedLanguage, asked_language
from api.http.storage import AskedOrigin, OwnAddressBlobs
from core.ports import Bucket
from core.settings import BlobSettings
from tests.unit.api.test_app import settings

BLOBS = BlobSettings(
    endpoint="127.0.0.1:9000", access_key=SecretStr("k"), secret_key=SecretStr("s"), secure=False, through_api=True
)
PUBLIC = "http://192.168.1.5:8000"


def answering(wrapped: Callable[[Any], Any], look: Callable[[], str | None], **scope: Any) -> str | None:
    """What an endpoint behind `wrapped` sees of one request."""
    seen: list[str | None] = []

    async def app(*_: Any) -> None:
        seen.append(look())

    async def nothing(*_: Any) -> Any:
        return None

    base = {"type": "http", "scheme": "http", "path": "/", "query_string": b"", "headers": [], "method": "GET"}
    asyncio.run(wrapped(app)(base | scope, nothing, nothing))
    return seen[0]


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("localhost:8000", "http://localhost:8000"),
        ("192.168.1.5:8000", PUBLIC),
        ("a b\\c", PUBLIC),
        ("", PUBLIC),
    ],
)
def test_addresses_lead_through_the_name_that_was_asked(host: str, origin: str) -> None:
    blobs = OwnAddressBlobs(BLOBS, PUBLIC)
    made = answering(
        lambda app: AskedOrigin(app, public_url=PUBLIC),
        lambda: blobs.presign_get(Bucket.OUTPUTS, "an_1/report.pdf", 600, "a b.pdf"),
        headers=[(b"host", host.encode())],
    )
    assert made is not None
    parts = urlsplit(made)
    assert f"{parts.scheme}://{parts.netloc}" == origin
    assert parts.path == "/storage/deepwitness-outputs/an_1/report.pdf"
    assert "X-Amz-Signature=" in parts.query
    assert "127.0.0.1" not in made


@pytest.mark.parametrize("address", ["/storage/deepwitness-outputs/an_1/report.pdf", "/storage/x?X-Amz-Signature=1"])
def test_nothing_is_passed_on_unsigned_or_where_it_is_not_switched_on(address: str) -> None:
    with TestClient(create_app(settings())) as client:
        assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("query", "headers", "spoken"),
    [
        (b"language=de", [], "de"),
        (b"lang=fr", [(b"accept-language", b"de")], "fr"),
        (b"language=xx", [(b"accept-language", b"de-AT,en;q=0.5")], "de"),
        (b"", [(b"cookie", b"deepwitness_language=fr"), (b"accept-language", b"de")], "fr"),
        (b"", [(b"accept-language", b"it")], None),
        (b"", [], None),
    ],
)
def test_a_request_chooses_its_language(query: bytes, headers: list[tuple[bytes, bytes]], spoken: str | None) -> None:
    assert answering(AskedLanguage, asked_language, query_string=query, headers=headers) == spoken
