"""An address of the storage that takes one file of one size. The storage's client signs no size, so this does.

Source: AWS Signature Version 4 with query parameters. The content's length is among the signed headers, so the storage
refuses a request that sends another length, or none, before it reads the body.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote, urlsplit

ALGORITHM: Final = "AWS4-HMAC-SHA256"
HEADERS: Final = "content-length;host"


def presign_sized_put(
    url: str,
    access_key: str,
    secret_key: str,
    *,
    region: str,
    expires_s: int,
    size_bytes: int,
    now: datetime | None = None,
) -> str:
    """The address to PUT exactly `size_bytes` to for `expires_s`.

    Args:
        url: of the object, its path quoted, without a query.
    """
    parts, moment = urlsplit(url), now or datetime.now(UTC)
    stamp = f"{moment:%Y%m%dT%H%M%SZ}"
    scope = f"{moment:%Y%m%d}/{region}/s3/aws4_request"
    fields = {
        "X-Amz-Algorithm": ALGORITHM,
        "X-Amz-Credential": f"{access_key}/{scope}",
        "X-Amz-Date": stamp,
        "X-Amz-Expires": str(expires_s),
        "X-Amz-SignedHeaders": HEADERS,
    }
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in sorted(fields.items()))
    headers = f"content-length:{size_bytes}\nhost:{parts.netloc}\n"
    request = f"PUT\n{parts.path}\n{query}\n{headers}\n{HEADERS}\nUNSIGNED-PAYLOAD"
    key = f"AWS4{secret_key}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signed = f"{ALGORITHM}\n{stamp}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    return f"{url}?{query}&X-Amz-Signature={hmac.digest(key, signed.encode(), 'sha256').hex()}"
