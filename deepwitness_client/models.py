"""What the service answers with. Fields that a newer service adds are kept and reachable, never an error."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

FINAL_STATUSES = frozenset({"finished", "failed", "cancelled"})
FINAL_EVENTS = frozenset({"finished", "failed", "cancelled"})
FINAL_ANSWERS = frozenset({"answered", "failed"})


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow")


class Reason(Model):
    """Why there is no score, no verdict, or less of either. Match on `code`."""

    code: str
    message: str


class Failure(Model):
    code: str
    message: str


class TimeRange(Model):
    """In seconds from the start of the file."""

    start_s: float
    end_s: float


class Scope(Model):
    """What to examine. A field that is None is left open: the service examines all that the file holds.

    `modalities`: `visual` and `audio`; those that are not named are left out. `effort`: `quick`, `usual` or `thorough`.
    `explanations`: `faces`, `voice` and `verdict`; an empty tuple asks for the verdict alone.
    """

    modalities: tuple[str, ...] | None = None
    range_s: TimeRange | None = None
    effort: str | None = None
    explanations: tuple[str, ...] | None = None


class Contribution(Model):
    modality: str
    p_fake: float
    weight: float


class Verdict(Model):
    """`outcome` is `fake`, `real` ("no evidence of manipulation found") or `inconclusive`, which has its reasons."""

    outcome: str
    p_fake: float | None
    contributions: tuple[Contribution, ...] = ()
    reasons: tuple[Reason, ...] = ()


class Media(Model):
    kind: str
    container: str
    size_bytes: int
    sha256: str
    duration_s: float
    has_video: bool
    has_audio: bool


class Analysis(Model):
    """One analysis and how far it has come. `verdict` appears before it is finished."""

    id: str
    status: str
    stage: str | None
    file_name: str
    instruction: str
    scope: Scope | None = None
    source_url: str | None = None
    pipeline_version: str
    media: Media | None
    verdict: Verdict | None
    failure: Failure | None
    language: str | None = None
    note: str = ""
    tags: tuple[str, ...] = ()
    nothing_to_examine: bool | None = None
    created_at: datetime
    finished_at: datetime | None

    @property
    def is_final(self) -> bool:
        return self.status in FINAL_STATUSES


class Submitted(Model):
    """An accepted upload. `known`: the same was asked before, and this is its analysis."""

    analysis: Analysis
    known: bool


class AnalysisPage(Model):
    items: tuple[Analysis, ...]
    next_cursor: str | None


class Event(Model):
    """One line of progress; `detail` depends on `kind`."""

    id: int
    kind: str
    stage: str | None = None
    message: str
    detail: dict[str, Any]
    created_at: datetime

    @property
    def is_final(self) -> bool:
        return self.kind in FINAL_EVENTS


class Artefact(Model):
    """A file the analysis produced; `url` expires."""

    id: str
    kind: str
    media_type: str
    size_bytes: int
    sha256: str
    caption: str
    url: str
    expires: datetime


class Headline(Model):
    """In per cent. Absent figures belong to a modality that could not be examined."""

    verdict: Literal["Fake", "Real", "Inconclusive"]
    confidence: float | None
    fake_frames: float | None
    audio_score: float | None
    xai_summary: str
    heatmap_url: str | None


class Sentence(Model):
    """One sentence of testimony, the evidence it stands on, and whether a language model worded it."""

    text: str
    citations: tuple[str, ...]
    provenance: str


class Narrative(Model):
    sentences: tuple[Sentence, ...]
    language: str


class Report(Model):
    """The whole testimony. What is not typed here is there too, as the service documents it: `report.evidence`."""

    schema_version: int
    analysis_id: str
    file_name: str
    headline: Headline
    media: Media
    verdict: Verdict
    narrative: Narrative


class Result(Headline):
    """The headline, and the whole report behind it.

    `state` is `examined`, `nothing_to_examine` (`absent` says why; the verdict is then `Inconclusive`) or `failed`.
    """

    state: str = "examined"
    absent: tuple[Reason, ...] = ()
    artefacts: tuple[Artefact, ...]
    report: Report


class Ticket(Model):
    """PUT the file to `url` before `expires`, then submit `upload_id`."""

    upload_id: str
    url: str
    expires: datetime


class ProblemDetails(Model):
    type: str
    title: str
    status: int
    detail: str
    code: str
    instance: str


class BatchItem(Model):
    upload_id: str
    is_new: bool
    analysis: Analysis | None
    problem: ProblemDetails | None


class OpinionTicket(Model):
    """Where a second opinion will appear: as maps of the timeline whose ids begin with the method."""

    method: str
    ready: bool
    timeline: str


class SigningKey(Model):
    """What the service seals its reports with: the public half, and what people compare of it."""

    algorithm: str
    public_key: str
    fingerprint: str


class Timeline(Model):
    """Scores and marked stretches over time, for drawing."""

    analysis_id: str


class Playable(Model):
    media_type: str
    url: str
    expires: datetime


class Frame(Model):
    index: int
    time_s: float
    url: str


class Share(Model):
    """A link to one analysis; `url` is told when it is made and never again."""

    id: str
    created_at: datetime
    expires_at: datetime
    url: str | None = None


class Feedback(Model):
    id: str
    judgement: str
    truth: str | None
    comment: str
    created_at: datetime


class Compared(Model):
    analysis: Analysis
    headline: Headline


class ScorePair(Model):
    name: str
    first: float | None
    second: float | None
    difference: float | None


class Replay(Model):
    """A decision made again. `stored` and `again` are plans, as the service documents them."""

    same: bool
    differs: tuple[str, ...]
    asked: str


class Comparison(Model):
    first: Compared
    second: Compared
    same_file: bool
    same_pipeline: bool
    same_verdict: bool
    scores: tuple[ScorePair, ...]


class Citation(Model):
    id: str
    analysis_id: str | None = None
    time_s: float | None = None
    """The moment of the recording that is told of."""


class Statement(Model):
    text: str
    citations: tuple[Citation, ...]
    provenance: str


class Answer(Model):
    """Every statement names what it stands on. `declined`: the evidence does not hold what was asked."""

    statements: tuple[Statement, ...]
    declined: bool
    started: str | None = None
    notes: tuple[Reason, ...] = ()


class Message(Model):
    """A question and, once it is answered, its answer."""

    number: int
    text: str
    status: str
    answer: Answer | None
    failure: Failure | None

    @property
    def is_final(self) -> bool:
        return self.status in FINAL_ANSWERS


class Conversation(Model):
    id: str
    analysis_ids: tuple[str, ...]
    created_at: datetime
    messages: tuple[Message, ...]


class ConversationSummary(Model):
    id: str
    analysis_ids: tuple[str, ...]
    messages: int
    created_at: datetime


class AnswerEvent(Model):
    """One line of an answer's making."""

    id: int
    turn: int
    kind: str
    message: str
    detail: dict[str, Any]

    @property
    def is_final(self) -> bool:
        return self.kind in FINAL_ANSWERS


