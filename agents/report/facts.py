"""What a report has to say, in order: each fact with its evidence ids, its template sentence and what it asserts.

The sentences are sections of the `narrative` prompt. A writer may word a fact differently; what is refused falls back
to the sentence that stands here.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from agents.report.case_evidence import CaseEvidence
from core.figures import is_short, rounded
from core.types import (
    AcousticMeasurement,
    AudioEvidence,
    AudioExplanation,
    AudioSegment,
    Because,
    Changes,
    Contribution,
    Decision,
    Evidence,
    FaceTrack,
    Frequency,
    Length,
    Measured,
    MediaKind,
    Modality,
    Moment,
    Noun,
    Outcome,
    PartReading,
    Percent,
    Points,
    ReasonCode,
    SaidFact,
    Scored,
    Span,
    Stability,
    Thresholds,
    TrackName,
    VisualEvidence,
    VisualExplanation,
    VisualSegment,
    is_whole,
    sounds_apart,
    unexamined_tracks,
    voices_apart,
)
from prompts.slots import ENGLISH, Fill, Writable, load_language

MOST_STRETCHES: Final = 3
MOST_FACES: Final = 4
MOST_MAPS: Final = 2
MOST_TRACKS: Final = 4
FEW_FACE_FRAMES: Final = 8
LITTLE_SPEECH_S: Final = 6.0
CLOSE_TO_THRESHOLD: Final = 0.05

_PART: Final = {Modality.VISUAL: Noun("faces"), Modality.AUDIO: Noun("voice")}
_STREAM: Final = {Modality.VISUAL: Noun("picture"), Modality.AUDIO: Noun("sound")}
_PATH_OF: Final = {
    ReasonCode.NO_VIDEO_STREAM: Modality.VISUAL,
    ReasonCode.PICTURE_UNREADABLE: Modality.VISUAL,
    ReasonCode.NO_AUDIO_STREAM: Modality.AUDIO,
    ReasonCode.SOUND_UNREADABLE: Modality.AUDIO,
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing to be said."""

    key: str
    """Section of the narrative prompt that words it."""
    citations: tuple[str, ...]
    text: str
    asserts: Outcome | None = None
    """The finding that a wording must state; None when the fact states none."""
    slots: Mapping[str, Fill] = field(default_factory=dict, compare=False, repr=False)
    """What the sentence is filled with; in another language it is filled with the same."""

    @property
    def said(self) -> SaidFact | None:
        """The fact as it is kept, to be worded again; None where it holds what is told once."""
        kept = {name: slot for name, slot in self.slots.items() if not isinstance(slot, Writable)}
        return SaidFact(key=self.key, slots=kept) if len(kept) == len(self.slots) else None

    @property
    def is_fixed(self) -> bool:
        """Whether it stands in its template's words alone: the verdict, what its number means, and direct answers."""
        return self.key.startswith(("verdict.", "frequency.", "answer."))


def collect_facts(case_evidence: CaseEvidence) -> tuple[Fact, ...]:
    """All facts of a report, ready to be read one after the other."""
    return (
        *_describe_verdict(case_evidence),
        *_describe_faces(case_evidence),
        *_describe_maps_of_faces(case_evidence),
        *_describe_voice(case_evidence),
        *_describe_acoustics(case_evidence),
        *_describe_maps_of_voice(case_evidence),
        *_describe_certainty(case_evidence),
        *_describe_unexamined(case_evidence),
    )


def make_fact(key: str, citations: tuple[str, ...], asserts: Outcome | None = None, /, **slots: Fill) -> Fact:
    """A fact in its English template sentence."""
    return Fact(key, citations, load_language(ENGLISH).render(key, slots), asserts, slots)


def translate_facts(facts: Sequence[Fact], code: str) -> tuple[Fact, ...]:
    """The facts worded in a language by its own template files; the checker reads English, so no model takes part.

    Raises: Misconfigured when there are no template files of that language.
    """
    if code == ENGLISH:
        return tuple(facts)
    language = load_language(code)
    return tuple(replace(fact, text=language.render(fact.key, fact.slots)) for fact in facts)


