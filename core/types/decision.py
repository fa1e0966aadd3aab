"""What decided, part by part, worked out once from verdict and evidence: every surface shows this and nothing else.

The outcome of a recording is decided by the limits of its parts (faces, voice). The combined score of two parts has
limits of its own, which decide only where the parts point in different directions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Final, Literal

from pydantic import Field

from core.types.base import Frozen, Probability, Seconds
from core.types.evidence import AudioEvidence, Evidence, FaceTrack, Scored, Thresholds, VisualEvidence
from core.types.media import MediaInfo
from core.types.verdict import Verdict
from core.types.vocabulary import MediaKind, Modality, Outcome, Reason, ReasonCode

LEAST_LEAN: Final = 0.1
"""A score nearer to one half than this leans neither way."""
NEUTRAL: Final = 0.5

State = Literal["examined", "nothing_to_examine", "failed"]
"""`nothing_to_examine`: no face and no speech that could be judged. `failed`: a detector failed."""


class Leaning(Frozen):
    """Which way an inconclusive result leans, and what it would have needed."""

    towards: Literal[Outcome.FAKE, Outcome.REAL]
    part: Modality | None
    """None: the combined score, where the parts point in different directions."""
    p_fake: Probability
    needed: Probability
    """The limit of `part` on that side: at least this for manipulated, at most this for no evidence."""
    withheld: Reason | None = None
    """Set where the score passes the limit, and why it does not count all the same."""


class StretchReading(Frozen):
    """A stretch of high scores. It is manipulated only if its mean and its face, or the voice, pass the limit."""

    citation: str
    track_id: int | None
    start_s: Seconds
    end_s: Seconds
    p_fake: Probability
    is_manipulated: bool
    """False: its scores are raised, no more."""


class FaceReading(Frozen):
    """One face against its own limits."""

    track_id: Annotated[int, Field(ge=1)]
    p_fake: Probability
    outcome: Outcome | None
    """None: the face is not judged, because it only passes or is too poor."""
    limits: Thresholds | None


class PartReading(Frozen):
    """Faces or voice, against their own limits."""

    modality: Modality
    outcome: Outcome | None
    """None: there is no score, and `reason` says why."""
    p_fake: Probability | None
    limits: Thresholds | None
    reason: Reason | None = None
    weight: Probability | None = None
    """Its share of the verdict."""
    decided: bool = False
    """Whether the outcome of the recording rests on it."""
    in_100: Annotated[int, Field(ge=1, le=99)] | None = None
    """Of 100 recordings that score like this, how many are manipulated if half of all are."""
    leaning: Leaning | None = None
    faces: tuple[FaceReading, ...] = ()
    stretches: tuple[StretchReading, ...] = ()

    @property
    def manipulated(self) -> tuple[StretchReading, ...]:
        return tuple(each for each in self.stretches if each.is_manipulated)


class Decision(Frozen):
    """The outcome, what it rests on, and what it would have needed."""

    outcome: Outcome
    state: State
    """`nothing_to_examine`: inconclusive, because the recording holds no face and no speech that could be judged."""
    is_cut_short: bool
    """The file ends early; only a part of it could be read."""
    is_still: bool
    parts: tuple[PartReading, ...]
    leaning: Leaning | None
    """Only of an inconclusive outcome."""
    combined: Leaning | None = None
    """Set where the combined score decided, because the parts point in different directions."""
    absent: tuple[Reason, ...] = ()
    """Why there was nothing to examine, part by part."""

    def part(self, modality: Modality) -> PartReading | None:
        return next((each for each in self.parts if each.modality is modality), None)

    @property
    def deciding(self) -> tuple[PartReading, ...]:
        return tuple(each for each in self.parts if each.decided)

    @property
    def leading(self) -> PartReading | None:
        """The part whose score says most: one that decided, else the one it leans by, else the weightiest."""
        scored = [each for each in self.parts if each.outcome is not None]
        leans_by = None if self.leaning is None else self.leaning.part
        if not scored:
            return None

        def rank(part: PartReading) -> tuple[bool, bool, bool, float]:
            return (
                part.decided,
                part.modality is leans_by,
                part.outcome is Outcome.INCONCLUSIVE,
                part.weight or 0.0,
            )

        return max(scored, key=rank)

    def stretch(self, citation: str) -> StretchReading | None:
        found = (each for part in self.parts for each in part.stretches if each.citation == citation)
        return next(found, None)

    def face(self, track_id: int) -> FaceReading | None:
        return next((each for part in self.parts for each in part.faces if each.track_id == track_id), None)


def decide(verdict: Verdict, evidence: Sequence[Evidence], media: MediaInfo | None = None) -> Decision:
    """What the verdict rests on."""
    parts = tuple(_read_part(each, verdict, media) for each in evidence)
    combined = _read_combined(verdict, parts)
    return Decision(
        outcome=verdict.outcome,
        state=_find_state(verdict, evidence),
        is_cut_short=media is not None and media.truncated,
        is_still=media is not None and media.kind is MediaKind.IMAGE,
        parts=parts,
        leaning=(combined or _find_leaning(parts)) if verdict.outcome is Outcome.INCONCLUSIVE else None,
        combined=combined,
        absent=tuple(_find_absent(verdict, evidence)),
    )


def _find_state(verdict: Verdict, evidence: Sequence[Evidence]) -> State:
    if verdict.is_examined:
        return "examined"
    failed = any(
        each.finding.kind == "unscored" and each.finding.reason.code is ReasonCode.DETECTOR_FAILED for each in evidence
    )
    return "failed" if failed else "nothing_to_examine"


def _find_absent(verdict: Verdict, evidence: Sequence[Evidence]) -> Iterator[Reason]:
    if verdict.is_examined:
        return
    for each in evidence:
        if not isinstance(each.finding, Scored):
            yield each.finding.reason
        else:
            yield from (limit for limit in each.limits if limit.code is ReasonCode.UNFAMILIAR)


def _read_part(evidence: Evidence, verdict: Verdict, media: MediaInfo | None) -> PartReading:
    finding, modality = evidence.finding, evidence.modality
    if not isinstance(finding, Scored):
        return PartReading(
            modality=modality, outcome=None, p_fake=None, limits=evidence.thresholds, reason=finding.reason
        )
    share = next((each.weight for each in verdict.contributions if each.modality is modality), None)
    decided = verdict.outcome is not Outcome.INCONCLUSIVE and finding.outcome is verdict.outcome
    return PartReading(
        modality=modality,
        outcome=finding.outcome,
        p_fake=finding.p_fake,
        limits=evidence.thresholds,
        weight=share,
        decided=decided,
        in_100=min(99, max(1, round(100 * finding.p_fake))),
        leaning=_lean(evidence, finding),
        faces=tuple(_read_faces(evidence, finding)) if isinstance(evidence, VisualEvidence) else (),
        stretches=tuple(_read_stretches(evidence, finding, media)),
    )


def _lean(evidence: Evidence, finding: Scored) -> Leaning | None:
    """Of a part without an outcome: which limit its score is on the way to, or would reach if it counted."""
    limits = evidence.thresholds
    if finding.outcome is not Outcome.INCONCLUSIVE or limits is None or abs(finding.p_fake - NEUTRAL) < LEAST_LEAN:
        return None
    is_high = finding.p_fake > NEUTRAL
    needed = limits.fake if is_high else limits.real
    passes = finding.p_fake >= needed if is_high else finding.p_fake <= needed
    return Leaning(
        towards=Outcome.FAKE if is_high else Outcome.REAL,
        part=evidence.modality,
        p_fake=finding.p_fake,
        needed=needed,
        withheld=next(iter(evidence.limits), None) if passes else None,
    )


def _read_faces(evidence: VisualEvidence, finding: Scored) -> Iterator[FaceReading]:
    for track in evidence.tracks:
        limits = track.thresholds or evidence.thresholds
        yield FaceReading(
            track_id=track.id,
            p_fake=track.p_fake,
            outcome=_judge_face(track, limits, evidence, finding) if track.decides else None,
            limits=limits,
        )


def _judge_face(track: FaceTrack, limits: Thresholds | None, evidence: VisualEvidence, finding: Scored) -> Outcome:
    """A face is no clearer than the faces are together: nothing is called manipulated in a recording that is not."""
    if limits is None:
        return finding.outcome if len(evidence.tracks) == 1 else Outcome.INCONCLUSIVE
    own = limits.outcome(track.p_fake)
    is_withheld = finding.outcome is Outcome.INCONCLUSIVE and (
        evidence.thresholds is None or evidence.thresholds.outcome(finding.p_fake) is not Outcome.INCONCLUSIVE
    )
    if is_withheld or (own is Outcome.FAKE and finding.outcome is not Outcome.FAKE):
        return Outcome.INCONCLUSIVE
    return own


def _read_stretches(evidence: Evidence, finding: Scored, media: MediaInfo | None) -> Iterator[StretchReading]:
    longest_s = None if media is None or not media.duration_s else media.duration_s
    is_found = finding.outcome is Outcome.FAKE
    read = _read_faces(evidence, finding) if isinstance(evidence, VisualEvidence) else ()
    faces = {each.track_id: each for each in read}
    for each in evidence.segments:
        if isinstance(evidence, AudioEvidence):
            track_id, limits, counts = None, evidence.thresholds, is_found
        else:
            track_id = getattr(each, "track_id", 0)
            face = faces.get(track_id)
            limits = None if face is None else face.limits
            counts = face is not None and face.outcome is Outcome.FAKE
        yield StretchReading(
            citation=f"{evidence.modality}.segment.{each.id}",
            track_id=track_id,
            start_s=each.start_s,
            end_s=each.end_s if longest_s is None else max(each.start_s, min(each.end_s, longest_s)),
            p_fake=each.p_fake,
            is_manipulated=counts and (limits is None or each.p_fake >= limits.fake),
        )


def _read_combined(verdict: Verdict, parts: Sequence[PartReading]) -> Leaning | None:
    """Of a part that is manipulated by its own limit, in a recording that is not: the combined score decided."""
    if verdict.p_fake is None or verdict.outcome is not Outcome.INCONCLUSIVE:
        return None
    if any(each.outcome is Outcome.FAKE for each in parts) and verdict.p_fake < verdict.thresholds.fake:
        return Leaning(towards=Outcome.FAKE, part=None, p_fake=verdict.p_fake, needed=verdict.thresholds.fake)
    return None


def _find_leaning(parts: Sequence[PartReading]) -> Leaning | None:
    """Towards manipulated if any part leans there, the nearest to its limit; else towards no evidence if all agree."""
    leanings = [each.leaning for each in parts if each.leaning is not None]
    high = [each for each in leanings if each.towards is Outcome.FAKE]
    if high:
        return max(high, key=lambda each: each.p_fake - each.needed)
    undecided = [each for each in parts if each.outcome is Outcome.INCONCLUSIVE]
    if leanings and len(leanings) == len(undecided):
        return max(leanings, key=lambda each: each.p_fake - each.needed)
    return None
