"""Reads a question that leans on the one before: "and the other face?", "why?", "later?"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from agents.conversation.understanding.phrasebook import load_phrasebook
from agents.conversation.understanding.phrases import split_words
from agents.conversation.understanding.question import Question, read_question
from agents.conversation.understanding.topics import Topic
from core.dialogue import Answer, Turn

MOST_TURNS: Final = 4
"""Turns that a question may lean on."""
MOST_WORDS: Final = 6
"""A longer question stands by itself."""
KEPT: Final = frozenset(
    {
        Topic.STRETCHES, Topic.WHY, Topic.REGION, Topic.ROBUSTNESS, Topic.WORST, Topic.WITHOUT, Topic.CHANGE,
        Topic.THRESHOLDS, Topic.POSITION, Topic.RELIABILITY,
    }
)  # fmt: skip
"""What is asked of the other part, or of another face, when nothing but that is named."""
NAMED: Final = frozenset({Topic.FACES, Topic.VOICE})


def read_thread(question: Question, history: Sequence[Turn], duration_s: float, files: int) -> Question:
    """The question with what it leaves open taken from the questions before it."""
    thread: Question | None = None
    for text in (*(turn.text for turn in history[-MOST_TURNS:]), question.text):
        own = read_question(text, duration_s, files)
        thread = own.carry(thread) if thread is not None and leans(own) else own
    return thread or question


def leans(question: Question) -> bool:
    """Whether it is too short to stand alone, or begins as a continuation."""
    tokens = split_words(question.words)
    spoken = [token for token in tokens if token[0].isalnum()]
    return len(spoken) <= MOST_WORDS and (len(spoken) <= 2 or load_phrasebook().words["connective"].are_in(tokens))


def keep_topics(question: Question, topics: tuple[Topic, ...], before: Answer | None) -> tuple[Topic, ...]:
    """The topics of the answer before, where the question names only another part or face of it."""
    if before is None or not leans(question) or question.asks & {"fake", "genuine"} or not set(topics) <= NAMED:
        return topics
    kept = tuple(Topic(name) for name in before.topics if name in KEPT)
    return kept or topics


def drop_answered(question: Question, before: Answer | None) -> Question:
    """The question, where it asks for what comes later, with the moment up to which the answer before has told."""
    if before is None or question.moment_s is not None or Topic.MOMENT not in before.topics:
        return question
    told = [cited.time_s for said in before.statements[:1] for cited in said.citations if cited.time_s is not None]
    return replace(question, moment_s=told[0]) if told else question
