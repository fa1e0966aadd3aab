"""Files that people have and that other readers refuse: cut, damaged, glued together, and in rarer formats."""

from __future__ import annotations

import io
import os
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import cv2
import numpy as np
import pillow_heif
import pytest
from av.container import InputContainer
from PIL import Image

from core.errors import Rejected
from core.settings import LimitSettings
from core.types import MediaKind, Modality, Plan, Reading, ReasonCode, TimeRange, cover
from detectors.media.extraction import decode_image
from detectors.media.formats import recognise
from detectors.media.reading import read_into
from detectors.media.stills import MOST_SCANS, image_size, without_false_lengths
from detectors.media.survey import packets
from tests.unit.detectors.clips import H264, PICTURE, SOUND, make

LIMITS = LimitSettings(decode_timeout_s=30)
Read = Callable[[Path | bytes], Reading]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """The file, or a file of these bytes, as the confined reader takes it apart."""

    def run(source: Path | bytes) -> Reading:
        path = source if isinstance(source, Path) else tmp_path / "upload"
        if isinstance(source, bytes):
            path.write_bytes(source)
        folder = tmp_path / f"read-{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        return read_into(path, folder, LIMITS, sha256="0" * 64, frames=6)

    return run


@pytest.fixture(scope="module")
def broadcast(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """6 s as a transport stream with a key frame every half second."""
    path = tmp_path_factory.mktemp("ts") / "clip.ts"
    source = ("-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=6")
    sound = ("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=44100:duration=6")
    return make(path, *source, *sound, "-c:v", "mpeg2video", "-g", "12", "-q:v", "3", "-c:a", "mp2").read_bytes()


@pytest.fixture(scope="module")
def photo() -> Image.Image:
    ramp = np.linspace(0, 255, 64 * 48 * 3).reshape(48, 64, 3).astype(np.uint8)
    return Image.fromarray(ramp)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def codes(reading: Reading) -> set[ReasonCode]:
    return {fault.reason.code for fault in reading.info.faults}


# ------------------------------------------------------------------------------------------------ stills


@pytest.mark.parametrize("missing", [2, 40])
def test_a_photo_without_its_end_is_read_and_said_to_be_cut(read: Read, photo: Image.Image, missing: int) -> None:
    reading = read(encoded(photo, "JPEG", quality=95)[:-missing])
    assert reading.info.truncated
    assert codes(reading) == {ReasonCode.STREAM_TRUNCATED}
    assert len(reading.frames) == 1


@pytest.mark.parametrize("kind", ["PNG", "BMP"])
def test_any_still_cut_short_is_read_as_far_as_it_goes(read: Read, kind: str) -> None:
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 255, (48, 64, 3), np.uint8))
    content = encoded(noise, kind)
    reading = read(content[: len(content) * 95 // 100])
    assert codes(reading) & {ReasonCode.STREAM_TRUNCATED, ReasonCode.STREAM_DAMAGED}
    assert len(reading.frames) == 1


def test_a_whole_photo_with_something_behind_it_is_not_cut(read: Read, photo: Image.Image) -> None:
    reading = read(encoded(photo, "JPEG") + bytes(9000))
    assert not reading.info.truncated
    assert codes(reading) == set()


def test_damage_inside_a_photo_is_told(read: Read) -> None:
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 255, (200, 200, 3), np.uint8))
    content = bytearray(encoded(noise, "JPEG", quality=95))
    content[len(content) // 2 : len(content) // 2 + 3000] = bytes(3000)
    assert codes(read(bytes(content))) == {ReasonCode.STREAM_DAMAGED}


@pytest.mark.parametrize(("kind", "name"), [("AVIF", "avif"), ("JPEG2000", "jpeg2000"), ("HEIF", "heif")])
def test_stills_of_phones_and_archives_are_read(read: Read, photo: Image.Image, kind: str, name: str) -> None:
    if kind == "HEIF":
        pillow_heif.register_heif_opener()
    reading = read(encoded(photo, kind))
    assert (reading.info.kind, reading.info.container) == (MediaKind.IMAGE, name)
    assert (reading.info.width_px, reading.info.height_px) == photo.size
    assert codes(reading) == set()


def test_a_jpeg_xl_is_read(read: Read, tmp_path: Path) -> None:
    path = make(tmp_path / "x.jxl", "-f", "lavfi", "-i", "color=red:size=120x72", "-frames:v", "1", "-c:v", "libjxl")
    assert image_size("jpegxl", path.read_bytes()) == (120, 72)
    reading = read(path)
    assert (reading.info.kind, reading.info.width_px, reading.info.height_px) == (MediaKind.IMAGE, 120, 72)


def test_a_photo_of_thousands_of_passes_is_refused_at_once(read: Read) -> None:
    content = encoded(Image.new("L", (64, 64), 90), "JPEG", progressive=True)
    last = content.rfind(b"\xff\xda")
    header = content[last : last + 2 + struct.unpack(">H", content[last + 2 : last + 4])[0]]
    with pytest.raises(Rejected, match="too_many_scans"):
        read(content[:-2] + (header + b"\0\0") * MOST_SCANS + b"\xff\xd9")


@pytest.mark.parametrize("kind", [b"tEXt", b"iCCP", b"eXIf", b"IDAT"])
def test_a_chunk_that_claims_gigabytes_reaches_no_decoder(read: Read, kind: bytes) -> None:
    header = struct.pack(">I4sIIBBBBB", 13, b"IHDR", 64, 64, 8, 2, 0, 0, 0)
    content = b"\x89PNG\r\n\x1a\n" + header + struct.pack(">I", zlib.crc32(header[4:]))
    content += struct.pack(">I", 0xFFFFFFF0) + kind + bytes(100)
    kept, is_cut = without_false_lengths(content)
    assert is_cut
    assert b"\xff\xff\xff\xf0" not in kept
    if kind != b"IDAT":
        with pytest.raises(Rejected, match="corrupt_media"):
            read(content)


# ------------------------------------------------------------------------------------------------ pictures in sequence


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "AVIF"])
def test_an_animation_is_a_video(read: Read, kind: str) -> None:
    pictures = [Image.new("RGB", (64, 48), (200 if n else 10, 40 * n, 0)) for n in range(4)]
    reading = read(encoded(pictures[0], kind, save_all=True, append_images=pictures[1:], duration=500, loop=0))
    assert reading.info.kind is MediaKind.VIDEO
    assert [frame.time_s for frame in reading.frames] == pytest.approx([0, 0.5, 1.0, 1.5], abs=0.02)
    assert reading.info.duration_s == pytest.approx(2.0, abs=0.1)


