"""What may have happened to a recording on its way: one drawn chain for both classes.

A chain follows from its random generator alone, not from the clip, so that copies of one utterance can be sent down the
same way: then only what a system left behind tells them apart.

Source: rooms, lines and coders; non-linear convolution and impulses after RawBoost (Tak et al. 2022).
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from training.voice.sound.augmentation import companded, impulsive
from training.voice.sound.synthesis import codec_round_trip

Samples = npt.NDArray[np.float32]
RATE_HZ: Final = 16_000
NOISES: Final = 48
_NOISE_SAMPLES: Final = 6 * RATE_HZ


def distort(window: Samples, rng: np.random.Generator) -> Samples:
    """One chain over one window of any length. Level is kept roughly; features do not hear it."""
    signal: npt.NDArray[np.floating] = _filtered(window, rng)
    if rng.random() < 0.5:
        signal = signal + _noise(len(signal), rng) * _rms(signal) * 10 ** (-rng.uniform(8, 40) / 20)
    if rng.random() < 0.15:
        signal = _bent(np.asarray(signal, np.float32), rng)
    if rng.random() < 0.1:
        signal = impulsive(np.asarray(signal, np.float32), rng)
    draw = rng.random()
    if draw < 0.06:
        peak = float(np.abs(signal).max()) * rng.uniform(0.2, 0.7)
        signal = np.clip(signal, -peak, peak)
    elif draw < 0.12:
        signal = companded(np.asarray(signal, np.float32))
    elif draw < 0.17:
        step = float(np.abs(signal).max()) / 2 ** rng.uniform(6, 10)
        signal = np.round(signal / step) * step
    if rng.random() < 0.2:
        level = 0.5 / (float(np.abs(signal).max()) + 1e-9)
        signal = codec_round_trip(np.asarray(signal * level, np.float32), rng)
    return np.asarray(signal, np.float32)


def _filtered(window: Samples, rng: np.random.Generator) -> Samples:
    """Microphone, room and band limits, in one multiplication of spectra."""
    size = 1 << (len(window) + RATE_HZ // 2).bit_length()
    hertz = np.fft.rfftfreq(size, 1 / RATE_HZ)
    gain_db = np.zeros(len(hertz))
    if rng.random() < 0.5:
        gain_db += np.interp(hertz, np.linspace(0, 8000, 9), rng.normal(0, rng.uniform(1, 6), 9))
    if rng.random() < 0.35:
        edge, width = rng.uniform(3400, 7800), rng.uniform(60, 900)
        gain_db -= np.clip((hertz - edge) / width, 0, 1) * rng.uniform(30, 70)
    if rng.random() < 0.15:
        edge = rng.uniform(150, 350)
        gain_db -= np.clip((edge - hertz) / 100, 0, 1) * 40
    response = 10 ** (gain_db / 20) + 0j
    if rng.random() < 0.25:
        length = int(rng.uniform(0.08, 0.45) * RATE_HZ)
        tail = rng.standard_normal(length) * np.exp(-6.9 * np.arange(length) / length)
        tail *= rng.uniform(0.05, 0.5) / (np.sqrt((tail**2).sum()) + 1e-9)
        tail[0] = 1.0
        response = response * np.fft.rfft(tail, size)
    if not np.any(response != 1):
        return window
    return np.asarray(np.fft.irfft(np.fft.rfft(window, size) * response, size)[: len(window)], np.float32)


def _bent(signal: Samples, rng: np.random.Generator) -> Samples:
    """A loudspeaker's or an amplifier's second and third harmonics."""
    unit = signal / (float(np.abs(signal).max()) + 1e-9)
    second, third = rng.uniform(-0.3, 0.3), rng.uniform(-0.4, 0.4)
    return np.asarray(unit + second * unit**2 + third * unit**3, np.float32)


def _noise(length: int, rng: np.random.Generator) -> Samples:
    """Unit-power noise, cut from a few that were made once."""
    bank = _noises()
    start = int(rng.integers(0, _NOISE_SAMPLES - length))
    piece = bank[int(rng.integers(NOISES)), start : start + length]
    return np.asarray(piece / (_rms(piece) + 1e-9), np.float32)


@cache
def _noises() -> npt.NDArray[np.float32]:
    """(NOISES, samples): colours from white to red, some swelling, some with hum."""
    rng = np.random.default_rng(41)
    made = []
    for number in range(NOISES):
        spectrum = np.fft.rfft(rng.standard_normal(_NOISE_SAMPLES))
        spectrum *= (np.arange(len(spectrum)) + 50.0) ** -rng.uniform(-0.1, 0.9)
        sound = np.fft.irfft(spectrum, _NOISE_SAMPLES)
        sound /= sound.std()
        if number % 3 == 0:
            knots = np.exp(rng.normal(0, 0.7, 24))
            sound *= np.interp(np.linspace(0, 23, _NOISE_SAMPLES), np.arange(24), knots)
        if number % 6 == 0:
            sound += np.sin(2 * np.pi * rng.choice([50, 60]) * np.arange(_NOISE_SAMPLES) / RATE_HZ)
        made.append(sound)
    return np.asarray(made, np.float32)


def _rms(signal: Samples) -> float:
    return float(np.sqrt(np.mean(signal**2))) + 1e-9
