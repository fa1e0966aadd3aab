"""No wording that says anything else than its fact is published, and honest wordings are not thrown away."""

from __future__ import annotations

import string

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from agents.report.case_evidence import CaseEvidence
from agents.report.checker import MOST_LENGTH_RATIO, Refusal, check_draft, count_refusals, find_refusal
from agents.report.facts import Fact, collect_facts
from agents.report.vocabulary import VOCABULARY
from agents.report.writer import Draft, Wording
from core.types import Provenance
from tests.fixtures import reports
from tests.unit.agents.wordings import DISHONEST, FACTS, HONEST, TOO_FREE

ACCEPTED = HONEST + tuple((name, fact.text) for name, fact in FACTS.items())


def case_id(case: object) -> str:
    return str(case)[:70]


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_follows_from_itself(name: str) -> None:
    assert find_refusal(FACTS[name], FACTS[name].text) is None


def test_the_tables_are_large_enough_to_mean_something() -> None:
    assert len(set(HONEST)) >= 30
    assert len(set(DISHONEST)) >= 60
    assert not set(HONEST) & set(DISHONEST)


@pytest.mark.parametrize(("name", "text"), HONEST, ids=case_id)
def test_an_honest_wording_is_accepted(name: str, text: str) -> None:
    assert find_refusal(FACTS[name], text) is None


@pytest.mark.parametrize(("name", "text"), TOO_FREE, ids=case_id)
def test_an_honest_wording_with_figures_or_claims_in_other_words_is_refused_all_the_same(name: str, text: str) -> None:
    assert find_refusal(FACTS[name], text) is not None


@pytest.mark.parametrize(("name", "text"), DISHONEST, ids=case_id)
def test_a_dishonest_wording_is_refused(name: str, text: str) -> None:
    assert find_refusal(FACTS[name], text) is not None


@pytest.mark.parametrize(
    ("name", "old", "new", "refusal"),
    [
        ("fake", "scores as", "does not score as", Refusal.NEGATION),
        ("fake", "manipulated", "genuine", Refusal.POLARITY),
        ("fake", "video", "voice", Refusal.MODALITY),
        ("fake", "91.3", "19.3", Refusal.FIGURE_NEW),
        ("fake", "This", "Probably this", Refusal.HEDGE),
        ("fake", "This", "Undoubtedly this", Refusal.CERTAINTY),
        ("fake", "This video", "This video of a liar", Refusal.ACCUSATION),
        ("fake", "This video", "You see that this video", Refusal.INSTRUCTION),
        ("fake", "This video", "This xylophone video", Refusal.CONTENT_NEW),
        ("fake", ".", ". Really.", Refusal.FORM),
        ("stretch", "00:10 to 00:25", "00:25 to 00:10", Refusal.FIGURE_ROLE),
        ("stretch", ", at 90.5 %", "", Refusal.FIGURE_MISSING),
        ("map", "mouth", "nose", Refusal.REGION),
        ("thin", "thin ", "", Refusal.CONTENT_MISSING),
    ],
)
def test_the_reason_of_a_refusal_is_told(name: str, old: str, new: str, refusal: Refusal) -> None:
    fact = FACTS[name]
    assert find_refusal(fact, fact.text.replace(old, new, 1) if old != "." else fact.text + " Really.") is refusal


def figures_of(text: str) -> list[int]:
    return [place for place, character in enumerate(text) if character in string.digits]


@settings(deadline=None)
@given(st.sampled_from([case for case in ACCEPTED if figures_of(case[1])]), st.data())
def test_changing_any_digit_of_an_accepted_wording_is_refused(case: tuple[str, str], data: st.DataObject) -> None:
    name, text = case
    place = data.draw(st.sampled_from(figures_of(text)))
    digit = data.draw(st.sampled_from([each for each in string.digits if each != text[place]]))
    assert find_refusal(FACTS[name], text[:place] + digit + text[place + 1 :]) is not None


@settings(deadline=None)
@given(st.sampled_from([case for case in ACCEPTED if figures_of(case[1])]), st.data())
def test_adding_or_dropping_a_digit_is_refused_unless_the_number_stays_the_same(
    case: tuple[str, str], data: st.DataObject
) -> None:
    name, text = case
    place = data.draw(st.sampled_from(figures_of(text)))
    digit = data.draw(st.sampled_from("123456789"))
    assert find_refusal(FACTS[name], text[:place] + digit + text[place:]) is not None


@settings(deadline=None)
@given(
    st.sampled_from(ACCEPTED),
    st.integers(0, 200),
    st.sampled_from(["not", "never", "no", "without", "hardly", "neither", "nothing", "none", "cannot", "unless"]),
)
def test_a_negation_added_anywhere_is_refused(case: tuple[str, str], place: int, negator: str) -> None:
    name, text = case
    said = text.split(" ")
    said.insert(1 + place % len(said), negator)
    assert find_refusal(FACTS[name], " ".join(said)) is not None


