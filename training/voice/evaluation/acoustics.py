"""What acoustic measurements are usual for honest speech: quantiles over the honest clips of the pool and of `voices`.

    python -m training.voice.evaluation.acoustics --data ../shared/data --pool DIR

Writes `detectors/weights/audio/acoustics.json`, which the service shows beside what it measures, and prints how often
synthetic clips lie outside. Honest clips of a page count together as one page, however many there are.
"""

from __future__ import annotations

import argparse
import json
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import soundfile

from core.types import AcousticMeasure
from detectors.voice.acoustics import USUAL, measure
from detectors.voice.speech import find_speech
from training.voice.data.pool import Voice, list_voices

OUTER: Final = 0.05
"""Share of honest clips on either side of the usual range."""


def measure_file(path: str) -> dict[AcousticMeasure, float]:
    samples = np.asarray(soundfile.read(path, dtype="float32")[0], np.float32)
    return measure(samples, find_speech(samples))


def usual_range(values: npt.NDArray[np.float64], pages: list[str]) -> tuple[float, float]:
    """The quantiles that leave `OUTER` on either side, every page weighing as the root of its clips."""
    _, place, sizes = np.unique(pages, return_inverse=True, return_counts=True)
    order = np.argsort(values)
    passed = np.cumsum((sizes[place] ** -0.5)[order])
    passed /= passed[-1]
    low, high = (
        values[order][min(int(np.searchsorted(passed, share)), len(values) - 1)] for share in (OUTER, 1 - OUTER)
    )
    return float(low), float(high)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pool", type=Path, required=True)
    parser.add_argument("--fakes", type=int, default=1000, help="synthetic clips to compare with")
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    listed = list_voices(arguments.data, arguments.pool)
    honest = [entry for entry in listed if not entry[1].is_fake]
    fakes = [entry for entry in listed if entry[1].is_fake and not entry[1].is_old]
    drawn = np.random.default_rng(5).permutation(len(fakes))[: arguments.fakes]
    asked: list[tuple[Path, Voice]] = honest + [fakes[int(number)] for number in drawn]
    with ProcessPoolExecutor(arguments.workers) as processes:
        measured = list(processes.map(measure_file, [str(path) for path, _ in asked], chunksize=32))
    usual: dict[str, tuple[float, float]] = {}
    for each in AcousticMeasure:
        known = [(found[each], voice) for found, (_, voice) in zip(measured, asked, strict=True) if each in found]
        values = np.array([value for value, voice in known if not voice.is_fake])
        low, high = usual_range(values, [voice.page for _, voice in known if not voice.is_fake])
        usual[str(each)] = (round(low, 4), round(high, 4))
        others = np.array([value for value, voice in known if voice.is_fake])
        outside = float(np.mean((others < low) | (others > high)))
        print(
            f"{each}: {low:.4g} to {high:.4g} over {len(values)} honest clips; {outside:.0%} of synthetic ones outside"
        )
    counts = {"honest_clips": len(honest), "pages": len({voice.page for _, voice in honest})}
    USUAL.write_text(json.dumps({**counts, "outer": OUTER, "usual": usual}, indent=1) + "\n")


if __name__ == "__main__":
    main()
