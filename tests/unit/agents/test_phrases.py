"""Phrases say what the grammar says, their files are checked, and no text takes them long."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from agents.conversation.understanding import phrasebook
from agents.conversation.understanding.phrasebook import load_phrasebook
from agents.conversation.understanding.phrases import Phrases, split_words
from agents.conversation.understanding.question import read_question
from agents.conversation.understanding.topic_rules import read_topics
from core.errors import Misconfigured

MOST_CPU_S = 0.5
"""For a long text made to be slow; a question takes milliseconds."""


@pytest.mark.parametrize(
    ("phrase", "text", "is_found"),
    [
        ("fake", "is it fake", True),
        ("fake", "is it faked", False),
        ("fak*", "is it faked", True),
        ("un*ed", "was it unedited", True),
        ("un*ed", "unit", False),
        ("how (sure|certain) is", "and how certain is it", True),
        ("how (sure|certain) is", "how bad is it", False),
        ("is [it] real", "is real", True),
        ("is [it] real", "is it real", True),
        ("is ..2 real", "is it all real", True),
        ("is ..2 real", "is it all very real", False),
        ("why ... skip", "why on earth did you skip", True),
        ("^ why", "and why", False),
        ("done $", "is it done?", True),
        ("done $", "done what", False),
        ("face #", "face 12", True),
        ("from ####", "from 2019", True),
        ("from ####", "from 10", False),
        ("look _ it", "look at it", True),
        ("what is !(it|that)", "what is it", False),
        ("what is !(it|that)", "what is shap", True),
        ("!<(do not) stop", "do not stop", False),
        ("!<(do not) stop", "please stop", True),
        ("&(... again) check", "check it again", True),
        ("&(... again) check", "check it", False),
        ("<named> now", "do it now", True),
        ("grad cam", "grad-cam", True),
    ],
)
def test_a_phrase_is_found_as_it_is_written(phrase: str, text: str, is_found: bool) -> None:
    named = {"named": Phrases().add(["do it"], {})}
    assert Phrases().add([phrase], named).are_in(split_words(text)) is is_found


def test_the_first_label_of_which_a_phrase_is_found_decides() -> None:
    ranked = Phrases()
    ranked.add(["is (it|that) fake"], {}, "one")
    ranked.add(["fake"], {}, "two")
    assert ranked.find(split_words("tell me, is it fake")) == "one"
    assert ranked.find(split_words("tell me, is it fake"), frozenset({"one"})) == "two"
    assert ranked.find(split_words("good morning")) is None


def test_phrases_are_taken_out_of_a_text() -> None:
    phrases = Phrases().add(["rather than _"], {})
    assert phrases.without(split_words("the voice rather than faces please")) == ["the", "voice", "please"]


@pytest.mark.parametrize("phrase", ["(a|b", "<nothing> of it"])
def test_what_is_not_of_the_grammar_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match=r"bracket|no list"):
        Phrases().add([phrase], {})


def test_every_language_file_is_read() -> None:
    assert {"en", "de", "fr", "es", "it", "pt", "nl", "pl"} <= set(load_phrasebook().small_words)


@pytest.mark.parametrize(
    "written", ["language: xx\ntopics: {findings: {gossip: [a]}}", "language: xx\nwords: {a: ['(b']}", "language: yy"]
)
def test_a_wrong_file_is_a_wrong_deployment(written: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in phrasebook.FILES.glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "xx.yaml").write_text(written, encoding="utf-8")
    monkeypatch.setattr(phrasebook, "FILES", tmp_path)
    with pytest.raises(Misconfigured):
        load_phrasebook.__wrapped__()


@pytest.mark.parametrize(
    "text", ["what " * 500, "why only " * 250, "a" * 2000, "who is the one that is not real or " * 60]
)
def test_a_text_made_to_be_slow_takes_a_bounded_time(text: str) -> None:
    question = read_question(text, 60.0)
    started = time.process_time()
    read_topics(question)
    assert time.process_time() - started < MOST_CPU_S
