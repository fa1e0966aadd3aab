"""How often one voice is split, two are told apart, and what that does to verdicts.

    python -m training.voice.speakers.evaluation --data ../shared/data --pool DIR --cache DIR --network NAME \
        --encoder NAME …

Rows of windows, and with `--recordings` recordings with pauses, are put together from honest clips of one page, and
examined by directions that were fitted without that page and without its speakers elsewhere. Verdicts are read from
the logits of left-out clips, three seconds of each. Writes `speakers.json` and `speakers.md` in `docs/evaluation`, and
the card of the weights.

Limits: put together, not recorded; speakers are those that file names tell.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from core.media import SPEECH_RATE_HZ
from core.types import Outcome, Scored, SpeechObservation
from detectors.calibration import WitnessFusion
from detectors.voice.detector import place_windows
from detectors.voice.encoder import WEIGHTS as ENCODER_WEIGHTS
from detectors.voice.encoder import mel_bands
from detectors.voice.features import WINDOW_S, WINDOW_SAMPLES, fill_window
from detectors.voice.several import judge_voices, pooled
from detectors.voice.speakers import CLIP, LEAST_LOG_ODDS, LEAST_WINDOWS, VoiceDirections
from detectors.voice.speech import find_speech
from training.metrics import auc, eer
from training.voice.data.bank import read_clip
from training.voice.data.pool import assign_folds, list_voices
from training.voice.heads.together import left_out
from training.voice.speakers.fitting import fit_folds
from training.voice.speakers.material import Voices, read_voices_apart
from training.voice.speakers.pages import DOCS, write_pages

ACTED: Final = "emodb"
"""Ten actors in seven moods each: not one way of speaking."""
PAUSE_S: Final = (0.2, 0.6)
FLOOR: Final = 1e-4
LEAST_CLIPS: Final = 4
MOST_CLIPS: Final = 14
RECORDINGS: Final = 120
"""Of one voice and of two; half as many of the other cases."""
ROWS: Final = 400
VERDICTS: Final = 2000
TURN: Final = (1, 4)
"""Clips that somebody speaks in a row."""

Speaker = tuple[str, str]
Samples = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Clips:
    """Rows of the bank by page and speaker, and what belongs to each row."""

    voices: Voices
    rows: dict[Speaker, npt.NDArray[np.int64]]
    fold_of: npt.NDArray[np.int64]
    directions: dict[int, VoiceDirections]
    paths: dict[int, Path]

    def pages(self, least: int, *, acted: bool = False) -> dict[str, list[Speaker]]:
        found: dict[str, list[Speaker]] = {}
        for each in self.rows:
            if (each[0] == ACTED) is acted:
                found.setdefault(each[0], []).append(each)
        return {page: speakers for page, speakers in found.items() if len(speakers) >= least}

    def draw(self, speaker: Speaker, rng: np.random.Generator, most: int = MOST_CLIPS) -> list[int]:
        own = rng.permutation(self.rows[speaker])
        return [int(row) for row in own[: int(rng.integers(LEAST_CLIPS, most + 1))]]


def collect(voices: Voices, data: Path, pool: Path) -> Clips:
    places = {voice: path for path, voice in list_voices(data, pool)}
    rows: dict[Speaker, list[int]] = {}
    for row in voices.honest:
        if voices.speakers[row]:
            rows.setdefault((voices.voices[row].page, voices.speakers[row]), []).append(int(row))
    kept = {speaker: np.array(own) for speaker, own in rows.items() if len(own) >= LEAST_CLIPS}
    paths = {int(row): places[voices.voices[row]] for own in kept.values() for row in own}
    return Clips(voices, kept, assign_folds(voices.voices), dict(fit_folds(voices)), paths)


# --------------------------------------------------------------------------------------------- single windows


def compare_pairs(clips: Clips) -> dict[str, float]:
    """Cosine of single windows of two clips, of one speaker against two of a page; left-out directions."""
    labels: list[npt.NDArray[np.int64]] = []
    scores: list[npt.NDArray[np.float32]] = []
    rng = np.random.default_rng(1)
    for page in sorted({page for page, _ in clips.rows}):
        own = [(row, speaker) for speaker, rows in clips.rows.items() if speaker[0] == page for row in rows]
        if len({speaker for _, speaker in own}) < 2:
            continue
        own = [own[each] for each in rng.permutation(len(own))[:120]]
        rows = np.array([row for row, _ in own])
        directions = clips.directions[int(clips.fold_of[rows[0]])]
        points = _place(directions, clips.voices.clean[rows]) * np.sqrt(directions.spread / (1 + directions.spread))
        points /= np.linalg.norm(points, axis=1, keepdims=True)
        same = np.array([[one == other for _, other in own] for _, one in own])
        upper = np.triu_indices(len(own), 1)
        for label in (0, 1):
            found = (points @ points.T)[upper][same[upper] == label]
            found = rng.choice(found, min(len(found), 600), replace=False)
            scores.append(found)
            labels.append(np.full(len(found), label))
    told, truth = np.concatenate(scores), np.concatenate(labels)
    return {"auc": round(float(auc(truth, told)), 3), "eer": round(float(eer(truth, told)), 3), "pairs": len(told)}


def _place(directions: VoiceDirections, statistics: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    standard = np.clip((statistics - directions.mean) / directions.scale, -CLIP, CLIP)
    return np.asarray(standard @ directions.directions)


# ----------------------------------------------------------------------------------------------- rows of windows


def group(clips: Clips, count: int, *, acted: bool = False, changed: bool = False) -> dict[str, Any]:
    """First windows of clips one after the other, of so many speakers of a page, as they are told apart.

    Args:
        changed: the second half of the clips, each after a drawn chain of distortions.
    """
    pages = clips.pages(count, acted=acted)
    rng, names = np.random.default_rng([count, int(acted), int(changed)]), sorted(pages)
    place_of = {int(row): place for place, row in enumerate(clips.voices.honest)}
    found: list[tuple[int, float]] = []
    for _ in range(ROWS):
        own = pages[names[int(rng.integers(len(names)))]]
        speakers = [own[each] for each in rng.permutation(len(own))[:count]]
        turns = take_turns(clips, speakers, rng)
        rows = [row for row, _ in turns]
        statistics = clips.voices.clean[rows].copy()
        if changed:
            half = len(rows) // 2
            statistics[half:] = clips.voices.distorted[[place_of[row] for row in rows[half:]]]
        directions = clips.directions[int(clips.fold_of[rows[0]])]
        starts = (np.arange(len(rows)) * WINDOW_S).tolist()
        told = directions.tell_apart(_place(directions, statistics), starts)
        table = np.zeros((max(told), count))
        for voice, (_, speaker) in zip(told, turns, strict=True):
            table[voice - 1, speakers.index(speaker)] += 1
        found.append((max(told), float(table.max(axis=1).sum() / table.sum())))
    purities = [purity for voices, purity in found if voices > 1]
    return {
        "rows": len(found),
        "pages": len(names),
        "several": round(len(purities) / len(found), 3),
        "exactly": round(float(np.mean([voices == count for voices, _ in found])), 3),
        "purity": round(float(np.mean(purities)), 3) if purities else None,
    }


# -------------------------------------------------------------------------------------------------- recordings


@dataclass(frozen=True, slots=True)
class Heard:
    """A recording as it was told apart. purity: share of windows whose voice is mostly their speaker's."""

    seconds: float
    voices: int
    purity: float


