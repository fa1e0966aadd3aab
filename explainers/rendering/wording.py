"""What pictures and documents say, formed from a report's own figures and rounded by the one rule, in one language."""

from __future__ import annotations

from typing import Final, Protocol

from core.figures import clock, clock_range, decimal_text, percent_text, points, seconds_text, signed_text
from core.types import (
    AudioEvidence,
    AudioExplanation,
    Decision,
    Evidence,
    Explanation,
    Faithfulness,
    FusionFactor,
    MediaKind,
    Modality,
    PartReading,
    Reason,
    Report,
    StretchReading,
    Unscored,
    VisualEvidence,
    VisualExplanation,
)

MOST_REGIONS: Final = 3


class Words(Protocol):
    """The words of one language, as `prompts.words.Words` has them."""

    language: str

    def say(self, section: str, **values: object) -> str: ...

    def has(self, section: str) -> bool: ...

    def figure(self, text: str) -> str: ...

    def reason(self, reason: Reason) -> str: ...

    def authored(self, text: str) -> str: ...


def percent(words: Words, value: float) -> str:
    return words.figure(percent_text(value))


def title(words: Words, decision: Decision) -> str:
    """The verdict as a heading; nothing to examine is not inconclusive."""
    state = str(decision.outcome) if decision.state == "examined" else decision.state
    return words.say(f"verdict.{state}")


def meaning(words: Words, decision: Decision) -> str:
    return words.say(f"meaning.{decision.outcome if decision.state == 'examined' else decision.state}")


def limits_of(words: Words, part: PartReading) -> str:
    """One part against its own limits."""
    name = words.say(f"part.{part.modality}")
    if part.p_fake is None or part.outcome is None:
        return f"{name}: {words.say('unscored')}"
    said = f"{name}: {percent(words, part.p_fake)}, {words.say(f'alone.{part.outcome}')}"
    if part.limits is None:
        return said
    real = f"{words.say('column.real')} {percent(words, part.limits.real)}"
    fake = f"{words.say('column.fake')} {percent(words, part.limits.fake)}"
    return f"{said} ({real[:1].lower()}{real[1:]}, {fake[:1].lower()}{fake[1:]})"


def frequency(words: Words, part: PartReading) -> str:
    """What the score means, in natural frequencies; empty without a score."""
    return "" if part.in_100 is None else words.say(f"frequency.{part.modality}", count=part.in_100)


def level(words: Words, stretch: StretchReading | None) -> str:
    is_found = stretch is not None and stretch.is_manipulated
    return words.say("level.manipulated" if is_found else "level.raised")


def examined(words: Words, evidence: Evidence) -> str:
    """How much there was to examine."""
    if isinstance(evidence, VisualEvidence):
        seen = evidence.coverage
        return words.say(
            "faces.coverage", frames=seen.frames_with_face, sampled=seen.frames_sampled, count=seen.faces_scored
        )
    heard = evidence.coverage
    return words.say(
        "voice.coverage",
        speech=words.figure(seconds_text(heard.speech_s)),
        total=words.figure(seconds_text(heard.total_s)),
    )


def finding(words: Words, evidence: Evidence) -> str:
    """The part's own score, or why there is none."""
    if isinstance(evidence.finding, Unscored):
        return words.say("not_scored", reason=words.reason(evidence.finding.reason))
    outcome = words.say(f"alone.{evidence.finding.outcome}")
    return words.say("scored", percent=percent(words, evidence.finding.p_fake), outcome=outcome)


def factor(words: Words, given: FusionFactor) -> str:
    """An input of the verdict with its value, such as `Faces: score 91.3 %`."""
    modality, _, quantity = given.name.partition(".")
    if modality not in set(Modality) or not words.has(f"factor.{quantity}"):
        return given.name
    part, what = words.say(f"part.{modality}"), words.say(f"factor.{quantity}")
    return words.say("factor", part=part, what=what, percent=percent(words, given.value))


def citation(words: Words, report: Report, evidence_id: str) -> str:
    """What an evidence id of the narrative refers to; an id that the report does not hold is named as it stands."""
    return _citable(words, report).get(evidence_id, evidence_id)


