"""Which observations belong to one person: tracks over frames that may lie seconds apart."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from core.media import is_long
from core.types import Box, FaceObservation
from detectors.faces.geometry import overlap

REACH: Final = 1.5
"""How far a face may have moved between frames, in its own sizes, before it is somebody else."""
SIZE_RATIO: Final = 2.2
"""How much its size may have changed."""
LONG_SIZE_RATIO: Final = 1.5
"""Of a long recording: a face of another size is more likely another shot than one that came nearer."""
MEMORY_S: Final = 20.0
"""How long a face may be away and come back as the same track."""
MEMORY_FRAMES: Final = 2
"""Of a long video, whose frames lie further apart: how many frames later."""


def follow(
    observations: Sequence[FaceObservation], frame_times_s: Sequence[float] = ()
) -> tuple[tuple[FaceObservation, ...], ...]:
    """Observations grouped into tracks, each in order of time; by picture track, first frame, then left to right.

    Faces are told apart by place and size alone: two people who swap seats between two sampled frames swap tracks.

    Args:
        frame_times_s: of all frames that were looked at, those without a face too.
    """
    pictures = sorted({seen.picture for seen in observations})
    if len(pictures) > 1:
        apart = [[seen for seen in observations if seen.picture == picture] for picture in pictures]
        return tuple(track for seen in apart for track in follow(seen, frame_times_s))
    tracks: list[list[FaceObservation]] = []
    times = sorted({*frame_times_s, *(seen.time_s for seen in observations)})
    order = {time_s: position for position, time_s in enumerate(times)}

    ratio = LONG_SIZE_RATIO if times and is_long(times[-1] - times[0]) else SIZE_RATIO

    def remembered(last_s: float, time_s: float) -> bool:
        return time_s - last_s <= MEMORY_S or order[time_s] - order[last_s] <= MEMORY_FRAMES

    ordered = sorted(observations, key=lambda seen: (seen.time_s, seen.box.x_px))
    for time_s, group in groupby(ordered, key=lambda seen: seen.time_s):
        here = list(group)
        candidates = sorted(
            (
                (_distance(track[-1].box, seen.box, ratio), index, position)
                for index, track in enumerate(tracks)
                if remembered(track[-1].time_s, time_s)
                for position, seen in enumerate(here)
            ),
        )
        taken: set[int] = set()
        placed: set[int] = set()
        for distance, index, position in candidates:
            if distance > REACH or index in taken or position in placed:
                continue
            tracks[index].append(here[position])
            taken.add(index)
            placed.add(position)
        tracks.extend([here[position]] for position in range(len(here)) if position not in placed)
    return tuple(tuple(track) for track in tracks)


def _distance(first: Box, second: Box, ratio: float) -> float:
    """Movement between two boxes in units of their mean size; infinite when the sizes cannot be one face's."""
    size_a = (first.width_px * first.height_px) ** 0.5
    size_b = (second.width_px * second.height_px) ** 0.5
    if max(size_a, size_b) > ratio * min(size_a, size_b):
        return float("inf")
    dx = (first.x_px + first.width_px / 2) - (second.x_px + second.width_px / 2)
    dy = (first.y_px + first.height_px / 2) - (second.y_px + second.height_px / 2)
    return float((dx**2 + dy**2) ** 0.5 / ((size_a + size_b) / 2)) - 0.5 * overlap(first, second)
