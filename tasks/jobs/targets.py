"""Detectors as the explainers ask for them: the one place where the two meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Protocol, cast

import numpy as np
import numpy.typing as npt

from core.errors import Defect
from core.media import SPEECH_RATE_HZ, RgbImage, Waveform
from core.ports import AudioDetector, VisualDetector
from core.types import AudioWindow, Box, FacialRegion
from detectors.faces.finder import Crop
from detectors.faces.runtime import Runtime
from detectors.voice.features import BINS, HZ_PER_BIN, SECONDS_PER_FRAME, WINDOW_SAMPLES, fill_window, spectrogram
from explainers.targets import ActivationModel, Activations, AlignedFace, FloatArray
from explainers.voice.attribution import SpeechExplainer

BACKGROUND_SEED: Final = 20
BACKGROUND_WINDOWS: Final = 8


class AligningDetector(VisualDetector, Protocol):
    """A visual detector that can show what its network saw."""

    def align(self, image: RgbImage, box: Box) -> tuple[Crop, dict[FacialRegion, npt.NDArray[np.bool_]]]: ...

    def activations(self, crops: npt.NDArray[np.uint8]) -> Activations: ...

    def shuffled(self) -> Runtime:
        """The serving network with its weights shuffled."""

    def network(self) -> Any:
        """The flat Keras model of the serving one."""

    def __hash__(self) -> int: ...


class ReplayingDetector(AudioDetector, Protocol):
    """An audio detector that can show the network it serves."""

    def network(self) -> Any:
        """The Keras model of the serving one."""

    def logits(self, features: FloatArray) -> FloatArray: ...

    def __hash__(self) -> int: ...


@dataclass(frozen=True, slots=True)
class FaceTarget:
    """The visual network as an `ActivationModel`, and the crops that it saw."""

    detector: AligningDetector

    def activations(self, crops: npt.NDArray[np.uint8]) -> Activations:
        return self.detector.activations(crops)

    @property
    def shuffled(self) -> ActivationModel:
        """The same network with shuffled weights; made once a process."""
        return _shuffled(self.detector)

    def network(self) -> Any:
        """The Keras model of the same weights, for methods that need gradients or other inputs; once a process."""
        return _face_network(self.detector)

    def align(self, image: RgbImage, box: Box) -> AlignedFace:
        crop, regions = self.detector.align(image, box)
        return AlignedFace(pixels=crop.image, frame_to_crop=crop.to_crop.astype(np.float64), regions=regions)


@dataclass(frozen=True, slots=True)
class ShuffledFaces:
    """A network without what it learnt, as an `ActivationModel`."""

    runtime: Runtime

    def activations(self, crops: npt.NDArray[np.uint8]) -> Activations:
        return self.runtime.run(crops)


@cache
def _shuffled(detector: AligningDetector) -> ShuffledFaces:
    return ShuffledFaces(detector.shuffled())


@cache
def _face_network(detector: AligningDetector) -> Any:
    return detector.network()


@dataclass(frozen=True, slots=True)
class SpeechTarget:
    """The audio network as a `SpectrogramModel`."""

    detector: ReplayingDetector
    network: Any
    background: FloatArray

    @property
    def frame_s(self) -> float:
        return SECONDS_PER_FRAME

    @property
    def band_hz(self) -> FloatArray:
        return (np.arange(BINS) * HZ_PER_BIN).astype(np.float32)

    def logits(self, inputs: FloatArray) -> FloatArray:
        return self.detector.logits(inputs)


@dataclass(frozen=True, slots=True)
class SpeechWitness:
    """The audio network, its explainer, and the planes that it heard."""

    target: SpeechTarget
    explainer: SpeechExplainer

    def planes(self, waveform: Waveform, windows: Sequence[AudioWindow]) -> FloatArray:
        """(N, T, F, 1): the network's input for windows that the detector reported."""
        starts = [round(window.start_s * SPEECH_RATE_HZ) for window in windows]
        return spectrogram(
            np.stack([fill_window(waveform.samples[start : start + WINDOW_SAMPLES]) for start in starts])
        )


def face_target(detector: VisualDetector) -> FaceTarget:
    """The shipped visual detector as the visual explainer asks for it.

    Raises: Defect when the detector cannot show its activations.
    """
    if not hasattr(detector, "align") or not hasattr(detector, "activations"):
        raise Defect("detector_opaque", "The visual detector offers no activations to explain.")
    return FaceTarget(cast("AligningDetector", detector))


def speech_witness(detector: AudioDetector) -> SpeechWitness:
    """The shipped audio detector as the audio explainer asks for it; built once a process.

    Raises: Defect when the detector cannot show its network.
    """
    if not hasattr(detector, "network") or not hasattr(detector, "logits"):
        raise Defect("detector_opaque", "The audio detector offers no network to explain.")
    return _speech_witness(cast("ReplayingDetector", detector))


@cache
def _speech_witness(detector: ReplayingDetector) -> SpeechWitness:
    target = SpeechTarget(detector=detector, network=detector.network(), background=background())
    return SpeechWitness(target=target, explainer=SpeechExplainer(target))


def background() -> FloatArray:
    """(B, T, F, 1): steady noise of several colours, what remains when a recording holds no voice.

    Attributions say how the window differs from it. It is made and not recorded, so that it carries nobody's voice.
    """
    rng = np.random.default_rng(BACKGROUND_SEED)
    spectra = np.fft.rfft(rng.normal(size=(BACKGROUND_WINDOWS, WINDOW_SAMPLES)))
    tilt = np.arange(1, spectra.shape[1] + 1)[None] ** -np.linspace(0, 1, BACKGROUND_WINDOWS)[:, None]
    return spectrogram(np.fft.irfft(spectra * tilt, WINDOW_SAMPLES).astype(np.float32))
