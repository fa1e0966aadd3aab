"""Which part of a face spoke for manipulation: Grad-CAM in closed form, or occlusion where Grad-CAM fails its check."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, Literal

import cv2
import numpy as np
import numpy.typing as npt

from core.types import FacialRegion, Faithfulness, RegionShare
from explainers.faithfulness import measure, rank_correlation
from explainers.targets import ActivationModel, AlignedFace, BoolArray, FloatArray

GRAD_CAM: Final = "Grad-CAM (closed form of the global-average-pooling head)"
OCCLUSION: Final = "occlusion sensitivity (fine detail removed cell by cell)"
OCCLUSION_CELLS: Final = 6
"""Along each side of the crop."""
ReferenceMethod = Literal["gradcam", "gradcam++", "scorecam"]
REFERENCE_METHODS: Final[dict[ReferenceMethod, str]] = {
    "gradcam": "Grad-CAM (tf-keras-vis)",
    "gradcam++": "Grad-CAM++ (tf-keras-vis)",
    "scorecam": "Score-CAM (tf-keras-vis)",
}
SCORE_CAM_CHANNELS: Final = 64


@dataclass(frozen=True, slots=True)
class FaceAttribution:
    """Where in one face the evidence of manipulation lies.

    heat: (S, S) float32 in [0, 1], over the crop's pixels, 1 at its strongest; all zero when nothing spoke for it.
    logit: of the whole crop. regions: shares of the heat, largest first.
    """

    heat: FloatArray
    logit: float
    regions: tuple[RegionShare, ...]
    faithfulness: Faithfulness
    method: str = GRAD_CAM


def rectified(activation_map: FloatArray, size: tuple[int, int]) -> FloatArray:
    """The positive part of a class activation map, enlarged bilinearly to `size` (height, width), scaled to [0, 1]."""
    positive = np.maximum(activation_map, 0.0).astype(np.float32)
    enlarged = cv2.resize(positive, (size[1], size[0]), interpolation=cv2.INTER_LINEAR)
    peak = float(enlarged.max())
    return (enlarged / peak).astype(np.float32) if peak > 0 else np.zeros(size, np.float32)


def region_shares(heat: FloatArray, regions: Mapping[FacialRegion, BoolArray]) -> tuple[RegionShare, ...]:
    """Share of the heat's mass in each named region, largest first; empty when there is no heat. heat: (S, S) ≥ 0."""
    mass = float(heat.sum(dtype=np.float64))
    if mass <= 0:
        return ()
    shares = [
        RegionShare(region=region, share=min(1.0, round(float(heat[mask].sum(dtype=np.float64)) / mass, 6)))
        for region, mask in regions.items()
    ]
    return tuple(sorted(shares, key=lambda share: (-share.share, share.region)))


def blurrer(pixels: npt.NDArray[np.uint8]) -> Callable[[BoolArray], npt.NDArray[np.uint8]]:
    """What blurs away the fine detail of an area of this crop, blended softly so that its edge is no artefact.

    The blurred crop is made once: erasing is asked for by the hundred.
    """
    size = pixels.shape[0]
    sharp = pixels.astype(np.float32)
    lost = cv2.GaussianBlur(pixels, (0, 0), size / 30).astype(np.float32) - sharp

    def blurred(area: BoolArray) -> npt.NDArray[np.uint8]:
        if not area.any():
            return pixels
        alpha = cv2.GaussianBlur(area.astype(np.float32), (0, 0), size / 64)[..., None]
        return np.asarray(np.rint(sharp + lost * alpha), np.uint8)

    return blurred


def greyed(pixels: npt.NDArray[np.uint8], area: BoolArray) -> npt.NDArray[np.uint8]:
    """The crop with one area replaced by the crop's mean colour, blended softly."""
    if not area.any():
        return pixels
    alpha = cv2.GaussianBlur(area.astype(np.float32), (0, 0), pixels.shape[0] / 64)[..., None]
    mean = pixels.mean(axis=(0, 1), dtype=np.float32)
    return np.asarray(np.rint(pixels * (1 - alpha) + mean * alpha), np.uint8)