def hear(clips: Clips, turns: Sequence[tuple[int, Speaker]], rng: np.random.Generator) -> Heard | None:
    """Put a recording together and tell its voices apart; None without enough windows."""
    parts, owners = [], []
    order = sorted({speaker for _, speaker in turns})
    for row, speaker in turns:
        sound = read_clip(clips.paths[row])
        pause = rng.normal(0, FLOOR, round(float(rng.uniform(*PAUSE_S)) * SPEECH_RATE_HZ)).astype(np.float32)
        parts += [sound, pause]
        owners += [np.full(len(sound), order.index(speaker)), np.full(len(pause), -1)]
    samples, owner = np.concatenate(parts), np.concatenate(owners)
    placed = place_windows(find_speech(samples), len(samples))
    if len(placed) < 2 * LEAST_WINDOWS:
        return None
    windows = np.stack([fill_window(samples[each.start : each.start + WINDOW_SAMPLES]) for each in placed])
    directions = clips.directions[int(clips.fold_of[turns[0][0]])]
    told = directions.tell_apart(directions.place(mel_bands(windows)), [each.start / SPEECH_RATE_HZ for each in placed])
    truth = [
        int(np.bincount(owner[each.start : each.start + WINDOW_SAMPLES] + 1, minlength=len(order) + 1)[1:].argmax())
        for each in placed
    ]
    table = np.zeros((max(told), len(order)))
    for voice, place in zip(told, truth, strict=True):
        table[voice - 1, place] += 1
    return Heard(len(samples) / SPEECH_RATE_HZ, max(told), float(table.max(axis=1).sum() / table.sum()))


