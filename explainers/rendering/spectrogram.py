"""SHAP values of one window of speech, drawn on its spectrogram."""

from __future__ import annotations

import io
from typing import Final

import cv2
import numpy as np
from PIL import Image, ImageColor, ImageDraw

from core.figures import clock, seconds_text
from core.media import RgbImage
from core.types import AudioExplanation
from explainers.faithfulness import strongest_area
from explainers.rendering.palette import FAKE, INK, MUTED, REAL, drawn, figure, picture_font, png
from explainers.rendering.wording import Words, percent
from explainers.targets import FloatArray
from explainers.voice.attribution import WindowAttribution

_PLOT_IN: Final = (8.0, 3.8)
_PLOT_PX: Final = (1200, 570)
"""Width and height, as `palette.figure` draws the inches above."""
_MARGINS: Final = {"left": 0.067, "right": 0.965, "bottom": 0.066, "top": 0.98, "hspace": 0.08}
"""Room for the ticks' labels, which are these frequencies and times of five digits at most."""
_TEXT_PX: Final = 20
_HEAD_PX: Final = 80
_FOOT_PX: Final = 72
_TICKS_HZ: Final = (7000, 4000, 2000, 1000, 500, 250)


def _ticks(band_hz: FloatArray) -> list[int]:
    """Frequencies to label: those that the plane reaches, each clear of the one above it."""
    chosen: list[int] = []
    places = np.arange(len(band_hz)) / len(band_hz)
    for hz in _TICKS_HZ:
        if band_hz[0] <= hz <= band_hz[-1]:
            place = np.interp(hz, band_hz, places)
            if not chosen or np.interp(chosen[-1], band_hz, places) - place > 0.06:
                chosen.append(hz)
    return chosen


def _veiled(heard: FloatArray, values: FloatArray) -> RgbImage:
    """The sound in grey under veils of both colours, laid once a cell and not once a pixel. Both: (F, T), up to 1."""
    from matplotlib import colormaps  # deferred: see palette

    picture = 1 - 0.75 * (1 - colormaps["Greys"](heard)[..., :3])
    for sign, colour in ((1.0, FAKE), (-1.0, REAL)):
        veil = 0.95 * np.clip(sign * values, 0, 1)[..., None]
        picture += (np.asarray(ImageColor.getrgb(colour)) / 255 - picture) * veil
    return np.rint(picture * 255).astype(np.uint8)


def smoothed(values: FloatArray, frames: int, bands: int) -> FloatArray:
    """Local means of the attribution over frames and bands, which read as areas where single cells do not."""
    means = cv2.blur(np.ascontiguousarray(values), (bands, frames), borderType=cv2.BORDER_REFLECT)
    return means.astype(np.float32, copy=False)


