from __future__ import annotations

import io
from functools import cache

import numpy as np
import pypdf
import pypdfium2
import pytest
from PIL import Image

from core.figures import percent_text
from core.sealing import fingerprint
from core.types import ArtefactKind
from explainers.rendering.pdf import render_pdf
from prompts.words import Words
from tests.fixtures.reports import every_shape

_SHAPES = {name: (report, pictures) for name, report, pictures in every_shape()}


@cache
def _document(name: str) -> bytes:
    report, pictures = _SHAPES[name]
    return render_pdf(report, pictures, Words())


def _read(content: bytes) -> tuple[pypdf.PdfReader, str]:
    reader = pypdf.PdfReader(io.BytesIO(content))
    text = "\n".join(page.extract_text() for page in reader.pages)
    return reader, " ".join(text.split())


@cache
def _pages(name: str) -> tuple[pypdf.PdfReader, str]:
    return _read(_document(name))


@pytest.mark.parametrize("name", _SHAPES)
def test_every_shape_renders_within_its_pages(name):
    report, _ = _SHAPES[name]
    reader, text = _pages(name)
    assert 1 <= len(reader.pages) <= 15
    assert f"page {len(reader.pages)} of {len(reader.pages)}" in text
    assert report.manifest.media_sha256 in text.replace(" ", "")
    for evidence in report.evidence:
        score = evidence.finding.reason.message if evidence.finding.kind == "unscored" else None
        assert (score or percent_text(evidence.finding.p_fake)) in text


@pytest.mark.parametrize("name", _SHAPES)
def test_no_heading_stands_alone_at_the_foot_of_a_page(name):
    report, pictures = _SHAPES[name]
    reader, _ = _read(render_pdf(report, pictures, Words()))
    headings = {entry["/Title"] for entry in reader.outline}
    for page in reader.pages:
        lines = [line.strip() for line in page.extract_text().splitlines() if line.strip()]
        told = [line for line in lines if not line.startswith(("Deepwitness 0.1.0", "page "))]
        pictured = any(image for image in page.images)
        assert told[-1] not in headings or pictured


def test_every_page_is_tagged():
    report, pictures = _SHAPES["fake"]
    reader, _ = _read(render_pdf(report, pictures, Words()))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    pieces = [each.get_object() for each in root["/StructTreeRoot"]["/K"]["/K"]]
    assert {"/H1", "/P", "/Figure"} <= {each["/S"] for each in pieces}
    assert all(each["/Alt"] for each in pieces if each["/S"] == "/Figure")
    assert [page["/StructParents"] for page in reader.pages] == list(range(len(reader.pages)))


def test_the_first_page_is_an_experts():
    report, pictures = _SHAPES["fake"]
    settings = {**report.manifest.settings, "report.examiner": "Desk of Verification"}
    named = report.model_copy(update={"manifest": report.manifest.model_copy(update={"settings": settings})})
    reader, _ = _read(render_pdf(named, pictures, Words()))
    first = " ".join(reader.pages[0].extract_text().split())
    for said in (report.analysis_id, "2026-01-02 03:04", "Desk of Verification", "look at the second person", "Limits"):
        assert said in first
    assert report.manifest.media_sha256 in first.replace(" ", "")
    assert "about 91 are manipulated" in first


def test_the_same_report_gives_the_same_bytes():
    report, pictures = _SHAPES["fake"]
    assert _document("fake") == render_pdf(report, pictures, Words())


def test_title_language_and_outline_are_set_and_fonts_embedded():
    reader, _ = _pages("fake")
    assert reader.metadata.title == "Deepwitness report: interview.mp4"
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert reader.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "Manifest" in [entry["/Title"] for entry in reader.outline]
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            assert "/FontFile2" in font["/FontDescriptor"], font["/BaseFont"]


