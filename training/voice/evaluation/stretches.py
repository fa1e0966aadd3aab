"""`python -m training.voice.evaluation.stretches --data ../shared/data`: short synthetic stretches in long recordings.

Honest clips of one speaker of `DATA/voices` are joined to recordings of three minutes, with synthetic clips of the same
speaker laid over a stretch of them at a drawn place: once as they are, once after a drawn chain of distortions. Each
recording is read as it is served, where windows overlap only around what stands out, and with windows that all overlap.
Conversations of two speakers of one source tell whether voices are told apart as often.
Limits: the models learnt from these clips, so that the counts say less than their differences.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from core.media import SPEECH_RATE_HZ, LocalMedia, Waveform
from core.types import MediaInfo, MediaKind, Outcome, Scored
from detectors.voice.detector import Heard, Placed, VoiceSynthesisDetector, load_audio_detector
from detectors.voice.features import WINDOW_SAMPLES
from training.voice.data.bank import Samples, read_clip
from training.voice.data.dataset import read_manifest
from training.voice.sound.chain import distort

LENGTH_S: Final = 180
STRETCHES_S: Final = (3, 5, 8, 15)
DRAWN: Final = 2
"""Places of a stretch of each length in each recording."""
EDGE_S: Final = 10
"""Of a recording, where no stretch begins or ends."""
PAUSES_S: Final = (0.05, 0.6)
PAUSE_LEVEL: Final = 1e-4
TURNS_S: Final = (4.0, 20.0)
"""Of a conversation."""
LEAST_HONEST: Final = 6
LEAST_SYNTHETIC: Final = 4
NEAR_S: Final = 3.0
"""A mark so near a stretch is of it."""


@dataclass(frozen=True, slots=True)
class Recording:
    """kind: in words. forged_s: from when to when it is synthetic, if anywhere."""

    kind: str
    samples: Samples
    forged_s: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """What became of one recording. is_elsewhere: whether a stretch is marked that is honest."""

    outcome: Outcome
    is_marked: bool
    is_elsewhere: bool
    voices: int
    windows: int


class Remembering(VoiceSynthesisDetector):
    """The detector, which hears no window twice. overlaps: whether all windows overlap, as in short recordings."""

    overlaps = False

    def hear(self, samples: Samples, placed: Sequence[Placed]) -> list[Heard]:
        known: dict[bytes, Heard] = self.__dict__.setdefault("known", {})
        keys = {each: samples[each.start : each.start + WINDOW_SAMPLES].tobytes() for each in placed}
        new = [each for each in placed if keys[each] not in known]
        known |= zip([keys[each] for each in new], super().hear(samples, new), strict=True)
        heard = []
        for each in placed:
            start_s = each.start / SPEECH_RATE_HZ
            told = {"start_s": start_s, "end_s": start_s + WINDOW_SAMPLES / SPEECH_RATE_HZ, "speech_s": each.speech_s}
            found = known[keys[each]]
            heard.append(Heard(found.seen.model_copy(update=told), found.place))
        return heard

    def _windows(self, samples: Samples, placed: Sequence[Placed]) -> list[Heard]:
        return self.hear(samples, placed) if self.overlaps else super()._windows(samples, placed)


def join(clips: Sequence[Path], seconds: float, rng: np.random.Generator, chain: Sequence[int] | None) -> Samples:
    """Clips in a drawn order with short pauses. chain: seed of the one chain of distortions that all go through."""
    wanted, parts = round(seconds * SPEECH_RATE_HZ), [np.zeros(0, np.float32)]
    while sum(map(len, parts)) < wanted:
        for place in rng.permutation(len(clips)):
            pause = PAUSE_LEVEL * rng.standard_normal(round(rng.uniform(*PAUSES_S) * SPEECH_RATE_HZ))
            clip = np.concatenate([read_clip(clips[place]), pause.astype(np.float32)])
            parts.append(clip if chain is None else distort(clip, np.random.default_rng(chain)))
    return np.concatenate(parts)[:wanted]


def make_recordings(
    number: int, honest: Sequence[Path], synthetic: Sequence[Path], other: Sequence[Path]
) -> Iterator[Recording]:
    """Of one speaker. other: honest clips of another one of the same source, if any."""
    for name, chain in (("", None), (", distorted", (number, 5))):
        rng = np.random.default_rng([number, chain is not None])
        base = join(honest, LENGTH_S, rng, chain)
        yield Recording(f"honest{name}", base)
        for seconds in STRETCHES_S if len(synthetic) >= LEAST_SYNTHETIC else ():
            for _ in range(DRAWN):
                forged = join(synthetic, seconds, rng, chain)
                start_s = float(rng.uniform(EDGE_S, LENGTH_S - EDGE_S - seconds))
                samples, first = base.copy(), round(start_s * SPEECH_RATE_HZ)
                samples[first : first + len(forged)] = forged
                yield Recording(f"{seconds} s synthetic{name}", samples, (start_s, start_s + seconds))
        if other:
            samples, at, is_other = base.copy(), 0, False
            beside = join(other, LENGTH_S, rng, chain)
            while at < len(samples):
                turn = round(rng.uniform(*TURNS_S) * SPEECH_RATE_HZ)
                if is_other:
                    samples[at : at + turn] = beside[at : at + turn]
                at, is_other = at + turn, not is_other
            yield Recording(f"two voices{name}", samples)


def read(detector: Remembering, recording: Recording) -> Read:
    info = MediaInfo(
        kind=MediaKind.AUDIO,
        container="wav",
        size_bytes=1,
        sha256="0" * 64,
        duration_s=LENGTH_S,
        has_video=False,
        has_audio=True,
    )
    media = LocalMedia(info=info, waveform=Waveform(recording.samples, SPEECH_RATE_HZ))
    observed = detector._heard(media, is_measured=False)
    evidence = detector.interpret(info, observed)
    if not isinstance(evidence.finding, Scored) or evidence.finding.outcome is None:
        raise SystemExit("A recording of speech was not scored.")
    start_s, end_s = recording.forged_s or (0.0, -2 * NEAR_S)
    spans = [(each.start_s, each.end_s) for each in evidence.segments]
    return Read(
        outcome=evidence.finding.outcome,
        is_marked=any(first < end_s and last > start_s for first, last in spans),
        is_elsewhere=any(first >= end_s + NEAR_S or last <= start_s - NEAR_S for first, last in spans),
        voices=max(1, len(evidence.voices)),
        windows=len(observed.windows),
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.voice.evaluation.stretches", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds voices/")
    parser.add_argument("--every", type=int, default=5, help="of so many speakers one is taken")
    given = parser.parse_args()
    clips: dict[tuple[str, str, bool], list[Path]] = defaultdict(list)
    for row in read_manifest(given.data / "voices"):
        clips[row.source, row.speaker, row.is_fake].append(given.data / "voices" / row.path)
    speakers = sorted(
        (source, speaker)
        for (source, speaker, is_fake), own in clips.items()
        if not is_fake and len(own) >= LEAST_HONEST and "unknown" not in speaker
    )
    detector = load_audio_detector(threads=2)
    detector.__class__ = Remembering
    assert isinstance(detector, Remembering)
    found: dict[str, list[tuple[Read, Read]]] = defaultdict(list)
    for number, key in enumerate(speakers[:: given.every]):
        others = [other for other in speakers if other[0] == key[0] and other != key]
        other = clips[*others[number % len(others)], False] if others else []
        for recording in make_recordings(number, clips[*key, False], clips[*key, True], other):
            detector.overlaps = True
            overlapping = read(detector, recording)
            detector.overlaps = False
            found[recording.kind].append((overlapping, read(detector, recording)))
        detector.__dict__.pop("known", None)
        print(*key, flush=True)
    print("\n| recordings | windows | called | open | no evidence | marked | elsewhere | voices told apart | heard |")
    print("|---|---|---:|---:|---:|---:|---:|---:|---:|")
    for kind, pairs in found.items():
        for name, each in (("all overlap", [pair[0] for pair in pairs]), ("as served", [pair[1] for pair in pairs])):
            counts = Counter(one.outcome for one in each)
            outcomes = " | ".join(
                str(counts[outcome]) for outcome in (Outcome.FAKE, Outcome.INCONCLUSIVE, Outcome.REAL)
            )
            marked, elsewhere = sum(one.is_marked for one in each), sum(one.is_elsewhere for one in each)
            apart, heard = sum(one.voices > 1 for one in each), np.mean([one.windows for one in each])
            print(f"| {len(each)} {kind} | {name} | {outcomes} | {marked} | {elsewhere} | {apart} | {heard:.0f} |")


if __name__ == "__main__":
    main()
