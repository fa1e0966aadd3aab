"""Pictures of a PDF as they are: ReportLab would decode each, name it by its pixels and pack these again.

The data of a PNG is what PDF calls a Flate stream with a predictor (ISO 32000-1, 7.4.4.4), a JPEG is a DCT stream.
"""

from __future__ import annotations

import hashlib
import struct
from typing import Any, Final

from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFImageXObject, PDFName, PDFStream
from reportlab.pdfgen.canvas import _digester

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PLAIN: Final = (8, 2, 0, 0, 0)
"""Eight bits for each of three colours, not interlaced."""
_ANY_FILTER: Final = 15
"""PDF's number of a predictor that every row names for itself, as in PNG."""


class Packed(PDFImageXObject):  # type: ignore[misc]
    """An image whose data is packed already."""

    def __init__(self, name: str, size: tuple[int, int], content: bytes, *, is_jpeg: bool) -> None:
        super().__init__(name)
        self.width, self.height = size
        self._content, self._is_jpeg = content, is_jpeg

    def format(self, document: Any) -> bytes:
        stream = PDFStream(content=self._content)
        entries: dict[str, object] = {
            "Type": PDFName("XObject"),
            "Subtype": PDFName("Image"),
            "Width": self.width,
            "Height": self.height,
            "BitsPerComponent": 8,
            "ColorSpace": PDFName("DeviceRGB"),
            "Filter": PDFName("DCTDecode" if self._is_jpeg else "FlateDecode"),
            "Length": len(self._content),
        }
        if not self._is_jpeg:
            entries["DecodeParms"] = PDFDictionary(
                {"Predictor": _ANY_FILTER, "Colors": 3, "BitsPerComponent": 8, "Columns": self.width}
            )
        for entry, value in entries.items():
            stream.dictionary[entry] = value
        return bytes(stream.format(document))


def register(canvas: Any, size: tuple[int, int], content: bytes) -> str | None:
    """The name by which this canvas draws a JPEG in colour, or a PNG as we write them; None for another PNG."""
    is_jpeg = not content.startswith(_PNG)
    packed = content if is_jpeg else png_data(content)
    if packed is None:
        return None
    key = hashlib.sha256(content).hexdigest()
    name = _digester(f"{key}None".encode())  # as the canvas makes it of a name and no mask
    document = canvas._doc
    known = document.getXObjectName(name)
    if known not in document.idToObject:
        image = Packed(name, size, packed, is_jpeg=is_jpeg)
        canvas._setXObjects(image)
        document.Reference(image, known)
        document.addForm(name, image)
    return key


def png_data(content: bytes) -> bytes | None:
    """The packed rows of a PNG; None unless it is plain colour without anything beside it."""
    at, parts = len(_PNG), []
    while at + 8 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        if kind == b"IHDR" and struct.unpack_from("5B", content, at + 16) != _PLAIN:
            return None
        if kind == b"tRNS":
            return None
        if kind == b"IDAT":
            parts.append(content[at + 8 : at + 8 + length])
        at += 12 + length
    return b"".join(parts)
