"""What is known of an upload before it is opened: its form, its first bytes, its name."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from api.intake.form import FormReader
from api.intake.storing import Abandoned, GrowingFile
from api.intake.upload import MAX_FILE_NAME_CHARS, clean_file_name, clean_instruction, refuse_by_head
from api.schemas import Annotation, ChangeWebhook, FeedbackRequest, KeyRequest, NewWebhook
from core.errors import Rejected
from core.types import Frozen


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (b"", "empty_file"),
        (b"plain words", "unsupported_format"),
        ("schöne Worte".encode(), "unsupported_format"),
        (("x" * 511 + "ö").encode()[:512], "unsupported_format"),
        (b"#EXTM3U\n", "playlist_refused"),
        (b"\xef\xbb\xbf\n #EXTM3U\n", "playlist_refused"),
        (b"ffconcat version 1.0\n", "playlist_refused"),
        (b'<?xml version="1.0"?><MPD/>', "playlist_refused"),
    ],
)
def test_text_and_playlists_are_refused_by_their_first_bytes(head: bytes, code: str) -> None:
    with pytest.raises(Rejected) as refusal:
        refuse_by_head(head)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    "head",
    [b"\0\0\0\x20ftypisom", b"\x1aE\xdf\xa3\x93", b"RIFF\x24\0\0\0WAVE", b"\x89PNG\r\n\x1a\n", b"ID3\x04\0", b"OggS\0"],
)
def test_what_may_be_media_is_left_to_the_prober(head: bytes) -> None:
    refuse_by_head(head)


@given(st.text())
def test_a_file_name_is_short_printable_and_never_a_path(given_name: str) -> None:
    name = clean_file_name(given_name)
    assert 1 <= len(name) <= MAX_FILE_NAME_CHARS
    assert "/" not in name
    assert "\\" not in name
    assert "\0" not in name
    assert "\u202e" not in name
    assert clean_file_name(name) == name


def test_a_long_name_keeps_its_suffix() -> None:
    assert clean_file_name("x" * 400 + ".mp4").endswith("x.mp4")
    assert clean_file_name("C:\\films\\holiday.mov") == "holiday.mov"
    assert clean_file_name("..") == ".."


def test_an_instruction_is_cleaned_and_bounded() -> None:
    assert clean_instruction("  only\0 the voice\x1b ") == "only the voice"
    with pytest.raises(Rejected, match="instruction_too_long"):
        clean_instruction("x" * 1001)


CONTENT = bytes(range(256)) * 40 + b"\r\n--edge-but-not-quite\r\n"
BODY = (
    b'--edge\r\nContent-Disposition: form-data; name="instruction"\r\n\r\nthe voice\r\n'
    b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a b.mp4"\r\nContent-Type: video/mp4\r\n\r\n'
    + CONTENT
    + b"\r\n--edge--\r\n"
)


@given(st.lists(st.integers(1, 3000), min_size=1))
@settings(deadline=None)
def test_a_form_reads_the_same_however_it_is_cut(sizes: list[int]) -> None:
    reader = FormReader("multipart/form-data; boundary=edge", 100)
    taken, at, turn = b"", 0, 0
    while at < len(BODY):
        size = sizes[turn % len(sizes)]
        reader.feed(BODY[at : at + size])
        taken += reader.take()
        at, turn = at + size, turn + 1
    reader.finish()
    assert taken == CONTENT
    assert (reader.file_name, reader.text) == ("a b.mp4", {"instruction": "the voice"})


def test_a_growing_file_is_read_as_far_as_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(b"0123456789")
    growing = GrowingFile(path)
    growing.grown(4)
    assert growing.read(4) == b"0123"
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(growing.read, 4)
        assert not waiting.done()
        growing.grown(10)
        assert waiting.result() == b"4567"
    growing.end()
    assert (growing.read(4), growing.read(4)) == (b"89", b"")
    growing.abandon()
    with pytest.raises(Abandoned):
        growing.read(4)
    growing.close()


def test_an_unfinished_form_is_refused() -> None:
    reader = FormReader("multipart/form-data; boundary=edge", 100)
    reader.feed(BODY[:-6])
    with pytest.raises(Rejected, match="bad_request_body"):
        reader.finish()


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (Annotation, {"note": "a\0"}),
        (Annotation, {"tags": ["a\0"]}),
        (NewWebhook, {"url": "https://example.org", "description": "\0"}),
        (ChangeWebhook, {"description": "\0"}),
        (FeedbackRequest, {"judgement": "wrong", "comment": "a\0b"}),
        (KeyRequest, {"name": "a\0"}),
    ],
)
def test_text_that_the_database_cannot_keep_is_refused(body: type[Frozen], fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as refused:
        body.model_validate(fields)
    assert {each["type"] for each in refused.value.errors()} == {"string_pattern_mismatch"}
