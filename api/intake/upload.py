"""Receives an upload: streamed to a temporary file while it is hashed, counted and sniffed, never whole in memory."""

from __future__ import annotations

import errno
import hashlib
import tempfile
import unicodedata
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import anyio
from anyio.to_thread import run_sync
from fastapi import Request
from starlette.requests import ClientDisconnect

from api.http.composition import World
from api.http.room import need_room, no_space
from api.intake.form import FormReader
from api.intake.scope import parse_scope
from api.intake.storing import LEAST_BYTES, EarlyCopy, begin_copy
from core.errors import Rejected, Unavailable
from core.settings import LimitSettings
from core.types import Scope

MAX_INSTRUCTION_CHARS: Final = 1000
MAX_FILE_NAME_CHARS: Final = 255
MAX_FORM_EXTRA_BYTES: Final = 64 * 1024
"""What a multipart body may hold beside the file."""
SILENCE_S: Final = 60.0
"""A sender that is silent for so long is given up."""
SPOOL_CHUNK_BYTES: Final = 1 << 20
SNIFF_BYTES: Final = 512
TEMP_PREFIX: Final = "deepwitness-upload-"

_PLAYLISTS: Final = ("#EXTM3U", "ffconcat", "[playlist]", "<MPD", "<smil", "<asx", "v=0", "RTSPtext")


@dataclass(frozen=True, slots=True)
class Received:
    """An upload in a temporary file, not yet probed."""

    path: Path
    size_bytes: int
    sha256: str
    file_name: str
    instruction: str
    scope: Scope | None = None
    source_url: str | None = None
    early: EarlyCopy | None = None
    """Its object, where it is stored already or nearly so."""


class Spool:
    """The temporary file of one upload, with its digest and size, refusing what can be refused by its first bytes."""

    def __init__(self, file: IO[bytes], max_bytes: int) -> None:
        self._file = file
        self._max_bytes = max_bytes
        self._digest = hashlib.sha256()
        self._head = b""
        self._sniffed = False
        self.size_bytes = 0

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def write(self, chunk: bytes) -> None:
        """Raises: Rejected, Unavailable when the disk is full."""
        self.size_bytes += len(chunk)
        if self.size_bytes > self._max_bytes:
            raise too_large()
        if not self._sniffed:
            self._head += chunk[:SNIFF_BYTES]
            if len(self._head) >= SNIFF_BYTES:
                self._sniff()
        self._digest.update(chunk)
        try:
            self._file.write(chunk)
            self._file.flush()  # whoever stores it meanwhile reads the file
        except OSError as error:
            raise _disk_trouble(error) from error

    def close(self) -> None:
        """All was written. Raises: Rejected."""
        if not self._sniffed:
            self._sniff()
        try:
            self._file.flush()
        except OSError as error:
            raise _disk_trouble(error) from error

    def _sniff(self) -> None:
        self._sniffed = True
        refuse_by_head(self._head[:SNIFF_BYTES])


def refuse_by_head(head: bytes) -> None:
    """Refuses an empty file, a playlist and plain text; everything else is for the prober to judge.

    Raises: Rejected: `empty_file`, `playlist_refused`, `unsupported_format`.
    """
    if not head:
        raise Rejected("empty_file", "The file is empty.")
    if b"\0" in head:
        return
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:
            return
        text = head[: error.start].decode("utf-8-sig")
    if any(unicodedata.category(char) == "Cc" and char not in "\t\r\n\f" for char in text):
        return
    if text.lstrip().startswith(_PLAYLISTS) or (text.lstrip().startswith("<?xml") and "<MPD" in text):
        raise Rejected("playlist_refused", "This is a playlist that refers to other files; upload the media itself.")
    raise Rejected("unsupported_format", "This is not a video, image or sound file in a supported format.")