def _describe_verdict(case_evidence: CaseEvidence) -> Iterator[Fact]:
    decision, subject = case_evidence.decision, Noun(case_evidence.media.kind.subject)
    if decision.is_cut_short:
        yield make_fact("verdict.cut_short", ("media",))
    if decision.state != "examined":
        yield make_fact(f"verdict.{decision.state}", ("verdict",), Outcome.INCONCLUSIVE, subject=subject)
        return
    leading = decision.leading
    if leading is None or leading.p_fake is None or leading.limits is None:
        yield _describe_undecided(case_evidence)
        return
    if decision.outcome is Outcome.INCONCLUSIVE:
        yield _describe_leaning(decision, leading, leading.p_fake, leading.limits, subject)
        for reason in case_evidence.verdict.reasons[1:]:
            yield make_fact("limit", ("verdict",), reason=Because(reason, is_clause=False))
    else:
        yield _describe_decided(decision, leading, subject)
    if leading.in_100 is not None:
        yield make_fact(f"frequency.{leading.modality}", (str(leading.modality),), count=leading.in_100)


def _describe_undecided(case_evidence: CaseEvidence) -> Fact:
    """Of evidence that does not hold its limits: version 1 did not keep them."""
    verdict, subject = case_evidence.verdict, Noun(case_evidence.media.kind.subject)
    if verdict.outcome is Outcome.INCONCLUSIVE:
        why = Because(verdict.reasons[0])
        return make_fact("verdict.inconclusive", ("verdict",), verdict.outcome, subject=subject, reason=why)
    return make_fact(f"verdict.{verdict.outcome}.plain", ("verdict",), verdict.outcome, subject=subject)


def _describe_decided(decision: Decision, leading: PartReading, subject: Noun) -> Fact:
    """Every part that decided, with its score and the limit that it passed; the leading one first."""
    key, is_fake = f"verdict.{decision.outcome}", decision.outcome is Outcome.FAKE
    slots: dict[str, Fill] = {"subject": subject}
    names = iter((("part", "percent", "threshold"), ("other", "second", "floor")))
    for part in (leading, *(each for each in decision.deciding if each.modality is not leading.modality)):
        if part.p_fake is not None and part.limits is not None:
            passed = part.limits.fake if is_fake else part.limits.real
            told = (_PART[part.modality], Percent(part.p_fake), Percent(passed))
            slots |= dict(zip(next(names), told, strict=True))
    key = f"{key}.both" if "other" in slots else key
    return make_fact(key, ("verdict",), decision.outcome, **slots)


def _describe_leaning(
    decision: Decision, leading: PartReading, scored: float, limits: Thresholds, subject: Noun
) -> Fact:
    """Why an inconclusive result is none: what was reached, and what was needed."""
    cited, outcome, leaning = ("verdict",), Outcome.INCONCLUSIVE, decision.leaning
    if leaning is None:
        return make_fact(
            "verdict.between", cited, outcome, subject=subject, part=_PART[leading.modality],
            percent=Percent(scored), floor=Percent(limits.real), threshold=Percent(limits.fake),
        )  # fmt: skip
    values: dict[str, Fill] = {"percent": Percent(leaning.p_fake), "threshold": Percent(leaning.needed)}
    if leaning.part is None:
        return make_fact("verdict.combined", cited, outcome, subject=subject, **values)
    values["part"] = _PART[leaning.part]
    if leaning.withheld is not None:
        why = Because(leaning.withheld)
        return make_fact("verdict.withheld", cited, outcome, subject=subject, reason=why, **values)
    return make_fact(f"verdict.leans.{leaning.towards}", cited, outcome, subject=subject, **values)


