"""Questions are sorted by what they mean where the rules read them worse, and never into what code alone may say."""

from __future__ import annotations

import numpy as np
import pytest

from agents.conversation.understanding.question import read_question
from agents.conversation.understanding.topic_model import (
    OVERRULES,
    TOPICS,
    TopicRanking,
    build_features,
    choose_topics,
    embed,
    guess_topics,
    list_choices,
    load_classifier,
    rank_topics,
)
from agents.conversation.understanding.topics import Topic


def test_an_embedding_is_a_unit_vector_and_near_to_what_means_the_same() -> None:
    asked, alike, other = (
        embed(text) for text in ("Who made this?", "Which person created it?", "How long is the video?")
    )
    assert asked.shape == (384,)
    assert np.linalg.norm(asked) == pytest.approx(1.0, abs=1e-5)
    assert asked @ alike > asked @ other + 0.05


def test_an_embedding_is_near_to_what_means_the_same_in_another_language() -> None:
    asked, alike, other = (
        embed(text)
        for text in ("Could the compression explain it?", "Liegt es an der Kompression?", "Wer hat es gemacht?")
    )
    assert asked @ alike > asked @ other


def test_an_embedding_survives_whatever_is_written() -> None:
    for text in ("", "\x00\ufffd", "🤖" * 50, "word " * 5_000):
        assert np.isfinite(embed(text)).all()


def test_the_shipped_weights_fit_what_is_computed_today() -> None:
    question = read_question("is the second face fake at 0:10?", 60.0)
    row = build_features(question, (Topic.MOMENT,), np.zeros(384, np.float32))
    assert load_classifier().version.startswith("topics-")
    assert load_classifier().rank(question, (Topic.MOMENT,)).topics[0] in TOPICS
    assert row.shape[0] == 1


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("is it fake", {Topic.TERM, Topic.MOMENT, Topic.CONFIRM, Topic.WITHDRAW}),
        ("what is a logit at 0:10", set()),
        ("what is a logit at 0:10 in file 2", {Topic.CAPABILITIES, Topic.FORMATS, Topic.METHOD}),
    ],
)
def test_nothing_is_chosen_that_the_question_does_not_name(text: str, absent: set[Topic]) -> None:
    question = read_question(text, 60.0, files=2)
    assert set(TOPICS) - set(list_choices(question, offered=Topic.CONFIRM not in absent)) == absent


def test_ranking_is_by_score_and_only_among_what_can_be() -> None:
    scores = np.arange(len(TOPICS), dtype=float)
    found = rank_topics(scores, (TOPICS[3], TOPICS[9], TOPICS[4]))
    assert found == TopicRanking((TOPICS[9], TOPICS[4], TOPICS[3]), 5.0)


@pytest.mark.parametrize(
    ("by_rules", "first", "lead", "topics"),
    [
        ((Topic.VOICE,), Topic.AUTHOR, 2 * OVERRULES, (Topic.AUTHOR,)),
        ((Topic.VOICE,), Topic.AUTHOR, OVERRULES / 2, (Topic.VOICE,)),
        ((Topic.VOICE, Topic.FACES), Topic.FACES, 1.0, (Topic.VOICE, Topic.FACES)),
        ((), Topic.AUTHOR, OVERRULES / 2, None),
        ((), Topic.AUTHOR, 2 * OVERRULES, (Topic.AUTHOR,)),
        ((Topic.RULES,), Topic.VERDICT, 9.0, (Topic.RULES,)),
        ((Topic.CONFIRM,), Topic.VERDICT, 9.0, (Topic.CONFIRM,)),
        ((Topic.WITHDRAW,), Topic.VERDICT, 9.0, (Topic.WITHDRAW,)),
    ],
)
def test_the_rules_give_way_only_to_what_clearly_fits_better_and_never_where_code_decides(
    by_rules: tuple[Topic, ...], first: Topic, lead: float, topics: tuple[Topic, ...] | None
) -> None:
    assert choose_topics(by_rules, TopicRanking((first, Topic.UNCLEAR), lead)) == topics


@pytest.mark.parametrize("text", ["sure, why not, go for it", "by all means carry on", "einverstanden, mach es so"])
def test_a_yes_in_other_words_is_heard_after_an_offer_and_never_guessed(text: str) -> None:
    question = read_question(text)
    assert choose_topics((), load_classifier().rank(question, (), offered=True)) == (Topic.CONFIRM,)
    assert load_classifier().rank(question, ()).topics[0] is not Topic.CONFIRM
    assert guess_topics(TopicRanking((Topic.CONFIRM, Topic.VERDICT), OVERRULES / 2)) == (Topic.UNCLEAR,)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("put that in plain words for my grandmother, start to finish", Topic.SIMPLE),
        ("which outfit cooked this up", Topic.AUTHOR),
        ("do I take this to the police", Topic.ADVICE),
    ],
)
def test_what_no_rule_knows_is_understood(text: str, topic: Topic) -> None:
    assert load_classifier().rank(read_question(text, 60.0), ()).topics[0] is topic
