"""What of a file was examined, from file, plan and evidence alone."""

from __future__ import annotations

from typing import Any

import pytest

from core.types import (
    AudioEvidence,
    Covered,
    CoveredKind,
    Evidence,
    MediaFault,
    MediaInfo,
    MediaStream,
    Modality,
    Outcome,
    Percent,
    Reason,
    ReasonCode,
    Scored,
    SoundFinding,
    SoundPart,
    StreamKind,
    TimeRange,
    TrackName,
    VisualEvidence,
    VoiceFinding,
    cover,
    is_whole,
    sounds_apart,
    unexamined_tracks,
    voices_apart,
)
from core.types.report import Report
from prompts.slots import load_language
from store.versions import report_today
from tests.fixtures.reports import every_shape
from tests.unit.test_schema import FIRST

REPORT = {name: report for name, report, _ in every_shape()}["fake"]
SEEN = next(each for each in REPORT.evidence if isinstance(each, VisualEvidence))
HEARD = next(each for each in REPORT.evidence if isinstance(each, AudioEvidence))


def media(*streams: MediaStream, **changes: Any) -> MediaInfo:
    return REPORT.media.model_copy(update={"streams": streams, "faults": (), **changes})


def covered(info: MediaInfo, *evidence: Evidence) -> tuple[Covered, ...]:
    return cover(info, REPORT.plan, evidence)


def stream(kind: StreamKind, number: int = 1, **changes: Any) -> MediaStream:
    return MediaStream(kind=kind, number=number, **changes)


PICTURE = stream(StreamKind.PICTURE, is_main=True)
SOUND = stream(StreamKind.SOUND, is_main=True)


def test_a_file_of_one_picture_and_one_sound_is_covered() -> None:
    found = covered(media(PICTURE, SOUND), SEEN, HEARD)
    assert [(each.kind, each.is_examined) for each in found if each.span is None] == [
        (CoveredKind.PICTURE, True),
        (CoveredKind.SOUND, True),
    ]


def test_a_part_that_was_not_asked_for_is_told() -> None:
    (_, sound) = [each for each in covered(media(PICTURE, SOUND), SEEN) if each.span is None]
    assert (sound.is_examined, sound.reason and sound.reason.code) == (False, ReasonCode.NOT_REQUESTED)
    assert not is_whole([sound])


def test_each_sound_is_named_with_its_score() -> None:
    scored = Scored(p_fake=0.97, calibration_version="1", uncalibrated=3.0, outcome=Outcome.FAKE)
    parts = (
        SoundFinding(part=SoundPart(), finding=HEARD.finding, total_s=8, speech_s=6),
        SoundFinding(part=SoundPart(track=2, language="spa"), finding=scored, total_s=8, speech_s=6, decides=True),
    )
    second = stream(StreamKind.SOUND, 2, language="spa")
    found = covered(media(PICTURE, SOUND, second), SEEN, HEARD.model_copy(update={"parts": parts}))
    assert [(each.number, each.language, each.p_fake) for each in sounds_apart(found)][-1] == (2, "spa", 0.97)


def test_tracks_that_are_lost_too_many_or_no_media_are_told_apart() -> None:
    others = [stream(StreamKind.PICTURE, number) for number in (2, 3, 4, 5)]
    broken = stream(StreamKind.SOUND, 2, is_readable=False)
    info = media(PICTURE, SOUND, *others, broken, stream(StreamKind.OTHER))
    left = unexamined_tracks(covered(info, SEEN, HEARD), (Modality.VISUAL, Modality.AUDIO))
    assert [(each.kind, each.number, each.reason and each.reason.code) for each in left] == [
        (CoveredKind.PICTURE, 5, ReasonCode.BEYOND_LIMIT),
        (CoveredKind.SOUND, 2, ReasonCode.SOUND_UNREADABLE),
        (CoveredKind.OTHER, 1, ReasonCode.NOT_MEDIA),
    ]


def test_damage_and_the_widest_gap_are_stretches() -> None:
    damage = MediaFault(
        reason=Reason(code=ReasonCode.STREAM_DAMAGED, message="Damaged."), span=TimeRange(start_s=2, end_s=3)
    )
    gap = TimeRange(start_s=10, end_s=66)
    seen = SEEN.model_copy(update={"coverage": SEEN.coverage.model_copy(update={"widest_gap": gap})})
    found = covered(media(PICTURE, SOUND, faults=(damage,)), seen, HEARD)
    told = {each.reason.code: each.span for each in found if each.span is not None and each.reason is not None}
    assert told[ReasonCode.STREAM_DAMAGED] == damage.span
    assert told[ReasonCode.NOT_SAMPLED] == gap


def test_a_report_of_an_earlier_version_is_given_its_coverage() -> None:
    import json

    first = Report.model_validate(report_today(json.loads(FIRST.read_text())))
    assert {each.kind for each in first.coverage} & {CoveredKind.PICTURE, CoveredKind.SOUND}


def test_a_report_without_coverage_is_given_it_and_keeps_what_was_sealed() -> None:
    written = REPORT.model_dump(mode="json")
    without = {name: value for name, value in written.items() if name != "coverage"}
    assert Report.model_validate(without).coverage == REPORT.coverage
    assert "streams" not in written["media"]
    assert "faults" not in written["media"]


def test_voices_that_were_told_apart_are_named_with_their_times_and_scores() -> None:
    scored = Scored(p_fake=0.97, calibration_version="1", uncalibrated=3.0, outcome=Outcome.FAKE)
    spans = tuple(TimeRange(start_s=start, end_s=start + 12) for start in (0, 31))
    voices = (
        VoiceFinding(number=1, spans=spans, finding=scored, decides=True),
        VoiceFinding(
            number=2,
            spans=(TimeRange(start_s=12, end_s=31),),
            finding=scored.model_copy(update={"p_fake": 0.1, "outcome": Outcome.REAL}),
        ),
    )
    found = covered(media(PICTURE, SOUND), SEEN, HEARD.model_copy(update={"voices": voices}))
    first, second = voices_apart(found)
    assert (first.kind, first.spans, first.p_fake, first.is_examined) == (CoveredKind.VOICE, spans, 0.97, True)
    assert [each.fact for each in (first, second)] == ["coverage.voice.fake", "coverage.voice.real"]
    assert sounds_apart(found) == (), "voices are no tracks"
    assert is_whole([first, second])


@pytest.mark.parametrize(("language", "voice"), [("en", "voice A"), ("de", "Stimme A"), ("fr", "voix A")])
def test_a_voice_is_told_in_every_language(language: str, voice: str) -> None:
    words = load_language(language)
    spans = tuple(TimeRange(start_s=20.0 * turn, end_s=20.0 * turn + 9) for turn in range(6))
    for outcome in Outcome:
        part = Covered(kind=CoveredKind.VOICE, spans=spans, is_examined=True, p_fake=0.9, outcome=outcome)
        told = words.render(part.fact, {"track": TrackName.of(part), "percent": Percent(0.9)})
        assert f"{voice} (00:00–00:09, 00:20–00:29, 00:40–00:49, 01:00–01:09 …)" in told
