"""Which part of a face spoke for manipulation: Grad-CAM in closed form, over several views, within the face."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import cv2
import numpy as np
import numpy.typing as npt

from core.media import AlignedFace
from core.types import FacialRegion, Faithfulness, RegionShare
from explainers.faithfulness import MOST_ALIKE, measure, rank_correlation, strongest_area
from explainers.targets import ActivationModel, BoolArray, FloatArray

GRAD_CAM: Final = "Grad-CAM (closed form of the global-average-pooling head, mean of six views, within the face)"
PATCHES: Final = (
    "exact parts of the patches in a linear head over a picture encoder (mean of six views, within the face)"
)
MOVES: Final = ((0.0, 0.0), (1 / 12, 0.0), (-1 / 12, 0.0), (0.0, 1 / 12), (0.0, -1 / 12))
"""Of the crop's side, right and down: half a cell of a six by six map. Beside these views there is the mirrored one."""
SOFTNESS: Final = 1 / 16
"""Of the crop's side: how softly the map ends where the face does, and how far it is smoothed."""
STEADY_SHARE: Final = 0.6
"""Of the map's strongest tenth: so much has to stay under every one of these views. Maps of two different faces have as
much in common, laid over each other."""
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


def place_of(face: AlignedFace) -> FloatArray:
    """(S, S) in [0, 1]: 1 in the face, falling to 0 around it; 1 everywhere when no landmarks were found."""
    size = face.pixels.shape[0]
    if not face.regions:
        return np.ones((size, size), np.float32)
    inside = np.any(list(face.regions.values()), axis=0).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(inside, (0, 0), size * SOFTNESS), np.float32)


def placed(activation: FloatArray, place: FloatArray) -> FloatArray:
    """Heat (S, S) ≥ 0, in logits: what spoke for manipulation, where the face is, smoothed as coarsely as it was seen.

    activation: a class activation map of any size. place: (S, S) as `place_of` gives it.
    """
    size = place.shape[0]
    enlarged = cv2.resize(np.maximum(activation, 0.0), (size, size), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.GaussianBlur(enlarged * place, (0, 0), size * SOFTNESS), np.float32)


def scaled(heat: FloatArray) -> FloatArray:
    """Heat with its strongest point at 1; none stays none."""
    peak = float(heat.max())
    return (heat / peak).astype(np.float32) if peak > 0 else np.zeros_like(heat)


def explain_face(
    model: ActivationModel,
    face: AlignedFace,
    *,
    seed: int,
    shuffled: ActivationModel | None = None,
    method: str = GRAD_CAM,
    brief: bool = False,
) -> FaceAttribution:
    """Where in this face the model found evidence of manipulation, and whether that account holds.

    What each position of the last feature map gave to the logit: for a network that ends in global average pooling and
    a linear head, Grad-CAM's gradient is the head's weights over the map's area, so its map is the class activation
    map, one forward pass, nothing approximated. It is taken of the face as it is, mirrored, and moved four ways, each
    brought back, and kept to the face: the model was trained to find changes of faces, and a cell of its last map that
    lies beside the face saw half of it.

    It is relied on when the face speaks for manipulation at all, when its strongest tenth stays where it is under each
    of these views, and when a network with shuffled weights would draw another map. Deletion and insertion are measured
    and told, and do not decide: to this model an erased patch of a face is a change of a face (ADR 13).

    Args:    model: gives logits and class activation maps of uint8 RGB crops.
             face: the aligned crop that the detector scored.
             seed: of the control areas of deletion and insertion.
             shuffled: the model with its weights shuffled, for the sanity check; without it that is not made.
             method: what the account is called.
             brief: deletion is measured against fewer areas and insertion not at all; what decides stays the same.
    Source:  Selvaraju et al. 2017 (Grad-CAM); Zhou et al. 2016 (CAM).
    Limits:  it shows where the evidence is, not what it is, and as coarsely as the last feature map: a change of a
             mouth alone is found less well than a change of a face.
    """
    pixels, place = face.pixels, place_of(face)
    seen = model.activations(views(pixels))
    heats = [_returned(placed(plane, _sent(place, view)), view) for view, plane in enumerate(seen.maps)]
    # Now, while a model that shares its encoder with the shuffled one remembers what it made of the face.
    alike = None if shuffled is None else rank_correlation(seen.maps[0], activated(shuffled, face)[1])
    return _held(
        model,
        face,
        heats,
        logit=float(seen.logits[0]),
        method=method,
        seed=seed,
        alike=None if alike is None else lambda: alike,
        brief=brief,
    )


