"""Augmentation of waveforms that both classes go through alike."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.signal import fftconvolve, resample_poly

from detectors.voice.features import WINDOW_SAMPLES, fill_window
from training.voice.sound.synthesis import codec_round_trip

Samples = npt.NDArray[np.float32]
RATE_HZ: Final = 16_000


def augment(clip: Samples, length: int, rng: np.random.Generator) -> Samples:
    """One drawn distortion of one clip, a full window long.

    Args:
        clip: (48000,) float32, valid up to `length`.
    """
    voiced = clip[:length]
    if length > RATE_HZ * 1.6 and rng.random() < 0.5:
        kept = int(rng.uniform(1.5, length / RATE_HZ) * RATE_HZ)
        start = int(rng.integers(0, length - kept + 1))
        voiced = voiced[start : start + kept]
    signal = np.roll(fill_window(voiced), int(rng.integers(WINDOW_SAMPLES)) if rng.random() < 0.3 else 0)
    if rng.random() < 0.5:
        signal = equalised(signal, rng)
    if rng.random() < 0.2:
        signal = reverberant(signal, rng)
    if rng.random() < 0.2:
        signal = band_limited(signal, rng)
    if rng.random() < 0.55:
        signal = signal + noise(len(signal), rng) * _rms(signal) * 10 ** (-rng.uniform(5, 40) / 20)
    if rng.random() < 0.15:
        signal = impulsive(signal, rng)
    if rng.random() < 0.1:
        signal = np.clip(signal, -1, 1) if rng.random() < 0.3 else companded(signal)
    if rng.random() < 0.1:
        lead = int(rng.uniform(0.05, 0.5) * RATE_HZ)
        signal = np.concatenate([rng.standard_normal(lead).astype(np.float32) * _rms(signal) * 0.003, signal[:-lead]])
    if rng.random() < 0.3:
        signal = codec_round_trip(signal.astype(np.float32), rng)
    return np.asarray(signal, np.float32)


def equalised(signal: Samples, rng: np.random.Generator) -> Samples:
    """A random smooth frequency response of up to 12 dB: microphones, rooms, equalisers."""
    knots = rng.normal(0, rng.uniform(1, 6), 8)
    response = np.interp(np.linspace(0, 7, 257), np.arange(8), knots)
    impulse = np.fft.irfft(10 ** (response / 20), 512)
    impulse = np.roll(impulse, 128)[:256] * np.hanning(256)
    return np.asarray(fftconvolve(signal, impulse, "same"), np.float32)


def reverberant(signal: Samples, rng: np.random.Generator) -> Samples:
    """Exponentially decaying noise as a room."""
    length = int(rng.uniform(0.08, 0.5) * RATE_HZ)
    tail = rng.standard_normal(length) * np.exp(-6.9 * np.arange(length) / length)
    tail *= rng.uniform(0.05, 0.5) / (np.sqrt((tail**2).sum()) + 1e-9)
    tail[0] = 1.0
    return np.asarray(fftconvolve(signal, tail)[: len(signal)], np.float32)


def band_limited(signal: Samples, rng: np.random.Generator) -> Samples:
    """Telephone band, or a lower sampling rate that was raised again."""
    if rng.random() < 0.4:
        down = resample_poly(signal, 1, 2)
        return np.asarray(resample_poly(down, 2, 1)[: len(signal)], np.float32)
    up, down_by = ((3, 4), (11, 16), (5, 8))[int(rng.integers(3))]
    lowered = resample_poly(signal, up, down_by)
    raised = resample_poly(lowered, down_by, up)
    return fill_window(np.asarray(raised, np.float32))


def noise(length: int, rng: np.random.Generator) -> Samples:
    """Unit-power noise of a random colour, sometimes with mains hum."""
    white = rng.standard_normal(length)
    colour = rng.uniform(-0.2, 1.2)
    spectrum = np.fft.rfft(white)
    spectrum *= (np.arange(len(spectrum)) + 8.0) ** -(colour / 2 + 0.0)
    coloured = np.fft.irfft(spectrum, length)
    if rng.random() < 0.15:
        mains = rng.choice([50, 60])
        coloured = coloured / (coloured.std() + 1e-9) + np.sin(2 * np.pi * mains * np.arange(length) / RATE_HZ)
    return np.asarray(coloured / (coloured.std() + 1e-9), np.float32)


def impulsive(signal: Samples, rng: np.random.Generator) -> Samples:
    """Signal-dependent impulses at random instants (after RawBoost, Tak et al. 2022)."""
    count = int(rng.uniform(0.0005, 0.01) * len(signal))
    where = rng.integers(0, len(signal), count)
    hit = signal.copy()
    hit[where] *= (1 + rng.standard_normal(count) * rng.uniform(0.3, 1.5)).astype(np.float32)
    return hit


def companded(signal: Samples) -> Samples:
    """Mu-law with eight bits, as telephony has it."""
    peak = float(np.abs(signal).max()) + 1e-9
    scaled = np.sign(signal) * np.log1p(255 * np.abs(signal) / peak) / np.log(256)
    coded = np.round(scaled * 127) / 127
    return np.asarray(np.sign(coded) * np.expm1(np.abs(coded) * np.log(256)) / 255 * peak, np.float32)


def mask_features(features: npt.NDArray[np.float32], rng: np.random.Generator) -> None:
    """SpecAugment in place. features: (FRAMES, BINS, 1)."""
    frames, bins, _ = features.shape
    if rng.random() < 0.5:
        width = int(rng.integers(1, bins // 6))
        start = int(rng.integers(0, bins - width))
        features[:, start : start + width] = features.mean()
    if rng.random() < 0.5:
        width = int(rng.integers(1, frames // 6))
        start = int(rng.integers(0, frames - width))
        features[start : start + width] = features.mean()


def _rms(signal: Samples) -> float:
    return float(np.sqrt(np.mean(signal**2))) + 1e-9
