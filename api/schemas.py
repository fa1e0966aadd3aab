"""Public shapes where they differ from the domain's own types."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, Field

from api.http.errors import Problem
from api.http.language import asked_language
from core.types import (
    Analysis,
    AnalysisEvent,
    AnalysisStatus,
    ApiKey,
    ArtefactKind,
    Failure,
    Feedback,
    Frozen,
    Headline,
    Judgement,
    MediaInfo,
    Plan,
    Reason,
    Report,
    Scope,
    Share,
    Stage,
    State,
    Verdict,
)
from core.types.base import Text, Whole
from core.webhooks import Delivery, Notice, Webhook
from prompts.authored import translate

MAX_URL_CHARS: Final = 4096
SCOPE_EXAMPLE: Final = {"modalities": ["audio"], "range_s": {"start_s": 10.0, "end_s": 30.0}, "effort": "thorough"}
SCOPE_FIELD: Final[dict[str, Any]] = {
    "type": "string",
    "contentMediaType": "application/json",
    "contentSchema": {"$ref": "#/components/schemas/Scope"},
    "description": "What to examine, in fields, as JSON. They outweigh the instruction; what is left out is left open.",
    "examples": [json.dumps(SCOPE_EXAMPLE)],
}
"""Of a form."""


def form_schema(**instruction: object) -> dict[str, Any]:
    """A form with a file, what is asked of it in words, described as given, and its scope."""
    properties = {
        "file": {"type": "string", "format": "binary", "description": "Video, image or sound."},
        "instruction": {"type": "string", **instruction},
        "scope": SCOPE_FIELD,
    }
    return {"schema": {"type": "object", "required": ["file"], "properties": properties}}


GivenScope = Annotated[
    Scope | None,
    Field(
        description="What to examine, in fields. They outweigh the instruction; what is left out is left open.",
        examples=[SCOPE_EXAMPLE],
    ),
]


class AnalysisLinks(Frozen):
    """Where the parts of an analysis are, relative to the service's address."""

    self: str
    events: str
    result: str
    report_json: str
    report_pdf: str
    artefacts: str
    timeline: str
    cancel: str

    @classmethod
    def of(cls, analysis_id: str) -> Self:
        base = path_of(analysis_id)
        return cls(
            self=base,
            events=f"{base}/events",
            result=f"{base}/result",
            report_json=f"{base}/report.json",
            report_pdf=f"{base}/report.pdf",
            artefacts=f"{base}/artefacts",
            timeline=f"{base}/timeline",
            cancel=f"{base}/cancel",
        )


class AnalysisView(Frozen):
    """One analysis and how far it has come. `verdict` appears before the analysis is finished."""

    id: str = Field(examples=["an_5f0c8a51e8d04f19a7f6f2f0c3f7c1a2"])
    status: AnalysisStatus
    stage: Stage | None
    file_name: str = Field(examples=["interview.mp4"])
    instruction: str = Field(examples=["Check only the voice between 0:10 and 0:30."])
    scope: Scope | None = Field(examples=[SCOPE_EXAMPLE])
    """What was asked for in fields; absent when nothing was."""
    source_url: str | None = Field(examples=["https://media.example.org/interview.mp4"])
    """The link that the file was fetched from; absent for an upload."""
    pipeline_version: str
    media: MediaInfo | None
    plan: Plan | None
    verdict: Verdict | None
    failure: Failure | None
    language: str | None = Field(examples=["de"])
    """That the report is written in; absent: the service's own."""
    note: str = Field(examples=["Sent by the desk in Lyon."])
    """Yours; no part of the report."""
    tags: tuple[str, ...] = Field(examples=[["election"]])
    nothing_to_examine: bool | None = None
    """Whether the verdict is inconclusive because the recording holds no face and no speech that could be judged."""
    provisional: bool
    """Finished without a part that the service failed at; it is examined again by itself."""
    created_at: datetime
    started_at: datetime | None
    verdict_at: datetime | None
    finished_at: datetime | None
    links: AnalysisLinks

    @classmethod
    def of(cls, analysis: Analysis) -> Self:
        own = ("links", "nothing_to_examine")
        shown = {name: getattr(analysis, name) for name in cls.model_fields if name not in own}
        if analysis.verdict is not None:
            shown["nothing_to_examine"] = not analysis.verdict.is_examined
        if analysis.failure is not None:
            message = translate(analysis.failure.message, asked_language() or "en")
            shown["failure"] = analysis.failure.model_copy(update={"message": message})
        return cls(**shown, links=AnalysisLinks.of(analysis.id))


Tag = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[^,\x00]+$")]


class Annotation(Frozen):
    """Your note and tags; a field that is absent stays as it is."""

    note: Text | None = Field(default=None, max_length=2000, examples=["Sent by the desk in Lyon."])
    tags: Annotated[tuple[Tag, ...], Field(max_length=20)] | None = Field(default=None, examples=[["election"]])


