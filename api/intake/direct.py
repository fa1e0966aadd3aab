"""Uploads that go straight to the object storage under a pre-signed address, and are then handed in by their id."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from api.http.composition import World
from api.http.room import need_room
from api.intake.submission import Accepted, made_under, submit
from api.intake.upload import Received, clean_file_name, clean_instruction, spooled, too_large
from api.schemas import SubmitUpload, UploadTicket
from core.errors import DeepwitnessError, Rejected
from core.ports import Bucket
from store.uploads import UploadRepository, key_of_upload

EXPIRES_S: Final = 1800
"""How long an address takes its file. `store.uploads` removes what lies there ten minutes later."""
_ID: Final = re.compile(r"up_[0-9a-f]{48}")

_log: Final = structlog.get_logger()


def open_upload(world: World, owner_id: str, size_bytes: int) -> UploadTicket:
    """An address that takes one file of this size by PUT for half an hour. Only this owner can hand it in.

    Raises: Rejected: `too_large`, `too_many_uploads`. Unavailable.
    """
    limits = world.settings.limits
    if size_bytes > limits.max_upload_bytes:
        raise too_large()
    need_room(limits, size_bytes)
    upload_id = f"up_{secrets.token_hex(24)}"
    world.buckets.ensure()
    expires_s = min(EXPIRES_S, world.settings.blobs.link_expires_s)
    expires = datetime.now(UTC) + timedelta(seconds=expires_s)
    with world.database.begin() as session:
        UploadRepository(session).open(
            owner_id,
            upload_id,
            size_bytes,
            expires,
            most=limits.max_open_uploads,
            most_bytes=max(limits.max_open_upload_bytes, limits.max_upload_bytes),
        )
    url = world.blobs.presign_put(Bucket.ORIGINALS, key_of_upload(owner_id, upload_id), expires_s, size_bytes)
    return UploadTicket(upload_id=upload_id, url=url, expires=expires)


@contextmanager
def fetched_upload(world: World, owner_id: str, request: SubmitUpload) -> Iterator[Received]:
    """The uploaded file in a temporary file, checked as any other; the uploaded object is gone afterwards.

    It is the fetched copy that is probed and kept: its sender may still overwrite the object.

    Raises: Rejected: `upload_not_found`, `too_large`, and as any upload.
    """
    if not _ID.fullmatch(request.upload_id):
        raise _unknown()
    key = key_of_upload(owner_id, request.upload_id)
    found = world.blobs.stat(Bucket.ORIGINALS, key)
    if found is None:
        raise _unknown()
    instruction = clean_instruction(request.instruction)
    limits = world.settings.limits
    try:
        if found.size_bytes > limits.max_upload_bytes:
            raise too_large()
        need_room(limits, found.size_bytes)
        with spooled(limits) as (path, spool):
            for chunk in world.blobs.open_range(Bucket.ORIGINALS, key, 0, None):
                spool.write(chunk)
            spool.close()
            name = clean_file_name(request.file_name)
            yield Received(path, spool.size_bytes, spool.sha256, name, instruction, request.scope)
    except Rejected:
        _remove(world, key)
        raise
    else:
        _remove(world, key)


def submit_named(world: World, owner_id: str, named: SubmitUpload, idempotency_key: str | None) -> Accepted:
    """Hand in an upload. Asked again under its idempotency key it is the same analysis, though the upload is gone.

    Raises: Rejected, Unavailable.
    """
    try:
        with fetched_upload(world, owner_id, named) as received:
            return submit(world, owner_id, received, idempotency_key)
    except Rejected as error:
        known = None
        if error.code == "upload_not_found" and idempotency_key is not None:
            instruction = clean_instruction(named.instruction)
            known = made_under(world, owner_id, idempotency_key, instruction, named.scope)
        if known is None:
            raise
        return Accepted(known, False)


def _remove(world: World, key: str) -> None:
    try:
        world.blobs.delete(Bucket.ORIGINALS, key)
    except DeepwitnessError as error:
        _log.warning("api.upload.left_behind", key=key, error=repr(error))


def _unknown() -> Rejected:
    return Rejected("upload_not_found", "There is no such upload, or nothing was uploaded to it yet.")
