"""A face's attribution drawn over the frame it was found in."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final, NamedTuple

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from core.figures import clock, seconds_text, signed_text
from core.media import AlignedFace, RgbImage
from core.types import Box, FaceTrack, Faithfulness, FrameScore, RegionShare, VisualExplanation
from explainers.faces.attribution import FaceAttribution
from explainers.faithfulness import strongest_area
from explainers.rendering.palette import (
    PANEL_INK_RGB,
    PANEL_MUTED_RGB,
    PANEL_RGB,
    heat_colours,
    picture_font,
    png,
)
from explainers.rendering.wording import Words, percent
from explainers.targets import Affine, BoolArray, FloatArray

_LEAST_WIDTH_PX: Final = 640
_OPACITY: Final = 0.66
_FAINT: Final = 0.1
_CLOSE: Final = 2.0
"""Side of a close view over that of the crop that the model saw."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """Sizes of one picture, all from its width."""

    width: int
    tile: int
    gap: int
    text: int

    @classmethod
    def for_width(cls, width: int) -> _Layout:
        tile = int(np.clip(width * 0.17, 120, 260))
        return cls(width=width, tile=tile, gap=max(10, tile // 12), text=max(13, tile // 10))

    @property
    def bar(self) -> int:
        """Width of the colour bar."""
        return max(10, self.tile // 12)

    def tile_left(self, number: int) -> int:
        """Of the tile of this number, from 0."""
        return self.gap + number * (self.tile + self.gap)

    def caption_left(self, strongest: str) -> int:
        """Behind both tiles, the bar and its labels."""
        labels = int(picture_font(self.text).getlength(strongest))
        return self.tile_left(2) + self.bar + self.gap // 2 + labels + 2 * self.gap


class _Labelled(NamedTuple):
    """What is written below a map."""

    track_id: int
    time_s: float
    p_fake: float
    method: str
    regions: tuple[RegionShare, ...]
    faithfulness: Faithfulness


def _paint(heat: FloatArray) -> tuple[RgbImage, FloatArray]:
    """Colours (H, W, 3) and opacity (H, W) of heat in [0, 1]; shown squared, so that what stands out does, and without
    the faint rest that would draw the edge of the crop."""
    root = np.clip((heat - _FAINT) / (1 - _FAINT), 0, 1)
    levels = cv2.convertScaleAbs(root * root, alpha=255)
    colours = np.asarray(cv2.applyColorMap(levels, heat_colours()[:, None]), np.uint8)
    return colours, (_OPACITY * root).astype(np.float32, copy=False)


def tinted(picture: RgbImage, heat: FloatArray) -> RgbImage:
    """The picture with heat laid over it: strong where the heat is strong, untouched where there is none.

    picture: (H, W, 3) uint8. heat: (H, W) in [0, 1].
    """
    painted = picture.copy()
    rows, columns = np.flatnonzero(heat.any(axis=1)), np.flatnonzero(heat.any(axis=0))
    if len(rows) == 0:
        return painted
    part = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    colours, opacity = _paint(heat[part])
    painted[part] = cv2.blendLinear(np.ascontiguousarray(picture[part]), colours, 1 - opacity, opacity)
    return painted


def over_frame(frame: RgbImage, heat: FloatArray, frame_to_crop: Affine) -> RgbImage:
    """Heat of a crop carried back to where the crop was taken from, its strongest tenth outlined. heat: (S, S)."""
    height, width = frame.shape[:2]

    def carried(plane: FloatArray) -> FloatArray:
        moved = cv2.warpAffine(plane, frame_to_crop, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
        return moved.astype(np.float32, copy=False)

    painted = tinted(frame, carried(heat))
    if heat.any():
        _trace(painted, carried(strongest_area(heat).astype(np.float32)) > 0.5)
    return painted


def render_layer(heat: FloatArray) -> bytes:
    """PNG with transparency (S, S, 4): the heat alone, as `tinted` lays it over a picture. heat: (S, S)."""
    colours, opacity = _paint(heat)
    layer = np.dstack([colours[..., ::-1], np.rint(opacity * 255).astype(np.uint8)])
    how = [cv2.IMWRITE_PNG_COMPRESSION, 3, cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE]
    written, encoded = cv2.imencode(".png", layer, how)
    if not written:
        raise ValueError("a heatmap must be (S, S)")
    return encoded.tobytes()


def area_of(frame_to_crop: Affine, size_px: int) -> Box:
    """Where in its frame a crop of this size was taken from."""
    corners = np.array([[0, 0], [size_px, size_px]], np.float64) - frame_to_crop[:, 2]
    (x, y), (right, bottom) = corners / frame_to_crop[[0, 1], [0, 1]]
    return Box(x_px=round(x, 3), y_px=round(y, 3), width_px=round(right - x, 3), height_px=round(bottom - y, 3))


def _trace(picture: RgbImage, area: BoolArray) -> None:
    """Draw the edge of an area, thin and white."""
    edges, _ = cv2.findContours(area.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(picture, edges, -1, (255, 255, 255), max(1, round(min(picture.shape[:2]) / 500)), cv2.LINE_AA)


def describe_regions(words: Words, regions: tuple[RegionShare, ...], most: int = 2) -> str:
    """The regions with the largest shares in words, such as `mouth 43.1 %, nose 20.5 %`; the rest lies outside."""
    named = [
        f"{words.say('region.' + str(share.region).replace(' ', '_'))} {percent(words, share.share)}"
        for share in regions[:most]
        if share.share > 0
    ]
    return ", ".join(named) or words.say("map.nowhere")


def outside_share(regions: tuple[RegionShare, ...]) -> float | None:
    """Share of the map that no region of the face holds; None when no regions were found."""
    return max(0.0, round(1.0 - sum(each.share for each in regions), 6)) if regions else None


def render_heatmap(
    frame: RgbImage,
    face: AlignedFace,
    attribution: FaceAttribution,
    track: FaceTrack,
    score: FrameScore,
    words: Words,
) -> bytes:
    """PNG: the whole frame at its own resolution with heat and box; below it the face, the scale and a caption."""
    overlaid = over_frame(frame, attribution.heat, face.frame_to_crop)
    outlined(overlaid, score.box)
    layout = _Layout.for_width(max(_LEAST_WIDTH_PX, frame.shape[1]))
    side = (layout.tile, layout.tile)
    alone = cv2.resize(face.pixels, side, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    heat = cv2.resize(attribution.heat, side, interpolation=cv2.INTER_LINEAR)
    heated = over_frame(alone, heat.astype(np.float32, copy=False), np.eye(2, 3))
    said = _Labelled(
        track.id, score.time_s, score.p_fake, attribution.method, attribution.regions, attribution.faithfulness
    )
    return _compose(overlaid, (alone, heated), said, words)


def relabel_heatmap(content: bytes, explanation: VisualExplanation, words: Words) -> bytes:
    """A picture of `render_heatmap` with its words in another language, from the PNG and what is known of the map.

    Raises: ValueError for a picture that was not drawn like this.
    """
    drawn = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))
    left, _, right, height = frame_area(explanation)
    layout = _Layout.for_width(max(_LEAST_WIDTH_PX, right - left))
    top = height + layout.gap
    if drawn.shape[1] != layout.width or drawn.shape[0] < top + layout.tile:
        raise ValueError("this picture has other measures")
    tiles = tuple(
        drawn[top : top + layout.tile, layout.tile_left(each) : layout.tile_left(each) + layout.tile]
        for each in range(2)
    )
    said = _Labelled(
        explanation.track_id,
        explanation.time_s,
        explanation.p_fake,
        explanation.method,
        explanation.regions,
        explanation.faithfulness,
    )
    return _compose(drawn[:height, left:right].copy(), (tiles[0], tiles[1]), said, words)


def frame_area(explanation: VisualExplanation) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the frame within its picture by `render_heatmap`, in pixels.

    Raises: ValueError for a map that does not say how large its frame was.
    """
    if explanation.place is None:
        raise ValueError("a map without a place in its frame cannot be taken apart")
    frame = explanation.place.frame
    left = (max(_LEAST_WIDTH_PX, frame.width_px) - frame.width_px) // 2
    return left, 0, left + frame.width_px, frame.height_px