def test_an_animated_jpeg_xl_is_a_video(read: Read, tmp_path: Path) -> None:
    source = ("-f", "lavfi", "-i", "testsrc2=size=160x90:rate=4:duration=3")
    reading = read(make(tmp_path / "x.jxl", *source, "-c:v", "libjxl_anim", "-f", "image2pipe"))
    assert (reading.info.kind, reading.info.duration_s) == (MediaKind.VIDEO, 3.0)
    assert [frame.time_s for frame in reading.frames] == [0, 0.5, 1.0, 1.5, 2.0, 2.5]
    first, last = (decode_image((tmp_path / "read-1" / reading.frames[place].file).read_bytes()) for place in (0, -1))
    assert first.shape == (90, 160, 3)
    assert np.abs(first.astype(int) - last.astype(int)).mean() > 1


@pytest.mark.parametrize("brand", [b"msf1", b"hevc"])
def test_a_heic_sequence_is_a_video(read: Read, tmp_path: Path, brand: bytes) -> None:
    source = ("-f", "lavfi", "-i", "testsrc2=size=160x90:rate=4:duration=3")
    coded = ("-c:v", "libx265", "-x265-params", "log-level=error", "-tag:v", "hvc1")
    content = make(tmp_path / "x.mp4", *source, *coded).read_bytes()
    content = content.replace(b"ftypisom", b"ftyp" + brand).replace(b"vide", b"pict", 1)
    reading = read(content)
    assert (reading.info.kind, reading.info.video_codec) == (MediaKind.VIDEO, "hevc")
    assert len(reading.frames) == 6


