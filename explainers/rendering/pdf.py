"""The report as an expert's document, in one language, built from the same `Report` as the JSON."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer, Table, TableStyle

from core.figures import clock_range
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
from explainers.rendering.appendix import limits, manifest, methods, origin, plan, scope_text
from explainers.rendering.document import (
    BAND,
    BODY,
    CHART_ROOM,
    FILE,
    GALLERY_ROOM,
    LEAD,
    MARGIN,
    ROWS,
    SMALL,
    TITLE,
    TYPE,
    WIDTH,
    Document,
    bullets,
    chart,
    facts,
    numbered,
    photo,
    printable,
    register_fonts,
    section,
    sentence,
    table,
    text,
)
from explainers.rendering.heatmap import close_area
from explainers.rendering.palette import FAKE
from explainers.rendering.wording import (
    Words,
    citation,
    describe,
    examined,
    finding,
    frequency,
    level,
    meaning,
    percent,
    tested,
    title,
)

MOST_STRETCHES: Final = 4
_COLOUR: Final = {Outcome.FAKE: FAKE, Outcome.REAL: "#245a80", Outcome.INCONCLUSIVE: "#5b6673"}


@dataclass(frozen=True, slots=True)
class Original:
    """The sealed document that another one tells in a further language."""

    language: str
    sha256: str


def render_pdf(report: Report, pictures: Mapping[str, bytes], words: Words, original: Original | None = None) -> bytes:
    """The report as an A4 PDF: the same bytes for the same input, fonts embedded, tagged, at most 15 pages.

    Args:
        report: what is told. pictures: PNG by artefact id; one that is missing is left out and said so.
        words: the language that it is told in. original: of a translation, what it translates; it says so itself.
    """
    buffer = io.BytesIO()
    document = Document(
        buffer,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        title=words.say("title", name=printable(report.file_name)),
        author="Deepwitness",
        subject=title(words, report.decision),
        lang=words.language,
        invariant=1,
    )
    register_fonts()
    story = [
        *_first_page(words, report, original),
        *limits(words, report),
        *_narrative(words, report),
        *_timeline(words, report, pictures),
        *_faces(words, report, pictures),
        *_gallery(words, report, pictures),
        *_voice(words, report, pictures),
        *_weighing(words, report, pictures),
        *methods(words, report),
        *origin(words, report),
        *plan(words, report),
        *manifest(words, report),
    ]

    def foot(number: int, count: int) -> tuple[str, str]:
        left = f"Deepwitness {report.manifest.pipeline_version}, {report.analysis_id}"
        return left, words.say("page", number=number, count=count)

    document.build(story, canvasmaker=numbered(foot))
    return buffer.getvalue()


# ---------------------------------------------------------------------------------------------- sections


def _first_page(words: Words, report: Report, original: Original | None) -> list[Flowable]:
    """Who asked what about which file, and what was concluded in three sentences."""
    decision = report.decision
    is_examined = decision.state == "examined"
    inputs, examiner = report.plan.inputs, report.manifest.settings.get("report.examiner")
    asked = f"“{inputs.instruction}”" if inputs.instruction else words.say("case.asks")
    if inputs.scope is not None:
        asked = f"{asked} ({scope_text(words, inputs.scope)})"
    known = [
        (words.say("case.number"), report.analysis_id),
        (words.say("case.date"), report.manifest.created_at.strftime("%Y-%m-%d %H:%M %Z").strip()),
        *([(words.say("case.examiner"), examiner)] if examiner else []),
        (words.say("case.question"), asked),
        (words.say("case.file"), report.file_name),
        (words.say("case.sha"), report.manifest.media_sha256),
    ]
    band = Table([[[text(title(words, decision), BAND)]]], colWidths=[WIDTH])
    colour = _COLOUR[decision.outcome if is_examined else Outcome.INCONCLUSIVE]
    band.setStyle(
        TableStyle(
            [
                TYPE,
                ("BACKGROUND", (0, 0), (-1, -1), HexColor(colour)),
                ("LEFTPADDING", (0, 0), (-1, -1), 10),
                ("TOPPADDING", (0, 0), (-1, -1), 6),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 9),
            ]
        )
    )
    leading = decision.leading if is_examined else None
    concluded = [text(report.headline.xai_summary, LEAD)]
    if leading is not None:
        concluded.append(text(frequency(words, leading)))
    concluded.append(text(meaning(words, decision)))
    return [
        text(f"Deepwitness · {words.say('report')}", TITLE),
        text(report.file_name, FILE),
        *([] if original is None else [text(_translated(words, original), SMALL), Spacer(1, 4)]),
        facts(known),
        Spacer(1, 9),
        band,
        Spacer(1, 7),
        *concluded,
        *(bullets([words.reason(each) for each in report.verdict.reasons[1:]]) if is_examined else ()),
        Spacer(1, 6),
        *_scores(words, report),
    ]


def _translated(words: Words, original: Original) -> str:
    own, language = (words.say(f"language.{each}") for each in (words.language, original.language))
    return words.say("translation", name=own, other=language, key=original.sha256)


def _scores(words: Words, report: Report) -> list[Flowable]:
    """Each part against the limits that decide over it."""
    columns = ("part", "score", "counts", "real", "fake", "weight")
    rows: list[Sequence[str | Flowable]] = [[words.say(f"column.{each}") for each in columns]]
    for part in report.decision.parts:
        name = words.say(f"part.{part.modality}")
        if part.outcome is None or part.p_fake is None:
            why = words.say("unscored") if part.reason is None else words.reason(part.reason)
            rows.append([name, "–", why, "–", "–", "–"])
            continue
        bounds = ["–", "–"] if part.limits is None else [
            percent(words, part.limits.real), percent(words, part.limits.fake)
        ]  # fmt: skip
        weight = "–" if part.weight is None else percent(words, part.weight)
        rows.append([name, percent(words, part.p_fake), words.say(f"alone.{part.outcome}"), *bounds, weight])
    told: list[Flowable] = [table(rows, (0.12, 0.11, 0.33, 0.16, 0.16, 0.12))]
    if (combined := report.decision.combined) is not None:
        figures = {"percent": percent(words, combined.p_fake), "needed": percent(words, combined.needed)}
        told.append(text(words.say("combined", **figures), SMALL))
    return told


def _narrative(words: Words, report: Report) -> list[Flowable]:
    numbers: dict[str, int] = {}
    sentences = []
    for told in report.narrative.sentences:
        marks = [str(numbers.setdefault(cited, len(numbers) + 1)) for cited in told.citations]
        author = "" if told.provenance is Provenance.TEMPLATE else "*"
        line = f"{escape(printable(told.text))}<super size=6>{author}{','.join(marks)}</super>"
        sentences.append(Paragraph(line, BODY))
    notes = [f"{number}  {citation(words, report, cited)}" for cited, number in numbers.items()]
    if any(told.provenance is Provenance.LLM for told in report.narrative.sentences):
        notes.append(f"*  {words.say('by_model')}")
    notes += [words.reason(reason) for reason in report.narrative.notes]
    return section(
        words.say("found"),
        *sentences,
        Spacer(1, 5),
        *(text(note, SMALL) for note in notes[: 4 * ROWS]),
    )


def _timeline(words: Words, report: Report, pictures: Mapping[str, bytes]) -> list[Flowable]:
    chosen = [each.id for each in report.artefacts if each.kind is ArtefactKind.TIMELINE and each.id in pictures]
    if not chosen:
        return []
    drawn = chart(pictures[chosen[0]], alt=words.say("over_time.alt"))
    return section(words.say("over_time"), drawn, room=CHART_ROOM)


def _faces(words: Words, report: Report, pictures: Mapping[str, bytes]) -> list[Flowable]:
    evidence = next((each for each in report.evidence if isinstance(each, VisualEvidence)), None)
    if evidence is None:
        return []
    content: list[Flowable] = [text(sentence(finding(words, evidence), examined(words, evidence)))]
    if evidence.tracks:
        strongest = sorted(evidence.tracks, key=lambda track: (not track.decides, -track.p_fake))[:ROWS]
        columns = ("face", "view", "frames", "score", "counts", "high")
        head = [words.say(f"column.{each}") for each in columns]
        rows: list[Sequence[str | Flowable]] = [[head[0], "", *head[1:]]]
        for track in sorted(strongest, key=lambda track: track.id):
            high = [
                f"{words.figure(clock_range(each.start_s, each.end_s))} ({percent(words, each.p_fake)}, "
                f"{level(words, report.decision.stretch(f'visual.segment.{each.id}'))})"
                for each in evidence.segments
                if each.track_id == track.id
            ]
            more = words.say("further", count=len(high) - MOST_STRETCHES) if len(high) > MOST_STRETCHES else ""
            thumbnail = pictures.get(f"thumbnail-{track.id}")
            face = report.decision.face(track.id)
            outcome = None if face is None else face.outcome
            name = words.say("chart.face", number=track.id)
            rows.append(
                [
                    str(track.id),
                    photo(thumbnail, 14 * mm, 14 * mm, alt=name) if thumbnail else "",
                    words.figure(clock_range(track.start_s, track.end_s)),
                    str(len(track.frames)),
                    percent(words, track.p_fake),
                    words.say("unjudged") if outcome is None else words.say(f"alone.{outcome}"),
                    " ".join(filter(None, (", ".join(high[:MOST_STRETCHES]), more))) or "–",
                ]
            )
        content += [Spacer(1, 5), table(rows, (0.09, 0.1, 0.15, 0.09, 0.1, 0.19, 0.28))]
        content += _rest(words, len(evidence.tracks))
    return section(words.say("part.visual"), *content)


def _rest(words: Words, total: int) -> list[Flowable]:
    return [text(words.say("more_in_json", count=total - ROWS), SMALL)] if total > ROWS else []


def _gallery(words: Words, report: Report, pictures: Mapping[str, bytes]) -> list[Flowable]:
    maps = [each for each in report.explanations if isinstance(each, VisualExplanation)]
    if not maps:
        return []
    half, missing = WIDTH / 2 - 8, words.say("map.missing")
    cells: list[list[Flowable]] = []
    for each in maps:
        what = describe(words, each, report.media.kind)
        content, alt = pictures.get(each.artefact_id), words.say("map.alt", what=what)
        # What the picture says below its frame stands beside it here, and larger.
        area = close_area(each) if each.place else None
        drawn = text(missing, SMALL) if content is None else photo(content, half, 60 * mm, alt=alt, area=area)
        passed = words.say("map.passed") if each.faithfulness.reliable else ""
        cells.append([drawn, Spacer(1, 3), text(sentence(what, passed, *tested(words, each.faithfulness)), SMALL)])
    rows = [KeepTogether(_pair(cells[start : start + 2])) for start in range(0, len(cells), 2)]
    return section(words.say("maps"), text(words.say("maps.note"), SMALL), Spacer(1, 4), *rows, room=GALLERY_ROOM)


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


def _voice(words: Words, report: Report, pictures: Mapping[str, bytes]) -> list[Flowable]:
    evidence = next((each for each in report.evidence if isinstance(each, AudioEvidence)), None)
    if evidence is None:
        return []
    content: list[Flowable] = [text(sentence(finding(words, evidence), examined(words, evidence)))]
    if evidence.segments:
        strongest = sorted(evidence.segments, key=lambda segment: -segment.p_fake)[:ROWS]
        rows: list[Sequence[str | Flowable]] = [
            [words.say(f"column.{each}") for each in ("stretch", "score", "counts")]
        ]
        rows += [
            [
                words.figure(clock_range(each.start_s, each.end_s)),
                percent(words, each.p_fake),
                level(words, report.decision.stretch(f"audio.segment.{each.id}")),
            ]
            for each in sorted(strongest, key=lambda segment: segment.start_s)
        ]
        content += [Spacer(1, 5), table(rows, (0.25, 0.15, 0.25)), *_rest(words, len(evidence.segments))]
    for each in [each for each in report.explanations if isinstance(each, AudioExplanation)][:2]:
        drawn, what = pictures.get(each.artefact_id), describe(words, each, report.media.kind)
        shown = (
            text(words.say("map.missing"), SMALL)
            if drawn is None
            else chart(drawn, alt=words.say("map.alt", what=what))
        )
        said = text(sentence(what, *tested(words, each.faithfulness)), SMALL)
        content.append(KeepTogether([Spacer(1, 6), shown, Spacer(1, 3), said]))
    return section(words.say("part.audio"), *content)


def _weighing(words: Words, report: Report, pictures: Mapping[str, bytes]) -> list[Flowable]:
    drawn = [
        pictures[each.artefact_id]
        for each in report.explanations
        if isinstance(each, FusionExplanation) and each.artefact_id is not None and each.artefact_id in pictures
    ]
    if not drawn:
        return []
    told = text(words.say("weighed.note"), SMALL)
    return section(
        words.say("weighed"), told, Spacer(1, 4), chart(drawn[0], alt=words.say("weighed.alt")), room=CHART_ROOM
    )
