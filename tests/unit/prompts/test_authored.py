"""Every sentence that the service writes in English while it works has its words in the other languages."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.analysis import planner
from agents.instructions import refusals
from detectors.media import formats
from prompts.authored import FOLDER, SLOT, translate
from tests.fixtures.languages import english_sentences

ROOT = Path(__file__).resolve().parents[3]
ROOMS = ("api", "core", "tasks", "agents", "tools", "detectors", "egress", "store")
RAISED = {"Rejected", "Unavailable", "Failure"}
TOLD = {"_enough", "append", "append_event", "_enter", "Assessment"}
"""Whose text arguments are lines of progress."""
LANGUAGES = ("de", "fr")


def _text(node: ast.expr) -> str | None:
    """With `{}` where a value is filled in; None for what is no text here."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(str(each.value) if isinstance(each, ast.Constant) else SLOT for each in node.values)
    return None


def authored() -> Iterator[str]:
    """The messages of errors and failures, and lines of progress, as the sources have them."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call):
                    continue
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                named = {each.arg: each.value for each in node.keywords}
                given = [*node.args[1:2], *([named["message"]] if "message" in named else [])]
                if name in TOLD:
                    given = [*node.args]
                elif name not in RAISED:
                    continue
                for each in given:
                    text = _text(each)
                    if text and text[0].isupper() and text.rstrip(SLOT + " ").endswith((".", ":")):
                        yield text
    yield from planner._SAYS.rule.values()
    yield from planner._SAYS.model.values()
    yield from refusals._DECLINED.values()
    yield from (f"This is {kind}. {way_out}" for _, kind, way_out in formats._KNOWN_STRANGERS)


def _filled(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace(SLOT, "7")).strip()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_authored_sentence_has_its_words(language: str) -> None:
    found = sorted({text.removesuffix(SLOT).rstrip() for text in authored()})
    assert len(found) > 150
    missing = [text for text in found if english_sentences(translate(_filled(text), language), least=1)]
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_is_another_text_with_the_same_slots(language: str) -> None:
    listed = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    for english, words in listed.items():
        assert english != words
        assert english.count(SLOT) == words.count(SLOT), english
        assert english[-1:] in words[-1:] or english[-1] not in ".:", english


def test_all_languages_list_the_same() -> None:
    german, french = (json.loads((FOLDER / f"{each}.json").read_text(encoding="utf-8")) for each in LANGUAGES)
    assert list(german) == list(french)


@pytest.mark.parametrize(
    ("text", "german"),
    [
        (
            "The instruction concerns the sound. Only 0.5-3.9 s is examined.",
            "Die Anweisung betrifft den Ton. Geprüft wird nur 0,5-3,9 s.",
        ),
        (
            "This is a MIDI file, which holds notes and no sound. Send a recording of it.",
            "Das ist eine MIDI-Datei, die Noten und keinen Ton enthält. Senden Sie eine Aufnahme davon.",
        ),
        ("The database cannot be reached at the moment. The analysis goes on by itself.",
         "Die Datenbank ist gerade nicht erreichbar. Die Prüfung geht von selbst weiter."),
        ("Nobody ever wrote this.", "Nobody ever wrote this."),
        ("", ""),
    ],
)  # fmt: skip
def test_texts_of_several_sentences_are_told_one_by_one(text: str, german: str) -> None:
    assert translate(text, "de") == german
    assert translate(text, "en") == text
    assert translate(text, "xx") == text


def test_no_text_takes_long() -> None:
    import time

    began = time.perf_counter()
    translate("The stretch that it names " + "The file did not arrive within " * 60, "de")
    assert time.perf_counter() - began < 1