def _held(
    model: ActivationModel,
    face: AlignedFace,
    heats: Sequence[FloatArray],
    *,
    logit: float,
    method: str,
    seed: int,
    alike: Callable[[], float] | None = None,
    brief: bool = False,
) -> FaceAttribution:
    """The mean of a map's views, with all that is measured of it and whether it holds."""
    mean = np.asarray(np.mean(heats, axis=0), np.float32)
    check = measure(
        mean,
        blurrer(face.pixels),
        lambda crops: model.activations(crops.astype(np.uint8, copy=False)).logits,
        seed=seed,
        alike=alike,
        brief=brief,
    )
    steadiness = steadiness_of(mean, heats)
    is_learnt = check.weights_correlation is None or check.weights_correlation < MOST_ALIKE
    holds = logit > 0 and steadiness >= STEADY_SHARE and is_learnt
    heat = scaled(mean)
    return FaceAttribution(
        heat=heat,
        logit=logit,
        regions=region_shares(heat, face.regions),
        faithfulness=check.model_copy(update={"steadiness": steadiness, "reliable": holds}),
        method=method,
    )


def views(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """(6, S, S, 3): the crop, moved four ways, and mirrored."""
    return np.stack([_sent(pixels, view) for view in range(len(MOVES) + 1)])


def _sent(plane: npt.NDArray[Any], view: int) -> npt.NDArray[Any]:
    """A plane over the crop as this view shows it."""
    if view == len(MOVES):
        return np.ascontiguousarray(plane[:, ::-1])
    return _moved(plane, *MOVES[view]) if view else plane


def _returned(heat: FloatArray, view: int) -> FloatArray:
    """Heat of a view, brought back to where the crop has it."""
    if view == len(MOVES):
        return np.ascontiguousarray(heat[:, ::-1])
    right, down = MOVES[view]
    return _moved(heat, -right, -down).astype(np.float32, copy=False) if view else heat


def _moved(plane: npt.NDArray[Any], right: float, down: float) -> npt.NDArray[Any]:
    height, width = plane.shape[:2]
    matrix = np.array([[1, 0, round(right * width)], [0, 1, round(down * height)]], np.float32)
    return cv2.warpAffine(plane, matrix, (width, height), borderMode=cv2.BORDER_REFLECT_101)


def steadiness_of(heat: FloatArray, views_heat: Sequence[FloatArray]) -> float:
    """Share of the strongest tenth that stays under the view that moves it most; 0 without heat."""
    if not heat.any():
        return 0.0
    strongest = strongest_area(heat)
    shares = [float(strongest[strongest_area(each)].mean()) if each.any() else 0.0 for each in views_heat]
    return round(min(shares), 6)


def second_opinion(
    model: ActivationModel, network: Any, face: AlignedFace, name: ReferenceMethod, *, seed: int
) -> tuple[FaceAttribution, float]:
    """Another method's map of the same face, held to the same checks, and its rank correlation with the closed form.

    Args:    network: the flat Keras model of the same weights, taking crops as floats of 0 to 255.
    Limits:  of two views only, as it is and mirrored; not compared with shuffled weights.
    """
    place, mirrored = place_of(face), len(MOVES)
    both = np.stack([face.pixels, _sent(face.pixels, mirrored)]).astype(np.float32)
    straight, turned = reference_map(network, both, name)
    heats = [placed(straight, place), _returned(placed(turned, _sent(place, mirrored)), mirrored)]
    logit, closed = activated(model, face)
    other = _held(model, face, heats, logit=logit, method=REFERENCE_METHODS[name], seed=seed)
    cells = (straight.shape[1], straight.shape[0])
    coarse = cv2.resize(np.maximum(closed, 0), cells, interpolation=cv2.INTER_AREA)
    return other, rank_correlation(straight, np.asarray(coarse, np.float32))


def activated(model: ActivationModel, face: AlignedFace) -> tuple[float, FloatArray]:
    """Logit and class activation map (h, w) of the face as it is."""
    seen = model.activations(face.pixels[None])
    return float(seen.logits[0]), seen.maps[0]


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