def heic_with_sequence(tmp_path: Path, photo: Image.Image, brand: bytes) -> bytes:
    """A still of the main brand `heic` or `mif1`, with 3 s of pictures in a track behind it."""
    pillow_heif.register_heif_opener()
    still = encoded(photo, "HEIF")
    source = ("-f", "lavfi", "-i", "testsrc2=size=160x90:rate=4:duration=3")
    coded = ("-c:v", "libx265", "-x265-params", "log-level=error", "-tag:v", "hvc1")
    movie = make(tmp_path / "x.mp4", *source, *coded).read_bytes()
    head = struct.unpack_from(">I", movie)[0]
    boxes = bytearray(movie[head:].replace(b"vide", b"pict", 1))
    at = boxes.find(b"stco")
    for place in range(at + 12, at + 12 + 4 * struct.unpack_from(">I", boxes, at + 8)[0], 4):
        struct.pack_into(">I", boxes, place, struct.unpack_from(">I", boxes, place)[0] - head + len(still))
    return still[:8] + brand + still[12:] + boxes


@pytest.mark.parametrize("brand", [b"heic", b"mif1"])
def test_a_heic_still_with_a_sequence_behind_it_is_both(
    read: Read, tmp_path: Path, photo: Image.Image, brand: bytes
) -> None:
    reading = read(heic_with_sequence(tmp_path, photo, brand))
    assert (reading.info.kind, reading.info.container) == (MediaKind.VIDEO, "heif")
    assert [frame.picture for frame in reading.frames] == [1] * 6 + [2]
    assert [stream.codec for stream in reading.info.streams] == ["hevc", "heif"]
    assert reading.info.duration_s == pytest.approx(3.0, abs=0.1)
    folder = next(tmp_path.glob("read-*"))
    first, last = (decode_image((folder / reading.frames[place].file).read_bytes()) for place in (0, -1))
    assert (first.shape, last.shape) == ((90, 160, 3), (48, 64, 3))


def test_an_avif_still_with_a_sequence_behind_it_is_both(read: Read) -> None:
    pictures = [Image.new("RGB", (64, 48), (200 if n else 10, 40 * n, 0)) for n in range(4)]
    content = encoded(pictures[0], "AVIF", save_all=True, append_images=pictures[1:], duration=500)
    reading = read(content.replace(b"ftypavis", b"ftypavif"))
    assert [(frame.picture, round(frame.time_s, 1)) for frame in reading.frames] == [
        *((1, 0.5 * number) for number in range(4)),
        (2, 0.0),
    ]


@pytest.mark.parametrize("kind", ["JPEG", "HEIF"])
def test_a_video_behind_a_still_that_cannot_be_read_is_not_passed_over(
    read: Read, tmp_path: Path, photo: Image.Image, kind: str
) -> None:
    if kind == "JPEG":
        content = encoded(photo, kind) + b"MotionPhoto_Data" + b"\0\0\0\x18ftypmp42" + bytes(500)
    else:
        content = heic_with_sequence(tmp_path, photo, b"heic").replace(b"stbl", b"tbls")
    reading = read(content)
    assert (reading.info.kind, len(reading.frames)) == (MediaKind.IMAGE, 1)
    assert codes(reading) == {ReasonCode.PICTURE_UNREADABLE}
    assert [stream.is_readable for stream in reading.info.streams] == [True, False]


def test_every_picture_of_a_heic_is_looked_at(read: Read) -> None:
    pillow_heif.register_heif_opener()
    pictures = [Image.new("RGB", (64, 48), (60 * n, 0, 0)) for n in range(3)]
    reading = read(encoded(pictures[0], "HEIF", save_all=True, append_images=pictures[1:]))
    assert [frame.time_s for frame in reading.frames] == [0.0, 1.0, 2.0]


def test_the_pages_of_a_document_are_all_looked_at(read: Read) -> None:
    pages = [Image.new("RGB", (64, 48), (60 * n, 0, 0)) for n in range(3)]
    reading = read(encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:]))
    assert [frame.time_s for frame in reading.frames] == [0.0, 1.0, 2.0]


