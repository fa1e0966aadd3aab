"""The scope of a request is read from JSON, and held against the file."""

from __future__ import annotations

import pytest

from api.intake.scope import fit_scope, parse_scope
from core.errors import Rejected
from core.types import ExplanationKind, MediaInfo, MediaKind, Modality, Scope, TimeRange

CLIP = MediaInfo(
    kind=MediaKind.VIDEO,
    container="mp4",
    size_bytes=1,
    sha256="0" * 64,
    duration_s=20.0,
    has_video=True,
    has_audio=False,
)


def test_it_is_read_from_json_in_one_order() -> None:
    scope = parse_scope('{"modalities": ["audio", "visual"], "explanations": ["verdict", "faces"]}')
    assert scope == Scope(
        modalities=(Modality.VISUAL, Modality.AUDIO), explanations=(ExplanationKind.FACES, ExplanationKind.VERDICT)
    )
    assert parse_scope(" ") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"effort": "hard"}', '`effort` cannot be read. It is "quick", "usual" or "thorough".'),
        ('{"modalities": []}', '`modalities` cannot be read. It is a list of "visual" and "audio"'),
        ('{"range_s": {"start_s": 9, "end_s": 3}}', "`range_s` cannot be read. It holds `start_s` and `end_s`"),
        ('{"explanations": "none"}', "`explanations` cannot be read."),
        ('{"faces": true}', "The scope cannot be read. It is a JSON object with any of the fields `modalities`"),
        ("only the voice", "The scope cannot be read."),
        ("[]", "The scope cannot be read."),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_can(text: str, said: str) -> None:
    with pytest.raises(Rejected) as refused:
        parse_scope(text)
    assert refused.value.code == "bad_scope"
    assert said in refused.value.public_message


def test_a_stretch_ends_where_the_recording_ends() -> None:
    asked = Scope(range_s=TimeRange(start_s=5, end_s=1e6), effort="quick")
    assert fit_scope(asked, CLIP) == Scope(range_s=TimeRange(start_s=5, end_s=20), effort="quick")
    assert fit_scope(Scope(), CLIP) is None
    assert fit_scope(None, CLIP) is None


@pytest.mark.parametrize(
    ("scope", "media", "said"),
    [
        (Scope(modalities=(Modality.AUDIO,)), CLIP, "The file has no sound"),
        (Scope(range_s=TimeRange(start_s=20, end_s=30)), CLIP, "begins after the recording ends; it lasts 20.0 s"),
        (Scope(range_s=TimeRange(start_s=3, end_s=3.2)), CLIP, "must last 0.5 s at least"),
        (
            Scope(range_s=TimeRange(start_s=0, end_s=1)),
            CLIP.model_copy(update={"kind": MediaKind.IMAGE, "duration_s": 0.0}),
            "leave `range_s` out",
        ),
    ],
)
def test_what_the_file_does_not_hold_is_refused(scope: Scope, media: MediaInfo, said: str) -> None:
    with pytest.raises(Rejected, match=said.replace(".", r"\.")) as refused:
        fit_scope(scope, media)
    assert refused.value.code == "bad_scope"


def test_one_of_two_parts_is_enough() -> None:
    both = Scope(modalities=(Modality.VISUAL, Modality.AUDIO))
    assert fit_scope(both, CLIP) == both
