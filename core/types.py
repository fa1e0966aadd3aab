"""Every concept of the domain, written once.

What crosses a process, the wire or the database is a frozen Pydantic model that refuses unknown fields.
What stays in the process (frames, waveforms, heatmaps) is a frozen slotted dataclass in `core.media`.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

PLAN_VERSION: Literal[2] = 2
EVIDENCE_VERSION: Literal[2] = 2
REPORT_VERSION: Literal[2] = 2
"""Versions of what is stored, as written today; `store.versions` brings older ones up to them when they are read."""

Probability = Annotated[float, Field(ge=0.0, le=1.0)]
Seconds = Annotated[float, Field(ge=0.0)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Frozen(BaseModel):
    """Base of all value types: immutable, compared by value, closed to unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="null", allow_inf_nan=False)


# --------------------------------------------------------------------------------------------- vocabulary


class Modality(StrEnum):
    VISUAL = "visual"
    AUDIO = "audio"


class MediaKind(StrEnum):
    VIDEO = "video"
    IMAGE = "image"
    AUDIO = "audio"


class Outcome(StrEnum):
    """What the analysis concludes. `real` is worded "no evidence of manipulation found"."""

    FAKE = "fake"
    REAL = "real"
    INCONCLUSIVE = "inconclusive"


class AnalysisStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        return self in (AnalysisStatus.FINISHED, AnalysisStatus.FAILED, AnalysisStatus.CANCELLED)


class Stage(StrEnum):
    """Where a running analysis is; the order is the order of the graph."""

    PREPARE = "prepare"
    PLAN = "plan"
    DETECT = "detect"
    ASSESS = "assess"
    WEIGH = "weigh"
    EXPLAIN = "explain"
    WRITE = "write"
    DONE = "done"


class FacialRegion(StrEnum):
    EYES = "eyes"
    NOSE = "nose"
    MOUTH = "mouth"
    CHEEKS = "cheeks"
    JAW_LINE = "jaw line"
    FOREHEAD = "forehead"
    BOUNDARY = "face boundary"


class ReasonCode(StrEnum):
    """Why there is no score, no verdict, or less of either. Stable: clients and prompts match on these."""

    NO_VIDEO_STREAM = "no_video_stream"
    NO_AUDIO_STREAM = "no_audio_stream"
    NOT_REQUESTED = "not_requested"
    NO_FACE = "no_face"
    TOO_FEW_FACE_FRAMES = "too_few_face_frames"
    NO_SPEECH = "no_speech"
    TOO_LITTLE_SPEECH = "too_little_speech"
    LOW_QUALITY = "low_quality"
    DETECTOR_FAILED = "detector_failed"
    SCORE_BETWEEN_THRESHOLDS = "score_between_thresholds"
    MODALITIES_DISAGREE = "modalities_disagree"
    NOTHING_EXAMINED = "nothing_examined"
    STREAM_TRUNCATED = "stream_truncated"
    EXPLANATION_FAILED = "explanation_failed"
    LLM_UNAVAILABLE = "llm_unavailable"


class Reason(Frozen):
    """A stable code and an authored sentence a reader may see."""

    code: ReasonCode
    message: str


# --------------------------------------------------------------------------------------------- media


class TimeRange(Frozen):
    """A half-open stretch of the media, in seconds from its start."""

    start_s: Seconds
    end_s: Seconds

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.end_s < self.start_s:
            raise ValueError("end_s must not precede start_s")
        return self


class Box(Frozen):
    """Axis-aligned box in pixels of the full frame; may reach outside it."""

    x_px: float
    y_px: float
    width_px: Annotated[float, Field(gt=0)]
    height_px: Annotated[float, Field(gt=0)]


class MediaInfo(Frozen):
    """What probing established about one upload, before any detector looked at it."""

    kind: MediaKind
    container: str
    size_bytes: Annotated[int, Field(ge=0)]
    sha256: Sha256
    duration_s: Seconds
    has_video: bool
    has_audio: bool
    width_px: int | None = None
    height_px: int | None = None
    frame_rate_hz: float | None = None
    video_codec: str | None = None
    audio_codec: str | None = None
    sample_rate_hz: int | None = None
    truncated: bool = False
    """True when the file decodes but ends early; the report says so."""


