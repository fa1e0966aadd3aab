"""`python -m training.language.reserve`: what the modality that a plan holds in reserve costs and buys.

Each labelled clip's picture is paired with voices, honest and synthetic, of three joined clips of one speaker; the pair
is manipulated if either part is. Asked about one part alone, the plan examines that part, or the other too where the
first settles nothing, or both from the start. The voices are of sources that the detector was fitted to: what is
measured is the plan, not the detector.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import soundfile

from agents.analysis.planner import decide
from agents.analysis.reserve import widen
from core.settings import LimitSettings
from core.types import AudioEvidence, Evidence, MediaKind, Modality, Outcome, Plan, PlanInputs, VisualEvidence
from detectors.faces.detector import load_visual_detector
from detectors.fusion import weigh
from detectors.media.reading import load
from detectors.voice.detector import VoiceSynthesisDetector, load_audio_detector
from training.language.curve import Recording, observe

VOICES: Final = 6
"""Of each class."""
JOINED: Final = 3
"""Clips of 3 s to a voice, so that there is speech enough to stand on."""
ASKED: Final = {Modality.VISUAL: "is the face swapped?", Modality.AUDIO: "is the voice cloned?"}
HEADING: Final = "| asked about | plan | parts examined | right | left open | wrong |\n|---|---|---|---|---|---|"


def voices(folder: Path, detector: VoiceSynthesisDetector) -> Iterator[tuple[bool, AudioEvidence]]:
    """Whether it is synthetic, and what the detector makes of it; one voice a source, the same ones every time."""
    of_voice: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    with (folder / "manifest.csv").open(newline="") as lines:
        for row in csv.DictReader(lines):
            of_voice[row["label"], row["source"], row["system"], row["speaker"]].append(row["path"])
    long = [key for key, paths in of_voice.items() if len(paths) >= JOINED]
    long.sort(key=lambda key: hashlib.sha256("/".join(key).encode()).digest())
    taken: dict[str, set[str]] = {"real": set(), "fake": set()}
    with tempfile.TemporaryDirectory() as scratch:
        for key in long:
            label, source = key[0], key[1]
            if len(taken[label]) == VOICES or source in taken[label]:
                continue
            taken[label].add(source)
            read = [soundfile.read(folder / path, dtype="float32") for path in sorted(of_voice[key])[:JOINED]]
            path = Path(scratch) / f"{label}-{len(taken[label])}.wav"
            soundfile.write(path, np.concatenate([samples for samples, _ in read]), read[0][1])
            yield label == "fake", detector.detect(load(path, LimitSettings(), frame_budget=1))


def played(plan: Plan, parts: dict[Modality, Evidence], policy: str) -> tuple[int, Outcome]:
    """How many parts a policy examines, and to what it comes."""
    if policy == "both at once":
        return 2, weigh(tuple(parts.values())).outcome
    first = tuple(parts[path] for path in plan.paths)
    if policy == "with the reserve" and widen(plan, first) is not None:
        return 2, weigh(tuple(parts.values())).outcome
    return 1, weigh(first).outcome


def _plan(asked: Modality, clip: Recording) -> Plan:
    inputs = PlanInputs(
        instruction=ASKED[asked],
        media_kind=MediaKind.VIDEO,
        has_video=True,
        has_audio=True,
        duration_s=clip.info.duration_s,
    )
    return decide(inputs, None).plan


def told(asked: Modality, policy: str, pairs: Sequence[tuple[Plan, dict[Modality, Evidence], bool]]) -> str:
    tally: Counter[str] = Counter()
    for plan, parts, is_fake in pairs:
        examined, outcome = played(plan, parts, policy)
        tally["parts"] += examined
        if outcome not in (Outcome.FAKE, Outcome.REAL):
            tally["open"] += 1
        else:
            tally["right" if (outcome is Outcome.FAKE) is is_fake else "wrong"] += 1
    parts_each = f"{tally['parts'] / len(pairs):.2f}"
    return f"| {asked} | {policy} | {parts_each} | {tally['right']} | {tally['open']} | {tally['wrong']} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--cache", type=Path, default=Path("out/curve"), help="what was observed is kept here")
    arguments = parser.parse_args()
    seer = load_visual_detector()
    clips = observe(arguments.data / "videos", seer, arguments.cache)
    heard = tuple(voices(arguments.data / "voices", load_audio_detector()))
    seen: list[VisualEvidence] = [seer.interpret(clip.info, clip.seen) for clip in clips]
    print(f"{len(clips)} pictures by {len(heard)} voices\n\n{HEADING}")
    for asked in Modality:
        pairs: list[tuple[Plan, dict[Modality, Evidence], bool]] = [
            (_plan(asked, clip), {Modality.VISUAL: picture, Modality.AUDIO: voice}, clip.is_fake or is_fake)
            for clip, picture in zip(clips, seen, strict=True)
            for is_fake, voice in heard
        ]
        for policy in ("that part alone", "with the reserve", "both at once"):
            print(told(asked, policy, pairs))


if __name__ == "__main__":
    main()