@contextmanager
def spooled(limits: LimitSettings) -> Iterator[tuple[Path, Spool]]:
    """A temporary file for one upload, gone when the block ends however it ends."""
    try:
        file = tempfile.NamedTemporaryFile(prefix=TEMP_PREFIX)  # noqa: SIM115 - closed below
    except OSError as error:
        raise _disk_trouble(error) from error
    with file:
        yield Path(file.name), Spool(file, limits.max_upload_bytes)


@asynccontextmanager
async def received_form(request: Request, world: World) -> AsyncIterator[Received]:
    """The `file`, `instruction` and `scope` of a multipart request. A long file is stored while it comes in.

    Raises: Rejected, Unavailable.
    """
    limits = world.settings.limits
    given = request.headers.get("content-length", "")
    declared_bytes = int(given) if given.isdecimal() else 0
    if declared_bytes > limits.max_upload_bytes + MAX_FORM_EXTRA_BYTES:
        raise too_large()
    await run_sync(need_room, limits, declared_bytes)
    with spooled(limits) as (path, spool):
        form = FormReader(request.headers.get("content-type", ""), max_text_bytes=4 * MAX_INSTRUCTION_CHARS)
        early: EarlyCopy | None = None
        try:
            async for chunk in _chunks(request):
                form.feed(chunk)
                if len(form.content) < (SPOOL_CHUNK_BYTES if spool.size_bytes else SNIFF_BYTES):
                    continue
                is_first = not spool.size_bytes
                await run_sync(spool.write, form.take())
                if is_first and declared_bytes >= LEAST_BYTES:
                    early = begin_copy(world, path)
                if early is not None:
                    early.file.grown(spool.size_bytes)
            form.finish()
            await run_sync(spool.write, form.take())
            await run_sync(spool.close)
            if early is not None:
                early.file.grown(spool.size_bytes)
                early.file.end()
            yield Received(
                path,
                spool.size_bytes,
                spool.sha256,
                clean_file_name(form.file_name or ""),
                clean_instruction(form.text.get("instruction", "")),
                parse_scope(form.text.get("scope", "")),
                early=early,
            )
        finally:
            if early is not None and not early.is_settled:
                with anyio.CancelScope(shield=True):
                    await run_sync(early.discard)


def clean_file_name(given: str) -> str:
    """The last part of the name, without what could disguise it; only ever shown, never opened."""
    name = given.replace("\\", "/").rpartition("/")[2]
    shown = "".join(char for char in name if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp")).strip()
    if len(shown) > MAX_FILE_NAME_CHARS:
        stem, dot, suffix = shown.rpartition(".")
        tail = f"{dot}{suffix}" if dot and len(suffix) <= 10 else ""
        shown = (stem if tail else shown)[: MAX_FILE_NAME_CHARS - len(tail)] + tail
    return shown or "upload"


def clean_instruction(given: str) -> str:
    """Raises: Rejected("instruction_too_long")."""
    text = "".join(char for char in given if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs")).strip()
    if len(text) > MAX_INSTRUCTION_CHARS:
        raise Rejected("instruction_too_long", f"An instruction has at most {MAX_INSTRUCTION_CHARS} characters.")
    return text


def too_large() -> Rejected:
    return Rejected("too_large", "The file is larger than this service accepts.")


async def _chunks(request: Request) -> AsyncIterator[bytes]:
    """The body as it comes in.

    Raises: Rejected: `upload_timeout`, `upload_interrupted`.
    """
    stream = request.stream().__aiter__()
    while True:
        try:
            with anyio.fail_after(SILENCE_S):
                chunk = await anext(stream)
        except StopAsyncIteration:
            return
        except TimeoutError as error:
            raise Rejected("upload_timeout", "The upload was silent for too long.") from error
        except ClientDisconnect as error:
            raise Rejected("upload_interrupted", "The upload broke off.") from error
        if chunk:
            yield chunk


def _disk_trouble(error: OSError) -> Unavailable:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return no_space()
    return Unavailable("spool_failed", "The service cannot take uploads at the moment.")
