"""`python -m training.language.curve`: what the adaptive assessment costs and buys, against plans of a fixed budget.

Each recording is observed once at a dense grid of frames. A plan is then played over these observations: it sees the
frames that it pays for and no others. Long recordings are clips joined end to end, one of them fake or none, also
observed frame by frame; the joint itself is not encoded anew.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Final

from agents.analysis.assessment import assess
from agents.analysis.planner import decide
from core.settings import LimitSettings, SamplingSettings
from core.types import MediaInfo, Outcome, Plan, PlanInputs, Scored, TimeRange, VisualEvidence, VisualObservations
from detectors.faces.detector import FaceManipulationDetector, load_visual_detector
from detectors.fusion import weigh
from detectors.media.reading import load

GRID_FRAMES: Final = 64
"""Observed of each clip: what a plan may choose from."""
FIXED: Final = (4, 8, 16, 32, 64, 96)
SPLICES: Final = 24
PIECES: Final = 6
HEADING: Final = "| plan | frames | right | left open | wrong | AUC |\n|---|---|---|---|---|---|"


@dataclass(frozen=True, slots=True)
class Recording:
    """A clip, or several joined, and all that can be seen of it."""

    name: str
    info: MediaInfo
    is_fake: bool
    seen: VisualObservations


@dataclass(frozen=True, slots=True)
class Played:
    """How a plan fared with one recording."""

    frames: int
    p_fake: float | None
    outcome: Outcome


def observe(folder: Path, detector: FaceManipulationDetector, cache: Path) -> tuple[Recording, ...]:
    """Every labelled clip at the dense grid; what was observed by these weights before is read back."""
    cache.mkdir(parents=True, exist_ok=True)
    found = []
    with (folder / "manifest.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    for row in rows:
        kept = cache / f"{row['sha256'][:16]}-{detector.version}-{GRID_FRAMES}.json"
        if not kept.exists():
            media = load(folder / row["path"], LimitSettings(), frame_budget=GRID_FRAMES)
            seen = detector.observe(media)
            kept.write_text(json.dumps([media.info.model_dump(mode="json"), seen.model_dump(mode="json")]))
        info, seen_again = json.loads(kept.read_text())
        found.append(
            Recording(
                row["path"],
                MediaInfo.model_validate(info),
                row["label"] == "fake",
                VisualObservations.model_validate(seen_again),
            )
        )
    return tuple(found)


def splices(clips: Sequence[Recording], seed: int = 7) -> Iterator[Recording]:
    """Long recordings, by turns all real and with one fake clip among the real ones."""
    chance = random.Random(seed)
    real = [clip for clip in clips if not clip.is_fake]
    fake = [clip for clip in clips if clip.is_fake]
    for number in range(SPLICES):
        pieces = [chance.choice(real) for _ in range(PIECES)]
        if number % 2:
            pieces[chance.randrange(PIECES)] = fake[number // 2 % len(fake)]
        yield joined(f"splice-{number:02d}", pieces)


def joined(name: str, pieces: Sequence[Recording]) -> Recording:
    start_s, shifted = 0.0, []
    for piece in pieces:
        faces = tuple(
            face.model_copy(update={"time_s": face.time_s + start_s, "frame_index": face.frame_index})
            for face in piece.seen.faces
        )
        times = tuple(time + start_s for time in piece.seen.frame_times_s)
        shifted.append(VisualObservations(faces=faces, frame_times_s=times))
        start_s += piece.info.duration_s
    info = pieces[0].info.model_copy(update={"duration_s": start_s})
    return Recording(name, info, any(piece.is_fake for piece in pieces), reduce(VisualObservations.merged, shifted))


def among(recording: Recording, budget: int, span: TimeRange, known: frozenset[float]) -> frozenset[float]:
    """At most so many further frames of the grid within the span, evenly spread."""
    times = [t for t in recording.seen.frame_times_s if span.start_s <= t <= span.end_s and t not in known]
    if len(times) > budget:
        times = [times[(2 * number + 1) * len(times) // (2 * budget)] for number in range(budget)]
    return frozenset(times)


def evidence_of(detector: FaceManipulationDetector, recording: Recording, times: frozenset[float]) -> VisualEvidence:
    seen = VisualObservations(
        faces=tuple(face for face in recording.seen.faces if face.time_s in times), frame_times_s=tuple(sorted(times))
    )
    return detector.interpret(recording.info, seen)


def played(detector: FaceManipulationDetector, recording: Recording, budget: int | None) -> Played:
    """A fixed plan of so many frames, or with None the service's own plan and assessment."""
    whole = TimeRange(start_s=0.0, end_s=recording.info.duration_s)
    if budget is not None:
        times = among(recording, budget, whole, frozenset())
        return _result(evidence_of(detector, recording, times), len(times))
    plan = _plan(recording.info)
    times = among(recording, plan.first_look or plan.frame_budget, whole, frozenset())
    added = 0
    while True:
        evidence = evidence_of(detector, recording, times)
        found = assess(recording.info, plan, (evidence,), weigh((evidence,)), looked=len(times) - added, added=added)
        if found.again is None:
            return _result(evidence, len(times))
        fresh = among(recording, found.budget, found.again, times)
        if not fresh:
            return _result(evidence, len(times))
        added += len(fresh) if found.is_denser else 0
        times |= fresh


