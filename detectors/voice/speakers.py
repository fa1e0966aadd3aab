"""Do several voices speak, and which windows are whose?

Claim: windows of one group sound like one voice and unlike the other groups'. A voice is no person: nobody is
recognised, and nothing is compared with anything outside the recording.
Source: statistics of the cepstra of each window, in the directions that tell speakers of one source apart; fitted by
`training/voice/speakers` (data, digest and figures in `weights/speakers/card.md`). The odds of two voices against one
follow from two Gaussians, as in probabilistic linear discriminant analysis (Ioffe 2006; Prince & Elder 2007).
Limits: somebody who acts very different moods, or is recorded in two ways, can count as two; two alike voices count as
one. Turns shorter than a window are lost in their neighbours'.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from core.types import ModelRef
from detectors.model_files import file_digest, find_model_file, unreadable
from detectors.voice.encoder import BANDS
from detectors.voice.features import WINDOW_S

WEIGHTS: Final = Path(__file__).resolve().parents[1] / "weights" / "speakers"
FILE: Final = "directions.npz"
NAME: Final = "audio.voice.speakers"
ARRAYS: Final = ("mean", "scale", "directions", "spread")
CEPSTRA: Final = 24
LEAST_WINDOWS: Final = 3
"""Of a voice: fewer windows may differ by what is said."""
MOST_VOICES: Final = 4
LEAST_LOG_ODDS: Final = 12.0
"""Of two voices against one, from which they are told apart: `docs/evaluation/speakers.md`."""
DRIFT: Final = 0.1
"""Variance that more windows of the same voice do not average out, in units of one window's."""
CLIP: Final = 5.0
"""Standardised statistics are cut here."""
_QUIET_SHARE: Final = 0.35
"""Of a window's frames, the quietest, which hold no speech or little."""
_STARTS: Final = 4
_ROUNDS: Final = 20
_PAIRS: Final = np.tril_indices(CEPSTRA, -1)
_TINY: Final = 1e-3

Floats = npt.NDArray[np.float32]
Groups = npt.NDArray[np.int64]


def _cosines() -> Floats:
    """(BANDS, CEPSTRA): the first rows of an orthonormal cosine transform."""
    angles = np.pi / BANDS * (np.arange(BANDS)[:, None] + 0.5) * np.arange(CEPSTRA)
    scale = np.where(np.arange(CEPSTRA) == 0, np.sqrt(1 / BANDS), np.sqrt(2 / BANDS))
    return np.asarray(np.cos(angles) * scale, np.float32)


_COSINES: Final = _cosines()


def describe(bands: Floats) -> Floats:
    """(N, D) statistics of windows: how a voice sounds, over all that it says in them.

    Args:
        bands: (N, FRAMES, BANDS) of `mel_bands`.

    Returns:
        Of the louder frames' cepstra: means, log deviations, correlations with one another, skews and mean steps.
    """
    level = bands.mean(axis=2)
    loud = (level >= np.quantile(level, _QUIET_SHARE, axis=1, keepdims=True)).astype(np.float32)[..., None]
    count = loud.sum(axis=1)
    cepstra = bands @ _COSINES
    mean = (cepstra * loud).sum(axis=1) / count
    around = (cepstra - mean[:, None]) * loud
    deviation = np.sqrt((around**2).sum(axis=1) / count) + np.float32(_TINY)
    shape = around / deviation[:, None]
    alike = shape.transpose(0, 2, 1) @ shape / count[:, :, None]
    steps = np.abs(np.diff(cepstra, axis=1)) * loud[:, 1:]
    step = steps.sum(axis=1) / np.maximum(loud[:, 1:].sum(axis=1), 1)
    skew = (shape**3).sum(axis=1) / count
    found = (mean, np.log(deviation), alike[:, _PAIRS[0], _PAIRS[1]], skew, step)
    return np.concatenate(found, axis=1).astype(np.float32)


