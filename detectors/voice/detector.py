"""Is the voice synthetic: spoken, cloned or converted by a program?

Claim: a high p_fake means that the fine structure of the spectrum looks as vocoders and synthesis leave it.
Source: a small ReLU network trained by `training/voice` (`weights/audio/card.md`), heard together with a second voice
model (`detectors/voice/encoder.py`); the cards hold data, terms, digests and figures.
Limits: single words, singing, heavy noise and narrow bands weaken it; cuts and re-ordered words are not seen at all.
Loudness, duration and bandwidth above 7 kHz reach neither model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from core.errors import Defect
from core.media import SPEECH_RATE_HZ, LocalMedia, Waveform, is_long
from core.types import (
    AudioCoverage,
    AudioEvidence,
    AudioObservations,
    AudioSegment,
    AudioWindow,
    MediaInfo,
    Modality,
    ModelRef,
    Outcome,
    Reason,
    ReasonCode,
    Scored,
    SpeechObservation,
    TimeRange,
    Unscored,
    VoiceFinding,
    VoiceModelScore,
)
from detectors.aggregation import pool, stretches
from detectors.calibration import Calibration
from detectors.model_files import file_digest, find_model_file
from detectors.runtime import ModelRuntime, side_by_side
from detectors.trained import TrainedDetector
from detectors.voice.acoustics import beside_usual, measure
from detectors.voice.encoder import SecondVoiceModel, mel_bands
from detectors.voice.features import (
    BINS,
    FRAMES,
    HZ_PER_BIN,
    SECONDS_PER_FRAME,
    WINDOW_S,
    WINDOW_SAMPLES,
    Network,
    fill_window,
    spectrogram,
)
from detectors.voice.several import evened, heard_s, judge_voices, pooled
from detectors.voice.speakers import VoiceDirections
from detectors.voice.speech import find_speech, impairment, speech_within

WEIGHTS: Final = Path(__file__).resolve().parents[1] / "weights" / "audio"
NAME: Final = "audio.voice"
PREPROCESSING: Final = 6
"""Raised when the reading of the sound, speech finding, windowing or the spectrogram change."""
HOP_S: Final = 1.5
LEAST_SPEECH_S: Final = 1.5
"""Of a window, and of a file: with less there is no score."""
ENOUGH_SPEECH_S: Final = 2.5
"""Of a file: with less there is a score but no outcome."""
PASSAGE_GAP_S: Final = 1.0
"""Stretches of speech closer than this are one passage, which windows run through."""
BATCH: Final = 8
"""Windows whose spectrograms are made at once: more do not fit the processor's caches, and threads share them less
evenly."""
BACKGROUND_SEED: Final = 20
BACKGROUND_WINDOWS: Final = 8

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Placed:
    """One window: its first sample, and how much of it is speech."""

    start: int
    speech_s: float


@dataclass(frozen=True, slots=True)
class Heard:
    """What the models make of one window. place: where it lies among voices, (K,); None without such a model."""

    seen: SpeechObservation
    place: Floats | None


class VoiceSynthesisDetector(TrainedDetector[SecondVoiceModel]):
    """Speech, windows, two models, speech-weighted pooling, of each voice and of all.

    Implements `core.ports.AudioDetector` and what the explainers ask of a model of speech.
    """

    def __init__(
        self,
        runtime: Network,
        calibration: Calibration,
        model: ModelRef,
        weights: Path = WEIGHTS,
        second: SecondVoiceModel | None = None,
        voices: VoiceDirections | None = None,
        threads: int = 1,
    ) -> None:
        super().__init__(NAME, PREPROCESSING, calibration, model, weights, second)
        self._runtime, self._voices, self._threads = runtime, voices, threads

    @property
    def models(self) -> tuple[ModelRef, ...]:
        return (*super().models, *(() if self._voices is None else self._voices.models))

    def supports(self, media: MediaInfo) -> Reason | None:
        if media.has_audio:
            return None
        if Modality.AUDIO in media.unreadable:
            return Reason(code=ReasonCode.SOUND_UNREADABLE, message="The file's sound cannot be decoded.")
        return Reason(code=ReasonCode.NO_AUDIO_STREAM, message="The file has no sound to examine.")

    def warm(self) -> None:
        """Load every model, and what compiles when first used, before the first file comes."""
        noise = np.random.default_rng(BACKGROUND_SEED).normal(size=WINDOW_SAMPLES).astype(np.float32)
        self.logits(spectrogram(noise[None]))
        if self._second is not None:
            self._second.logits(mel_bands(noise[None]))
        find_speech(noise)
        measure(noise, [TimeRange(start_s=0.0, end_s=WINDOW_S)])

    def detect(self, media: LocalMedia) -> AudioEvidence:
        """The score, without the acoustic measurements that stand beside it: they take a quarter as long."""
        return self.interpret(media.info, self._heard(media, is_measured=False))

    # ------------------------------------------------------------------------------------------ preprocess, infer

    def observe(self, media: LocalMedia) -> AudioObservations:
        """Speech and the logit of every window that holds enough of it.

        `reason` is set when there are no windows, and also when the windows were scored from poor sound.

        Raises: Defect when the sound is not at 16 kHz.
        """
        return self._heard(media, is_measured=True)

    def _heard(self, media: LocalMedia, *, is_measured: bool) -> AudioObservations:
        waveform = media.waveform
        if waveform is None or len(waveform.samples) == 0:
            return AudioObservations(windows=(), speech_s=0.0, total_s=0.0, reason=self.supports(media.info))
        if waveform.rate_hz != SPEECH_RATE_HZ:
            raise Defect("wrong_sample_rate", "The sound was not prepared at 16 kHz.")
        samples, total_s = np.asarray(waveform.samples, np.float32), waveform.duration_s
        speech = find_speech(samples)
        speech_s = speech_within(speech, 0.0, total_s)
        placed = place_windows(speech, len(samples))
        if not placed:
            return AudioObservations(windows=(), speech_s=speech_s, total_s=total_s, reason=_unheard(speech_s))

        heard = self._windows(samples, placed)
        voices: Sequence[int | None] = [None] * len(heard)
        if self._voices is not None:
            places = [each.place for each in heard if each.place is not None]
            voices = self._voices.tell_apart(np.stack(places), [each.seen.start_s for each in heard])
        poor = impairment(samples, speech)
        return AudioObservations(
            windows=tuple(
                each.seen.model_copy(update={"voice": voice}) for each, voice in zip(heard, voices, strict=True)
            ),
            speech_s=speech_s,
            total_s=total_s,
            reason=Reason(code=ReasonCode.LOW_QUALITY, message=poor) if poor else None,
            acoustics=measure(samples, speech) if is_measured else {},
        )

    def _windows(self, samples: Floats, placed: Sequence[Placed]) -> list[Heard]:
        """Of a long recording first those that cover it, then the others around what a stretch could run through."""
        if not is_long(len(samples) / SPEECH_RATE_HZ):
            return self.hear(samples, placed)
        heard = self.hear(samples, cover(placed))
        calibration, logits = self._told([each.seen for each in heard])
        standing_out = [
            round(each.seen.start_s * SPEECH_RATE_HZ)
            for each, logit in zip(heard, logits, strict=True)
            if calibration.sample.p_fake(logit) >= _leave(calibration)
        ]
        known = {round(each.seen.start_s * SPEECH_RATE_HZ) for each in heard}
        closer = [
            each
            for each in placed
            if each.start not in known and any(abs(each.start - start) < WINDOW_SAMPLES for start in standing_out)
        ]
        return sorted([*heard, *self.hear(samples, closer)], key=lambda each: each.seen.start_s)

    def hear(self, samples: Floats, placed: Sequence[Placed]) -> list[Heard]:
        """What all models make of these windows. samples: (N,) of the whole sound, at 16 kHz."""

        def hear(some: Sequence[Placed]) -> list[Heard]:
            windows = np.stack([fill_window(samples[each.start : each.start + WINDOW_SAMPLES]) for each in some])
            logits, bands = self.logits(spectrogram(windows)).tolist(), mel_bands(windows)
            others = [None] * len(some) if self._second is None else self._second.logits(bands).tolist()
            places = [None] * len(some) if self._voices is None else self._voices.place(bands)
            return [
                Heard(
                    SpeechObservation(
                        start_s=each.start / SPEECH_RATE_HZ,
                        end_s=min(each.start + WINDOW_SAMPLES, len(samples)) / SPEECH_RATE_HZ,
                        speech_s=each.speech_s,
                        logit=logit,
                        encoder_logit=other,
                    ),
                    place,
                )
                for each, logit, other, place in zip(some, logits, others, places, strict=True)
            ]

        batches = [placed[first : first + BATCH] for first in range(0, len(placed), BATCH)]
        return [*chain.from_iterable(side_by_side(hear, batches, self._threads))]

    # ------------------------------------------------------------------------------------------ for explanations

    frame_s: Final = SECONDS_PER_FRAME

    @cached_property
    def band_hz(self) -> Floats:
        """(BINS,): the middle of each band."""
        return (np.arange(BINS) * HZ_PER_BIN).astype(np.float32)

    @cached_property
    def background(self) -> Floats:
        """(B, FRAMES, BINS, 1): steady noise of several colours, what remains when a recording holds no voice.

        Attributions say how the window differs from it. It is made and not recorded: it carries nobody's voice.
        """
        rng = np.random.default_rng(BACKGROUND_SEED)
        spectra = np.fft.rfft(rng.normal(size=(BACKGROUND_WINDOWS, WINDOW_SAMPLES)))
        tilt = np.arange(1, spectra.shape[1] + 1)[None] ** -np.linspace(0, 1, BACKGROUND_WINDOWS)[:, None]
        return spectrogram(np.fft.irfft(spectra * tilt, WINDOW_SAMPLES).astype(np.float32))

    def logits(self, inputs: Floats) -> Floats:
        """(N,) logits of spectrograms (N, FRAMES, BINS, 1), by the runtime that serves."""
        return self._runtime.run(inputs)[0].reshape(len(inputs))

    def planes(self, waveform: Waveform, windows: Sequence[AudioWindow]) -> Floats:
        """(N, FRAMES, BINS, 1): the network's input for windows that this detector reported."""
        starts = [round(window.start_s * SPEECH_RATE_HZ) for window in windows]
        return spectrogram(
            np.stack([fill_window(waveform.samples[start : start + WINDOW_SAMPLES]) for start in starts])
        )

    # ------------------------------------------------------------------------------------------ interpret

    def interpret(self, media: MediaInfo, observations: AudioObservations) -> AudioEvidence:
        coverage = AudioCoverage(total_s=observations.total_s, speech_s=observations.speech_s)
        reason = self.supports(media)
        if reason is None and not observations.windows:
            reason = observations.reason or _unheard(observations.speech_s)
        if reason is not None:
            return AudioEvidence(
                detector=self.reference, finding=Unscored(reason=reason), coverage=coverage, thresholds=self.thresholds
            )
        heard = sorted(observations.windows, key=lambda window: window.start_s)
        calibration, logits = self._told(heard)
        judged = judge_voices(heard, logits, calibration, pooled(heard, logits, calibration))
        limits = _limits(media, observations)
        undecided = any(limit.code in (ReasonCode.LOW_QUALITY, ReasonCode.TOO_LITTLE_SPEECH) for limit in limits)
        windows = tuple(
            AudioWindow(
                start_s=window.start_s,
                end_s=window.end_s,
                p_fake=calibration.sample.p_fake(told),
                speech_s=window.speech_s,
            )
            for window, told in zip(heard, logits, strict=True)
        )
        return AudioEvidence(
            detector=self.reference,
            finding=_withheld(judged.finding) if undecided else judged.finding,
            coverage=coverage,
            windows=windows,
            segments=_segments(windows, calibration),
            thresholds=judged.thresholds,
            acoustics=beside_usual(observations.acoustics),
            witnesses=self._witnesses(heard),
            voices=tuple(_withheld_voice(each) if undecided else each for each in judged.voices),
            limits=(*limits, *judged.limits),
        )

    def _told(self, heard: Sequence[SpeechObservation]) -> tuple[Calibration, list[float]]:
        """A logit a window and what it means: both models' together, or the network's where it heard them alone."""
        others = [each.encoder_logit for each in heard if each.encoder_logit is not None]
        if self._second is None or len(others) < len(heard):
            return self._calibration, [each.logit for each in heard]
        fusion = self._second.fusion
        return fusion.calibration, [
            fusion.network * each.logit + fusion.second * other for each, other in zip(heard, others, strict=True)
        ]

    def _witnesses(self, heard: Sequence[SpeechObservation]) -> tuple[VoiceModelScore, ...]:
        others = [each.encoder_logit for each in heard if each.encoder_logit is not None]
        if self._second is None or len(others) < len(heard):
            return ()
        share = heard_s(heard) / WINDOW_S - 1
        network = self._calibration.between(share).p_fake(pool(*evened(heard, [each.logit for each in heard])))
        encoder = self._second.alone.between(share).p_fake(pool(*evened(heard, others)))
        return (VoiceModelScore(name="network", p_fake=network), VoiceModelScore(name="encoder", p_fake=encoder))


