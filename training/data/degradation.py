"""What happens to a picture on its way to us: one random chain, the same for honest and forged faces of every source.

Light and tone, the size in the film, optics and sensor, up to two encoders, now and then a screen filmed again. Drawn
once, a chain does the same to every picture: give both members of a pair the same one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, cast

import av
import cv2
import numpy as np

from core.media import RgbImage

Step = Callable[[RgbImage], RgbImage]
"""One fully drawn change: the same picture always gives the same picture."""

SMALLEST_PX: Final = 80
LARGEST_PX: Final = 360
"""Sides that a crop may have in the film, at the margin of `training.data.faces`: its face has 47 to 210 px."""
_DOWN: Final = (cv2.INTER_AREA, cv2.INTER_AREA, cv2.INTER_LINEAR, cv2.INTER_CUBIC)
_UP: Final = (cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_LANCZOS4)


@dataclass(frozen=True, slots=True)
class VideoCodec:
    """An encoder, the decoder of its stream, its option for quality and the range of that."""

    encoder: str
    decoder: str
    option: str
    finest: int
    coarsest: int
    share: float
    options: tuple[tuple[str, str], ...] = ()


VIDEO_CODECS: Final = (
    VideoCodec("libx264", "h264", "crf", 18, 41, 0.7, (("preset", "veryfast"), ("tune", "zerolatency"))),
    VideoCodec(
        "libx265", "hevc", "crf", 20, 40, 0.08,
        (("preset", "ultrafast"), ("x265-params", "log-level=none:pools=none:frame-threads=1")),
    ),
    VideoCodec("libvpx-vp9", "vp9", "crf", 20, 50, 0.08, (("b:v", "0"), ("deadline", "realtime"), ("cpu-used", "8"))),
    VideoCodec("mpeg4", "mpeg4", "q", 2, 14, 0.08),
    VideoCodec("mpeg1video", "mpeg1video", "q", 2, 14, 0.06),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chain:
    """A drawn chain. Square pictures come out at the size that they have in the film."""

    steps: tuple[Step, ...]

    def __call__(self, image: RgbImage) -> RgbImage:
        for step in self.steps:
            image = step(image)
        return image


def draw_chain(rng: np.random.Generator) -> Chain:
    """A chain for square pictures of a face."""
    steps: list[Step] = []
    if rng.random() < 0.35:
        steps.append(draw_tone(rng))
    film_px = 2 * round(float(np.exp(rng.uniform(np.log(SMALLEST_PX), np.log(LARGEST_PX)))) / 2)
    down, up = int(rng.choice(_DOWN)), int(rng.choice(_UP))
    steps.append(lambda image: resize(image, film_px, down if film_px < image.shape[0] else up))
    if rng.random() < 0.2:
        steps.append(draw_blur(rng))
    if rng.random() < 0.15:
        steps.append(draw_sharpening(rng))
    if rng.random() < 0.15:
        steps.append(draw_noise(rng))
    if rng.random() < 0.05:
        steps.append(draw_recapture(rng))
    for chance in (0.85, 0.25):
        if rng.random() < chance:
            steps.append(draw_encoder(rng))
    return Chain(tuple(steps))


def draw_mild_chain(rng: np.random.Generator) -> Chain:
    """A chain for square pictures that came nearly as they were made: a little smaller, one fine encoder."""
    steps: list[Step] = []
    if rng.random() < 0.7:
        share = float(rng.uniform(0.55, 1.0))
        method = int(rng.choice(_DOWN))
        steps.append(lambda image: resize(image, 2 * round(share * image.shape[0] / 2), method))
    if rng.random() < 0.6:
        steps.append(draw_encoder(rng, coarsest=0.35))
    return Chain(tuple(steps))


def draw_tightening(rng: np.random.Generator) -> Callable[[RgbImage, float], tuple[RgbImage, int]]:
    """A picture that ends near the face, as many sources' pictures do, mirrored there by whoever crops it.

    Returns: a function of a square picture with the face in its middle and the face's side in pixels, giving the
    picture's middle and the pixels that were cut off on each side.
    """
    reach = float(rng.uniform(0.95, 1.35))

    def cut(image: RgbImage, face_px: float) -> tuple[RgbImage, int]:
        off = max(0, int((image.shape[0] - reach * face_px) / 2))
        return np.ascontiguousarray(image[off : image.shape[0] - off, off : image.shape[1] - off]), off

    return cut


def resize(image: RgbImage, side_px: int, method: int) -> RgbImage:
    return np.asarray(cv2.resize(image, (side_px, side_px), interpolation=method), np.uint8)


def draw_tone(rng: np.random.Generator) -> Step:
    """Gamma, contrast, white balance, or a local curve as phones apply it."""
    gamma = float(np.exp(rng.normal(0, 0.25)))
    gains = rng.normal(1, 0.05, 3)
    curve = np.clip(255 * (np.linspace(0, 1, 256)[:, None] ** gamma) * gains, 0, 255).astype(np.uint8)
    if rng.random() < 0.2:
        clip = float(rng.uniform(0.5, 2.0))

        def lift(image: RgbImage) -> RgbImage:
            lab = cv2.cvtColor(image, cv2.COLOR_RGB2LAB)
            lab[..., 0] = cv2.createCLAHE(clip, (4, 4)).apply(np.ascontiguousarray(lab[..., 0]))
            return np.asarray(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB), np.uint8)

        return lift
    return lambda image: np.stack([curve[image[..., channel], channel] for channel in range(3)], axis=-1)


def draw_blur(rng: np.random.Generator) -> Step:
    """Out of focus, moved while exposed, or a filter against noise."""
    kind, sigma = rng.random(), float(rng.uniform(0.4, 1.8))
    if kind < 0.6:
        return lambda image: np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), np.uint8)
    if kind < 0.8:
        length, angle = int(rng.integers(2, 6)), float(rng.uniform(0, 180))
        line = np.zeros((7, 7), np.float32)
        line[3, 3 - length // 2 : 3 - length // 2 + length] = 1
        turned = cv2.warpAffine(line, cv2.getRotationMatrix2D((3, 3), angle, 1.0), (7, 7))
        kernel = np.asarray(turned / max(float(turned.sum()), 1e-3), np.float32)
        return lambda image: np.asarray(cv2.filter2D(image, -1, kernel), np.uint8)
    return lambda image: np.asarray(cv2.bilateralFilter(image, 5, 18 * sigma, 3), np.uint8)


def draw_sharpening(rng: np.random.Generator) -> Step:
    sigma, amount = float(rng.uniform(0.7, 1.8)), float(rng.uniform(0.2, 1.2))
    return lambda image: np.asarray(
        cv2.addWeighted(image, 1 + amount, cv2.GaussianBlur(image, (0, 0), sigma), -amount, 0), np.uint8
    )


def draw_noise(rng: np.random.Generator) -> Step:
    """Of a sensor: stronger where it is brighter, partly smeared as a demosaicked picture is."""
    sigma, seed, smear = float(rng.uniform(1, 8)), int(rng.integers(2**31)), bool(rng.random() < 0.5)

    def add(image: RgbImage) -> RgbImage:
        noise = np.random.default_rng(seed).standard_normal(image.shape, np.float32)
        if smear:
            noise = 1.8 * np.asarray(cv2.GaussianBlur(noise, (0, 0), 0.7), np.float32)
        level = 0.5 + image.astype(np.float32) / 255
        return np.clip(image + sigma * level * noise, 0, 255).astype(np.uint8)

    return add


def draw_recapture(rng: np.random.Generator) -> Step:
    """A screen filmed by a camera: turned a little, its pixels' grid faintly seen, its blacks lifted."""
    shift = rng.normal(0, 0.01, (4, 2)).astype(np.float32)
    period, strength = float(rng.uniform(2.2, 4.5)), float(rng.uniform(0.01, 0.05))
    lifted = float(rng.uniform(0, 18))

    def film(image: RgbImage) -> RgbImage:
        height, width = image.shape[:2]
        corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        matrix = cv2.getPerspectiveTransform(corners, corners + shift * np.float32(width))
        turned = cv2.warpPerspective(image, matrix, (width, height), borderMode=cv2.BORDER_REFLECT_101)
        y, x = np.mgrid[:height, :width].astype(np.float32)
        grid = 1 + strength * (np.sin(2 * np.pi * x / period) + np.sin(2 * np.pi * y / period))
        return np.asarray(np.clip(lifted + turned * grid[..., None] * (1 - lifted / 255), 0, 255), np.uint8)

    return film