def _describe_faces(case_evidence: CaseEvidence) -> Iterator[Fact]:
    seen = case_evidence.visual
    if seen is None:
        return
    if not isinstance(seen.finding, Scored):
        yield make_fact("visual.unscored", ("visual",), reason=Because(seen.finding.reason))
        yield from _describe_further_frames(seen)
        return
    finding, is_image = seen.finding, case_evidence.media.kind is MediaKind.IMAGE
    if is_image:
        count = len(seen.tracks)
        slots: dict[str, Fill] = {"faces": "1 face" if count == 1 else f"{count} faces", "count": count}
    else:
        slots = {"frames": seen.coverage.frames_with_face, "sampled": seen.coverage.frames_sampled}
    key, percent = "image" if is_image else "visual", Percent(finding.p_fake)
    yield make_fact(f"{key}.{finding.outcome}", ("visual",), finding.outcome, percent=percent, **slots)
    yield from _describe_further_frames(seen)
    yield from () if is_image else _describe_stretches("visual", case_evidence.decision, seen.segments)
    if seen.witnesses:
        alone = {witness.name: Percent(witness.p_fake) for witness in seen.witnesses}
        yield make_fact("visual.witnesses", ("visual",), percent=alone["network"], second=alone["tokens"])
    yield from _describe_each_face(case_evidence, seen)
    for limit in seen.limits:
        yield make_fact("limit", ("visual",), reason=Because(limit, is_clause=False))


def _describe_further_frames(seen: VisualEvidence) -> Iterator[Fact]:
    """What the frames after the first look bought."""
    if (bought := seen.further) is not None:
        scores = {"percent": bought.before, "second": bought.after}
        told: dict[str, Fill] = {name: Percent(score) for name, score in scores.items() if score is not None}
        yield make_fact(f"frames.{bought.effect}", ("visual",), frames=bought.first, further=bought.added, **told)


def _describe_stretches(
    part: str, decision: Decision, segments: Sequence[VisualSegment | AudioSegment]
) -> Iterator[Fact]:
    """The strongest in order, one by one, and how many there are beside them: manipulated only if each of them is."""
    strongest = sorted(segments, key=lambda segment: -segment.p_fake)[:MOST_STRETCHES]
    for segment in sorted(strongest, key=lambda segment: (segment.start_s, segment.id)):
        citation = f"{part}.segment.{segment.id}"
        asserts = _judge_stretch(decision, citation)
        key = f"{part}.segment" if asserts is Outcome.FAKE else f"{part}.raised"
        values: dict[str, Fill] = {"span": Span(Length(segment.start_s), Length(segment.end_s))}
        if isinstance(segment, VisualSegment):
            values = {"face": segment.track_id, "span": span_of(segment.start_s, segment.end_s)}
        yield make_fact(key, (citation,), asserts, percent=Percent(segment.p_fake), **values)
    if further := [f"{part}.segment.{each.id}" for each in segments if each not in strongest]:
        is_found = all(_judge_stretch(decision, each) is Outcome.FAKE for each in further)
        key = f"{part}.further" if is_found else f"{part}.further.raised"
        yield make_fact(key, (part,), Outcome.FAKE if is_found else None, further=len(further))


def _judge_stretch(decision: Decision, citation: str) -> Outcome | None:
    """Manipulated, or nothing: scores that are raised and no more state no finding."""
    stretch = decision.stretch(citation)
    return Outcome.FAKE if stretch is not None and stretch.is_manipulated else None


def span_of(start_s: float, end_s: float) -> Span:
    """A stretch in seconds with tenths where it is short, else in whole seconds that hold all of it."""
    if is_short(start_s, end_s):
        return Span(Length(start_s), Length(end_s))
    return Span(Moment(start_s), Moment(math.ceil(rounded(end_s))))


def _describe_each_face(case_evidence: CaseEvidence, seen: VisualEvidence) -> Iterator[Fact]:
    """Which face: those without a stretch of their own, when there is more than one face."""
    if len(seen.tracks) < 2:
        return
    named = {segment.track_id for segment in seen.segments}
    others = [track for track in seen.tracks if track.decides and track.id not in named]
    strongest = sorted(others, key=lambda track: -track.p_fake)[:MOST_FACES]
    for track in sorted(strongest, key=lambda track: track.id):
        yield describe_face(case_evidence.decision, track)


