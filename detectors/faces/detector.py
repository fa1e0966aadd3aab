"""Is the face in the picture manipulated: swapped, reenacted, blended or generated?

Claim: a high p_fake means that the pixels of a face, or the seam around it, look as blending and synthesis leave them.
Source: EfficientNet-Lite0 fine-tuned by `training/faces` (`weights/visual/card.md`), heard together with a second face
model (`detectors/faces/witnesses.py`); the cards hold data, terms, digests and figures.
Limits: faces under about 60 px, heavy compression and extreme poses weaken it; edits outside faces are not seen at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Final, Literal

import numpy as np

from core.media import AlignedFace, LocalMedia, RgbImage, SampledFrame, is_long
from core.types import (
    Box,
    FaceGeometry,
    FaceObservation,
    MediaInfo,
    MediaKind,
    Modality,
    ModelRef,
    Outcome,
    Reason,
    ReasonCode,
    Scored,
    Unscored,
    VisualCoverage,
    VisualEvidence,
    VisualObservations,
    WitnessScore,
)
from detectors.calibration import Calibration
from detectors.faces import tokens
from detectors.faces.familiarity import Familiarity
from detectors.faces.finder import FaceFinder
from detectors.faces.geometry import (
    Crop,
    Face,
    crop_face,
    cut,
    face_of,
    geometry_of,
    overlap,
    regions_of,
    sharpness,
    transform_of,
)
from detectors.faces.judging import (
    UNCLEARED,
    Reading,
    Track,
    deciding_parts,
    find_flaws,
    find_limits,
    find_segments,
    make_track,
    mean_quality,
    pooled,
    widest_gap,
)
from detectors.faces.long_recordings import (
    LEAST_RIVALS,
    close_stretch,
    count_shots,
    limit_factor,
    near_logits,
    same_picture,
    view_of,
)
from detectors.faces.runtime import (
    WEIGHTS,
    Activations,
    Crops,
    FaceNetwork,
    LiteRtFaceNetwork,
    choose_runtime,
    gpu_present,
)
from detectors.faces.small_faces import Places, is_in, known_places, search_places
from detectors.faces.tracking import follow
from detectors.faces.witnesses import LeadingModel, SecondWitness, mean_token_logit
from detectors.media.extraction import decode_image
from detectors.model_files import file_digest, find_model_file
from detectors.runtime import side_by_side
from detectors.shuffled import shuffled
from detectors.trained import TrainedDetector

NAME: Final = "visual.face"
PREPROCESSING: Final = 6
"""Raised when sampling, detection, cropping or quality weighting change."""
INPUT_PX: Final = 192
MIN_FACE_PX: Final = 24
"""Faces smaller than this are seen but not scored."""
TURNED: Final = 2.0
"""Strangeness of a face on its side or upside down: the models know none such."""
GOOD_FACE_PX: Final = 90
GOOD_SHARPNESS: Final = 12.0
GOOD_FRONTALITY: Final = 0.35
MAX_FACES_PER_FRAME: Final = 25
"""A grid of five by five callers."""
SHUFFLE_SEED: Final = 1
LEAST_OVERLAP: Final = 0.3
"""Of the box that was stored without geometry and the face that is found again in it."""


class ShuffledFaces:
    """The serving network without what it learnt."""

    def __init__(self, network: FaceNetwork) -> None:
        self._network = network

    def activations(self, crops: Crops) -> Activations:
        return self._network.run(crops)


class FaceManipulationDetector(TrainedDetector[SecondWitness]):
    """Faces, crops, one CNN, quality-weighted tracks.

    Implements `core.ports.VisualDetector` and what the explainers ask of a model of faces.
    """

    def __init__(
        self,
        runtime: FaceNetwork,
        calibration: Calibration,
        model: ModelRef,
        finder: FaceFinder,
        familiarity: Familiarity,
        weights: Path = WEIGHTS,
        second: SecondWitness | None = None,
        threads: int = 1,
    ) -> None:
        super().__init__(NAME, PREPROCESSING, calibration, model, weights, second)
        self._threads = threads
        self._runtime, self._finder, self._familiarity = runtime, finder, familiarity

    def supports(self, media: MediaInfo) -> Reason | None:
        if media.has_video:
            return None
        if Modality.VISUAL in media.unreadable:
            return Reason(code=ReasonCode.PICTURE_UNREADABLE, message="The file's picture cannot be decoded.")
        return Reason(code=ReasonCode.NO_VIDEO_STREAM, message="The file has no picture to examine.")

    def warm(self) -> None:
        """Load every model before the first file comes."""
        self._finder.warm()
        self._runtime.run(np.zeros((1, INPUT_PX, INPUT_PX, 3), np.uint8))
        if self._second is not None:
            self._second.model.score(np.zeros((1, tokens.INPUT_PX, tokens.INPUT_PX, 3), np.uint8))

    def detect(self, media: LocalMedia) -> VisualEvidence:
        return self.interpret(media.info, self.observe(media))

    # ------------------------------------------------------------------------------------------ preprocess, infer

    def observe(self, media: LocalMedia, earlier: VisualObservations | None = None) -> VisualObservations:
        """Faces and logits of every frame given. Faces that a frame comes with are not looked for again.

        Args:
            earlier: what was seen in other frames of the file, if any were looked at. In a recording that is not long
                small faces are then looked for only where some were seen, and pictures that the second model saw count.
        """
        of_long = is_long(media.info.duration_s)
        known = None if of_long else earlier
        places, found = self._small_faces(media, known)

        def look(frame: SampledFrame) -> list[tuple[FaceObservation, RgbImage | None]]:
            return self._observe_frame(
                frame,
                found.get(frame.index),
                places.get(frame.picture, ()),
                is_face_crop=media.is_face_crop,
                of_long=of_long,
            )

        seen = [each for frame in side_by_side(look, media.frames, self._threads) for each in frame]
        times = tuple(sorted(frame.time_s for frame in media.frames))
        larger = {id(observation): crop for observation, crop in seen if crop is not None}
        faces = tuple(observation for observation, _ in seen)
        if self._second is not None and faces:
            faces = self._second.tell(faces, times, larger, of_long=of_long, earlier=known)
        return VisualObservations(faces=faces, frame_times_s=times)

    def _observe_frame(
        self,
        frame: SampledFrame,
        found: tuple[Face, ...] | None,
        places: Sequence[Box],
        *,
        is_face_crop: bool,
        of_long: bool,
    ) -> list[tuple[FaceObservation, RgbImage | None]]:
        """Each face, with the crop that the second model would be shown.

        Args:
            found: what looking at the whole frame gave, where that was done before. places: of small faces.
        """
        image = decode_image(frame.encoded)
        faces = self._faces(frame, image, found, places, is_face_crop=is_face_crop)
        if not faces:
            return []
        crops = [crop_face(image, face, INPUT_PX) for face in faces]
        seen = self._runtime.run(np.stack([crop.image for crop in crops]))
        # Rounded once more, a geometry that was kept would cut other crops, which no model remembers.
        geometries = frame.faces or [
            geometry_of(face, crop.to_crop, INPUT_PX) for face, crop in zip(faces, crops, strict=True)
        ]
        observed = [
            FaceObservation(
                frame_index=frame.index,
                time_s=frame.time_s,
                box=face.box if face is not None else _whole(image),
                logit=float(logit),
                quality=quality(face, crop),
                strangeness=TURNED if self._is_turned(frame, image, face) else strangeness,
                geometry=geometry,
                picture=frame.picture,
                view=view_of(image) if of_long else None,
            )
            for face, crop, geometry, logit, strangeness in zip(
                faces, crops, geometries, seen.logits, self._familiarity.strangeness(seen.textures), strict=True
            )
        ]
        if self._second is None:
            return [(each, None) for each in observed]
        # By what is kept of the face: maps and repeated scores cut the same crop again, whose tokens are remembered.
        kept = (face_of(each.geometry) if each.geometry else None for each in observed)
        larger = (crop_face(image, face, tokens.INPUT_PX, tokens.CROP_MARGIN).image for face in kept)
        return list(zip(observed, larger, strict=True))

    def _is_turned(self, frame: SampledFrame, image: RgbImage, face: Face | None) -> bool:
        """Asked of faces that were found here; those that a frame comes with are not looked for again."""
        return frame.faces is None and face is not None and self._finder.is_turned(image, face)

    def _small_faces(
        self, media: LocalMedia, earlier: VisualObservations | None
    ) -> tuple[Places, dict[int, tuple[Face, ...]]]:
        """Places of small faces; and the faces of frames that were searched for them, by index.

        What is missed in the few frames of one search shows too seldom to decide (`judging.LEAST_PART`).
        """
        if earlier is not None:
            return known_places(media.info, earlier.faces), {}
        return search_places(self._finder, media, self._threads)

    def _faces(
        self,
        frame: SampledFrame,
        image: RgbImage,
        found: tuple[Face, ...] | None,
        places: Sequence[Box],
        *,
        is_face_crop: bool,
    ) -> Sequence[Face | None]:
        """None stands for a picture that is taken whole, without a mesh. found, places: as `_observe_frame`."""
        if frame.faces is not None:
            return [face_of(each) for each in frame.faces]
        if is_face_crop:
            return (self._finder.find_in_crop(image),)
        faces = list(self._finder.find(image) if found is None else found)
        for box in places:
            if not is_in(box, faces):
                faces += self._finder.find_near(image, box, faces)
        return [
            face for face in faces[:MAX_FACES_PER_FRAME] if min(face.box.width_px, face.box.height_px) >= MIN_FACE_PX
        ]

    # ------------------------------------------------------------------------------------------ for explanations

    def align(self, image: RgbImage, box: Box, geometry: FaceGeometry | None) -> AlignedFace:
        """The crop the model saw for a face of this frame, and its named regions (none without a mesh).

        Args:
            box: as it was observed; read only without geometry, as evidence of earlier versions is stored: then the
                face is found again, and the whole frame is shown when it is not.
        """
        known = geometry or self._found_again(image, box)
        to_crop = transform_of(known)
        return AlignedFace(cut(image, to_crop, known.crop_px).image, to_crop, regions_of(known))

    def leading(self, image: RgbImage, box: Box, geometry: FaceGeometry | None) -> LeadingModel:
        """Of both models the one by which alone this face is more probably manipulated, with the crop that it sees."""
        known = geometry or self._found_again(image, box)
        face = self.align(image, box, known)
        first = LeadingModel(self, self.shuffled, face, is_second=False)
        if self._second is None:
            return first
        seen = crop_face(image, face_of(known), tokens.INPUT_PX, tokens.CROP_MARGIN)
        by_tokens = float(self._second.model.score(seen.image[None]).logits[0])
        by_network = float(self._runtime.run(face.pixels[None]).logits[0])
        if self._second.alone.sample.p_fake(by_tokens) <= self._calibration.sample.p_fake(by_network):
            return first
        regions = regions_of(geometry_of(face_of(known), seen.to_crop, tokens.INPUT_PX))
        model = self._second.model
        return LeadingModel(model, model.shuffled, AlignedFace(seen.image, seen.to_crop, regions), is_second=True)

    def _found_again(self, image: RgbImage, box: Box) -> FaceGeometry:
        faces = self._finder.find(image) or tuple(
            face for face in (self._finder.find_in_crop(image),) if face is not None
        )
        nearest = max(faces, key=lambda face: overlap(face.box, box), default=None)
        if nearest is not None and overlap(nearest.box, box) < LEAST_OVERLAP:
            nearest = None
        return geometry_of(nearest, crop_face(image, nearest, INPUT_PX).to_crop, INPUT_PX)

    def activations(self, crops: Crops) -> Activations:
        """Logits and class activation maps. crops: (N, 192, 192, 3) uint8 RGB."""
        return self._runtime.run(crops)

    @cached_property
    def shuffled(self) -> ShuffledFaces:
        """The serving network with its weights shuffled, always the same way; made when first asked for."""
        content = shuffled(find_model_file(self._weights, "model.tflite").read_bytes(), seed=SHUFFLE_SEED)
        return ShuffledFaces(LiteRtFaceNetwork(content, threads=1))

    # ------------------------------------------------------------------------------------------ interpret

    def interpret(self, media: MediaInfo, observations: VisualObservations) -> VisualEvidence:
        unsupported = self.supports(media)
        with_face = {round(seen.time_s, 3) for seen in observations.faces}
        coverage = VisualCoverage(
            frames_sampled=len(observations.frame_times_s),
            frames_with_face=len(with_face),
            faces_scored=len(observations.faces),
            widest_gap=widest_gap(observations.frame_times_s, media),
        )
        if unsupported is not None or not observations.faces:
            reason = unsupported or Reason(
                code=ReasonCode.NO_FACE,
                message=f"No face was found in the {coverage.frames_sampled} frames that were examined.",
            )
            return VisualEvidence(
                detector=self.reference, finding=Unscored(reason=reason), coverage=coverage, thresholds=self.thresholds
            )

        followed = follow(observations.faces, observations.frame_times_s)
        parts = deciding_parts(followed, len(with_face))
        candidates = [part for part in parts if not find_flaws(part)] or parts
        may_decide = {(seen.frame_index, seen.box) for part in candidates for seen in part}
        # Of many honest faces the worst scores high by chance: each has to stand out from as many as may decide.
        shots = max(LEAST_RIVALS, len(candidates), count_shots(observations.faces))
        looked_s = media.duration_s / len(observations.frame_times_s) if is_long(media.duration_s) else None
        each_once = {id(part): part for part in (*followed, *parts)}
        readings = {key: self._read(part, len(candidates), shots, looked_s) for key, part in each_once.items()}
        tracks = tuple(
            make_track(
                number,
                track,
                readings[id(track)],
                self._frame_scores(track, media),
                decides=(track[0].frame_index, track[0].box) in may_decide,
            )
            for number, track in enumerate(followed, start=1)
        )
        limits = [readings[id(track)].calibration.fake for track in followed]
        told = [readings[id(part)] for part in candidates]
        decisive = max(told, key=lambda each: (looked_s is not None and each.is_fake, each.p_fake))
        deciding, calibration, p_fake = decisive.part, decisive.calibration, decisive.p_fake
        outcome = calibration.outcome(p_fake)
        # A face too poor to be judged by condemns nothing, and while it looks fake nothing is cleared beside it.
        # One frame of many decides nothing either; that few show a face is among the limits.
        flaws = find_flaws(deciding)
        if outcome is Outcome.REAL and any(self._p_fake(part) >= self._calibrated(part).fake for part in parts):
            flaws = (UNCLEARED,)
        is_alone = len({seen.frame_index for seen in deciding}) == 1 < coverage.frames_sampled
        if flaws or is_alone:
            outcome = Outcome.INCONCLUSIVE
        fake_frames = {
            round(score.time_s, 3)
            for track, limit in zip(tracks, limits, strict=True)
            if track.decides
            for score in track.frames
            if score.p_fake >= limit
        }
        return VisualEvidence(
            detector=self.reference,
            finding=Scored(
                p_fake=p_fake, calibration_version=calibration.version, uncalibrated=pooled(deciding), outcome=outcome
            ),
            coverage=coverage,
            tracks=tracks,
            segments=find_segments(tracks, limits, media) if media.kind is MediaKind.VIDEO else (),
            fake_frames_pct=100.0 * len(fake_frames) / len(with_face),
            quality=min(1.0, mean_quality(deciding)),
            thresholds=calibration.thresholds,
            witnesses=self._witnesses(deciding),
            limits=(*find_limits(media, coverage), *flaws),
        )

    def _calibrated(self, track: Track) -> Calibration:
        """What the network's logits of this face mean: alone, or given what the second model said of it."""
        token_logit = mean_token_logit(track)
        if self._second is None or token_logit is None:
            return self._calibration
        return self._second.calibrated(token_logit)

    def _read(self, track: Track, rivals: int, shots: int, looked_s: float | None) -> Reading:
        """What speaks for a face: of a long recording a stretch that was looked at closely, if it is louder.

        Args:
            rivals: faces that may decide. shots: as a stretch is the loudest of.
            looked_s: how far apart all frames lie on average; None of a recording that is not long.
        """
        calibration = self._calibrated(track)
        if looked_s is None:
            return Reading(track, calibration.among(rivals))
        spoken = {same_picture(each): self._log_odds((each,)) for each in track if each.token_logit is not None}
        whole = Reading(track, calibration.among(limit_factor(track, spoken) * rivals))
        stretch = close_stretch(track, looked_s, self._log_odds, spoken)
        if stretch is None or find_flaws(stretch):
            return whole
        raised = Reading(stretch, self._calibrated(stretch).among(limit_factor(stretch, spoken, rivals=shots)))
        return max(whole, raised, key=lambda each: (each.is_fake, each.p_fake))

    def _frame_scores(self, track: Track, media: MediaInfo) -> list[float]:
        """Of each look at a face. In a long recording a short fake and the rest of the same face score apart."""
        token_logit = mean_token_logit(track)
        if self._second is None or token_logit is None or not is_long(media.duration_s):
            sample = self._calibrated(track).sample
            return [sample.p_fake(each.logit) for each in track]
        near = near_logits(track, token_logit)
        return [self._second.calibrated(second).sample.p_fake(network) for network, second in near]

    def _log_odds(self, track: Track) -> float:
        platt = self._calibrated(track).file
        return platt.slope * pooled(track) + platt.intercept

    def _p_fake(self, track: Track) -> float:
        return self._calibrated(track).file.p_fake(pooled(track))

    def _witnesses(self, track: Track) -> tuple[WitnessScore, ...]:
        token_logit = mean_token_logit(track)
        if self._second is None or token_logit is None:
            return ()
        shown = sum(each.token_logit is not None for each in track)
        return (
            WitnessScore(name="network", p_fake=self._calibration.file.p_fake(pooled(track)), faces=len(track)),
            WitnessScore(name="tokens", p_fake=self._second.alone.file.p_fake(token_logit), faces=shown),
        )


