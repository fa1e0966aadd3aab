"""How long each stage of the detectors takes on one file, in this process, without storage or queue.

A ratio of 30 means that a minute of media takes two seconds. Each stage is run once to warm up and then measured.

Limits: one machine, one file; what else runs on the machine slows the stages down.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from core.media import SPEECH_RATE_HZ, LocalMedia, Waveform
from core.settings import LimitSettings, SamplingSettings
from core.types import MediaInfo
from detectors.faces.detector import FaceManipulationDetector
from detectors.faces.finder import FaceFinder
from detectors.media.extraction import decode_image, extract_waveform, probe, sample_frames
from detectors.voice.detector import VoiceSynthesisDetector

WARM_FRAMES: Final = 2

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Timing:
    stage: str
    seconds: float
    media_s: float
    note: str

    @property
    def line(self) -> str:
        ratio = self.media_s / max(self.seconds, 1e-9)
        return f"  {self.stage:<22}{self.seconds:>9.2f} s {ratio:>9.1f} x real time   {self.note}"


def timed(work: Callable[[], T]) -> tuple[T, float]:
    started = time.perf_counter()
    return work(), time.perf_counter() - started


def measure(
    path: Path, visual: FaceManipulationDetector, audio: VoiceSynthesisDetector, finder: FaceFinder
) -> list[Timing]:
    """Every stage on one file. The detectors' first use, which loads their models, is not counted."""
    limits, budget = LimitSettings(), SamplingSettings().frame_budget
    info, probing = timed(lambda: probe(path, limits))
    seconds = info.duration_s
    timings = [Timing("probe and hash", probing, seconds, f"{info.size_bytes / 1e6:.1f} MB")]
    frames, sampling = timed(lambda: sample_frames(path, info, budget=budget))
    timings.append(Timing("sample frames", sampling, seconds, f"{len(frames)} frames"))
    waveform, extraction = timed(lambda: extract_waveform(path, info, limits))
    timings.append(Timing("extract sound", extraction, seconds, "16 kHz mono"))
    visual.observe(LocalMedia(info=info, frames=frames[:WARM_FRAMES]))
    images = [decode_image(frame.encoded) for frame in frames]
    finder.find(images[0])
    found, finding = timed(lambda: [finder.find(image) for image in images])
    timings.append(Timing("find faces", finding, seconds, f"{sum(len(faces) for faces in found)} faces"))
    seen, looking = timed(lambda: visual.detect(LocalMedia(info=info, frames=frames)))
    per_frame = 1000 * looking / max(1, len(frames))
    timings.append(Timing("picture, all of it", looking, seconds, f"{per_frame:.0f} ms a frame; {seen.finding.kind}"))
    if waveform is not None:
        timings.append(_listening(audio, info, waveform))
    total = probing + sampling + extraction + looking + (timings[-1].seconds if waveform is not None else 0.0)
    return [*timings, Timing("the whole file", total, seconds, "one after another")]


def _listening(audio: VoiceSynthesisDetector, info: MediaInfo, waveform: Waveform) -> Timing:
    audio.observe(LocalMedia(info=info, waveform=Waveform(waveform.samples[: 4 * SPEECH_RATE_HZ])))
    heard, listening = timed(lambda: audio.detect(LocalMedia(info=info, waveform=waveform)))
    note = f"{heard.coverage.speech_s:.0f} s of speech; {len(heard.windows)} windows; {heard.finding.kind}"
    return Timing("sound, all of it", listening, info.duration_s, note)