def describe_face(decision: Decision, track: FaceTrack) -> Fact:
    """What one face comes to by itself, and never more than the faces together."""
    face = decision.face(track.id)
    outcome = Outcome.INCONCLUSIVE if face is None or face.outcome is None else face.outcome
    cited = (f"visual.track.{track.id}",)
    return make_fact(f"visual.track.{outcome}", cited, outcome, face=track.id, percent=Percent(track.p_fake))


def _describe_maps_of_faces(case_evidence: CaseEvidence) -> Iterator[Fact]:
    """Where the evidence for a manipulation lies, which only faces have that do not come out as real."""
    if case_evidence.verdict.outcome is Outcome.REAL or _is_real(case_evidence.visual):
        return
    maps = [each for each in case_evidence.explanations if isinstance(each, VisualExplanation) and each.regions]
    strongest = sorted(maps, key=lambda found: -found.p_fake)
    reliable = [each for each in strongest if each.faithfulness.reliable]
    told: list[VisualExplanation] = []
    for each in reliable:
        if not any(_says_the_same(each, earlier) for earlier in told):
            told.append(each)
    yield from (describe_map(case_evidence, each) for each in told[:MOST_MAPS] or strongest[:1])


def describe_map(case_evidence: CaseEvidence, each: VisualExplanation) -> Fact:
    """Where in a face the evidence mostly lies."""
    if not each.faithfulness.reliable:
        return make_fact("heatmap.unreliable", (each.id,), face=each.track_id)
    region, share = Noun(str(each.regions[0].region)), Percent(each.regions[0].share)
    is_still = case_evidence.media.kind is MediaKind.IMAGE
    key, moment = ("heatmap.image", {}) if is_still else ("heatmap", {"moment": Moment(each.time_s)})
    return make_fact(key, (each.id,), face=each.track_id, region=region, share=share, **moment)


def _says_the_same(one: VisualExplanation, other: VisualExplanation) -> bool:
    """Of one face: in one second, or strongest in one region, which is said once."""
    is_near = int(one.time_s) == int(other.time_s)
    return one.track_id == other.track_id and (is_near or one.regions[0].region is other.regions[0].region)


def _describe_voice(case_evidence: CaseEvidence) -> Iterator[Fact]:
    heard = case_evidence.audio
    if heard is None:
        return
    if not isinstance(heard.finding, Scored):
        yield make_fact("audio.unscored", ("audio",), reason=Because(heard.finding.reason))
        return
    yield make_fact(
        f"audio.{heard.finding.outcome}",
        ("audio",),
        heard.finding.outcome,
        percent=Percent(heard.finding.p_fake),
        speech=Length(heard.coverage.speech_s),
    )
    if heard.witnesses:
        alone = {each.name: Percent(each.p_fake) for each in heard.witnesses}
        yield make_fact("audio.witnesses", ("audio",), percent=alone["network"], second=alone["encoder"])
    yield from _describe_stretches("audio", case_evidence.decision, heard.segments)
    told = () if case_evidence.visual is None else case_evidence.visual.limits
    for limit in (each for each in heard.limits if each not in told):
        yield make_fact("limit", ("audio",), reason=Because(limit, is_clause=False))


def _describe_acoustics(case_evidence: CaseEvidence) -> Iterator[Fact]:
    """The measurements that are unusual, and how many are not."""
    heard = case_evidence.audio
    if heard is None or not heard.acoustics:
        return
    unusual = [each for each in heard.acoustics if not each.is_usual]
    yield from (describe_measurement(each) for each in unusual)
    usual = len(heard.acoustics) - len(unusual)
    yield make_fact("measured.count", ("audio",), count=len(heard.acoustics), further=usual)


def describe_measurement(found: AcousticMeasurement) -> Fact:
    """One measurement, beside what is usual for honest recordings."""
    return make_fact(
        "measured.usual" if found.is_usual else "measured.unusual",
        ("audio",),
        part=Noun(str(found.measure).replace("_", " ")),
        figure=Measured(found.measure, (found.value,)),
        span=Measured(found.measure, (found.usual_low, found.usual_high)),
    )


