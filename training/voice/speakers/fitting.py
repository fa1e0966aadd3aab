"""The directions in which speakers of one source differ, while their own clips, short or distorted, do not.

    python -m training.voice.speakers.fitting --data ../shared/data --cache DIR

Linear discriminant analysis over statistics of single windows. Speakers are compared with others of their own page, so
that rooms and microphones of pages are no part of a voice; what a clip loses in a drawn chain of distortions counts as
the same voice. Writes `directions.npz` to the weights of `detectors.voice.speakers`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.linalg import eigh

from detectors.voice.speakers import ARRAYS, CLIP, FILE, WEIGHTS, VoiceDirections
from training.voice.data.pool import FOLDS, assign_folds
from training.voice.speakers.material import Floats, Rows, Voices, read_voices_apart

DIRECTIONS: Final = 40
NOISE: Final = 1.0
"""Weight of what distortion changes, against what differs between clips of one speaker."""
SHRINKAGE: Final = 0.02
MOST_OF_A_SPEAKER: Final = 10
"""Clips that one speaker counts as, at most."""
MOST_OF_A_PAGE: Final = 20
"""Speakers that one page counts as, at most."""

Matrix = npt.NDArray[np.float64]


def fit(voices: Voices, heard: npt.NDArray[np.bool_]) -> VoiceDirections:
    """heard: (H,) of the honest clips, which may be learnt from."""
    own = np.flatnonzero(heard)
    first = voices.clean[voices.honest[own]]
    mean, scale = first.mean(axis=0), first.std(axis=0) + np.float32(1e-6)

    def standardise(values: Floats) -> Matrix:
        return np.asarray(np.clip((values - mean) / scale, -CLIP, CLIP), np.float64)

    windows, last = standardise(first), standardise(voices.last[own])
    changed = standardise(voices.distorted[own]) - windows
    within, total = np.zeros((len(mean), len(mean))), 0.0
    pages: dict[str, list[Matrix]] = {}
    for (page, _), members in group_clips(voices, own).items():
        rows = np.concatenate([windows[members], last[[each for each in members if voices.longer[own[each]]]]])
        centre = rows.mean(axis=0)
        pages.setdefault(page, []).append(centre)
        if len(rows) > 1:
            share = min(1.0, MOST_OF_A_SPEAKER / len(rows))
            within += share * (rows - centre).T @ (rows - centre) * len(rows) / (len(rows) - 1)
            total += share * len(rows)
    within = within / total + NOISE * changed.T @ changed / (2 * len(changed))
    between, total = np.zeros_like(within), 0.0
    for centres in pages.values():
        if len(centres) > 1:
            around = np.stack(centres) - np.mean(centres, axis=0)
            share = min(1.0, MOST_OF_A_PAGE / len(centres))
            between += share * around.T @ around * len(centres) / (len(centres) - 1)
            total += share * len(centres)
    level = float(np.trace(within)) / len(within)
    within = (1 - SHRINKAGE) * within + SHRINKAGE * level * np.eye(len(within))
    spread, directions = eigh(between / total, within, subset_by_index=(len(within) - DIRECTIONS, len(within) - 1))
    return VoiceDirections(
        mean.astype(np.float32), scale.astype(np.float32), directions.astype(np.float32), spread.astype(np.float32)
    )


def group_clips(voices: Voices, own: Rows) -> Mapping[tuple[str, str], list[int]]:
    """Places in `own` by page and speaker; a clip of nobody known is a speaker of its own."""
    found: dict[tuple[str, str], list[int]] = {}
    for place, each in enumerate(own):
        row = int(voices.honest[each])
        found.setdefault((voices.voices[row].page, voices.speakers[row] or f"clip {row}"), []).append(place)
    return found


def fit_folds(voices: Voices) -> Iterable[tuple[int, VoiceDirections]]:
    """Of each fold of pages, directions fitted to none of its pages, and to none of its speakers elsewhere."""
    fold_of = assign_folds(voices.voices)
    for fold in range(FOLDS):
        met = {voices.speakers[row] for row in voices.honest if fold_of[row] == fold} - {""}
        heard = [fold_of[row] != fold and voices.speakers[row] not in met for row in voices.honest]
        yield fold, fit(voices, np.array(heard))


def write(directions: VoiceDirections, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    arrays = {name: getattr(directions, name) for name in ARRAYS}
    np.savez_compressed(out / FILE, **arrays)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    arguments = parser.parse_args()
    voices = read_voices_apart(arguments.cache, arguments.data)
    write(fit(voices, np.ones(len(voices.honest), bool)), arguments.out)
    print(f"{FILE}: {(arguments.out / FILE).stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