def take_turns(
    clips: Clips, speakers: Sequence[Speaker], rng: np.random.Generator, most: int = MOST_CLIPS
) -> list[tuple[int, Speaker]]:
    """Clips of each in turn, so many at a time, until all are spoken."""
    left = [(speaker, clips.draw(speaker, rng, most)) for speaker in speakers]
    found: list[tuple[int, Speaker]] = []
    while any(rows for _, rows in left):
        for speaker, rows in left:
            for _ in range(min(len(rows), int(rng.integers(TURN[0], TURN[1] + 1)))):
                found.append((rows.pop(), speaker))
    return found


def listen(clips: Clips, count: int, recordings: int, *, acted: bool = False) -> dict[str, Any]:
    """So many recordings of so many speakers of a page, pages alike."""
    pages = clips.pages(count, acted=acted)
    rng = np.random.default_rng([count, int(acted)])
    names = sorted(pages)
    found: list[Heard] = []
    for _ in range(recordings):
        own = pages[names[int(rng.integers(len(names)))]]
        speakers = [own[each] for each in rng.permutation(len(own))[:count]]
        heard = hear(clips, take_turns(clips, speakers, rng, MOST_CLIPS if count < 3 else 8), rng)
        if heard is not None:
            found.append(heard)
    several = [each for each in found if each.voices > 1]
    return {
        "recordings": len(found),
        "pages": len(names),
        "seconds": [round(float(each), 1) for each in np.quantile([each.seconds for each in found], (0.05, 0.5, 0.95))],
        "several": round(len(several) / len(found), 3),
        "exactly": round(float(np.mean([each.voices == count for each in found])), 3),
        "purity": round(float(np.mean([each.purity for each in several])), 3) if several else None,
        "purity_above_nine_tenths": round(float(np.mean([each.purity >= 0.9 for each in several])), 3)
        if several
        else None,
    }


# ---------------------------------------------------------------------------------------------------- verdicts


def judge(clips: Clips, logits: npt.NDArray[np.float64], fusion: WitnessFusion) -> dict[str, dict[str, float]]:
    """What single windows of left-out clips, one after the other, are called: as one sound, and with voices apart."""
    rng = np.random.default_rng(7)
    voices = clips.voices
    fakes: dict[tuple[str, str], list[int]] = {}
    for row, voice in enumerate(voices.voices):
        if voice.is_fake and np.isfinite(logits[row]) and voices.clean[row].any():
            fakes.setdefault((voice.page, voice.system), []).append(row)
    systems = {key: rows for key, rows in sorted(fakes.items()) if len(rows) >= LEAST_CLIPS + 2}
    honest = {key: [int(row) for row in rows if np.isfinite(logits[row])] for key, rows in sorted(clips.rows.items())}
    honest = {key: rows for key, rows in honest.items() if len(rows) >= LEAST_CLIPS}
    by_page: dict[str, list[Speaker]] = {}
    for key in honest:
        by_page.setdefault(key[0], []).append(key)

    def speaker(_: int = 0, page: str | None = None) -> list[int]:
        names = by_page[page or sorted(by_page)[int(rng.integers(len(by_page)))]]
        rows = honest[names[int(rng.integers(len(names)))]]
        return [int(row) for row in rng.permutation(rows)[: int(rng.integers(LEAST_CLIPS, 13))]]

    def synthetic(pages: Sequence[str] | None = None) -> list[int]:
        keys = [key for key in systems if pages is None or key[0] in pages]
        rows = systems[keys[int(rng.integers(len(keys)))]]
        return [int(row) for row in rng.permutation(rows)[: int(rng.integers(LEAST_CLIPS, 13))]]

    def alternating(one: list[int], other: list[int], turn: int) -> list[int]:
        found: list[int] = []
        while one or other:
            found += [*one[:turn], *other[:turn]]
            one, other = one[turn:], other[turn:]
        return found

    both = sorted(set(by_page) & {page for page, _ in systems})

    def mixed(turn: int) -> list[int]:
        made = synthetic(both)
        return alternating(made, speaker(page=voices.voices[made[0]].page), turn)

    def two_honest() -> list[int]:
        pages = [page for page, names in sorted(by_page.items()) if len(names) > 1]
        page = pages[int(rng.integers(len(pages)))]
        one, other = (honest[by_page[page][int(each)]] for each in rng.permutation(len(by_page[page]))[:2])
        drawn = [[int(row) for row in rng.permutation(rows)[: int(rng.integers(4, 13))]] for rows in (one, other)]
        return alternating(drawn[0], drawn[1], 3)

    cases: dict[str, Callable[[], list[int]]] = {
        "one honest voice": speaker,
        "two honest voices": two_honest,
        "one synthetic voice": synthetic,
        "synthetic and honest, turns of 3 s": lambda: mixed(1),
        "synthetic and honest, turns of 6 s": lambda: mixed(2),
        "synthetic and honest, turns of 12 s": lambda: mixed(4),
    }
    return {name: _judge_case(clips, make, logits, fusion) for name, make in cases.items()}