def place_windows(speech: Sequence[TimeRange], samples: int) -> tuple[Placed, ...]:
    """Windows of three seconds that run through each passage of speech, those with enough speech only.

    A passage's last window ends with it, or lies in its middle where one window nearly covers it. No window reaches
    past the sound unless the sound is shorter than one.
    """
    passages: list[tuple[float, float]] = []
    for each in speech:
        if passages and each.start_s - passages[-1][1] < PASSAGE_GAP_S:
            passages[-1] = (passages[-1][0], each.end_s)
        else:
            passages.append((each.start_s, each.end_s))
    latest = samples - WINDOW_SAMPLES
    starts: set[int] = set()
    for start_s, end_s in passages:
        last_s = max(start_s, end_s - WINDOW_S)
        through = [*np.arange(start_s, last_s, HOP_S).tolist(), last_s]
        if len(through) > 1 and last_s - through[-2] < HOP_S / 2:
            through[-2:] = [last_s] if len(through) > 2 else [(start_s + last_s) / 2]
        for candidate in through:
            start = round(candidate * SPEECH_RATE_HZ)
            starts.add(max(0, min(start, latest)) if latest >= 0 else start)
    placed = []
    for start in sorted(starts):
        from_s = start / SPEECH_RATE_HZ
        speech_s = speech_within(speech, from_s, from_s + WINDOW_S)
        if speech_s >= LEAST_SPEECH_S:
            placed.append(Placed(start, min(speech_s, WINDOW_S)))
    return tuple(placed)


