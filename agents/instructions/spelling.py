"""Misspelt words for picture and sound, put right where an instruction names neither."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import OSA

from agents.instructions.vocabulary import load_vocabulary


def respell(words: Sequence[str]) -> str | None:
    """The text with words one slip away from a known one put right; None when there is nothing to put right."""
    vocabulary = load_vocabulary()
    read = {words[start] for _, start, end in vocabulary.find(words) if end - start == 1}
    better = {word: meant for word in set(words) - vocabulary.not_misspelt - read if (meant := _meant(word))}
    return " ".join(better.get(word, word) for word in words) if better else None


def _meant(word: str) -> str | None:
    """The known word one slip away; never in its first letter, and in a short word only a swap."""
    known = (each for each in load_vocabulary().misspelt if len(word) >= 4 and word[0] == each[0])
    near = (each for each in known if len(each) >= 5 or sorted(word) == sorted(each))
    return next((each for each in near if OSA.distance(word, each, score_cutoff=1) == 1), None)