def _plan(info: MediaInfo) -> Plan:
    inputs = PlanInputs(
        instruction="",
        media_kind=info.kind,
        has_video=True,
        has_audio=False,
        duration_s=info.duration_s,
        usual_frames=SamplingSettings().frame_budget,
        usual_further_frames=SamplingSettings().dense_frame_budget,
    )
    return decide(inputs, None).plan


def _result(evidence: VisualEvidence, frames: int) -> Played:
    verdict = weigh((evidence,))
    p_fake = evidence.finding.p_fake if isinstance(evidence.finding, Scored) else None
    return Played(frames, p_fake, verdict.outcome)


def table(detector: FaceManipulationDetector, recordings: Sequence[Recording]) -> Iterator[tuple[str, list[Played]]]:
    for budget in (*FIXED, None):
        name = "adaptive" if budget is None else f"fixed {budget}"
        yield name, [played(detector, recording, budget) for recording in recordings]


def told(name: str, results: Sequence[Played], recordings: Sequence[Recording]) -> str:
    frames = sum(each.frames for each in results) / len(results)
    called = [(each.outcome, recording.is_fake) for each, recording in zip(results, recordings, strict=True)]
    right = sum(outcome is (Outcome.FAKE if is_fake else Outcome.REAL) for outcome, is_fake in called)
    wrong = sum(outcome is (Outcome.REAL if is_fake else Outcome.FAKE) for outcome, is_fake in called)
    fakes = [each.p_fake for each, r in zip(results, recordings, strict=True) if r.is_fake and each.p_fake is not None]
    reals = [
        each.p_fake for each, r in zip(results, recordings, strict=True) if not r.is_fake and each.p_fake is not None
    ]
    pairs = [(fake > real) + (fake == real) / 2 for fake in fakes for real in reals]
    auc = sum(pairs) / len(pairs) if pairs else float("nan")
    open_ = len(results) - right - wrong
    return f"| {name} | {frames:.1f} | {right} | {open_} | {wrong} | {auc:.2f} |"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.language.curve", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--cache", type=Path, default=Path("out/curve"), help="what was observed is kept here")
    arguments = parser.parse_args()
    detector = load_visual_detector()
    clips = observe(arguments.data / "videos", detector, arguments.cache)
    for title, recordings in (("clips", clips), ("long recordings", tuple(splices(clips)))):
        print(f"\n{len(recordings)} {title}\n\n{HEADING}")
        for name, results in table(detector, recordings):
            print(told(name, results, recordings))


if __name__ == "__main__":
    main()