def cover(placed: Sequence[Placed]) -> tuple[Placed, ...]:
    """Without those that the window before and the one after cover; never two in a row are left out."""
    kept: list[Placed] = []
    for place, window in enumerate(placed):
        around = placed[place - 1 : place + 2] if place else ()
        is_covered = len(around) == 3 and around[2].start <= around[0].start + WINDOW_SAMPLES
        if not (is_covered and kept[-1] is around[0]):
            kept.append(window)
    return tuple(kept)


def load_audio_detector(*, threads: int = 2, weights: Path = WEIGHTS, alone: bool = False) -> VoiceSynthesisDetector:
    """The shipped detector.

    Args:
        alone: the network without the second model, to measure it by itself.

    Raises: Misconfigured when the weights are missing.
    """
    serving = find_model_file(weights, "model.tflite")
    return VoiceSynthesisDetector(
        runtime=ModelRuntime(serving, threads=threads, row_shape=(FRAMES, BINS, 1)),
        calibration=Calibration.read(find_model_file(weights, "calibration.json")),
        model=ModelRef(name=NAME, version="1", sha256=file_digest(serving)),
        weights=weights,
        second=None if alone else SecondVoiceModel.load(threads),
        voices=VoiceDirections.load(),
        threads=threads,
    )


# -------------------------------------------------------------------------------------------------- internals


