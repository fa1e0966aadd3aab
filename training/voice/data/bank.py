"""The spectrograms that training draws from: every clip as it is and after a drawn chain, made once for all fits.

    python -m training.voice.data.bank --data ../shared/data --pool DIR --cache DIR

Writes `voices.csv`, `clean.npy` and `distorted.npy` (N, FRAMES, BINS) in half precision, and `originals.npy`: of every
clip the honest clip of its page that it sounds a copy of, -1 for none.

Limits: research data; the cache lives outside version control.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import soundfile

from detectors.voice.features import BINS, FRAMES, WINDOW_SAMPLES, fill_window, spectrogram
from training.data.manifest import read_manifest, write_manifest
from training.voice.data.pool import Voice, list_voices
from training.voice.sound.chain import RATE_HZ, distort

VERSIONS: Final = ("clean", "distorted")
FIRST: Final = 43
AGAIN: Final = 44
"""Draws of the chain: one for the bank, another for whoever needs a second distorted window."""
ALIKE: Final = 0.7
"""Correlation of two envelopes from which one clip counts as a copy of the other."""
ENVELOPE_BANDS: Final = 14
ENVELOPE_FRAMES: Final = 150
_LAGS: Final = range(-12, 13)
_CHUNK: Final = 24

Samples = npt.NDArray[np.float32]
Plane = npt.NDArray[np.float16]


def make_windows(samples: Samples, index: int) -> tuple[Samples, Samples]:
    """The first window of a clip as it is, and a window from anywhere in it after a drawn chain."""
    return fill_window(samples), distorted_window(samples, index)


def distorted_window(samples: Samples, index: int, draw: int = FIRST) -> Samples:
    """A window from anywhere in a clip after a drawn chain."""
    rng = np.random.default_rng([draw, index])
    start = int(rng.random() * max(0, len(samples) - WINDOW_SAMPLES))
    drawn = samples[start : start + WINDOW_SAMPLES]
    if len(drawn) > 2 * RATE_HZ and rng.random() < 0.3:
        drawn = drawn[: int(rng.uniform(1.5, len(drawn) / RATE_HZ) * RATE_HZ)]
    return distort(fill_window(drawn), rng)


def read_clip(path: Path) -> Samples:
    """Raises: ValueError for anything but 16 kHz mono."""
    samples, rate = soundfile.read(path, dtype="float32")
    if rate != RATE_HZ or samples.ndim != 1:
        raise ValueError(f"expected 16 kHz mono: {path}")
    return np.asarray(samples, np.float32)


def envelope(plane: npt.NDArray[np.float32]) -> npt.NDArray[np.float16]:
    """(ENVELOPE_BANDS, ENVELOPE_FRAMES) of a spectrogram (FRAMES, BINS): band levels every 20 ms around their mean."""
    bands = plane[:, 1 : 1 + BINS // ENVELOPE_BANDS * ENVELOPE_BANDS].reshape(ENVELOPE_FRAMES, 2, ENVELOPE_BANDS, -1)
    levels = bands.mean(axis=(1, 3)).T
    return np.asarray(levels - levels.mean(axis=1, keepdims=True), np.float16)


def _prepare(task: tuple[int, list[str]]) -> tuple[int, Plane, Plane, npt.NDArray[np.float16]]:
    first, paths = task
    clean, distorted = [], []
    for index, path in enumerate(paths, first):
        windows = make_windows(read_clip(Path(path)), index)
        clean.append(windows[0])
        distorted.append(windows[1])
    planes = spectrogram(np.stack(clean))[..., 0]
    envelopes = np.stack([envelope(plane) for plane in planes])
    return first, planes.astype(np.float16), spectrogram(np.stack(distorted))[..., 0].astype(np.float16), envelopes


def build(shared: Path, pool: Path, cache: Path, workers: int) -> None:
    listed = list_voices(shared, pool)
    cache.mkdir(parents=True, exist_ok=True)
    write_manifest([voice for _, voice in listed], cache / "voices.csv", Voice)
    shape = (len(listed), FRAMES, BINS)
    clean = np.lib.format.open_memmap(cache / "clean.npy", "w+", np.float16, shape)
    distorted = np.lib.format.open_memmap(cache / "distorted.npy", "w+", np.float16, shape)
    envelopes = np.zeros((len(listed), ENVELOPE_BANDS, ENVELOPE_FRAMES), np.float16)
    paths = [str(path) for path, _ in listed]
    tasks = [(first, paths[first : first + _CHUNK]) for first in range(0, len(paths), _CHUNK)]
    with ProcessPoolExecutor(workers) as processes:
        for first, planes, others, own in processes.map(_prepare, tasks):
            last = first + len(planes)
            clean[first:last], distorted[first:last], envelopes[first:last] = planes, others, own
            if first % (_CHUNK * 20) == 0:
                print(f"{last} of {len(listed)} clips", flush=True)
    np.save(cache / "originals.npy", find_originals([voice for _, voice in listed], envelopes.astype(np.float32)))


def find_originals(voices: list[Voice], envelopes: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    """Of every clip the honest clip of its page that it sounds a copy of, -1 for none; an honest clip is its own."""
    originals = np.full(len(voices), -1)
    pages: dict[str, list[int]] = {}
    for index, voice in enumerate(voices):
        pages.setdefault(voice.page, []).append(index)
    for members in pages.values():
        honest = [index for index in members if not voices[index].is_fake]
        fakes = [index for index in members if voices[index].is_fake]
        originals[honest] = honest
        if not honest or not fakes:
            continue
        best = np.full((len(fakes), len(honest)), -1.0)
        for lag in _LAGS:
            own = _unit(np.roll(envelopes[fakes], lag, axis=2))
            best = np.maximum(best, own @ _unit(envelopes[honest]).T)
        for index, line in zip(fakes, best, strict=True):
            if line.max() >= ALIKE:
                originals[index] = honest[int(np.argmax(line))]
    return originals


def _unit(envelopes: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    flat = envelopes.reshape(len(envelopes), -1)
    return np.asarray(flat / (np.linalg.norm(flat, axis=1, keepdims=True) + 1e-9), np.float32)


def read_voices(path: Path) -> tuple[Voice, ...]:
    return read_manifest(path, Voice)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pool", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    build(arguments.data, arguments.pool, arguments.cache, arguments.workers)


if __name__ == "__main__":
    main()
