"""What the detectors saw and heard, and what they make of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from core.types.base import Frozen, Probability, Seconds, is_empty
from core.types.media import Box, SoundPart, TimeRange
from core.types.vocabulary import Modality, Outcome, Reason

EVIDENCE_VERSION: Literal[2] = 2
"""As written today; `store.versions` brings older ones up to it when they are read."""


class DetectorRef(Frozen):
    """Which detector spoke; the version changes when weights or preprocessing do."""

    name: str
    version: str


KnownRate = Annotated[Probability | None, Field(exclude_if=lambda rate: rate is None)]
"""None in evidence of earlier versions, and of limits that no calibration set."""


class Thresholds(Frozen):
    """`p_fake` at or above `fake` is called fake, at or below `real` is called real, between is inconclusive."""

    version: str
    real: Probability
    fake: Probability
    false_alarm_rate: KnownRate = None
    """At most this share of the honest files of the calibration reach `fake`."""
    miss_rate: KnownRate = None
    """At most this share of its manipulated files fall to `real`."""

    def among(self, count: float) -> Thresholds:
        """For the highest score of so many: each could have reached `fake` by chance, so that it lies higher.

        The odds that it stands for are multiplied by their number (Bonferroni). `real` stays: the highest of many is
        no less suspicious for being one of many.
        """
        if count <= 1 or not 0 < self.fake < 1:
            return self
        odds = self.fake / (1 - self.fake) * count
        return self.model_copy(update={"fake": odds / (1 + odds)})

    def outcome(self, p_fake: float) -> Outcome:
        """What a score by itself amounts to."""
        if p_fake >= self.fake:
            return Outcome.FAKE
        return Outcome.REAL if p_fake <= self.real else Outcome.INCONCLUSIVE


class Scored(Frozen):
    """A modality was examined and yielded a calibrated score."""

    kind: Literal["scored"] = "scored"
    p_fake: Probability
    calibration_version: str
    uncalibrated: float
    """The pooled logit before calibration, kept so that a calibration can be re-applied."""
    outcome: Outcome
    """This modality alone, against its own conformal thresholds."""


class Unscored(Frozen):
    """A modality yielded no score, and this is why. Never reported as 0.5."""

    kind: Literal["unscored"] = "unscored"
    reason: Reason


Finding = Annotated[Scored | Unscored, Field(discriminator="kind")]


class FaceGeometry(Frozen):
    """Where a face's points lie in its frame, and where the crop of it that the network saw was taken from."""

    frame_to_crop: tuple[float, float, float, float, float, float]
    """The affine map (2, 3) from pixels of the frame to pixels of the crop, row by row."""
    crop_px: Annotated[int, Field(ge=1)]
    """Side of the crop."""
    mesh: str = ""
    """The 468 landmarks in crop pixels as `detectors.faces.geometry` packs them; empty when none were found."""
    score: Probability = 0.0
    """The mesh model's confidence that this is a face."""


def _is_first(picture: int) -> bool:
    return picture == 1


def _is_unknown(geometry: FaceGeometry | None) -> bool:
    return geometry is None


KnownGeometry = Annotated[SkipJsonSchema[FaceGeometry | None], Field(exclude_if=_is_unknown)]
"""None in evidence of earlier versions and in reports, which name a face by its frame and box."""


class FaceObservation(Frozen):
    """What the visual model saw of one face in one sampled frame, before any interpretation.

    Observations are what a visual job leaves behind: jobs over chunks of a long video, or over frames that were
    sampled later, add theirs, and interpretation runs over the union.
    """

    frame_index: Annotated[int, Field(ge=0)]
    time_s: Seconds
    box: Box
    logit: float
    """Uncalibrated, positive means synthetic."""
    quality: Probability
    """Size, sharpness and pose of the face: the weight it deserves, 1 best."""
    strangeness: Annotated[float, Field(ge=0)] = 0.0
    """How unlike the faces the model knows it looks; above 1 it is unfamiliar."""
    geometry: KnownGeometry = None
    picture: Annotated[int, Field(ge=1, exclude_if=_is_first)] = 1
    """Which picture track it was seen in."""
    token_logit: float | None = None
    """Uncalibrated, of the second face model; None where it was not asked: it sees a few faces of a file."""
    view: Annotated[int | None, Field(ge=0, exclude_if=lambda view: view is None)] = None
    """Of a long recording: what the whole frame looks like, in 64 bits; frames of one shot differ in few of them."""


