"""Files made to waste time or memory: work grows with what a file holds, never with what it claims or repeats."""

from __future__ import annotations

import io
import os
import signal
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from av.container import InputContainer
from PIL import Image

from core.errors import Rejected
from core.settings import LimitSettings
from core.types import MediaKind, TimeRange
from detectors.media import formats, integrity, pictures
from detectors.media.probing import damage_faults, probe
from detectors.media.reading import read_into
from detectors.media.sample_tables import refuse_endless_tables
from detectors.media.stills import MOST_MARKERS, image_size
from detectors.media.survey import MOST_PACKETS, Survey, TrackSurvey, extend, packets
from tests.unit.detectors.clips import H264, PICTURE, SOUND, make

LIMITS = LimitSettings()


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Of processor time, many times what it takes and a small part of what it took."""
    started = time.process_time()
    yield
    assert time.process_time() - started < seconds


def box(kind: bytes, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return struct.pack(">I4s", 8 + len(content), kind) + content


def written(folder: Path, content: bytes) -> Path:
    path = folder / "upload"
    path.write_bytes(content)
    return path


def encoded_png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (32, 24), (90, 0, 0)).save(buffer, "PNG")
    return buffer.getvalue()


# ------------------------------------------------------------------------------------------------ recordings


def test_marks_of_pages_that_overlap_are_summed_no_more_than_once(monkeypatch: pytest.MonkeyPatch) -> None:
    summed, plain = [], integrity._checksum

    def counted(content: bytes) -> int:
        summed.append(len(content))
        return plain(content)

    monkeypatch.setattr(integrity, "_checksum", counted)
    content = (b"OggS\0" + b"\xff" * 22) * 4000
    assert list(integrity._pages(content)) == []
    assert sum(summed) < 2 * len(content)


def test_pictures_without_a_container_are_compared_in_one_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = [(300, True)] * 39_999 + [(900, True)]
    monkeypatch.setattr(integrity, "_decoded_strictly", lambda *_: (sizes, []))
    asked: list[int] = []

    def is_alike(*given: Any) -> bool:
        asked.append(given[2])
        return False

    monkeypatch.setattr(integrity, "_shows_the_same", is_alike)
    with within(2):
        assert list(integrity._bare_losses(Path("x"), "mjpeg", Survey({}, 0, True, ()))) == []
    assert asked == [39_999], "the one that is larger than any other"


def test_a_file_of_nothing_but_damage_and_broken_clocks_is_told_at_once() -> None:
    track = TrackSurvey()
    with within(4):
        for number in range(20_000):
            extend(track.damaged, 2.0 * number, 2.0 * number + 0.2)
        assert damage_faults(track.damaged, [2.0 * number + 1.3 for number in range(20_000)]) != []


def test_the_seam_of_a_restarted_clock_is_no_damage() -> None:
    spans = [TimeRange(start_s=start, end_s=start + 0.5) for start in (3.0, 9.0)]
    (fault,) = damage_faults(spans, (0.1, 9.8, 30.0))
    assert fault.span == spans[0]


def test_tracks_without_end_are_refused(tmp_path: Path) -> None:
    content = make(tmp_path / "clip.mp4", *PICTURE, *SOUND, *H264, "-c:a", "aac").read_bytes()
    at = content.rindex(b"moov") - 4
    (length,) = struct.unpack_from(">I", content, at)
    more = box(b"xrak", box(b"tkhd")) * 20_000
    longer = struct.pack(">I", length + len(more)) + content[at + 4 : at + length] + more
    with within(4), pytest.raises(Rejected, match="too_many_streams"):
        probe(written(tmp_path, content[:at] + longer + content[at + length :]), LIMITS, sha256="0" * 64)


def tables(handler: bytes, samples: int, in_chunk: int, edits: int, tick: int = 512) -> bytes:
    held = box(
        b"stbl",
        box(b"stts", struct.pack(">IIII", 0, 1, samples, tick)),
        box(b"stsc", struct.pack(">IIIII", 0, 1, 1, in_chunk, 1)),
        box(b"stsz", struct.pack(">III", 0, 1, samples)),
        box(b"stco", struct.pack(">II", 0, 1000), bytes(4000)),
    )
    edited = box(b"edts", box(b"elst", struct.pack(">II", 0, edits), bytes(12 * edits)))
    named = box(b"hdlr", bytes(8), handler, bytes(12))
    return box(b"ftyp", b"isom") + box(b"moov", box(b"trak", edited, box(b"mdia", named, box(b"minf", held))))


@pytest.mark.parametrize(
    "content",
    [
        tables(b"vide", 20_000_000, 20_000, 1),
        tables(b"vide", 1000, 1, 5000),
        tables(b"soun", 2**31, 2**31, 1, tick=1),
        box(b"moof", box(b"traf", box(b"trun", struct.pack(">II", 0, 2**28)))),
    ],
    ids=["samples", "edits", "ticks", "fragment"],
)
def test_tables_that_name_more_than_a_file_can_hold_reach_no_demuxer(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Rejected, match="corrupt_media"):
        refuse_endless_tables(written(tmp_path, content))


def test_tables_of_honest_files_are_taken(tmp_path: Path) -> None:
    hours = tables(b"soun", 2 * 3600 * 48_000, 345_600, 1, tick=1)
    path = written(tmp_path, hours)
    os.truncate(path, 2 * 3600 * 48_000)
    refuse_endless_tables(path)
    refuse_endless_tables(make(tmp_path / "clip.mp4", *PICTURE, *SOUND, *H264, "-c:a", "aac"))
    refuse_endless_tables(make(tmp_path / "parts.mp4", *PICTURE, *H264, "-movflags", "frag_keyframe+empty_moov"))


def test_packets_that_never_end_are_refused() -> None:
    class Endless:
        size = 800

        def demux(self, *_: object) -> Iterator[SimpleNamespace]:
            while True:
                yield SimpleNamespace(size=1)

    with pytest.raises(Rejected, match="corrupt_media"):
        list(packets(cast(InputContainer, Endless()), []))
    assert MOST_PACKETS > 2 * 3600 * 30, "two hours of ordinary pictures are always taken"


def test_channels_of_hours_that_hardly_hold_a_byte_are_heard_together(tmp_path: Path) -> None:
    left, right = ("-f", "lavfi", "-i", "sine=440:duration=3"), ("-f", "lavfi", "-i", "anoisesrc=d=3:a=0.2")
    for apart_s, parts in ((5, 2), (2000, 1)):
        gap = f"[0][1]join=inputs=2:channel_layout=stereo,asetpts='if(gte(T,1.5),PTS+{apart_s}/TB,PTS)'"
        path = make(
            tmp_path / f"{apart_s}.mkv", *left, *right, "-filter_complex", gap, "-c:a", "libopus", "-b:a", "64k"
        )
        folder = tmp_path / str(apart_s)
        folder.mkdir()
        reading = read_into(path, folder, LIMITS, sha256="0" * 64, frames=0)
        assert len(reading.sounds) == parts
        assert reading.sounds[0].duration_s == pytest.approx(apart_s + 3, abs=0.5)


def test_pictures_that_grow_behind_the_head_reach_no_decoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = make(tmp_path / "small.h264", *PICTURE, *H264, "-f", "h264").read_bytes()
    large = make(tmp_path / "large.h264", *PICTURE, "-s", "320x180", *H264, "-f", "h264").read_bytes()
    path = written(tmp_path, small + large + small)
    for most_px, sides in ((10**6, {160, 320}), (20_000, {160})):
        monkeypatch.setattr(formats, "MOST_FRAME_PX", most_px)
        folder = tmp_path / str(most_px)
        folder.mkdir()
        reading = read_into(path, folder, LIMITS, sha256="0" * 64, frames=9)
        assert {Image.open(io.BytesIO((folder / each.file).read_bytes())).width for each in reading.frames} == sides
        assert bool(reading.info.faults) == (most_px == 20_000)


# ------------------------------------------------------------------------------------------------ pictures


@pytest.mark.parametrize("marker", [b"\xff\xd8", b"\xff\xc0\0\2"])
def test_a_photo_of_nothing_but_marks_is_refused(tmp_path: Path, marker: bytes) -> None:
    content = b"\xff\xd8\xff\xe0\0\4xx" + marker * (20 * MOST_MARKERS)
    with within(2), pytest.raises(Rejected, match="corrupt_media"):
        probe(written(tmp_path, content), LIMITS, sha256="0" * 64)


def test_an_animation_that_announces_more_pictures_than_it_holds_is_read_once(tmp_path: Path) -> None:
    noise = np.random.default_rng(3)
    shown = [Image.fromarray(noise.integers(0, 255, (120, 160), np.uint8)) for _ in range(30)]
    buffer = io.BytesIO()
    shown[0].save(buffer, "PNG", save_all=True, append_images=shown[1:], duration=100)
    content, announced = buffer.getvalue(), b"acTL" + struct.pack(">II", 5000, 0)
    at = content.index(b"acTL")
    content = content[:at] + announced + struct.pack(">I", zlib.crc32(announced)) + content[at + 16 :]
    with within(4):
        assert probe(written(tmp_path, content), LIMITS, sha256="0" * 64).kind is MediaKind.VIDEO


def test_a_gif_whose_damage_passes_for_an_immense_picture_is_read_up_to_there(tmp_path: Path) -> None:
    noise = np.random.default_rng(4).integers(0, 255, (3, 60, 80), np.uint8)
    shown = [Image.fromarray(each) for each in noise]
    buffer = io.BytesIO()
    shown[0].save(buffer, "GIF", save_all=True, append_images=shown[1:], duration=100)
    content = buffer.getvalue().removesuffix(b"\x3b")
    content += b"\x2c" + struct.pack("<HHHHB", 9000, 9000, 50_000, 50_000, 0) + b"\x08\x05abcde\0" + b"\x3b"
    info = probe(written(tmp_path, content), LIMITS, sha256="0" * 64)
    assert info.duration_s == pytest.approx(0.3)


def test_a_gif_of_many_pictures_on_a_large_canvas_is_timed_without_being_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    buffer = io.BytesIO()
    Image.new("P", (6000, 6000)).save(buffer, "GIF")
    small = b"\x21\xf9\x04\x08\x05\0\0\0" + b"\x2c" + struct.pack("<HHHHB", 0, 0, 2, 2, 0) + b"\x02\x02\x84\x51\0"
    path = written(tmp_path, buffer.getvalue().removesuffix(b"\x3b") + small * 19_999 + b"\x3b")
    monkeypatch.setattr(pictures, "open_with_pillow", None)
    with within(4):
        animation = pictures.read_animation(path, "gif", LIMITS)
    assert animation is not None
    assert len(animation.times_s) == 20_000
    assert animation.duration_s == pytest.approx(0.1 + 19_999 * 0.05)


def test_a_png_of_endless_chunks_is_refused_at_once(tmp_path: Path) -> None:
    content = encoded_png()
    chunk = b"\0\0\0\x03abCdxyz" + struct.pack(">I", zlib.crc32(b"abCdxyz"))
    with within(3), pytest.raises(Rejected, match="corrupt_media"):
        probe(written(tmp_path, content[:33] + chunk * 1_000_000 + content[33:]), LIMITS, sha256="0" * 64)
    with within(3):
        assert probe(written(tmp_path, content[:33] + chunk * 1000 + content[33:]), LIMITS, sha256="0" * 64).has_video


@pytest.mark.parametrize("mark", [b"OggS", b"OggS\0"])
def test_bare_marks_of_pages_are_passed_over_at_once(mark: bytes) -> None:
    with within(1):
        assert list(integrity._pages(mark * (5_000_000 // len(mark)))) == []


@pytest.mark.parametrize(
    ("mark", "count"), [(b"OggS", 1_250_000), (b"OggS\0", 1_000_000), (b"OggS" + b"\xff" * 24, 20_000)]
)
def test_a_recording_before_thousands_of_bare_marks_is_refused_at_once(tmp_path: Path, mark: bytes, count: int) -> None:
    content = make(tmp_path / "clip.ogg", *SOUND, "-c:a", "libvorbis").read_bytes()
    with within(1), pytest.raises(Rejected, match="corrupt_media"):
        probe(written(tmp_path, content + mark * count), LIMITS, sha256="0" * 64)
    assert probe(written(tmp_path, content + b"OggS" * 100), LIMITS, sha256="0" * 64).has_audio


def test_a_jpeg_xl_in_boxes_is_read_by_the_box_of_its_picture(tmp_path: Path) -> None:
    source = ("-f", "lavfi", "-i", "testsrc2=size=120x72:rate=1:duration=1", "-frames:v", "1")
    bare = make(tmp_path / "x.jxl", *source, "-c:v", "libjxl").read_bytes()
    head = struct.pack(">I4sI", 12, b"JXL ", 0x0D0A870A) + box(b"ftyp", b"jxl \0\0\0\0jxl ")
    lie = box(b"free", box(b"jxlc", b"\xff\x0a\x00\x00\x00"))
    content = head + lie + box(b"jxlc", bare)
    assert image_size("jpegxl", content) == (120, 72)
    info = probe(written(tmp_path, content), LIMITS, sha256="0" * 64)
    assert (info.kind, info.width_px, info.height_px) == (MediaKind.IMAGE, 120, 72)


def test_a_document_whose_second_page_is_empty_is_read(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    Image.new("L", (32, 24), 90).save(buffer, "TIFF")
    content = bytearray(buffer.getvalue())
    (first,) = struct.unpack_from("<I", content, 4)
    link = first + 2 + 12 * struct.unpack_from("<H", content, first)[0]
    content[link : link + 4] = struct.pack("<I", len(content))
    info = probe(written(tmp_path, bytes(content) + struct.pack("<HI", 0, 0)), LIMITS, sha256="0" * 64)
    assert (info.width_px, info.height_px) == (32, 24)


# ------------------------------------------------------------------------------------------------ the process


def test_processor_time_that_is_used_up_is_no_kill_from_outside(tmp_path: Path) -> None:
    """Which would be taken for an outage, and the file read again and again."""
    script = (
        "import sys; from detectors.media import probing, reader\n"
        "def endless(*_, **__):\n    while True: pass\n"
        "probing.probe = endless; reader.main([sys.argv[1], '--limits', sys.argv[2]])"
    )
    path = written(tmp_path, b"RIFF\0\0\0\0WAVE")
    limits = LimitSettings(decode_timeout_s=1).model_dump_json()
    ended = subprocess.run([sys.executable, "-c", script, str(path), limits], timeout=120, check=False)
    assert ended.returncode == -signal.SIGXCPU