class AnalysisPage(Frozen):
    """One page, newest first; ask again with `next_cursor` for the next."""

    items: tuple[AnalysisView, ...]
    next_cursor: str | None


class ArtefactView(Frozen):
    """A file the analysis produced, behind an address that expires."""

    id: str = Field(examples=["heatmap-1"])
    kind: ArtefactKind
    media_type: str = Field(examples=["image/png"])
    size_bytes: int
    sha256: str
    caption: str
    url: str
    expires: datetime


class ArtefactList(Frozen):
    items: tuple[ArtefactView, ...]


class ResultView(Frozen):
    """The headline, and the whole report behind it."""

    verdict: Literal["Fake", "Real", "Inconclusive"] = Field(examples=["Fake"])
    confidence: float | None = Field(examples=[91.3])
    fake_frames: float | None = Field(examples=[72.0])
    audio_score: float | None = Field(examples=[85.0])
    state: State = Field(examples=["nothing_to_examine"])
    """Whether there was anything to judge. Where there was not, `verdict` is `Inconclusive` and `absent` says why."""
    absent: tuple[Reason, ...] = ()
    xai_summary: str = Field(examples=["Face 1 of 2 looks manipulated from 00:10 to 00:25; the voice sounds synthetic"])
    heatmap_url: str | None
    language: str = Field(examples=["en"])
    """Of `xai_summary` and `sentences`: the one that was asked for, else that of the report."""
    sentences: tuple[str, ...] = Field(examples=[["This video scores as manipulated: 98.6 % for the voice, ..."]])
    """The testimony of the report in this language; `report` itself stays as it was sealed."""
    artefacts: tuple[ArtefactView, ...]
    report: Report


class BeginUpload(Frozen):
    """The file that will be put under a pre-signed address."""

    size_bytes: Whole = Field(
        ge=1, le=2**53, description="Of the file. The storage takes exactly so many bytes.", examples=[48_211_903]
    )


class UploadTicket(Frozen):
    """PUT the file to `url` before `expires`, then name `upload_id` in `POST /v1/analyses`."""

    upload_id: str = Field(examples=["up_0f2a…"])
    url: str = Field(examples=["https://storage.example.org/deepwitness-originals/uploads/…"])
    expires: datetime


class SubmitUpload(Frozen):
    """An upload to be analysed that was put under a pre-signed address."""

    upload_id: str = Field(examples=["up_0f2a…"])
    file_name: str = Field(default="upload", max_length=1000, examples=["interview.mp4"])
    instruction: str = Field(default="", max_length=4000)
    scope: GivenScope = None


class SubmitLink(Frozen):
    """A link to a file that the service is to fetch itself and analyse."""

    url: str = Field(min_length=1, max_length=MAX_URL_CHARS, examples=["https://media.example.org/interview.mp4"])
    file_name: str = Field(default="", max_length=1000, description="Instead of the name that the link gives.")
    instruction: str = Field(default="", max_length=4000)
    scope: GivenScope = None


class SubmitBatch(Frozen):
    """Several uploads that were put under pre-signed addresses, handed in at once."""

    uploads: tuple[SubmitUpload, ...] = Field(
        min_length=1, max_length=50, examples=[[{"upload_id": "up_0f2a…", "file_name": "interview.mp4"}]]
    )


class BatchItem(Frozen):
    """What became of one upload: its analysis, or the problem that the upload alone would have been answered with."""

    upload_id: str
    is_new: bool
    analysis: AnalysisView | None
    problem: Problem | None


class BatchView(Frozen):
    """One item an upload, in the order of the request."""

    items: tuple[BatchItem, ...]


ALL_NOTICES: Final = (Notice.FINISHED, Notice.FAILED, Notice.CANCELLED)
"""What a new webhook is told when it does not say."""


class NewWebhook(Frozen):
    """An address to be told of your analyses."""

    url: str = Field(max_length=2000, examples=["https://example.org/hooks/deepwitness"])
    notices: tuple[Notice, ...] = Field(default=ALL_NOTICES, min_length=1, max_length=10)
    description: Text = Field(default="", max_length=200, examples=["newsroom"])


class ChangeWebhook(Frozen):
    """What is absent stays as it is."""

    url: str | None = Field(default=None, max_length=2000)
    notices: tuple[Notice, ...] | None = Field(default=None, min_length=1, max_length=10)
    description: Text | None = Field(default=None, max_length=200)
    is_active: bool | None = Field(default=None, strict=True, examples=[True])


class WebhookCreated(Frozen):
    """`secret` is shown this once: keep it where messages are checked."""

    webhook: Webhook
    secret: str = Field(examples=["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"])


class WebhookSecret(Frozen):
    secret: str = Field(examples=["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"])


class WebhookList(Frozen):
    items: tuple[Webhook, ...]


class DeliveryList(Frozen):
    """One page, newest first."""

    items: tuple[Delivery, ...]
    next_cursor: str | None


class Health(Frozen):
    status: Literal["ok"] = "ok"
    version: str


