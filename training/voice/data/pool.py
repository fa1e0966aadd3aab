"""Every clip that the voice model learns from or is asked about: pages of the pool, `voices_pages`, and `voices`.

Pages are the unit that is left out: a fold holds whole repositories.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from training.data.voices import read_rules

FOLDS: Final = 5
DEALT: Final = Path(__file__).parent / "page_folds.json"
"""Fold of every page and source, dealt when 53 of the pages were read whole. It stays when more of a page is read, so
that what was fitted without a page goes on not knowing it."""
VOICES: Final = "voices"
MOST_OF_A_SYSTEM: Final = 20
"""Clips of one system of one page; the same utterances of every system, where a page has them."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One clip. origin: the folder that it comes from. page: repository or source. family: empty for the honest."""

    path: str
    origin: str
    is_fake: bool
    page: str
    system: str
    family: str

    @property
    def is_old(self) -> bool:
        """Whether it is of `voices`, which the weights that were shipped before have heard."""
        return self.origin == VOICES


def list_voices(shared: Path, pool: Path, most: int = MOST_OF_A_SYSTEM) -> tuple[tuple[Path, Voice], ...]:
    """Files and what they are. Pages that the pool lacks are taken from `voices_pages`."""
    return tuple(_capped(_pool_voices(pool), most)) + tuple(_shared_voices(shared, pool))


def _pool_voices(pool: Path) -> Iterator[tuple[Path, Voice]]:
    rules = read_rules()
    for row in _rows(pool):
        is_fake = row["label"] == "fake"
        family = rules.family_of(row["source"], row["system"]) if is_fake else ""
        voice = Voice(row["file"], "pool", is_fake, row["source"], row["system"], family)
        yield pool / row["path"], voice


def _shared_voices(shared: Path, pool: Path) -> Iterator[tuple[Path, Voice]]:
    rules = read_rules()
    have = {row["source"] for row in _rows(pool)}
    for origin in ("voices_pages", VOICES):
        for row in _rows(shared / origin):
            source, system, is_fake = row["source"], row["system"], row["label"] == "fake"
            if source in have:
                continue
            file = row["path"] if origin == VOICES else row["file"]
            if origin != VOICES and rules.is_neither(row["label"], system, source, file):
                continue
            family = rules.family_of(source, system) if is_fake else ""
            yield shared / origin / row["path"], Voice(file, origin, is_fake, source, system, family)


def _capped(listed: Iterator[tuple[Path, Voice]], most: int) -> Iterator[tuple[Path, Voice]]:
    """At most so many clips of a synthetic system, by a drawn order of file names that a page's systems share."""
    taken: dict[tuple[str, str], int] = {}

    def order(entry: tuple[Path, Voice]) -> bytes:
        return hashlib.sha256(f"{entry[1].page}/{Path(entry[1].path).stem}".encode()).digest()

    for path, voice in sorted(listed, key=order):
        key = (voice.page, voice.system)
        if voice.is_fake and taken.get(key, 0) >= most:
            continue
        taken[key] = taken.get(key, 0) + 1
        yield path, voice


def _rows(folder: Path) -> Iterator[dict[str, str]]:
    with (folder / "manifest.csv").open(newline="") as handle:
        yield from csv.DictReader(handle)


def assign_folds(voices: tuple[Voice, ...], folds: int = FOLDS) -> npt.NDArray[np.int64]:
    """Fold of every clip: whole pages, each where `DEALT` has it.

    Others are dealt, largest first, each to the fold that it balances best in both classes; the sources of `voices`
    among themselves, so that every fold has its share of them.
    """
    dealt = {page: fold % folds for page, fold in read_dealt().items()}
    found: dict[str, int] = {}
    for old in (True, False):
        sizes: dict[str, npt.NDArray[np.float64]] = {}
        for voice in voices:
            if voice.is_old is old:
                sizes.setdefault(voice.page, np.zeros(2))[int(voice.is_fake)] += 1
        totals = np.zeros((folds, 2))
        for page, counts in sorted(sizes.items(), key=lambda item: (item[0] not in dealt, -item[1].sum(), item[0])):
            after = [((totals + np.eye(folds)[:, [fold]] * counts) ** 2).sum() for fold in range(folds)]
            found[page] = dealt.get(page, int(np.argmin(after)))
            totals[found[page]] += counts
    return np.array([found[voice.page] for voice in voices])


@cache
def read_dealt() -> dict[str, int]:
    return {str(page): int(fold) for page, fold in json.loads(DEALT.read_text()).items()}