def close_area(explanation: VisualExplanation) -> tuple[int, int, int, int]:
    """Of that frame a square around the face, as far as the frame goes, that a small face can be seen in; the whole
    frame of a map that failed its check, whose warning stands across its top. Raises: ValueError, as above."""
    left, top, right, bottom = frame_area(explanation)
    if explanation.place is None or not explanation.faithfulness.reliable:
        return left, top, right, bottom
    face = explanation.place.area
    half = _CLOSE * max(face.width_px, face.height_px) / 2
    x, y = left + face.x_px + face.width_px / 2, face.y_px + face.height_px / 2
    return (
        max(left, round(x - half)),
        max(top, round(y - half)),
        min(right, round(x + half)),
        min(bottom, round(y + half)),
    )


def _compose(overlaid: RgbImage, tiles: tuple[RgbImage, RgbImage], said: _Labelled, words: Words) -> bytes:
    """The panel of words below the frame. A map that failed its check gets a warning across its top, in place."""
    height, width = overlaid.shape[:2]
    layout = _Layout.for_width(max(_LEAST_WIDTH_PX, width))
    caption = _caption(layout, said, words)
    panel_height = max(layout.tile, caption.height_px) + 2 * layout.gap
    canvas = np.empty((height + panel_height, layout.width, 3), np.uint8)
    canvas[:] = PANEL_RGB
    left, top = (layout.width - width) // 2, height + layout.gap
    if not said.faithfulness.reliable:
        _warn(overlaid, words.say("picture.failed"))
    canvas[:height, left : left + width] = overlaid
    for number, tile in enumerate(tiles):
        x = layout.tile_left(number)
        canvas[top : top + layout.tile, x : x + layout.tile] = tile
    picture = Image.fromarray(canvas)
    _draw_scale(picture, layout.tile_left(2), top, layout, words)
    _write(picture, caption, top)
    return png(np.asarray(picture))