class FrameSize(Frozen):
    """Of a frame as it is shown: upright, with square pixels, reduced where it was very large."""

    width_px: Annotated[int, Field(ge=1)]
    height_px: Annotated[int, Field(ge=1)]


class FrameRef(Frozen):
    """One sampled frame as stored: where in time, and its key in the frames bucket."""

    index: Annotated[int, Field(ge=0)]
    time_s: Seconds
    key: str


class OriginNoteCode(StrEnum):
    """What a file's own words about itself amount to. Context for a reader; no score and no verdict reads it."""

    EDITING_SOFTWARE = "editing_software"
    RE_ENCODED = "re_encoded"
    GENERATOR_LABEL = "generator_label"
    CAMERA = "camera"
    CREDENTIALS_VALID = "credentials_valid"
    CREDENTIALS_BROKEN = "credentials_broken"
    NOT_READ = "not_read"


class OriginNote(Frozen):
    """An authored sentence, and the words of the file that it rests on. `basis` is the uploader's text, cleaned."""

    code: OriginNoteCode
    message: str
    basis: str = ""


class OriginTag(Frozen):
    """One entry of the file's metadata, as it stands there: anybody can write it."""

    name: str
    value: str


class ContentCredentials(Frozen):
    """A C2PA manifest found in the file. `intact`: its signature and hashes fit the file. Whether to believe the
    signer is not judged here."""

    intact: bool
    generator: str = ""
    signer: str = ""
    signed_at: str = ""
    actions: tuple[str, ...] = ()
    source_types: tuple[str, ...] = ()
    ingredients: Annotated[int, Field(ge=0)] = 0
    problems: tuple[str, ...] = ()


class Origin(Frozen):
    """What the file says about where it comes from. Untrusted: metadata is easily removed, copied and forged."""

    notes: tuple[OriginNote, ...] = ()
    tags: tuple[OriginTag, ...] = ()
    credentials: ContentCredentials | None = None


class PreparedMedia(Frozen):
    """What the prepare job left in object storage for the detectors."""

    info: MediaInfo
    frames: tuple[FrameRef, ...] = ()
    audio_key: str | None = None
    """FLAC, 16 kHz mono, whole track within the limits."""
    origin: Origin | None = None
    frame_size: FrameSize | None = None
    """Of the sampled frames, which faces' boxes are given in."""


# --------------------------------------------------------------------------------------------- plan


Effort = Literal["quick", "usual", "thorough"]


class ExplanationKind(StrEnum):
    """What is explained besides the verdict itself."""

    FACES = "faces"
    VOICE = "voice"
    VERDICT = "verdict"


class Check(StrEnum):
    """A harmless change to the recording that ought to leave its score where it is."""

    RECOMPRESS = "recompress"
    DOWNSCALE = "downscale"
    FLIP = "flip"
    TRIM_SILENCE = "trim_silence"


class DecidedBy(Frozen):
    """Who made a decision: the rules in code, or a prompt version answered by a model."""

    kind: Literal["rules", "llm"]
    rules_version: int | None = None
    """Of the rules in force, which also said that a model was to be asked. Not kept by plans of version 1."""
    rule: str | None = None
    prompt_id: str | None = None
    prompt_version: int | None = None
    model: str | None = None
    answer: dict[str, str] | None = None
    """What the model answered, word for word out of closed lists: a decision is replayed with it."""


class PlanInputs(Frozen):
    """Everything the planner looked at; storing it makes the decision replayable."""

    instruction: str
    media_kind: MediaKind
    has_video: bool
    has_audio: bool
    duration_s: Seconds
    usual_frames: Annotated[int, Field(ge=1)] = 32
    """Frames that this service samples when nothing is said about effort."""
    usual_further_frames: Annotated[int, Field(ge=0)] = 32
    """Frames that an assessment may add then."""


