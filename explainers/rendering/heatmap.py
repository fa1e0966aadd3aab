"""A face's attribution drawn over the frame it was found in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from core.figures import clock, percent_text, seconds_text
from core.media import RgbImage
from core.types import Box, FaceTrack, FrameScore, RegionShare
from explainers.faithfulness import strongest_area
from explainers.rendering.palette import (
    PANEL_INK_RGB,
    PANEL_MUTED_RGB,
    PANEL_RGB,
    heat_colours,
    picture_font,
    png,
)
from explainers.targets import Affine, AlignedFace, BoolArray, FloatArray
from explainers.visual import FaceAttribution

_LEAST_WIDTH_PX: Final = 640
_OPACITY: Final = 0.66


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
        return cls(width=width, tile=tile, gap=max(10, tile // 12), text=max(12, tile // 10))


def tinted(picture: RgbImage, heat: FloatArray) -> RgbImage:
    """The picture with heat laid over it: strong where the heat is strong, untouched where there is none.

    picture: (H, W, 3) uint8. heat: (H, W) in [0, 1]; shown squared, so that what stands out does.
    """
    shown = np.square(np.clip(heat, 0, 1))
    alpha = (_OPACITY * np.sqrt(shown))[..., None].astype(np.float32)
    colours = heat_colours()[np.rint(shown * 255).astype(np.uint8)]
    blend: RgbImage = np.rint(picture * (1 - alpha) + colours * alpha).astype(np.uint8)
    blend[~heat.astype(np.bool_)] = picture[~heat.astype(np.bool_)]
    return blend


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


def _trace(picture: RgbImage, area: BoolArray) -> None:
    """Draw the edge of an area, thin and white."""
    edges, _ = cv2.findContours(area.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(picture, edges, -1, (255, 255, 255), max(1, round(min(picture.shape[:2]) / 500)), cv2.LINE_AA)


def describe_regions(regions: tuple[RegionShare, ...], most: int = 2) -> str:
    """The regions with the largest shares in words, such as `mouth 43.1 %, nose 20.5 %`."""
    named = [f"{share.region} {percent_text(share.share)}" for share in regions[:most] if share.share > 0]
    return ", ".join(named) or "no single region"


def render_heatmap(
    frame: RgbImage, face: AlignedFace, attribution: FaceAttribution, track: FaceTrack, score: FrameScore
) -> bytes:
    """PNG: the whole frame at its own resolution with heat and box; below it the face, the scale and a caption."""
    overlaid = over_frame(frame, attribution.heat, face.frame_to_crop)
    _outline(overlaid, score.box)
    layout = _Layout.for_width(max(_LEAST_WIDTH_PX, frame.shape[1]))
    panel_height = layout.tile + 2 * layout.gap
    canvas = np.empty((frame.shape[0] + panel_height, layout.width, 3), np.uint8)
    canvas[:] = PANEL_RGB
    left = (layout.width - frame.shape[1]) // 2
    canvas[: frame.shape[0], left : left + frame.shape[1]] = overlaid
    top = frame.shape[0] + layout.gap
    side = (layout.tile, layout.tile)
    alone = cv2.resize(face.pixels, side, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    heat = cv2.resize(attribution.heat, side, interpolation=cv2.INTER_LINEAR)
    for place, tile in enumerate((alone, over_frame(alone, heat.astype(np.float32, copy=False), np.eye(2, 3)))):
        x = layout.gap + place * (layout.tile + layout.gap)
        canvas[top : top + layout.tile, x : x + layout.tile] = tile
    picture = Image.fromarray(canvas)
    x = 3 * layout.gap + 2 * layout.tile
    x = _draw_scale(picture, x, top, layout)
    _write_caption(picture, x + layout.gap * 2, top, layout, attribution, track, score)
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


def _outline(frame: RgbImage, box: Box) -> None:
    """Draw the face's box, white within black, so that it shows on any ground."""
    corner = round(box.x_px), round(box.y_px)
    opposite = round(box.x_px + box.width_px), round(box.y_px + box.height_px)
    thickness = max(1, round(min(frame.shape[:2]) / 360))
    cv2.rectangle(frame, corner, opposite, (0, 0, 0), thickness * 3, cv2.LINE_AA)
    cv2.rectangle(frame, corner, opposite, (255, 255, 255), thickness, cv2.LINE_AA)


def _draw_scale(picture: Image.Image, x: int, top: int, layout: _Layout) -> int:
    """The colour bar with its ends named; returns the x coordinate behind it."""
    bar = max(10, layout.tile // 12)
    ramp = heat_colours()[np.linspace(255, 0, layout.tile).astype(np.uint8)][:, None].repeat(bar, axis=1)
    picture.paste(Image.fromarray(ramp), (x, top))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((x, top, x + bar - 1, top + layout.tile - 1), outline=PANEL_MUTED_RGB)
    font = picture_font(layout.text)
    labels = x + bar + layout.gap // 2
    draw.text((labels, top), "strongest", font=font, fill=PANEL_INK_RGB)
    draw.text((labels, top + layout.tile), "none", font=font, fill=PANEL_INK_RGB, anchor="ld")
    return labels + int(font.getlength("strongest"))


def _write_caption(
    picture: Image.Image,
    x: int,
    top: int,
    layout: _Layout,
    attribution: FaceAttribution,
    track: FaceTrack,
    score: FrameScore,
) -> None:
    check = attribution.faithfulness
    heading = f"Face {track.id} at {clock(score.time_s)} ({seconds_text(score.time_s)})"
    lines = [
        f"Score of this frame: {percent_text(score.p_fake)}",
        f"Where: {describe_regions(attribution.regions)}",
        f"Colour: {attribution.method.partition(' (')[0]}, strongest tenth outlined",
        "Check passed: erasing the outlined area lowers the score"
        if check.reliable
        else "Check failed: do not rely on this map",
    ]
    draw = ImageDraw.Draw(picture)
    room = layout.width - layout.gap - x
    heading_font = _fitting(heading, room, layout.text + layout.text // 4, bold=True)
    draw.text((x, top), heading, font=heading_font, fill=PANEL_INK_RGB)
    font = min((_fitting(line, room, layout.text, bold=True) for line in lines), key=lambda font: font.size)
    y = top + round(layout.text * 2.0)
    for line in lines:
        bold = line.startswith("Check failed")
        draw.text((x, y), line, font=picture_font(int(font.size), bold), fill=PANEL_INK_RGB)
        y += round(layout.text * 1.7)


def _fitting(text: str, room_px: int, size_px: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    """Our type at the given size, or smaller until the text fits the room."""
    while size_px > 8 and picture_font(size_px, bold).getlength(text) > room_px:
        size_px -= 1
    return picture_font(size_px, bold)
