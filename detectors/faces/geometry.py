"""The geometry of a face: its mesh in the frame, the crop that the model sees, and the named regions of that crop.

What was found once is kept with the observation (`geometry_of`) and read back from there (`face_of`, `cut`).
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from core.errors import Defect
from core.media import RgbImage
from core.types import Box, FaceGeometry, FacialRegion

Points = npt.NDArray[np.float32]
"""(468, 2) mesh landmarks as x, y in pixels of the frame; may lie outside it."""
Affine = npt.NDArray[np.float64]
"""(2, 3): maps a point (x, y, 1) of one picture to (x, y) of another."""

LANDMARKS: Final = 468
STEPS_PER_PX: Final = 64
"""Landmarks are kept to this part of a pixel of the crop."""
CROP_MARGIN: Final = 1.25
"""Side of the model's crop over the longer side of the mesh's box."""

_FACE_OVAL: Final = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
    152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
_LEFT_EYE: Final = (33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7, 70, 63, 105, 66, 107)
_RIGHT_EYE: Final = (
    263, 466, 388, 387, 386, 385, 384, 398, 362, 382, 381, 380, 374, 373, 390, 249, 300, 293, 334, 296, 336,
)  # fmt: skip
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
    to_crop: npt.NDArray[np.float64]

    def project(self, points: Points) -> Points:
        return carried(points, self.to_crop)


def carried(points: Points, change: Affine) -> Points:
    """Points (N, 2) after an affine map."""
    return np.asarray(points @ change[:, :2].T + change[:, 2], np.float32)


def crop_transform(box: Box | None, frame_px: tuple[int, int], size_px: int, margin: float = CROP_MARGIN) -> Affine:
    """Where the square crop of a face lies, upright as the frame is; of the whole frame when `box` is None.

    Args:
        frame_px: height and width of the frame.
        size_px: side of the crop.
        margin: side of the crop over the longer side of the box.
    """
    height, width = frame_px
    if box is None:
        centre_x, centre_y, side = width / 2, height / 2, float(min(height, width))
    else:
        centre_x, centre_y = box.x_px + box.width_px / 2, box.y_px + box.height_px / 2
        side = max(box.width_px, box.height_px) * margin
    scale = size_px / side
    return np.array([[scale, 0, size_px / 2 - centre_x * scale], [0, scale, size_px / 2 - centre_y * scale]])


def cut(image: RgbImage, to_crop: Affine, size_px: int) -> Crop:
    """The crop of a frame. image: (H, W, 3) uint8 RGB. to_crop: upright, with one scale (`crop_transform`)."""
    height, width = image.shape[:2]
    scale = float(to_crop[0, 0])
    matrix = to_crop.astype(np.float32)
    picture = image
    if scale < 0.75:
        # Area averaging first, so that large faces are not aliased by the warp.
        shrink, side = max(scale, 0.02), size_px / scale
        # Rounded: a bound that is a whole number must stay one.
        centre_x, centre_y = (round((size_px / 2 - float(shift)) / scale, 6) for shift in to_crop[:, 2])
        x0, y0 = int(max(round(centre_x - side, 6), 0)), int(max(round(centre_y - side, 6), 0))
        x1, y1 = int(min(round(centre_x + side, 6), width)) + 1, int(min(round(centre_y + side, 6), height)) + 1
        region = image[y0:y1, x0:x1]
        small_w, small_h = max(1, round(region.shape[1] * shrink)), max(1, round(region.shape[0] * shrink))
        step_x, step_y = small_w / region.shape[1], small_h / region.shape[0]
        matrix = np.array(
            [[scale / step_x, 0, matrix[0, 2] + x0 * scale], [0, scale / step_y, matrix[1, 2] + y0 * scale]], np.float32
        )
        picture = np.asarray(cv2.resize(region, (small_w, small_h), interpolation=cv2.INTER_AREA), np.uint8)
    warped = cv2.warpAffine(
        picture, matrix, (size_px, size_px), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
    )
    return Crop(image=np.asarray(warped, np.uint8), to_crop=to_crop)


def crop_face(image: RgbImage, face: Face | None, size_px: int, margin: float = CROP_MARGIN) -> Crop:
    """The square crop around a face; the whole image when `face` is None. Training and serving both crop with this."""
    return cut(image, crop_transform(None if face is None else face.box, image.shape[:2], size_px, margin), size_px)


def geometry_of(face: Face | None, to_crop: Affine, crop_px: int) -> FaceGeometry:
    """What is kept with an observation of this face."""
    (a, b, c), (d, e, f) = to_crop.tolist()
    steps = np.rint(carried(face.landmarks, to_crop) * STEPS_PER_PX) if face is not None else np.empty(0)
    return FaceGeometry(
        frame_to_crop=(a, b, c, d, e, f),
        crop_px=crop_px,
        mesh=base64.b64encode(np.clip(steps, -32768, 32767).astype("<i2").tobytes()).decode("ascii"),
        score=0.0 if face is None else min(1.0, face.score),
    )


def transform_of(geometry: FaceGeometry) -> Affine:
    """(2, 3), from pixels of the frame to pixels of the crop."""
    return np.array(geometry.frame_to_crop).reshape(2, 3)


def face_of(geometry: FaceGeometry) -> Face | None:
    """The face that was found; None where the whole picture was taken without a mesh.

    Raises: Defect when the landmarks are not what `geometry_of` writes.
    """
    if not geometry.mesh:
        return None
    back = np.asarray(cv2.invertAffineTransform(transform_of(geometry)), np.float64)
    return Face(landmarks=carried(_unpacked(geometry), back), score=geometry.score)


def moved(geometry: FaceGeometry, change: Affine, frame_px: tuple[int, int]) -> FaceGeometry:
    """The geometry after its frame was changed.

    Args:
        change: (2, 3), from pixels of the old frame to those of the new.
        frame_px: height and width of the new frame.

    Limits: a mirrored face keeps the numbering of its landmarks, so that its left is named right.
    """
    face = face_of(geometry)
    if face is not None:
        face = Face(landmarks=carried(face.landmarks, change), score=face.score)
    to_crop = crop_transform(None if face is None else face.box, frame_px, geometry.crop_px)
    return geometry_of(face, to_crop, geometry.crop_px)


def regions_of(geometry: FaceGeometry) -> dict[FacialRegion, npt.NDArray[np.bool_]]:
    """Masks of the named regions over the crop; empty without a mesh."""
    return region_masks(_unpacked(geometry), geometry.crop_px) if geometry.mesh else {}


def _unpacked(geometry: FaceGeometry) -> Points:
    """(468, 2) landmarks in pixels of the crop."""
    try:
        steps = np.frombuffer(base64.b64decode(geometry.mesh, validate=True), "<i2")
        return (steps.reshape(LANDMARKS, 2) / STEPS_PER_PX).astype(np.float32)
    except ValueError as error:
        raise Defect("geometry_unreadable", "The stored landmarks of a face cannot be read.") from error


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


def overlap(first: Box, second: Box) -> float:
    """Intersection over union of two boxes."""
    left, top = max(first.x_px, second.x_px), max(first.y_px, second.y_px)
    right = min(first.x_px + first.width_px, second.x_px + second.width_px)
    bottom = min(first.y_px + first.height_px, second.y_px + second.height_px)
    common = max(right - left, 0.0) * max(bottom - top, 0.0)
    union = first.width_px * first.height_px + second.width_px * second.height_px - common
    return common / union
