"""The whole testimony, and what is needed to repeat and to judge it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, field_validator

from core.types.base import Frozen, Probability, Seconds, Sha256
from core.types.coverage import Covered, cover
from core.types.decision import Decision, decide
from core.types.evidence import Evidence, Thresholds, VisualEvidence
from core.types.explanations import Artefact, ArtefactKind, AudioExplanation, Explanation, VisualExplanation
from core.types.llm import LlmCall
from core.types.media import MediaInfo, Origin
from core.types.narrative import Narrative
from core.types.plan import Check, Plan
from core.types.verdict import Verdict
from core.types.vocabulary import Modality, Outcome

REPORT_VERSION: Literal[2] = 2
"""As written today; `store.versions` brings older ones up to it when they are read."""


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
    decision: Decision = Field(
        default_factory=lambda known: decide(known["verdict"], known["evidence"], known["media"])
    )
    """Worked out from verdict and evidence when a report is assembled, or when one from before is read."""
    coverage: tuple[Covered, ...] = Field(
        default_factory=lambda known: cover(known["media"], known["plan"], known["evidence"])
    )
    """Worked out in the same way."""
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

    @field_validator("evidence")
    @classmethod
    def _names_faces_by_frame_and_box(cls, evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        """Geometry is for the explainers, and a hundred times the size of all else that is known of a face."""
        return tuple(each.without_geometry() if isinstance(each, VisualEvidence) else each for each in evidence)

    @property
    def document(self) -> Artefact | None:
        """The PDF that was sealed with it."""
        return next((each for each in self.artefacts if each.kind is ArtefactKind.REPORT_PDF), None)

    def translation_id(self, language: str) -> str:
        """Artefact of the PDF in another language; another one once the analysis was examined again."""
        sealed = "" if self.document is None else self.document.sha256[:8]
        return f"report-pdf-{language}-{sealed}"

    @property
    def leading_map(self) -> str | None:
        """Artefact of the map to show first: a face's that passed its check, if any; without faces the sound's."""
        faces = [each for each in self.explanations if isinstance(each, VisualExplanation)]
        if faces:
            return max(faces, key=lambda each: (each.faithfulness.reliable, each.p_fake)).artefact_id
        return next((each.artefact_id for each in self.explanations if isinstance(each, AudioExplanation)), None)
