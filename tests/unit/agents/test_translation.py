"""Other languages say the same facts with the same figures, by their own files."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from agents.conversation.answering.phrasing import VERSIONS, load_answers, load_sentences
from agents.report.checker import find_refusal
from agents.report.facts import collect_facts, describe_measurement, translate_facts
from core.errors import Misconfigured
from core.types import Because, ReasonCode, VoiceModelScore, WitnessScore
from prompts.library import load
from prompts.slots import load_language
from tests.fixtures.reports import measured
from tests.unit.agents.misstatements import all_case_evidence
from tests.unit.agents.worker import FakeWorker

LANGUAGES = ("de", "fr")
FIGURE = re.compile(r"\d+(?:[.:]\d+)*")
ENGLISH = re.compile(r"\b(?:the|and|with|scores|face|faces|voice|evidence|from|manipulated|frames)\b")


def figures_of(text: str) -> list[str]:
    """With a decimal point, where the language writes a comma."""
    return FIGURE.findall(re.sub(r"(\d),(\d)", r"\1.\2", text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_of_every_narrative_is_told_with_its_figures(language: str) -> None:
    told = 0
    for case_evidence in all_case_evidence():
        facts = collect_facts(case_evidence)
        for english, other in zip(facts, translate_facts(facts, language), strict=True):
            assert (english.key, english.citations, english.asserts) == (other.key, other.citations, other.asserts)
            assert english.text != other.text
            assert ENGLISH.search(other.text.lower()) is None, other.text
            if not any(isinstance(slot, Because) for slot in english.slots.values()):
                assert sorted(FIGURE.findall(english.text)) == sorted(figures_of(other.text)), other.text
            assert other.text.endswith(".")
            told += 1
    assert told >= 100


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_and_every_reason_has_its_words(language: str) -> None:
    english, other = load_language("en").prompt, load_language(language).prompt
    assert set(english.sections) <= set(other.sections)
    assert {code for code in ReasonCode if f"reason.{code}" not in other.sections} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_polarity_is_kept(language: str) -> None:
    found = {"de": "keine?n? Hinweis", "fr": "aucun signe"}[language]
    for case_evidence in all_case_evidence():
        facts = collect_facts(case_evidence)
        for english, other in zip(facts, translate_facts(facts, language), strict=True):
            assert ("o evidence of" in english.text) == bool(re.search(found, other.text, re.IGNORECASE)), other.text


def test_english_is_as_it_is_and_a_language_without_files_is_a_wrong_deployment() -> None:
    facts = collect_facts(all_case_evidence()[0])
    assert translate_facts(facts, "en") == facts
    with pytest.raises(Misconfigured):
        translate_facts(facts, "xx")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_of_ours_has_a_translated_line_for_every_line(language: str) -> None:
    translated = load_answers(language)
    for page in ("about", "glossary"):
        for section in load(page, VERSIONS[page]).sections:
            if (own := f"{page}.{section}") in translated.prompt.sections:
                assert len(translated.render(own, {}).splitlines()) == len(load_sentences(page, section)), own


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Alone, the first face model scores this face 66.0 %, and the second 41.0 %."),
        ("de", "Allein bewertet das erste Gesichtsmodell dieses Gesicht mit 66,0 %, das zweite mit 41,0 %."),
        ("fr", "Seul, le premier modèle de visages donne 66,0 % à ce visage, et le second 41,0 %."),
    ],
)
def test_both_face_models_are_told_one_by_one(language: str, sentence: str) -> None:
    case = next(each for each in all_case_evidence() if each.visual is not None and each.visual.tracks)
    assert case.visual is not None
    network = WitnessScore(name="network", p_fake=0.66, faces=32)
    tokens = WitnessScore(name="tokens", p_fake=0.41, faces=8)
    visual = case.visual.model_copy(update={"witnesses": (network, tokens)})
    facts = translate_facts(collect_facts(replace(case, evidence=(visual,))), language)
    assert [fact.text for fact in facts if fact.key == "visual.witnesses"] == [sentence]
    assert not any(fact.key == "visual.witnesses" for fact in collect_facts(case))


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Alone, the first voice model scores this voice 66.0 %, and the second 41.0 %."),
        ("de", "Allein bewertet das erste Stimmmodell diese Stimme mit 66,0 %, das zweite mit 41,0 %."),
        ("fr", "Seul, le premier modèle de voix donne 66,0 % à cette voix, et le second 41,0 %."),
    ],
)
def test_both_voice_models_are_told_one_by_one(language: str, sentence: str) -> None:
    case = next(each for each in all_case_evidence() if each.audio is not None and each.audio.windows)
    assert case.audio is not None
    models = (VoiceModelScore(name="network", p_fake=0.66), VoiceModelScore(name="encoder", p_fake=0.41))
    audio = case.audio.model_copy(update={"witnesses": models})
    facts = translate_facts(collect_facts(replace(case, evidence=(audio,))), language)
    assert [fact.text for fact in facts if fact.key == "audio.witnesses"] == [sentence]
    assert not any(fact.key == "audio.witnesses" for fact in collect_facts(case))


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "en",
            [
                "Unusual in the sound: the share of digital silence is 12.5 %, where nine in ten honest recordings "
                "have 0.0 to 2.0 %.",
                "Of 4 measurements of the sound, 3 lie where nine in ten honest recordings do; no score takes them in.",
            ],
        ),
        (
            "de",
            [
                "Ungewöhnlich am Ton, Anteil digitaler Stille: 12,5 %; bei neun von zehn echten Aufnahmen sind es "
                "0,0 bis 2,0 %.",
                "Messwerte des Tons im Bereich von neun von zehn echten Aufnahmen: 3 von 4; in keine Bewertung gehen "
                "sie ein.",
            ],
        ),
        (
            "fr",
            [
                "Inhabituel dans le son, part de silence numérique : 12,5 % ; neuf enregistrements authentiques sur "
                "dix ont 0,0 à 2,0 %.",
                "Mesures du son dans la plage de neuf enregistrements authentiques sur dix : 3 sur 4 ; aucun score "
                "n’en tient compte.",
            ],
        ),
    ],
)
def test_measurements_are_told_beside_what_is_usual_and_never_reworded(language: str, sentences: list[str]) -> None:
    case = next(each for each in all_case_evidence() if each.audio is not None and each.audio.windows)
    assert case.audio is not None
    facts = collect_facts(replace(case, evidence=(measured(case.audio),)))
    told = [fact for fact in facts if fact.key.startswith("measured.")]
    assert [fact.text for fact in translate_facts(told, language)] == sentences
    exchanged = told[0].text.replace("12.5", "x").replace("2.0", "12.5").replace("x", "2.0")
    assert exchanged != told[0].text
    assert find_refusal(told[0], exchanged) is not None
    (pitch, *_) = translate_facts([describe_measurement(each) for each in measured(case.audio).acoustics], language)
    assert sorted(FIGURE.findall(pitch.text)) == ["118", "247", "91"]


def test_a_report_is_written_in_the_language_of_the_deployment() -> None:
    worker = FakeWorker(language="de")
    worker.run()
    (report,) = worker.case.reports["an_1"]
    assert report.narrative.language == "de"
    assert report.narrative.sentences[0].text.startswith("Ergebnis: dieses Video gilt als manipuliert")
    assert {sentence.provenance for sentence in report.narrative.sentences} == {"template"}