class Webhook(Model):
    id: str
    url: str
    notices: tuple[str, ...]
    description: str
    is_active: bool
    created_at: datetime


class NewWebhook(Model):
    """`secret` is told this once: it checks the signatures."""

    webhook: Webhook
    secret: str


class Attempt(Model):
    at: datetime
    result: str
    status: int | None
    seconds: float


class Delivery(Model):
    id: str
    webhook_id: str
    notice: str
    analysis_id: str | None
    status: str
    attempts: tuple[Attempt, ...]
    next_attempt_at: datetime | None
    created_at: datetime


class DeliveryPage(Model):
    items: tuple[Delivery, ...]
    next_cursor: str | None


class Notice(Model):
    """What a webhook is told. `id` is the same in every attempt: handle it once."""

    id: str
    type: str
    timestamp: datetime
    data: dict[str, Any]


class ApiKey(Model):
    id: str
    name: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class Retention(Model):
    """For how long what is yours is kept. `days` is your choice, `service_days` the most there is; 0 means for good."""

    days: int | None
    service_days: int
    effective_days: int


class Outage(Model):
    """`name` is `database`, `broker`, `blobs`, `disk` or `workers`."""

    name: str
    since: datetime


class Service(Model):
    """What the service accepts and keeps."""

    version: str
    pipeline_version: str
    authentication: bool
    max_upload_bytes: int
    retention_days: int
    links: bool = False
    """Whether it fetches the file behind a link."""
    away: tuple[Outage, ...] = ()
    """What it needs and cannot use just now."""