def _describe_maps_of_voice(case_evidence: CaseEvidence) -> Iterator[Fact]:
    """Where the evidence for a synthetic voice lies, which only a voice has that does not come out as real."""
    if case_evidence.verdict.outcome is Outcome.REAL or _is_real(case_evidence.audio):
        return
    maps = [each for each in case_evidence.explanations if isinstance(each, AudioExplanation)]
    reliable = [each for each in maps if each.faithfulness.reliable and each.bands]
    if found := max(reliable, key=lambda each: each.p_fake, default=None):
        band = max(found.bands, key=lambda each: each.share)
        yield make_fact(
            "spectrogram",
            (found.id,),
            span=Span(Length(found.peak_start_s), Length(found.peak_end_s)),
            low=Frequency(band.low_hz),
            high=Frequency(band.high_hz),
            share=Percent(band.share),
        )


def _is_real(evidence: VisualEvidence | AudioEvidence | None) -> bool:
    finding = None if evidence is None else evidence.finding
    return isinstance(finding, Scored) and finding.outcome is Outcome.REAL


def _describe_certainty(case_evidence: CaseEvidence) -> Iterator[Fact]:
    parts = sorted(case_evidence.verdict.contributions, key=lambda part: -part.weight)
    if not parts:
        return
    if len(parts) == 1:
        yield make_fact("alone", ("verdict",), part=_PART[parts[0].modality])
    else:
        yield make_fact(
            "shares",
            ("verdict",),
            part=_PART[parts[0].modality],
            share=Percent(parts[0].weight),
            other=_PART[parts[1].modality],
            other_share=Percent(parts[1].weight),
        )
    for each in case_evidence.stability:
        yield from _describe_stability(case_evidence, each)
    yield _find_weakest(case_evidence, parts)


def _describe_stability(case_evidence: CaseEvidence, found: Stability) -> Iterator[Fact]:
    """How far the score moves under changes that ought not to matter."""
    cited, part = (f"stability.{found.modality}",), _PART[found.modality]
    if found.baseline is None:
        yield make_fact("stability.unmeasured", cited, part=part)
        return
    scored = [each for each in found.scores if each.p_fake is not None]
    lost = [each.check for each in found.scores if each.p_fake is None]
    if scored and found.largest_change is not None:
        own = {
            each.finding.outcome
            for each in case_evidence.evidence
            if each.modality is found.modality and isinstance(each.finding, Scored)
        }
        held = {each.outcome for each in scored} <= own
        checks = [each.check for each in scored]
        yield make_fact(
            f"stability.{'turned' if not found.stable else 'firm' if held else 'open'}",
            cited,
            part=part,
            points=Points(found.largest_change),
            changes=Changes(tuple(checks)),
        )
    if lost:
        yield make_fact("stability.lost", cited, part=part, changes=Changes(tuple(lost)))


def _find_weakest(case_evidence: CaseEvidence, parts: list[Contribution]) -> Fact:
    """The weakest assumption behind the verdict, by the first rule that applies."""
    seen, heard = case_evidence.visual, case_evidence.audio
    own = {each.finding.outcome for each in case_evidence.evidence if isinstance(each.finding, Scored)}
    if {Outcome.FAKE, Outcome.REAL} <= own:
        return make_fact("weakest.disagree", ("verdict", "visual", "audio"))
    leading = case_evidence.decision.leading
    if leading is not None and leading.decided and leading.limits is not None and leading.p_fake is not None:
        limit = leading.limits.fake if leading.outcome is Outcome.FAKE else leading.limits.real
        if abs(leading.p_fake - limit) < CLOSE_TO_THRESHOLD:
            figures = {"percent": Percent(leading.p_fake), "floor": Percent(limit)}
            return make_fact("weakest.close", ("verdict",), **figures)
    for each in case_evidence.stability:
        if not each.stable:
            return make_fact("weakest.unstable", (f"stability.{each.modality}",), part=_PART[each.modality])
    is_video = case_evidence.media.kind is MediaKind.VIDEO
    if seen is not None and isinstance(seen.finding, Scored) and is_video and rests_on_little(seen):
        return make_fact("weakest.few_frames", ("visual",), frames=seen.coverage.frames_with_face)
    if heard is not None and isinstance(heard.finding, Scored) and rests_on_little(heard):
        return make_fact("weakest.little_speech", ("audio",), speech=Length(heard.coverage.speech_s))
    if len(parts) == 1 and case_evidence.media.has_video and case_evidence.media.has_audio:
        return make_fact(
            "weakest.alone", ("verdict",), part=_PART[parts[0].modality], subject=Noun(case_evidence.media.kind.subject)
        )
    return make_fact("weakest.unknown_methods", ("verdict",))


