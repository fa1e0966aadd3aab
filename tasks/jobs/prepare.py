"""From an upload to sampled frames and speech-rate sound in object storage."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from core.jobs import PREPARE_MEDIA, SAMPLE_FRAMES
from core.media import SampledFrame
from core.ports import Bucket
from core.types import FrameRef, FrameSampling, FrameSize, NoPayload, PreparedMedia, SoundRef, Stage
from detectors.media.reading import ReadMedia, read_media
from detectors.media.stills import image_size
from tasks.context import WorkerContext
from tasks.job import ClaimedJob, Job


def prepare_media(context: WorkerContext, job: ClaimedJob[NoPayload]) -> dict[str, object]:
    """Read the file within the limits: its frames and its sound."""
    analysis_id = job.analysis_id
    analysis = context.case.analysis(analysis_id)
    if analysis.restarts:
        context.upkeep.forget_graph(analysis_id)
    context.case.set_stage(analysis_id, Stage.PREPARE)
    context.events.append(analysis_id, "stage", "Reading the file.", stage=Stage.PREPARE)
    limits = context.settings.limits
    with tempfile.TemporaryDirectory(prefix="deepwitness-") as folder:
        path = Path(folder) / "original"
        context.blobs.download(Bucket.ORIGINALS, context.case.original_key(analysis_id), path)
        budget = context.settings.sampling.frame_budget
        digest = None if analysis.media is None else analysis.media.sha256
        with read_media(path, limits, frames=budget, sha256=digest, half="first", run=context.reader) as media:
            info, frames = media.reading.info, media.frames()
            references = _store_frames(context, analysis_id, frames, first_index=0)
            sounds = _store_sounds(context, analysis_id, media)
    prepared = PreparedMedia(
        info=info,
        frames=references,
        audio_key=sounds[0].key if sounds else None,
        sounds=sounds,
        frame_size=_size_of(frames[0]) if frames else None,
        frames_left=media.reading.frames_left,
    )
    context.case.save_prepared(analysis_id, prepared)
    detail = {"frames": len(references), "media": info.model_dump(mode="json")}
    context.events.append(analysis_id, "media", "The file was read.", stage=Stage.PREPARE, detail=detail)
    return {"frames": len(references)}


def prepare_frames(context: WorkerContext, job: ClaimedJob[FrameSampling]) -> dict[str, object]:
    """Further frames, beside those that are already there: of a stretch, or what the preparation left."""
    analysis_id = job.analysis_id
    prepared, is_rest = context.case.prepared(analysis_id), job.payload.is_rest
    with tempfile.TemporaryDirectory(prefix="deepwitness-") as folder:
        path = Path(folder) / "original"
        context.blobs.download(Bucket.ORIGINALS, context.case.original_key(analysis_id), path)
        with read_media(
            path,
            context.settings.limits,
            frames=context.settings.sampling.frame_budget if is_rest else job.payload.budget,
            sha256=prepared.info.sha256,
            within=None if is_rest else job.payload.range_s,
            excluded_s=[] if is_rest else [frame.time_s for frame in prepared.frames],
            with_sound=False,
            half="rest" if is_rest else None,
            run=context.reader,
        ) as media:
            frames = media.frames()
    added = _store_frames(context, analysis_id, frames, first_index=len(prepared.frames))
    held = prepared.model_copy(update={"frames": (*prepared.frames, *added), "frames_left": 0})
    context.case.save_prepared(analysis_id, held)
    return {"frames": len(added)}


def _store_sounds(context: WorkerContext, analysis_id: str, media: ReadMedia) -> tuple[SoundRef, ...]:
    stored = []
    for place, sound in enumerate(media.reading.sounds):
        key = f"{analysis_id}/speech{f'-{place}' if place else ''}.flac"
        context.blobs.put_bytes(Bucket.AUDIO, key, media.sound(place), "audio/flac")
        stored.append(SoundRef(part=sound.part, key=key))
    return tuple(stored)


def _size_of(frame: SampledFrame) -> FrameSize:
    width_px, height_px = image_size("png" if _is_png(frame) else "jpeg", frame.encoded)
    return FrameSize(width_px=width_px, height_px=height_px)


def _is_png(frame: SampledFrame) -> bool:
    return frame.encoded.startswith(b"\x89PNG")


def _store_frames(
    context: WorkerContext, analysis_id: str, frames: Sequence[SampledFrame], *, first_index: int
) -> tuple[FrameRef, ...]:
    references = [
        FrameRef(index=index, time_s=frame.time_s, key=f"{analysis_id}/{index:05d}", picture=frame.picture)
        for index, frame in enumerate(frames, start=first_index)
    ]

    def put(item: tuple[FrameRef, SampledFrame]) -> None:
        reference, frame = item
        media_type = "image/png" if _is_png(frame) else "image/jpeg"
        context.blobs.put_bytes(Bucket.FRAMES, reference.key, frame.encoded, media_type)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(put, zip(references, frames, strict=True)))
    return tuple(references)


MEDIA: Final = Job(PREPARE_MEDIA, prepare_media)
FRAMES: Final = Job(SAMPLE_FRAMES, prepare_frames)