class Plan(Frozen):
    """Which paths are examined, how hard, and why."""

    schema_version: Literal[2] = PLAN_VERSION
    inputs: PlanInputs
    paths: tuple[Modality, ...]
    effort: Effort = "usual"
    frame_budget: Annotated[int, Field(ge=0)]
    first_look: Annotated[int, Field(ge=0)] | None = None
    """Frames after which the evidence is first assessed; the rest follow unless it is clear. None: all at once."""
    further_frames: Annotated[int, Field(ge=0)] = 0
    """How many frames the assessment may add, all in all."""
    range_s: TimeRange | None = None
    explanations: tuple[ExplanationKind, ...] = ()
    checks: tuple[Check, ...] = ()
    """Changes under which the score is taken again, once the verdict is known."""
    decided_by: DecidedBy
    why: str
    masked: tuple[Reason, ...] = ()
    """Paths that were asked for or usual, but that the media cannot support."""


# --------------------------------------------------------------------------------------------- evidence


class DetectorRef(Frozen):
    """Which detector spoke; the version changes when weights or preprocessing do."""

    name: str
    version: str


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


class SpeechObservation(Frozen):
    """What the audio model heard in one window, before any interpretation."""

    start_s: Seconds
    end_s: Seconds
    speech_s: Seconds
    logit: float
    """Uncalibrated, positive means synthetic."""


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


class AudioObservations(Frozen):
    """What one audio job heard."""

    windows: tuple[SpeechObservation, ...]
    speech_s: float
    total_s: float
    reason: Reason | None = None
    """Set when there is nothing to score (no speech, too little speech, music or noise only), and as `LOW_QUALITY` when
    the windows were scored from poor sound."""


class FrameScore(Frozen):
    """One face in one sampled frame."""

    frame_index: Annotated[int, Field(ge=0)]
    time_s: Seconds
    box: Box
    p_fake: Probability
    quality: Probability
    """Weight the frame had in its track: size, sharpness and pose, 1 best."""


class FaceTrack(Frozen):
    """One person followed through the sampled frames."""

    id: Annotated[int, Field(ge=1)]
    start_s: Seconds
    end_s: Seconds
    p_fake: Probability
    frames: Annotated[tuple[FrameScore, ...], Field(min_length=1)]


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


class AudioCoverage(Frozen):
    total_s: Seconds
    speech_s: Seconds


class Thresholds(Frozen):
    """`p_fake` at or above `fake` is called fake, at or below `real` is called real, between is inconclusive."""

    version: str
    real: Probability
    fake: Probability


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
    """Mean quality weight of the faces scored; low values lead to abstention."""
    thresholds: Thresholds | None = None
    """The detector's own, by which its segments and its outcome are called; None in evidence of version 1."""
    limits: tuple[Reason, ...] = ()


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
    limits: tuple[Reason, ...] = ()


Evidence = Annotated[VisualEvidence | AudioEvidence, Field(discriminator="modality")]


# --------------------------------------------------------------------------------------------- verdict


class Contribution(Frozen):
    """How much one modality moved the verdict."""

    modality: Modality
    p_fake: Probability
    weight: Probability
    """Normalised over the modalities that were scored."""


class Verdict(Frozen):
    """Plain arithmetic over the evidence; no model's words take part."""

    outcome: Outcome
    p_fake: Probability | None
    """Absent only when nothing could be scored; then `reasons` says why."""
    contributions: tuple[Contribution, ...] = ()
    thresholds: Thresholds
    reasons: tuple[Reason, ...] = ()

    @model_validator(mode="after")
    def _reasoned(self) -> Self:
        if self.outcome is Outcome.INCONCLUSIVE and not self.reasons:
            raise ValueError("an inconclusive verdict states its reasons")
        if self.p_fake is None and self.outcome is not Outcome.INCONCLUSIVE:
            raise ValueError("a verdict without a score is inconclusive")
        return self


# --------------------------------------------------------------------------------------------- explanations


class ArtefactKind(StrEnum):
    HEATMAP = "heatmap"
    HEAT_LAYER = "heat_layer"
    OVERLAY_CLIP = "overlay_clip"
    SPECTROGRAM = "spectrogram"
    SOUND_STRIP = "sound_strip"
    FUSION_PLOT = "fusion_plot"
    TIMELINE = "timeline"
    THUMBNAIL = "thumbnail"
    REPORT_PDF = "report_pdf"
    REPORT_JSON = "report_json"


