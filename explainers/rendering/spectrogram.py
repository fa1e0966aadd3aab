"""SHAP values of one window of speech, drawn on its spectrogram."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from matplotlib.colors import LinearSegmentedColormap, Normalize, to_rgba
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from core.figures import clock, seconds_text
from explainers.faithfulness import strongest_area
from explainers.rendering.palette import FAKE, INK, MUTED, REAL, figure, figure_png
from explainers.rendering.wording import Words, percent
from explainers.targets import FloatArray
from explainers.voice.attribution import WindowAttribution

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


def _veil(colour: str) -> LinearSegmentedColormap:
    """From transparent to the colour."""
    red, green, blue, _ = to_rgba(colour)
    return LinearSegmentedColormap.from_list("veil", [(red, green, blue, 0.0), (red, green, blue, 0.95)])


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
    frames, bands = plane.shape
    end_s = start_s + frames * frame_s
    extent = (start_s, end_s, -0.5, bands - 0.5)
    values = smoothed(attribution.values, 5, 3)
    broad = smoothed(attribution.values, 15, 7)
    # the strongest one per cent of cells saturates
    reach = float(np.quantile(np.abs(values), 0.99)) or 1.0
    drawing = figure(8.0, 4.1)
    upper, lower = drawing.subplots(2, 1, sharex=True, height_ratios=(4, 1))
    low, high = np.quantile(plane, (0.02, 0.995))
    shared = {"origin": "lower", "aspect": "auto", "extent": extent, "interpolation": "nearest"}
    upper.imshow(plane.T, cmap="Greys", norm=Normalize(low, max(high, low + 1e-6)), alpha=0.75, **shared)
    for sign, colour in ((1.0, FAKE), (-1.0, REAL)):
        upper.imshow(np.clip(sign * values.T, 0, None), cmap=_veil(colour), norm=Normalize(0, reach), **shared)
    times = start_s + (np.arange(frames) + 0.5) * frame_s
    if (broad > 0).any():
        upper.contour(times, np.arange(bands), strongest_area(broad).T, levels=[0.5], colors=[INK], linewidths=0.6)
    ticks = _ticks(band_hz)
    upper.set_yticks([float(np.interp(hz, band_hz, np.arange(bands))) for hz in ticks])
    upper.set_yticklabels([f"{hz / 1000:g} kHz" if hz >= 1000 else f"{hz} Hz" for hz in ticks])
    upper.set_title(
        words.say(
            "picture.voice",
            start=f"{clock(start_s)} ({words.figure(seconds_text(start_s))})",
            end=words.figure(seconds_text(end_s)),
            percent=percent(words, p_fake),
        ),
        loc="left",
        fontsize=10,
        color=INK,
    )
    drawing.legend(
        handles=[
            Patch(color=FAKE, label=words.say("picture.for")),
            Patch(color=REAL, label=words.say("picture.against")),
        ],
        loc="outside upper right",
        ncols=2,
        fontsize=7,
        frameon=False,
    )
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
    lower.set_ylabel(words.say("picture.net"), fontsize=8, color=MUTED)
    check = words.say("picture.passed" if attribution.faithfulness.reliable else "picture.failed")
    lower.set_xlabel(words.say("picture.dashed", check=check), fontsize=8, color=MUTED)
    for panel in (upper, lower):
        panel.tick_params(labelsize=8, colors=INK)
    return figure_png(drawing)