def explain_face(
    model: ActivationModel, face: AlignedFace, *, seed: int, shuffled: ActivationModel | None = None
) -> FaceAttribution:
    """Where in this face the model found evidence of manipulation, and whether that account holds.

    Grad-CAM, if it passes its checks; else the occlusion map, if that passes; else Grad-CAM, marked unreliable.

    Args:    model: gives logits and class activation maps of uint8 RGB crops.
             face: the aligned crop that the detector scored.
             seed: of the control areas of the faithfulness test.
             shuffled: the model with its weights shuffled, for the sanity check; without it that is not made.
    Limits:  it shows where the evidence is, not what it is. Two maps are tried: of faces whose evidence lies nowhere
             in particular, up to one in four would pass deletion by chance; insertion has to be passed besides.
    """
    mapped = grad_cam(model, face, seed=seed, shuffled=shuffled)
    if mapped.faithfulness.reliable:
        return mapped
    measured = occlusion(model, face, seed=seed, shuffled=shuffled)
    return measured if measured.faithfulness.reliable else mapped


def grad_cam(
    model: ActivationModel, face: AlignedFace, *, seed: int, shuffled: ActivationModel | None = None
) -> FaceAttribution:
    """What each position of the last feature map gave to the logit.

    For a network that ends in global average pooling and a linear head, Grad-CAM's gradient is the head's weights
    over the map's area, so its map is the class activation map: one forward pass, no gradient, nothing approximated.

    Source:  Selvaraju et al. 2017 (Grad-CAM); Zhou et al. 2016 (CAM).
    Limits:  as coarse as the last feature map, whose positions each see most of the face.
    """
    logit, activation = _activated(model, face)
    heat = rectified(activation, face.pixels.shape[:2])
    return FaceAttribution(
        heat=heat,
        logit=logit,
        regions=region_shares(heat, face.regions),
        faithfulness=measure(
            heat,
            blurrer(face.pixels),
            lambda crops: model.activations(crops.astype(np.uint8, copy=False)).logits,
            seed=seed,
            alike=None if shuffled is None else lambda: rank_correlation(activation, _activated(shuffled, face)[1]),
        ),
    )


def occlusion(
    model: ActivationModel, face: AlignedFace, *, seed: int, shuffled: ActivationModel | None = None
) -> FaceAttribution:
    """How far the logit falls when the fine detail of each cell is blurred away.

    Checked by another erasure than the one it is made by: the mean colour.

    Source:  Zeiler & Fergus 2014.
    Limits:  detail whose loss only counts together is missed; 36 further passes a face.
    """
    logit, drops = _occluded(model, face)
    heat = rectified(drops, face.pixels.shape[:2])
    return FaceAttribution(
        heat=heat,
        logit=logit,
        regions=region_shares(heat, face.regions),
        faithfulness=measure(
            heat,
            lambda area: greyed(face.pixels, area),
            lambda crops: model.activations(crops.astype(np.uint8, copy=False)).logits,
            seed=seed,
            alike=None if shuffled is None else lambda: rank_correlation(drops, _occluded(shuffled, face)[1]),
            thorough=False,
        ),
        method=OCCLUSION,
    )


def second_opinion(
    model: ActivationModel, network: Any, face: AlignedFace, name: ReferenceMethod, *, first: str, seed: int
) -> tuple[FaceAttribution, float]:
    """Another method's map of the same face, held to deletion and insertion, and its rank correlation with the first.

    Args:    network: the flat Keras model of the same weights, taking crops as floats of 0 to 255.
             first: the method of the map to compare with, `GRAD_CAM` or `OCCLUSION`.
    """
    answered = reference_map(network, face.pixels[None].astype(np.float32), name)[0]
    heat = rectified(answered, face.pixels.shape[:2])
    logit, earlier = _occluded(model, face) if first == OCCLUSION else _activated(model, face)
    other = FaceAttribution(
        heat=heat,
        logit=logit,
        regions=region_shares(heat, face.regions),
        faithfulness=measure(
            heat,
            blurrer(face.pixels),
            lambda crops: model.activations(crops.astype(np.uint8, copy=False)).logits,
            seed=seed,
        ),
        method=REFERENCE_METHODS[name],
    )
    cells = (answered.shape[1], answered.shape[0])
    coarse = cv2.resize(np.maximum(earlier, 0), cells, interpolation=cv2.INTER_AREA)
    return other, rank_correlation(answered, np.asarray(coarse, np.float32))


