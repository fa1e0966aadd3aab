"""What of a file was examined and what was not, and why: worked out once from file, plan and evidence.

Every surface shows this: sentences, page, PDF, answers. A claim about all of a file follows from it or is not made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from core.types.base import Frozen, Probability, is_empty
from core.types.evidence import AudioEvidence, Evidence, Scored, VisualEvidence
from core.types.media import MediaInfo, MediaStream, StreamKind, TimeRange
from core.types.plan import Plan
from core.types.vocabulary import MediaKind, Modality, Outcome, Reason, ReasonCode

MOST_PICTURES: Final = 4
"""Picture tracks that frames are taken from."""
WIDE_GAP_S: Final = 2.0
"""Between two sampled frames: what is shorter is told by their number."""
_STILLS: Final = frozenset(("jpeg", "heif", "avif"))

_NOT_MEDIA: Final = Reason(code=ReasonCode.NOT_MEDIA, message="It holds neither moving picture nor sound.")
_BEYOND: Final = Reason(code=ReasonCode.BEYOND_LIMIT, message="The file has more tracks than are examined.")
_UNASKED: Final = Reason(code=ReasonCode.NOT_REQUESTED, message="It was not asked for.")
_UNSAMPLED: Final = Reason(code=ReasonCode.NOT_SAMPLED, message="No frame was taken there.")
_LOST: Final = {
    StreamKind.PICTURE: Reason(code=ReasonCode.PICTURE_UNREADABLE, message="It cannot be decoded."),
    StreamKind.SOUND: Reason(code=ReasonCode.SOUND_UNREADABLE, message="It cannot be decoded."),
}


class CoveredKind(StrEnum):
    PICTURE = "picture"
    """A picture track."""
    STILL = "still"
    """The photograph that a video is stored behind."""
    SOUND = "sound"
    """A sound track, all of its channels together."""
    CHANNEL = "channel"
    """One channel of a sound track."""
    VOICE = "voice"
    """One of several voices of the sound that the score is of."""
    OTHER = "other"
    """A stream of another kind: subtitles, data, a cover."""
    STRETCH = "stretch"
    """A stretch of time."""


class Covered(Frozen):
    """One part of a file, and whether it was examined."""

    kind: CoveredKind
    number: Annotated[int, Field(ge=1)] = 1
    """Of a track, among those of its kind."""
    channel: Annotated[int, Field(ge=1)] | None = None
    language: str = ""
    """As the container tags it."""
    span: TimeRange | None = None
    """None for all of it."""
    spans: Annotated[tuple[TimeRange, ...], Field(exclude_if=is_empty)] = ()
    """When a voice is heard."""
    is_examined: bool
    reason: Reason | None = None
    """Why not."""
    p_fake: Probability | None = None
    """Of a sound or a voice by itself, where there are several."""
    outcome: Outcome | None = None

    @property
    def fact(self) -> str:
        """The section of the narrative that words what it came to by itself."""
        return f"coverage.voice.{self.outcome}" if self.kind is CoveredKind.VOICE else "coverage.sound"


def cover(media: MediaInfo, plan: Plan, evidence: Sequence[Evidence]) -> tuple[Covered, ...]:
    """Every stream, track, channel and stretch of the file."""
    seen = next((each for each in evidence if isinstance(each, VisualEvidence)), None)
    heard = next((each for each in evidence if isinstance(each, AudioEvidence)), None)
    return (
        *_cover_pictures(media, seen),
        *_cover_sounds(media, heard),
        *_cover_voices(heard),
        *_cover_others(media),
        *_cover_time(media, plan, seen),
    )


def is_whole(covered: Sequence[Covered]) -> bool:
    """Whether nothing of the file is left that could have been examined."""
    return all(each.is_examined or each.kind is CoveredKind.OTHER for each in covered)


def _streams(media: MediaInfo, kind: StreamKind) -> list[MediaStream]:
    """The one that a player would choose first; one is made up for what earlier versions stored."""
    found = sorted((each for each in media.streams if each.kind is kind), key=lambda each: not each.is_main)
    has = media.has_video if kind is StreamKind.PICTURE else media.has_audio
    return found or ([MediaStream(kind=kind, number=1, is_main=True)] if has and not media.streams else [])


def _cover_pictures(media: MediaInfo, seen: VisualEvidence | None) -> Iterator[Covered]:
    for place, stream in enumerate(_streams(media, StreamKind.PICTURE)):
        reason = None
        if not stream.is_readable:
            reason = _LOST[StreamKind.PICTURE]
        elif seen is None or seen.coverage.frames_sampled == 0:
            reason = _UNASKED
        elif place >= MOST_PICTURES:
            reason = _BEYOND
        is_still = stream.codec in _STILLS and media.kind is MediaKind.VIDEO and not stream.is_main
        yield Covered(
            kind=CoveredKind.STILL if is_still else CoveredKind.PICTURE,
            number=stream.number,
            language=stream.language,
            is_examined=reason is None,
            reason=reason,
        )


def _cover_sounds(media: MediaInfo, heard: AudioEvidence | None) -> Iterator[Covered]:
    parts = () if heard is None else heard.parts
    for stream in _streams(media, StreamKind.SOUND):
        own = [each for each in parts if each.part.track == stream.number]
        for each in own:
            finding = each.finding
            scored = isinstance(finding, Scored)
            yield Covered(
                kind=CoveredKind.SOUND if each.part.channel is None else CoveredKind.CHANNEL,
                number=stream.number,
                channel=each.part.channel,
                language=stream.language,
                is_examined=scored,
                reason=None if isinstance(finding, Scored) else finding.reason,
                p_fake=finding.p_fake if isinstance(finding, Scored) else None,
                outcome=finding.outcome if isinstance(finding, Scored) else None,
            )
        if own:
            continue
        reason = None
        if not stream.is_readable:
            reason = _LOST[StreamKind.SOUND]
        elif heard is None:
            reason = _UNASKED
        elif not isinstance(heard.finding, Scored):
            reason = heard.finding.reason
        elif parts or not stream.is_main:
            reason = _BEYOND
        yield Covered(
            kind=CoveredKind.SOUND,
            number=stream.number,
            language=stream.language,
            is_examined=reason is None,
            reason=reason,
        )


def _cover_voices(heard: AudioEvidence | None) -> Iterator[Covered]:
    for each in () if heard is None else heard.voices:
        if isinstance(each.finding, Scored):
            yield Covered(
                kind=CoveredKind.VOICE,
                number=each.number,
                spans=each.spans,
                is_examined=True,
                p_fake=each.finding.p_fake,
                outcome=each.finding.outcome,
            )


def _cover_others(media: MediaInfo) -> Iterator[Covered]:
    for stream in media.streams:
        if stream.kind is StreamKind.OTHER:
            yield Covered(
                kind=CoveredKind.OTHER,
                number=stream.number,
                language=stream.language,
                is_examined=False,
                reason=_NOT_MEDIA,
            )


def _cover_time(media: MediaInfo, plan: Plan, seen: VisualEvidence | None) -> Iterator[Covered]:
    asked = plan.range_s
    if asked is not None:
        for start_s, end_s in ((0.0, asked.start_s), (asked.end_s, media.duration_s)):
            if end_s > start_s:
                yield _stretch(TimeRange(start_s=start_s, end_s=end_s), _UNASKED)
    for fault in media.faults:
        if fault.span is not None and fault.span.end_s > fault.span.start_s:
            yield _stretch(fault.span, fault.reason)
    gap = None if seen is None else seen.coverage.widest_gap
    if gap is not None and gap.end_s - gap.start_s >= WIDE_GAP_S:
        yield _stretch(gap, _UNSAMPLED)


def voice_letter(number: int) -> str:
    """What a voice is called: A for 1."""
    return chr(ord("A") + number - 1)


def _stretch(span: TimeRange, reason: Reason) -> Covered:
    return Covered(kind=CoveredKind.STRETCH, span=span, is_examined=False, reason=reason)


def sounds_apart(covered: Sequence[Covered]) -> tuple[Covered, ...]:
    """The sounds that were examined by themselves, where there are several."""
    return tuple(each for each in covered if each.p_fake is not None and each.kind is not CoveredKind.VOICE)


def voices_apart(covered: Sequence[Covered]) -> tuple[Covered, ...]:
    """The voices that were scored by themselves, where several were told apart."""
    return tuple(each for each in covered if each.kind is CoveredKind.VOICE)


def unexamined_tracks(covered: Sequence[Covered], present: Sequence[Modality]) -> tuple[Covered, ...]:
    """Tracks that were left out although their kind was examined; a kind that was left out is told as a whole."""
    kinds = {CoveredKind.OTHER}
    if Modality.VISUAL in present:
        kinds |= {CoveredKind.PICTURE, CoveredKind.STILL}
    if Modality.AUDIO in present:
        kinds |= {CoveredKind.SOUND, CoveredKind.CHANNEL}
    return tuple(each for each in covered if not each.is_examined and each.kind in kinds)
