"""The PDF of a report: the sealed one, or its translation, which is written when it is first asked for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from anyio.to_thread import run_sync

from api.http.composition import World
from api.http.language import LANGUAGES
from api.intake.submission import send_job
from api.usecases.progress import POLL_S
from api.usecases.results import document_name
from core.errors import Rejected, Unavailable
from core.jobs import TRANSLATE_DOCUMENT
from core.ports import Bucket
from core.types import Artefact, DocumentTranslation, Report
from store.ledger import open_afterwards

MAX_WAIT_S: Final = 60.0
"""A translation takes one to three seconds once a worker is free."""
SEALED: Final = "report-pdf"


@dataclass(frozen=True, slots=True)
class OpenDocument:
    content: Iterator[bytes]
    size_bytes: int
    name: str

    @property
    def headers(self) -> dict[str, str]:
        """Of the response that carries it: it is saved under its name."""
        disposition = f"attachment; filename*=UTF-8''{quote(self.name, safe='')}"
        return {"Content-Disposition": disposition, "Content-Length": str(self.size_bytes)}


async def open_document(world: World, report: Report, language: str | None) -> OpenDocument:
    """The PDF in a language; None and the report's own language are the sealed one.

    Raises: Rejected("artefact_not_found"). Unavailable("translation_unanswered").
    """
    sealed = await run_sync(_find, world, report, SEALED)
    if sealed is None:
        raise Rejected("artefact_not_found", "This analysis has no PDF.")
    if language not in LANGUAGES or language == report.narrative.language or report.document is None:
        return await run_sync(_open, world, report, sealed)
    name = report.translation_id(str(language))
    found = await run_sync(_find, world, report, name)
    if found is None:
        await run_sync(_send, world, report, str(language))
        deadline = time.monotonic() + MAX_WAIT_S
        while (found := await run_sync(_find, world, report, name)) is None:
            if time.monotonic() >= deadline:
                raise Unavailable(
                    "translation_unanswered",
                    "The report could not be written in this language in time; ask once more later.",
                )
            await asyncio.sleep(POLL_S)
    return await run_sync(_open, world, report, found)


def _open(world: World, report: Report, document: Artefact) -> OpenDocument:
    content = world.blobs.open_range(Bucket.OUTPUTS, document.key, 0, None)
    return OpenDocument(content, document.size_bytes, document_name(document, report.file_name))


def _find(world: World, report: Report, name: str) -> Artefact | None:
    return next((each for each in world.case.artefacts(report.analysis_id) if each.id == name), None)


def _send(world: World, report: Report, language: str) -> None:
    subject = report.translation_id(language)
    with world.database.begin() as session:
        payload = DocumentTranslation(language=language)
        job = open_afterwards(session, TRANSLATE_DOCUMENT, report.analysis_id, subject, payload)
    send_job(world, job.spec)