class SpeechObservation(Frozen):
    """What the audio model heard in one window, before any interpretation."""

    start_s: Seconds
    end_s: Seconds
    speech_s: Seconds
    logit: float
    """Of the network, uncalibrated; positive means synthetic."""
    encoder_logit: float | None = None
    """Of the second voice model; None in observations of earlier versions."""
    voice: Annotated[int, Field(ge=1)] | None = None
    """Which of the sound's voices it is, in order of appearance; None in observations of earlier versions."""


class VisualObservations(Frozen):
    """What one or more visual jobs saw."""

    faces: tuple[FaceObservation, ...]
    frame_times_s: tuple[float, ...]
    """Times of all frames examined, with or without a face, ascending, one entry a frame."""

    def merged(self, other: VisualObservations) -> VisualObservations:
        """Union by frame time; a frame examined twice keeps the first examination."""
        known = {round(time, 3) for time in self.frame_times_s}
        fresh = {round(time, 3) for time in other.frame_times_s} - known
        faces = self.faces + tuple(face for face in other.faces if round(face.time_s, 3) in fresh)
        times = self.frame_times_s + tuple(t for t in other.frame_times_s if round(t, 3) in fresh)
        return VisualObservations(
            faces=tuple(sorted(faces, key=lambda face: (face.time_s, face.box.x_px))),
            frame_times_s=tuple(sorted(times)),
        )


class AcousticMeasure(StrEnum):
    """What is measured of speech, with its unit."""

    PITCH = "pitch"
    """Hz: the middle of the voiced frames."""
    PITCH_RANGE = "pitch_range"
    """Semitones between the tenth and the ninetieth percentile."""
    PITCH_STEP = "pitch_step"
    """Semitones: the median change from one voiced frame to the next, 16 ms later."""
    PAUSES = "pauses"
    """Share of the time from the first word to the last."""
    BAND_END = "band_end"
    """Hz: the highest frequency within 60 dB of the strongest, at most 8,000."""
    BAND_FALL = "band_fall"
    """dB: the steepest fall of the mean spectrum above 2 kHz, from one quarter of a kilohertz to the next but one."""
    NOISE_FLOOR = "noise_floor"
    """dB: the quietest frames against the speech."""
    DIGITAL_SILENCE = "digital_silence"
    """Share of the sound in which samples are equal for 10 ms or longer."""
    FLATNESS = "flatness"
    """dB: geometric over arithmetic mean of a frame's spectrum, 0 for white noise."""


class AcousticMeasurement(Frozen):
    """One measurement, beside the range in which nine in ten honest clips lie. A fact, and no evidence by itself."""

    measure: AcousticMeasure
    value: float
    usual_low: float
    usual_high: float

    @property
    def is_usual(self) -> bool:
        return self.usual_low <= self.value <= self.usual_high


class AudioObservations(Frozen):
    """What one audio job heard."""

    windows: tuple[SpeechObservation, ...]
    speech_s: float
    total_s: float
    reason: Reason | None = None
    """Set when there is nothing to score (no speech, too little speech, music or noise only), and as `LOW_QUALITY` when
    the windows were scored from poor sound."""
    acoustics: dict[AcousticMeasure, float] = Field(default_factory=dict)
    """Empty in observations of earlier versions."""


class FrameScore(Frozen):
    """One face in one sampled frame."""

    frame_index: Annotated[int, Field(ge=0)]
    time_s: Seconds
    box: Box
    p_fake: Probability
    quality: Probability
    """Weight the frame had in its track: size, sharpness and pose, 1 best."""
    geometry: KnownGeometry = None


