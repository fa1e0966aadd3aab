"""A question put to one analysis: what holds of the two (marks), and what a sentence may be filled with (slots)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from agents.conversation.cases import Case, ErrorRates
from agents.conversation.understanding.question import Question
from agents.report import CaseEvidence, Fact, collect_facts
from core.types import (
    Because,
    Changes,
    CoveredKind,
    Decision,
    FaceReading,
    FaceTrack,
    Length,
    MediaKind,
    Modality,
    Moment,
    Noun,
    Outcome,
    PartReading,
    Percent,
    Points,
    Scored,
    Stability,
    Thresholds,
)
from detectors.fusion import weigh
from prompts.slots import Fill

PART: Final = {Modality.VISUAL: "faces", Modality.AUDIO: "voice"}
STREAM: Final = {Modality.VISUAL: "picture", Modality.AUDIO: "sound"}
STATE: Final = {Outcome.FAKE: "fake", Outcome.REAL: "real", Outcome.INCONCLUSIVE: "open"}
_TRACKS: Final = frozenset(CoveredKind) - {CoveredKind.STRETCH, CoveredKind.OTHER, CoveredKind.VOICE}
SIDES: Final = ("left", "middle", "right")


@dataclass(slots=True)
class Situation:
    """What decides between sentences, and what fills them."""

    marks: set[str] = field(default_factory=set)
    slots: dict[str, Fill] = field(default_factory=dict)
    cites: dict[str, str] = field(default_factory=dict)
    """Evidence ids by the names that forms cite them under."""


@dataclass(frozen=True)
class Inquiry:
    """A question put to one analysis."""

    question: Question
    case: Case
    case_evidence: CaseEvidence
    error_rates: ErrorRates

    @cached_property
    def decision(self) -> Decision:
        return self.case_evidence.decision

    @property
    def parts(self) -> list[PartReading]:
        """Faces and voice, as far as they were scored."""
        return [part for part in self.decision.parts if part.outcome is not None]

    @property
    def deciding(self) -> PartReading | None:
        """The part that is asked about, or that the verdict turns on."""
        asked = [part for part in self.parts if part.modality is self.question.part]
        return asked[0] if asked else self.decision.leading

    def limits_of(self, part: PartReading | FaceReading) -> Thresholds:
        """The limits by which it was called; those of the verdict in evidence of earlier versions."""
        return part.limits or self.case_evidence.verdict.thresholds

    @property
    def tracks(self) -> tuple[FaceTrack, ...]:
        seen = self.case_evidence.visual
        return seen.tracks if seen is not None and isinstance(seen.finding, Scored) else ()

    @property
    def face(self) -> FaceTrack | None:
        """The face that is named, by number or by its side of the picture, or else the one that scores highest."""
        question, tracks = self.question, self.tracks
        if question.face is not None:
            return next((track for track in tracks if track.id == question.face), None)
        if question.side is not None and len(tracks) > 1:
            across = sorted(tracks, key=find_middle_px)
            return across[{"left": 0, "right": -1}.get(question.side, len(across) // 2)]
        return max(tracks, key=lambda track: (track.decides, track.p_fake), default=None)

    @property
    def is_face_named(self) -> bool:
        return self.question.face is not None or (self.question.side is not None and len(self.tracks) > 1)


def find_middle_px(track: FaceTrack) -> float:
    """Where a face is across the picture, on average over its frames."""
    return sum(frame.box.x_px + frame.box.width_px / 2 for frame in track.frames) / len(track.frames)


def select_facts(case_evidence: CaseEvidence, *prefixes: str) -> list[Fact]:
    """The report's own facts of these kinds, in its order."""
    return [
        fact
        for fact in collect_facts(case_evidence)
        if any(fact.key == prefix or fact.key.startswith(f"{prefix}.") for prefix in prefixes)
    ]


def describe_situation(at: Inquiry) -> Situation:
    """Everything that forms may ask for, of one question and one analysis."""
    made = Situation(cites={"analysis": "analysis", "service": "service", "verdict": "verdict"})
    for describe in (_describe_question, _describe_file, _describe_verdict, _describe_parts, _describe_face):
        describe(at, made)
    for describe in (_describe_worst, _describe_check, _describe_hypothesis, _describe_rates):
        describe(at, made)
    return made


def _describe_question(at: Inquiry, made: Situation) -> None:
    made.marks |= {f"asks:{name}" for name in at.question.asks}
    if at.question.part is not None:
        made.marks.add(f"part:{PART[at.question.part]}")
    if at.is_face_named:
        made.marks.add("face:named")
        made.slots["face"] = at.question.face or 0


