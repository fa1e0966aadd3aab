"""What the bodies of `explain.*` share: reading what was decided, and keeping and telling what was made of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, Protocol, TypeVar

import structlog

from core.errors import DeepwitnessError, Unavailable
from core.media import RgbImage
from core.ports import BlobStore, Bucket, CaseFile, EventLog
from core.settings import Settings
from core.types import (
    Artefact,
    ArtefactKind,
    AudioEvidence,
    Explanation,
    Stage,
    VisualEvidence,
)
from detectors.media.extraction import decode_image
from prompts.words import Words
from tasks.examiners import FaceExaminer, VoiceExaminer

_log: Final = structlog.get_logger()
E = TypeVar("E", VisualEvidence, AudioEvidence)
SUFFIXES: Final = {
    "image/png": "png",
    "application/pdf": "pdf",
    "application/json": "json",
    "video/mp4": "mp4",
}


class Bench(Protocol):
    """What these bodies use of the worker that runs them."""

    @property
    def settings(self) -> Settings: ...

    @property
    def case(self) -> CaseFile: ...

    @property
    def events(self) -> EventLog: ...

    @property
    def blobs(self) -> BlobStore: ...

    @property
    def visual(self) -> Callable[[], FaceExaminer]: ...

    @property
    def audio(self) -> Callable[[], VoiceExaminer]: ...


def evidence_of(context: Bench, analysis_id: str, kind: type[E]) -> E | None:
    return next((each for each in context.case.evidence(analysis_id) if isinstance(each, kind)), None)


def frames_of(context: Bench, analysis_id: str) -> Callable[[int], RgbImage]:
    """Sampled frames by index, fetched and decoded when first asked for."""
    keys = {frame.index: frame.key for frame in context.case.prepared(analysis_id).frames}
    decoded: dict[int, RgbImage] = {}

    def frame(index: int) -> RgbImage:
        if index not in decoded:
            decoded[index] = decode_image(context.blobs.get_bytes(Bucket.FRAMES, keys[index]))
        return decoded[index]

    return frame


def keep(
    context: Bench,
    analysis_id: str,
    artefact_id: str,
    kind: ArtefactKind,
    content: bytes,
    caption: str,
    media_type: str = "image/png",
) -> Artefact:
    """Store a file and its record."""
    key = f"{analysis_id}/{artefact_id}.{SUFFIXES[media_type]}"
    context.blobs.put_bytes(Bucket.OUTPUTS, key, content, media_type)
    artefact = Artefact(
        id=artefact_id,
        kind=kind,
        key=key,
        media_type=media_type,
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        caption=caption,
    )
    context.case.save_artefact(analysis_id, artefact)
    return artefact


def announce(context: Bench, analysis_id: str, explanation: Explanation, message: str) -> None:
    """Store an account and tell that it is there."""
    context.case.save_explanation(analysis_id, explanation)
    context.events.append(
        analysis_id,
        "explanation",
        message,
        stage=Stage.EXPLAIN,
        detail={"explanation_id": explanation.id, "artefact_id": explanation.artefact_id},
    )


@contextmanager
def degrading(analysis_id: str, what: str) -> Iterator[None]:
    """One picture less instead of none at all. A dependency that is away is another matter: the job is tried again."""
    try:
        yield
    except Unavailable:
        raise
    except (DeepwitnessError, ValueError, KeyError, ArithmeticError, RuntimeError, OSError) as error:
        _log.warning("tasks.explanation.failed", analysis_id=analysis_id, what=what, error=repr(error))


def words_for(context: Bench, analysis_id: str) -> Words:
    """Those of the analysis's language, else of the deployment's."""
    return Words(context.case.analysis(analysis_id).language or context.settings.narrative_language)
