"""The second face model beside the network: which faces it is shown, and what both say together.

Source: weights and limits are fitted by `training/faces` on sources that neither model was fitted to; figures in
`docs/evaluation/faces-by-source.md`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, Self

import numpy as np

from core.media import AlignedFace, RgbImage
from core.types import FaceObservation, ModelRef, VisualObservations
from detectors.calibration import Calibration, Platt, WitnessFusion
from detectors.faces.judging import pooled
from detectors.faces.long_recordings import count_pictures, different, same_picture
from detectors.faces.tokens import ENCODER_SHA256, WEIGHTS, Crops, FaceTokenModel, Floats
from detectors.faces.tracking import follow
from detectors.model_files import file_digest, find_model_file

MOST_FACES: Final = 8
"""Pictures of faces that the second model is shown of one stretch of time, however many batches of frames it is looked
at in: each takes as long as ten of the network's, and more tell it nothing more (docs/evaluation/agents.md)."""

CLEAR_MARGIN: Final = 0.05
"""A score so far above the limit for a fake is settled by every other picture (figures in the same place). A low score
is not: the others may tell more."""
OPEN_MARGIN: Final = 0.1
"""So is one so far between both limits."""

MOST_OF_LONG: Final = 16
"""The same, of a long recording: as many as there are frames in a second look."""

FRAMES_A_FACE: Final = 6
"""Of a longer batch of a long recording: one picture for so many frames."""

GOOD_SHARE: Final = 0.7
"""Of the best quality: so good a picture may be chosen for being suspicious."""

