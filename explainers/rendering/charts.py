"""The verdict's account as a waterfall, and the scores over time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from core.figures import clock, decimal_text, percent_text, points_text, seconds_text
from core.types import (
    AudioEvidence,
    Evidence,
    FusionExplanation,
    MediaInfo,
    Scored,
    Thresholds,
    Verdict,
    VisualEvidence,
)
from explainers.rendering.palette import DASHES, FAKE, INK, MUTED, REAL, RULE, SERIES, figure, figure_png
from explainers.rendering.wording import factor

_TRACKS_NAMED: Final = 6
"""Faces drawn in colour and named, those that score highest; the others are drawn in grey."""
_GROUND: Final = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
"""Behind words that lines would otherwise cross."""
_STEPS_S: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)


def merged(stretches: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """The union of stretches of time, ascending and apart."""
    union: list[tuple[float, float]] = []
    for start_s, end_s in sorted(stretches):
        if union and start_s <= union[-1][1]:
            union[-1] = (union[-1][0], max(union[-1][1], end_s))
        else:
            union.append((start_s, end_s))
    return union


def render_waterfall(explanation: FusionExplanation, verdict: Verdict) -> bytes:
    """PNG: from the score with nothing known to the verdict's, one bar an input, each labelled with what it added."""
    factors = explanation.factors
    drawing = figure(8.0, 1.25 + 0.42 * len(factors))
    axes = drawing.subplots()
    level = explanation.base
    for row, each in enumerate(factors):
        colour = FAKE if each.shapley >= 0 else REAL
        axes.barh(row, each.shapley, left=level, height=0.6, color=colour, hatch=None if each.shapley >= 0 else "///")
        after = level + each.shapley
        axes.plot((after, after), (row - 0.3, row + 1.3), color=MUTED, linewidth=0.7)
        axes.annotate(
            points_text(each.shapley),
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
    axes.annotate(
        f"verdict {percent_text(level)}", (min(max(level, 0.1), 0.9), last), ha="center", va="top", fontsize=9,
        color=INK, bbox=_GROUND,
    )  # fmt: skip
    axes.annotate(
        f"nothing known {percent_text(explanation.base)}", (explanation.base, -0.65), ha="center", fontsize=8,
        color=MUTED, bbox=_GROUND,
    )  # fmt: skip
    for value, name in ((verdict.thresholds.real, "real"), (verdict.thresholds.fake, "fake")):
        axes.axvline(value, color=MUTED, linewidth=0.8, linestyle="dashed")
        axes.annotate(
            name, (value, 1), xycoords=("data", "axes fraction"), xytext=(0, 2), textcoords="offset points",
            ha="center", fontsize=7, color=MUTED,
        )  # fmt: skip
    axes.set_yticks(range(last), [factor(each) for each in factors], fontsize=8)
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
    for each in evidence:
        keys += _draw_threshold(axes, each)
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
    if last_s >= 8:
        step_s = next((step for step in _STEPS_S if last_s / step <= 8), _STEPS_S[-1])
        axes.set_xticks(range(0, int(last_s) + 1, step_s))
        axes.xaxis.set_major_formatter(lambda value, _: clock(max(0.0, value)))
    else:
        axes.xaxis.set_major_formatter(lambda value, _: seconds_text(value))
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
    ranked = sorted(evidence.tracks, key=lambda track: (-track.p_fake, track.id))
    for track in ranked[_TRACKS_NAMED:]:
        times, scores = [frame.time_s for frame in track.frames], [frame.p_fake for frame in track.frames]
        (line,) = axes.plot(times, scores, color=RULE, linewidth=0.8)
    if len(ranked) > _TRACKS_NAMED:
        line.set_label(f"{len(ranked) - _TRACKS_NAMED} more faces")
        keys.append(line)
    for place, track in enumerate(sorted(ranked[:_TRACKS_NAMED], key=lambda track: track.id)):
        times, scores = [frame.time_s for frame in track.frames], [frame.p_fake for frame in track.frames]
        (line,) = axes.plot(
            times,
            scores,
            color=SERIES[place % len(SERIES)],
            linestyle=DASHES[place % len(DASHES)],
            linewidth=1.2,
            marker="o" if len(times) < 60 else "",
            markersize=3,
            label=f"face {track.id}",
        )
        keys.append(line)
    for start_s, end_s in merged((segment.start_s, segment.end_s) for segment in evidence.segments):
        axes.axvspan(start_s, end_s, facecolor=FAKE, alpha=0.14, hatch="..", edgecolor=FAKE, linewidth=0)
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
    for start_s, end_s in merged((segment.start_s, segment.end_s) for segment in evidence.segments):
        axes.axvspan(start_s, end_s, ymax=0.08, facecolor=INK, alpha=0.35, hatch="///", edgecolor=INK)
    if evidence.segments:
        keys.append(Patch(facecolor=INK, alpha=0.35, hatch="///", label="synthetic voice"))
    return keys


def _draw_threshold(axes: Axes, evidence: Evidence) -> list[Line2D | Patch]:
    """From where on a detector marks a stretch: stricter than the verdict's line."""
    if evidence.thresholds is None or not isinstance(evidence.finding, Scored):
        return []
    is_face = isinstance(evidence, VisualEvidence)
    fake = evidence.thresholds.fake
    line = axes.axhline(fake, color=SERIES[0] if is_face else INK, linewidth=0.9, linestyle=(0, (1, 2)))
    line.set_label(f"{'face' if is_face else 'voice'} marked from {percent_text(fake)}")
    return [line]


def _per_cent(axis: Axis) -> None:
    axis.set_ticks([0, 0.25, 0.5, 0.75, 1.0])
    axis.set_major_formatter(lambda value, _: f"{decimal_text(value * 100, 0)} %")


def _bare(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(RULE)
    axes.tick_params(labelsize=8, colors=INK)
