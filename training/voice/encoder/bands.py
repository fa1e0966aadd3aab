"""What the encoder hears of every clip of the bank, made once: its mel bands.

    python -m training.voice.encoder.bands --data ../shared/data --pool DIR --cache DIR

Writes `bands.npy` (N, VIEWS, FRAMES, BANDS) in half precision: the windows that `training.voice.data.bank` made, clean
and distorted, and one more that is distorted by another draw. Clips whose file is gone stay zero. `last-bands.npy` is
of the last three seconds of the clips in `last.npz` of `training.voice.heads.longer`.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from detectors.voice.encoder import BANDS, mel_bands
from detectors.voice.features import FRAMES, WINDOW_SAMPLES
from training.voice.data.bank import AGAIN, distorted_window, make_windows, read_clip, read_voices
from training.voice.data.pool import list_voices

VIEWS: Final = 3
FILE: Final = "bands.npy"
LAST: Final = "last.npz"
LAST_FILE: Final = "last-bands.npy"
_CHUNK: Final = 16


def _prepare(task: tuple[list[int], list[Path]]) -> tuple[list[int], npt.NDArray[np.float16]]:
    rows, paths = task
    found = []
    for row, path in zip(rows, paths, strict=True):
        samples = read_clip(path)
        windows = (*make_windows(samples, row), distorted_window(samples, row, AGAIN))
        found.append(mel_bands(np.stack(windows)).astype(np.float16))
    return rows, np.stack(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pool", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    places = {voice: path for path, voice in list_voices(arguments.data, arguments.pool)}
    paths = [places.get(voice) for voice in read_voices(arguments.cache / "voices.csv")]
    present = [(row, path) for row, path in enumerate(paths) if path is not None]
    chunks = [present[first : first + _CHUNK] for first in range(0, len(present), _CHUNK)]
    tasks = [([row for row, _ in chunk], [path for _, path in chunk]) for chunk in chunks]
    bands = np.lib.format.open_memmap(arguments.cache / FILE, "w+", np.float16, (len(paths), VIEWS, FRAMES, BANDS))
    with ProcessPoolExecutor(arguments.workers) as processes:
        for rows, found in processes.map(_prepare, tasks):
            bands[rows] = found
    bands.flush()
    with np.load(arguments.cache / LAST) as saved:
        long = [path for row in saved["rows"] if (path := paths[int(row)]) is not None]
    last = [mel_bands(read_clip(path)[None, -WINDOW_SAMPLES:])[0] for path in long]
    np.save(arguments.cache / LAST_FILE, np.stack(last).astype(np.float16))


if __name__ == "__main__":
    main()
