"""What a report has to say, in order: each fact with its evidence ids, its template sentence and what it asserts.

The sentences are sections of the `narrative` prompt. A writer may word a fact differently; what is refused falls back
to the sentence that stands here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from agents.report.case_evidence import Dossier, outcome_of
from core.figures import clock, decimal_text, percent_text, points, seconds_text
from core.types import (
    AudioEvidence,
    AudioExplanation,
    Check,
    Contribution,
    MediaKind,
    Modality,
    Outcome,
    Reason,
    ReasonCode,
    Scored,
    Stability,
    VisualEvidence,
    VisualExplanation,
)
from prompts.library import Prompt, load

PROMPT_ID: Final = "narrative"
PROMPT_VERSION: Final = 2

STRETCHES_TOLD: Final = 3
FACES_TOLD: Final = 4
MAPS_TOLD: Final = 2
FEW_FACE_FRAMES: Final = 8
LITTLE_SPEECH_S: Final = 6.0
CLOSE_TO_THRESHOLD: Final = 0.05

_PART: Final = {Modality.VISUAL: "faces", Modality.AUDIO: "voice"}
_STREAM: Final = {Modality.VISUAL: "picture", Modality.AUDIO: "sound"}
_PATH_OF: Final = {ReasonCode.NO_VIDEO_STREAM: Modality.VISUAL, ReasonCode.NO_AUDIO_STREAM: Modality.AUDIO}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing to be said."""

    key: str
    """Section of the narrative prompt that words it."""
    citations: tuple[str, ...]
    text: str
    asserts: Outcome | None = None
    """The finding that a wording must state; None when the fact states none."""
    values: Mapping[str, object] = field(default_factory=dict, compare=False, repr=False)
    """What the sentence was made of; another language is made of the same."""


def facts_of(dossier: Dossier) -> tuple[Fact, ...]:
    """All facts of a report, ready to be read one after the other."""
    return (
        *_verdict(dossier),
        *_faces(dossier),
        *_maps_of_faces(dossier),
        *_voice(dossier),
        *_maps_of_voice(dossier),
        *_certainty(dossier),
        *_unexamined(dossier),
    )


def _fact(key: str, citations: tuple[str, ...], asserts: Outcome | None = None, /, **values: object) -> Fact:
    return Fact(key, citations, load(PROMPT_ID, PROMPT_VERSION).render(key, values), asserts, values)


def _verdict(dossier: Dossier) -> Iterator[Fact]:
    verdict, subject = dossier.verdict, dossier.subject
    if verdict.p_fake is None:
        yield _fact("verdict.nothing", ("verdict",), Outcome.INCONCLUSIVE, subject=subject)
        return
    figure = percent_text(verdict.p_fake)
    if verdict.outcome is Outcome.INCONCLUSIVE:
        why = _clause(verdict.reasons[0])
        yield _fact(
            "verdict.inconclusive",
            ("verdict",),
            verdict.outcome,
            subject=subject,
            percent=figure,
            reason=why,
            code=verdict.reasons[0].code,
        )
        for reason in verdict.reasons[1:]:
            yield _fact("limit", ("verdict",), reason=_sentence(reason), code=reason.code)
        return
    fake = verdict.outcome is Outcome.FAKE
    threshold = percent_text(verdict.thresholds.fake if fake else verdict.thresholds.real)
    key = "verdict.fake" if fake else "verdict.real"
    yield _fact(key, ("verdict",), verdict.outcome, subject=subject, percent=figure, threshold=threshold)


def _faces(dossier: Dossier) -> Iterator[Fact]:
    seen = dossier.visual
    if seen is None:
        return
    if not isinstance(seen.finding, Scored):
        yield _fact("visual.unscored", ("visual",), reason=_clause(seen.finding.reason), code=seen.finding.reason.code)
        return
    finding = seen.finding
    if dossier.media.kind is MediaKind.IMAGE:
        yield _fact(
            f"image.{finding.outcome}",
            ("visual",),
            finding.outcome,
            percent=percent_text(finding.p_fake),
            faces=_counted(len(seen.tracks), "face"),
        )
    else:
        yield _fact(
            f"visual.{finding.outcome}",
            ("visual",),
            finding.outcome,
            percent=percent_text(finding.p_fake),
            frames=seen.coverage.frames_with_face,
            sampled=seen.coverage.frames_sampled,
        )
        yield from _stretches_of_faces(seen)
    yield from _each_face(dossier, seen)
    for limit in seen.limits:
        yield _fact("limit", ("visual",), reason=_sentence(limit), code=limit.code)


def _stretches_of_faces(seen: VisualEvidence) -> Iterator[Fact]:
    strongest = sorted(seen.segments, key=lambda segment: -segment.p_fake)[:STRETCHES_TOLD]
    for segment in sorted(strongest, key=lambda segment: (segment.start_s, segment.track_id)):
        cited = (f"visual.segment.{segment.id}",)
        start, end = clock(segment.start_s), clock(segment.end_s)
        values = {"face": segment.track_id, "percent": percent_text(segment.p_fake)}
        if start == end:
            yield _fact("visual.segment.moment", cited, Outcome.FAKE, start=start, **values)
        else:
            yield _fact("visual.segment", cited, Outcome.FAKE, span=f"{start} to {end}", **values)
    if (further := len(seen.segments) - STRETCHES_TOLD) > 0:
        yield _fact("visual.further", ("visual",), Outcome.FAKE, further=further)


