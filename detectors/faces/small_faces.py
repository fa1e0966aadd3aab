"""Small faces beside larger ones, such as in an inset: where they are, so that every frame is looked at there.

Searching a whole frame for them takes eight looks of the face finder or more, so that only a few frames are searched.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from core.media import LocalMedia, SampledFrame
from core.types import Box, FaceObservation, MediaInfo
from detectors.faces.finder import FaceFinder
from detectors.faces.geometry import Face, overlap
from detectors.media.extraction import decode_image
from detectors.runtime import side_by_side

SMALL_LOOKS: Final = 4
"""Frames of a batch that are searched; a face found there is followed in all."""
MOST_SMALL_FACES: Final = 8
SMALL_SHARE: Final = 0.125
"""Of a picture's longer side: larger faces are found in the whole frame."""
SAME_PLACE: Final = 0.3
"""Overlap of two boxes of one face."""

Places = dict[int, list[Box]]
"""Boxes by picture track."""


def search_places(finder: FaceFinder, media: LocalMedia, threads: int) -> tuple[Places, dict[int, tuple[Face, ...]]]:
    """Places of small faces in a few of these frames; and the larger faces of those frames, by index."""
    unknown = [frame for frame in media.frames if frame.faces is None]
    if media.is_face_crop or not unknown:
        return {}, {}
    step = max(1, len(unknown) // SMALL_LOOKS)
    chosen = unknown[step // 2 :: step][: SMALL_LOOKS + 1]

    def look(frame: SampledFrame) -> tuple[tuple[Face, ...], tuple[Face, ...]]:
        image = decode_image(frame.encoded)
        larger = finder.find(image)
        return larger, finder.find_small(image, larger)

    looked = side_by_side(look, chosen, threads)
    places: Places = {}
    for frame, (_, small) in zip(chosen, looked, strict=True):
        for face in small:
            _add(places.setdefault(frame.picture, []), face.box)
    return places, {frame.index: larger for frame, (larger, _) in zip(chosen, looked, strict=True)}


def known_places(info: MediaInfo, faces: Sequence[FaceObservation]) -> Places:
    """Places of small faces among those that were seen in other frames, after a search."""
    side_px = max(info.width_px or 0, info.height_px or 0)
    places: Places = {}
    for face in faces:
        if max(face.box.width_px, face.box.height_px) <= SMALL_SHARE * side_px:
            _add(places.setdefault(face.picture, []), face.box)
    return places


def is_in(box: Box, faces: Sequence[Face]) -> bool:
    """Whether one of these faces is in this place."""
    return any(overlap(face.box, box) >= SAME_PLACE for face in faces)


def _add(places: list[Box], box: Box) -> None:
    if all(overlap(box, known) < SAME_PLACE for known in places) and len(places) < MOST_SMALL_FACES:
        places.append(box)