def render_thumbnail(frame: RgbImage, box: Box, size_px: int = 128) -> bytes:
    """PNG (size_px, size_px): one face with a little of its surroundings; what lies outside the frame is black."""
    side = max(1, round(1.3 * max(box.width_px, box.height_px)))
    left = round(box.x_px + (box.width_px - side) / 2)
    top = round(box.y_px + (box.height_px - side) / 2)
    height, width = frame.shape[:2]
    square = np.zeros((side, side, 3), np.uint8)
    seen = frame[max(0, top) : max(0, top + side), max(0, left) : max(0, left + side)]
    y, x = max(0, -top), max(0, -left)
    if top < height and left < width:
        square[y : y + seen.shape[0], x : x + seen.shape[1]] = seen
    shrunk = cv2.resize(square, (size_px, size_px), interpolation=cv2.INTER_AREA)
    return png(shrunk.astype(np.uint8, copy=False))


def _warn(frame: RgbImage, words: str) -> None:
    """A band across the picture's top, in place: it must not be read without its warning."""
    size = max(11, min(frame.shape[1] // 32, 34))
    band = frame[: min(len(frame), 2 * size)]
    drawn = Image.fromarray(np.full_like(band, PANEL_RGB))
    font = _fitting(words, frame.shape[1] - 2 * size, size, bold=True)
    ImageDraw.Draw(drawn).text((size, len(band) // 2), words, font=font, fill=PANEL_INK_RGB, anchor="lm")
    band[:] = np.asarray(drawn)


def outlined(frame: RgbImage, box: Box) -> None:
    """Draw the face's box, white within black, so that it shows on any ground."""
    corner = round(box.x_px), round(box.y_px)
    opposite = round(box.x_px + box.width_px), round(box.y_px + box.height_px)
    thickness = max(1, round(min(frame.shape[:2]) / 360))
    cv2.rectangle(frame, corner, opposite, (0, 0, 0), thickness * 3, cv2.LINE_AA)
    cv2.rectangle(frame, corner, opposite, (255, 255, 255), thickness, cv2.LINE_AA)


def _draw_scale(picture: Image.Image, x: int, top: int, layout: _Layout, words: Words) -> None:
    """The colour bar with its ends named."""
    bar = layout.bar
    ramp = heat_colours()[np.linspace(255, 0, layout.tile).astype(np.uint8)][:, None].repeat(bar, axis=1)
    picture.paste(Image.fromarray(ramp), (x, top))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((x, top, x + bar - 1, top + layout.tile - 1), outline=PANEL_MUTED_RGB)
    font = picture_font(layout.text)
    labels = x + bar + layout.gap // 2
    draw.text((labels, top), words.say("picture.strongest"), font=font, fill=PANEL_INK_RGB)
    draw.text((labels, top + layout.tile), words.say("picture.none"), font=font, fill=PANEL_INK_RGB, anchor="ld")


@dataclass(frozen=True, slots=True)
class _Caption:
    """Lines that fit their room, each with its place below the panel's top."""

    left_px: int
    lines: tuple[tuple[int, str, ImageFont.FreeTypeFont], ...]
    height_px: int


def _caption(layout: _Layout, said: _Labelled, words: Words) -> _Caption:
    check = said.faithfulness
    outside = outside_share(said.regions)
    where = describe_regions(words, said.regions, 3)
    if outside:
        where = f"{where}; {words.say('picture.outside', percent=percent(words, outside))}"
    moment = f"{clock(said.time_s)} ({words.figure(seconds_text(said.time_s))})"
    method = said.method.partition(" (")[0]
    lines_said = [
        (words.say("picture.face", number=said.track_id, time=moment), layout.text + layout.text // 4, True),
        (words.say("picture.score", percent=percent(words, said.p_fake)), layout.text, False),
        (words.say("picture.where", where=where), layout.text, False),
        (words.say("picture.colour", method=method), layout.text, False),
        (_steadiness(words, check), layout.text, False),
        (words.say("picture.passed" if check.reliable else "picture.failed"), layout.text, True),
    ]
    left = layout.caption_left(words.say("picture.strongest"))
    room = layout.width - layout.gap - left
    lines, y = [], 0
    for told, size, bold in lines_said:
        font = picture_font(size, bold)
        for line in wrapped(told, font, room):
            lines.append((y, line, font))
            y += round(size * 1.35)
        y += round(size * 0.25)
    return _Caption(left, tuple(lines), y)


def _steadiness(words: Words, check: Faithfulness) -> str:
    if check.steadiness is None:
        return words.say("picture.erased", figure=words.figure(signed_text(-check.deletion_drop)))
    return words.say("map.steadiness", share=percent(words, check.steadiness))


def wrapped(words: str, font: ImageFont.FreeTypeFont, room_px: int) -> list[str]:
    """Lines no wider than the room, broken between words."""
    lines: list[str] = []
    for word in words.split(" "):
        if lines and font.getlength(f"{lines[-1]} {word}") <= room_px:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _write(picture: Image.Image, caption: _Caption, top: int) -> None:
    draw = ImageDraw.Draw(picture)
    for y, line, font in caption.lines:
        draw.text((caption.left_px, top + y), line, font=font, fill=PANEL_INK_RGB)


def _fitting(text: str, room_px: int, size_px: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    """Our type at the given size, or smaller until the text fits the room."""
    while size_px > 8 and picture_font(size_px, bold).getlength(text) > room_px:
        size_px -= 1
    return picture_font(size_px, bold)