def rests_on_little(evidence: Evidence) -> bool:
    """Whether few frames show a face, or little is spoken."""
    if isinstance(evidence, VisualEvidence):
        return evidence.coverage.frames_with_face < FEW_FACE_FRAMES
    return evidence.coverage.speech_s < LITTLE_SPEECH_S


def _describe_coverage(case_evidence: CaseEvidence) -> Iterator[Fact]:
    """Tracks and channels one by one where there are several, and the widest gap between frames."""
    covered, heard = case_evidence.coverage, case_evidence.audio
    apart = sounds_apart(covered)
    for each in (*apart[:MOST_TRACKS], *voices_apart(covered)):
        yield make_fact(each.fact, ("audio",), track=TrackName.of(each), percent=Percent(each.p_fake or 0.0))
    if heard is not None and heard.part is not None and len(apart) > 1:
        own = (heard.part.track, heard.part.channel)
        deciding = next((each for each in apart if (each.number, each.channel) == own), apart[0])
        yield make_fact("coverage.deciding", ("audio",), track=TrackName.of(deciding), count=len(apart))
    present = [part.modality for part in case_evidence.evidence if isinstance(part.finding, Scored)]
    for each in unexamined_tracks(covered, present)[:MOST_TRACKS]:
        if each.reason is not None:
            yield make_fact("coverage.left_out", ("media",), track=TrackName.of(each), reason=Because(each.reason))
    for each in covered:
        if each.span is not None and each.reason is not None and each.reason.code is ReasonCode.NOT_SAMPLED:
            yield make_fact("coverage.gap", ("visual",), span=span_of(each.span.start_s, each.span.end_s))


def _describe_unexamined(case_evidence: CaseEvidence) -> Iterator[Fact]:
    is_partial = False
    kind, paths = case_evidence.media.kind, case_evidence.plan.paths
    for reason in case_evidence.plan.masked:
        path = _PATH_OF.get(reason.code) or next(path for path in Modality if path not in paths)
        if kind is MediaKind.VIDEO or reason.code not in (ReasonCode.NO_VIDEO_STREAM, ReasonCode.NO_AUDIO_STREAM):
            is_partial = True
            yield make_fact("unexamined.masked", ("plan",), part=_STREAM[path], reason=Because(reason))
    if (wider := case_evidence.plan.widened) is not None:
        other = next(path for path in Modality if path is not wider.path)
        yield make_fact("widened", ("plan",), part=_STREAM[wider.path], other=_STREAM[other])
    if (span := case_evidence.plan.range_s) is not None:
        is_partial = True
        yield make_fact("unexamined.range", ("plan",), span=span_of(span.start_s, span.end_s))
    if case_evidence.visual is not None and kind is MediaKind.VIDEO:
        is_partial = True
        yield make_fact("unexamined.between", ("visual",), sampled=case_evidence.visual.coverage.frames_sampled)
    if case_evidence.media.truncated:
        is_partial = True
        yield make_fact("unexamined.truncated", ("media",))
    yield from _describe_coverage(case_evidence)
    if not is_partial and not case_evidence.media.faults and is_whole(case_evidence.coverage):
        yield make_fact("unexamined.nothing", ("plan",), medium=Noun(case_evidence.media.kind.subject))