@pytest.mark.parametrize("broken", [1, 2])
def test_a_page_that_cannot_be_read_is_told_and_those_behind_it_are_looked_at(read: Read, broken: int) -> None:
    pages = [Image.new("RGB", (64, 48), (60 * n, 0, 0)) for n in range(4)]
    content = bytearray(encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:]))
    (at,) = struct.unpack_from("<I", content, 4)
    for _ in range(broken):
        (at,) = struct.unpack_from("<I", content, at + 2 + 12 * struct.unpack_from("<H", content, at)[0])
    for entry in range(at + 2, at + 2 + 12 * struct.unpack_from("<H", content, at)[0], 12):
        if struct.unpack_from("<H", content, entry)[0] == 259:  # compression
            struct.pack_into("<H", content, entry + 8, 60_000)
    reading = read(bytes(content))
    assert [frame.time_s for frame in reading.frames] == [float(n) for n in range(4) if n != broken]
    (fault,) = reading.info.faults
    assert fault.reason.code is ReasonCode.STREAM_DAMAGED
    assert fault.span == TimeRange(start_s=broken, end_s=broken + 1)
    covered = cover(reading.info, Plan.model_construct(range_s=None), ())
    assert fault.span in [each.span for each in covered if not each.is_examined]


@pytest.mark.parametrize("held", [1, 2])
def test_pages_behind_a_broken_list_are_told(read: Read, held: int) -> None:
    pages = [Image.new("RGB", (64, 48), (60 * n, 0, 0)) for n in range(3)]
    content = bytearray(encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:]))
    link = 4
    for _ in range(held):
        (at,) = struct.unpack_from("<I", content, link)
        link = at + 2 + 12 * struct.unpack_from("<H", content, at)[0]
    struct.pack_into("<I", content, link, len(content) + 1000)
    reading = read(bytes(content))
    assert len(reading.frames) == held
    assert reading.info.kind is (MediaKind.IMAGE if held == 1 else MediaKind.VIDEO)
    (fault,) = reading.info.faults
    assert fault.reason.code is ReasonCode.STREAM_TRUNCATED
    assert f"after page {held}:" in fault.reason.message


def test_a_row_of_jpegs_is_a_film(read: Read, photo: Image.Image) -> None:
    reading = read(encoded(photo, "JPEG") * 10)
    assert (reading.info.kind, reading.info.container) == (MediaKind.VIDEO, "mjpeg")
    assert len(reading.frames) == 6


# ------------------------------------------------------------------------------------------------ streams


@pytest.mark.parametrize(
    ("name", "codecs", "container"),
    [
        ("clip.mxf", ("-c:v", "mpeg2video", "-c:a", "pcm_s16le", "-ar", "48000"), "mxf"),
        ("clip.h264", (*H264, "-an"), "h264"),
        ("clip.hevc", ("-c:v", "libx265", "-x265-params", "log-level=error", "-an"), "hevc"),
        ("clip.m2v", ("-c:v", "mpeg2video", "-an", "-f", "mpeg2video"), "mpegvideo"),
        ("clip.m4v", ("-c:v", "mpeg4", "-an", "-f", "m4v"), "m4v"),
        ("clip.dv", ("-vf", "scale=720:576", "-r", "25", "-pix_fmt", "yuv420p", "-ar", "48000", "-ac", "2"), "dv"),
    ],
)
def test_cameras_and_recorders_files_are_read(
    read: Read, tmp_path: Path, name: str, codecs: tuple[str, ...], container: str
) -> None:
    reading = read(make(tmp_path / name, *PICTURE, *SOUND, *codecs))
    assert (reading.info.kind, reading.info.container) == (MediaKind.VIDEO, container)
    assert reading.info.duration_s == pytest.approx(3.0, abs=0.15)
    assert len(reading.frames) == 6
    assert np.diff([frame.time_s for frame in reading.frames]).min() > 0.2
    assert bool(reading.sounds) is (container in ("mxf", "dv"))


@pytest.mark.parametrize("suffix", ["au", "ac3", "eac3", "wv", "tta"])
def test_rarer_sound_is_read(read: Read, tmp_path: Path, suffix: str) -> None:
    reading = read(make(tmp_path / f"tone.{suffix}", *SOUND))
    assert (reading.info.kind, reading.info.container) == (MediaKind.AUDIO, suffix)
    assert reading.sounds[0].duration_s == pytest.approx(3.0, abs=0.1)


@pytest.mark.parametrize("cut", [1, 100, 187])
def test_a_recording_that_begins_inside_a_packet_is_read(read: Read, broadcast: bytes, cut: int) -> None:
    reading = read(broadcast[cut:])
    assert (reading.info.container, len(reading.frames)) == ("mpegts", 6)