def _unheard(speech_s: float) -> Reason:
    if speech_s <= 0:
        return Reason(code=ReasonCode.NO_SPEECH, message="No speech was found in the sound.")
    return Reason(
        code=ReasonCode.TOO_LITTLE_SPEECH,
        message=f"Only {speech_s:.1f} seconds of speech were found, too little or too scattered to examine.",
    )


def _withheld(finding: Scored) -> Scored:
    return finding.model_copy(update={"outcome": Outcome.INCONCLUSIVE})


def _withheld_voice(voice: VoiceFinding) -> VoiceFinding:
    found = voice.finding
    return voice.model_copy(update={"finding": _withheld(found) if isinstance(found, Scored) else found})


def _leave(calibration: Calibration) -> float:
    """A stretch lasts while windows score at least so."""
    return (calibration.fake + calibration.real) / 2


def _segments(windows: Sequence[AudioWindow], calibration: Calibration) -> tuple[AudioSegment, ...]:
    """Stretches of windows that score as synthetic; what only a neighbour window covers is left out."""
    scores = [window.p_fake for window in windows]
    found = stretches(
        [(window.start_s + window.end_s) / 2 for window in windows],
        scores,
        enter=calibration.fake,
        leave=_leave(calibration),
        end_s=windows[-1].end_s,
    )
    segments = []
    for number, (stretch, members) in enumerate(found, start=1):
        first, last = int(members[0]), int(members[-1])
        opens = first == 0 or windows[first - 1].end_s <= windows[first].start_s
        closes = last == len(windows) - 1 or windows[last + 1].start_s >= windows[last].end_s
        segments.append(
            AudioSegment(
                id=number,
                start_s=windows[first].start_s if opens else max(stretch.start_s, windows[first].start_s),
                end_s=windows[last].end_s if closes else min(stretch.end_s, windows[last].end_s),
                p_fake=float(np.mean([scores[member] for member in members])),
            )
        )
    return tuple(segments)


def _limits(media: MediaInfo, observations: AudioObservations) -> tuple[Reason, ...]:
    limits = []
    if observations.speech_s < ENOUGH_SPEECH_S:
        limits.append(
            Reason(
                code=ReasonCode.TOO_LITTLE_SPEECH,
                message=f"Only {observations.speech_s:.1f} seconds of speech were found, too little to decide on.",
            )
        )
    if observations.reason is not None:
        limits.append(observations.reason)
    return (*limits, *media.limits_of(Modality.AUDIO))
