"""Faces of a long recording: which pictures are worth a second model's look, and stretches that were looked at closely.

A long recording is looked at twice: at frames far apart, then at frames close together around what stands out. Frames
close together are as good as a clip of their own, and are judged as one. But they were chosen as the most suspicious
of all that the recording shows, so that their limit for a fake lies higher, the higher the more different shots it has.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import cv2
import numpy as np

from core.media import RgbImage
from core.types import FaceObservation

LEAST_LOOKS: Final = 8
"""A shorter stretch is not judged by itself."""
ENOUGH_PICTURES: Final = 4
"""Different pictures of a stretch that the second model has to have seen."""
PICTURE_SPREAD: Final = 0.5
"""How far, in the log-odds of both models, a picture of a face lies from the mean of its clip: the median over 151
honest clips of left-out sources. A face whose own pictures lie further apart is known less well."""
TAIL: Final = 0.5
"""How much more, in log-odds, the highest of e times as many honest clips scores: the mean excess of the same clips
over their 80 % quantile."""
LEAST_RIVALS: Final = 2
"""Of a stretch: itself and the rest of its shot, whose score drifts."""
MOST_BOUNDS: Final = 32
"""Places of a stretch at which a part of it may begin or end."""
OTHER_SHOT_BITS: Final = 12
"""Views that differ in more of their 64 bits are of different shots."""
NEAR_S: Final = 5.0
"""Looks at a face so near one another are read together."""

Track = tuple[FaceObservation, ...]


def view_of(image: RgbImage) -> int:
    """The frame in 64 bits: whether it grows brighter from left to right, at eight by eight places."""
    small = cv2.resize(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), (9, 8), interpolation=cv2.INTER_AREA)
    return int.from_bytes(np.packbits(small[:, 1:] > small[:, :-1]).tobytes())


def count_shots(faces: Sequence[FaceObservation]) -> int:
    """Different views in which faces were seen; one where none is known."""
    known: list[int] = []
    for view in sorted({each.view for each in faces if each.view is not None}):
        if all((view ^ other).bit_count() > OTHER_SHOT_BITS for other in known):
            known.append(view)
    return max(1, len(known))


Spoken = Mapping[tuple[object, ...], float]
"""Log-odds of both models for each different picture of a face that the second one saw."""


def limit_factor(part: Track, spoken: Spoken, *, rivals: int = 1) -> float:
    """By how much the odds of the limit for a fake rise for a part of a long recording.

    By two standard errors of the mean of its different pictures, and as the highest of so many rivals scores by chance.
    """
    own = [spoken[key] for key in {same_picture(each) for each in part if each.token_logit is not None}]
    spread = max(PICTURE_SPREAD, float(np.std(own, ddof=1))) if len(own) > 1 else PICTURE_SPREAD
    return math.exp(2 * spread / math.sqrt(len(own)) if own else 0.0) * math.pow(rivals, TAIL)


def same_picture(seen: FaceObservation) -> tuple[object, ...]:
    """What equal pictures of a loop, or of a clip that comes again, have in common; a key."""
    if seen.view is None:
        return (seen.picture, seen.frame_index, seen.box)
    return (seen.picture, seen.view, seen.box, round(seen.logit, 2))


def different(faces: Sequence[FaceObservation]) -> Track:
    """Of equal pictures the first: seen again, a picture tells nothing new."""
    return tuple({same_picture(each): each for each in reversed(faces)}.values())[::-1]


def count_pictures(faces: Sequence[FaceObservation]) -> int:
    """Different ones that the second model saw."""
    return len({same_picture(each) for each in faces if each.token_logit is not None})


def close_stretch(track: Track, looked_s: float, log_odds: Callable[[Track], float], spoken: Spoken) -> Track | None:
    """Of the looks at a face that lie close together those in a row that most surely look manipulated.

    Args:
        track: one face in order of time.
        looked_s: how far apart all frames of the recording lie on average.
        log_odds: of both models together, for a part of the track.
    """
    parts = [
        track[start:end]
        for first, stop in _runs([each.time_s for each in track], looked_s / 2)
        for start in range(first, stop - LEAST_LOOKS + 1, _step(stop - first))
        for end in range(start + LEAST_LOOKS, stop + 1, _step(stop - first))
    ]
    judged = [part for part in parts if count_pictures(part) >= ENOUGH_PICTURES]
    return max(judged, key=lambda part: log_odds(part) - math.log(limit_factor(part, spoken)), default=None)


def _step(looks: int) -> int:
    """Keeps the number of parts to try within bounds."""
    return max(1, looks // MOST_BOUNDS)


def _runs(times_s: Sequence[float], apart_s: float) -> list[tuple[int, int]]:
    """From where to before where times lie no further apart than this."""
    cuts = [place for place in range(1, len(times_s)) if times_s[place] - times_s[place - 1] > apart_s]
    return list(zip([0, *cuts], [*cuts, len(times_s)], strict=True))


def near_logits(track: Track, token_logit: float) -> list[tuple[float, float]]:
    """For each look at a face the mean logits of both models of looks so near.

    Args:
        token_logit: of the second model, where it saw no picture so near.
    """
    times = np.array([each.time_s for each in track])
    network = np.array([each.logit for each in track])
    second = np.array([np.nan if each.token_logit is None else each.token_logit for each in track])
    found = []
    for time_s in times:
        near = np.abs(times - time_s) <= NEAR_S
        told = second[near & ~np.isnan(second)]
        found.append((float(network[near].mean()), float(told.mean()) if len(told) else token_logit))
    return found
