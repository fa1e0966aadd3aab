"""The worst stretch as a moving picture: the face's box, its map where one holds, and the score as it runs."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final

import av
import cv2
import numpy as np
from PIL import Image, ImageDraw

from core.figures import clock, seconds_text
from core.media import RgbImage
from core.types import Box, FaceTrack, FrameScore, FrameSize, Thresholds
from explainers.rendering.heatmap import outlined, tinted
from explainers.rendering.palette import PANEL_INK_RGB, PANEL_MUTED_RGB, PANEL_RGB, picture_font
from explainers.rendering.wording import Words, percent
from explainers.targets import FloatArray

FRAMES_PER_S: Final = 8
"""Of the clip; enough to follow a face, few enough to be made in passing."""
LONGEST_SIDE_PX: Final = 960
CODEC: Final = "libx264"
_CODING: Final = {"crf": "23", "preset": "veryfast", "x264-params": "subme=1:bframes=0:weightp=0:partitions=none"}
"""Half the time of the preset alone for a file a third larger that looks the same."""


@dataclass(frozen=True, slots=True)
class CarriedMap:
    """Heat of a face's crop at one moment, and where the crop lay around the face's box."""

    time_s: float
    heat: FloatArray
    area: Box
    box: Box

    def around(self, box: Box) -> Box:
        """The area that this map covers when the face is in another place."""
        scale = max(box.width_px, box.height_px) / max(self.box.width_px, self.box.height_px)
        centre_x, centre_y = _centre(box)
        own_x, own_y = _centre(self.box)
        area_x, area_y = _centre(self.area)
        width, height = self.area.width_px * scale, self.area.height_px * scale
        return Box(
            x_px=centre_x + (area_x - own_x) * scale - width / 2,
            y_px=centre_y + (area_y - own_y) * scale - height / 2,
            width_px=width,
            height_px=height,
        )


@dataclass(frozen=True, slots=True)
class Moment:
    """One frame of the recording as it is."""

    time_s: float
    picture: RgbImage


def box_at(track: FaceTrack, time_s: float) -> Box:
    """Where the face is: between two frames that were examined, on the straight line between them."""
    frames = track.frames
    if time_s <= frames[0].time_s:
        return frames[0].box
    for before, after in pairwise(frames):
        if time_s <= after.time_s:
            share = (time_s - before.time_s) / max(after.time_s - before.time_s, 1e-9)
            first, second = before.box, after.box
            mixed = {
                name: (1 - share) * getattr(first, name) + share * getattr(second, name)
                for name in ("x_px", "y_px", "width_px", "height_px")
            }
            return Box(**mixed)
    return frames[-1].box


def score_at(track: FaceTrack, time_s: float) -> FrameScore:
    """The last frame that was examined up to this time, or the first of all: a score is never invented between."""
    return max((frame for frame in track.frames if frame.time_s <= time_s + 1e-6), key=_time, default=track.frames[0])


def _time(frame: FrameScore) -> float:
    return frame.time_s


def render_clip(
    moments: Sequence[Moment],
    track: FaceTrack,
    maps: Sequence[CarriedMap],
    thresholds: Thresholds,
    words: Words,
    *,
    frame_size: FrameSize,
    start_s: float,
    end_s: float,
) -> bytes:
    """MP4 (H.264, no sound): the same bytes for the same input.

    Args:    moments: frames of the stretch in order of time, at least one, of any size; each is held until the next.
             maps: of this face, in order of time; the nearest in time is carried along with the face. May be empty.
             thresholds: the detector's, drawn beside the running score.
             frame_size: of the frames in which boxes and maps lie.
    Raises:  ValueError without a frame.
    """
    if not moments:
        raise ValueError("a clip needs at least one frame")
    buffer = io.BytesIO()
    ticks = max(1, round((end_s - start_s) * FRAMES_PER_S))
    shown = _sampled(moments, [start_s + tick / FRAMES_PER_S for tick in range(ticks)])
    size = _size_of(frame_size)
    across, down = size[0] / frame_size.width_px, size[1] / frame_size.height_px
    panels = _Panels(size[0], track, thresholds, words, start_s, end_s)
    with av.open(buffer, "w", format="mp4", options={"fflags": "+bitexact"}) as container:
        stream = None
        for number, (time_s, moment) in enumerate(shown):
            picture, carried = _drawn(moment, size, (across, down), track, maps)
            drawn = np.vstack([picture, panels.at(time_s, carried)])
            if stream is None:
                stream = container.add_stream(CODEC, rate=FRAMES_PER_S, options=_CODING)
                stream.height, stream.width = drawn.shape[:2]
                stream.pix_fmt = "yuv420p"
                stream.codec_context.thread_count = 1
                stream.codec_context.flags |= av.codec.context.Flags.bitexact
            # The codec's own conversion takes four times as long.
            planes = np.asarray(cv2.cvtColor(drawn, cv2.COLOR_RGB2YUV_I420), np.uint8)
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, FRAMES_PER_S)
            container.mux(stream.encode(frame))
        if stream is not None:
            container.mux(stream.encode(None))
    return buffer.getvalue()


def _sampled(moments: Sequence[Moment], times: Sequence[float]) -> Iterator[tuple[float, Moment]]:
    at = 0
    for time_s in times:
        while at + 1 < len(moments) and moments[at + 1].time_s <= time_s + 1e-6:
            at += 1
        yield time_s, moments[at]


def _size_of(frame: FrameSize) -> tuple[int, int]:
    """Width and height in the clip; even, as the codec wants them."""
    scale = min(1.0, LONGEST_SIDE_PX / max(frame.width_px, frame.height_px))
    width, height = (max(2, round(side * scale) // 2 * 2) for side in (frame.width_px, frame.height_px))
    return width, height


def _drawn(
    moment: Moment,
    size: tuple[int, int],
    scale: tuple[float, float],
    track: FaceTrack,
    maps: Sequence[CarriedMap],
) -> tuple[RgbImage, CarriedMap | None]:
    """One frame with heat and box, and the map that was carried to it. scale: of what is told in frames, to the clip's
    size."""
    across, down = scale
    # As a rule it is this size already, or one pixel more, where it would be odd.
    picture = np.asarray(cv2.resize(moment.picture, size, interpolation=cv2.INTER_LINEAR), np.uint8)
    box = box_at(track, moment.time_s)
    nearest = min(maps, key=lambda each: abs(each.time_s - moment.time_s), default=None)
    if nearest is not None:
        _lay(picture, nearest.heat, _resized(nearest.around(box), across, down))
    outlined(picture, _resized(box, across, down))
    return picture, nearest


def _resized(box: Box, across: float, down: float) -> Box:
    return Box(
        x_px=box.x_px * across, y_px=box.y_px * down, width_px=box.width_px * across, height_px=box.height_px * down
    )


def _lay(picture: RgbImage, heat: FloatArray, area: Box) -> None:
    """Heat over its area, in place; what lies outside the picture is cut off."""
    left, top = round(area.x_px), round(area.y_px)
    width, height = max(1, round(area.width_px)), max(1, round(area.height_px))
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(picture.shape[1], left + width), min(picture.shape[0], top + height)
    if x0 >= x1 or y0 >= y1:
        return
    sized = cv2.resize(heat, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.float32, copy=False)
    picture[y0:y1, x0:x1] = tinted(picture[y0:y1, x0:x1], sized[y0 - top : y1 - top, x0 - left : x1 - left])


class _Panels:
    """What the score is now, below the picture, and its course over the stretch with the thresholds that count.

    The first line and the mark of the moment move from frame to frame; the rest is drawn when it changes.
    """

    def __init__(
        self, width: int, track: FaceTrack, thresholds: Thresholds, words: Words, start_s: float, end_s: float
    ) -> None:
        self._track, self._words, self._start_s, self._end_s = track, words, start_s, end_s
        self._text = max(11, min(22, width // 36))
        self._size = width, (self._text * 5 + 8) // 2 * 2
        self._left = width * 45 // 100
        self._levels = (thresholds.real, thresholds.fake)
        self._drawn: tuple[list[str], Image.Image] = ([], Image.new("RGB", self._size))

    def at(self, time_s: float, carried: CarriedMap | None) -> RgbImage:
        words, now = self._words, score_at(self._track, time_s)
        below = [
            words.say("picture.frame", percent=percent(words, now.p_fake), time=self._spoken(now.time_s)),
            words.say("picture.no_map")
            if carried is None
            else words.say("picture.carried", time=self._spoken(carried.time_s)),
        ]
        if below != self._drawn[0]:
            self._drawn = below, self._ground(below)
        panel = self._drawn[1].copy()
        draw = ImageDraw.Draw(panel)
        spoken = f"{clock(time_s)} ({self._spoken(time_s)})"
        self._write(draw, 0, words.say("picture.face", number=self._track.id, time=spoken), bold=True)
        x, bottom = self._place(time_s, 0.0)
        _, top = self._place(time_s, 1.0)
        draw.line((x, top, x, bottom), fill=(255, 190, 60), width=2)
        return np.asarray(panel)

    def _ground(self, below: Sequence[str]) -> Image.Image:
        """The panel without what moves."""
        panel = Image.new("RGB", self._size, PANEL_RGB)
        draw = ImageDraw.Draw(panel)
        for row, told in enumerate(below, start=1):
            self._write(draw, row, told)
        (left, bottom), (right, top) = self._place(self._start_s, 0.0), self._place(self._end_s, 1.0)
        draw.rectangle((left, top, right, bottom), outline=PANEL_MUTED_RGB)
        for threshold in self._levels:
            _, level = self._place(self._start_s, threshold)
            for dash in range(round(left), round(right), 8):
                draw.line((dash, level, min(right, dash + 4), level), fill=PANEL_MUTED_RGB)
        frames = [frame for frame in self._track.frames if self._start_s <= frame.time_s <= self._end_s]
        course = [self._place(frame.time_s, frame.p_fake) for frame in frames]
        if len(course) > 1:
            draw.line(course, fill=PANEL_INK_RGB, width=2)
        for x, y in course:
            draw.ellipse((x - 2, y - 2, x + 2, y + 2), fill=PANEL_INK_RGB)
        return panel

    def _write(self, draw: ImageDraw.ImageDraw, row: int, told: str, *, bold: bool = False) -> None:
        text = size = self._text
        while size > 7 and picture_font(size, bold).getlength(told) > self._left - text:
            size -= 1
        place = (text // 2, text // 2 + row * round(text * 1.5))
        draw.text(place, told, font=picture_font(size, bold), fill=PANEL_INK_RGB)

    def _place(self, at_s: float, p_fake: float) -> tuple[float, float]:
        """Where a score at a time is drawn."""
        share = min(1.0, max(0.0, (at_s - self._start_s) / max(self._end_s - self._start_s, 1e-9)))
        right, top, bottom = self._size[0] - self._text, self._text // 2, self._size[1] - self._text // 2
        return self._left + share * (right - self._left), bottom - p_fake * (bottom - top)

    def _spoken(self, moment_s: float) -> str:
        return self._words.figure(seconds_text(moment_s))


def _centre(box: Box) -> tuple[float, float]:
    return box.x_px + box.width_px / 2, box.y_px + box.height_px / 2