def _citable(words: Words, report: Report) -> dict[str, str]:
    media, length = report.media, words.figure(seconds_text(report.media.duration_s))
    entries: dict[str, str] = {
        "verdict": words.say("cite.verdict", verdict=title(words, report.decision)),
        "media": words.say("cite.media", medium=words.say(f"medium.{media.kind}"), length=length),
        "plan": words.say("cite.plan"),
    }
    for each in report.evidence:
        part = words.say(f"part.{each.modality}")
        entries[str(each.modality)] = words.say(
            "cite.part", part=part, finding=finding(words, each), coverage=examined(words, each)
        )
        entries |= _parts_of_faces(words, each) if isinstance(each, VisualEvidence) else _parts_of_voice(words, each)
        for segment in each.segments:
            cited = f"{each.modality}.segment.{segment.id}"
            told = level(words, report.decision.stretch(cited))
            entries[cited] = f"{_stretch(words, segment)}, {told}"
    for checked in report.stability:
        moved = (
            words.say("cite.no_score")
            if checked.largest_change is None
            else words.say("cite.moves", points=words.figure(decimal_text(points(checked.largest_change), 1)))
        )
        part = words.say(f"part.{checked.modality}")
        entries[f"stability.{checked.modality}"] = words.say(
            "cite.stability", part=part, count=len(checked.scores), moved=moved
        )
    for explanation in report.explanations:
        entries[explanation.id] = describe(words, explanation, report.media.kind)
    return entries


def _stretch(words: Words, segment: object) -> str:
    span = words.figure(clock_range(getattr(segment, "start_s", 0.0), getattr(segment, "end_s", 0.0)))
    score = percent(words, getattr(segment, "p_fake", 0.0))
    track_id = getattr(segment, "track_id", None)
    if track_id is None:
        return words.say("cite.voice", span=span, percent=score)
    return words.say("cite.face", number=track_id, span=span, percent=score)


def _parts_of_faces(words: Words, evidence: VisualEvidence) -> dict[str, str]:
    entries: dict[str, str] = {}
    for track in evidence.tracks:
        told = words.say(
            "cite.face",
            number=track.id,
            span=words.figure(clock_range(track.start_s, track.end_s)),
            percent=percent(words, track.p_fake),
        )
        entries[f"visual.track.{track.id}"] = told if track.decides else f"{told}, {words.say('unjudged')}"
    return entries


def _parts_of_voice(words: Words, evidence: AudioEvidence) -> dict[str, str]:
    return {f"audio.window.{number}": _stretch(words, each) for number, each in enumerate(evidence.windows, start=1)}


def tested(words: Words, check: Faithfulness) -> tuple[str, ...]:
    """What the map's test found, that which decides; what was not measured is left out."""
    if check.steadiness is not None:
        return (words.say("map.steadiness", share=percent(words, check.steadiness)),)
    return (
        words.say(
            "map.muting",
            figure=words.figure(signed_text(-check.deletion_drop)),
            other=words.figure(signed_text(-check.random_drop)),
        ),
    )


def describe(words: Words, explanation: Explanation, kind: MediaKind) -> str:
    """One line on what a map shows and whether it passed its check."""
    if isinstance(explanation, VisualExplanation):
        where = ", ".join(
            f"{words.say('region.' + str(each.region).replace(' ', '_'))} {percent(words, each.share)}"
            for each in explanation.regions[:MOST_REGIONS]
            if each.share
        )
        moment = "–" if kind is MediaKind.IMAGE else clock(explanation.time_s)
        said = words.say("map.face", number=explanation.track_id, time=moment, where=where or words.say("map.nowhere"))
    elif isinstance(explanation, AudioExplanation):
        bands = sorted(explanation.bands, key=lambda band: -band.share)[:2]
        where = ", ".join(
            f"{words.say('band', low=f'{band.low_hz:g}', high=f'{band.high_hz:g}')} {percent(words, band.share)}"
            for band in bands
        )
        said = words.say(
            "map.voice",
            start=words.figure(seconds_text(explanation.peak_start_s)),
            end=words.figure(seconds_text(explanation.peak_end_s)),
            where=where or words.say("map.nowhere"),
        )
    else:
        return words.say("cite.fusion")
    return said if explanation.faithfulness.reliable else f"{said} ({words.say('map.failed')})"
