"""Ways to make one score of the frames of a video, compared on fakes that fill it and on fakes that fill a quarter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

import numpy as np

from core.types import FaceObservation
from detectors.aggregation import pool
from training.metrics import auc

Rule = Callable[[Sequence[float], Sequence[float]], float]
"""Logits and qualities of a video's faces, in order of time, to one logit."""

POOLING: Final[dict[str, Rule]] = {
    "mean": lambda logits, _: float(np.mean(logits)),
    "median": lambda logits, _: float(np.median(logits)),
    "mean of the highest quarter": lambda logits, _: float(np.mean(np.sort(logits)[-max(1, len(logits) // 4) :])),
    "shipped: weighted mean, or a stretch that stands out": pool,
}


def pooling_rules(
    videos: Iterable[tuple[str, bool, Sequence[FaceObservation]]],
) -> dict[str, tuple[float, float]]:
    """AUC of each rule: of whole fakes, and of fakes spliced into the middle of honest videos of the group.

    Args:
        videos: group, whether it is a fake, and the faces seen.
    """
    honest: dict[str, list[Sequence[FaceObservation]]] = {}
    forged: list[tuple[str, Sequence[FaceObservation]]] = []
    for group, is_fake, faces in videos:
        if is_fake:
            forged.append((group, faces))
        else:
            honest.setdefault(group, []).append(faces)
    spliced = [spliced_in(faces, around) for group, faces in forged for around in honest.get(group, [])]
    negative = [faces for each in honest.values() for faces in each]
    found = {}
    for name, rule in POOLING.items():
        aucs = []
        for positive in ([faces for _, faces in forged], spliced):
            scores = [_score(rule, faces) for faces in (*negative, *positive)]
            aucs.append(auc(np.array([0] * len(negative) + [1] * len(positive)), np.array(scores)))
        found[name] = (aucs[0], aucs[1])
    return found


def spliced_in(altered: Sequence[FaceObservation], around: Sequence[FaceObservation]) -> list[FaceObservation]:
    """The honest video with its middle quarter replaced."""
    quarter = len(around) // 4
    start = (len(around) - quarter) // 2
    return [*around[:start], *altered[:quarter], *around[start + quarter :]]


def _score(rule: Rule, faces: Sequence[FaceObservation]) -> float:
    return rule([face.logit for face in faces], [face.quality for face in faces])
