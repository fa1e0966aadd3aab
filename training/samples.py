"""Makes the clips of `samples/`: one whose face is altered for four seconds under a synthetic voice, one left alone.

    python -m training.samples --portrait astronaut.png --flite flite --speech a.wav b.wav --out samples

`samples/README.md` says where the inputs come from and on which terms. The same inputs give the same pixels.
"""

from __future__ import annotations

import argparse
import math
import subprocess
import tempfile
import wave
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import imageio_ffmpeg
import numpy as np
import numpy.typing as npt

from core.media import RgbImage
from core.types import TimeRange
from detectors.faces.finder import FaceFinder
from detectors.faces.geometry import Points
from detectors.media.extraction import decode_image
from training.faces.pictures.blending import blend, match_colour

RATE_HZ: Final = 25
DURATION_S: Final = 12.0
SIZE_PX: Final = 640
WINDOW_PX: Final = 330
"""Side of the part of the portrait that the camera shows."""
ALTERED: Final = TimeRange(start_s=4.0, end_s=8.0)
WORDS: Final = (
    "This clip was made to show how Deepwitness works. Nobody ever said these words: a program speaks them. "
    "And from the fourth second to the eighth, the face that you see was altered by another program."
)
ANCHORS: Final = (33, 263, 1, 61, 291, 152, 10)
MIRRORED_ANCHORS: Final = (263, 33, 1, 291, 61, 152, 10)

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Swap:
    """A face to lay over the portrait, in the portrait's own pixels. mask: (H, W) uint8, 255 where it covers."""

    face: RgbImage
    mask: npt.NDArray[np.uint8]


def landmarks_of(image: RgbImage) -> Points:
    """The mesh of the only face."""
    (face,) = FaceFinder().find(image)
    return face.landmarks


def mirrored_swap(portrait: RgbImage) -> Swap:
    """The portrait's own mirror image as the donor of a face swap: no second person is needed."""
    mirror = np.ascontiguousarray(portrait[:, ::-1])
    target, donor = landmarks_of(portrait), landmarks_of(mirror)
    matrix, _ = cv2.estimateAffinePartial2D(donor[list(MIRRORED_ANCHORS)], target[list(ANCHORS)])
    height, width = portrait.shape[:2]
    fitted = np.asarray(cv2.warpAffine(mirror, matrix, (width, height), borderMode=cv2.BORDER_REFLECT_101), np.uint8)
    mask = np.zeros((height, width), np.float32)
    cv2.fillConvexPoly(mask, cv2.convexHull(np.round(target).astype(np.int32)), 1.0)
    side = round(math.hypot(*(target.max(axis=0) - target.min(axis=0))) / 20) * 2 + 1
    mask = np.asarray(cv2.GaussianBlur(cv2.erode(mask, np.ones((side, side), np.uint8)), (side, side), 0), np.float32)
    matched = match_colour(fitted, portrait, mask, strength=0.7)
    # What an autoencoder leaves of a face: half the resolution, then sharpened.
    small = cv2.resize(matched, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    soft = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.float32)
    crisp = soft + 0.6 * (soft - cv2.GaussianBlur(soft, (0, 0), 2.0))
    return Swap(np.clip(crisp, 0, 255).astype(np.uint8), (255 * mask).astype(np.uint8))


def camera(time_s: float, centre: tuple[float, float]) -> Matrix:
    """A hand-held camera: drifts, breathes and rolls a little around the face."""
    turn = 2 * math.pi * time_s / DURATION_S
    scale = SIZE_PX / WINDOW_PX * (1.04 + 0.04 * math.sin(turn))
    matrix: Matrix = np.asarray(cv2.getRotationMatrix2D(centre, 1.2 * math.sin(1.7 * turn), scale), np.float64)
    drift = np.array((8 * math.sin(2.3 * turn), 6 * math.sin(3.1 * turn + 1)))
    matrix[:, 2] += SIZE_PX / 2 - np.array(centre) + drift
    return matrix


