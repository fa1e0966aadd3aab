"""`python -m training.faces.evaluation.goes --clips FOLDER`: what further goes of frames are worth in short recordings.

Every face of every clip in FOLDER/real and FOLDER/fake is scored by both models. Recordings of half a minute to two are
drawn from these scores: one clip's faces at four looks a second, honest or forged throughout, or honest with a stretch
of a forged clip. The rules of the service are played over them, with the pictures that it shows.
Limits: looks at a clip are drawn at random from 32 frames, so that a recording has no shots and no drift.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from agents.analysis.assessment import assess
from agents.analysis.planner import decide
from core.media import RgbImage
from core.settings import LimitSettings, SamplingSettings
from core.types import (
    FaceObservation,
    MediaInfo,
    Outcome,
    Plan,
    PlanInputs,
    TimeRange,
    VisualEvidence,
    VisualObservations,
)
from detectors.faces.detector import FaceManipulationDetector, load_visual_detector
from detectors.faces.tokens import GRID, Floats, TokenScores
from detectors.faces.witnesses import SecondWitness
from detectors.fusion import weigh
from detectors.media.reading import load

STEP_S: Final = 0.25
FRAMES: Final = 32
LEAST_FACES: Final = 16
LENGTHS_S: Final = (30, 60, 110)
SHARES: Final = (1 / 8, 1 / 4, 1 / 2, 2 / 3)
"""Of a recording that is forged in part."""
DRAWN: Final = 60
"""Recordings of a kind."""

Look = tuple[FaceObservation, ...]


@dataclass(frozen=True, slots=True)
class Clip:
    """Faces of one person, each with what both models say."""

    info: MediaInfo
    faces: Look


@dataclass(frozen=True, slots=True)
class Recording:
    """Looks at one face, `STEP_S` apart; forged: where, if anywhere."""

    info: MediaInfo
    looks: Look
    forged: TimeRange | None = None

    def choose(self, budget: int, span: TimeRange, known: frozenset[int]) -> list[int]:
        """Numbers of at most so many further looks in the span, evenly spread."""
        inside = [
            each.frame_index
            for each in self.looks
            if span.start_s <= each.time_s <= span.end_s and each.frame_index not in known
        ]
        if len(inside) <= budget:
            return inside
        return [inside[(2 * number + 1) * len(inside) // (2 * budget)] for number in range(budget)]

    def observe(
        self, second: SecondWitness, chosen: Sequence[int], earlier: VisualObservations | None = None
    ) -> VisualObservations:
        """One go of frames: the second model is shown the pictures that it is shown in service."""
        looks = [self.looks[number].model_copy(update={"token_logit": None}) for number in chosen]
        kept = {id(look): np.array(self.looks[number].token_logit) for look, number in zip(looks, chosen, strict=True)}
        times = tuple(each.time_s for each in looks)
        faces = second.tell(looks, times, kept, of_long=False, earlier=earlier)
        return VisualObservations(faces=faces, frame_times_s=times)


@dataclass(frozen=True, slots=True)
class Played:
    """What became of one recording. pictures: that the second model saw. is_marked: whether a stretch of it is shown
    that is forged."""

    outcome: Outcome
    frames: int
    pictures: int
    is_marked: bool


class _Told:
    """Stands for the second model where a picture is what it said of it."""

    def score(self, told: Floats) -> TokenScores:
        return TokenScores(told, np.zeros((len(told), GRID, GRID), np.float32), np.zeros(len(told), np.float32))


class _Everything:
    """Stands for the second model and is shown every face."""

    def __init__(self, detector: FaceManipulationDetector) -> None:
        self._second = _second(detector)

    def tell(
        self,
        observations: Sequence[FaceObservation],
        _times_s: Sequence[float],
        larger: Mapping[int, RgbImage],
        **_: bool,
    ) -> Look:
        scored = self._second.model.score(np.stack([larger[id(each)] for each in observations]))
        return tuple(
            each.model_copy(update={"token_logit": float(logit), "geometry": None})
            for each, logit in zip(observations, scored.logits, strict=True)
        )


def read_clips(folder: Path, cache: Path) -> list[Clip]:
    """The clips of a folder that show a face nearly throughout; what was scored by these weights is read back."""
    detector, found = load_visual_detector(), []
    detector._second = _Everything(detector)  # type: ignore[assignment]
    cache.mkdir(parents=True, exist_ok=True)
    for path in sorted(folder.iterdir()):
        kept = cache / f"{folder.name}-{path.stem}.json"
        if not kept.exists():
            media = load(path, LimitSettings(), frame_budget=FRAMES)
            seen = detector.observe(media)
            kept.write_text(json.dumps([media.info.model_dump(mode="json"), seen.model_dump(mode="json")]))
        info, seen_again = json.loads(kept.read_text())
        largest: dict[float, FaceObservation] = {}
        for face in VisualObservations.model_validate(seen_again).faces:
            if face.time_s not in largest or face.box.width_px > largest[face.time_s].box.width_px:
                largest[face.time_s] = face
        if len(largest) >= LEAST_FACES:
            found.append(Clip(MediaInfo.model_validate(info), tuple(largest.values())))
    return found


def draw(
    rng: np.random.Generator, clip: Clip, length_s: float, forged: Clip | None = None, share: float = 0
) -> Recording:
    """A recording of one clip, with a share of it forged by another."""
    start_s = float(rng.uniform(0, length_s * (1 - share)))
    span = TimeRange(start_s=start_s, end_s=start_s + share * length_s)
    box, looks = clip.faces[0].box, []
    for number, time_s in enumerate(np.arange(0, length_s, STEP_S).tolist()):
        source = forged if forged is not None and span.start_s <= time_s < span.end_s else clip
        face = source.faces[int(rng.integers(len(source.faces)))]
        looks.append(face.model_copy(update={"frame_index": number, "time_s": time_s, "box": box}))
    info = clip.info.model_copy(update={"duration_s": length_s, "has_audio": False})
    return Recording(info, tuple(looks), None if forged is None else span)


def play(detector: FaceManipulationDetector, recording: Recording, *, is_patient: bool) -> Played:
    """The service's course over a recording. is_patient: two further goes wherever it stays open."""
    info = recording.info
    plan, whole = _plan(info, is_patient=is_patient), TimeRange(start_s=0, end_s=info.duration_s)
    planned = recording.choose(plan.frame_budget, whole, frozenset())
    known, added = frozenset(planned[::2]), 0
    second = replace(_second(detector), model=_Told())  # type: ignore[arg-type]
    seen = recording.observe(second, sorted(known))
    while True:
        evidence = detector.interpret(info, seen)
        verdict = weigh((evidence,))
        asked = assess(info, plan, (evidence,), verdict, looked=len(known) - added, added=added)
        chosen = []
        if asked.again is not None:
            is_rest = not asked.is_denser
            chosen = (
                [n for n in planned if n not in known]
                if is_rest
                else recording.choose(asked.budget, asked.again, known)
            )
        if not chosen:
            pictures = sum(each.token_logit is not None for each in seen.faces)
            return Played(verdict.outcome, len(known), pictures, _is_marked(evidence, recording.forged))
        added += asked.budget if asked.is_denser else 0
        known |= frozenset(chosen)
        seen = seen.merged(recording.observe(second, chosen, seen))