def quality(face: Face | None, crop: Crop) -> float:
    """How much weight a face deserves, in [0.05, 1]: its size, its sharpness, how far it looks at the camera."""
    if face is None:
        return 0.3
    size = min(face.box.width_px, face.box.height_px) / GOOD_FACE_PX
    sharp = sharpness(crop.image) / GOOD_SHARPNESS
    front = face.frontality / GOOD_FRONTALITY
    weight = min(1.0, size) * min(1.0, 0.3 + 0.7 * sharp) * min(1.0, 0.2 + 0.8 * front) * min(1.0, face.score)
    return float(np.clip(weight, 0.05, 1.0))


def load_visual_detector(
    *, device: Literal["auto", "cpu", "gpu"] = "auto", threads: int = 2, weights: Path = WEIGHTS
) -> FaceManipulationDetector:
    """The shipped detector.

    Raises: Misconfigured when the weights are missing, or a GPU is demanded and absent.
    """
    serving = find_model_file(weights, "model.tflite")
    return FaceManipulationDetector(
        runtime=choose_runtime(device, threads, gpu_present, weights),
        calibration=Calibration.read(find_model_file(weights, "calibration.json")),
        familiarity=Familiarity.read(find_model_file(weights, "familiarity.json")),
        model=ModelRef(name=NAME, version="1", sha256=file_digest(serving)),
        finder=FaceFinder(),
        weights=weights,
        second=SecondWitness.load(threads),
        threads=threads,
    )


def _whole(image: RgbImage) -> Box:
    return Box(x_px=0, y_px=0, width_px=image.shape[1], height_px=image.shape[0])
