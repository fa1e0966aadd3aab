"""How fast is each stage, against real time? `make bench` prints it.

Clips: a made one (60 s, 720p, no face in it) and, when DATA has one, a real video with a face, repeated to 60 s.
A ratio of 30 means that a minute of media takes two seconds. Each stage is run once to warm up and then measured.

Limits: one machine, one file of each kind; what else runs on the machine slows the stages down.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final, TypeVar

import av
import numpy as np

from core.media import SPEECH_RATE_HZ, LocalMedia, Waveform
from core.settings import LimitSettings, SamplingSettings
from core.types import MediaInfo
from detectors.faces.detector import FaceManipulationDetector, load_visual_detector
from detectors.faces.finder import FaceFinder
from detectors.media.extraction import decode_image, extract_waveform, probe, sample_frames
from detectors.voice.detector import VoiceSynthesisDetector, load_audio_detector

LENGTH_S: Final = 60
RATE_HZ: Final = 25
WIDTH_PX: Final = 1280
HEIGHT_PX: Final = 720
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


def made_clip(path: Path, length_s: int = LENGTH_S) -> Path:
    """A moving gradient with grain under a buzz that swells as syllables do: H.264 and AAC."""
    rng = np.random.default_rng(0)
    down, across = np.mgrid[0:HEIGHT_PX, 0:WIDTH_PX]
    grain = rng.integers(0, 24, (HEIGHT_PX, WIDTH_PX), dtype=np.int64)
    with av.open(str(path), "w") as output:
        video = output.add_stream("libx264", rate=RATE_HZ, options={"preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = WIDTH_PX, HEIGHT_PX, "yuv420p"
        video.gop_size = 2 * RATE_HZ
        audio = output.add_stream("aac", rate=SPEECH_RATE_HZ)
        audio.layout = "mono"
        for number in range(length_s * RATE_HZ):
            grey = ((across + 3 * number) // 6 + down // 4 + grain) % 256
            picture = np.repeat(grey[..., None], 3, axis=2).astype(np.uint8)
            output.mux(video.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        output.mux(video.encode(None))
        times = np.arange(length_s * SPEECH_RATE_HZ) / SPEECH_RATE_HZ
        buzz = sum(np.sin(2 * np.pi * 120 * n * times) / n for n in range(1, 20)) * (1 + np.sin(8 * np.pi * times))
        samples = (0.05 * buzz).astype(np.float32)
        for start in range(0, len(samples), 1024):
            frame = av.AudioFrame.from_ndarray(samples[None, start : start + 1024], format="fltp", layout="mono")
            frame.sample_rate, frame.pts = SPEECH_RATE_HZ, start
            frame.time_base = Fraction(1, SPEECH_RATE_HZ)
            output.mux(audio.encode(frame))
        output.mux(audio.encode(None))
    return path


def repeated(source: Path, path: Path, length_s: int = LENGTH_S) -> Path:
    """A video played again and again until it is long enough; nothing is decoded."""
    import subprocess

    import imageio_ffmpeg

    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-y",
        "-stream_loop", "-1", "-i", str(source), "-t", str(length_s), "-c", "copy", str(path),
    ]  # fmt: skip
    subprocess.run(command, check=True, timeout=120)  # noqa: S603 - our own constants and paths
    return path


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=None)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    visual = load_visual_detector(device="cpu", threads=arguments.threads)
    audio = load_audio_detector(threads=arguments.threads)
    finder = FaceFinder(arguments.threads)
    videos = sorted((arguments.data / "videos").rglob("*.mp4")) if arguments.data is not None else []
    with_sound = [path for path in videos if probe(path, LimitSettings()).has_audio]
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {arguments.threads} threads a model")
    with tempfile.TemporaryDirectory() as scratch:
        clips = {"made clip, no face": made_clip(Path(scratch) / "made.mp4")}
        source = next(iter(with_sound or videos), Path("samples") / "interview.mp4")
        clips[f"{source.name}, repeated"] = repeated(source, Path(scratch) / "real.mp4")
        for name, path in clips.items():
            print(f"\n{name}, {LENGTH_S} s")
            for timing in measure(path, visual, audio, finder):
                print(timing.line)


if __name__ == "__main__":
    main()