class FaceTrack(Frozen):
    """One person followed through the sampled frames."""

    id: Annotated[int, Field(ge=1)]
    start_s: Seconds
    end_s: Seconds
    p_fake: Probability
    frames: Annotated[tuple[FrameScore, ...], Field(min_length=1)]
    picture: Annotated[int, Field(ge=1, exclude_if=_is_first)] = 1
    """Which picture track it is seen in."""
    decides: bool = True
    """Whether the face may decide over the file. One that only passes, or is too poor to judge, does not beside others
    that last: it is shown and marks nothing."""
    thresholds: Annotated[Thresholds | None, Field(exclude_if=lambda limits: limits is None)] = None
    """The face's own, by which it is called; None in evidence of earlier versions: those of the evidence then."""


class WitnessScore(Frozen):
    """What one face model by itself makes of the face that the score is of."""

    name: Literal["network", "tokens"]
    """The convolutional network, or the linear heads over the patch tokens of a frozen picture encoder."""
    p_fake: Probability
    faces: Annotated[int, Field(ge=1)]
    """How many pictures of the face it saw."""


class VoiceModelScore(Frozen):
    """What one voice model by itself makes of the sound that the score is of."""

    name: Literal["network", "encoder"]
    """The convolutional network, or the head over the first layers of a speech recogniser's encoder."""
    p_fake: Probability


class VisualSegment(Frozen):
    """A stretch in which one track's face scores as manipulated."""

    id: Annotated[int, Field(ge=1)]
    track_id: Annotated[int, Field(ge=1)]
    start_s: Seconds
    end_s: Seconds
    p_fake: Probability


class AudioWindow(Frozen):
    """One analysed window of speech."""

    start_s: Seconds
    end_s: Seconds
    p_fake: Probability
    speech_s: Seconds


class AudioSegment(Frozen):
    """A stretch of speech that scores as synthetic."""

    id: Annotated[int, Field(ge=1)]
    start_s: Seconds
    end_s: Seconds
    p_fake: Probability


class VisualCoverage(Frozen):
    frames_sampled: Annotated[int, Field(ge=0)]
    frames_with_face: Annotated[int, Field(ge=0)]
    faces_scored: Annotated[int, Field(ge=0)]
    widest_gap: Annotated[TimeRange | None, Field(exclude_if=lambda gap: gap is None)] = None
    """The longest stretch of the examined time that no frame was taken from; None where it was not worked out."""


class AudioCoverage(Frozen):
    total_s: Seconds
    speech_s: Seconds


class EarlierLook(Frozen):
    """What the faces came to before further frames were looked at."""

    frames_sampled: Annotated[int, Field(ge=0)]
    finding: Finding


@dataclass(frozen=True, slots=True)
class FurtherFrames:
    """What the frames after the first look bought."""

    first: int
    added: int
    effect: Literal["decided", "open", "same", "changed", "scored", "unscored"]
    """Of what the first frames left open: decided, or open still. Of what they decided: the same, or changed. Of what
    they gave no score for: scored, or unscored still."""
    before: float | None
    """The faces' p_fake by the first frames."""
    after: float | None