def _each_face(dossier: Dossier, seen: VisualEvidence) -> Iterator[Fact]:
    """Which face: those without a stretch of their own, when there is more than one face."""
    if len(seen.tracks) < 2:
        return
    told = {segment.track_id for segment in seen.segments}
    others = [track for track in seen.tracks if track.decides and track.id not in told]
    strongest = sorted(others, key=lambda track: -track.p_fake)[:FACES_TOLD]
    for track in sorted(strongest, key=lambda track: track.id):
        outcome = outcome_of(track.p_fake, seen.thresholds or dossier.verdict.thresholds)
        yield _fact(
            f"visual.track.{outcome}",
            (f"visual.track.{track.id}",),
            outcome,
            face=track.id,
            percent=percent_text(track.p_fake),
        )


def _maps_of_faces(dossier: Dossier) -> Iterator[Fact]:
    """Where the evidence for a manipulation lies, which only faces have that do not come out as real."""
    if dossier.verdict.outcome is Outcome.REAL or _is_real(dossier.visual):
        return
    maps = [each for each in dossier.explanations if isinstance(each, VisualExplanation) and each.regions]
    strongest = sorted(maps, key=lambda found: -found.p_fake)
    reliable = [each for each in strongest if each.faithfulness.reliable]
    for each in reliable[:MAPS_TOLD] or strongest[:1]:
        if not each.faithfulness.reliable:
            yield _fact("heatmap.unreliable", (each.id,), face=each.track_id)
            continue
        top = each.regions[0]
        values = {"face": each.track_id, "region": str(top.region), "share": percent_text(top.share)}
        if dossier.media.kind is MediaKind.IMAGE:
            yield _fact("heatmap.image", (each.id,), **values)
        else:
            yield _fact("heatmap", (each.id,), moment=clock(each.time_s), **values)


def _voice(dossier: Dossier) -> Iterator[Fact]:
    heard = dossier.audio
    if heard is None:
        return
    if not isinstance(heard.finding, Scored):
        yield _fact("audio.unscored", ("audio",), reason=_clause(heard.finding.reason), code=heard.finding.reason.code)
        return
    yield _fact(
        f"audio.{heard.finding.outcome}",
        ("audio",),
        heard.finding.outcome,
        percent=percent_text(heard.finding.p_fake),
        speech=seconds_text(heard.coverage.speech_s),
    )
    strongest = sorted(heard.segments, key=lambda segment: -segment.p_fake)[:STRETCHES_TOLD]
    for segment in sorted(strongest, key=lambda segment: segment.start_s):
        span = f"{seconds_text(segment.start_s)} to {seconds_text(segment.end_s)}"
        figure = percent_text(segment.p_fake)
        yield _fact("audio.segment", (f"audio.segment.{segment.id}",), Outcome.FAKE, span=span, percent=figure)
    if (further := len(heard.segments) - STRETCHES_TOLD) > 0:
        yield _fact("audio.further", ("audio",), Outcome.FAKE, further=further)
    for limit in heard.limits:
        yield _fact("limit", ("audio",), reason=_sentence(limit), code=limit.code)


def _maps_of_voice(dossier: Dossier) -> Iterator[Fact]:
    """Where the evidence for a synthetic voice lies, which only a voice has that does not come out as real."""
    if dossier.verdict.outcome is Outcome.REAL or _is_real(dossier.audio):
        return
    maps = [each for each in dossier.explanations if isinstance(each, AudioExplanation)]
    for each in sorted(maps, key=lambda found: -found.p_fake):
        if each.faithfulness.reliable and each.bands:
            band = max(each.bands, key=lambda found: found.share)
            yield _fact(
                "spectrogram",
                (each.id,),
                span=f"{seconds_text(each.peak_start_s)} to {seconds_text(each.peak_end_s)}",
                low=decimal_text(band.low_hz, 0),
                high=decimal_text(band.high_hz, 0),
                share=percent_text(band.share),
            )
            return


def _is_real(evidence: VisualEvidence | AudioEvidence | None) -> bool:
    finding = None if evidence is None else evidence.finding
    return isinstance(finding, Scored) and finding.outcome is Outcome.REAL


def _certainty(dossier: Dossier) -> Iterator[Fact]:
    parts = sorted(dossier.verdict.contributions, key=lambda part: -part.weight)
    if not parts:
        return
    if len(parts) == 1:
        yield _fact("alone", ("verdict",), part=_PART[parts[0].modality])
    else:
        yield _fact(
            "shares",
            ("verdict",),
            part=_PART[parts[0].modality],
            share=percent_text(parts[0].weight),
            other=_PART[parts[1].modality],
            other_share=percent_text(parts[1].weight),
        )
    for each in dossier.stability:
        yield from _stability(dossier, each)
    yield _weakest(dossier, parts)


