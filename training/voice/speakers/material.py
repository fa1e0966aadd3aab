"""What the clips of the bank say of voices: statistics of their windows, and whose clips belong together.

    python -m training.voice.speakers.material --data ../shared/data --pool DIR --cache DIR

Writes `speakers.npz`: `clean` (N, D), the first window of every clip; `last` and `distorted` (H, D) of the honest ones,
whose rows are `honest`, and `longer` (H,), whether the last window shares less than half with the first.

Limits: speakers are known by the names of files (`speakers.json`); whoever is not named is told from nobody.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from detectors.voice.encoder import mel_bands
from detectors.voice.features import WINDOW_SAMPLES, fill_window
from detectors.voice.speakers import describe
from training.voice.data.bank import make_windows, read_clip, read_voices
from training.voice.data.pool import VOICES, Voice, list_voices

FILE: Final = "speakers.npz"
RULES: Final = Path(__file__).with_name("speakers.json")
LONGER: Final = 1.5
"""Windows from which a clip's last one counts beside its first."""

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Voices:
    """Clips, their statistics, and the speaker of each honest one ("" where unknown), of its page's source."""

    voices: tuple[Voice, ...]
    speakers: tuple[str, ...]
    clean: Floats
    honest: Rows
    last: Floats
    distorted: Floats
    longer: npt.NDArray[np.bool_]


def name_speaker(voice: Voice, named: str = "") -> str:
    """Whose clip it is by its name, or by the manifest; "" where neither says."""
    patterns, unnamed = _rules()
    if voice.is_fake or any(pattern.search(named or voice.path) for pattern in unnamed):
        return ""
    if voice.origin == VOICES:
        return named
    for corpus, pattern in patterns:
        if (found := pattern.search(voice.path)) is not None:
            return f"{corpus}_{found[1]}"
    return ""


@cache
def _rules() -> tuple[tuple[tuple[str, re.Pattern[str]], ...], tuple[re.Pattern[str], ...]]:
    stored = json.loads(RULES.read_text())
    patterns = tuple((each["corpus"], re.compile(each["pattern"])) for each in stored["patterns"])
    return patterns, tuple(re.compile(each["pattern"]) for each in stored["unnamed"])


def read_voices_apart(cache_folder: Path, shared: Path) -> Voices:
    voices = read_voices(cache_folder / "voices.csv")
    with (shared / VOICES / "manifest.csv").open(newline="") as handle:
        named = {row["path"]: row["speaker"] for row in csv.DictReader(handle)}
    speakers = tuple(name_speaker(each, named.get(each.path, "") if each.is_old else "") for each in voices)
    with np.load(cache_folder / FILE) as stored:
        arrays = {name: stored[name] for name in ("clean", "honest", "last", "distorted", "longer")}
    return Voices(voices, speakers, **arrays)


def measure(paths: Sequence[Path | None], honest: Sequence[bool]) -> dict[str, npt.NDArray[np.generic]]:
    """The arrays of the file. A clip that is gone stays zero."""
    clean: dict[int, Floats] = {}
    kept: list[int] = []
    others: list[Floats] = []
    longer: list[bool] = []
    for row, path in enumerate(paths):
        if path is None:
            continue
        samples = read_clip(path)
        if not honest[row]:
            clean[row] = describe(mel_bands(fill_window(samples)[None]))[0]
            continue
        first, distorted = make_windows(samples, row)
        found = describe(mel_bands(np.stack([first, fill_window(samples[-WINDOW_SAMPLES:]), distorted])))
        clean[row] = found[0]
        kept.append(row)
        others.append(found[1:])
        longer.append(len(samples) >= LONGER * WINDOW_SAMPLES)
        if len(kept) % 200 == 0:
            print(f"{row} of {len(paths)} clips", flush=True)
    size = len(next(iter(clean.values())))
    table = np.zeros((len(paths), size), np.float32)
    table[list(clean)] = list(clean.values())
    beside = np.stack(others)
    return {
        "clean": table,
        "honest": np.array(kept),
        "last": beside[:, 0],
        "distorted": beside[:, 1],
        "longer": np.array(longer),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pool", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    arguments = parser.parse_args()
    voices = read_voices(arguments.cache / "voices.csv")
    places = {voice: path for path, voice in list_voices(arguments.data, arguments.pool)}
    found = measure([places.get(voice) for voice in voices], [not voice.is_fake for voice in voices])
    np.savez(arguments.cache / FILE, **found)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
