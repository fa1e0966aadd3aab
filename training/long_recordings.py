"""`python -m training.long_recordings`: is a short fake in a long recording found, is its place, and at what cost?

Honest clips and clips of a fake are encoded once each and laid one after the other without encoding again; where the
fake stands, and which clips are around it, is drawn from the seed. Each file is scored as `./deepwitness score` does,
and decoded in full for comparison. `DATA/videos/real` and `DATA/videos/fake` hold the clips.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Final

import av
import imageio_ffmpeg
import numpy as np

from cli.scoring import FileFailure, Scorer, shipped_scorer
from core.media import LocalMedia
from core.types import MediaInfo, VisualEvidence, VisualObservations

SIZE: Final = (640, 360)
PIECE_S: Final = 10
BEGINNINGS: Final = 4
"""Moments of a clip at which its pieces begin in turn: otherwise all key frames of an hour were one picture."""
_SCALED: Final = (
    f"fps=25,scale={SIZE[0]}:{SIZE[1]}:force_original_aspect_ratio=decrease,pad={SIZE[0]}:{SIZE[1]}:-1:-1,setsar=1"
)
_CODED: Final = ("-an", "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-g", "250", "-pix_fmt", "yuv420p")
REACH_S: Final = 15.0
"""A stretch that is said to be manipulated may begin or end this far from where it does."""


@dataclass(frozen=True, slots=True)
class Made:
    """One long file, and where its fake is, in seconds."""

    path: Path
    fake_at_s: float
    fake_s: float
    clips: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """What became of one file."""

    fake: str
    fake_at_s: float
    fake_s: float
    outcome: str
    p_fake: float | None
    stretches_s: tuple[tuple[float, float], ...]
    is_located: bool
    seconds: float
    decode_s: float
    above_idle_mib: float


def _run(*arguments: str | Path) -> None:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-y", *map(str, arguments)]
    subprocess.run(command, check=True, timeout=600)  # noqa: S603 - our own constants and paths


def piece(clip: Path, folder: Path, length_s: float, beginning: int = 0) -> Path:
    """So many seconds of a clip, played again where it is shorter, all pieces in one form."""
    made = folder / f"{clip.stem}-{length_s:g}-{beginning}.mp4"
    if not made.exists():
        given = ("-stream_loop", "-1", "-ss", f"{0.7 * beginning:g}", "-i", clip, "-t", f"{length_s:g}")
        _run(*given, "-vf", _SCALED, *_CODED, made)
    return made


@cache
def measure_length(path: Path) -> float:
    """Seconds of a piece, as they stand in its container."""
    with av.open(str(path)) as container:
        return (container.duration or 0) / 1e6


def make(real: list[Path], fakes: list[Path], folder: Path, length_s: int, fake_s: int, seed: int) -> Made:
    """One file. Two honest clips take turns; the fake begins at a whole piece."""
    rng = np.random.default_rng(seed)
    around = [real[place] for place in rng.permutation(len(real))[:2]]
    fake = fakes[int(rng.integers(len(fakes)))]
    count = (length_s - fake_s) // PIECE_S
    before = int(rng.integers(1, count))
    turns = [around[0]] * before + [around[1]] * (count - before)
    pieces = [piece(clip, folder, PIECE_S, place % BEGINNINGS) for place, clip in enumerate(turns)]
    pieces.insert(before if rng.random() < 0.5 else int(rng.integers(1, count)), piece(fake, folder, fake_s))
    at = next(place for place, each in enumerate(pieces) if each.stem.startswith(fake.stem))
    made, listed = folder / f"long-{length_s}-{fake_s}-{seed}.mp4", folder / f"list-{seed}.txt"
    listed.write_text("\n".join(f"file '{each.resolve()}'" for each in pieces))
    _run("-f", "concat", "-safe", "0", "-i", listed, "-c", "copy", made)
    # A clip of few frames that is played again gives pieces a little shorter than asked for.
    at_s = sum(measure_length(each) for each in pieces[:at])
    return Made(made, at_s, measure_length(pieces[at]), (*(clip.stem for clip in around), fake.stem))


class _Kept:
    """The face detector, with what it last made of a file."""

    def __init__(self, scorer: Scorer) -> None:
        self._detector = scorer.visual()
        self.last: VisualEvidence | None = None

    def detect(self, media: LocalMedia) -> VisualEvidence:
        return self.interpret(media.info, self.observe(media))

    def observe(self, media: LocalMedia, earlier: VisualObservations | None = None) -> VisualObservations:
        return self._detector.observe(media, earlier)  # type: ignore[attr-defined, no-any-return]

    def interpret(self, info: MediaInfo, observations: VisualObservations) -> VisualEvidence:
        self.last = self._detector.interpret(info, observations)  # type: ignore[attr-defined]
        return self.last


class _Peak:
    """Highest memory of this process and all it started, sampled twice a second; bytes that are shared count twice."""

    def __init__(self) -> None:
        self.mib, self._is_over = 0.0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> _Peak:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            self.mib = max(self.mib, resident_mib())
            if self._is_over.wait(0.5):
                return


def resident_mib(pid: int | None = None) -> float:
    """Of this process and all it started."""
    root = Path("/proc") / str(pid or os.getpid())
    total = 0.0
    with contextlib.suppress(OSError):  # it may have ended meanwhile
        total = int((root / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
        for task in (root / "task").iterdir():
            total += sum(resident_mib(int(child)) for child in (task / "children").read_text().split())
    return total


def decode(path: Path) -> float:
    """Seconds that decoding all pictures takes."""
    started = time.perf_counter()
    with av.open(str(path)) as container:
        container.streams.video[0].thread_type = "AUTO"
        for _ in container.decode(video=0):
            pass
    return time.perf_counter() - started


def is_located(found: Sequence[tuple[float, float]], start_s: float, end_s: float) -> bool:
    """Whether a stretch is marked, and none that reaches away from the fake."""
    return bool(found) and all(
        first_s < end_s and last_s > start_s and first_s > start_s - REACH_S and last_s < end_s + REACH_S
        for first_s, last_s in found
    )


def measure(made: Made, scorer: Scorer, kept: _Kept, idle_mib: float) -> Measured:
    with _Peak() as peak:
        line = scorer.score(str(made.path))
    if isinstance(line, FileFailure):
        raise SystemExit(f"{made.path} could not be scored: {line.error.message}")
    assert kept.last is not None
    limits = kept.last.thresholds
    least = limits.fake if limits is not None else 0.5
    found = tuple((each.start_s, each.end_s) for each in kept.last.segments if each.p_fake >= least)
    is_right = is_located(found, made.fake_at_s, made.fake_at_s + made.fake_s)
    return Measured(
        made.clips[-1], made.fake_at_s, made.fake_s, line.verdict, line.p_fake, found, is_right,
        line.seconds, decode(made.path), peak.mib - idle_mib,
    )  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with videos/real and videos/fake")
    parser.add_argument("--into", type=Path, required=True, help="folder for the files; long ones are removed again")
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--fake-s", type=int, default=20)
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--first", type=int, default=1, help="seed of the first file")
    parser.add_argument("--fake", action="append", default=[], help="only fakes whose name holds this")
    given = parser.parse_args()
    given.into.mkdir(parents=True, exist_ok=True)
    real = sorted((given.data / "videos" / "real").iterdir())
    fakes = sorted((given.data / "videos" / "fake").iterdir())
    fakes = [each for each in fakes if not given.fake or any(part in each.name for part in given.fake)]
    scorer = shipped_scorer(frame_budget=32, faces=False, threads=2)
    kept = _Kept(scorer)
    scorer = Scorer(lambda: kept, scorer.audio, scorer.limits, scorer.frame_budget)
    scorer.score(str(piece(real[0], given.into, PIECE_S)))  # loads the models and starts the reader
    idle_mib = resident_mib()
    for seed in range(given.first, given.first + given.count):
        made = make(real, fakes, given.into, given.minutes * 60, given.fake_s, seed)
        print(json.dumps(asdict(measure(made, scorer, kept, idle_mib))), flush=True)
        made.path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