def frames(portrait: RgbImage, swap: Swap | None, seed: int) -> Iterator[RgbImage]:
    """All frames of a clip. The swapped face trembles by a fraction of a pixel, as swaps do."""
    rng = np.random.default_rng(seed)
    landmarks = landmarks_of(portrait)
    # The hair touches the portrait's upper edge: the camera looks no higher.
    centre = (float(landmarks[:, 0].min() + landmarks[:, 0].max()) / 2, WINDOW_PX / 2 + 12)

    def shoot(image: RgbImage, matrix: Matrix) -> RgbImage:
        size = (SIZE_PX, SIZE_PX)
        shot = cv2.warpAffine(image, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101)
        return np.asarray(shot, np.uint8)

    for number in range(round(DURATION_S * RATE_HZ)):
        time_s = number / RATE_HZ
        matrix = camera(time_s, centre)
        tremble = rng.normal(0, 0.8, 2)
        grain = rng.normal(0, 2.0, (SIZE_PX, SIZE_PX, 1))
        picture = shoot(portrait, matrix)
        if swap is not None and ALTERED.start_s <= time_s < ALTERED.end_s:
            face = shoot(swap.face, matrix + np.array([[0, 0, tremble[0]], [0, 0, tremble[1]]]))
            picture = blend(face, picture, (shoot(swap.mask, matrix) / 255).astype(np.float32))
        yield np.clip(picture + grain, 0, 255).astype(np.uint8)


def encode(pictures: Iterator[RgbImage], sound: Path, path: Path) -> None:
    """H.264 and AAC, in one thread, so that the bytes depend on the encoder's version only."""
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-y",
        "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{SIZE_PX}x{SIZE_PX}", "-r", str(RATE_HZ), "-i", "pipe:0",
        "-i", str(sound), "-af", "apad", "-t", str(DURATION_S),
        "-c:v", "libx264", "-preset", "medium", "-crf", "24", "-g", "50", "-pix_fmt", "yuv420p", "-threads", "1",
        "-c:a", "aac", "-b:a", "96k", "-ar", "44100", "-ac", "1",
        "-map_metadata", "-1", "-fflags", "+bitexact", "-flags", "+bitexact", "-movflags", "+faststart", str(path),
    ]  # fmt: skip
    with subprocess.Popen(command, stdin=subprocess.PIPE) as encoder:  # noqa: S603 - our own constants and paths
        assert encoder.stdin is not None
        for picture in pictures:
            encoder.stdin.write(picture.tobytes())
        encoder.stdin.close()
    if encoder.returncode:
        raise RuntimeError(f"encoding {path} failed")


def speak(flite: Path, path: Path) -> None:
    """The synthetic voice: flite's `slt`, in two sentences' time."""
    subprocess.run([str(flite), "-voice", "slt", "-t", WORDS, "-o", str(path)], check=True)  # noqa: S603


def read_aloud(recordings: Sequence[Path], path: Path) -> None:
    """The recordings one after another, as they are."""
    with wave.open(str(path), "wb") as joined:
        for number, recording in enumerate(recordings):
            with wave.open(str(recording), "rb") as part:
                if number == 0:
                    joined.setparams(part.getparams())
                joined.writeframes(part.readframes(part.getnframes()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--portrait", type=Path, required=True)
    parser.add_argument("--flite", type=Path, required=True)
    parser.add_argument("--speech", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, default=Path("samples"))
    given = parser.parse_args()
    portrait = decode_image(given.portrait.read_bytes())
    clips: tuple[tuple[str, Swap | None, Callable[[Path], None]], ...] = (
        ("interview.mp4", mirrored_swap(portrait), lambda path: speak(given.flite, path)),
        ("honest.mp4", None, lambda path: read_aloud(given.speech, path)),
    )
    given.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        for seed, (name, swap, record) in enumerate(clips):
            sound = Path(scratch) / "sound.wav"
            record(sound)
            encode(frames(portrait, swap, seed), sound, given.out / name)


if __name__ == "__main__":
    main()