def _second(detector: FaceManipulationDetector) -> SecondWitness:
    if detector._second is None:
        raise SystemExit("The detector was loaded without its second model.")
    return detector._second


def _plan(info: MediaInfo, *, is_patient: bool) -> Plan:
    sampling = SamplingSettings()
    inputs = PlanInputs(
        instruction="",
        media_kind=info.kind,
        has_video=True,
        has_audio=False,
        duration_s=info.duration_s,
        usual_frames=sampling.frame_budget,
        usual_further_frames=sampling.dense_frame_budget,
    )
    plan = decide(inputs, None).plan
    return plan.model_copy(update={"effort": "thorough"}) if is_patient else plan


def _is_marked(evidence: VisualEvidence, forged: TimeRange | None) -> bool:
    return forged is not None and any(
        each.start_s < forged.end_s and each.end_s > forged.start_s for each in evidence.segments
    )


def kinds(
    rng: np.random.Generator, honest: Sequence[Clip], forged: Sequence[Clip], lengths_s: Sequence[int] = LENGTHS_S
) -> Iterator[tuple[str, list[Recording]]]:
    """Recordings of each kind, by what a reader calls it."""

    def one(clips: Sequence[Clip]) -> Clip:
        return clips[int(rng.integers(len(clips)))]

    for length_s in lengths_s:
        yield f"{length_s} s, honest", [draw(rng, one(honest), length_s) for _ in range(DRAWN)]
        yield f"{length_s} s, forged", [draw(rng, one(forged), length_s) for _ in range(DRAWN)]
        for share in SHARES:
            name = f"{length_s} s, {round(share * length_s)} s of them forged"
            yield name, [draw(rng, one(honest), length_s, one(forged), share) for _ in range(DRAWN)]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.faces.evaluation.goes", description=__doc__)
    parser.add_argument("--clips", type=Path, required=True, help="folder with clips of one face in real/ and fake/")
    parser.add_argument("--cache", type=Path, default=Path("out/goes"), help="what was scored is kept here")
    parser.add_argument("--lengths", type=int, nargs="+", default=LENGTHS_S, help="of recordings, in seconds")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    detector = load_visual_detector()
    honest, forged = (read_clips(arguments.clips / name, arguments.cache) for name in ("real", "fake"))
    print(f"{len(honest)} honest and {len(forged)} forged clips\n")
    print("| recordings | rule | called | open | no evidence | marked | frames | pictures |")
    print("|---|---|---:|---:|---:|---:|---:|---:|")
    for name, recordings in kinds(np.random.default_rng(arguments.seed), honest, forged, arguments.lengths):
        for rule, is_patient in (("two further goes", True), ("as shipped", False)):
            played = [play(detector, each, is_patient=is_patient) for each in recordings]
            counts = Counter(each.outcome for each in played)
            outcomes = " | ".join(str(counts[each]) for each in (Outcome.FAKE, Outcome.INCONCLUSIVE, Outcome.REAL))
            marked, frames = sum(each.is_marked for each in played), np.mean([each.frames for each in played])
            pictures = np.mean([each.pictures for each in played])
            print(f"| {name} | {rule} | {outcomes} | {marked} | {frames:.1f} | {pictures:.1f} |", flush=True)


if __name__ == "__main__":
    main()
