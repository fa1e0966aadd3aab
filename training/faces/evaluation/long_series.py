"""`python -m training.faces.evaluation.long_series`: how often is an honest hour called manipulated, by its faces?

Hours are drawn from the scores of honest clips of sources that neither face model was fitted to: shots of clips,
looked at in two passes by the rules of the service, each look a face of the shot's clip at random. Each minute of a
shot drifts a little. Into every second one 20 s of a forged clip are laid that alone is called manipulated.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from agents.analysis.assessment import assess
from agents.analysis.planner import decide
from core.media import frames_for
from core.types import (
    Box,
    FaceObservation,
    MediaInfo,
    MediaKind,
    Outcome,
    PlanInputs,
    Scored,
    TimeRange,
    VisualEvidence,
    VisualObservations,
)
from detectors.faces.detector import FaceManipulationDetector, load_visual_detector
from detectors.faces.tracking import follow
from detectors.faces.witnesses import FRAMES_A_FACE, MOST_OF_LONG, choose_faces
from detectors.fusion import weigh
from training.data.faces import read_faces
from training.faces.data.held_out import trained_origins
from training.faces.evaluation.by_source import Evaluation
from training.faces.tokens.features import AS_FILED, read_tokens
from training.long_recordings import is_located

Clip = npt.NDArray[np.float64]
"""(N, 2): what the network and the second model say of its faces."""

HOUR_S: Final = 3600.0
FORGED_S: Final = 20.0
USUAL_FRAMES: Final = 32
LEAST_FACES: Final = 4
MINUTE_S: Final = 60.0
DRIFT: Final = np.array([0.33, 0.08])
"""Standard deviation from one minute of a shot to the next, of both models: 0.4 of that of faces within a clip."""
SHOTS: Final = (1, 2, 5, 20)


@dataclass(slots=True)
class Recording:
    """One hour: shots of clips one after the other, and where a forged clip is laid, if one is."""

    clips: Sequence[Clip]
    rng: np.random.Generator
    forged: Clip | None = None
    forged_at: TimeRange = field(init=False)
    _cuts: npt.NDArray[np.float64] = field(init=False)
    _views: list[int] = field(init=False)
    _boxes: list[Box] = field(init=False)
    _drift: dict[tuple[int, int], npt.NDArray[np.float64]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rng, count = self.rng, len(self.clips)
        self._cuts = np.sort(rng.uniform(0, HOUR_S, count - 1))
        self._views = [int(rng.integers(2**63)) for _ in self.clips]
        self._boxes = [
            Box(x_px=rng.integers(500), y_px=rng.integers(200), width_px=width, height_px=width)
            for width in rng.integers(60, 160, count)
        ]
        start_s = float(rng.uniform(0, HOUR_S - FORGED_S))
        self.forged_at = TimeRange(start_s=start_s, end_s=start_s + FORGED_S)

    def look(self, number: int, time_s: float) -> tuple[FaceObservation, float]:
        """A face at this time, and what the second model would say of it."""
        shot = int(np.searchsorted(self._cuts, time_s))
        is_forged = self.forged is not None and self.forged_at.start_s <= time_s < self.forged_at.end_s
        clip = self.forged if self.forged is not None and is_forged else self.clips[shot]
        minute = (shot, int(time_s // MINUTE_S))
        if minute not in self._drift:
            self._drift[minute] = DRIFT * self.rng.normal()
        network, second = clip[self.rng.integers(len(clip))] + self._drift[minute]
        seen = FaceObservation(
            frame_index=number,
            time_s=time_s,
            box=self._boxes[shot],
            logit=float(network + self.rng.normal(0, 0.05)),
            quality=float(self.rng.uniform(0.8, 1)),
            view=self._views[shot] ^ (1 << int(self.rng.integers(60))),
        )
        return seen, float(second)

    def observe(self, times_s: Sequence[float], first: int) -> VisualObservations:
        """One batch of frames; the second model sees as many of its faces as in the service."""
        looked = [self.look(first + place, time_s) for place, time_s in enumerate(times_s)]
        faces, told = [each for each, _ in looked], {each.frame_index: second for each, second in looked}
        most = max(MOST_OF_LONG, len(times_s) // FRAMES_A_FACE)
        chosen = {each.frame_index for each in choose_faces(follow(faces, times_s), most, of_long=True)}
        return VisualObservations(
            faces=tuple(
                each.model_copy(update={"token_logit": told[each.frame_index]}) if each.frame_index in chosen else each
                for each in faces
            ),
            frame_times_s=tuple(times_s),
        )


def examine(recording: Recording, detector: FaceManipulationDetector) -> VisualEvidence:
    """Both passes over one hour, by the rules of the service."""
    count = frames_for(HOUR_S, USUAL_FRAMES)
    info = _info(HOUR_S)
    inputs = PlanInputs(
        instruction="", media_kind=info.kind, has_video=True, has_audio=False, duration_s=HOUR_S, usual_frames=count
    )
    plan, added = decide(inputs, None).plan, 0
    seen = recording.observe(_spread(TimeRange(start_s=0, end_s=HOUR_S), count), 0)
    while True:
        evidence = detector.interpret(info, seen)
        asked = assess(info, plan, [evidence], weigh([evidence]), looked=plan.frame_budget, added=added)
        if asked.again is None or not asked.is_denser:
            return evidence
        # The same stretch may be asked for twice; the service does not take the same frames again.
        within = [time_s + 0.3 * (added > 0) for time_s in _spread(asked.again, asked.budget)]
        seen = seen.merged(recording.observe(within, len(seen.frame_times_s)))
        added += asked.budget


def _spread(span: TimeRange, count: int) -> list[float]:
    width_s = (span.end_s - span.start_s) / count
    return [span.start_s + (place + 0.5) * width_s for place in range(count)]


def read_clips(evaluation: Evaluation, tokens: npt.NDArray[np.float32]) -> tuple[list[Clip], list[Clip]]:
    """Honest and forged clips of at least `LEAST_FACES` faces; those as filed and those through the chain apart."""
    members: dict[tuple[str, str, bool, bool], list[list[float]]] = {}
    for index in np.flatnonzero(evaluation.scored & np.isfinite(tokens)):
        row = evaluation.rows[evaluation.table.rows[index]]
        key = (row.dataset, row.video, bool(evaluation.table.draws[index] == AS_FILED), row.is_fake)
        members.setdefault(key, []).append([float(evaluation.table.logits[index]), float(tokens[index])])
    clips = {key: np.array(faces) for key, faces in members.items() if len(faces) >= LEAST_FACES}
    honest, forged = ([clip for key, clip in clips.items() if key[-1] is is_fake] for is_fake in (False, True))
    return honest, forged


def is_called(evidence: VisualEvidence) -> bool:
    return isinstance(evidence.finding, Scored) and evidence.finding.outcome is Outcome.FAKE


def is_called_alone(clip: Clip, detector: FaceManipulationDetector) -> bool:
    box = Box(x_px=0, y_px=0, width_px=90, height_px=90)
    faces = tuple(
        FaceObservation(frame_index=place, time_s=place, box=box, logit=network, quality=1, token_logit=second)
        for place, (network, second) in enumerate(clip)
    )
    seen = VisualObservations(faces=faces, frame_times_s=tuple(each.time_s for each in faces))
    return is_called(detector.interpret(_info(len(clip)), seen))


def _info(duration_s: float) -> MediaInfo:
    return MediaInfo(
        kind=MediaKind.VIDEO,
        container="mp4",
        size_bytes=1,
        sha256="0" * 64,
        duration_s=duration_s,
        has_video=True,
        has_audio=False,
    )


@dataclass(slots=True)
class Tally:
    """Of hours of so many shots: trials, those with a clip that is called alone, and how many were called."""

    shots: int
    honest: int = 0
    with_called: int = 0
    called: int = 0
    called_without: int = 0
    forged: int = 0
    found: int = 0
    located: int = 0


def try_hours(
    shots: int, honest: Sequence[Clip], forged: Sequence[Clip], detector: FaceManipulationDetector, trials: int
) -> Tally:
    """Honest hours; and, where no clip of them is called alone, every second one with 20 s of a forged clip besides."""
    rng, tally = np.random.default_rng(shots), Tally(shots)
    alone = [is_called_alone(clip, detector) for clip in honest]
    for trial in range(trials):
        picked = rng.integers(len(honest), size=shots)
        clips, holds_called = [honest[each] for each in picked], any(alone[each] for each in picked)
        called = is_called(examine(Recording(clips, rng), detector))
        tally.honest += 1
        tally.with_called += holds_called
        tally.called += called
        tally.called_without += called and not holds_called
        if trial % 2 == 0 and not holds_called and forged:
            recording = Recording(clips, rng, forged[int(rng.integers(len(forged)))])
            evidence, place = examine(recording, detector), recording.forged_at
            found = is_called(evidence)
            marked = [(each.start_s, each.end_s) for each in evidence.segments]
            tally.forged += 1
            tally.found += found
            tally.located += found and is_located(marked, place.start_s, place.end_s)
    return tally


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that training.data built")
    parser.add_argument(
        "--tokens", type=Path, nargs="+", required=True, help="folders that training.faces.tokens.features wrote"
    )
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"))
    parser.add_argument("--logits", type=Path, required=True, help="left-out logits that by_source kept")
    parser.add_argument("--trials", type=int, default=250)
    arguments = parser.parse_args()
    rows, _ = read_faces(arguments.data)
    evaluation = Evaluation(rows, read_tokens(rows, *arguments.tokens), trained_origins(arguments.shared, rows))
    with np.load(arguments.logits) as stored:
        honest, forged = read_clips(evaluation, stored["left_out"])
    detector = load_visual_detector(device="cpu", threads=1)
    clear = [clip for clip in forged if is_called_alone(clip, detector)]
    print(f"{len(honest)} honest clips; {len(clear)} of {len(forged)} forged ones are called alone", flush=True)
    for shots in SHOTS:
        print(json.dumps(asdict(try_hours(shots, honest, clear, detector, arguments.trials))), flush=True)


if __name__ == "__main__":
    main()
