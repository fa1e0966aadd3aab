"""`make bench-robust`: mutated files through the probe and the confined reader, and what becomes of each.

Counts what is read whole, read with its faults told, refused under a code, and the three that must not be: a reader
that crashes, one that hangs, and a file that lost a good part without a word. The same seed makes the same files.
With `--log FILE` every ending is kept, and a run that was interrupted goes on where it stopped.
"""

from __future__ import annotations

import argparse
import io
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import imageio_ffmpeg
import numpy as np
from PIL import Image

from core.confinement import EXIT_REFUSED, ReaderPool
from core.settings import LimitSettings
from core.types import Reading

FRAMES: Final = 4
LOST_SHARE: Final = 0.75
"""A file that keeps less than this of its length, frames or sound has lost a good part."""
PATIENCE_S: Final = 60.0
LIMITS: Final = LimitSettings(decode_timeout_s=30)
_PICTURE: Final = ("-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=4")
_SOUND: Final = ("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=44100:duration=4")
_H264: Final = ("-c:v", "libx264", "-preset", "veryfast", "-g", "25", "-pix_fmt", "yuv420p")
_STREAMS: Final[dict[str, tuple[str, ...]]] = {
    "clip.mp4": (*_PICTURE, *_SOUND, *_H264, "-c:a", "aac", "-movflags", "+faststart"),
    "clip.mkv": (*_PICTURE, *_SOUND, *_H264, "-c:a", "libopus"),
    "clip.ts": (*_PICTURE, *_SOUND, *_H264, "-c:a", "mp2"),
    "clip.mpg": (*_PICTURE, *_SOUND, "-c:v", "mpeg2video", "-c:a", "mp2"),
    "clip.avi": (*_PICTURE, *_SOUND, "-c:v", "mjpeg", "-c:a", "pcm_s16le"),
    "clip.webm": (*_PICTURE, *_SOUND, "-c:v", "libvpx", "-g", "25", "-c:a", "libvorbis"),
    "clip.h264": (*_PICTURE, *_H264),
    "tone.wav": _SOUND,
    "tone.mp3": _SOUND,
    "tone.flac": _SOUND,
    "tone.ogg": _SOUND,
}
_UNSTATED: Final = ("ts", "mpg", "h264", "ogg")
"""State no length: what is cut off their end was never announced."""
_STILLS: Final = ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "HEIF", "AVIF")

Bytes = bytearray
Generator = np.random.Generator


@dataclass(frozen=True, slots=True)
class Ending:
    """What became of one file."""

    kind: str
    mutation: str
    outcome: str
    seconds: float


def _flip(content: Bytes, rng: Generator) -> Bytes:
    for place in rng.integers(0, len(content), 20):
        content[place] ^= int(rng.integers(1, 256))
    return content


def _block(content: Bytes, rng: Generator) -> tuple[int, int]:
    length = max(1, int(len(content) * rng.uniform(0.02, 0.3)))
    start = int(rng.integers(0, max(1, len(content) - length)))
    return start, start + length


def _zero(content: Bytes, rng: Generator) -> Bytes:
    start, end = _block(content, rng)
    content[start:end] = bytes(end - start)
    return content


def _garble(content: Bytes, rng: Generator) -> Bytes:
    start, end = _block(content, rng)
    content[start:end] = rng.bytes(end - start)
    return content


def _cut(content: Bytes, rng: Generator) -> Bytes:
    return content[: int(len(content) * rng.uniform(0.05, 0.99))]


def _behead(content: Bytes, rng: Generator) -> Bytes:
    return content[int(len(content) * rng.uniform(0.001, 0.2)) :]


def _drop(content: Bytes, rng: Generator) -> Bytes:
    start, end = _block(content, rng)
    return content[:start] + content[end:]


def _repeat(content: Bytes, rng: Generator) -> Bytes:
    start, end = _block(content, rng)
    return content[:end] + content[start:]


MUTATIONS: Final[dict[str, Callable[[Bytes, Generator], Bytes]]] = {
    "bytes flipped": _flip,
    "block of zeros": _zero,
    "block of noise": _garble,
    "end cut off": _cut,
    "beginning cut off": _behead,
    "block left out": _drop,
    "block repeated": _repeat,
}


def seeds(folder: Path) -> Iterator[tuple[str, bytes]]:
    """One small whole file of each kind."""
    import pillow_heif

    pillow_heif.register_heif_opener()
    for name, arguments in _STREAMS.items():
        path = folder / name
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-y", *arguments, str(path)]
        subprocess.run(command, check=True, timeout=60)  # noqa: S603 - our own constants
        yield path.suffix[1:], path.read_bytes()
    picture = Image.fromarray(np.random.default_rng(1).integers(0, 255, (90, 160, 3), np.uint8))
    for kind in _STILLS:
        buffer = io.BytesIO()
        picture.save(buffer, kind)
        yield kind.lower(), buffer.getvalue()


