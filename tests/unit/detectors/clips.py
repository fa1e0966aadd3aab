"""Tiny media files made for a test, in whatever container and codec it needs."""

from __future__ import annotations

import subprocess
from pathlib import Path

import imageio_ffmpeg

PICTURE = ("-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=3")
SOUND = ("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=44100:duration=3")
H264 = ("-c:v", "libx264", "-g", "25", "-pix_fmt", "yuv420p")


def make(path: Path, *arguments: str) -> Path:
    """Write a file with the bundled ffmpeg."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-y", *arguments, str(path)]
    subprocess.run(command, check=True, timeout=60)
    return path
