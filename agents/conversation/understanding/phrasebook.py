"""The phrases by which people ask, read from one file a language under `languages/` and checked.

`topics` holds, by tier, the phrases that tell a topic; `words` the lists that phrases and code name. `common.yaml`
holds what belongs to no language and the order of tiers and topics: the first whose phrase is found decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict

from agents.conversation.understanding.phrases import Phrases
from agents.conversation.understanding.topics import Topic
from core.errors import Misconfigured

FILES: Final = Path(__file__).parent / "languages"
COMMON: Final = "common"


class LanguageFile(BaseModel):
    """One file. `order`, by tier and then by topic, and `kinds`, the lists of each kind, are in the common one only."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: str
    small_words: tuple[str, ...] = ()
    spelled: tuple[str, ...] = ()
    topics: dict[str, dict[Topic, tuple[str, ...]]] = {}
    words: dict[str, tuple[str, ...]] = {}
    order: dict[str, tuple[Topic, ...]] = {}
    kinds: dict[str, tuple[str, ...]] = {}


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """The phrases of all languages together: a question may mix them, and nobody says in which it is."""

    topics: Phrases
    """Each under its topic; the first that is found decides."""
    rules: Phrases
    """Of the topic `rules`, which are looked for in the whole text."""
    words: Mapping[str, Phrases]
    kinds: Mapping[str, Phrases]
    """What is named, by kind: a region or a term."""
    numbers: Mapping[str, Mapping[int, Phrases]]
    """Ordinals and numbers in words, by their value."""
    spelled: frozenset[str]
    """Words that a misspelt one is read as."""
    small_words: Mapping[str, frozenset[str]]
    """By language: the words by which it is known."""

    def listed(self, kind: str) -> Iterator[tuple[str, Phrases]]:
        """The lists whose names begin with the kind, by the rest of the name."""
        return (
            (name.removeprefix(f"{kind}."), found) for name, found in self.words.items() if name.startswith(f"{kind}.")
        )


@cache
def load_phrasebook() -> Phrasebook:
    """All files. Raises: Misconfigured("phrases_invalid") for one that is not of the schema or the grammar."""
    try:
        files = [*_read_files()]
        common = next(each for each in files if each.language == COMMON)
        words: dict[str, Phrases] = {name: Phrases() for file in files for name in file.words}
        for file in files:
            for name, written in file.words.items():
                words[name].add(written, words)
        order = [(tier, topic) for tier, topics in common.order.items() for topic in topics]
        given = {(tier, topic) for file in files for tier, topics in file.topics.items() for topic in topics}
        if set(order) != given:
            raise ValueError(f"not in the order, or without phrases: {set(order) ^ given}")
        topics, rules = Phrases(), Phrases()
        for tier, topic in order:
            for file in files:
                topics.add(file.topics.get(tier, {}).get(topic, ()), words, topic)
        for file in files:
            rules.add(file.topics.get("rules", {}).get(Topic.RULES, ()), words)
        kinds: dict[str, Phrases] = defaultdict(Phrases)
        for kind, names in common.kinds.items():
            for name in names:
                kinds[kind].add([f"<{kind}.{name}>"], words, name)
    except (OSError, StopIteration, KeyError, ValueError, yaml.YAMLError) as error:
        raise Misconfigured("phrases_invalid", f"The phrases of the conversation cannot be read: {error}") from error
    return Phrasebook(
        topics=topics,
        rules=rules,
        words=words,
        kinds=kinds,
        numbers={
            kind: {int(name): words[f"{kind}.{name}"] for name in common.kinds[kind]} for kind in ("ordinal", "number")
        },
        spelled=frozenset(word for file in files for word in file.spelled),
        small_words={file.language: frozenset(file.small_words) for file in files},
    )


def _read_files() -> Iterator[LanguageFile]:
    for path in sorted(FILES.glob("*.yaml")):
        with path.open(encoding="utf-8") as written:
            file = LanguageFile.model_validate(yaml.load(written, Loader=yaml.CSafeLoader))
        if file.language != path.stem:
            raise ValueError(f"{path.name} is of the language {file.language}")
        yield file
