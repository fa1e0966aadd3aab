"""Fit and measure what faces look familiar: `detectors/weights/visual/familiarity.json`.

Fitted on the half of the left-out groups that calibrations are fitted on, as they are and degraded; measured on the
other half, and on pictures made strange on purpose.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from core.media import RgbImage
from detectors.faces.detector import INPUT_PX
from detectors.faces.familiarity import Familiarity, looks
from detectors.faces.finder import FaceFinder
from detectors.faces.geometry import crop_face
from detectors.faces.runtime import WEIGHTS, FaceNetwork, choose_runtime
from detectors.media.extraction import decode_image
from training.calibration import in_fitting_half
from training.faces.data.left_out import File
from training.faces.pictures.corruptions import CORRUPTIONS, Encoder

AXES: Final = 24
FLAGGED: Final = 0.005
"""Share of the fitting population that lies beyond the limit."""
LOOKED_AT: Final = 4
"""Frames of each video whose look is known; of a still, its one."""
STRANGE_STILLS: Final = 120
Looks = npt.NDArray[np.float64]


def fit(textures: npt.NDArray[np.float32]) -> Familiarity:
    """textures: (N, 2C) of known faces, N well above AXES. Channels are scaled alike before their axes are found."""
    known = looks(textures)
    mean, spread = known.mean(axis=0), known.std(axis=0) + 1e-3
    scaled = (known - mean) / spread
    _, sizes, axes = np.linalg.svd(scaled, full_matrices=False)
    whitening = axes[:AXES] / spread / (sizes[:AXES, None] / np.sqrt(len(known)))
    distances = np.square((known - mean) @ whitening.T).mean(axis=1)
    fitted = {
        "mean": [round(float(value), 5) for value in mean],
        "axes": [[float(f"{value:.5g}") for value in row] for row in whitening],
        "limit": round(float(np.quantile(distances, 1 - FLAGGED)), 4),
    }
    digest = hashlib.sha256(json.dumps(fitted).encode()).hexdigest()
    return Familiarity.model_validate({"version": f"looks-{digest[:8]}", **fitted})


def write(familiarity: Familiarity, path: Path) -> None:
    path.write_text(familiarity.model_dump_json() + "\n")


def textures_of(
    network: FaceNetwork,
    finder: FaceFinder,
    encoded: Sequence[bytes],
    change: Callable[[RgbImage], RgbImage] | None = None,
) -> npt.NDArray[np.float32]:
    """(N, 2C) of the faces in encoded face crops; `change` alters the picture after the face was found."""
    crops = []
    for each in encoded:
        image = decode_image(each)
        face = finder.find_in_crop(image)
        crops.append(crop_face(image if change is None else change(image), face, INPUT_PX).image)
    return network.run(np.stack(crops)).textures


def _posterised(image: RgbImage) -> RgbImage:
    smooth = cv2.bilateralFilter(cv2.bilateralFilter(image, 9, 90, 9), 9, 90, 9)
    return np.asarray(smooth // 48 * 48, np.uint8)


def _sketch(image: RgbImage) -> RgbImage:
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    lines = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, 9, 6)
    return np.repeat(np.asarray(lines, np.uint8)[..., None], 3, axis=2)


STRANGE: Final[Mapping[str, Callable[[RgbImage], RgbImage]]] = {
    "negative": lambda image: np.asarray(255 - image, np.uint8),
    "posterised like a cartoon": _posterised,
    "pencil sketch": _sketch,
    "red and blue exchanged": lambda image: np.ascontiguousarray(image[..., ::-1]),
    "false colours of a thermal camera": lambda image: np.asarray(
        cv2.applyColorMap(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), cv2.COLORMAP_INFERNO)[..., ::-1], np.uint8
    ),
}
"""Pictures whose score means nothing, for the measurement only: none of them was fitted on."""


def _looked_at(faces: Path, files: Sequence[File], *, fitting: bool) -> list[bytes]:
    chosen = [file for file in files if in_fitting_half(file.source, file.group) is fitting]
    return [
        (faces / path).read_bytes()
        for file in chosen
        for path in file.paths[:: max(1, len(file.paths) // LOOKED_AT)][:LOOKED_AT]
    ]


def _degrading(number: int) -> Encoder:
    encoders = [encode for encode in CORRUPTIONS.values() if encode is not None]
    return encoders[number % len(encoders)]


def known_textures(faces: Path, files: Sequence[File]) -> npt.NDArray[np.float32]:
    """Of the fitting half, each picture as it is and degraded."""
    runtime, finder = choose_runtime("cpu", 1, lambda: False), FaceFinder()
    listed = _looked_at(faces, files, fitting=True)
    again = [_degrading(number)(decode_image(each)) for number, each in enumerate(listed)]
    return textures_of(runtime, finder, [*listed, *again])


def strangeness_table(faces: Path, files: Sequence[File]) -> dict[str, dict[str, float]]:
    """Share called unfamiliar: of the reporting half as it is and degraded, and of pictures made strange."""
    runtime, finder = choose_runtime("cpu", 1, lambda: False), FaceFinder()
    known = Familiarity.read(WEIGHTS / "familiarity.json")
    listed = _looked_at(faces, files, fitting=False)
    some = listed[:: max(1, len(listed) // STRANGE_STILLS)]
    shown = {
        "as they are": textures_of(runtime, finder, listed),
        "degraded": textures_of(
            runtime, finder, [_degrading(number)(decode_image(each)) for number, each in enumerate(listed)]
        ),
    } | {name: textures_of(runtime, finder, some, change) for name, change in STRANGE.items()}
    return {
        name: {"pictures": len(textures), "unfamiliar": float(np.mean(np.array(known.strangeness(textures)) > 1))}
        for name, textures in shown.items()
    }
