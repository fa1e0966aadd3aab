"""The pool of voices: clips of public repositories, cut alike, with one manifest.

    python -m training.data.voices --shared ../shared/data --clones ../.mirror --out ../data/voices/pool

`voice_clips.tsv.gz` names the clips of demonstration pages; `HONEST` adds honest speech of other rooms and lines. A
repository that is not among the clones is left out, and the run says so.

Claim: every file is labelled by its path; clips of one file name within a page mostly say the same words.
Limits: nobody listened to all of them. `voice_rules.json` lists what is neither class, and why.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import io
import json
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import av
import librosa
import numpy as np
import numpy.typing as npt
import soundfile

from training.data.manifest import digest, write_manifest
from training.data.repository import Blob, Repository, find_clone

RULES: Final = Path(__file__).parent / "voice_rules.json"
RATE_HZ: Final = 16_000
LONGEST_S: Final = 6.0
"""Training draws its windows from this much."""
SHORTEST_S: Final = 1.0
LEVEL: Final = 0.06
MOST_OF_A_SYSTEM: Final = 40
"""Clips of one system of one page."""
MOST_HONEST: Final = 150
"""Honest clips of one repository."""

LONGEST_POINTER: Final = 200
"""Bytes of the text that stands for a large file in some repositories."""

Samples = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Clip:
    """One file that a recipe names. sha: of the blob in its repository."""

    label: str
    system: str
    repository: str
    sha: str
    path: str


@dataclass(frozen=True, slots=True)
class PoolRow:
    """One line of the manifest, in the shape of `voices_pages/manifest.csv`, with the terms that are known."""

    path: str
    label: str
    source: str
    system: str
    file: str
    seconds: float
    original_rate: int
    tier: int
    sha256: str
    family: str
    terms: str


@dataclass(frozen=True, slots=True)
class HonestRecipe:
    """A repository of honest speech. pattern: of the whole path. system: what became of the speech since."""

    repository: str
    pattern: str
    system: str
    terms: str
    traps: str = ""
    most: int = MOST_HONEST


HONEST: Final = (
    HonestRecipe(
        "microsoft/P.808",
        r"p835_reference_conditions/(3gpp_p501_FB|source/.*)/[^/]*\.wav",
        "human",
        "MIT; ITU-T P.501 and NOIZEUS sentences",
        "the trapping clips hold a spoken instruction and are left out",
    ),
    HonestRecipe(
        "microsoft/P.808",
        r"p835_reference_conditions/degraded_(NB_16KHz|WB_16KHz|fullband_48KHz)/[^/]*\.wav",
        "human, telephone or noisy",
        "MIT",
        "background noise at 0 to 40 dB and muffled speech; the speech is honest",
        most=250,
    ),
    HonestRecipe(
        "Jakobovski/free-spoken-digit-dataset",
        r"recordings/[^/]*\.wav",
        "human, digits at 8 kHz",
        "CC BY-SA 4.0",
        "single digits of six speakers at 8 kHz: joined to clips",
        most=120,
    ),
    HonestRecipe(
        "globecorpus/globecorpus.github.io",
        r"audios/(globe|lib)/(lib|vctk|cv)/[^/]*\.wav",
        "human",
        "CC0 (Common Voice), CC BY 4.0 (LibriTTS, VCTK)",
        "globe, acc, age and libr are enhanced: neither class",
    ),
    HonestRecipe(
        "microsoft/AEC-Challenge",
        r"datasets/blind_test_set_icassp2022/nearend-singletalk/[^/]*_mic\.wav",
        "human, devices and rooms",
        "CC BY 4.0 and others, see its LICENSE",
        "speech at a device's microphone, noisy rooms",
        most=200,
    ),
    HonestRecipe(
        "microsoft/AEC-Challenge",
        r"baseline/icassp2021/clean/[^/]*\.wav",
        "human, echo cancelled",
        "CC BY 4.0 and others, see its LICENSE",
        "honest speech after a neural echo canceller: a hard negative",
        most=100,
    ),
)


def read_clips(table: Path) -> tuple[Clip, ...]:
    """Clips of the demonstration pages that have a class, in the table's order."""
    rules = read_rules()
    with gzip.open(table, "rt", newline="") as handle:
        listed = [
            Clip(row["label"], row["system"], row["repo"], row["sha"], row["path"])
            for row in csv.DictReader(handle, delimiter="\t")
        ]
    return tuple(clip for clip in listed if not rules.is_neither(clip.label, clip.system, clip.repository, clip.path))


@dataclass(frozen=True, slots=True)
class Family:
    """Systems whose sound comes from one kind of vocoder. patterns: of `repository system`, lower case."""

    name: str
    patterns: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class Dropped:
    repository: str
    pattern: re.Pattern[str]
    reason: str


