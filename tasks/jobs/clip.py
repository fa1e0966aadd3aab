"""Makes the overlay clip: the worst stretch decoded densely, with what is already known about the face in it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from core.figures import clock_range
from core.media import AlignedFace, RgbImage
from core.ports import Bucket
from core.types import ArtefactKind, FrameScore, FrameSize, MediaKind, TimeRange, VisualEvidence
from detectors.media.extraction import decode_image
from detectors.media.reading import read_media
from explainers.faces.attribution import GRAD_CAM, FaceAttribution, activated, place_of, placed
from explainers.rendering.clip import FRAMES_PER_S, LONGEST_SIDE_PX, CarriedMap, Moment, render_clip
from explainers.rendering.heatmap import area_of
from explainers.selection import Excerpt, excerpt_to_show, face_of_track
from explainers.targets import FaceModel, FloatArray
from tasks.jobs.artefacts import Bench, keep, words_for

CLIP: Final = "overlay-clip"
MOST_BYTES: Final = 512 * 1024**2
"""Larger originals are not fetched again for a clip."""
LIVE_MAPS_PER_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Explained:
    """A face whose map was made, kept for as long as the job runs."""

    track_id: int
    time_s: float
    face: AlignedFace
    attribution: FaceAttribution


def make_clip(
    context: Bench,
    analysis_id: str,
    evidence: VisualEvidence,
    frame: Callable[[int], RgbImage],
    model: FaceModel,
    made: Sequence[Explained],
) -> bool:
    """Keep the clip; False where there is nothing that moves.

    frame: the sampled frames by index.

    Where a map of this face by the network passed its checks, further ones are made of the frames that were examined
    along the stretch, all on one scale.
    """
    info = context.case.prepared(analysis_id).info
    excerpt = excerpt_to_show(evidence, info.duration_s) if info.kind is MediaKind.VIDEO else None
    if excerpt is None or info.size_bytes > MOST_BYTES:
        return False
    span = TimeRange(start_s=excerpt.start_s, end_s=excerpt.end_s)
    with tempfile.TemporaryDirectory(prefix="deepwitness-") as folder:
        path = Path(folder) / "original"
        context.blobs.download(Bucket.ORIGINALS, context.case.original_key(analysis_id), path)
        budget = max(1, round((span.end_s - span.start_s) * FRAMES_PER_S))
        with read_media(
            path,
            context.settings.limits,
            frames=budget,
            sha256=info.sha256,
            within=span,
            with_sound=False,
            drawn_px=LONGEST_SIDE_PX,
            run=context.reader,
        ) as media:
            frames = media.frames()
    moments = [Moment(frame.time_s, decode_image(frame.encoded)) for frame in frames]
    if not moments:
        return False
    words, examined = words_for(context, analysis_id), frame(face_of_track(excerpt.track).frame_index)
    content = render_clip(
        moments,
        excerpt.track,
        _maps(excerpt, frame, model, made),
        excerpt.track.thresholds or evidence.thresholds or context.visual().thresholds,
        words,
        frame_size=FrameSize(width_px=examined.shape[1], height_px=examined.shape[0]),
        start_s=span.start_s,
        end_s=span.end_s,
    )
    spoken = words.figure(clock_range(span.start_s, span.end_s))
    caption = words.say("caption.clip", number=excerpt.track.id, span=spoken)
    keep(context, analysis_id, CLIP, ArtefactKind.OVERLAY_CLIP, content, caption, "video/mp4")
    return True


def _maps(
    excerpt: Excerpt, frame: Callable[[int], RgbImage], model: FaceModel, made: Sequence[Explained]
) -> list[CarriedMap]:
    """Class activation maps along the stretch, scaled by the strongest of all; none where none can be relied on."""
    track = excerpt.track
    if not any(
        each.track_id == track.id
        and excerpt.start_s <= each.time_s <= excerpt.end_s
        and each.attribution.faithfulness.reliable
        and each.attribution.method == GRAD_CAM
        for each in made
    ):
        return []
    inside = [each for each in track.frames if excerpt.start_s <= each.time_s <= excerpt.end_s]
    wanted = np.arange(excerpt.start_s, excerpt.end_s, 1 / LIVE_MAPS_PER_S).tolist()
    nearest = {min(inside, key=lambda each: abs(each.time_s - time_s)).frame_index for time_s in wanted}
    found: list[tuple[FrameScore, AlignedFace, FloatArray]] = []
    for score in inside:
        if score.frame_index in nearest:
            face = model.align(frame(score.frame_index), score.box, score.geometry)
            if face.regions:
                found.append((score, face, placed(activated(model, face)[1], place_of(face))))
    strongest = max((float(heat.max()) for _, _, heat in found), default=0.0)
    return [
        CarriedMap(
            time_s=score.time_s,
            heat=(heat / strongest).astype(np.float32),
            area=area_of(face.frame_to_crop, face.pixels.shape[0]),
            box=score.box,
        )
        for score, face, heat in found
        if strongest > 0
    ]
