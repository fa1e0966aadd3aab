"""The PDF of a report in another language, over the bench of the explain bodies."""

from __future__ import annotations

import io
import re

import pypdf
import pytest

from agents.report import CaseEvidence, collect_facts
from core.errors import Defect
from core.jobs import TRANSLATE_DOCUMENT
from core.ports import Bucket
from core.types import DocumentTranslation, Narrative, Provenance, Report, Sentence
from tasks.jobs.explain import explain_report
from tasks.jobs.translate import translate_document
from tests.fixtures.jobs import claimed
from tests.fixtures.languages import english_sentences
from tests.fixtures.reports import every_shape
from tests.unit.tasks.test_explain import ANALYSIS, TinyBench, _job, bench

__all__ = ["bench"]
_SHAPES = {name: (report, pictures) for name, report, pictures in every_shape()}


def _translated(bench: TinyBench, name: str, language: str) -> str:
    report, pictures = _SHAPES[name]
    evidence = CaseEvidence(report.media, report.plan, report.verdict, report.evidence, report.explanations)
    sentences = tuple(
        Sentence(text=each.text, citations=each.citations, provenance=Provenance.TEMPLATE, said=each.said)
        for each in collect_facts(evidence)
    )
    report = report.model_copy(update={"narrative": Narrative(sentences=sentences)})
    for artefact in report.artefacts:
        bench.blobs.held[Bucket.OUTPUTS, artefact.key] = pictures[artefact.id]
    sealed = explain_report(bench, _job("explain.report", report=report.model_dump(mode="json")))["report"]
    bench.case.saved_report = Report.model_validate(sealed)
    job = TRANSLATE_DOCUMENT.afterwards(ANALYSIS, language, DocumentTranslation(language=language))
    (made,) = translate_document(bench, claimed(job))["artefacts"]
    assert made == bench.case.saved_report.translation_id(language)
    reader = pypdf.PdfReader(io.BytesIO(bench.artefact(made)))
    assert reader.trailer["/Root"]["/Lang"] == language
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@pytest.mark.parametrize("name", ["fake", "inconclusive", "nothing"])
@pytest.mark.parametrize("language", ["de", "fr"])
def test_a_translation_says_so_and_holds_no_english_sentence(bench: TinyBench, name: str, language: str) -> None:
    told = _translated(bench, name, language)
    original = bench.case.saved_artefacts["report-pdf"]
    assert original.sha256 in told.replace(" ", "")
    assert {"de": "Dies ist eine Übersetzung ins Deutsche", "fr": "Ceci est une traduction en français"}[
        language
    ] in told
    instruction = _SHAPES[name][0].plan.inputs.instruction
    assert english_sentences(told.replace(instruction, "") if instruction else told) == []
    assert re.search(r"\d,\d \u202f?%|\d,\d\s%", told) or name == "nothing"


def test_the_sealed_document_stays_as_it_was(bench: TinyBench) -> None:
    _translated(bench, "fake", "de")
    before = bench.artefact("report-pdf")
    _translated(bench, "fake", "fr")
    assert bench.artefact("report-pdf") == before


def test_without_a_report_there_is_nothing_to_translate(bench: TinyBench) -> None:
    job = TRANSLATE_DOCUMENT.afterwards(ANALYSIS, "de", DocumentTranslation(language="de"))
    with pytest.raises(Defect):
        translate_document(bench, claimed(job))
