"""Reads a multipart form piece by piece: one file, whose content is handed on as it comes, and short texts."""

from __future__ import annotations

from typing import Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from core.errors import Rejected

TEXT_FIELDS: Final = ("instruction", "scope")


class FormReader:
    """Feed it the body; take the file's content out between feeds.

    Raises: Rejected: `bad_request_body`, `unsupported_body`, `instruction_too_long`, `bad_scope`.
    """

    def __init__(self, content_type: str, max_text_bytes: int) -> None:
        kind, options = parse_options_header(content_type)
        boundary = options.get(b"boundary", b"")
        if kind != b"multipart/form-data" or not boundary:
            raise Rejected("unsupported_body", "Send the file as multipart/form-data, or name an upload in JSON.")
        self.content = bytearray()
        self.file_name: str | None = None
        self.text: dict[str, str] = {}
        self._max_text_bytes = max_text_bytes
        self._field = ""
        self._texts: dict[str, bytearray] = {}
        self._header_name = bytearray()
        self._header_value = bytearray()
        self._headers: dict[bytes, bytes] = {}
        self._ended = False
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._begin,
                    "on_header_field": lambda data, start, end: self._header_name.extend(data[start:end]),
                    "on_header_value": lambda data, start, end: self._header_value.extend(data[start:end]),
                    "on_header_end": self._header,
                    "on_headers_finished": self._opened,
                    "on_part_data": self._content,
                    "on_end": self._end,
                },
            )
        except FormParserError as error:
            raise _unreadable() from error

    def feed(self, chunk: bytes) -> None:
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise _unreadable() from error

    def take(self) -> bytes:
        """The file's content since the last call."""
        taken = bytes(self.content)
        self.content.clear()
        return taken

    def finish(self) -> None:
        if not self._ended:
            raise _unreadable()
        if self.file_name is None:
            raise Rejected("file_missing", "The form has no field `file` with a file in it.")
        self.text = {name: bytes(value).decode(errors="replace") for name, value in self._texts.items()}

    def _begin(self) -> None:
        self._headers = {}
        self._field = ""

    def _header(self) -> None:
        self._headers[bytes(self._header_name).lower()] = bytes(self._header_value)
        self._header_name.clear()
        self._header_value.clear()

    def _opened(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._field = options.get(b"name", b"").decode(errors="replace")
        if self._field == "file":
            if self.file_name is not None:
                raise Rejected("one_file_only", "Send one file a request.")
            self.file_name = options.get(b"filename", b"").decode(errors="replace")
        elif self._field in TEXT_FIELDS:
            self._texts[self._field] = bytearray()
        else:
            raise Rejected("unknown_field", "The form has a field that this service does not know.")

    def _content(self, data: bytes, start: int, end: int) -> None:
        if self._field == "file":
            self.content += data[start:end]
            return
        text = self._texts[self._field]
        text += data[start:end]
        if len(text) > self._max_text_bytes:
            if self._field == "scope":
                raise Rejected("bad_scope", "The field `scope` is longer than any scope can be.")
            raise Rejected("instruction_too_long", "The instruction is longer than this service accepts.")

    def _end(self) -> None:
        self._ended = True


def _unreadable() -> Rejected:
    return Rejected("bad_request_body", "The body is not a complete multipart form.")