class SigningKey(Frozen):
    """An Ed25519 public key, raw in base64, and what people compare of it."""

    algorithm: Literal["Ed25519"] = "Ed25519"
    public_key: str
    fingerprint: str = Field(examples=["fe81 2c12 f3ab 4ce6 ac5d b69a c352 f906"])


class EventView(Frozen):
    """One line of progress, as the event stream carries it in `data`."""

    id: int
    kind: str
    stage: Stage | None
    message: str
    detail: dict[str, object]
    created_at: datetime

    @classmethod
    def of(cls, event: AnalysisEvent) -> Self:
        shown = {name: getattr(event, name) for name in cls.model_fields}
        return cls(**{**shown, "message": translate(event.message, asked_language() or "en")})


def inline_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The schema of a body that its endpoint reads itself; what it refers to is among the description's components."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    return {name: value for name, value in schema.items() if name != "$defs"}


def path_of(analysis_id: str) -> str:
    return f"/v1/analyses/{analysis_id}"


class PlayableView(Frozen):
    """The uploaded file, to be played while `url` holds."""

    media_type: str = Field(examples=["video/mp4"])
    url: str
    expires: datetime


class FrameView(Frozen):
    """One sampled frame."""

    index: int
    time_s: float
    url: str


class FrameList(Frozen):
    items: tuple[FrameView, ...]


class ShareRequest(Frozen):
    expires_in_hours: Whole = Field(default=7 * 24, ge=1, le=90 * 24, examples=[24])


class ShareView(Frozen):
    """A link to one analysis. `url` is told when the link is made, and never again."""

    id: str = Field(examples=["sh_5f0c8a51e8d04f19a7f6f2f0c3f7c1a2"])
    created_at: datetime
    expires_at: datetime
    url: str | None = None

    @classmethod
    def of(cls, share: Share, url: str | None = None) -> Self:
        return cls(id=share.id, created_at=share.created_at, expires_at=share.expires_at, url=url)


class ShareList(Frozen):
    items: tuple[ShareView, ...]


class FeedbackRequest(Frozen):
    judgement: Judgement
    truth: Literal["fake", "real"] | None = None
    comment: Text = Field(default="", max_length=2000, examples=["The original recording is in our archive."])


class FeedbackList(Frozen):
    items: tuple[Feedback, ...]


class KeyRequest(Frozen):
    name: Text = Field(min_length=1, max_length=100, examples=["newsroom script"])
    expires_in_days: Whole | None = Field(default=None, ge=1, le=3650)


class NewKey(Frozen):
    """The key in clear is told once."""

    key: str = Field(examples=["dw_…"])


class KeyList(Frozen):
    items: tuple[ApiKey, ...]


class RetentionRequest(Frozen):
    days: Whole | None = Field(ge=1, le=36_500, description="None: for as long as the service does.", examples=[7])


class RetentionView(Frozen):
    """For how long your analyses, their files and conversations are kept."""

    days: int | None = Field(examples=[7])
    """What you chose; absent: nothing."""
    service_days: int = Field(examples=[30])
    """The most that this service keeps; 0: until deleted."""
    effective_days: int = Field(examples=[7])
    """What holds; 0: until deleted."""


class LogIn(Frozen):
    credential: str = Field(
        min_length=1, max_length=8192, description="An access token or an API key.", examples=["dw_…"]
    )


class SessionView(Frozen):
    expires: datetime


class OutageView(Frozen):
    name: Literal["database", "broker", "blobs", "disk", "workers"] = Field(examples=["blobs"])
    since: datetime


class ServiceView(Frozen):
    """What this service accepts and keeps."""

    version: str
    pipeline_version: str
    authentication: bool
    max_upload_bytes: int
    max_duration_s: float
    max_instruction_chars: int
    uploads_per_hour: int
    requests_per_minute: int
    retention_days: int
    """0: kept until deleted."""
    links: bool
    """Whether it fetches the file behind a link."""
    language_model: bool
    """Whether a model is configured that may word instructions' plans and reports."""
    languages: tuple[str, ...]
    away: tuple[OutageView, ...]
    """What the service needs and cannot use just now. Analyses wait for it and go on by themselves."""


class ScorePair(Frozen):
    """One score of both analyses, and as the pages show it; absent where an analysis has none."""

    name: str = Field(examples=["visual"])
    first: float | None
    second: float | None
    difference: float | None
    """Second less first."""
    first_pct: float | None = Field(examples=[92.1])
    second_pct: float | None = Field(examples=[41.8])
    difference_pct: float | None = Field(examples=[-50.3])
    """Difference of the figures as they are shown, in percentage points, so that the three agree."""


class ComparedView(Frozen):
    """One side of a comparison."""

    analysis: AnalysisView
    headline: Headline


class ComparisonView(Frozen):
    """Two finished analyses beside each other."""

    first: ComparedView
    second: ComparedView
    same_file: bool
    same_pipeline: bool
    same_verdict: bool
    scores: tuple[ScorePair, ...]
    """Of the `verdict`, then of each modality: calibrated p_fake."""
