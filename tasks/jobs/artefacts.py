"""What the jobs on a recording share: fetching frames and sound, reading what was decided, keeping what was made."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final, Protocol, TypeVar

import structlog

from core.confinement import Run
from core.errors import DeepwitnessError, Defect, Unavailable
from core.media import AlignedFace, RgbImage, SampledFrame, Waveform
from core.ports import BlobStore, Bucket, CaseFile, EventLog
from core.settings import Settings
from core.types import (
    Artefact,
    ArtefactKind,
    AudioEvidence,
    Explanation,
    FaceGeometry,
    FaceTrack,
    FrameRef,
    FrameScore,
    FrameSize,
    MapPlace,
    PreparedMedia,
    SoundPart,
    Stage,
    VisualEvidence,
)
from detectors.media.extraction import decode_flac, decode_image
from explainers.faces.attribution import FaceAttribution
from explainers.rendering.heatmap import area_of, render_heatmap, render_layer
from prompts.words import Words
from tasks.examiners import FaceExaminer, VoiceExaminer
from tasks.policy import NO_ROOM

_log: Final = structlog.get_logger()
E = TypeVar("E", VisualEvidence, AudioEvidence)
SUFFIXES: Final = {
    "image/png": "png",
    "application/pdf": "pdf",
    "application/json": "json",
    "video/mp4": "mp4",
}


class Storage(Protocol):
    """Where frames and sound are fetched from."""

    @property
    def blobs(self) -> BlobStore: ...


class Bench(Storage, Protocol):
    """What these bodies use of the worker that runs them."""

    @property
    def settings(self) -> Settings: ...

    @property
    def case(self) -> CaseFile: ...

    @property
    def reader(self) -> Run: ...

    @property
    def events(self) -> EventLog: ...

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


def keep_map(
    context: Bench,
    analysis_id: str,
    names: tuple[str, str],
    seen: tuple[RgbImage, AlignedFace, FaceAttribution],
    score: tuple[FaceTrack, FrameScore],
    caption: str,
    words: Words,
) -> tuple[Artefact, MapPlace]:
    """Store a map over its face and as a layer of its own, and tell where it lies in the frame.

    Args:
        names: ids of the picture and of the layer.
        seen: the frame, the face that was found in it, and what the map says of it.
        score: the face that is followed, and its score in this frame.
    """
    picture, face, attribution = seen
    drawn = render_heatmap(picture, face, attribution, *score, words)
    artefact = keep(context, analysis_id, names[0], ArtefactKind.HEATMAP, drawn, caption)
    heat = render_layer(attribution.heat)
    layer = keep(
        context, analysis_id, names[1], ArtefactKind.HEAT_LAYER, heat, words.say("caption.layer", what=caption)
    )
    size = FrameSize(width_px=picture.shape[1], height_px=picture.shape[0])
    area = area_of(face.frame_to_crop, face.pixels.shape[0])
    return artefact, MapPlace(frame=size, area=area, layer_id=layer.id)


def fetch_frames(
    context: Storage, frames: Iterable[FrameRef], faces: Mapping[int, tuple[FaceGeometry, ...]] | None = None
) -> tuple[SampledFrame, ...]:
    """Sampled frames from the storage, in their order. faces: of a frame's index, where they are known."""
    known = faces or {}

    def fetch(frame: FrameRef) -> SampledFrame:
        content = context.blobs.get_bytes(Bucket.FRAMES, frame.key)
        return SampledFrame(frame.index, frame.time_s, content, known.get(frame.index), frame.picture)

    with ThreadPoolExecutor(4) as pool:
        return tuple(pool.map(fetch, frames))


def fetch_sound(context: Storage, prepared: PreparedMedia, part: SoundPart | None = None) -> Waveform:
    """One sound of the file; without `part` the one that a player would choose.

    Raises: Defect when the file has none: such a job should not have been sent.
    """
    key = prepared.sound_key(part)
    if key is None:
        raise Defect("sound_missing", "A job on the sound was given a file without sound.")
    return decode_flac(context.blobs.get_bytes(Bucket.AUDIO, key))


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
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            raise
        _log.warning("tasks.explanation.failed", analysis_id=analysis_id, what=what, error=repr(error))


def words_for(context: Bench, analysis_id: str) -> Words:
    """Those of the analysis's language, else of the deployment's."""
    return Words(context.case.analysis(analysis_id).language or context.settings.narrative_language)
