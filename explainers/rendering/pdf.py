"""The report as a document. Built from the same `Report` as the JSON, so no figure in it can differ."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Final
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer, Table, TableStyle

from core.figures import clock_range, decimal_text, percent_text
from core.types import (
    ArtefactKind,
    AudioEvidence,
    AudioExplanation,
    FusionExplanation,
    Outcome,
    Provenance,
    Report,
    VisualEvidence,
    VisualExplanation,
)
from explainers.rendering.appendix import limits, manifest, origin, plan, reliability
from explainers.rendering.document import (
    BAND,
    BAND_SMALL,
    BODY,
    FILE,
    LEAD,
    MARGIN,
    ROWS,
    SMALL,
    TITLE,
    TYPE,
    WIDTH,
    Document,
    chart,
    numbered,
    photo,
    picture,
    printable,
    reasons,
    register_fonts,
    rest,
    section,
    sentence,
    table,
    text,
)
from explainers.rendering.palette import FAKE
from explainers.rendering.wording import (
    MEANING,
    MEANING_OF_NOTHING,
    MODALITY,
    citation,
    describe,
    examined,
    finding,
    frequency,
    level,
    limits_of,
    tested,
    title,
)

_FEW_FACES: Final = 4
"""So many stay on one page with what is said about them."""
_COLOUR: Final = {Outcome.FAKE: FAKE, Outcome.REAL: "#245a80", Outcome.INCONCLUSIVE: "#5b6673"}


def render_pdf(report: Report, pictures: Mapping[str, bytes]) -> bytes:
    """The report as an A4 PDF: the same bytes for the same input, fonts embedded, at most 15 pages.

    Args:
        report: what is told. pictures: PNG by artefact id; one that is missing is left out and said so.
    """
    buffer = io.BytesIO()
    document = Document(
        buffer,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        title=f"Deepwitness report: {printable(report.file_name)}",
        author="Deepwitness",
        subject=title(report.decision),
        lang=report.narrative.language,
        invariant=1,
    )
    register_fonts()
    story = [
        *_headline(report),
        *_narrative(report),
        *_timeline(report, pictures),
        *_faces(report, pictures),
        *_voice(report, pictures),
        *_weighing(report, pictures),
        *limits(report),
        *origin(report),
        *plan(report),
        *(reliability(report) if report.decision.state == "examined" else ()),
        *manifest(report),
    ]
    document.build(story, canvasmaker=numbered(f"Deepwitness {report.manifest.pipeline_version}, {report.analysis_id}"))
    return buffer.getvalue()


# ---------------------------------------------------------------------------------------------- sections


def _headline(report: Report) -> list[Flowable]:
    decision = report.decision
    is_examined = decision.state == "examined"
    scored = "; ".join(limits_of(each) for each in decision.parts) if is_examined else report.headline.xai_summary
    band = Table([[[text(title(decision), BAND), text(scored, BAND_SMALL)]]], colWidths=[WIDTH])
    colour = _COLOUR[decision.outcome if is_examined else Outcome.INCONCLUSIVE]
    band.setStyle(
        TableStyle(
            [
                TYPE,
                ("BACKGROUND", (0, 0), (-1, -1), HexColor(colour)),
                ("LEFTPADDING", (0, 0), (-1, -1), 10),
                ("TOPPADDING", (0, 0), (-1, -1), 7),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 9),
            ]
        )
    )
    leading = decision.leading if is_examined else None
    said = [text(report.headline.xai_summary, LEAD)] if is_examined else []
    meaning = MEANING[decision.outcome] if is_examined else MEANING_OF_NOTHING
    return [
        text("Deepwitness report", TITLE),
        text(report.file_name, FILE),
        band,
        Spacer(1, 7),
        *said,
        *([text(frequency(leading)), Spacer(1, 3)] if leading else []),
        text(meaning),
        Spacer(1, 4),
        *(reasons(report.verdict.reasons[1:]) if is_examined else ()),
        Spacer(1, 6),
    ]


def _narrative(report: Report) -> list[Flowable]:
    numbers: dict[str, int] = {}
    sentences = []
    for told in report.narrative.sentences:
        marks = [str(numbers.setdefault(cited, len(numbers) + 1)) for cited in told.citations]
        author = "" if told.provenance is Provenance.TEMPLATE else "*"
        sentences.append(f"{escape(printable(told.text))}<super size=6>{author}{','.join(marks)}</super>")
    notes = [f"{number}  {citation(report, cited)}" for cited, number in numbers.items()]
    if any(told.provenance is Provenance.LLM for told in report.narrative.sentences):
        notes.append("*  written by a language model and checked against the evidence cited; all else is fixed wording")
    notes += [reason.message for reason in report.narrative.notes]
    return section(
        "What was found",
        Paragraph(" ".join(sentences), BODY),
        Spacer(1, 5),
        *(text(note, SMALL) for note in notes[: 4 * ROWS]),
    )


def _timeline(report: Report, pictures: Mapping[str, bytes]) -> list[Flowable]:
    chosen = [each.id for each in report.artefacts if each.kind is ArtefactKind.TIMELINE and each.id in pictures]
    return [KeepTogether(section("Scores over time", chart(pictures[chosen[0]])))] if chosen else []


def _faces(report: Report, pictures: Mapping[str, bytes]) -> list[Flowable]:
    evidence = next((each for each in report.evidence if isinstance(each, VisualEvidence)), None)
    if evidence is None:
        return []
    content: list[Flowable] = [text(sentence(finding(evidence), examined(evidence)))]
    if evidence.tracks:
        strongest = sorted(evidence.tracks, key=lambda track: (not track.decides, -track.p_fake))[:ROWS]
        rows: list[list[str | Flowable]] = [["Face", "", "In view", "Frames", "Score", "High scores"]]
        for track in sorted(strongest, key=lambda track: track.id):
            marked = [
                f"{clock_range(segment.start_s, segment.end_s)} ({percent_text(segment.p_fake)}, "
                f"{level(report.decision.stretch(f'visual.segment.{segment.id}'))})"
                for segment in evidence.segments
                if segment.track_id == track.id
            ]
            more = f" and {len(marked) - 6} more" if len(marked) > 6 else ""
            thumbnail = pictures.get(f"thumbnail-{track.id}")
            rows.append(
                [
                    str(track.id),
                    photo(thumbnail, 14 * mm, 14 * mm) if thumbnail else "",
                    clock_range(track.start_s, track.end_s),
                    str(len(track.frames)),
                    percent_text(track.p_fake),
                    ", ".join(marked[:6]) + more or ("none" if track.decides else "not judged"),
                ]
            )
        content += [Spacer(1, 5), table(rows, (0.07, 0.11, 0.17, 0.1, 0.12, 0.43)), *rest(len(evidence.tracks))]
    told = section("Faces", *content)
    few = len(evidence.tracks) <= _FEW_FACES
    return [*([KeepTogether(told)] if few else told), *_gallery(report, pictures)]


def _gallery(report: Report, pictures: Mapping[str, bytes]) -> list[Flowable]:
    maps = [each for each in report.explanations if isinstance(each, VisualExplanation)]
    if not maps:
        return []
    half = WIDTH / 2 - 8
    cells = [
        [
            picture(pictures.get(each.artefact_id), half, 58 * mm),
            Spacer(1, 4),
            text(sentence(describe(each), *tested(each.faithfulness)), SMALL),
        ]
        for each in maps
    ]  # fmt: skip
    rows = [KeepTogether(_pair(cells[start : start + 2])) for start in range(0, len(cells), 2)]
    return section(
        "Where in the face",
        text(
            "Colour marks what spoke for manipulation within the face: by Grad-CAM of the network or the patches of "
            "the second model, whichever model speaks louder. Each map is scaled to its own "
            "strongest point: on a face that scores low it shows the little there was. A map is relied on when it "
            "stays where it is though the picture is mirrored or moved, when the face speaks for manipulation at all, "
            "and when a network with shuffled weights draws another one. What erasing does to the logit is told "
            "beside it and does not decide: an erased patch of a face is itself a change of a face.",
            SMALL,
        ),
        Spacer(1, 4),
        *rows,
    )


def _pair(cells: list[list[Flowable]]) -> Table:
    pair = Table([[*cells, *([""] * (2 - len(cells)))]], colWidths=[WIDTH / 2] * 2)
    pair.setStyle(
        TableStyle(
            [
                TYPE,
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 6),
            ]
        )
    )
    return pair


def _voice(report: Report, pictures: Mapping[str, bytes]) -> list[Flowable]:
    evidence = next((each for each in report.evidence if isinstance(each, AudioEvidence)), None)
    if evidence is None:
        return []
    content: list[Flowable] = [text(sentence(finding(evidence), examined(evidence)))]
    if evidence.segments:
        strongest = sorted(evidence.segments, key=lambda segment: -segment.p_fake)[:ROWS]
        rows = [["Stretch", "Score", "Counts as"]]
        rows += [
            [
                clock_range(segment.start_s, segment.end_s),
                percent_text(segment.p_fake),
                level(report.decision.stretch(f"audio.segment.{segment.id}")),
            ]
            for segment in sorted(strongest, key=lambda segment: segment.start_s)
        ]
        content += [Spacer(1, 5), table(rows, (0.25, 0.15, 0.2)), *rest(len(evidence.segments))]
    for each in [each for each in report.explanations if isinstance(each, AudioExplanation)][:2]:
        drawn = pictures.get(each.artefact_id)
        content.append(
            KeepTogether(
                [
                    Spacer(1, 6),
                    text("picture not available", SMALL) if drawn is None else chart(drawn),
                    Spacer(1, 3),
                    text(
                        sentence(
                            describe(each),
                            *tested(each.faithfulness),
                            f"error of the sum of attributions: {decimal_text(each.additivity_error, 6)}",
                        ),
                        SMALL,
                    ),
                ]
            )
        )
    return section("Voice", *content)


def _weighing(report: Report, pictures: Mapping[str, bytes]) -> list[Flowable]:
    verdict = report.verdict
    scored = {each.modality: each for each in verdict.contributions}
    rows = [["Modality", "Finding", "Score used", "Weight"]]
    for each in report.evidence:
        part = scored.get(each.modality)
        rows.append(
            [
                MODALITY[each.modality],
                finding(each),
                percent_text(part.p_fake) if part else "none",
                percent_text(part.weight) if part else "none",
            ]
        )
    content: list[Flowable] = [table(rows, (0.14, 0.56, 0.16, 0.14))]
    for explanation in report.explanations:
        if isinstance(explanation, FusionExplanation) and explanation.artefact_id in pictures:
            content += [Spacer(1, 6), chart(pictures[explanation.artefact_id or ""])]
            content.append(
                text("Exact Shapley values: by how many percentage points each input moved the score.", SMALL)
            )
    return [KeepTogether(section("How the verdict was weighed", *content))]
