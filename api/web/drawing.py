"""Where the timeline's figures lie on the page: lanes as SVG paths on a plane of 1,000 by 64 units.

Only geometry. Every figure is the timeline's own, and stands in words beside its lane.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from api.usecases.timeline import FaceLane, Timeline, TimelineMap, TimelineSegment, TimelineTrack, VoiceLane
from core.figures import clock
from core.types import Thresholds

WIDTH: Final = 1000.0
HEIGHT: Final = 64.0
MARGIN: Final = 5.0
LANES: Final = 4
"""Faces whose lanes are shown at once, the highest scores; the others can be unfolded."""
_NARROWEST: Final = 3.0
"""So that a short stretch of a long recording can still be seen."""
_STEPS_S: Final = (0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a lane."""

    x: float
    width: float
    segment: TimelineSegment


@dataclass(frozen=True, slots=True)
class DrawnLane:
    """`line` joins the scores, `dots` are where they were measured; both are SVG path data."""

    kind: str
    track: TimelineTrack | None
    score_pct: float | None
    line: str
    dots: str
    fake_y: float | None
    real_y: float | None
    thresholds: Thresholds | None
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    label: str


@dataclass(frozen=True, slots=True)
class DrawnMap:
    """Where a map has its place on the time axis."""

    x: float
    width: float
    map: TimelineMap


@dataclass(frozen=True, slots=True)
class Drawing:
    duration_s: float
    lanes: tuple[DrawnLane, ...]
    folded: tuple[DrawnLane, ...]
    ticks: tuple[Tick, ...]
    maps: tuple[DrawnMap, ...]


def draw(timeline: Timeline) -> Drawing | None:
    """None when there is no time to draw, as of an image, or nothing was examined yet."""
    duration_s = timeline.duration_s
    if duration_s <= 0:
        return None
    plane = _Plane(duration_s)
    faces = () if timeline.faces is None else plane.faces(timeline.faces)
    voice = () if timeline.voice is None else plane.voice(timeline.voice)
    if not faces and not voice:
        return None
    return Drawing(
        duration_s=duration_s,
        lanes=(*faces[:LANES], *voice),
        folded=faces[LANES:],
        ticks=plane.ticks(),
        maps=tuple(
            DrawnMap(plane.x(each.start_s), plane.width(each.start_s, each.end_s), each) for each in timeline.maps
        ),
    )


@dataclass(frozen=True, slots=True)
class _Plane:
    duration_s: float

    def x(self, time_s: float) -> float:
        return round(WIDTH * min(1.0, max(0.0, time_s / self.duration_s)), 2)

    def width(self, start_s: float, end_s: float) -> float:
        return round(max(_NARROWEST, self.x(end_s) - self.x(start_s)), 2)

    @staticmethod
    def y(p_fake: float) -> float:
        return round(MARGIN + (1.0 - p_fake) * (HEIGHT - 2 * MARGIN), 2)

    def faces(self, lane: FaceLane) -> tuple[DrawnLane, ...]:
        """Highest scores first, so that what matters is seen without unfolding."""
        ranked = sorted(lane.tracks, key=lambda track: (-track.p_fake, track.id))
        shown = sorted(ranked[:LANES], key=lambda track: track.id)
        return tuple(
            self._lane(
                "face",
                track,
                track.score_pct,
                [(point.time_s, point.p_fake) for point in track.points],
                track.thresholds,
                (segment for segment in lane.segments if segment.track_id == track.id),
            )
            for track in (*shown, *ranked[LANES:])
        )

    def voice(self, lane: VoiceLane) -> tuple[DrawnLane, ...]:
        if not lane.windows:
            return ()
        points = [((window.start_s + window.end_s) / 2, window.p_fake) for window in lane.windows]
        return (self._lane("voice", None, lane.score_pct, points, lane.thresholds, lane.segments),)

    def _lane(
        self,
        kind: str,
        track: TimelineTrack | None,
        score_pct: float | None,
        points: list[tuple[float, float]],
        thresholds: Thresholds | None,
        segments: Iterable[TimelineSegment],
    ) -> DrawnLane:
        places = [f"{self.x(time_s)} {self.y(p_fake)}" for time_s, p_fake in points]
        return DrawnLane(
            kind=kind,
            track=track,
            score_pct=score_pct,
            line="M" + "L".join(places),
            dots="".join(f"M{place}h0" for place in places) if len(places) <= 400 else "",
            fake_y=None if thresholds is None else self.y(thresholds.fake),
            real_y=None if thresholds is None else self.y(thresholds.real),
            thresholds=thresholds,
            marks=tuple(Mark(self.x(each.start_s), self.width(each.start_s, each.end_s), each) for each in segments),
        )

    def ticks(self) -> tuple[Tick, ...]:
        """At most nine, on round times."""
        step = next((step for step in _STEPS_S if self.duration_s / step <= 8), _STEPS_S[-1])
        times = [number * step for number in range(int(self.duration_s / step) + 1)]
        return tuple(Tick(self.x(time_s), clock(time_s)) for time_s in times if time_s <= self.duration_s * 0.97)
