"""Why a detector or the verdict came out as it did, and the files that show it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from core.types.base import Frozen, Probability, Seconds, Sha256
from core.types.media import Box, FrameSize
from core.types.vocabulary import FacialRegion, Modality


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

    Steadiness: of a face's map, how much of its strongest tenth stays when the picture is mirrored or moved, at worst.

    Deletion: the fall of the fake logit when the strongest tenth of the map is blurred (visual) or muted (audio).
    Insertion: its rise when that tenth alone is put back into an erased input. Each beside the mean of equally large
    areas elsewhere; of a voice these decide, of a face they are told only, for an erased patch of a face is itself a
    change of a face. Sanity: how far the map resembles the one of the same network with its weights shuffled, as a rank
    correlation. What is None was not measured.
    """

    deletion_drop: float
    random_drop: float
    reliable: bool
    """False: the map does no better than chance, moves when the picture moves, is of a face that speaks for nothing, or
    does not depend on the weights. It must not be relied on."""
    beaten_share: Probability | None = None
    """Of the areas elsewhere: those whose deletion costs less than that of the map's strongest tenth."""
    insertion_rise: float | None = None
    random_rise: float | None = None
    weights_correlation: Annotated[float, Field(ge=-1, le=1)] | None = None
    steadiness: Probability | None = None


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
    """Of a second opinion: rank correlation with the network's own map of the same face."""


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
    SHAP = "shap"
    LIME = "lime"

    @property
    def modality(self) -> Modality:
        return Modality.AUDIO if self in (SecondOpinion.SHAP, SecondOpinion.LIME) else Modality.VISUAL


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