@dataclass(frozen=True, slots=True)
class Rules:
    """What `voice_rules.json` says: which clips are neither class, and which family a system belongs to."""

    dropped: tuple[Dropped, ...]
    families: tuple[Family, ...]
    pages: dict[str, str]
    terms: dict[str, str]

    def is_neither(self, label: str, system: str, repository: str, path: str) -> bool:
        """Whether a clip is neither honest nor synthetic."""
        told = f"{label} {system} {path}"
        return any(rule.repository == repository and rule.pattern.search(told) for rule in self.dropped)

    def family_of(self, source: str, system: str) -> str:
        """The vocoder's family: by the system's name, else by its page, else `unknown`."""
        name = system.lower()
        for family in self.families:
            if any(pattern.search(name) for pattern in family.patterns):
                return family.name
        return self.pages.get(source, "unknown")


@cache
def read_rules(path: Path = RULES) -> Rules:
    """Raises: KeyError or re.error when the file is not as it should be."""
    raw = json.loads(path.read_text())
    return Rules(
        dropped=tuple(
            Dropped(rule["repository"], re.compile(rule["pattern"]), rule["reason"]) for rule in raw["neither_class"]
        ),
        families=tuple(
            Family(family["name"], tuple(re.compile(pattern) for pattern in family["systems"]))
            for family in raw["families"]
        ),
        pages={page: family["name"] for family in raw["families"] for page in family.get("pages", ())},
        terms=raw["terms"],
    )


# ------------------------------------------------------------------------------------------------ reading and cutting


def read_file(clone: Path, blob: Blob) -> bytes | None:
    """None when the clone does not carry it, or only a pointer to it."""
    with Repository(clone) as repository:
        content = repository.read(blob)
    return content if content is not None and len(content) > LONGEST_POINTER else None


def decode(content: bytes) -> tuple[Samples, int]:
    """Mono samples and their rate.

    Raises: av.FFmpegError, or ValueError when there is no sound in it.
    """
    pieces, rate = [], 0
    with av.open(io.BytesIO(content), "r") as source:
        if not source.streams.audio:
            raise ValueError("no sound")
        rate = int(source.streams.audio[0].rate)
        mono = av.AudioResampler(format="fltp", layout="mono", rate=rate)
        seconds = 0.0
        for frame in source.decode(audio=0):
            pieces += [piece.to_ndarray()[0] for piece in mono.resample(frame)]
            seconds += frame.samples / frame.sample_rate
            if seconds > 40:
                break
    if not pieces:
        raise ValueError("no sound")
    return np.concatenate(pieces).astype(np.float32), rate


def cut(samples: Samples, rate_hz: int) -> Samples | None:
    """What training hears of a file: 16 kHz, no silence around it, at most LONGEST_S, level-normalised.

    The cut begins where the sound does, so that copies of one utterance stay aligned. None when too little is left.
    """
    if rate_hz != RATE_HZ:
        samples = librosa.resample(samples, orig_sr=rate_hz, target_sr=RATE_HZ, res_type="soxr_hq")
    if len(samples) < SHORTEST_S * RATE_HZ or float(np.abs(samples).max()) < 1e-3:
        return None
    voiced = librosa.effects.trim(samples, top_db=35)[0][: int(LONGEST_S * RATE_HZ)]
    if len(voiced) < SHORTEST_S * RATE_HZ:
        return None
    levelled = voiced * (LEVEL / (float(np.sqrt(np.mean(voiced**2))) + 1e-9))
    return np.asarray(levelled * min(1.0, 0.98 / (float(np.abs(levelled).max()) + 1e-9)), np.float32)


def chosen(clips: Sequence[Clip], most: int, most_honest: int) -> tuple[Clip, ...]:
    """No system with more than `most` clips: first those whose file name other systems of the page share."""
    shared: dict[tuple[str, str], set[str]] = {}
    for clip in clips:
        shared.setdefault((clip.repository, Path(clip.path).stem), set()).add(clip.system)
    taken: dict[tuple[str, str], int] = {}
    kept = []

    def order(clip: Clip) -> tuple[int, str]:
        partners = len(shared[clip.repository, Path(clip.path).stem])
        drawn = hashlib.sha256(f"{clip.repository}/{Path(clip.path).stem}".encode()).hexdigest()
        return -min(partners, 2), drawn

    seen: set[str] = set()
    for clip in sorted(clips, key=order):
        key = (clip.repository, clip.system)
        limit = most_honest if clip.label == "real" else most
        if clip.sha in seen or taken.get(key, 0) >= limit:
            continue
        seen.add(clip.sha)
        taken[key] = taken.get(key, 0) + 1
        kept.append(clip)
    return tuple(sorted(kept, key=lambda clip: (clip.repository, clip.path)))


