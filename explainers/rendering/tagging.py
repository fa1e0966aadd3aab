"""Tags of a PDF, which ReportLab does not write: what is a heading, a paragraph, a figure, in the order of reading.

Every flowable of ours wraps its drawing in marked content; the structure tree names each by its role and its page
(ISO 32000-1, 14.7 and 14.8). Tables are read cell by cell, in order.
"""

from __future__ import annotations

import io
from typing import Any, Final

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFString
from reportlab.platypus import Flowable, Image, Paragraph

from explainers.rendering.embedding import register

HEADING: Final = "section"
"""Name of the style of headings."""


class StructureTree:
    """Grows while pages are drawn: one element for each piece of marked content."""

    def __init__(self) -> None:
        self._pages: list[list[tuple[str, str]]] = [[]]

    def add(self, role: str, alt: str = "") -> int:
        """The number of the next piece on this page."""
        self._pages[-1].append((role, alt))
        return len(self._pages[-1]) - 1

    def next_page(self) -> None:
        self._pages.append([])

    def finish(self, document: Any) -> None:
        """Writes the tree into the document's catalogue, once all pages are known."""
        pages = document.Pages.pages
        root, whole = PDFDictionary(), PDFDictionary()
        root_at, whole_at = document.Reference(root), document.Reference(whole)
        children, numbers = [], []
        for number, (page, pieces) in enumerate(zip(pages, self._pages, strict=False)):
            # An entry that ReportLab does not know of itself.
            page.__NoDefault__ = [*page.__NoDefault__, "StructParents"]
            page.StructParents, page_at, made = number, document.Reference(page), []
            for piece, (role, alt) in enumerate(pieces):
                entries = {
                    "Type": PDFName("StructElem"), "S": PDFName(role), "P": whole_at, "Pg": page_at, "K": piece,
                }  # fmt: skip
                if alt:
                    entries["Alt"] = PDFString(alt)
                made.append(document.Reference(PDFDictionary(entries)))
            children += made
            numbers += [number, PDFArray(made)]
        whole.dict |= {
            "Type": PDFName("StructElem"), "S": PDFName("Document"), "P": root_at, "K": PDFArray(children),
        }  # fmt: skip
        root.dict |= {
            "Type": PDFName("StructTreeRoot"), "K": whole_at, "ParentTree": PDFDictionary({"Nums": PDFArray(numbers)}),
        }  # fmt: skip
        document.Catalog.StructTreeRoot = root_at
        document.Catalog.MarkInfo = PDFDictionary({"Marked": "true"})


def _draw_tagged(flowable: Flowable, role: str, alt: str, draw: Any) -> None:
    tags = getattr(flowable.canv, "tags", None)
    if tags is None:
        draw()
        return
    flowable.canv._code.append(f"/{role} <</MCID {tags.add(role, alt)}>> BDC")
    draw()
    flowable.canv._code.append("EMC")


class TaggedParagraph(Paragraph):  # type: ignore[misc]
    """A heading if its style is called so, else a paragraph."""

    def draw(self) -> None:
        _draw_tagged(self, "H1" if self.style.name == HEADING else "P", "", super().draw)


class TaggedImage(Image):  # type: ignore[misc]
    """A figure with its text in other words, from a PNG or JPEG in colour."""

    def __init__(self, alt: str, content: bytes, size: tuple[int, int], **kwargs: Any) -> None:
        super().__init__(io.BytesIO(content), **kwargs)
        self._alt, self._content, self._size = alt, content, size

    def draw(self) -> None:
        name = register(self.canv, self._size, self._content)

        def place() -> None:
            if name is None:
                super(TaggedImage, self).draw()
            else:
                self.canv.drawImage(name, 0, 0, self.drawWidth, self.drawHeight)

        _draw_tagged(self, "Figure", self._alt, place)
