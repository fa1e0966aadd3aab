"""What else the voice model could hear: representations measured by one plain classifier over the same folds.

`python -m training.voice.evaluation.features --data ../shared/data --run NAME` writes
`docs/evaluation/features.{md,json}`. Means and deviations over time of each representation, up to 7 kHz and free of
level, go to support vectors with a Gaussian kernel, which are fitted to the clips of two folds and the copies of their
honest ones, all undistorted, and judge the third fold. A network that learns its own filters may rank them otherwise:
this says what lies open in each.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import librosa
import numpy as np
import numpy.typing as npt
from scipy.fft import dct

from detectors.voice.features import fill_window, spectrogram
from training.metrics import auc, eer
from training.reporting import PAGES, decimal, table, write_page
from training.voice.data.dataset import FOLDS, VoiceCache, VoiceRow, open_cache
from training.voice.evaluation.trunk import LeftOut, left_out

Samples = npt.NDArray[np.float32]
Plane = npt.NDArray[np.floating]
RATE_HZ: Final = 16_000
LOWEST_HZ: Final = 150.0
HIGHEST_HZ: Final = 7000.0
CEPSTRA: Final = 20
FILTERS: Final = 60
PENALTY: Final = 3.0
"""Of the support vectors. Fixed beforehand: nothing is chosen on a fold."""


def log_mel(window: Samples) -> Plane:
    """(T, 80), 20 ms every 10."""
    return _levels(_power(window, 320) @ _mel_bands().T)


def lfcc(window: Samples, frame: int = 320) -> Plane:
    """(T, 3 * CEPSTRA): linear-frequency cepstra and two derivatives; the mean level is not among them."""
    levels = _levels(_power(window, frame) @ _linear_bands(frame).T)
    static = dct(levels, norm="ortho", axis=1)[:, :CEPSTRA].T
    return np.concatenate([static, librosa.feature.delta(static), librosa.feature.delta(static, order=2)]).T


def constant_q(window: Samples) -> Plane:
    """(T, 88): sixteen bins an octave from 150 Hz to 6.8 kHz."""
    found = librosa.cqt(window, sr=RATE_HZ, hop_length=160, fmin=LOWEST_HZ, n_bins=88, bins_per_octave=16)
    return _levels(np.abs(found).T ** 2)


def group_delay(window: Samples) -> Plane:
    """(T, 2 * FILTERS): how phase turns over frequency, as cosine and sine weighted by magnitude, in linear bands."""
    spectrum = librosa.stft(window, n_fft=320, hop_length=160).T
    turn = spectrum[:, 1:] * np.conj(spectrum[:, :-1])
    bands = _linear_bands(320)[:, 1:]
    total = np.abs(turn) @ bands.T + 1e-9
    return np.concatenate([(turn.real @ bands.T) / total, (turn.imag @ bands.T) / total], axis=1)


def _power(window: Samples, frame: int) -> Plane:
    """(T, frame // 2 + 1), a frame every 10 ms."""
    return np.asarray(np.abs(librosa.stft(window, n_fft=frame, hop_length=160)).T ** 2)


def _levels(power: Plane) -> Plane:
    """Its logarithm, floored 50 dB below the window's mean, around that logarithm's mean."""
    levels = np.log(power + 1e-5 * power.mean() + 1e-12)
    return np.asarray(levels - levels.mean())


@cache
def _mel_bands() -> Plane:
    return np.asarray(librosa.filters.mel(sr=RATE_HZ, n_fft=320, n_mels=80, fmin=LOWEST_HZ, fmax=HIGHEST_HZ, norm=None))


@cache
def _linear_bands(frame: int) -> Plane:
    """(FILTERS, frame // 2 + 1): triangles of one width."""
    hertz = np.arange(frame // 2 + 1) * RATE_HZ / frame
    edges = np.linspace(LOWEST_HZ, HIGHEST_HZ, FILTERS + 2)
    rising = (hertz - edges[:-2, None]) / (edges[1] - edges[0])
    return np.asarray(np.maximum(np.minimum(rising, 2 - rising), 0.0))


REPRESENTATIONS: Final[Mapping[str, Callable[[Samples], Plane]]] = MappingProxyType(
    {
        "the model's spectrogram": lambda window: spectrogram(window[None])[0, :, :, 0],
        "log-mel, 80 bands": log_mel,
        "LFCC and two derivatives": lfcc,
        "the same over 64 ms": lambda window: lfcc(window, 1024),
        "constant-Q, 16 bins an octave": constant_q,
        "group delay in 60 bands": group_delay,
    }
)


def statistics(plane: Plane) -> npt.NDArray[np.float32]:
    """Means and deviations over time. plane: (T, D)."""
    return np.concatenate([plane.mean(axis=0), plane.std(axis=0)]).astype(np.float32)


def windows(cache: VoiceCache) -> Iterator[Samples]:
    """Every clip, then every copy of the honest ones, each a full window."""
    for clip, length in zip(cache.clips, cache.lengths, strict=True):
        yield fill_window(clip[:length].astype(np.float32) / np.float32(32768))
    for row, copies in zip(cache.real_rows, cache.copies, strict=True):
        for copy in copies:
            yield fill_window(copy[: cache.lengths[row]].astype(np.float32) / np.float32(32768))


def measured(represent: Callable[[Samples], Plane], cache: VoiceCache) -> npt.NDArray[np.float32]:
    """(clips + copies, 2 D)"""
    return np.stack([statistics(represent(window)) for window in windows(cache)])


def left_out_scores(features: npt.NDArray[np.float32], cache: VoiceCache, rows: Sequence[VoiceRow]) -> Plane:
    """What the classifier that never heard their sources says of `rows`."""
    folds = np.array([row.fold for row in cache.rows])
    truth = np.array([row.is_fake for row in cache.rows])
    variants = cache.copies.shape[1]
    all_folds = np.concatenate([folds, np.repeat(folds[cache.real_rows], variants)])
    all_truth = np.concatenate([truth, np.ones(len(cache.real_rows) * variants, bool)])
    scores = np.zeros(len(cache.rows))
    for fold in range(FOLDS):
        classifier = _classifier().fit(features[all_folds != fold], all_truth[all_folds != fold])
        own = np.flatnonzero(folds == fold)
        scores[own] = classifier.decision_function(features[own])
    place = {row: index for index, row in enumerate(cache.rows)}
    return scores[[place[row] for row in rows]]


def _classifier() -> Any:
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC

    return make_pipeline(StandardScaler(), SVC(C=PENALTY, class_weight="balanced", cache_size=1000))


def figures(scores: Plane, network: LeftOut) -> dict[str, float]:
    """Of the scores alone, and of their sum with the network's, each over its own spread."""
    folds, truth = np.array([row.fold for row in network.rows]), network.labels
    joined = scores / scores.std() + network.logits / network.logits.std()
    each = {f"fold {fold}": auc(truth[folds == fold], scores[folds == fold]) for fold in range(FOLDS)}
    return each | {
        "numbers": 0,
        "AUC": auc(truth, scores),
        "EER": eer(truth, scores),
        "joined AUC": auc(truth, joined),
        "joined EER": eer(truth, joined),
    }


def page(found: Mapping[str, Mapping[str, float]], run: str) -> str:
    names = [f"fold {fold}" for fold in range(FOLDS)]
    header = ("", "numbers", *names, "AUC", "EER", "with the network: AUC", "EER")
    rows = (
        (
            name,
            int(line["numbers"]),
            *(decimal(line[key], 3) for key in (*names, "AUC", "EER", "joined AUC", "joined EER")),
        )
        for name, line in found.items()
    )
    return f"""# What else the voice model could hear

    python -m training.voice.evaluation.features --data ../shared/data --run {run}

Written by that command. Means and deviations over time of each representation, 150 Hz to 7 kHz and free of level, are
judged by support vectors with a Gaussian kernel (C = {PENALTY:.0f}, nothing tuned). They are fitted to the clips of
two folds and to two copies of each of their honest ones, all undistorted; figures are of the third fold, sources that
were never heard. The last two columns add the score, at equal spread, to the logit of the network's twin that did not
hear the fold either.

{table(header, rows)}
A network learns filters of its own and may rank them otherwise. Raw samples have no statistics of this kind and were
not measured.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path(".cache"))
    parser.add_argument("--run", default="audio", help="whose twins the scores are added to")
    parser.add_argument("--pages", type=Path, default=PAGES)
    arguments = parser.parse_args()
    voices = open_cache(arguments.data, arguments.cache)
    network = left_out(arguments.cache / "runs" / arguments.run, voices.rows, range(FOLDS))
    found: dict[str, dict[str, float]] = {"the network alone": figures(network.logits, network)}
    for name, represent in REPRESENTATIONS.items():
        features = measured(represent, voices)
        scores = left_out_scores(features, voices, network.rows)
        found[name] = figures(scores, network) | {"numbers": features.shape[1]}
        print(name, found[name], flush=True)
    write_page(arguments.pages, "features", page(found, arguments.run), {"representations": found})


if __name__ == "__main__":
    main()
