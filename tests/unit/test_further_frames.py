"""What further frames bought is kept with the evidence and told in one sentence."""

from __future__ import annotations

import pytest

from agents.analysis.planner import decide
from agents.report import CaseEvidence, collect_facts, translate_facts
from core.types import (
    Evidence,
    FurtherFrames,
    Modality,
    Outcome,
    PlanInputs,
    ReasonCode,
    VisualCoverage,
    VisualEvidence,
    keep_looks,
)
from detectors.fusion import weigh
from tests.fixtures.reports import faces, media, track, voice, without

LEFT = "left the faces inconclusive at 50.0 %"
NO_FACE = without(Modality.VISUAL, ReasonCode.NO_FACE, "No face was found.")


def looked(p_fake: float | None, sampled: int) -> VisualEvidence:
    seen = NO_FACE if p_fake is None else faces(p_fake, (track(1, 0, 50, p_fake),))
    assert isinstance(seen, VisualEvidence)
    coverage = VisualCoverage(frames_sampled=sampled, frames_with_face=sampled, faces_scored=sampled)
    return seen.model_copy(update={"coverage": coverage})


def told(*looks: VisualEvidence, language: str = "en") -> list[str]:
    kept: list[Evidence] = []
    for look in looks:
        kept = [keep_looks(look, kept)]
    info = media()
    inputs = PlanInputs(
        instruction="", media_kind=info.kind, has_video=True, has_audio=True, duration_s=info.duration_s
    )
    plan = decide(inputs, None).plan
    facts = collect_facts(CaseEvidence(info, plan, weigh(kept), tuple(kept)))
    return [fact.text for fact in translate_facts(facts, language) if fact.key.startswith("frames.")]


@pytest.mark.parametrize(
    ("before", "after", "effect", "sentence"),
    [
        (0.5, 0.55, "open", f"{LEFT}; with 16 more the score is 55.0 %, which does not settle it."),
        (0.5, 0.9, "decided", f"{LEFT}; with 16 more the score is 90.0 %, which settles it."),
        (0.9, 0.95, "same", "gave the faces 90.0 %; with 16 more the score is 95.0 %, and the result is the same."),
        (0.9, 0.5, "changed", "gave the faces 90.0 %; with 16 more the score is 50.0 %, and the result has changed."),
        (None, 0.5, "scored", "gave no score for the faces; 16 more gave one."),
        (None, None, "unscored", "gave no score for the faces, and neither did 16 more."),
    ],
)  # fmt: skip
def test_one_sentence_says_what_they_bought(
    before: float | None, after: float | None, effect: str, sentence: str
) -> None:
    first, last = looked(before, 16), looked(after, 32)
    kept = keep_looks(last, (first,))
    assert isinstance(kept, VisualEvidence)
    assert kept.further is not None
    assert (kept.further.first, kept.further.added, kept.further.effect) == (16, 16, effect)
    assert told(first, last) == [f"The first 16 frames {sentence}"]


def test_of_three_looks_the_first_and_the_last_are_told() -> None:
    assert told(looked(0.5, 16), looked(0.55, 32), looked(0.9, 48)) == [
        f"The first 16 frames {LEFT}; with 32 more the score is 90.0 %, which settles it."
    ]
    assert told(looked(0.5, 16), looked(0.9, 48), language="de") == [
        "Nach den ersten 16 Bildern war das Ergebnis der Gesichter mit 50,0 % offen; "
        "mit 32 weiteren liegt der Wert bei 90,0 %, und damit ist es entschieden."
    ]


def test_the_same_frames_again_and_no_look_before_add_nothing() -> None:
    first, last = looked(0.5, 16), looked(0.9, 32)
    once = keep_looks(last, (first,))
    assert keep_looks(last, (once,)) == once
    assert keep_looks(first, ()) == first
    assert keep_looks(first, (voice(0.9),)) == first
    assert keep_looks(voice(0.9), (first,)) == voice(0.9)
    assert first.further is None
    assert told(last) == []


def test_evidence_without_earlier_looks_is_written_as_before() -> None:
    assert "earlier" not in looked(0.5, 16).model_dump(mode="json")
    kept = keep_looks(looked(0.9, 32), (looked(0.5, 16),))
    assert VisualEvidence.model_validate_json(kept.model_dump_json()).further == FurtherFrames(
        16, 16, "decided", 0.5, 0.9
    )
    assert kept.finding.kind == "scored"
    assert kept.finding.outcome is Outcome.FAKE
