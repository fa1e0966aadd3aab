"""Pages, type and building blocks of our documents."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, Final
from xml.sax.saxutils import escape

from PIL import Image as Pixels
from reportlab import rl_config
from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import CondPageBreak, Flowable, Image, Paragraph, SimpleDocTemplate, Table, TableStyle

from explainers.rendering.palette import INK, MUTED, RULE, font_path
from explainers.rendering.tagging import StructureTree, TaggedImage, TaggedParagraph

ROWS: Final = 12
"""Most rows of one table; the report's JSON holds them all."""
MARGIN: Final = 18 * mm
LEAST_ROOM: Final = 45 * mm
"""A section begins on a page only where this much is left of it."""
GALLERY_ROOM: Final = 92 * mm
"""The same, of a section that begins with two pictures side by side."""
CHART_ROOM: Final = 105 * mm
"""The same, of one that begins with a wide picture."""
WIDTH: Final = A4[0] - 2 * (MARGIN + 6)
"""Of the text: reportlab's frames keep six points inside the margins."""
_PHOTO_PX: Final = 1200
"""Widest that a photograph is embedded; the full resolution is an artefact of its own."""


# Content as letters is a quarter longer, and ReportLab writes it in Python: most of a document's time.
rl_config.useA85 = 0


def printable(text: str) -> str:
    """The text with every character that our type lacks, or that only steers, replaced by its code point. A figure and
    its per cent stay on one line."""
    glyphs = _glyphs()
    shown = "".join(
        letter if letter.isprintable() and ord(letter) in glyphs else f"[U+{ord(letter):04X}]" for letter in text
    )
    return shown.replace(" %", "\u00a0%")


@cache
def _glyphs() -> frozenset[int]:
    # Beyond the basic plane the document's text could not be copied out again.
    return frozenset(code for code in TTFont("DejaVu", str(font_path())).face.charToGlyph if code <= 0xFFFF)


@cache
def register_fonts() -> None:
    pdfmetrics.registerFont(TTFont("DejaVu", str(font_path())))
    pdfmetrics.registerFont(TTFont("DejaVu-Bold", str(font_path(bold=True))))
    pdfmetrics.registerFontFamily(
        "DejaVu", normal="DejaVu", bold="DejaVu-Bold", italic="DejaVu", boldItalic="DejaVu-Bold"
    )


def _style(name: str, size: float, leading: float, **more: Any) -> ParagraphStyle:
    return ParagraphStyle(
        name, **{"fontName": "DejaVu", "fontSize": size, "leading": leading, "textColor": INK, **more}
    )


BODY: Final = _style("body", 9, 13)
SMALL: Final = _style("small", 7.5, 10.5, textColor=MUTED)
CELL: Final = _style("cell", 8, 11)
HEAD: Final = _style("head", 8, 11, fontName="DejaVu-Bold")
SECTION: Final = _style("section", 12.5, 16, fontName="DejaVu-Bold", spaceBefore=12, spaceAfter=5)
TITLE: Final = _style("title", 10, 14, textColor=MUTED)
FILE: Final = _style("file", 14, 19, fontName="DejaVu-Bold", spaceAfter=7)
LEAD: Final = _style("lead", 11, 15, fontName="DejaVu-Bold", spaceAfter=5)
BAND: Final = _style("verdict", 17, 22, fontName="DejaVu-Bold", textColor=white)
BAND_SMALL: Final = _style("score", 10, 14, textColor=white)


TYPE: Final = ("FONTNAME", (0, 0), (-1, -1), "DejaVu")
"""For every table: the default is a typeface that is not embedded."""


