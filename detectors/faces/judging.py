"""What observations of faces amount to: which may decide, their stretches, and what withholds an outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from core.types import (
    FaceObservation,
    FaceTrack,
    FrameScore,
    MediaInfo,
    MediaKind,
    Modality,
    Reason,
    ReasonCode,
    TimeRange,
    VisualCoverage,
    VisualSegment,
)
from detectors.aggregation import pool, stretches
from detectors.calibration import Calibration

LOW_QUALITY: Final = 0.2
"""Below this mean quality there is a score but no outcome."""
STRANGE_SHARE: Final = 0.5
"""From this share of unfamiliar faces on there is a score but no outcome."""
FEW_FRAMES: Final = 3
LASTING_FRAMES: Final = 4
"""A face that is seen this often stands for itself; those that are seen less often are judged together."""
LEAST_PART: Final = 0.2
"""Of the most-seen face's frames: what is seen less often than this decides nothing."""

ENOUGH_FRAMES: Final = 7
"""Of a long recording: a face that is seen this often may decide, however often another is."""

Track = tuple[FaceObservation, ...]


def widest_gap(times_s: Sequence[float], media: MediaInfo) -> TimeRange | None:
    """The longest stretch that no frame was taken from; None of a still.

    Where only a part was asked for, the stretches before and after it are no gap.
    """
    if media.kind is not MediaKind.VIDEO or len(times_s) < 2:
        return None
    start_s, end_s = max(pairwise(sorted(times_s)), key=lambda pair: pair[1] - pair[0])
    return TimeRange(start_s=start_s, end_s=end_s)


@dataclass(frozen=True, slots=True)
class Reading:
    """What speaks for one face, all looks at it or a stretch of them, and what its logits mean, limits included."""

    part: Track
    calibration: Calibration

    @property
    def p_fake(self) -> float:
        return self.calibration.file.p_fake(pooled(self.part))

    @property
    def is_fake(self) -> bool:
        return self.p_fake >= self.calibration.fake


def make_track(number: int, seen: Track, reading: Reading, p_fake: Sequence[float], *, decides: bool) -> FaceTrack:
    """p_fake: of each look at the face."""
    return FaceTrack(
        id=number,
        start_s=seen[0].time_s,
        end_s=seen[-1].time_s,
        p_fake=reading.p_fake,
        picture=seen[0].picture,
        decides=decides,
        thresholds=reading.calibration.thresholds,
        frames=tuple(
            FrameScore(
                frame_index=each.frame_index,
                time_s=each.time_s,
                box=each.box,
                p_fake=score,
                quality=each.quality,
                geometry=each.geometry,
            )
            for each, score in zip(seen, p_fake, strict=True)
        ),
    )


def find_segments(tracks: Sequence[FaceTrack], limits: Sequence[float], media: MediaInfo) -> tuple[VisualSegment, ...]:
    """Stretches of the faces that decide whose looks reach the limit of their face."""
    found = []
    for track, limit in zip(tracks, limits, strict=True):
        if not track.decides:
            continue
        scores = [score.p_fake for score in track.frames]
        for stretch, members in stretches(
            [score.time_s for score in track.frames], scores, enter=limit, leave=limit, end_s=media.duration_s
        ):
            found.append((track.id, stretch, float(np.mean([scores[member] for member in members]))))
    return tuple(
        VisualSegment(id=number, track_id=track_id, start_s=stretch.start_s, end_s=stretch.end_s, p_fake=p_fake)
        for number, (track_id, stretch, p_fake) in enumerate(found, start=1)
    )


UNCLEARED: Final = Reason(
    code=ReasonCode.LOW_QUALITY, message="A face that looks manipulated is too small, blurred or strange to judge."
)


def deciding_parts(followed: Sequence[Track], frames_with_face: int) -> list[Track]:
    """What may decide over a file: each face that lasts, and those that only pass, together as one series.

    A face of a frame or two must not decide over one that is there throughout, nor the worst of many such by itself.
    """
    least = min(LASTING_FRAMES, frames_with_face)
    lasting = [track for track in followed if len(track) >= least]
    passing = sorted((seen for track in followed if len(track) < least for seen in track), key=lambda seen: seen.time_s)
    parts = [*lasting, tuple(passing)] if passing else lasting
    most = max(map(len, [track for track in followed if not find_flaws(track)] or followed))
    return [part for part in parts if len(part) >= min(LEAST_PART * most, ENOUGH_FRAMES)]


def pooled(seen: Track) -> float:
    return pool([each.logit for each in seen], [each.quality for each in seen])


def mean_quality(seen: Track) -> float:
    return float(np.mean([each.quality for each in seen]))


def find_flaws(seen: Track) -> tuple[Reason, ...]:
    """Why these faces give a score but no outcome; empty when they may be judged by."""
    flaws = []
    if mean_quality(seen) < LOW_QUALITY:
        flaws.append(
            Reason(code=ReasonCode.LOW_QUALITY, message="The faces are too small, blurred or turned away to judge.")
        )
    if float(np.mean([each.strangeness > 1 for each in seen])) >= STRANGE_SHARE:
        flaws.append(
            Reason(
                code=ReasonCode.UNFAMILIAR,
                message="The faces do not look like any that the model knows: drawn, painted, recoloured, lying on "
                "their side, upside down, or filmed unusually.",
            )
        )
    return tuple(flaws)


def find_limits(media: MediaInfo, coverage: VisualCoverage) -> tuple[Reason, ...]:
    limits = []
    if media.kind is MediaKind.VIDEO and coverage.frames_with_face < FEW_FRAMES:
        limits.append(
            Reason(
                code=ReasonCode.TOO_FEW_FACE_FRAMES,
                message=f"A face was found in only {coverage.frames_with_face} of {coverage.frames_sampled} frames.",
            )
        )
    return (*limits, *media.limits_of(Modality.VISUAL))
