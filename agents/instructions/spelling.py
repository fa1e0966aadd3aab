"""Misspelt words for picture and sound, put right where an instruction names neither."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import OSA

from agents.instructions.vocabulary import Vocabulary


def respelt(words: Sequence[str], vocabulary: Vocabulary) -> str | None:
    """The text with words one slip away from a known one put right; None when there is nothing to put right."""
    known = [word for language in vocabulary.languages for word in language.misspelt]
    spared = {word for language in vocabulary.languages for word in language.not_misspelt}
    read = {words[place] for _, start, end in vocabulary.find(words) for place in range(start, end) if end - start == 1}
    better = {word: meant for word in set(words) - spared - read if (meant := _closest(word, known))}
    return " ".join(better.get(word, word) for word in words) if better else None


def is_one_slip(word: str, known: str) -> bool:
    """One letter too many, too few or another, or two neighbours swapped."""
    return OSA.distance(word, known, score_cutoff=1) == 1


def _closest(word: str, known: Sequence[str]) -> str | None:
    """The known word one slip away; never in its first letter, and in a short word only a swap."""
    near = (meant for meant in known if len(word) >= 4 and word[0] == meant[0] and is_one_slip(word, meant))
    return next((meant for meant in near if len(meant) >= 5 or sorted(word) == sorted(meant)), None)
