"""What the evidence amounts to."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from core.types.base import Frozen, Probability
from core.types.evidence import Thresholds
from core.types.vocabulary import Modality, Outcome, Reason, ReasonCode


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
    """Of the combined score. They decide only where the parts disagree: see `core.types.decision`."""
    reasons: tuple[Reason, ...] = ()

    @property
    def is_examined(self) -> bool:
        """Whether there was a face or speech that the detectors can judge: a drawn face is none."""
        alone = len(self.contributions) == 1 and self.contributions[0].modality is Modality.VISUAL
        is_strange = alone and self.outcome is Outcome.INCONCLUSIVE
        return self.p_fake is not None and not (
            is_strange and any(each.code is ReasonCode.UNFAMILIAR for each in self.reasons)
        )

    @model_validator(mode="after")
    def _reasoned(self) -> Self:
        if self.outcome is Outcome.INCONCLUSIVE and not self.reasons:
            raise ValueError("an inconclusive verdict states its reasons")
        if self.p_fake is None and self.outcome is not Outcome.INCONCLUSIVE:
            raise ValueError("a verdict without a score is inconclusive")
        return self