Track = tuple[FaceObservation, ...]


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

    def tell(
        self,
        observations: Sequence[FaceObservation],
        times_s: Sequence[float],
        larger: Mapping[int, RgbImage],
        *,
        of_long: bool,
        earlier: VisualObservations | None = None,
    ) -> Track:
        """The same, with what the model says of some of them, and of pictures that equal these; whether they are drawn.

        Args:
            times_s: of all frames of the batch.
            larger: crops for it, by the identity of their observation.
            of_long: whether of a long recording.
            earlier: what it said of faces in other frames of the file.
        """
        tracks = follow_on(observations, times_s, earlier)
        most = max(MOST_OF_LONG, len(times_s) // FRAMES_A_FACE) if of_long else MOST_FACES
        chosen = choose_faces(
            [different(track.new) for track in tracks], most, of_long=of_long, seen=[track.seen for track in tracks]
        )
        logits: dict[object, float] = {}
        drawn: dict[object, float] = {}

        def show(faces: Sequence[FaceObservation]) -> None:
            if not faces:
                return
            scored = self.model.score(np.stack([larger[id(each)] for each in faces]))
            keys = [same_picture(each) for each in faces]
            logits.update(zip(keys, scored.logits.tolist(), strict=True))
            drawn.update(zip(keys, scored.strangeness.tolist(), strict=True))

        if of_long or earlier is not None:
            show(chosen)
        else:
            places = {id(each) for each in chosen}
            pictures = [[each for each in track.new if id(each) in places] for track in tracks]
            show([each for own in pictures for each in own[::2]])
            open_still = [
                own[1::2]
                for track, own in zip(tracks, pictures, strict=True)
                if not self._is_settled(track.new, [logits[same_picture(each)] for each in own[::2]], len(tracks))
            ]
            show([each for own in open_still for each in own])
        told: dict[int, FaceObservation] = {}
        for track in tracks:
            # A face is drawn throughout or not at all: what the model saw of it holds for the rest.
            strange = [drawn[key] for key in map(same_picture, different(track.new)) if key in drawn]
            strange = strange or [track.strangeness]
            for each in track.new:
                strangeness = max(each.strangeness, float(np.mean(strange)))
                added = {"token_logit": logits.get(same_picture(each), each.token_logit), "strangeness": strangeness}
                told[id(each)] = each.model_copy(update=added)
        return tuple(told[id(each)] for each in observations)

    def _is_settled(self, track: Track, told: Sequence[float], rivals: int) -> bool:
        """Whether further pictures of a face could hardly turn what both models say of it. told: of those it saw."""
        if not told:
            return False
        calibration = self.calibrated(float(np.mean(told))).among(rivals)
        p_fake, fake = calibration.file.p_fake(pooled(track)), calibration.fake
        return calibration.real + OPEN_MARGIN <= p_fake <= fake - OPEN_MARGIN or p_fake >= fake + CLEAR_MARGIN

    def calibrated(self, token_logit: float) -> Calibration:
        """What the network's logits of a face mean, given what the second model said of it."""
        own = self.fusion.calibration
        told = own.file.slope * self.fusion.second * token_logit + own.file.intercept
        platt = Platt(slope=own.file.slope * self.fusion.network, intercept=told)
        return own.model_copy(update={"sample": platt, "file": platt})


def mean_token_logit(track: Track) -> float | None:
    """Mean over the different pictures of a face that the second model saw; None when it saw none."""
    told = [each.token_logit for each in different(track) if each.token_logit is not None]
    return float(np.mean(told)) if told else None


@dataclass(frozen=True, slots=True)
class Followed:
    """One face of a batch of frames. seen: pictures of it that the second model saw before, of the batch's stretch.
    strangeness: what it knew of the face by then."""

    new: Track
    seen: int = 0
    strangeness: float = 0.0


def follow_on(
    observations: Sequence[FaceObservation], times_s: Sequence[float], earlier: VisualObservations | None = None
) -> list[Followed]:
    """The faces of a batch of frames, each with what is known of it from other frames of the file.

    Args:
        times_s: of all frames of the batch.
        earlier: what was observed before.
    """
    if earlier is None:
        return [Followed(track) for track in follow(observations, times_s)]
    known = {id(each) for each in earlier.faces}
    first_s, last_s = min(times_s), max(times_s)
    around_s = (last_s - first_s) / max(1, len(times_s) - 1)  # frames of one batch may lie between those of another
    found = []
    for track in follow((*earlier.faces, *observations), (*earlier.frame_times_s, *times_s)):
        if not (new := tuple(each for each in track if id(each) not in known)):
            continue
        told = [each for each in track if id(each) in known and each.token_logit is not None]
        within = [each for each in told if first_s - around_s <= each.time_s <= last_s + around_s]
        found.append(Followed(new, count_pictures(within), min((each.strangeness for each in told), default=0.0)))
    return found


def choose_faces(
    tracks: Sequence[Track], most: int = MOST_FACES, *, of_long: bool = False, seen: Sequence[int] = ()
) -> Track:
    """The pictures that the second model is shown: of every face that lasts the best ones, spread over its time.

    Of a long recording, whose frames lie far apart, those that the network finds most suspicious among the good ones:
    else a short fake would rarely be among them.

    Args:
        tracks: faces followed over the frames of one batch.
        most: in all. Where there are more faces, those seen longest come first.
        seen: pictures of each face that it was shown already and that count; none when left out.
    """
    longest = sorted(zip(tracks, seen or [0] * len(tracks), strict=True), key=lambda each: -len(each[0]))[:most]
    chosen: list[FaceObservation] = []
    spent = 0
    for number, (track, shown) in enumerate(longest):
        share = max(0 if shown else 1, (most - spent) // (len(longest) - number) - shown)
        spent += shown + min(share, len(track))
        for stretch in np.array_split(np.arange(len(track)), min(share, len(track))) if share else ():
            here = [track[index] for index in stretch]
            best = max(here, key=lambda seen: seen.quality)
            if of_long:
                good = [seen for seen in here if seen.quality >= GOOD_SHARE * best.quality]
                best = max(good, key=lambda seen: seen.logit)
            chosen.append(best)
    return tuple(chosen)
