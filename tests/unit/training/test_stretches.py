"""Recordings with a synthetic stretch, and the detector that hears no window twice."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import soundfile

from core.media import SPEECH_RATE_HZ
from core.types import SpeechObservation
from detectors.voice.detector import Heard, Placed, VoiceSynthesisDetector
from training.voice.evaluation import stretches
from training.voice.evaluation.stretches import Remembering, make_recordings


def clips(folder: Path, name: str, level: float) -> list[Path]:
    rng = np.random.default_rng(4)
    paths = [folder / f"{name}-{number}.flac" for number in range(4)]
    for path in paths:
        soundfile.write(path, level * rng.uniform(-1, 1, 3 * SPEECH_RATE_HZ), SPEECH_RATE_HZ)
    return paths


def test_a_recording_is_synthetic_where_it_says_and_nowhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(stretches, "LENGTH_S", 40)
    honest, synthetic, other = (clips(tmp_path, name, level) for name, level in (("a", 0.1), ("b", 0.9), ("c", 0.3)))
    first, *rest = islice(make_recordings(1, honest, synthetic, other), 10)
    assert (first.kind, first.forged_s) == ("honest", None)
    assert [each.kind for each in rest] == [*[f"{n} s synthetic" for n in (3, 3, 5, 5, 8, 8, 15, 15)], "two voices"]
    for each in rest[:-1]:
        changed = np.flatnonzero(each.samples != first.samples) / SPEECH_RATE_HZ
        assert each.forged_s == pytest.approx((changed[0], changed[-1]), abs=0.01)
        assert stretches.EDGE_S <= changed[0] <= changed[-1] <= 40 - stretches.EDGE_S
    assert 0.2 < np.mean(rest[-1].samples != first.samples) < 0.8


def test_no_window_is_heard_twice_and_each_is_told_where_it_lies(monkeypatch: pytest.MonkeyPatch):
    asked: list[int] = []

    def hear(_: VoiceSynthesisDetector, samples: np.ndarray, placed: list[Placed]) -> list[Heard]:
        asked.extend(each.start for each in placed)
        return [
            Heard(SpeechObservation(start_s=0, end_s=3, speech_s=3, logit=samples[each.start]), None) for each in placed
        ]

    monkeypatch.setattr(VoiceSynthesisDetector, "hear", hear)
    samples = np.repeat(np.arange(4, dtype=np.float32), 3 * SPEECH_RATE_HZ)
    detector = Remembering.__new__(Remembering)
    placed = [Placed(start * SPEECH_RATE_HZ, 2.0) for start in (0, 3, 6)]
    for _ in range(2):
        heard = detector.hear(samples, placed)
        assert [(each.seen.start_s, each.seen.end_s, each.seen.logit) for each in heard] == [
            (0, 3, 0),
            (3, 6, 1),
            (6, 9, 2),
        ]
        assert {each.seen.speech_s for each in heard} == {2.0}
    assert asked == [each.start for each in placed]
