"""What pictures and documents say in words, formed from a report's own figures and rounded by the one rule."""

from __future__ import annotations

from typing import Final

from core.figures import clock_range, decimal_text, percent_text, points, seconds_text, signed_text
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
    Outcome,
    PartReading,
    Report,
    StretchReading,
    Unscored,
    VisualEvidence,
    VisualExplanation,
)

VERDICT: Final = {
    Outcome.FAKE: "Manipulated",
    Outcome.REAL: "No evidence of manipulation",
    Outcome.INCONCLUSIVE: "Inconclusive",
}
NOTHING: Final = "Nothing to examine"
MEANING: Final = {
    Outcome.FAKE: "Signs of manipulation were found. The pages that follow say where, when and how strongly. A trained "
    "model can be wrong: weigh this together with the recording's source.",
    Outcome.REAL: "No part that was examined is above its limit for manipulation. That is no proof that the "
    "recording is authentic: there are manipulations that the models do not know, and parts that were not examined.",
    Outcome.INCONCLUSIVE: "The evidence is not clear enough to say either way. A longer, sharper or less compressed "
    "copy of the recording may allow a verdict.",
}
MEANING_OF_NOTHING: Final = (
    "Deepwitness examines faces and voices. This recording holds none that it could judge, so there is no score."
)
MODALITY: Final = {Modality.VISUAL: "Faces", Modality.AUDIO: "Voice"}
ALONE: Final = {
    Outcome.FAKE: "manipulated",
    Outcome.REAL: "no evidence of manipulation",
    Outcome.INCONCLUSIVE: "inconclusive",
}
MEDIUM: Final = {MediaKind.VIDEO: "Video", MediaKind.IMAGE: "Image", MediaKind.AUDIO: "Sound recording"}


def title(decision: Decision) -> str:
    """The verdict as a heading; nothing to examine is not inconclusive."""
    return VERDICT[decision.outcome] if decision.state == "examined" else NOTHING


def limits_of(part: PartReading) -> str:
    """One part against its own limits."""
    if part.p_fake is None or part.outcome is None:
        return f"{MODALITY[part.modality]}: not scored"
    said = f"{MODALITY[part.modality]}: {percent_text(part.p_fake)}, {ALONE[part.outcome]}"
    if part.limits is None:
        return said
    return (
        f"{said} (no evidence up to {percent_text(part.limits.real)}, "
        f"manipulated from {percent_text(part.limits.fake)})"
    )


def frequency(part: PartReading) -> str:
    """What the score means, in natural frequencies; empty without a score."""
    if part.in_100 is None:
        return ""
    whose = "whose faces score" if part.modality is Modality.VISUAL else "whose voice scores"
    return (
        f"Of 100 recordings {whose} like this, about {part.in_100} are manipulated, if half of all recordings are. "
        "This holds for recordings like those the detector was calibrated on."
    )


def examined(evidence: Evidence) -> str:
    """How much there was to examine."""
    if isinstance(evidence, VisualEvidence):
        seen = evidence.coverage
        faces = "1 face" if seen.faces_scored == 1 else f"{seen.faces_scored} faces"
        return f"{seen.frames_with_face} of {seen.frames_sampled} sampled frames show a face; {faces} scored"
    heard = evidence.coverage
    return f"{seconds_text(heard.speech_s)} of speech in {seconds_text(heard.total_s)} of sound"


def finding(evidence: Evidence) -> str:
    """The modality's own score, or why there is none."""
    if isinstance(evidence.finding, Unscored):
        return f"not scored: {evidence.finding.reason.message}"
    return f"score {percent_text(evidence.finding.p_fake)}, by itself {ALONE[evidence.finding.outcome]}"


_FACTOR: Final = {"p_fake": "score", "quality": "quality", "coverage": "coverage"}


def factor(given: FusionFactor) -> str:
    """An input of the verdict with its value, such as `Faces: score 91.3 %`."""
    modality, _, quantity = given.name.partition(".")
    if modality not in set(Modality) or quantity not in _FACTOR:
        return given.name
    return f"{MODALITY[Modality(modality)]}: {_FACTOR[quantity]} {percent_text(given.value)}"


def citation(report: Report, evidence_id: str) -> str:
    """What an evidence id of the narrative refers to; an id that the report does not hold is named as it stands."""
    return _citable(report).get(evidence_id, evidence_id)