class Artefact(Frozen):
    """A file this analysis produced, in the outputs bucket."""

    id: str
    kind: ArtefactKind
    key: str
    media_type: str
    size_bytes: Annotated[int, Field(ge=0)]
    sha256: Sha256
    caption: str


class Faithfulness(Frozen):
    """Does the map point at what the model used? Measured on this very input.

    Deletion: the fall of the fake logit when the strongest tenth of the map is blurred (visual) or muted (audio).
    Insertion: its rise when that tenth alone is put back into an erased input. Each beside the mean of equally large
    areas elsewhere. Sanity: how far the map resembles the one of the same network with its weights shuffled, as a rank
    correlation. What is None was not measured.
    """

    deletion_drop: float
    random_drop: float
    reliable: bool
    """False: the map does no better than chance, or does not depend on the weights, and must not be relied on."""
    beaten_share: Probability | None = None
    """Of the areas elsewhere: those whose deletion costs less than that of the map's strongest tenth."""
    insertion_rise: float | None = None
    random_rise: float | None = None
    weights_correlation: Annotated[float, Field(ge=-1, le=1)] | None = None


class RegionShare(Frozen):
    region: FacialRegion
    share: Probability


class MapPlace(Frozen):
    """Where a map lies in its frame: it covers `area`, in pixels of a frame of this size."""

    frame: FrameSize
    area: Box
    layer_id: str
    """Artefact: the map alone over a transparent ground, to be laid over `area`."""


class VisualExplanation(Frozen):
    """Map of one face in one frame; `method` says by which account."""

    kind: Literal["visual"] = "visual"
    id: str
    artefact_id: str
    track_id: int
    frame_index: int
    time_s: Seconds
    p_fake: Probability
    method: str
    regions: tuple[RegionShare, ...]
    """Shares of the map's positive mass, largest first."""
    faithfulness: Faithfulness
    segment_id: int | None = None
    """The marked stretch that this frame carried most; None when it stands for its face alone."""
    place: MapPlace | None = None
    agreement: Annotated[float, Field(ge=-1, le=1)] | None = None
    """Of a second opinion: rank correlation with the first map of the same face."""


class BandShare(Frozen):
    low_hz: Annotated[float, Field(ge=0)]
    high_hz: Annotated[float, Field(gt=0)]
    share: Probability


class AudioExplanation(Frozen):
    """SHAP over the time-frequency plane of one window."""

    kind: Literal["audio"] = "audio"
    id: str
    artefact_id: str
    start_s: Seconds
    end_s: Seconds
    p_fake: Probability
    method: str
    peak_start_s: Seconds
    peak_end_s: Seconds
    bands: tuple[BandShare, ...]
    additivity_error: float
    """|sum of attributions - (output - expected output)|: what the account leaves unexplained, measured."""
    faithfulness: Faithfulness
    agreement: Annotated[float, Field(ge=-1, le=1)] | None = None
    """Of a second opinion: rank correlation with the first map of the same window."""


class SecondOpinion(StrEnum):
    """Other methods that a finished analysis can be explained by, on request. Explanations' ids begin with these."""

    GRAD_CAM = "grad-cam"
    GRAD_CAM_PLUS_PLUS = "grad-cam-plus-plus"
    SCORE_CAM = "score-cam"
    LIME = "lime"

    @property
    def modality(self) -> Modality:
        return Modality.AUDIO if self is SecondOpinion.LIME else Modality.VISUAL


class FusionFactor(Frozen):
    """Shapley value of one input of the verdict, in probability."""

    name: str
    value: float
    shapley: float


class FusionExplanation(Frozen):
    kind: Literal["fusion"] = "fusion"
    id: str
    artefact_id: str | None
    base: Probability
    factors: tuple[FusionFactor, ...]


Explanation = Annotated[VisualExplanation | AudioExplanation | FusionExplanation, Field(discriminator="kind")]


# --------------------------------------------------------------------------------------------- narrative


class Provenance(StrEnum):
    LLM = "llm"
    TEMPLATE = "template"