def draw_encoder(rng: np.random.Generator, coarsest: float = 1.0) -> Step:
    """JPEG, WebP or one of the video codecs, from fine to `coarsest`, a share of the way to the coarsest."""
    kind = rng.random()
    if kind < 0.42:
        quality = int(rng.integers(round(97 - coarsest * 67), 97))
        sampling = cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420 if rng.random() < 0.8 else cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444
        options = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, sampling]
        return lambda image: _recode(image, ".jpg", options)
    if kind < 0.52:
        strength = [cv2.IMWRITE_WEBP_QUALITY, int(rng.integers(round(95 - coarsest * 70), 95))]
        return lambda image: _recode(image, ".webp", strength)
    shares = np.array([codec.share for codec in VIDEO_CODECS])
    codec = VIDEO_CODECS[int(rng.choice(len(VIDEO_CODECS), p=shares / shares.sum()))]
    most = codec.finest + round(coarsest * (codec.coarsest - codec.finest))
    level = int(rng.integers(codec.finest, most + 1))
    motion = (int(rng.integers(-3, 4)), int(rng.integers(-3, 4)))
    return lambda image: film_picture(image, codec, level, motion)


def film_picture(image: RgbImage, codec: VideoCodec, level: int, motion_px: tuple[int, int]) -> RgbImage:
    """The second frame of a film of two that moves by `motion_px`: predicted from the first, then corrected.

    Args:
        image: (H, W, 3) uint8 RGB; H and W even, at least 32.
        level: of the codec's quality option; larger is coarser.
    """
    steered = {"qmin": str(level), "qmax": str(level)} if codec.option == "q" else {codec.option: str(level)}
    return code_picture(image, (codec.encoder, codec.decoder), dict(codec.options) | steered, motion_px)


def code_picture(
    image: RgbImage, names: tuple[str, str], options: dict[str, str], motion_px: tuple[int, int]
) -> RgbImage:
    """`film_picture` by any encoder and decoder. names: of both."""
    height, width = image.shape[:2]
    encoder = cast("av.VideoCodecContext", av.CodecContext.create(names[0], "w"))
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base, encoder.framerate = Fraction(1, 25), Fraction(25)
    encoder.thread_count = 1
    encoder.options = options
    decoder = cast("av.VideoCodecContext", av.CodecContext.create(names[1], "r"))
    decoder.thread_count = 1
    packets = []
    for index, picture in enumerate((np.roll(image, motion_px, (0, 1)), image)):
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24").reformat(format="yuv420p")
        frame.pts = index
        packets += encoder.encode(frame)
    packets += encoder.encode(None)
    frames = [frame for packet in packets for frame in decoder.decode(packet)] + decoder.decode(None)
    return np.asarray(frames[-1].to_ndarray(format="rgb24"), np.uint8)


def _recode(image: RgbImage, suffix: str, options: list[int]) -> RgbImage:
    _, encoded = cv2.imencode(suffix, image, options)
    return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), np.uint8)