def _activated(model: ActivationModel, face: AlignedFace) -> tuple[float, FloatArray]:
    """Logit and class activation map (h, w)."""
    seen = model.activations(face.pixels[None])
    return float(seen.logits[0]), seen.maps[0]


def _occluded(model: ActivationModel, face: AlignedFace) -> tuple[float, FloatArray]:
    """Logit, and its fall for each cell (OCCLUSION_CELLS, OCCLUSION_CELLS) whose fine detail is blurred away."""
    size = face.pixels.shape[0]
    edges = np.linspace(0, size, OCCLUSION_CELLS + 1).round().astype(int)
    spans = [slice(start, end) for start, end in pairwise(edges)]
    cells, blurred = [], blurrer(face.pixels)
    for rows in spans:
        for columns in spans:
            area = np.zeros((size, size), np.bool_)
            area[rows, columns] = True
            cells.append(blurred(area))
    logits = model.activations(np.stack([face.pixels, *cells])).logits
    return float(logits[0]), (logits[0] - logits[1:]).reshape(OCCLUSION_CELLS, OCCLUSION_CELLS)


def reference_map(network: Any, inputs: FloatArray, method: ReferenceMethod) -> FloatArray:
    """The same question answered by tf-keras-vis: the independent reference of the closed form, and other accounts.

    Args:    network: flat Keras model with one logit. inputs: (N, H, W, C) float32 as the network takes them.
    Returns: (N, h, w) float32 in [0, 1] over the last feature map, each scaled by its own maximum.
    Source:  Chattopadhay et al. 2018 (Grad-CAM++); Wang et al. 2020 (Score-CAM), of its 64 most active channels.
    """
    with warnings.catch_warnings():
        # tf-keras-vis takes its zoom from a place that SciPy is about to retire.
        warnings.simplefilter("ignore", DeprecationWarning)
        # It hands Keras its inputs as a list, which Keras takes and remarks on.
        warnings.simplefilter("ignore", UserWarning)
        import keras
        from tf_keras_vis.gradcam import Gradcam
        from tf_keras_vis.gradcam_plus_plus import GradcamPlusPlus
        from tf_keras_vis.scorecam import Scorecam
        from tf_keras_vis.utils.model_modifiers import ReplaceToLinear

        keras.config.disable_interactive_logging()
        kinds: dict[ReferenceMethod, Any] = {
            "gradcam": Gradcam,
            "gradcam++": GradcamPlusPlus,
            "scorecam": Scorecam,
        }
        visualiser = kinds[method](network, model_modifier=ReplaceToLinear(), clone=True)
        last = next(layer for layer in reversed(network.layers) if len(layer.output.shape) == 4)
        channels = min(SCORE_CAM_CHANNELS, int(last.output.shape[-1]))
        raw = visualiser(
            lambda output: output[:, 0],
            inputs,
            penultimate_layer=last.name,
            seek_penultimate_conv_layer=False,
            expand_cam=False,
            normalize_cam=False,
            **({"max_N": channels} if method == "scorecam" else {}),
        )
    maps = np.maximum(np.asarray(raw, np.float32), 0.0)
    peaks = maps.max(axis=(1, 2), keepdims=True)
    scaled: FloatArray = np.divide(maps, peaks, out=np.zeros_like(maps), where=peaks > 0)
    return scaled
