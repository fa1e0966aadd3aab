"""Reads by fixed phrases what a question is about, in the main European languages. The first that applies decides.

What no phrase recognises is `None`, and may be given to a model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.conversation.understanding.phrasebook import load_phrasebook
from agents.conversation.understanding.phrases import Tokens, split_words
from agents.conversation.understanding.question import Question, correct_slips
from agents.conversation.understanding.topics import Topic
from core.types import Modality

MOST_TOPICS: Final = 3
"""Answered in one answer."""
MOST_WORDS_OF_COURTESY: Final = 7
_LENGTHENED: Final = re.compile(r"(.)\1{2,}")
_SENTENCE_END: Final = re.compile(r"[?!;]+\s*|\.\s+")
_NARROWED_BY_TIME: Final = frozenset(
    {
        Topic.STRETCHES, Topic.REGION, Topic.WHY, Topic.CERTAINTY, Topic.FACES, Topic.VOICE, Topic.VERDICT,
        Topic.COVERAGE, Topic.SUMMARY,
    }
)  # fmt: skip
_NARROWED_BY_REGION: Final = frozenset({Topic.STRETCHES, Topic.FACES, Topic.VERDICT, Topic.CERTAINTY, Topic.WHY})


def read_topics(question: Question, *, offered: bool = False) -> tuple[Topic, ...] | None:
    """What the question is about, most important first; None when no phrase recognises it.

    Args:
        offered: whether the answer before offered a new analysis, which a bare yes accepts.
    """
    lists = load_phrasebook().words
    text = question.words.strip().replace("tl;dr", "tldr")
    spoken = [token for token in split_words(text) if token[0].isalnum()]
    if spoken and lists["consent"].are_all_of(spoken):
        return (Topic.CONFIRM,)
    if offered and spoken and lists["refusal"].are_all_of(spoken):
        return (Topic.WITHDRAW,)
    if courtesy := _read_courtesy(text):
        return (courtesy,)
    if load_phrasebook().rules.are_in(split_words(text)):
        return (Topic.RULES,)
    return _read_clauses(text, question) or _read_clauses(correct_slips(text), question)


def _read_courtesy(text: str) -> Topic | None:
    """A greeting or thanks, and nothing that is asked beside it."""
    lists = load_phrasebook().words
    said = _LENGTHENED.sub(r"\1", text)
    tokens = split_words(said)
    if len(said.split()) > MOST_WORDS_OF_COURTESY or lists["asks"].are_in(lists["polite"].without(tokens)):
        return None
    for topic in (Topic.THANKS, Topic.GREETING):
        if lists[str(topic)].are_in(tokens):
            return topic
    return None


def _read_clauses(text: str, question: Question) -> tuple[Topic, ...] | None:
    found = [_read_topic(clause, question) for clause in _split_clauses(text)]
    return tuple(dict.fromkeys(topic for topic in found if topic is not None))[:MOST_TOPICS] or None


def _split_clauses(text: str) -> Iterator[list[str]]:
    """At the end of a sentence, and where `and` or a comma is followed by another question."""
    lists = load_phrasebook().words
    for sentence in _SENTENCE_END.split(text):
        tokens, begun = split_words(sentence), 0
        for place in range(1, len(tokens)):
            opening = "question_opening" if tokens[place - 1] == "," else "clause_opening"
            joined = tokens[place - 1] == "," or lists["clause_joiner"].are_all_of(tokens[place - 1 : place])
            if joined and lists[opening].advance(tokens, {place}):
                yield tokens[begun : place - 1]
                begun = place
        yield tokens[begun:]


def _read_topic(tokens: list[str], question: Question) -> Topic | None:
    book = load_phrasebook()
    if not any(each[0].isalnum() or each == "%" for each in tokens):
        return None
    tokens = book.words["report_says"].without(tokens, ("findings",))
    if book.words["order"].are_in(tokens):
        return Topic.VERDICT
    if book.kinds["measure"].find(tokens) is not None:
        return Topic.VOICE
    found = book.topics.find(tokens, frozenset({Topic.TERM}) if question.term is None else frozenset())
    return _read_slots(question) if found is None else _narrow(Topic(found), tokens, question)


def _read_slots(question: Question) -> Topic | None:
    """ "And the second one?": what is named says what is asked."""
    if question.has_time:
        return Topic.MOMENT
    if question.region:
        return Topic.REGION
    if question.face is not None or question.part is Modality.VISUAL:
        return Topic.FACES
    if question.part is Modality.AUDIO:
        return Topic.VOICE
    return Topic.VERDICT if question.file is not None else None


def _narrow(topic: Topic, tokens: Tokens, question: Question) -> Topic:
    """A moment, a region, a face or a part that is named narrows what is asked."""

    def names(name: str) -> bool:
        return load_phrasebook().words[name].are_in(tokens)

    if topic is Topic.SIMPLE and question.term is not None:
        return Topic.TERM
    if topic is Topic.COMPARE and question.files == 1 and not names("file_noun") and not names("earlier_file"):
        return Topic.FACES
    if topic is Topic.SUMMARY and question.part is not None:
        return Topic.FACES if question.part is Modality.VISUAL else Topic.VOICE
    if question.has_time and topic in _NARROWED_BY_TIME:
        return Topic.MOMENT
    if topic is Topic.STRETCHES and names("opening_why"):
        return Topic.WHY
    if question.region and topic in _NARROWED_BY_REGION:
        return topic if topic is Topic.STRETCHES and names("when_word") else Topic.REGION
    return narrow_to_part(topic, question) if topic in (Topic.CERTAINTY, Topic.VERDICT) else topic


def narrow_to_part(topic: Topic, question: Question) -> Topic:
    """Faces or voice, where these alone are named."""
    if question.face is not None or question.part is Modality.VISUAL:
        return Topic.FACES
    return Topic.VOICE if question.part is Modality.AUDIO else topic