def negators_of(text: str) -> list[int]:
    return [at for at, word in enumerate(text.split(" ")) if word.lower() in ("no", "not", "nothing", "neither")]


@settings(deadline=None)
@given(st.sampled_from([case for case in ACCEPTED if negators_of(case[1])]), st.integers(0, 200))
def test_a_negation_dropped_is_refused(case: tuple[str, str], place: int) -> None:
    name, text = case
    said = text.split(" ")
    negators = negators_of(text)
    del said[negators[place % len(negators)]]
    left = " ".join(said)
    assert find_refusal(FACTS[name], left[0].upper() + left[1:]) is not None


@settings(deadline=None)
@given(st.sampled_from(ACCEPTED), st.integers(0, 200), st.text(string.ascii_lowercase, min_size=7, max_size=14))
def test_a_word_that_nobody_knows_is_refused(case: tuple[str, str], place: int, word: str) -> None:
    name, text = case
    assume(
        word not in VOCABULARY.meaning_of
        and word not in VOCABULARY.fillers | VOCABULARY.joints
        and word.rstrip("s") not in FACTS[name].text.lower()
    )
    said = text.split(" ")
    said.insert(1 + place % len(said), word)
    assert find_refusal(FACTS[name], " ".join(said)) is not None


@settings(deadline=None)
@given(st.sampled_from(sorted(FACTS)), st.text(max_size=200))
def test_any_text_at_all_is_judged_and_never_breaks_the_judge(name: str, text: str) -> None:
    refusal = find_refusal(FACTS[name], text)
    assert refusal is None or isinstance(refusal, Refusal)


@settings(deadline=None)
@given(st.permutations(FACTS["fake"].text.rstrip(".").split(" ")))
def test_shuffled_words_never_swap_score_and_threshold(words: list[str]) -> None:
    text = " ".join(words)
    text = text[0].upper() + text[1:] + "."
    if find_refusal(FACTS["fake"], text) is None:
        assert "68.0 % and above" in text
        assert "as manipulated" in text or "as fake" in text


@pytest.mark.parametrize("name", FACTS)
def test_no_fact_passes_for_another(name: str) -> None:
    passed = [other for other, fact in FACTS.items() if find_refusal(FACTS[name], fact.text) is None]
    assert passed == [name]


def worded(fact: Fact, text: str, provenance: Provenance = Provenance.LLM) -> Draft:
    return Draft((Wording(fact, text, provenance),))


def test_an_accepted_wording_is_published_as_the_models() -> None:
    fact = FACTS["stretch"]
    draft = worded(fact, "  From 00:10 to 00:25,\nface 2 scores as manipulated at 90.5 %. ")
    (sentence,) = [each.sentence for each in check_draft(draft)]
    assert sentence.text == "From 00:10 to 00:25, face 2 scores as manipulated at 90.5 %."
    assert sentence.provenance is Provenance.LLM
    assert sentence.citations == fact.citations


def test_a_refused_wording_gives_way_to_the_template() -> None:
    fact = FACTS["stretch"]
    made = check_draft(worded(fact, "Face 2 is clearly fake."))
    assert (made[0].sentence.text, made[0].sentence.provenance) == (fact.text, Provenance.TEMPLATE)
    assert count_refusals(made) == {Refusal.CERTAINTY: 1}


def test_the_templates_own_words_are_the_templates_whoever_repeats_them() -> None:
    made = check_draft(worded(FACTS["fake"], FACTS["fake"].text))
    assert (made[0].sentence.provenance, made[0].refusal) == (Provenance.TEMPLATE, None)


def test_a_wording_that_claims_to_be_the_templates_is_still_the_facts() -> None:
    made = check_draft(worded(FACTS["fake"], "This video is real.", Provenance.TEMPLATE))
    assert made[0].sentence.text == FACTS["fake"].text


def test_length_is_bounded_whatever_is_repeated() -> None:
    fact = FACTS["alone"]
    padded = f"The verdict rests on the faces{' as it is' * 20} alone."
    assert len(padded) > MOST_LENGTH_RATIO * len(fact.text)
    assert find_refusal(fact, padded) is Refusal.FORM


def test_every_fact_of_every_report_follows_from_itself() -> None:
    judged = 0
    for _, made, _ in reports.every_shape():
        case_evidence = CaseEvidence(made.media, made.plan, made.verdict, made.evidence, made.explanations)
        for fact in collect_facts(case_evidence):
            assert fact.is_fixed or find_refusal(fact, fact.text) is None, fact.text
            judged += 1
    assert judged > 10


def test_a_verdict_is_never_reworded() -> None:
    fact = FACTS["fake"]
    wording = next(text for name, text in HONEST if name == "fake")
    (ruling,) = check_draft(Draft((Wording(fact, wording, Provenance.LLM),)))
    assert ruling.sentence.text == fact.text
    assert ruling.sentence.provenance is Provenance.TEMPLATE
