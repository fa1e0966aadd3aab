"""The verdict's account as a waterfall, and the scores over time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from core.figures import clock, decimal_text, points_text, seconds_text
from core.types import (
    Decision,
    Evidence,
    FusionExplanation,
    MediaInfo,
    Modality,
    Outcome,
    VisualEvidence,
)
from explainers.rendering.palette import DASHES, FAKE, INK, MUTED, REAL, RULE, SERIES, figure, figure_png
from explainers.rendering.wording import Words, factor, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

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


def render_waterfall(explanation: FusionExplanation, words: Words) -> bytes:
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
            words.figure(points_text(each.shapley)),
            (max(level, after), row),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
            color=INK,
        )
        level = after
    last = len(factors)
    together = words.say("chart.together", percent=percent(words, level))
    unknown = words.say("chart.unknown", percent=percent(words, explanation.base))
    axes.plot((explanation.base, explanation.base), (-0.6, 0.3), color=MUTED, linewidth=0.7)
    axes.plot((level, level), (last - 0.7, last - 0.1), color=INK, linewidth=1.6)
    axes.annotate(
        together, (min(max(level, 0.1), 0.9), last), ha="center", va="top", fontsize=9,
        color=INK, bbox=_GROUND,
    )  # fmt: skip
    axes.annotate(
        unknown, (explanation.base, -0.65), ha="center", fontsize=9,
        color=MUTED, bbox=_GROUND,
    )  # fmt: skip
    axes.set_yticks(range(last), [factor(words, each) for each in factors], fontsize=9)
    axes.set_ylim(last + 0.45, -1.1)
    axes.set_xlim(0, 1)
    _per_cent(axes.xaxis)
    _bare(axes)
    axes.set_xlabel(words.say("chart.axis"), fontsize=9, color=MUTED)
    return figure_png(drawing)


def render_timeline(media: MediaInfo, evidence: Sequence[Evidence], decision: Decision, words: Words) -> bytes:
    """PNG: every face's score and the voice's over time, each part's own limits drawn, high stretches shaded.

    Warm colour is kept for what is manipulated: a face or a voice that is not is never drawn in it.
    """
    drawing = figure(8.0, 3.6)
    axes = drawing.subplots()
    keys: list[Line2D | Patch] = []
    for each in evidence:
        draw = _draw_faces if isinstance(each, VisualEvidence) else _draw_voice
        keys += draw(axes, each, decision, words)
    keys += _draw_limits(axes, decision, words)
    if not keys:
        axes.text(0.5, 0.5, words.say("chart.nothing"), transform=axes.transAxes, ha="center", color=MUTED)
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
    axes.set_xlabel(words.say("chart.time"), fontsize=9, color=MUTED)
    axes.set_ylabel(words.say("chart.score"), fontsize=9, color=MUTED)
    _bare(axes)
    if keys:
        drawing.legend(handles=keys, loc="outside upper left", ncols=3, fontsize=9, frameon=False)
    return figure_png(drawing)


def _times(evidence: Sequence[Evidence]) -> list[float]:
    times: list[float] = []
    for each in evidence:
        if isinstance(each, VisualEvidence):
            times += [track.end_s for track in each.tracks]
        else:
            times += [window.end_s for window in each.windows]
    return times


def _draw_faces(axes: Axes, evidence: Evidence, decision: Decision, words: Words) -> list[Line2D | Patch]:
    if not isinstance(evidence, VisualEvidence):
        return []
    keys: list[Line2D | Patch] = []
    ranked = sorted(evidence.tracks, key=lambda track: (-track.p_fake, track.id))
    for track in ranked[_TRACKS_NAMED:]:
        times, scores = [frame.time_s for frame in track.frames], [frame.p_fake for frame in track.frames]
        (line,) = axes.plot(times, scores, color=RULE, linewidth=0.8)
    if len(ranked) > _TRACKS_NAMED:
        line.set_label(words.say("chart.more", count=len(ranked) - _TRACKS_NAMED))
        keys.append(line)
    for place, track in enumerate(sorted(ranked[:_TRACKS_NAMED], key=lambda track: track.id)):
        times, scores = [frame.time_s for frame in track.frames], [frame.p_fake for frame in track.frames]
        face = decision.face(track.id)
        is_found = face is not None and face.outcome is Outcome.FAKE
        (line,) = axes.plot(
            times,
            scores,
            color=FAKE if is_found else SERIES[place % len(SERIES)],
            linestyle=DASHES[place % len(DASHES)],
            linewidth=1.4,
            marker="o" if len(times) < 60 else "",
            markersize=3.5,
            label=_name(words, words.say("chart.face", number=track.id), is_found),
        )
        keys.append(line)
    return keys + _shade_stretches(axes, decision, Modality.VISUAL, words, 1.0)


def _draw_voice(axes: Axes, evidence: Evidence, decision: Decision, words: Words) -> list[Line2D | Patch]:
    from matplotlib.lines import Line2D  # deferred: see palette

    if isinstance(evidence, VisualEvidence):
        return []
    keys: list[Line2D | Patch] = []
    part = decision.part(Modality.AUDIO)
    is_found = part is not None and part.outcome is Outcome.FAKE
    colour = FAKE if is_found else INK
    for window in evidence.windows:
        axes.plot((window.start_s, window.end_s), (window.p_fake,) * 2, color=colour, linewidth=2.6, alpha=0.75,
                  solid_capstyle="butt")  # fmt: skip
    if evidence.windows:
        name = _name(words, words.say("chart.voice"), is_found)
        keys.append(Line2D([], [], color=colour, linewidth=2.6, label=name))
    return keys + _shade_stretches(axes, decision, Modality.AUDIO, words, 0.08)


def _name(words: Words, name: str, is_found: bool) -> str:
    return words.say("chart.found", name=name) if is_found else name


def _shade_stretches(
    axes: Axes, decision: Decision, modality: Modality, words: Words, height: float
) -> list[Line2D | Patch]:
    """Where scores are high: warm and dotted where that is a finding, grey and hatched where they are only raised."""
    from matplotlib.patches import Patch  # deferred: see palette

    part = decision.part(modality)
    keys: list[Line2D | Patch] = []
    for is_found in (True, False):
        chosen = [each for each in (part.stretches if part else ()) if each.is_manipulated is is_found]
        colour, hatch = (FAKE, "..") if is_found else (MUTED, "///")
        for start_s, end_s in merged((each.start_s, each.end_s) for each in chosen):
            axes.axvspan(start_s, end_s, ymax=height, facecolor=colour, alpha=0.14, hatch=hatch, edgecolor=colour,
                         linewidth=0)  # fmt: skip
        if chosen:
            told = words.say("level.manipulated") if is_found else words.say("chart.raised")
            label = words.say("chart.high", part=words.say(f"part.{modality}"), level=told)
            keys.append(Patch(facecolor=colour, alpha=0.3, hatch=hatch, label=label))
    return keys


def _draw_limits(axes: Axes, decision: Decision, words: Words) -> list[Line2D | Patch]:
    """What decides: each part's own two limits."""
    keys: list[Line2D | Patch] = []
    for part in decision.parts:
        if part.limits is None or part.outcome is None:
            continue
        is_face = part.modality is Modality.VISUAL
        style = (0, (1, 2)) if is_face else (0, (4, 2))
        for value, side in ((part.limits.fake, "fake"), (part.limits.real, "real")):
            line = axes.axhline(value, color=MUTED, linewidth=1.0, linestyle=style)
            name = words.say(f"part.{part.modality}")
            line.set_label(words.say(f"chart.{side}", part=name, percent=percent(words, value)))
            keys.append(line)
    return keys


def _per_cent(axis: Axis) -> None:
    axis.set_ticks([0, 0.25, 0.5, 0.75, 1.0])
    axis.set_major_formatter(lambda value, _: f"{decimal_text(value * 100, 0)} %")


def _bare(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(RULE)
    axes.tick_params(labelsize=9, colors=INK)