class Sentence(Frozen):
    """One sentence of testimony and the evidence ids it stands on."""

    text: str
    citations: Annotated[tuple[str, ...], Field(min_length=1)]
    provenance: Provenance


class LlmCall(Frozen):
    """One bounded call to a language model, as it went."""

    purpose: str
    prompt_id: str
    prompt_version: int
    model: str
    prompt_tokens: int | None
    completion_tokens: int | None
    seconds: Seconds
    outcome: Literal["ok", "unavailable", "malformed", "refused"]
    cost: Annotated[float, Field(ge=0)] | None = None
    """In the currency of LLM__PROMPT_PRICE and LLM__COMPLETION_PRICE; None when neither is set."""


class Replay(Frozen):
    """A decision made again on the inputs that its plan stored."""

    same: bool
    differs: tuple[str, ...]
    """Names of the plan's fields that came out otherwise."""
    stored: Plan
    again: Plan
    asked: Literal["no_model", "stored_answer", "model"]
    """Where the answer came from, if rules did not decide: nobody was there to ask, as stored, or asked again."""
    calls: tuple[LlmCall, ...] = ()


class Narrative(Frozen):
    sentences: Annotated[tuple[Sentence, ...], Field(min_length=1)]
    language: str = "en"
    notes: tuple[Reason, ...] = ()


# --------------------------------------------------------------------------------------------- report


class ModelRef(Frozen):
    name: str
    version: str
    sha256: Sha256


class StageTiming(Frozen):
    stage: str
    seconds: Seconds


class Manifest(Frozen):
    """What was examined, by what, under which thresholds: enough to repeat the analysis."""

    media_sha256: Sha256
    pipeline_version: str
    models: tuple[ModelRef, ...]
    thresholds: Thresholds
    software: dict[str, str]
    timings: tuple[StageTiming, ...]
    created_at: datetime
    settings: dict[str, str] = Field(default_factory=dict)
    """Settings that bear on the evidence. The same media, models and settings give the same evidence bytes."""
    digests: dict[str, Sha256] = Field(default_factory=dict)
    """SHA-256 of the canonical JSON of every part of the report, by the part's name."""


class Seal(Frozen):
    """An Ed25519 signature over the manifest's canonical JSON, and with its digests over the whole report."""

    algorithm: Literal["Ed25519"] = "Ed25519"
    public_key: str
    """Raw, in base64. It shows who signed only to a reader who knows the service's key from elsewhere."""
    signature: str


class Population(Frozen):
    """A detector's figures on one kind of material that it was not trained on."""

    name: str
    n_real: Annotated[int, Field(ge=0)] | None = None
    n_fake: Annotated[int, Field(ge=0)] | None = None
    auc: Probability
    ece: Probability | None = None
    """Expected calibration error: by how much its scores mislead on average."""


class CheckScore(Frozen):
    """The score of one modality after one harmless change."""

    check: Check
    p_fake: Probability | None
    """None when what was left could not be scored."""
    outcome: Outcome | None = None


class Stability(Frozen):
    """How far one modality's score moves when the recording is changed in ways that ought not to matter."""

    modality: Modality
    baseline: Probability | None
    """The score of the same frames or the same stretch of sound, unchanged; a part of what the verdict rests on."""
    scores: tuple[CheckScore, ...]
    largest_change: Probability | None
    stable: bool
    """Whether no change turned what is called fake into what is called real, or the other way round."""


class Reliability(Frozen):
    """How far a detector is to be trusted, as its evaluation found it."""

    modality: Modality
    model_sha256: Sha256
    """Of the weights that were evaluated."""
    is_of_this_model: bool
    """Whether they are the weights that examined this recording."""
    populations: tuple[Population, ...]
    known_misses: tuple[Population, ...]
    """What it was weakest on."""


class Headline(Frozen):
    """The fields that the project's owner specified, computed from the evidence and nothing else."""

    verdict: Literal["Fake", "Real", "Inconclusive"]
    confidence: Annotated[float, Field(ge=0, le=100)] | None
    fake_frames: Annotated[float, Field(ge=0, le=100)] | None
    audio_score: Annotated[float, Field(ge=0, le=100)] | None
    xai_summary: str
    heatmap_url: str | None