class VisualEvidence(Frozen):
    schema_version: Literal[2] = EVIDENCE_VERSION
    modality: Literal[Modality.VISUAL] = Modality.VISUAL
    detector: DetectorRef
    finding: Finding
    coverage: VisualCoverage
    tracks: tuple[FaceTrack, ...] = ()
    segments: tuple[VisualSegment, ...] = ()
    fake_frames_pct: Annotated[float, Field(ge=0, le=100)] | None = None
    """Share of the frames with a face in which some face scores above the fake threshold, in per cent."""
    quality: Probability | None = None
    """Mean quality weight of the faces that the score is of; low values lead to abstention."""
    thresholds: Thresholds | None = None
    """The detector's own, by which its segments and its outcome are called; None in evidence of version 1."""
    witnesses: tuple[WitnessScore, ...] = ()
    """The face models one by one, where more than one was asked."""
    earlier: Annotated[tuple[EarlierLook, ...], Field(exclude_if=is_empty)] = ()
    """What the faces came to over fewer frames, where further ones followed, in order; empty in evidence of before."""
    limits: tuple[Reason, ...] = ()

    @property
    def further(self) -> FurtherFrames | None:
        """What the frames after the first look bought; None where none followed."""
        if not self.earlier:
            return None
        first, added = self.earlier[0], self.coverage.frames_sampled - self.earlier[0].frames_sampled
        old, new = first.finding, self.finding
        before, after = (each.p_fake if isinstance(each, Scored) else None for each in (old, new))
        if not isinstance(old, Scored):
            return FurtherFrames(first.frames_sampled, added, "unscored" if after is None else "scored", before, after)
        outcome = new.outcome if isinstance(new, Scored) else Outcome.INCONCLUSIVE
        if old.outcome is Outcome.INCONCLUSIVE:
            effect: Literal["decided", "open", "same", "changed"] = "open" if outcome is old.outcome else "decided"
        else:
            effect = "same" if outcome is old.outcome else "changed"
        return FurtherFrames(first.frames_sampled, added, effect, before, after)

    def without_geometry(self) -> VisualEvidence:
        """The same evidence, every face named by its frame and box alone."""
        bare = [
            track.model_copy(
                update={"frames": tuple(frame.model_copy(update={"geometry": None}) for frame in track.frames)}
            )
            for track in self.tracks
        ]
        return self.model_copy(update={"tracks": tuple(bare)})


class SoundFinding(Frozen):
    """What one sound of a file came to by itself."""

    part: SoundPart
    finding: Finding
    total_s: Seconds
    speech_s: Seconds
    decides: bool = False
    """Whether the evidence is of this one: windows, stretches and score are its."""


class VoiceFinding(Frozen):
    """What the windows of one voice came to by themselves. A voice is told from others by how it sounds: no person."""

    number: Annotated[int, Field(ge=1)]
    """In order of appearance; 1 is called A."""
    spans: Annotated[tuple[TimeRange, ...], Field(min_length=1)]
    """When it is heard, ascending and apart."""
    finding: Finding
    decides: bool = False
    """Whether the score of the sound is that of this voice."""


class AudioEvidence(Frozen):
    schema_version: Literal[2] = EVIDENCE_VERSION
    modality: Literal[Modality.AUDIO] = Modality.AUDIO
    detector: DetectorRef
    finding: Finding
    coverage: AudioCoverage
    windows: tuple[AudioWindow, ...] = ()
    segments: tuple[AudioSegment, ...] = ()
    thresholds: Thresholds | None = None
    """The detector's own, by which its segments and its outcome are called; None in evidence of version 1."""
    acoustics: tuple[AcousticMeasurement, ...] = ()
    """Measurements of the speech, which no score takes in; empty in evidence of earlier versions."""
    witnesses: Annotated[tuple[VoiceModelScore, ...], Field(exclude_if=is_empty)] = ()
    """The voice models one by one, where more than one was asked."""
    parts: Annotated[tuple[SoundFinding, ...], Field(exclude_if=is_empty)] = ()
    """Every sound that was examined, where there are several; empty where there is one."""
    voices: Annotated[tuple[VoiceFinding, ...], Field(exclude_if=is_empty)] = ()
    """The voices of the sound one by one, where several were told apart; empty where one speaks."""
    limits: tuple[Reason, ...] = ()

    @property
    def part(self) -> SoundPart | None:
        """The sound that the evidence is of, where there are several."""
        return next((each.part for each in self.parts if each.decides), None)


Evidence = Annotated[VisualEvidence | AudioEvidence, Field(discriminator="modality")]


def keep_looks(evidence: Evidence, before: Sequence[Evidence]) -> Evidence:
    """The evidence with what the faces came to over fewer frames.

    Args:
        before: as it was stored until now. That of the same frames, of a step that is run once more, adds nothing.
    """
    seen = next((each for each in before if isinstance(each, VisualEvidence)), None)
    if seen is None or not isinstance(evidence, VisualEvidence):
        return evidence
    sampled, looks = seen.coverage.frames_sampled, seen.earlier
    if 0 < sampled < evidence.coverage.frames_sampled:
        looks = (*looks, EarlierLook(frames_sampled=sampled, finding=seen.finding))
    return evidence.model_copy(update={"earlier": looks})
