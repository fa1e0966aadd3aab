"""Calibration as the service reads it: from logits to probabilities, and the thresholds of an outcome.

Fitted by the training room on groups that the model never saw; one JSON file beside each model's weights.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Self

from core.types import Frozen, Outcome, Probability, Thresholds
from detectors.model_files import unreadable


class Platt(Frozen):
    """p_fake = sigmoid(slope * logit + intercept)."""

    slope: float
    intercept: float

    def p_fake(self, logit: float) -> float:
        value = self.slope * logit + self.intercept
        return 1.0 / (1.0 + math.exp(-value)) if value >= 0 else math.exp(value) / (1.0 + math.exp(value))


class Calibration(Frozen):
    """What a model's logits mean.

    `sample` is for one frame or window, `file` for the pooled logit of a whole file; of a voice, for that of two
    windows and more. `real` and `fake` are conformal thresholds on the file's p_fake: at most `false_alarm_rate` of the
    honest files of `population` reach `fake`, and at most `miss_rate` of its fakes fall to `real`.
    """

    version: str
    sample: Platt
    file: Platt
    real: Probability
    fake: Probability
    false_alarm_rate: Probability
    miss_rate: Probability
    population: str

    @classmethod
    def read(cls, path: Path) -> Self:
        return cls.model_validate_json(path.read_bytes())

    def among(self, count: float) -> Self:
        """For the highest score of so many: its limit for a fake lies higher, as `Thresholds.among` says."""
        return self.model_copy(update={"fake": self.thresholds.among(count).fake})

    @property
    def thresholds(self) -> Thresholds:
        return Thresholds(
            version=self.version,
            real=self.real,
            fake=self.fake,
            false_alarm_rate=self.false_alarm_rate,
            miss_rate=self.miss_rate,
        )

    def between(self, share: float) -> Platt:
        """From `sample` at 0 to `file` at 1, and no further."""
        part = min(1.0, max(0.0, share))
        return Platt(
            slope=self.sample.slope + part * (self.file.slope - self.sample.slope),
            intercept=self.sample.intercept + part * (self.file.intercept - self.sample.intercept),
        )

    def outcome(self, p_fake: float) -> Outcome:
        return self.thresholds.outcome(p_fake)


class WitnessFusion(Frozen):
    """What two models say together: the sum of their mean logits, each times a weight.

    `calibration` and its limits are of this sum.
    """

    network: float
    second: float
    calibration: Calibration

    @classmethod
    def read(cls, path: Path) -> Self:
        """Raises: Misconfigured when the file is absent or holds something else."""
        try:
            return cls.model_validate_json(path.read_bytes())
        except (OSError, ValueError) as error:
            raise unreadable(path.name) from error