def _describe_file(at: Inquiry, made: Situation) -> None:
    info, analysis = at.case_evidence.media, at.case.analysis
    made.marks |= {"image"} if info.kind is MediaKind.IMAGE else set()
    made.marks |= {STREAM[each] for each in Modality if (info.has_video, info.has_audio)[each is Modality.AUDIO]}
    made.slots |= {"subject": Noun(at.case_evidence.media.kind.subject), "length": Length(info.duration_s)}
    tracks = [each for each in at.case_evidence.coverage if each.kind in _TRACKS]
    if len(tracks) == len({each.kind for each in tracks}) and CoveredKind.STILL not in {each.kind for each in tracks}:
        made.marks.add("tracks:single")
    if all(each.is_examined for each in tracks):
        made.marks.add("tracks:all")
    if analysis.finished_at is not None:
        made.marks.add("finished")
        taken_s = (analysis.finished_at - analysis.created_at).total_seconds()
        at_hour = analysis.finished_at.strftime("%Y-%m-%d %H:%M").split()
        made.slots |= {"day": at_hour[0], "hour": at_hour[1], "seconds": Length(max(0.0, taken_s))}


def _describe_verdict(at: Inquiry, made: Situation) -> None:
    verdict, decision = at.case_evidence.verdict, at.decision
    if decision.state != "examined":
        made.marks |= {"nothing", decision.state}
        absent = (*decision.absent, *verdict.reasons)
        made.slots |= {"reason": Because(absent[0])} if absent else {}
        return
    made.marks.add(STATE[verdict.outcome])
    if verdict.reasons:
        made.slots["reason"] = Because(verdict.reasons[0])
    leaning, part = decision.leaning, at.deciding
    if leaning is not None:
        made.marks |= {f"leans:{STATE[leaning.towards]}"} | ({"withheld"} if leaning.withheld else set())
    if part is None or verdict.p_fake is None:
        return
    limits, p_fake = at.limits_of(part), part.p_fake or 0.0
    assert part.outcome is not None
    made.marks.add(f"own:{STATE[part.outcome]}")
    if decision.combined is None and p_fake < limits.fake:
        made.marks.add("short")
    made.slots |= _describe_limits(p_fake, limits, "part_")
    made.slots |= {"part": Noun(PART[part.modality]), "gap": Points(abs(limits.fake - p_fake))}
    made.slots |= {"in_100": part.in_100 or 1, "percent": Percent(verdict.p_fake)}
    made.slots["together"] = Percent(verdict.p_fake) if len(at.parts) > 1 else ""
    made.cites["part"] = str(part.modality)


def _describe_limits(p_fake: float, limits: Thresholds, prefix: str) -> dict[str, Fill]:
    figures = {"own": p_fake, "fake": limits.fake, "real": limits.real}
    return {f"{prefix}{name}": Percent(value) for name, value in figures.items()}


def _describe_parts(at: Inquiry, made: Situation) -> None:
    for modality, name in PART.items():
        part = at.decision.part(modality)
        made.cites[name] = str(modality) if part is not None else "plan"
        if part is None:
            made.marks.add(f"{name}:absent")
        elif part.outcome is not None:
            made.marks |= {f"{name}:{STATE[part.outcome]}", f"{name}:scored"}
            made.slots |= _describe_limits(part.p_fake or 0.0, at.limits_of(part), f"{name}_")
        elif part.reason is not None:
            made.marks.add(f"{name}:unscored")
            made.slots[f"{name}_reason"] = Because(part.reason)
    if (seen := at.case_evidence.visual) is not None:
        made.slots |= {"frames": seen.coverage.frames_sampled, "with_face": seen.coverage.frames_with_face}
        if seen.fake_frames_pct is not None:
            made.marks.add("share")
            made.slots["share"] = Percent(seen.fake_frames_pct / 100)
    if (heard := at.case_evidence.audio) is not None:
        made.slots["speech"] = Length(heard.coverage.speech_s)
    made.slots["number"] = len(at.tracks)


def _describe_face(at: Inquiry, made: Situation) -> None:
    face = at.face
    if face is None:
        made.marks |= {"face:missing"} if at.is_face_named else set()
        return
    read = at.decision.face(face.id)
    made.marks.add(f"face:{'unjudged' if read is None or read.outcome is None else STATE[read.outcome]}")
    limits = at.case_evidence.verdict.thresholds if read is None else at.limits_of(read)
    width_px = at.case_evidence.media.width_px or 0
    made.cites["face"] = f"visual.track.{face.id}"
    made.slots |= {"face": face.id, "face_own": Percent(face.p_fake)}
    made.slots |= {"start": Moment(face.start_s), "end": Moment(face.end_s)}
    made.slots |= {"face_fake": Percent(limits.fake), "face_real": Percent(limits.real)}
    if width_px:
        third = min(2, max(0, int(3 * find_middle_px(face) / width_px)))
        made.slots["side"] = Noun(SIDES[third])


