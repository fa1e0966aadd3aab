"""Addresses of stored files that expire: the storage's own, or this service's for whoever reads through a shared link.

An address of a shared link ends with the link, which the storage knows nothing of.
"""

from __future__ import annotations

import hmac
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote, urlencode

from api.http.composition import World
from api.http.storage import asked_origin
from core.errors import Rejected
from core.ports import Bucket
from store.blobs import signing_moment
from store.sharing import ShareRepository

PATH: Final = "/v1/files"
PLAIN: Final = "application/octet-stream"
SHOWN: Final = re.compile(
    r"(?:image/(?:png|jpeg|webp|gif|bmp)|(?:video|audio)/[a-z0-9]+|application/(?:pdf|json|octet-stream))"
)
"""Media types that no browser runs."""
_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@dataclass(frozen=True, slots=True)
class Links:
    """Gives addresses of files to one reader.

    Args:
        share_id: of the shared link that the reader came by; its end is the end of every address.
    """

    world: World
    share_id: str | None = None

    @property
    def expires(self) -> datetime:
        life_s = self.world.settings.blobs.link_expires_s
        return signing_moment(life_s) + timedelta(seconds=life_s)

    def to(self, bucket: Bucket, key: str, *, file_name: str | None = None, media_type: str | None = None) -> str:
        """With a file name it is saved under that name, without one shown; `media_type` overrides the stored one."""
        settings = self.world.settings
        if self.share_id is None:
            return self.world.blobs.presign_get(bucket, key, settings.blobs.link_expires_s, file_name, media_type)
        named = {"name": file_name, "type": media_type, "share": self.share_id}
        fields = {name: value for name, value in named.items() if value is not None}
        fields["expires"] = str(int(self.expires.timestamp()))
        query = urlencode({**fields, "signature": _sign(self.world, bucket, key, fields)})
        return f"{asked_origin(settings.api.public_url)}{PATH}/{bucket}/{quote(key)}?{query}"


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file, or the part of it that was asked for."""

    content: Iterator[bytes]
    status: int
    media_type: str
    headers: dict[str, str]


def open_file(world: World, bucket: Bucket, key: str, fields: dict[str, str], wanted: str) -> OpenFile:
    """The file behind an address that `Links` gave.

    Args:
        fields: the address's query.
        wanted: the request's Range; more than one stretch is answered with the whole file.

    Raises: Rejected: `file_not_found`, also when the address has expired or its shared link has ended.
    """
    given = {name: value for name, value in fields.items() if name != "signature"}
    signed = hmac.compare_digest(_sign(world, bucket, key, given).encode(), fields.get("signature", "").encode())
    if not signed or int(given["expires"]) <= time.time():
        raise _gone()
    with world.database.begin() as session:
        if not ShareRepository(session).is_open(given.get("share", "")):
            raise _gone()
    found = world.blobs.stat(bucket, key)
    if found is None:
        raise _gone()
    media_type = given.get("type") or found.media_type or PLAIN
    media_type = media_type if SHOWN.fullmatch(media_type) else PLAIN
    start, length = _stretch(wanted, found.size_bytes)
    status = 200 if start is None else 206
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Length": str(length),
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; img-src 'self'; media-src 'self'; frame-ancestors 'none'",
    }
    if start is not None:
        headers["Content-Range"] = f"bytes {start}-{start + length - 1}/{found.size_bytes}"
    if (name := given.get("name")) is not None or media_type == PLAIN:
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name or 'file', safe='')}"
    content = world.blobs.open_range(bucket, key, start or 0, length) if length else iter(())
    return OpenFile(content, status, media_type, headers)


def _stretch(wanted: str, size: int) -> tuple[int | None, int]:
    """Where the asked stretch begins and its length; None and the whole size where no stretch can be served."""
    asked = _RANGE.fullmatch(wanted.strip())
    if asked is None or not size:
        return None, size
    first, last = asked.groups()
    if first:
        start, end = int(first), min(int(last or size - 1), size - 1)
    else:
        start, end = max(0, size - int(last or 0)), size - 1
    return (start, end - start + 1) if start <= end else (None, size)


def _sign(world: World, bucket: Bucket, key: str, fields: dict[str, str]) -> str:
    """Under a key of its own, made of the storage's secret: whoever may not read the storage can make no address."""
    secret = hmac.digest(world.settings.blobs.secret_key.get_secret_value().encode(), b"deepwitness files", "sha256")
    return hmac.digest(secret, json.dumps([bucket, key, sorted(fields.items())]).encode(), "sha256").hex()


def _gone() -> Rejected:
    return Rejected("file_not_found", "This address has expired, or there is no such file. Open the result again.")
