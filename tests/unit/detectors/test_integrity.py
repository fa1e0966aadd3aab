"""What is missing from a file although its demuxer says nothing of it."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from core.settings import LimitSettings
from core.types import Reading, ReasonCode, StreamKind
from detectors.media.reading import read_into
from tests.unit.detectors.clips import H264, PICTURE, SOUND, make

LIMITS = LimitSettings(decode_timeout_s=60)
LONG_SOUND = ("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=44100:duration=8")
Read = Callable[[bytes], Reading]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """A file of these bytes as the confined reader takes it apart."""

    def run(content: bytes) -> Reading:
        path = tmp_path / "upload"
        path.write_bytes(content)
        folder = tmp_path / f"read-{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        return read_into(path, folder, LIMITS, sha256="0" * 64, frames=4)

    return run


def told(reading: Reading) -> str:
    return " ".join(fault.reason.message for fault in reading.info.faults)


def pages(content: bytes) -> list[int]:
    return [found.start() for found in re.finditer(b"OggS", content)]


@pytest.fixture(scope="module", params=["libvorbis", "libopus", "flac"])
def ogg(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("ogg") / "tone.ogg"
    return make(path, *LONG_SOUND, "-c:a", request.param, "-page_duration", "500000").read_bytes()


def test_a_whole_ogg_file_is_whole(read: Read, ogg: bytes) -> None:
    assert read(ogg).info.faults == ()


def test_pages_that_are_missing_in_the_middle_are_told_with_their_time(read: Read, ogg: bytes) -> None:
    starts = pages(ogg)
    middle = len(starts) // 2
    reading = read(ogg[: starts[middle]] + ogg[starts[middle + 3] :])
    (fault,) = reading.info.faults
    assert fault.reason.code is ReasonCode.STREAM_DAMAGED
    assert fault.span is not None
    assert 2 < fault.span.start_s < 5
    assert 1 < fault.span.end_s - fault.span.start_s < 3


def test_a_page_whose_sum_is_wrong_is_told(read: Read, ogg: bytes) -> None:
    content, starts = bytearray(ogg), pages(ogg)
    at = starts[len(starts) // 2] + 100
    content[at : at + 40] = bytes(40)
    assert "damaged at" in told(read(bytes(content)))


def test_pages_that_are_missing_behind_the_head_are_told(read: Read, ogg: bytes) -> None:
    starts = pages(ogg)
    words = told(read(ogg[: starts[2]] + ogg[starts[9] :]))
    assert "of the recording are missing" in words or "damaged at 0.0 to" in words


@pytest.mark.parametrize("is_whole_page", [True, False])
def test_a_missing_end_of_an_ogg_file_is_told(read: Read, ogg: bytes, is_whole_page: bool) -> None:
    end = pages(ogg)[-4] if is_whole_page else pages(ogg)[-4] + 50
    assert "lacks a whole end" in told(read(ogg[:end]))


@pytest.mark.parametrize("share", [0.05, 0.5])
def test_frames_that_are_missing_from_a_flac_file_are_told(read: Read, tmp_path: Path, share: float) -> None:
    content = make(tmp_path / "tone.flac", *LONG_SOUND).read_bytes()
    assert read(content).info.faults == ()
    start = max(content.index(b"\xff\xf8") + 50, int(len(content) * share))
    words = told(read(content[:start] + content[start + len(content) // 4 :]))
    assert "missing from the file" in words or "damaged at" in words


def test_zeros_at_the_end_of_an_avi_are_told(read: Read, tmp_path: Path) -> None:
    content = bytearray(make(tmp_path / "clip.avi", *PICTURE, *SOUND, "-c:v", "mjpeg").read_bytes())
    assert read(bytes(content)).info.faults == ()
    low = len(content) * 7 // 10
    content[low:] = bytes(len(content) - low)
    reading = read(bytes(content))
    (fault,) = reading.info.faults
    assert fault.span is not None
    assert (fault.span.start_s, fault.span.end_s) == pytest.approx((2.1, 3.0), abs=0.2)


@pytest.mark.parametrize("codec", ["h264", "mpeg2video"])
def test_what_is_missing_from_bare_pictures_is_told(read: Read, tmp_path: Path, codec: str) -> None:
    coder = H264 if codec == "h264" else ("-c:v", codec, "-g", "25", "-q:v", "3")
    source = ("-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=6")
    content = make(tmp_path / "clip", *source, *coder, "-f", codec).read_bytes()
    assert read(content).info.faults == ()
    low, high = int(len(content) * 0.4) + 7, int(len(content) * 0.7)
    assert "damaged at" in told(read(content[:low] + content[high:]))


def test_zeros_over_pictures_without_a_container_are_told(read: Read, tmp_path: Path) -> None:
    content = bytearray(make(tmp_path / "clip.h264", *PICTURE, *H264, "-f", "h264").read_bytes())
    marks = [found.start() for found in re.finditer(b"\0\0\1", content)]
    first, last = marks[len(marks) // 2] + 150, marks[len(marks) // 2 + 16] + 60
    content[first:last] = bytes(last - first)
    assert "damaged at" in told(read(bytes(content)))


def test_whole_pictures_that_are_missing_are_told_by_their_numbers(read: Read, tmp_path: Path) -> None:
    coder = ("-c:v", "libx264", "-g", "250", "-bf", "0", "-sc_threshold", "0", "-pix_fmt", "yuv420p")
    content = make(tmp_path / "clip.h264", *PICTURE, *coder, "-f", "h264").read_bytes()
    assert read(content).info.faults == ()
    slices = [found.start() for found in re.finditer(rb"\0\0\x01[\x41\x61]", content)]
    assert "damaged at 1." in told(read(content[: slices[30]] + content[slices[43] :]))


def test_a_track_of_an_avi_without_its_heading_is_not_no_sound(read: Read, tmp_path: Path) -> None:
    content = bytearray(make(tmp_path / "clip.avi", *PICTURE, *SOUND, "-c:v", "mjpeg").read_bytes())
    first = content.index(b"strl", content.index(b"strl") + 4) - 8
    content[first : content.index(b"movi") - 8] = bytes(content.index(b"movi") - 8 - first)
    reading = read(bytes(content))
    assert not reading.info.has_audio
    assert "The sound is there, but cannot be decoded." in told(reading)


def test_bytes_that_belong_to_no_picture_are_told(read: Read, tmp_path: Path) -> None:
    content = make(tmp_path / "clip.h264", *PICTURE, *H264, "-f", "h264").read_bytes()
    marks = [found.start() for found in re.finditer(b"\0\0\1", content)]
    foreign = bytes(1 + (number * 73 + number // 7 * 31) % 250 for number in range(20_000))
    at = marks[len(marks) // 2]
    assert "damaged at" in told(read(content[:at] + foreign + content[at:]))


def test_a_track_under_an_unknown_mark_is_not_no_sound(read: Read, tmp_path: Path) -> None:
    content = bytearray(make(tmp_path / "clip.mp4", *PICTURE, *SOUND, *H264, "-c:a", "aac").read_bytes())
    at = content.rindex(b"trak")
    content[at : at + 4] = b"\xa2rak"
    reading = read(bytes(content))
    assert not reading.info.has_audio
    assert ReasonCode.SOUND_UNREADABLE in {fault.reason.code for fault in reading.info.faults}
    assert [each.is_readable for each in reading.info.streams if each.kind is StreamKind.SOUND] == [False]


def test_one_wrong_time_does_not_make_a_recording_hours_long(read: Read, tmp_path: Path) -> None:
    clip = make(tmp_path / "clip.ts", *PICTURE, "-c:v", "libx264", "-bf", "2", "-g", "25", "-pix_fmt", "yuv420p")
    content = bytearray(clip.read_bytes())
    at = [found.start() for found in re.finditer(rb"\x00\x00\x01\xe0..[\x80-\x8f]\xc0\x0a", content, re.DOTALL)][10]
    stamp = content[at + 9 : at + 14]
    content[at + 9 : at + 14] = bytes((stamp[0] ^ 0x04, *stamp[1:]))
    assert struct.unpack("5B", stamp)[0] & 0x30 == 0x30  # it states a time of showing and one of decoding
    assert read(bytes(content)).info.duration_s == pytest.approx(3.0, abs=0.2)