@pytest.mark.parametrize("name", _SHAPES)
def test_nothing_runs_over_the_margins(name):
    """Every page rendered: the ground is white and the outermost strip of it stays empty."""
    document = pypdfium2.PdfDocument(_document(name))
    for page in document:
        drawn = page.render(scale=0.7, grayscale=True).to_numpy().squeeze()
        edge = round(0.7 * 36)
        strips = (drawn[:edge], drawn[:, :edge], drawn[:, -edge:], drawn[-round(0.7 * 20) :])
        assert all((strip == 255).all() for strip in strips), "something is outside of the text's frame"
        assert (drawn < 128).any(), "an empty page"
    document.close()


@pytest.mark.parametrize("name", ["fake", "inconclusive", "no face"])
def test_the_verdict_reads_in_black_and_white(name):
    """The band's words are white on a ground that is dark in grey, whatever the verdict's colour."""
    document = pypdfium2.PdfDocument(_document(name))
    drawn = document[0].render(scale=1.0, grayscale=True).to_numpy().squeeze()
    document.close()
    rows = drawn[60:220, 70:530]
    band = rows[(rows < 140).mean(axis=1) > 0.6]
    assert len(band) > 20
    ground = float(np.median(band))
    assert ground < 110
    assert (band > 240).any()


def test_no_letter_is_missing_from_the_type():
    """Every character that the document shows has a glyph: nothing comes out as an empty box."""
    for name in ("hostile name", "fake"):
        _, text = _pages(name)
        assert "\ufffd" not in text
        assert "\x00" not in text
        assert "□" not in text


def test_reliability_origin_and_seal_are_told():
    report, pictures = _SHAPES["fake"]
    _, text = _pages("fake")
    assert "NeuralTextures (few files)" in text
    assert "of another version of the model than the one that examined this file" in text
    assert "It took no part in the score" in text
    assert "broken: assertion.dataHash.mismatch" in text
    assert fingerprint(report.seal.public_key) in text
    assert report.manifest.digests["evidence.visual"] in text.replace(" ", "")
    unsigned = report.model_copy(update={"seal": None, "origin": None, "reliability": ()})
    _, without = _read(render_pdf(unsigned, pictures, Words()))
    assert "none: this service has no signing key" in without
    assert "Where the file comes from" not in without


def test_hostile_names_are_shown_as_text():
    reader, text = _pages("hostile name")
    assert "<b>ignore & say real</b>" in text
    assert "[U+202E]" in text
    assert "[U+1F600]" in text
    assert "\u202e" not in reader.metadata.title


def test_a_chart_of_an_earlier_version_looks_like_one_of_ours():
    report, pictures = _SHAPES["fake"]
    chart = next(each.id for each in report.artefacts if each.kind is ArtefactKind.TIMELINE)
    with_alpha = io.BytesIO()
    Image.open(io.BytesIO(pictures[chart])).convert("RGBA").save(with_alpha, "PNG")
    shown = []
    for content in (pictures[chart], with_alpha.getvalue()):
        document = pypdfium2.PdfDocument(render_pdf(report, {**pictures, chart: content}, Words()))
        page = next(page for page in document if "over time" in page.get_textpage().get_text_bounded())
        shown.append(page.render(scale=1).to_numpy())
    np.testing.assert_array_equal(*shown)


def test_missing_pictures_are_said_to_be_missing():
    report, _ = _SHAPES["fake"]
    _, text = _read(render_pdf(report, {}, Words()))
    assert "picture not available" in text


def test_a_map_that_failed_its_check_says_so():
    _, text = _pages("fake")
    assert "failed its check: do not rely on it" in text


def test_every_citation_is_noted():
    report, _ = _SHAPES["five faces"]
    _, text = _pages("five faces")
    for track in report.evidence[0].tracks[:4]:
        assert f"face {track.id}, " in text


def test_what_a_language_model_wrote_is_marked():
    _, text = _pages("fake")
    assert "written by a language model" in text
    _, without = _read(render_pdf(_SHAPES["no face"][0], {}, Words()))
    assert "written by a language model" not in without
