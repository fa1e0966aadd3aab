"""`python -m training.language.topics`: fits the classifier that sorts questions, after measuring it on other authors.

`questions.jsonl` holds questions by several authors who saw neither the rules nor each other's, and those that the
rules were made on, of which the classifier is not told the rules' reading. The measure is to fit on all but one author
and to sort that one's. `--write` stores the fit on all as `agents/conversation/understanding/weights/topics.npz`.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict
from scipy import sparse
from sklearn.svm import LinearSVC

from agents.conversation.understanding.question import Question, read_question
from agents.conversation.understanding.topic_model import (
    TOPICS,
    WEIGHTS,
    build_features,
    centre,
    choose_topics,
    embed,
    guess_topics,
    list_choices,
    rank_topics,
)
from agents.conversation.understanding.topic_rules import read_topics
from agents.conversation.understanding.topics import Topic

Floats = npt.NDArray[np.float64]

LABELLED: Final = Path(__file__).with_name("questions.jsonl")
DURATION_S: Final = 4000.0
OURS: Final = "ours"
"""Who wrote the questions that the rules were made on."""
MARGIN_COST: Final = 0.2
"""C of the linear support-vector machines, one topic against all others."""


class Labelled(BaseModel):
    """One question and the topic that answers it best."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    topic: Topic
    language: str
    author: str

    def question(self) -> Question:
        return read_question(self.text, DURATION_S, 2 if self.topic is Topic.COMPARE else 1)


def labelled() -> tuple[Labelled, ...]:
    with LABELLED.open(encoding="utf-8") as lines:
        return tuple(Labelled.model_validate_json(line) for line in lines)


def fit(rows: sparse.csr_matrix, topics: Sequence[Topic]) -> tuple[Floats, Floats]:
    """Weights of shape (n, topics) and an offset for each, in the order of the topics. Every topic needs examples."""
    machine = LinearSVC(C=MARGIN_COST).fit(rows, [TOPICS.index(topic) for topic in topics])
    return machine.coef_.T, machine.intercept_


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="store the fit on all authors")
    options = parser.parse_args()
    cases = labelled()
    questions = [case.question() for case in cases]
    by_rules = [read_topics(question) or () for question in questions]
    embeddings = np.array([embed(each.text) for each in questions])
    mean = embeddings.mean(axis=0)
    rows = sparse.vstack(
        [
            build_features(each, None if case.author == OURS else rules, centre(embedding, mean))
            for case, each, rules, embedding in zip(cases, questions, by_rules, embeddings, strict=True)
        ]
    ).tocsr()
    truth = [case.topic for case in cases]
    authors = np.array([case.author for case in cases])
    for author in sorted(set(authors) - {OURS}):
        others, own = np.flatnonzero(authors != author), np.flatnonzero(authors == author)
        weights, bias = fit(rows[others], [truth[i] for i in others])
        scores = np.asarray(rows[own] @ weights) + bias
        _report(author, [cases[i] for i in own], [questions[i] for i in own], [by_rules[i] for i in own], scores)
    if options.write:
        weights, bias = fit(rows, truth)
        halves = [part.astype(np.float16) for part in (weights, bias, mean)]
        digest = hashlib.sha256(b"".join(part.tobytes() for part in halves)).hexdigest()[:8]
        np.savez_compressed(
            WEIGHTS, version=np.array(f"topics-{digest}"), weights=halves[0], bias=halves[1], mean=halves[2]
        )


def _report(
    author: str,
    cases: Sequence[Labelled],
    questions: Sequence[Question],
    by_rules: Sequence[tuple[Topic, ...]],
    scores: Floats,
) -> None:
    """How often the topic that is answered first is the labelled one, in English and in other languages."""
    for name, chosen in (("English", True), ("others", False)):
        of = [i for i, case in enumerate(cases) if (case.language == "en") is chosen]
        rules = sum(by_rules[i][:1] == (cases[i].topic,) for i in of)
        both = sum(_read(questions[i], by_rules[i], scores[i])[0] is cases[i].topic for i in of)
        print(f"{author:8} {name:8} {len(of):5}  rules {rules / len(of):.1%}  with the classifier {both / len(of):.1%}")


def _read(question: Question, by_rules: tuple[Topic, ...], scores: Floats) -> tuple[Topic, ...]:
    found = rank_topics(scores, list_choices(question, offered=True))
    return choose_topics(by_rules, found) or guess_topics(found)


if __name__ == "__main__":
    main()
