"""The verdict's account as a waterfall, and the scores over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from core.figures import clock, percent, percent_text
from core.types import (
    AudioEvidence,
    Evidence,
    FusionExplanation,
    MediaInfo,
    Thresholds,
    Verdict,
    VisualEvidence,
)
from explainers.rendering.palette import DASHES, FAKE, INK, MUTED, REAL, RULE, SERIES, figure, figure_png

_MOST_TRACKS_NAMED: Final = 6


def render_waterfall(explanation: FusionExplanation, verdict: Verdict) -> bytes:
    """PNG: from the score with nothing known to the verdict's, one bar an input, each labelled with what it added."""
    factors = explanation.factors
    drawing = figure(8.0, 1.25 + 0.42 * len(factors))
    axes = drawing.subplots()
    level = explanation.base
    for row, factor in enumerate(factors):
        colour = FAKE if factor.shapley >= 0 else REAL
        axes.barh(
            row, factor.shapley, left=level, height=0.6, color=colour, hatch=None if factor.shapley >= 0 else "///"
        )
        after = level + factor.shapley
        axes.plot((after, after), (row - 0.3, row + 1.3), color=MUTED, linewidth=0.7)
        sign = "+" if factor.shapley >= 0 else "−"
        axes.annotate(
            f"{sign}{percent(abs(factor.shapley)):.1f}",
            (max(level, after), row),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
            color=INK,
        )
        level = after
    last = len(factors)
    axes.plot((explanation.base, explanation.base), (-0.6, 0.3), color=MUTED, linewidth=0.7)
    axes.plot((level, level), (last - 0.7, last - 0.1), color=INK, linewidth=1.6)
    axes.annotate(f"verdict {percent_text(level)}", (level, last), ha="center", va="top", fontsize=9, color=INK)
    axes.annotate(
        f"nothing known {percent_text(explanation.base)}",
        (explanation.base, -0.65),
        ha="center",
        fontsize=8,
        color=MUTED,
    )
    for value, name in ((verdict.thresholds.real, "real"), (verdict.thresholds.fake, "fake")):
        axes.axvline(value, color=MUTED, linewidth=0.8, linestyle="dashed")
        axes.annotate(
            name, (value, 1), xycoords=("data", "axes fraction"), xytext=(0, 2), textcoords="offset points",
            ha="center", fontsize=7, color=MUTED,
        )  # fmt: skip
    axes.set_yticks(range(last), [factor.name for factor in factors], fontsize=8)
    axes.set_ylim(last + 0.45, -1.1)
    axes.set_xlim(0, 1)
    _per_cent(axes.xaxis)
    _bare(axes)
    axes.set_xlabel("probability of manipulation", fontsize=8, color=MUTED)
    return figure_png(drawing)


def render_timeline(media: MediaInfo, evidence: Sequence[Evidence], thresholds: Thresholds) -> bytes:
    """PNG: every face's score and the voice's over time, the thresholds drawn, manipulated stretches shaded."""
    drawing = figure(8.0, 3.0)
    axes = drawing.subplots()
    keys: list[Line2D | Patch] = []
    for each in evidence:
        keys += _draw_faces(axes, each) if isinstance(each, VisualEvidence) else _draw_voice(axes, each)
    for value, name in ((thresholds.real, "real"), (thresholds.fake, "fake")):
        axes.axhline(value, color=MUTED, linewidth=0.8, linestyle="dashed")
        axes.annotate(
            name, (1, value), xycoords=("axes fraction", "data"), xytext=(3, 0), textcoords="offset points",
            va="center", fontsize=7, color=MUTED,
        )  # fmt: skip
    if not keys:
        axes.text(0.5, 0.5, "nothing could be scored", transform=axes.transAxes, ha="center", color=MUTED)
    last_s = max([media.duration_s, *_times(evidence)], default=0.0) or 1.0
    axes.set_xlim(-0.01 * last_s, last_s * 1.01)
    axes.set_ylim(-0.02, 1.04)
    _per_cent(axes.yaxis)
    axes.xaxis.set_major_formatter(lambda value, _: clock(max(0.0, value)) if last_s >= 8 else f"{value:.1f} s")
    axes.set_xlabel("time in the recording", fontsize=8, color=MUTED)
    axes.set_ylabel("score", fontsize=8, color=MUTED)
    _bare(axes)
    if keys:
        drawing.legend(handles=keys, loc="outside upper left", ncols=4, fontsize=7, frameon=False)
    return figure_png(drawing)


def _times(evidence: Sequence[Evidence]) -> list[float]:
    times: list[float] = []
    for each in evidence:
        if isinstance(each, VisualEvidence):
            times += [track.end_s for track in each.tracks]
        else:
            times += [window.end_s for window in each.windows]
    return times


def _draw_faces(axes: Axes, evidence: VisualEvidence) -> list[Line2D | Patch]:
    keys: list[Line2D | Patch] = []
    for place, track in enumerate(sorted(evidence.tracks, key=lambda track: track.id)):
        colour, dashes = SERIES[place % len(SERIES)], DASHES[place % len(DASHES)]
        times = [frame.time_s for frame in track.frames]
        scores = [frame.p_fake for frame in track.frames]
        marker = "o" if len(times) < 60 else ""
        (line,) = axes.plot(times, scores, color=colour, linestyle=dashes, linewidth=1.2, marker=marker, markersize=3)
        if place < _MOST_TRACKS_NAMED:
            line.set_label(f"face {track.id}")
            keys.append(line)
    for segment in evidence.segments:
        axes.axvspan(
            segment.start_s, segment.end_s, facecolor=FAKE, alpha=0.14, hatch="..", edgecolor=FAKE, linewidth=0
        )
    if evidence.segments:
        keys.append(Patch(facecolor=FAKE, alpha=0.3, hatch="..", label="manipulated face"))
    return keys


def _draw_voice(axes: Axes, evidence: AudioEvidence) -> list[Line2D | Patch]:
    keys: list[Line2D | Patch] = []
    for window in evidence.windows:
        axes.plot((window.start_s, window.end_s), (window.p_fake,) * 2, color=INK, linewidth=2.4, alpha=0.75,
                  solid_capstyle="butt")  # fmt: skip
    if evidence.windows:
        keys.append(Line2D([], [], color=INK, linewidth=2.4, label="voice"))
    for segment in evidence.segments:
        axes.axvspan(segment.start_s, segment.end_s, ymax=0.08, facecolor=INK, alpha=0.35, hatch="///", edgecolor=INK)
    if evidence.segments:
        keys.append(Patch(facecolor=INK, alpha=0.35, hatch="///", label="synthetic voice"))
    return keys


def _per_cent(axis: Axis) -> None:
    axis.set_ticks([0, 0.25, 0.5, 0.75, 1.0])
    axis.set_major_formatter(lambda value, _: f"{value * 100:.0f} %")


def _bare(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(RULE)
    axes.tick_params(labelsize=8, colors=INK)