def changes_text(checks: Sequence[Check], prompt: Prompt) -> str:
    """What was done to the file, in the words of a narrative."""
    done = [prompt.render(f"word.{check}", {}) for check in checks]
    return f" {prompt.render('word.and', {})} ".join([", ".join(done[:-1]), done[-1]] if done[1:] else done)


def _stability(dossier: Dossier, found: Stability) -> Iterator[Fact]:
    """How far the score moves under changes that ought not to matter."""
    cited, part = (f"stability.{found.modality}",), _PART[found.modality]
    if found.baseline is None:
        yield _fact("stability.unmeasured", cited, part=part)
        return
    prompt = load(PROMPT_ID, PROMPT_VERSION)
    scored = [each for each in found.scores if each.p_fake is not None]
    lost = [each.check for each in found.scores if each.p_fake is None]
    if scored and found.largest_change is not None:
        own = {
            each.finding.outcome
            for each in dossier.evidence
            if each.modality is found.modality and isinstance(each.finding, Scored)
        }
        held = {each.outcome for each in scored} <= own
        checks = [each.check for each in scored]
        yield _fact(
            f"stability.{'turned' if not found.stable else 'firm' if held else 'open'}",
            cited,
            part=part,
            points=decimal_text(points(found.largest_change), 1),
            changes=changes_text(checks, prompt),
            checks=tuple(checks),
        )
    if lost:
        yield _fact("stability.lost", cited, part=part, changes=changes_text(lost, prompt), checks=tuple(lost))


def _weakest(dossier: Dossier, parts: list[Contribution]) -> Fact:
    """The weakest assumption behind the verdict, by the first rule that applies."""
    seen, heard, verdict = dossier.visual, dossier.audio, dossier.verdict
    own = {each.finding.outcome for each in dossier.evidence if isinstance(each.finding, Scored)}
    if {Outcome.FAKE, Outcome.REAL} <= own:
        return _fact("weakest.disagree", ("verdict", "visual", "audio"))
    floor = verdict.thresholds.fake if verdict.outcome is Outcome.FAKE else verdict.thresholds.real
    decided = verdict.outcome is not Outcome.INCONCLUSIVE
    if decided and verdict.p_fake is not None and abs(verdict.p_fake - floor) < CLOSE_TO_THRESHOLD:
        figures = {"percent": percent_text(verdict.p_fake), "floor": percent_text(floor)}
        return _fact("weakest.close", ("verdict",), **figures)
    for each in dossier.stability:
        if not each.stable:
            return _fact("weakest.unstable", (f"stability.{each.modality}",), part=_PART[each.modality])
    if _is_thin_picture(dossier, seen) and seen is not None:
        return _fact("weakest.few_frames", ("visual",), frames=seen.coverage.frames_with_face)
    if heard is not None and isinstance(heard.finding, Scored) and heard.coverage.speech_s < LITTLE_SPEECH_S:
        return _fact("weakest.little_speech", ("audio",), speech=seconds_text(heard.coverage.speech_s))
    if len(parts) == 1 and dossier.media.has_video and dossier.media.has_audio:
        return _fact("weakest.alone", ("verdict",), part=_PART[parts[0].modality], subject=dossier.subject)
    return _fact("weakest.unknown_methods", ("verdict",))


def _is_thin_picture(dossier: Dossier, seen: VisualEvidence | None) -> bool:
    return (
        seen is not None
        and isinstance(seen.finding, Scored)
        and dossier.media.kind is MediaKind.VIDEO
        and seen.coverage.frames_with_face < FEW_FACE_FRAMES
    )


def _unexamined(dossier: Dossier) -> Iterator[Fact]:
    told = False
    kind, paths = dossier.media.kind, dossier.plan.paths
    for reason in dossier.plan.masked:
        path = _PATH_OF.get(reason.code) or next(path for path in Modality if path not in paths)
        if kind is MediaKind.VIDEO or reason.code is ReasonCode.NOT_REQUESTED:
            told = True
            yield _fact("unexamined.masked", ("plan",), part=_STREAM[path], reason=_clause(reason), code=reason.code)
    if (wider := dossier.plan.widened) is not None:
        other = next(path for path in Modality if path is not wider.path)
        yield _fact("widened", ("plan",), part=_STREAM[wider.path], other=_STREAM[other])
    if (span := dossier.plan.range_s) is not None:
        told = True
        yield _fact("unexamined.range", ("plan",), span=f"{clock(span.start_s)} to {clock(span.end_s)}")
    if dossier.visual is not None and kind is MediaKind.VIDEO:
        told = True
        yield _fact("unexamined.between", ("visual",), sampled=dossier.visual.coverage.frames_sampled)
    if dossier.media.truncated:
        told = True
        yield _fact("unexamined.truncated", ("media",))
    if not told:
        yield _fact("unexamined.nothing", ("plan",), medium=dossier.subject)


def _clause(reason: Reason) -> str:
    """An authored reason as the end of a sentence."""
    return reason.message[:1].lower() + reason.message[1:].rstrip(". ") + "."


def _sentence(reason: Reason) -> str:
    return reason.message.rstrip(". ") + "."


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
