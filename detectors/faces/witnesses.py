"""The second face model beside the network: which faces it is shown, and what both say together.

Source: weights and limits are fitted by `training/faces` on sources that neither model was fitted to; figures in
`docs/evaluation/faces-by-source.md`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, Self

import numpy as np

from core.media import AlignedFace
from core.types import FaceObservation, ModelRef
from detectors.aggregation import LONG_SERIES
from detectors.calibration import Calibration, Platt, WitnessFusion
from detectors.faces.judging import speaking
from detectors.faces.tokens import ENCODER_SHA256, WEIGHTS, Crops, FaceTokenModel, Floats
from detectors.model_files import file_digest, find_model_file

MOST_FACES: Final = 8
"""Pictures of faces that the second model is shown of one batch of frames: each takes as long as twenty of the
network's."""

ENOUGH_FACES: Final = 4
"""Pictures of a part of a long series by which the second model may speak of that part alone."""

Track = Sequence[FaceObservation]


class Mapped(Protocol):
    """logits: (N,). maps: (N, h, w), in logits."""

    @property
    def logits(self) -> Floats: ...

    @property
    def maps(self) -> Floats: ...


class MapModel(Protocol):
    """Either face model, as a map is made of it."""

    def activations(self, crops: Crops) -> Mapped: ...


@dataclass(frozen=True, slots=True)
class LeadingModel:
    """The model that speaks louder for manipulation of a face, itself shuffled, and the face as it saw it."""

    model: MapModel
    shuffled: MapModel
    face: AlignedFace
    is_second: bool


@dataclass(frozen=True, slots=True)
class SecondWitness:
    """The second model, what its logits mean alone, and what both models' logits mean together."""

    model: FaceTokenModel
    alone: Calibration
    """Only shown: what the second model says by itself."""
    fusion: WitnessFusion
    models: tuple[ModelRef, ...] = ()
    """Its files."""

    @classmethod
    def load(cls, threads: int, weights: Path = WEIGHTS) -> Self:
        """The shipped one. Raises: Misconfigured when a part is missing."""
        return cls(
            FaceTokenModel.load(threads),
            Calibration.read(find_model_file(weights, "calibration.json")),
            WitnessFusion.read(find_model_file(weights, "fusion.json")),
            (
                ModelRef(name="visual.face.encoder", version="1", sha256=ENCODER_SHA256),
                *(
                    ModelRef(name=f"visual.face.{part}", version="1", sha256=file_digest(WEIGHTS / f"{part}.npz"))
                    for part in ("head", "drawn")
                ),
            ),
        )

    @property
    def version(self) -> str:
        return f"{self.model.version}-{self.fusion.calibration.version}"

    def calibrated(self, token_logit: float) -> Calibration:
        """What the network's logits of a face mean, given what the second model said of it."""
        own = self.fusion.calibration
        told = own.file.slope * self.fusion.second * token_logit + own.file.intercept
        platt = Platt(slope=own.file.slope * self.fusion.network, intercept=told)
        return own.model_copy(update={"sample": platt, "file": platt})


def mean_token_logit(track: Track) -> float | None:
    """Mean over the pictures of a face that the second model saw; None when it saw none.

    In a long series those of the part that the network's logit is of, where the second model saw enough of it: over the
    whole of an hour, a short fake would not tell.
    """
    parts = [speaking(tuple(track))] if len(track) >= LONG_SERIES else []
    told = [[each.token_logit for each in part if each.token_logit is not None] for part in (*parts, track)]
    seen = next((logits for logits in told if len(logits) >= ENOUGH_FACES), told[-1])
    return float(np.mean(seen)) if seen else None


def choose_faces(tracks: Sequence[Track], most: int = MOST_FACES) -> tuple[FaceObservation, ...]:
    """The pictures that the second model is shown: of every face that lasts the best ones, spread over its time.

    Args:
        tracks: faces followed over the frames of one batch.
        most: in all. Where there are more faces, those seen longest come first.
    """
    longest = sorted(tracks, key=len, reverse=True)[:most]
    chosen: list[FaceObservation] = []
    for number, track in enumerate(longest):
        share = (most - len(chosen)) // (len(longest) - number)
        for stretch in np.array_split(np.arange(len(track)), min(max(1, share), len(track))):
            chosen.append(max((track[index] for index in stretch), key=lambda seen: seen.quality))
    return tuple(chosen)