def _judge_case(
    clips: Clips, make: Callable[[], list[int]], logits: npt.NDArray[np.float64], fusion: WitnessFusion
) -> dict[str, float]:
    names = ("several", "fake_before", "fake", "real_before", "real")
    counts = dict.fromkeys(names, 0)
    for _ in range(VERDICTS):
        rows = np.array(make())
        directions = clips.directions[int(clips.fold_of[rows[0]])]
        starts = (np.arange(len(rows)) * WINDOW_S).tolist()
        told = directions.tell_apart(_place(directions, clips.voices.clean[rows]), starts)
        heard = [
            SpeechObservation(
                start_s=start, end_s=start + WINDOW_S, speech_s=2.5, logit=float(logits[row]), voice=voice
            )
            for start, row, voice in zip(starts, rows, told, strict=True)
        ]
        own = [each.logit for each in heard]
        whole = pooled(heard, own, fusion.calibration)
        judged = judge_voices(heard, own, fusion.calibration, whole)
        before = fusion.calibration.outcome(whole.p_fake)
        assert isinstance(judged.finding, Scored)
        counts["several"] += len(judged.voices) > 1
        counts["fake_before"] += before is Outcome.FAKE
        counts["real_before"] += before is Outcome.REAL
        counts["fake"] += judged.finding.outcome is Outcome.FAKE
        counts["real"] += judged.finding.outcome is Outcome.REAL
    return {name: round(count / VERDICTS, 4) for name, count in counts.items()}


# ------------------------------------------------------------------------------------------------------- pages


def left_out_logits(
    cache: Path, network: str, encoders: Sequence[str], fusion: WitnessFusion
) -> npt.NDArray[np.float64]:
    """(N,) of clips as they are, by models that heard nothing of their page; NaN where there is none."""
    with np.load(cache / f"{network}.npz") as saved:
        own = saved["logits"][0]
    other = left_out(cache, encoders, len(own))[0][0]
    return np.asarray(fusion.network * own + fusion.second * other, np.float64)


def measure(
    clips: Clips, logits: npt.NDArray[np.float64], fusion: WitnessFusion, *, recordings: bool
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "least_log_odds": LEAST_LOG_ODDS,
        "clips": len(clips.voices.honest),
        "speakers": len(clips.rows),
        "pairs": compare_pairs(clips),
        "windows": {
            "one": group(clips, 1),
            "one, changed": group(clips, 1, changed=True),
            "one, acted moods": group(clips, 1, acted=True),
            "two": group(clips, 2),
            "three": group(clips, 3),
        },
        "verdicts": judge(clips, logits, fusion),
    }
    if not recordings:
        return found
    found["recordings"] = {
        "one": listen(clips, 1, RECORDINGS),
        "two": listen(clips, 2, RECORDINGS),
        "three": listen(clips, 3, RECORDINGS // 2),
        "one, acted moods": listen(clips, 1, RECORDINGS // 2, acted=True),
    }
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pool", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--network", required=True, help="the run of the network's head")
    parser.add_argument("--encoder", nargs="+", required=True, help="the second model's runs that left pages out")
    parser.add_argument("--recordings", action="store_true", help="put recordings together from sound as well")
    arguments = parser.parse_args()
    clips = collect(read_voices_apart(arguments.cache, arguments.data), arguments.data, arguments.pool)
    fusion = WitnessFusion.read(ENCODER_WEIGHTS / "fusion.json")
    logits = left_out_logits(arguments.cache, arguments.network, arguments.encoder, fusion)
    figures = measure(clips, logits, fusion, recordings=arguments.recordings)
    (DOCS / "speakers.json").write_text(json.dumps(figures, indent=1) + "\n")
    write_pages(figures)


if __name__ == "__main__":
    main()