def test_zeros_in_the_middle_cost_only_what_they_cover(read: Read, broadcast: bytes) -> None:
    content = bytearray(broadcast)
    low, high = (len(content) * share // 5 // 188 * 188 for share in (2, 3))
    content[low:high] = bytes(high - low)
    reading = read(bytes(content))
    (fault,) = [each for each in reading.info.faults if each.reason.code is ReasonCode.STREAM_DAMAGED]
    assert fault.span is not None
    assert fault.span.start_s == pytest.approx(2.4, abs=0.5)
    assert fault.span.end_s == pytest.approx(3.6, abs=0.6)
    times = [frame.time_s for frame in reading.frames]
    assert min(times) < 1
    assert max(times) > 5


def test_garbage_in_the_middle_is_told(read: Read, tmp_path: Path) -> None:
    source = ("-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=6")
    content = bytearray(make(tmp_path / "clip.mp4", *source, *H264, "-movflags", "+faststart").read_bytes())
    low, high = len(content) * 2 // 5, len(content) * 3 // 5
    content[low:high] = bytes((number * 73 + number // 7 * 31) % 251 for number in range(high - low))
    reading = read(bytes(content))
    assert ReasonCode.STREAM_DAMAGED in codes(reading)
    assert not reading.info.truncated


@pytest.mark.parametrize(("name", "codec"), [("clip.avi", "mjpeg"), ("tone.wav", None), ("tone.aiff", None)])
def test_a_file_that_holds_less_than_it_states_is_said_to(
    read: Read, tmp_path: Path, name: str, codec: str | None
) -> None:
    picture = (*PICTURE, "-c:v", codec) if codec else ()
    content = make(tmp_path / name, *picture, *SOUND).read_bytes()
    reading = read(content[: len(content) * 6 // 10])
    assert reading.info.truncated
    assert "it states 3." in reading.info.faults[0].reason.message
    assert not read(content).info.truncated


def test_half_a_sample_at_the_end_hides_no_cut(read: Read, tmp_path: Path) -> None:
    """It is a packet of its own that has no time, so that the others' times are not trusted either."""
    content = make(tmp_path / "tone.wav", *SOUND, "-ar", "44100", "-ac", "1").read_bytes()
    whole_packets = content.index(b"data") + 8 + 9 * 8192
    assert read(content[: whole_packets + 1]).info.truncated


def test_a_whole_file_that_starts_at_an_hour_is_whole(read: Read, tmp_path: Path) -> None:
    reading = read(make(tmp_path / "late.mkv", *PICTURE, *SOUND, *H264, "-output_ts_offset", "3600"))
    assert not reading.info.truncated
    assert reading.info.duration_s == pytest.approx(3.0, abs=0.1)
    assert max(frame.time_s for frame in reading.frames) < 3


@pytest.mark.parametrize("pieces", [2, 3])
def test_a_clock_that_restarts_loses_nothing(read: Read, broadcast: bytes, pieces: int) -> None:
    reading = read(broadcast * pieces)
    assert ReasonCode.CLOCK_RESTARTED in codes(reading)
    assert reading.info.duration_s == pytest.approx(6.0 * pieces, abs=0.5)
    times = [frame.time_s for frame in reading.frames]
    assert len(times) == 6
    assert max(times) > 6.0 * pieces - 2.5
    assert reading.sounds[0].duration_s == pytest.approx(6.0 * pieces, abs=0.5)


def test_a_lost_sound_track_is_not_no_sound(read: Read, tmp_path: Path) -> None:
    content = bytearray(make(tmp_path / "clip.mp4", *PICTURE, *SOUND, *H264, "-c:a", "aac").read_bytes())
    for box in (b"mp4a", b"esds"):
        entry = content.find(box)
        content[entry : entry + 4] = b"zzzz"
    reading = read(bytes(content))
    assert not reading.info.has_audio
    assert reading.info.unreadable == (Modality.AUDIO,)
    assert ReasonCode.SOUND_UNREADABLE in codes(reading)


# ------------------------------------------------------------------------------------------------ names and strangers


def test_a_name_that_is_no_text_is_a_name(read: Read, tmp_path: Path) -> None:
    made = make(tmp_path / "tone.wav", *SOUND)
    odd = tmp_path / os.fsdecode(b"caf\xe9.wav")
    made.rename(odd)
    assert read(odd).sounds[0].duration_s == pytest.approx(3.0, abs=0.1)


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04", "Unpack"),
        (b"8BPS\0\1", "Photoshop"),
        (b"SDPX" + bytes(40), "ffmpeg -i INPUT OUTPUT.png"),
        (b"nut/multimedia container\0", "ffmpeg -i INPUT -c copy"),
        (b"never seen before", "ffmpeg -i INPUT -c:v libx264"),
    ],
)
def test_what_stays_refused_is_named_with_the_way_out(head: bytes, words: str) -> None:
    with pytest.raises(Rejected, match="unsupported_format") as refusal:
        recognise(head)
    assert words in refusal.value.public_message


# ------------------------------------------------------------------------------------- how it is meant to be seen


@pytest.mark.parametrize("matrix", [(-1, 0, 0, 1), (1, 0, 0, -1), (0, 1, 1, 0), (0, -1, -1, 0), (0, 1, -1, 0)])
def test_every_display_matrix_is_honoured(read: Read, tmp_path: Path, matrix: tuple[int, int, int, int]) -> None:
    """A red quarter at the top left of the stored picture is shown where the matrix puts it."""
    marked = "color=blue:size=160x96:rate=25:duration=1,drawbox=x=0:y=0:w=80:h=48:color=red:t=fill"
    content = bytearray(make(tmp_path / "stored.mp4", "-f", "lavfi", "-i", marked, *H264).read_bytes())
    a, b, c, d = (value << 16 for value in matrix)
    struct.pack_into(">9i", content, content.find(b"tkhd") + 44, a, b, 0, c, d, 0, 0, 0, 1 << 30)
    reading = read(bytes(content))
    folder = next(path for path in tmp_path.glob("read-*"))
    shown = decode_image((folder / reading.frames[0].file).read_bytes())
    height, width = shown.shape[:2]
    x, y = (sum(pair) * 100 for pair in ((matrix[0], matrix[2]), (matrix[1], matrix[3])))  # towards the marked corner
    corner = shown[height // 8 if y > 0 else -height // 8, width // 8 if x > 0 else -width // 8]
    assert (width, height) == ((160, 96) if matrix[0] else (96, 160))
    assert corner[0] > 150
    assert corner[2] < 100


@pytest.mark.parametrize("transfer", ["arib-std-b67", "smpte2084"])
def test_high_dynamic_range_is_brought_to_an_ordinary_one(read: Read, tmp_path: Path, transfer: str) -> None:
    source = ("-f", "lavfi", "-i", "gradients=size=160x96:rate=5:duration=1:c0=black:c1=0xd0c0b0:x0=0:x1=159:y0=0:y1=0")
    plain = make(tmp_path / "plain.png", *source, "-frames:v", "1", "-pix_fmt", "rgb24")
    convert = (
        "setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv,zscale=t=linear:npl=203,"
        f"format=gbrpf32le,zscale=p=bt2020,zscale=t={transfer}:m=bt2020nc:r=tv:npl=203,format=yuv420p10le"
    )
    coding = f"log-level=error:colorprim=bt2020:transfer={transfer}:colormatrix=bt2020nc"
    wide = make(tmp_path / "hdr.mp4", *source, "-vf", convert, "-c:v", "libx265", "-crf", "10", "-x265-params", coding)
    reading = read(wide)
    assert ReasonCode.HDR_CONVERTED in codes(reading)
    folder = next(path for path in tmp_path.glob("read-*"))
    shown = decode_image((folder / reading.frames[0].file).read_bytes())
    expected = cv2.cvtColor(cv2.imread(str(plain)), cv2.COLOR_BGR2RGB)
    assert np.abs(shown.astype(int) - expected).mean() < 10


def test_a_stream_that_appears_while_a_file_is_read_ends_nothing() -> None:
    class Stumbling:
        """As PyAV does at the end of such a file: it names a stream that it does not know."""

        size = 0

        def demux(self, *_: object) -> Iterator[SimpleNamespace]:
            yield SimpleNamespace(size=3)
            raise IndexError("list index out of range")

    assert [each.size for each in packets(cast(InputContainer, Stumbling()), [])] == [3]
