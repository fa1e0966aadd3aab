"""`core.ports.BlobStore` on the MinIO client."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final, Protocol, cast
from urllib.parse import quote, urlsplit

import urllib3
from minio import Minio
from minio.commonconfig import CopySource
from minio.deleteobjects import DeleteObject
from minio.error import InvalidResponseError, S3Error, ServerError

from core.errors import Misconfigured, Rejected, Unavailable
from core.ports import BlobRef, Bucket
from core.settings import BlobSettings
from store.signing import presign_sized_put

PART_BYTES: Final = 8 * 1024 * 1024
_REFUSED: Final = ("AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch")
_ABSENT: Final = ("NoSuchKey", "NoSuchObject", "NoSuchBucket")


class Readable(Protocol):
    """What the client asks of a stream, whatever its types say."""

    def read(self, size: int) -> bytes: ...


class MinioBlobStore:
    """Objects in four buckets. Pre-signed links are made for the address that clients reach."""

    def __init__(self, settings: BlobSettings) -> None:
        self._settings = settings
        self._prefix = settings.bucket_prefix
        self._client = self._connect(settings, settings.endpoint, settings.secure)
        public = urlsplit(settings.public_endpoint or "")
        self._public = (
            self._connect(settings, public.netloc, public.scheme == "https") if public.netloc else self._client
        )

    @staticmethod
    def _connect(settings: BlobSettings, endpoint: str, secure: bool) -> Minio:
        pool = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=5, read=60),
            retries=urllib3.Retry(total=2, backoff_factor=0.2, status_forcelist=[502, 503, 504]),
            maxsize=16,
        )
        return Minio(
            endpoint,
            settings.access_key.get_secret_value(),
            settings.secret_key.get_secret_value(),
            secure=secure,
            region=settings.region,
            http_client=pool,
        )

    def ensure_buckets(self) -> None:
        with _reachable():
            for bucket in Bucket:
                if not self._client.bucket_exists(self._name(bucket)):
                    try:
                        self._client.make_bucket(self._name(bucket))
                    except S3Error as error:
                        if error.code not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
                            raise

    def put_bytes(self, bucket: Bucket, key: str, content: bytes, media_type: str) -> BlobRef:
        with _reachable():
            self._client.put_object(self._name(bucket), key, io.BytesIO(content), len(content), media_type)
        return BlobRef(bucket, key, len(content))

    def upload(self, bucket: Bucket, key: str, path: Path) -> BlobRef:
        with _reachable():
            self._client.fput_object(self._name(bucket), key, str(path), part_size=PART_BYTES)
        return BlobRef(bucket, key, path.stat().st_size)

    def upload_stream(self, bucket: Bucket, key: str, stream: Readable) -> None:
        """Store what a stream gives until it ends, a few parts of it in memory. What it raises ends the storing."""
        with _reachable():
            self._client.put_object(
                self._name(bucket), key, cast(BinaryIO, stream), -1, part_size=PART_BYTES, num_parallel_uploads=2
            )

    def get_bytes(self, bucket: Bucket, key: str) -> bytes:
        return b"".join(self.open_range(bucket, key, 0, None))

    def open_range(self, bucket: Bucket, key: str, start: int, length: int | None) -> Iterator[bytes]:
        with _reachable():
            response = self._client.get_object(self._name(bucket), key, offset=start, length=length or 0)
        return _chunks(response)

    def download(self, bucket: Bucket, key: str, path: Path) -> None:
        with path.open("wb") as target:
            for chunk in self.open_range(bucket, key, 0, None):
                target.write(chunk)

    def copy(self, source: BlobRef, bucket: Bucket, key: str) -> BlobRef:
        with _reachable():
            self._client.copy_object(self._name(bucket), key, CopySource(self._name(source.bucket), source.key))
        return BlobRef(bucket, key, source.size_bytes)

    def presign_get(
        self, bucket: Bucket, key: str, expires_s: int, file_name: str | None = None, media_type: str | None = None
    ) -> str:
        extra: dict[str, str | list[str] | tuple[str]] = {}
        if file_name is not None:
            extra["response-content-disposition"] = f"attachment; filename*=UTF-8''{quote(file_name, safe='')}"
        if media_type is not None:
            extra["response-content-type"] = media_type
        return str(
            self._public.presigned_get_object(
                self._name(bucket),
                key,
                timedelta(seconds=expires_s),
                response_headers=extra or None,
                request_date=signing_moment(expires_s),
            )
        )

    def presign_put(self, bucket: Bucket, key: str, expires_s: int, size_bytes: int) -> str:
        public, settings = urlsplit(self._settings.public_endpoint or ""), self._settings
        scheme = public.scheme or ("https" if settings.secure else "http")
        return presign_sized_put(
            f"{scheme}://{public.netloc or settings.endpoint}/{self._name(bucket)}/{quote(key)}",
            settings.access_key.get_secret_value(),
            settings.secret_key.get_secret_value(),
            region=settings.region,
            expires_s=expires_s,
            size_bytes=size_bytes,
        )

    def stat(self, bucket: Bucket, key: str) -> BlobRef | None:
        try:
            with _reachable():
                found = self._client.stat_object(self._name(bucket), key)
        except Rejected:
            return None
        return BlobRef(bucket, key, int(found.size or 0), found.content_type)

    def delete(self, bucket: Bucket, key: str) -> None:
        with _reachable():
            self._client.remove_object(self._name(bucket), key)

    def delete_prefix(self, bucket: Bucket, prefix: str) -> int:
        with _reachable():
            keys = self._listed(bucket, prefix)
            errors = list(self._client.remove_objects(self._name(bucket), [DeleteObject(key) for key in keys]))
        if errors:
            raise Unavailable("blobs_not_deleted", "Some stored objects could not be removed; try again.")
        return len(keys)

    def written_before(self, bucket: Bucket, moment: datetime, prefix: str = "") -> Iterator[str]:
        with _reachable():
            for item in self._client.list_objects(self._name(bucket), prefix, recursive=True):
                if not item.is_dir and item.last_modified is not None and item.last_modified < moment:
                    yield str(item.object_name)

    def _listed(self, bucket: Bucket, prefix: str = "") -> list[str]:
        found = self._client.list_objects(self._name(bucket), prefix, recursive=True)
        return [str(item.object_name) for item in found if not item.is_dir]

    def ping(self) -> None:
        with _reachable():
            self._client.bucket_exists(self._name(Bucket.ORIGINALS))

    def _name(self, bucket: Bucket) -> str:
        return f"{self._prefix}{bucket.value}"


def signing_moment(expires_s: int, now: datetime | None = None) -> datetime:
    """When links to read that are asked for now are signed: once in half their life, so that asking again gives the
    same link, which caches and conditional reads recognise. A link is good for at least half of `expires_s`."""
    moment = (now or datetime.now(UTC)).timestamp()
    step = max(1, expires_s // 2)
    return datetime.fromtimestamp(moment - moment % step, UTC)


@contextmanager
def _reachable() -> Iterator[None]:
    """The client's errors as ours."""
    try:
        yield
    except S3Error as error:
        if error.code in _ABSENT:
            raise Rejected("blob_not_found", "The stored object does not exist.") from error
        if error.code in _REFUSED:
            raise Misconfigured("blobs_refused", "The object storage does not accept the service's keys.") from error
        raise Unavailable("blobs_unavailable", "The object storage refused the request.") from error
    except (InvalidResponseError, ServerError, urllib3.exceptions.HTTPError, OSError) as error:
        raise Unavailable("blobs_unavailable", "The object storage cannot be reached at the moment.") from error


def _chunks(response: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    try:
        yield from response.stream(1 << 20)
    except urllib3.exceptions.HTTPError as error:
        raise Unavailable("blobs_unavailable", "The object storage broke off the transfer.") from error
    finally:
        response.close()
        response.release_conn()