def _prepare(task: tuple[Clip, Path, Path, str]) -> PoolRow | None:
    clip, clone, out, terms = task
    content = read_file(clone, Blob(clip.path, clip.sha))
    if content is None:
        return None
    try:
        samples, rate = decode(content)
    except (av.FFmpegError, ValueError, IndexError):
        return None
    samples = cut(samples, rate)  # type: ignore[assignment]
    if samples is None:
        return None
    name = f"{clip.repository.replace('/', '+')}/{clip.label}/{clip.sha[:16]}.flac"
    return _written(clip, samples, rate, out, name, terms)


def _written(clip: Clip, samples: Samples, rate: int, out: Path, name: str, terms: str) -> PoolRow:
    (out / name).parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(out / name, samples, RATE_HZ, subtype="PCM_16")
    return PoolRow(
        path=name,
        label=clip.label,
        source=clip.repository,
        system=clip.system,
        file=clip.path,
        seconds=round(len(samples) / RATE_HZ, 2),
        original_rate=rate,
        tier=1,
        sha256=digest((out / name).read_bytes()),
        family=read_rules().family_of(clip.repository, clip.system) if clip.label == "fake" else "",
        terms=terms,
    )


def honest_tasks(clones: Path, out: Path) -> Iterator[tuple[Clip, Path, Path, str]]:
    """One clip a file of the HONEST recipes, spread over their paths."""
    for recipe in HONEST:
        clone = find_clone(clones, recipe.repository)
        if clone is None:
            print(f"not among the clones: {recipe.repository}", flush=True)
            continue
        for blob in spread_files(clone, recipe)[: recipe.most]:
            yield Clip("real", recipe.system, recipe.repository, blob.sha, blob.path), clone, out, recipe.terms


def spread_files(clone: Path, recipe: HonestRecipe) -> list[Blob]:
    """A recipe's files in a drawn order of their paths."""
    matching = [blob for blob, _ in Repository(clone).match(recipe.pattern)]
    return sorted(matching, key=lambda blob: hashlib.sha256(blob.path.encode()).digest())


def join_digits(clones: Path, out: Path) -> Iterator[PoolRow]:
    """Clips of joined digits: a file of that recipe is a third of a second."""
    recipe = next(each for each in HONEST if "digit" in each.repository)
    clone = find_clone(clones, recipe.repository)
    if clone is None:
        return
    speakers: dict[str, list[Blob]] = {}
    for blob in spread_files(clone, recipe):
        speakers.setdefault(Path(blob.path).stem.split("_")[1], []).append(blob)
    for speaker, blobs in sorted(speakers.items()):
        for number in range(recipe.most // 6):
            pieces, last_rate = [], 8000
            for blob in blobs[number * 12 : number * 12 + 12]:
                content = read_file(clone, blob)
                if content is not None:
                    samples, last_rate = decode(content)
                    pieces.append(samples)
            if not pieces:
                continue
            joined = cut(np.concatenate(pieces), last_rate)
            if joined is not None:
                clip = Clip("real", recipe.system, recipe.repository, "", f"recordings/*_{speaker}_*.wav/{number}")
                name = f"{recipe.repository.replace('/', '+')}/real/{speaker}_{number}.flac"
                yield _written(clip, joined, last_rate, out, name, recipe.terms)


def build_pool(shared: Path, clones: Path, out: Path, *, most: int, most_honest: int, workers: int) -> int:
    """Write the clips and `manifest.csv`. Returns how many there are."""
    rules = read_rules()
    tasks: list[tuple[Clip, Path, Path, str]] = []
    absent = set()
    for clip in chosen(read_clips(shared / "voice_clips.tsv.gz"), most, most_honest):
        clone = find_clone(clones, clip.repository)
        if clone is None:
            absent.add(clip.repository)
        else:
            tasks.append((clip, clone, out, rules.terms.get(clip.repository, "none stated")))
    for repository in sorted(absent):
        print(f"not among the clones: {repository}", flush=True)
    tasks += [task for task in honest_tasks(clones, out) if "digit" not in task[0].repository]
    rows: list[PoolRow] = []
    out.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(workers) as pool:
        for done, row in enumerate(pool.map(_prepare, tasks, chunksize=16), 1):
            if row is not None:
                rows.append(row)
            if done % 500 == 0:
                print(f"{done} of {len(tasks)} files read, {len(rows)} clips", flush=True)
    rows += join_digits(clones, out)
    write_manifest(rows, out / "manifest.csv", PoolRow)
    return len(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"))
    parser.add_argument("--clones", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--most", type=int, default=MOST_OF_A_SYSTEM, help="clips of one system of one page")
    parser.add_argument("--most-honest", type=int, default=MOST_HONEST, help="honest clips of one repository")
    parser.add_argument("--workers", type=int, default=1)
    arguments = parser.parse_args()
    count = build_pool(
        arguments.shared,
        arguments.clones,
        arguments.out,
        most=arguments.most,
        most_honest=arguments.most_honest,
        workers=arguments.workers,
    )
    print(f"{count} clips")


if __name__ == "__main__":
    main()