def read(path: Path, pool: ReaderPool) -> tuple[str, Reading | None]:
    """How the probe and the reader ended, and what was read."""
    with tempfile.TemporaryDirectory(prefix="robust-") as folder:
        command = [str(path), "--limits", LIMITS.model_dump_json()]
        for wanted in ((), ("--into", folder, "--frames", str(FRAMES))):
            ended = pool([*command, *wanted], PATIENCE_S)
            if ended.returncode is None:
                return "hung", None
            if ended.returncode != 0:
                return ("refused" if ended.returncode == EXIT_REFUSED else "crashed"), None
    return "read", Reading.model_validate_json(ended.stdout)


def judge(outcome: str, found: Reading | None, whole: Reading, kind: str, mutation: str) -> str:
    """`read whole`, `read, faults told`, or `lost in silence`; other endings stay what they are."""
    if found is None:
        return outcome
    if found.info.faults or found.info.truncated:
        return "read, faults told"
    kept = [
        (found.info.duration_s, whole.info.duration_s),
        (float(len(found.frames)), float(len(whole.frames))),
        (sum(each.duration_s for each in found.sounds), sum(each.duration_s for each in whole.sounds)),
    ]
    if mutation == "end cut off" and kind in _UNSTATED:
        return "shorter, no length stated" if found.info.duration_s < whole.info.duration_s else "read whole"
    has_lost = any(part < LOST_SHARE * all_of_it for part, all_of_it in kept)
    return "lost in silence" if has_lost else "read whole"


def run(count: int, seed: int, jobs: int, log: Path | None = None) -> list[Ending]:
    """So many mutated files, every kind and mutation in turn; those that the log holds are not read again."""
    known = {} if log is None else kept_in(log)
    pool = ReaderPool()
    with tempfile.TemporaryDirectory(prefix="robust-") as name:
        folder = Path(name)
        kinds = dict(seeds(folder))
        whole: dict[str, Reading] = {}
        for kind, content in kinds.items():
            (folder / f"whole.{kind}").write_bytes(content)
            outcome, reading = read(folder / f"whole.{kind}", pool)
            if reading is None:
                raise SystemExit(f"The whole {kind} is {outcome}.")
            whole[kind] = reading
        plan = [(kind, mutation) for kind in kinds for mutation in MUTATIONS]

        def one(number: int) -> Ending:
            if number in known:
                return known[number]
            kind, mutation = plan[number % len(plan)]
            content = MUTATIONS[mutation](bytearray(kinds[kind]), np.random.default_rng([seed, number]))
            path = folder / f"{number}.{kind}"
            path.write_bytes(bytes(content))
            started = time.monotonic()
            outcome, found = read(path, pool)
            path.unlink()
            outcome = judge(outcome, found, whole[kind], kind, mutation)
            ending = Ending(kind, mutation, outcome, round(time.monotonic() - started, 2))
            if log is not None:
                with log.open("a") as file:
                    file.write(json.dumps({"number": number, **asdict(ending)}) + "\n")
            return ending

        with ThreadPoolExecutor(jobs) as threads:
            return list(threads.map(one, range(count)))


def kept_in(log: Path) -> dict[int, Ending]:
    """Endings of an earlier run by the numbers of their files."""
    lines = log.read_text().splitlines() if log.exists() else []
    return {made.pop("number"): Ending(**made) for made in map(json.loads, lines)}


OUTCOMES: Final = (
    "read whole",
    "read, faults told",
    "shorter, no length stated",
    "refused",
    "lost in silence",
    "crashed",
    "hung",
)


def table(endings: list[Ending]) -> str:
    """Markdown: one row a mutation, one a sum."""
    rows = ["| mutation | " + " | ".join(OUTCOMES) + " |", "|---|" + "---:|" * len(OUTCOMES)]
    for mutation in (*MUTATIONS, "all"):
        counted = Counter(each.outcome for each in endings if mutation in ("all", each.mutation))
        rows.append(f"| {mutation} | " + " | ".join(str(counted[each]) for each in OUTCOMES) + " |")
    slowest = max(endings, key=lambda each: each.seconds)
    return "\n".join([*rows, "", f"Slowest: {slowest.seconds:.1f} s ({slowest.kind}, {slowest.mutation})."])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--log", type=Path, help="keeps every ending; only ever for one seed")
    parser.add_argument("--list", action="store_true", help="name the files that crashed, hung or lost a part")
    given = parser.parse_args()
    endings = run(given.count, given.seed, given.jobs, given.log)
    print(table(endings))
    bad = [(number, each) for number, each in enumerate(endings) if each.outcome in OUTCOMES[4:]]
    if given.list:
        for number, each in bad:
            print(f"{number}: {each.kind}, {each.mutation}: {each.outcome}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