def render_spectrogram(
    plane: FloatArray,
    attribution: WindowAttribution,
    *,
    frame_s: float,
    band_hz: FloatArray,
    start_s: float,
    p_fake: float,
    words: Words,
) -> bytes:
    """PNG: the window in grey, evidence for synthesis in red and outlined, against it in blue, on the video's clock.

    Args:    plane: (T, F), the input as the model saw it. frame_s: of each of its T rows. start_s: of the window.
    """
    from matplotlib.ticker import MaxNLocator  # deferred: see palette

    frames, bands = plane.shape
    end_s = start_s + frames * frame_s
    extent = (start_s, end_s, -0.5, bands - 0.5)
    values = smoothed(attribution.values, 5, 3)
    broad = smoothed(attribution.values, 15, 7)
    # the strongest one per cent of cells saturates
    reach = float(np.quantile(np.abs(values), 0.99)) or 1.0
    drawing = figure(*_PLOT_IN)
    # Matplotlib would find the same by measuring every label, twice.
    drawing.set_layout_engine(None)
    drawing.subplots_adjust(**_MARGINS)
    upper, lower = drawing.subplots(2, 1, sharex=True, height_ratios=(4, 1))
    low, high = np.quantile(plane, (0.02, 0.995))
    heard = np.clip((plane.T - low) / max(high - low, 1e-6), 0, 1)
    upper.imshow(
        _veiled(heard, values.T / reach), origin="lower", aspect="auto", extent=extent, interpolation="nearest"
    )
    times = start_s + (np.arange(frames) + 0.5) * frame_s
    if (broad > 0).any():
        upper.contour(times, np.arange(bands), strongest_area(broad).T, levels=[0.5], colors=[INK], linewidths=0.6)
    ticks = _ticks(band_hz)
    upper.set_yticks([float(np.interp(hz, band_hz, np.arange(bands))) for hz in ticks])
    upper.set_yticklabels([f"{hz / 1000:g} kHz" if hz >= 1000 else f"{hz} Hz" for hz in ticks])
    net = values.sum(axis=1)
    lower.fill_between(times, np.maximum(net, 0), step="mid", color=FAKE, linewidth=0)
    lower.fill_between(times, np.minimum(net, 0), step="mid", color=REAL, linewidth=0)
    lower.axhline(0, color=MUTED, linewidth=0.6)
    peak = (start_s + attribution.peak_start_s, start_s + attribution.peak_end_s)
    for panel in (upper, lower):
        for edge in peak:
            panel.axvline(edge, color=INK, linewidth=0.8, linestyle="dashed")
    lower.set_xlim(start_s, end_s)
    lower.xaxis.set_major_locator(MaxNLocator(nbins=8))
    lower.xaxis.set_major_formatter(lambda value, _: seconds_text(value))
    lower.set_yticks([])
    for panel in (upper, lower):
        panel.tick_params(labelsize=8, colors=INK)
    return _label(drawn(drawing), start_s, end_s, p_fake, attribution.faithfulness.reliable, words)


def relabel_spectrogram(content: bytes, explanation: AudioExplanation, words: Words) -> bytes:
    """A picture of `render_spectrogram` with its words in another language.

    Raises: ValueError for a picture that was not drawn like this.
    """
    known = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))
    if known.shape[:2] != (_HEAD_PX + _PLOT_PX[1] + _FOOT_PX, _PLOT_PX[0]):
        raise ValueError("this picture has other measures")
    plot = known[_HEAD_PX : _HEAD_PX + _PLOT_PX[1]]
    is_reliable = explanation.faithfulness.reliable
    return _label(plot, explanation.start_s, explanation.end_s, explanation.p_fake, is_reliable, words)


def _label(plot: RgbImage, start_s: float, end_s: float, p_fake: float, is_reliable: bool, words: Words) -> bytes:
    """The plot between a head and a foot that hold all words, so that they can be written in another language."""
    height, width = plot.shape[:2]
    canvas = np.full((_HEAD_PX + height + _FOOT_PX, width, 3), 255, np.uint8)
    canvas[_HEAD_PX : _HEAD_PX + height] = plot
    picture = Image.fromarray(canvas)
    draw, small = ImageDraw.Draw(picture), picture_font(_TEXT_PX)
    title = words.say(
        "picture.voice",
        start=f"{clock(start_s)} ({words.figure(seconds_text(start_s))})",
        end=words.figure(seconds_text(end_s)),
        percent=percent(words, p_fake),
    )
    draw.text((_TEXT_PX, _TEXT_PX // 2), title, font=picture_font(_TEXT_PX * 5 // 4, True), fill=INK)
    x, y = float(_TEXT_PX), _HEAD_PX - 2 * _TEXT_PX
    for colour, section in ((FAKE, "picture.for"), (REAL, "picture.against")):
        draw.rectangle((x, y + 2, x + _TEXT_PX, y + 2 + _TEXT_PX), fill=colour)
        told = words.say(section)
        draw.text((x + 1.5 * _TEXT_PX, y), told, font=small, fill=INK)
        x += 3.5 * _TEXT_PX + small.getlength(told)
    check = words.say("picture.passed" if is_reliable else "picture.failed")
    below = _HEAD_PX + height + _TEXT_PX // 2
    for number, told in enumerate((words.say("picture.net"), words.say("picture.dashed", check=check))):
        draw.text((_TEXT_PX, below + number * _TEXT_PX * 3 // 2), told, font=small, fill=MUTED)
    return png(np.asarray(picture), is_drawing=True)
