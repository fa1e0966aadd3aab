"""The files that the benchmark analyses: a made clip without a face, and a video with one, at 720p, made longer."""

from __future__ import annotations

import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import imageio_ffmpeg
import numpy as np

from core.media import SPEECH_RATE_HZ

LENGTH_S: Final = 60
RATE_HZ: Final = 25
WIDTH_PX: Final = 1280
HEIGHT_PX: Final = 720


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


def widened(source: Path, path: Path, *, number: int) -> Path:
    """A minute at 720p as a camera gives it: a video played again and again, enlarged, cut to its middle, with grain, a
    key frame every two seconds. No two frames are equal, in one file or in two of different numbers: models remember
    what they saw lately."""
    grain = f"noise=alls=4:allf=t:all_seed={number + 1}"
    picture = f"scale={WIDTH_PX}:-2:flags=bicubic,crop={WIDTH_PX}:{HEIGHT_PX},{grain}"
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-y", "-stream_loop", "-1", "-i", str(source),
        "-t", str(LENGTH_S), "-vf", picture, "-c:v", "libx264", "-preset", "veryfast", "-crf", "23",
        "-g", str(2 * RATE_HZ), "-c:a", "copy", str(path),
    ]  # fmt: skip
    subprocess.run(command, check=True, timeout=300)  # noqa: S603 - our own constants and paths
    return path


def repeated(source: Path, path: Path, length_s: int = LENGTH_S, *, number: int = 0) -> Path:
    """A video played again and again until it is long enough; nothing is decoded. Another number, another hash."""
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-y",
        "-stream_loop", "-1", "-i", str(source), "-t", str(length_s), "-c", "copy",
        "-metadata", f"comment={number}", str(path),
    ]  # fmt: skip
    subprocess.run(command, check=True, timeout=120)  # noqa: S603 - our own constants and paths
    return path