class Document(SimpleDocTemplate):  # type: ignore[misc]
    """Adds every section to the document's outline."""

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 (reportlab's name)
        if isinstance(flowable, Paragraph) and flowable.style is SECTION:
            title = flowable.getPlainText()
            self.canv.bookmarkPage(title)
            self.canv.addOutlineEntry(title, title, level=0)


def numbered(foot: Callable[[int, int], tuple[str, str]]) -> type[Canvas]:
    """A tagged canvas that writes the foot of each page once it knows how many there are."""

    class NumberedCanvas(Canvas):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            # The default is a typeface that is not embedded.
            super().__init__(*args, **{**kwargs, "initialFontName": "DejaVu"})
            self._pages: list[dict[str, Any]] = []
            self.tags = StructureTree()

        def showPage(self) -> None:  # noqa: N802 (reportlab's name)
            self._pages.append(dict(self.__dict__))
            self.tags.next_page()
            self._startPage()

        def save(self) -> None:
            self.setViewerPreference("DisplayDocTitle", "true")
            pages = self._pages
            for number, page in enumerate(pages, start=1):
                self.__dict__.update(page)
                # The foot of a page is no part of the text that is read out.
                self._code.append("/Artifact BMC")
                self.setFont("DejaVu", 7)
                self.setFillColor(HexColor(MUTED))
                left, right = foot(number, len(pages))
                self.drawString(MARGIN + 6, 10 * mm, left)
                self.drawRightString(A4[0] - MARGIN - 6, 10 * mm, right)
                self._code.append("EMC")
                super().showPage()
            self.tags.finish(self._doc)
            super().save()

    return NumberedCanvas


# ---------------------------------------------------------------------------------------------- building blocks


def text(words: str, style: ParagraphStyle = BODY) -> Paragraph:
    return TaggedParagraph(escape(printable(words)), style)


def bullets(lines: Iterable[str]) -> list[Flowable]:
    return [text(f"•  {each}") for each in lines]


def sentence(*parts: str) -> str:
    """Parts as sentences: each begins large and ends with one full stop."""
    return " ".join(f"{part[:1].upper()}{part[1:].rstrip('.')}." for part in parts if part)


def section(title: str, *content: Flowable, room: float = LEAST_ROOM) -> list[Flowable]:
    """A heading and what stands under it. room: what has to be left of a page for it to begin there."""
    return [CondPageBreak(room), TaggedParagraph(escape(title), SECTION), *content]


def table(rows: Sequence[Sequence[str | Flowable]], widths: Sequence[float], *, header: bool = True) -> Table:
    """A ruled table; strings wrap in their cells. widths: shares of the text width."""
    cells = [
        [cell if isinstance(cell, Flowable) else text(cell, HEAD if header and not number else CELL) for cell in row]
        for number, row in enumerate(rows)
    ]
    ruled = Table(cells, colWidths=[share * WIDTH for share in widths], repeatRows=int(header), hAlign="LEFT")
    ruled.setStyle(
        TableStyle(
            [
                TYPE,
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, HexColor(RULE)),
                ("LEFTPADDING", (0, 0), (-1, -1), 2),
                ("RIGHTPADDING", (0, 0), (-1, -1), 4),
                ("TOPPADDING", (0, 0), (-1, -1), 2.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
            ]
        )
    )
    return ruled


def facts(rows: Sequence[tuple[str, str]]) -> Table:
    """Names and values, without a head."""
    return table([[text(name, HEAD), value] for name, value in rows], (0.27, 0.73), header=False)


def chart(content: bytes, width: float = WIDTH, *, alt: str) -> Image:
    """A drawn picture, as it is. alt: what it shows, for who does not see it."""
    columns, rows = size = Pixels.open(io.BytesIO(content)).size
    return TaggedImage(alt, content, size, width=width, height=width * rows / columns)


def photo(
    content: bytes, width: float, tallest: float, *, alt: str, area: tuple[int, int, int, int] | None = None
) -> Image:
    """A photograph, reduced to print size and within the given height. area: what is shown of it, in pixels."""
    pixels = Pixels.open(io.BytesIO(content)).convert("RGB")
    if area is not None:
        pixels = pixels.crop(area)
    pixels.thumbnail((_PHOTO_PX, _PHOTO_PX), Pixels.Resampling.LANCZOS)
    reduced = io.BytesIO()
    pixels.save(reduced, "JPEG", quality=88, subsampling=0)
    scale = min(width / pixels.width, tallest / pixels.height)
    return TaggedImage(alt, reduced.getvalue(), pixels.size, width=pixels.width * scale, height=pixels.height * scale)