def _describe_worst(at: Inquiry, made: Situation) -> None:
    """The frame, or the window of speech, that scores highest in the part that is asked about."""
    part, heard = at.deciding, at.case_evidence.audio
    named = [track for track in at.tracks if not at.is_face_named or track is at.face]
    frames = [(frame, track) for track in named for frame in track.frames]
    if frames and (part is None or part.modality is Modality.VISUAL):
        frame, track = max(frames, key=lambda pair: pair[0].p_fake)
        made.marks.add("worst:face")
        made.slots |= {"worst": Percent(frame.p_fake), "moment": Moment(frame.time_s), "worst_face": track.id}
        made.cites["worst"] = f"visual.track.{track.id}"
    elif heard is not None and heard.windows:
        window = max(heard.windows, key=lambda each: each.p_fake)
        made.marks.add("worst:voice")
        made.slots |= {"worst": Percent(window.p_fake), "moment": Moment(window.start_s), "until": Moment(window.end_s)}
        made.cites["worst"] = f"audio.window.{heard.windows.index(window) + 1}"


def _describe_check(at: Inquiry, made: Situation) -> None:
    """How the score of the part took harmless changes to the file."""
    part = at.deciding
    found = next((each for each in at.case_evidence.stability if part and each.modality is part.modality), None)
    if part is None or found is None or found.largest_change is None:
        return
    made.marks.add(f"check:{_name_stability(found, part)}")
    made.cites["check"] = f"stability.{found.modality}"
    tried = tuple(each.check for each in found.scores if each.p_fake is not None)
    made.slots |= {"points": Points(found.largest_change), "changes": Changes(tried)}


def _name_stability(found: Stability, part: PartReading) -> str:
    if not found.stable:
        return "turned"
    return "firm" if {each.outcome for each in found.scores if each.outcome} <= {part.outcome} else "open"


def _describe_hypothesis(at: Inquiry, made: Situation) -> None:
    """The verdict without the part that the question leaves out, by the arithmetic of the service."""
    left = find_left_out(at.question)
    if left is None:
        return
    made.marks.add("left_out")
    made.slots["left_out"] = Noun(f"left_out_{STREAM[left]}")
    rest = [each for each in at.case_evidence.evidence if each.modality is not left]
    if len(rest) == len(at.case_evidence.evidence):
        made.marks.add("rest:same")
    verdict = weigh(rest)
    if verdict.p_fake is None:
        made.marks.add("rest:nothing")
    else:
        made.marks.add(f"rest:{STATE[verdict.outcome]}")
        made.slots["rest"] = Percent(verdict.p_fake)


def find_left_out(question: Question) -> Modality | None:
    """The part that the question leaves out: named as such, the other than the only one it keeps, or the one named."""
    for names, modality in (
        (("drop_sound", "keep_picture"), Modality.AUDIO),
        (("drop_picture", "keep_sound"), Modality.VISUAL),
    ):
        if question.asks & set(names):
            return modality
    return question.part


def _describe_rates(at: Inquiry, made: Situation) -> None:
    parts = sorted(at.case_evidence.verdict.contributions, key=lambda each: -each.weight)
    rated = [each.modality for each in parts if each.modality in at.error_rates]
    if not rated:
        return
    modality = at.question.part if at.question.part in rated else rated[0]
    assert modality is not None
    made.marks.add("rates")
    made.cites["card"] = f"card.{modality}"
    made.slots |= describe_rates(at, modality)


def describe_rates(at: Inquiry, modality: Modality) -> dict[str, Fill]:
    """How often the detector of a part errs, and on what it was measured."""
    rates = at.error_rates[modality]
    return {
        "rated": Noun(PART[modality]),
        "rate": Percent(rates.false_alarm_rate),
        "missed": Percent(rates.miss_rate),
        "population": rates.population,
    }


def explain_absence(at: Inquiry, modality: Modality) -> Iterator[Fact]:
    """That a modality was not examined, and why if the plan says so."""
    said = select_facts(at.case_evidence, "unexamined.masked")
    yield from (fact for fact in said if fact.slots["part"] == Noun(STREAM[modality]))
