"""The voices as the training sees them: waveforms, codec round trips and copy-synthesis of the real ones, cached once.

Limits: research data; the cache lives outside version control and is rebuilt from the manifest.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import soundfile

from detectors.voice.features import WINDOW_SAMPLES
from training.voice.sound.synthesis import HIFIGAN, VOCODERS, resynthesise
from training.voice.sound.voices import COUNTS, made_voices

FOLDS: Final = 3
MADE: Final = -1
"""Fold of the clips that training makes itself: never left out, never counted."""
VARIANTS: Final = 1
"""Copy-syntheses made of each real clip by signal processing, by different vocoders; one more is by a neural one."""


@dataclass(frozen=True, slots=True)
class VoiceRow:
    """One clip of the manifest and the fold its source belongs to."""

    path: str
    is_fake: bool
    source: str
    system: str
    speaker: str
    fold: int


@dataclass(frozen=True, slots=True)
class VoiceCache:
    """clips: (N, 48000) int16, zero-padded to `lengths`;
    copies: (R, VARIANTS + 1, 48000) int16, resyntheses of the R real clips in `real_rows`, the last by HiFi-GAN.
    Rows of the fold MADE are synthetic voices that training made; they come last."""

    rows: tuple[VoiceRow, ...]
    lengths: npt.NDArray[np.int64]
    clips: npt.NDArray[np.int16]
    real_rows: npt.NDArray[np.int64]
    copies: npt.NDArray[np.int16]


def read_manifest(voices: Path) -> tuple[VoiceRow, ...]:
    """Rows with folds: whole sources, largest first, each to the fold that it balances best in both classes."""
    with (voices / "manifest.csv").open(newline="") as handle:
        listed = list(csv.DictReader(handle))
    sizes: dict[str, list[int]] = {}
    for row in listed:
        sizes.setdefault(row["source"], [0, 0])[row["label"] == "fake"] += 1
    totals = np.array([[0, 0]] * FOLDS)
    folds: dict[str, int] = {}
    for source, counts in sorted(sizes.items(), key=lambda item: (-sum(item[1]), item[0])):
        after = [((totals + np.eye(FOLDS, dtype=int)[:, [fold]] * counts) ** 2).sum() for fold in range(FOLDS)]
        best = int(np.argmin(after))
        totals[best] += counts
        folds[source] = best
    return tuple(
        VoiceRow(
            path=row["path"],
            is_fake=row["label"] == "fake",
            source=row["source"],
            system=row["system"],
            speaker=row["speaker"],
            fold=folds[row["source"]],
        )
        for row in listed
    )


def open_cache(data: Path, cache: Path) -> VoiceCache:
    rows = read_manifest(data / "voices")
    manifest = (data / "voices" / "manifest.csv").read_bytes()
    key = hashlib.sha256(manifest + f"{VARIANTS}/{VOCODERS}".encode()).hexdigest()[:12]
    path = cache / f"voices-{key}.npz"
    if not path.exists():
        _build(data / "voices", rows, path)
    made_path = cache / f"voices-made-{hashlib.sha256(str(sorted(COUNTS.items())).encode()).hexdigest()[:12]}.npz"
    if not made_path.exists():
        _build_made(made_path)
    neural_path = cache / f"voices-neural-{key}.npz"
    if not neural_path.exists():
        _build_neural(path, neural_path)
    with np.load(path) as stored, np.load(made_path) as made, np.load(neural_path) as neural:
        added = tuple(VoiceRow("", True, system, system, system, MADE) for system in made["systems"].tolist())
        return VoiceCache(
            rows=(*rows, *added),
            **{name: np.concatenate([stored[name], made[name]]) for name in ("lengths", "clips")},
            real_rows=stored["real_rows"],
            copies=np.concatenate([stored["copies"], neural["copies"][:, None]], axis=1),
        )


def read_clip(path: Path) -> npt.NDArray[np.float32]:
    samples, rate = soundfile.read(path, dtype="float32")
    if rate != 16_000 or samples.ndim != 1:
        raise ValueError(f"expected 16 kHz mono: {path.name}")
    return np.asarray(samples[:WINDOW_SAMPLES], np.float32)


def _prepare(
    task: tuple[int, str, bool],
) -> tuple[int, int, npt.NDArray[np.int16], list[npt.NDArray[np.int16]]]:
    index, path, is_fake = task
    rng = np.random.default_rng([11, index])
    clip = read_clip(Path(path))
    copies = []
    if not is_fake:
        for name in rng.choice(VOCODERS, VARIANTS, replace=False):
            copies.append(_packed(resynthesise(clip, str(name), rng)))
    return index, len(clip), _packed(clip), copies


def _packed(samples: npt.NDArray[np.float32]) -> npt.NDArray[np.int16]:
    peak = max(float(np.abs(samples).max()), 1e-6)
    padded = np.zeros(WINDOW_SAMPLES, np.float32)
    padded[: len(samples)] = samples[:WINDOW_SAMPLES] * min(1.0, 0.98 / peak)
    return np.asarray(np.round(padded * 32767), np.int16)


def _build(voices: Path, rows: tuple[VoiceRow, ...], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    count = len(rows)
    lengths = np.zeros(count, np.int64)
    clips = np.zeros((count, WINDOW_SAMPLES), np.int16)
    real_rows = np.array([i for i, row in enumerate(rows) if not row.is_fake], np.int64)
    position = {int(row): k for k, row in enumerate(real_rows)}
    copies = np.zeros((len(real_rows), VARIANTS, WINDOW_SAMPLES), np.int16)
    tasks = [(i, str(voices / row.path), row.is_fake) for i, row in enumerate(rows)]
    with ProcessPoolExecutor(2) as pool:
        for done, (index, length, clip, made) in enumerate(pool.map(_prepare, tasks, chunksize=16), 1):
            lengths[index], clips[index] = length, clip
            for variant, copy in enumerate(made):
                copies[position[index], variant] = copy
            if done % 400 == 0:
                print(f"cached {done}/{count} voices", flush=True)
    np.savez(path, lengths=lengths, clips=clips, real_rows=real_rows, copies=copies)


def _build_neural(clips_path: Path, path: Path) -> None:
    with np.load(clips_path) as stored:
        rows, lengths = stored["real_rows"], stored["lengths"]
        clips = stored["clips"][rows]
    tasks = [(int(row), clip[: lengths[row]]) for row, clip in zip(rows, clips, strict=True)]
    copies = np.zeros_like(clips)
    with ProcessPoolExecutor(2) as pool:
        for done, copy in enumerate(pool.map(_neural_copy, tasks, chunksize=8), 1):
            copies[done - 1] = copy
            if done % 200 == 0:
                print(f"rebuilt {done}/{len(rows)} voices", flush=True)
    np.savez(path, copies=copies)


def _neural_copy(task: tuple[int, npt.NDArray[np.int16]]) -> npt.NDArray[np.int16]:
    row, clip = task
    samples = clip.astype(np.float32) / np.float32(32768)
    return _packed(resynthesise(samples, HIFIGAN, np.random.default_rng([19, row])))


def _build_made(path: Path) -> None:
    systems: list[str] = []
    lengths, clips = [], []
    for system, clip in made_voices():
        systems.append(system)
        lengths.append(len(clip))
        clips.append(_packed(clip))
    empty = np.zeros((0, WINDOW_SAMPLES), np.int16)
    np.savez(
        path,
        systems=np.array(systems, np.str_),
        lengths=np.array(lengths, np.int64),
        clips=np.stack(clips) if clips else empty,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path(".cache"))
    arguments = parser.parse_args()
    opened = open_cache(arguments.data, arguments.cache)
    print(f"{len(opened.rows)} voices, {len(opened.real_rows)} real with {opened.copies.shape[1]} copy-syntheses each")