def _citable(report: Report) -> dict[str, str]:
    media, plan = report.media, report.plan
    entries: dict[str, str] = {
        "verdict": f"the verdict: {title(report.decision).lower()}",
        "media": f"the file: {MEDIUM[media.kind].lower()}, {seconds_text(media.duration_s)}",
        "plan": f"the plan: {plan.why}",
    }
    for each in report.evidence:
        entries[str(each.modality)] = f"{MODALITY[each.modality].lower()}: {finding(each)}; {examined(each)}"
        read = report.decision
        entries |= _parts_of_faces(each, read) if isinstance(each, VisualEvidence) else _parts_of_voice(each, read)
    for checked in report.stability:
        moved = (
            "no score"
            if checked.largest_change is None
            else f"moves by {decimal_text(points(checked.largest_change), 1)} points"
        )
        entries[f"stability.{checked.modality}"] = (
            f"{MODALITY[checked.modality].lower()}, score taken again after {len(checked.scores)} changes: {moved}"
        )
    for explanation in report.explanations:
        entries[explanation.id] = describe(explanation)
    return entries


def level(stretch: StretchReading | None) -> str:
    return "manipulated" if stretch is not None and stretch.is_manipulated else "raised"


def _parts_of_faces(evidence: VisualEvidence, read: Decision) -> dict[str, str]:
    entries: dict[str, str] = {}
    for track in evidence.tracks:
        entries[f"visual.track.{track.id}"] = (
            f"face {track.id}, {clock_range(track.start_s, track.end_s)}, score {percent_text(track.p_fake)}"
            + ("" if track.decides else ", not judged")
        )
    for segment in evidence.segments:
        entries[f"visual.segment.{segment.id}"] = (
            f"face {segment.track_id}, {clock_range(segment.start_s, segment.end_s)}, "
            f"score {percent_text(segment.p_fake)}, {level(read.stretch(f'visual.segment.{segment.id}'))}"
        )
    return entries


def _parts_of_voice(evidence: AudioEvidence, read: Decision) -> dict[str, str]:
    entries: dict[str, str] = {}
    for number, window in enumerate(evidence.windows, start=1):
        entries[f"audio.window.{number}"] = (
            f"voice, {seconds_text(window.start_s)} to {seconds_text(window.end_s)}, "
            f"score {percent_text(window.p_fake)}"
        )
    for segment in evidence.segments:
        entries[f"audio.segment.{segment.id}"] = (
            f"voice, {clock_range(segment.start_s, segment.end_s)}, score {percent_text(segment.p_fake)}, "
            f"{level(read.stretch(f'audio.segment.{segment.id}'))}"
        )
    return entries


def tested(check: Faithfulness) -> tuple[str, ...]:
    """What the map's tests found, in sentences, those that decide first; what was not measured is left out."""
    said = []
    if check.steadiness is not None:
        said.append(
            f"{percent_text(check.steadiness)} of its strongest tenth stays when the picture is mirrored or moved"
        )
    if check.weights_correlation is not None:
        said.append(f"likeness to the map of shuffled weights {signed_text(check.weights_correlation)}")
    said.append(
        f"erasing its strongest tenth {signed_text(-check.deletion_drop)}, as much elsewhere "
        f"{signed_text(-check.random_drop)}"
        + ("" if check.beaten_share is None else f" (more than {percent_text(check.beaten_share)} of other places)")
    )
    if check.insertion_rise is not None and check.random_rise is not None:
        said.append(
            f"that tenth alone {signed_text(check.insertion_rise)}, as much from elsewhere "
            f"{signed_text(check.random_rise)}"
        )
    return tuple(said)


def describe(explanation: Explanation) -> str:
    """One line on what a map shows and whether it passed its check."""
    if isinstance(explanation, VisualExplanation):
        where = ", ".join(f"{each.region} {percent_text(each.share)}" for each in explanation.regions[:3] if each.share)
        text = (
            f"map of face {explanation.track_id} at {seconds_text(explanation.time_s)}: {where or 'no single region'}"
        )
    elif isinstance(explanation, AudioExplanation):
        bands = sorted(explanation.bands, key=lambda band: -band.share)[:2]
        where = ", ".join(f"{band.low_hz:g} to {band.high_hz:g} Hz {percent_text(band.share)}" for band in bands)
        text = (
            f"map of the voice, strongest from {seconds_text(explanation.peak_start_s)} "
            f"to {seconds_text(explanation.peak_end_s)}: {where or 'no single band'}"
        )
    else:
        return "how each input moved the verdict"
    return text if explanation.faithfulness.reliable else f"{text} (failed its check: do not rely on it)"
