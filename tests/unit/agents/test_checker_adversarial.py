"""Thousands of wrong wordings, by rule and by hand, of which none may pass, and right ones, of which most must."""

from __future__ import annotations

from collections import Counter

import pytest

from agents.report.checker import Refusal, find_refusal
from tests.unit.agents.misstatements import facts, of_another, right, wrong
from tests.unit.agents.subtleties import SUBTLE
from tests.unit.agents.wordings import DISHONEST, FACTS, HONEST

LEAST_ACCEPTED = 0.95


def test_no_wrong_wording_made_by_rule_is_accepted() -> None:
    tried: Counter[str] = Counter()
    passed = []
    for fact, text, rule in wrong():
        tried[rule] += 1
        if find_refusal(fact, text) is None:
            passed.append((rule, fact.text, text))
    assert passed == []
    assert set(tried) == {"number", "unit", "swap", "polarity", "negation", "content", "claim"}
    assert min(tried.values()) >= 40
    assert sum(tried.values()) >= 3000


def test_no_fact_is_told_in_the_words_of_another() -> None:
    pairs = list(of_another())
    assert [(fact.text, text) for fact, text in pairs if find_refusal(fact, text) is None] == []
    assert len(pairs) >= 500


@pytest.mark.parametrize(("name", "text"), SUBTLE, ids=lambda each: str(each)[:70])
def test_no_wrong_wording_made_by_hand_is_accepted(name: str, text: str) -> None:
    assert find_refusal(FACTS[name], text) is not None


def test_the_hands_wrong_wordings_are_many_and_refused_for_many_reasons() -> None:
    by_hand = {*DISHONEST, *SUBTLE}
    assert len(by_hand) >= 150
    reasons = {find_refusal(FACTS[name], text) for name, text in by_hand}
    assert None not in reasons
    assert reasons >= set(Refusal) - {Refusal.INSTRUCTION, Refusal.ACCUSATION}


def test_right_wordings_are_accepted() -> None:
    made = {text: (fact, text) for fact, text in right()} | {text: (FACTS[name], text) for name, text in HONEST}
    accepted = [text for fact, text in made.values() if find_refusal(fact, text) is None]
    assert len(made) >= 120
    assert len(accepted) >= LEAST_ACCEPTED * len(made), sorted(set(made) - set(accepted))


def test_every_sentence_of_every_narrative_follows_from_itself() -> None:
    assert len(facts()) >= 60
    assert [fact.text for fact in facts() if find_refusal(fact, fact.text) is not None] == []
