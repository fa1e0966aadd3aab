"""The closed lists that everything else speaks in."""

from __future__ import annotations

from enum import StrEnum

from core.types.base import Frozen


class Modality(StrEnum):
    VISUAL = "visual"
    AUDIO = "audio"


class MediaKind(StrEnum):
    VIDEO = "video"
    IMAGE = "image"
    AUDIO = "audio"

    @property
    def subject(self) -> str:
        """What such a file is called in a sentence."""
        return "recording" if self is MediaKind.AUDIO else self.value


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
    UNFAMILIAR = "unfamiliar"
    DETECTOR_FAILED = "detector_failed"
    SCORE_BETWEEN_THRESHOLDS = "score_between_thresholds"
    NO_PART_DECISIVE = "no_part_decisive"
    MODALITIES_DISAGREE = "modalities_disagree"
    NOTHING_EXAMINED = "nothing_examined"
    STREAM_TRUNCATED = "stream_truncated"
    STREAM_DAMAGED = "stream_damaged"
    PICTURE_UNREADABLE = "picture_unreadable"
    SOUND_UNREADABLE = "sound_unreadable"
    CLOCK_RESTARTED = "clock_restarted"
    HDR_CONVERTED = "hdr_converted"
    NOT_MEDIA = "not_media"
    NOT_SAMPLED = "not_sampled"
    BEYOND_LIMIT = "beyond_limit"
    EXPLANATION_FAILED = "explanation_failed"
    LLM_UNAVAILABLE = "llm_unavailable"


class Reason(Frozen):
    """A stable code and an authored sentence a reader may see."""

    code: ReasonCode
    message: str
