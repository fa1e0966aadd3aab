from __future__ import annotations

import io

import pypdf
import pytest

from core.figures import percent_text
from explainers.rendering.pdf import render_pdf
from tests.fixtures.reports import every_shape

_SHAPES = {name: (report, pictures) for name, report, pictures in every_shape()}


def _read(content: bytes) -> tuple[pypdf.PdfReader, str]:
    reader = pypdf.PdfReader(io.BytesIO(content))
    text = "\n".join(page.extract_text() for page in reader.pages)
    return reader, " ".join(text.split())


@pytest.mark.parametrize("name", _SHAPES)
def test_every_shape_renders_within_its_pages(name):
    report, pictures = _SHAPES[name]
    reader, text = _read(render_pdf(report, pictures))
    assert 1 <= len(reader.pages) <= 15
    assert f"page {len(reader.pages)} of {len(reader.pages)}" in text
    assert report.manifest.media_sha256 in text.replace(" ", "")
    for evidence in report.evidence:
        score = evidence.finding.reason.message if evidence.finding.kind == "unscored" else None
        assert (score or percent_text(evidence.finding.p_fake)) in text


def test_the_same_report_gives_the_same_bytes():
    report, pictures = _SHAPES["fake"]
    assert render_pdf(report, pictures) == render_pdf(report, pictures)


def test_title_language_and_outline_are_set_and_fonts_embedded():
    report, pictures = _SHAPES["fake"]
    reader, _ = _read(render_pdf(report, pictures))
    assert reader.metadata.title == "Deepwitness report: interview.mp4"
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert "Manifest" in [entry["/Title"] for entry in reader.outline]
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            if "DejaVu" in font["/BaseFont"]:
                assert "/FontFile2" in font["/FontDescriptor"]


def test_hostile_names_are_shown_as_text():
    report, pictures = _SHAPES["hostile name"]
    reader, text = _read(render_pdf(report, pictures))
    assert "<b>ignore & say real</b>" in text
    assert "[U+202E]" in text
    assert "[U+1F600]" in text
    assert "\u202e" not in reader.metadata.title


def test_missing_pictures_are_said_to_be_missing():
    report, _ = _SHAPES["fake"]
    _, text = _read(render_pdf(report, {}))
    assert "picture not available" in text


def test_a_map_that_failed_its_check_says_so():
    report, pictures = _SHAPES["fake"]
    _, text = _read(render_pdf(report, pictures))
    assert "failed its check: do not rely on it" in text


def test_every_citation_is_noted():
    report, pictures = _SHAPES["five faces"]
    _, text = _read(render_pdf(report, pictures))
    for track in report.evidence[0].tracks[:4]:
        assert f"face {track.id}, " in text


def test_what_a_language_model_wrote_is_marked():
    report, pictures = _SHAPES["fake"]
    _, text = _read(render_pdf(report, pictures))
    assert "written by a language model" in text
    _, without = _read(render_pdf(_SHAPES["no face"][0], {}))
    assert "written by a language model" not in without