class Report(Frozen):
    """The whole testimony."""

    schema_version: Literal[2] = REPORT_VERSION
    analysis_id: str
    file_name: str
    headline: Headline
    media: MediaInfo
    plan: Plan
    verdict: Verdict
    evidence: tuple[Evidence, ...]
    explanations: tuple[Explanation, ...] = ()
    artefacts: tuple[Artefact, ...] = ()
    narrative: Narrative
    llm_calls: tuple[LlmCall, ...] = ()
    origin: Origin | None = None
    reliability: tuple[Reliability, ...] = ()
    stability: tuple[Stability, ...] = ()
    manifest: Manifest
    seal: Seal | None = None
    """None when the service has no signing key."""

    @property
    def leading_map(self) -> str | None:
        """Artefact of the map to show first: a face's that passed its check, if any; without faces the sound's."""
        faces = [each for each in self.explanations if isinstance(each, VisualExplanation)]
        if faces:
            return max(faces, key=lambda each: (each.faithfulness.reliable, each.p_fake)).artefact_id
        return next((each.artefact_id for each in self.explanations if isinstance(each, AudioExplanation)), None)


# --------------------------------------------------------------------------------------------- the service


class Failure(Frozen):
    """Why an analysis or a job failed, in authored words."""

    code: str
    message: str


class JobSpec(Frozen):
    """One unit of work of an analysis. `id` is deterministic, so submitting twice is submitting once."""

    id: str
    analysis_id: str
    wave: Annotated[int, Field(ge=0)]
    """Jobs of one wave run side by side; when the last of them ends, the graph is resumed."""
    task: str
    """Celery task name, such as `visual.detect`."""
    payload: dict[str, object] = Field(default_factory=dict)


class JobStatus(StrEnum):
    SUBMITTED = "submitted"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Frozen):
    """A job as the ledger knows it."""

    spec: JobSpec
    status: JobStatus
    attempts: Annotated[int, Field(ge=0)]
    result: dict[str, object] | None = None
    failure: Failure | None = None
    request_id: str | None = None
    """Of the request that asked for the analysis; told to whoever claims the job, for the logs."""


class AnalysisEvent(Frozen):
    """One line of an analysis's progress, replayable from any id."""

    id: Annotated[int, Field(ge=1)]
    analysis_id: str
    kind: Literal[
        "queued",
        "stage",
        "media",
        "plan",
        "evidence",
        "verdict",
        "explanation",
        "narrative",
        "finished",
        "failed",
        "cancelled",
        "replayed",
    ]
    stage: Stage | None = None
    message: str
    detail: dict[str, object] = Field(default_factory=dict)
    created_at: datetime


class Analysis(Frozen):
    """One analysis as the store knows it."""

    id: str
    owner_id: str
    media_id: str
    file_name: str
    instruction: str
    pipeline_version: str
    status: AnalysisStatus
    stage: Stage | None
    media: MediaInfo | None = None
    plan: Plan | None = None
    verdict: Verdict | None = None
    failure: Failure | None = None
    created_at: datetime
    started_at: datetime | None = None
    verdict_at: datetime | None = None
    finished_at: datetime | None = None


# --------------------------------------------------------------------------------------------- around an analysis


class Share(Frozen):
    """A link that shows one analysis to whoever has it, for a time. The link itself is told once and not kept."""

    id: str
    analysis_id: str
    created_at: datetime
    expires_at: datetime


class Judgement(StrEnum):
    """What a person makes of a verdict."""

    RIGHT = "right"
    WRONG = "wrong"


class Feedback(Frozen):
    """A person's word on a verdict. It is kept beside the analysis and changes nothing in it."""

    id: str
    analysis_id: str
    judgement: Judgement
    truth: Literal["fake", "real"] | None = None
    """What the recording is, as far as that person knows."""
    comment: str = ""
    created_at: datetime


class ApiKey(Frozen):
    """A key as its owner sees it later: without its secret."""

    id: str
    name: str
    created_at: datetime
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