@dataclass(frozen=True, slots=True)
class VoiceDirections:
    """Where voices differ. mean, scale: (D,); directions: (D, K), in which one voice's windows have variance 1;
    spread: (K,), the variance of voices there."""

    mean: Floats
    scale: Floats
    directions: Floats
    spread: Floats
    models: tuple[ModelRef, ...] = ()
    """Its file."""

    @classmethod
    def load(cls, weights: Path = WEIGHTS) -> Self:
        """The shipped ones. Raises: Misconfigured when the file is absent or holds something else."""
        path = find_model_file(weights, FILE)
        try:
            with np.load(path) as stored:
                mean, scale, directions, spread = (stored[name].astype(np.float32) for name in ARRAYS)
        except (OSError, KeyError, ValueError) as error:
            raise unreadable(path.name) from error
        model = ModelRef(name=NAME, version="1", sha256=file_digest(path))
        return cls(mean, scale, directions, spread, (model,))

    def place(self, bands: Floats) -> Floats:
        """(N, K): each window in the directions. bands: (N, FRAMES, BANDS) of `mel_bands`."""
        return np.asarray(np.clip((describe(bands) - self.mean) / self.scale, -CLIP, CLIP) @ self.directions)

    def tell_apart(self, places: Floats, starts_s: Sequence[float]) -> tuple[int, ...]:
        """The voice of every window, numbered from 1 in order of appearance; all 1 where one voice speaks.

        Args:
            places: (N, K) of `place`, in order of time.
            starts_s: of the windows, ascending; windows that overlap say less than windows that do not.
        """
        total = len(places)
        if total < 2 * LEAST_WINDOWS:
            return (1,) * total
        steps = np.minimum(np.diff(np.asarray(starts_s, np.float64)), WINDOW_S) / WINDOW_S
        fresh = np.concatenate([[1.0], steps])
        groups = np.zeros(total, np.int64)
        open_groups = [0]
        while open_groups and groups.max() + 1 < MOST_VOICES:
            own = np.flatnonzero(groups == open_groups.pop(0))
            halves = self._halve(places[own], fresh[own])
            if halves is None:
                continue
            fresh_name = int(groups.max()) + 1
            open_groups += [int(groups[own[0]]), fresh_name]
            groups[own[halves == 1]] = fresh_name
        _, first, inverse = np.unique(groups, return_index=True, return_inverse=True)
        order = np.argsort(np.argsort(first))
        return tuple(int(order[each]) + 1 for each in inverse)

    def _halve(self, places: Floats, fresh: npt.NDArray[np.float64]) -> Groups | None:
        """0 or 1 for every window, or None where one voice explains them as well."""
        if len(places) < 2 * LEAST_WINDOWS:
            return None
        weighted = places * np.sqrt(self.spread / (1 + self.spread))
        halves = _smooth(_two_means(weighted))
        if min(int(halves.sum()), int((1 - halves).sum())) < LEAST_WINDOWS:
            return None
        return halves if self.log_odds(places, fresh, halves) >= LEAST_LOG_ODDS else None

    def log_odds(self, places: Floats, fresh: npt.NDArray[np.float64], halves: Groups) -> float:
        """Of two voices against one, natural logarithm, by how far the means of both halves lie apart.

        Args:
            fresh: (N,) share of each window that the one before does not hold: what a mean is certain by.
        """
        apart = places[halves == 0].mean(axis=0) - places[halves == 1].mean(axis=0)
        counts = [float(fresh[halves == half].sum()) for half in (0, 1)]
        one = sum(1 / count + DRIFT for count in counts)
        two = one + 2 * self.spread
        return float((0.5 * (apart**2 * (1 / one - 1 / two) - np.log(two / one))).sum())


def _two_means(points: Floats) -> Groups:
    """0 or 1 for every point: the best of several searches, each begun along a direction in which they differ most."""
    around = points - points.mean(axis=0)
    _, _, axes = np.linalg.svd(around, full_matrices=False)
    best, lowest = np.zeros(len(points), np.int64), np.inf
    for axis in axes[:_STARTS]:
        along = around @ axis
        for border in (0.0, float(np.median(along))):
            halves = (along > border).astype(np.int64)
            for _ in range(_ROUNDS):
                if halves.min() == halves.max():
                    break
                means = [points[halves == half].mean(axis=0) for half in (0, 1)]
                far = [((points - mean) ** 2).sum(axis=1) for mean in means]
                nearer = (far[1] < far[0]).astype(np.int64)
                if np.array_equal(nearer, halves):
                    break
                halves = nearer
            if halves.min() == halves.max():
                continue
            cost = float(np.where(halves == 1, far[1], far[0]).sum())
            if cost < lowest:
                best, lowest = halves, cost
    return best


def _smooth(halves: Groups) -> Groups:
    """A window between two of the other half goes to them: a turn lasts longer than its distance to the next window."""
    padded = np.concatenate([halves[:1], halves, halves[-1:]])
    return np.asarray((padded[:-2] + padded[1:-1] + padded[2:] >= 2).astype(np.int64))
