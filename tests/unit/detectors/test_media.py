"""Intake: what is accepted, what is refused with which code, and what frames and sound come out."""

from __future__ import annotations

import struct
import zlib
from contextlib import suppress
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import Rejected
from core.media import SampledFrame, Waveform
from core.settings import LimitSettings
from core.types import MediaInfo, MediaKind, TimeRange
from detectors.media.extraction import (
    decode_flac,
    decode_image,
    encode_flac,
    extract_waveform,
    probe,
    sample,
    sample_frames,
)
from detectors.media.probing import Probed
from detectors.media.reading import load
from tests.unit.detectors.clips import H264, PICTURE, SOUND, make

LIMITS = LimitSettings()


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """3 s, 25 Hz, a key frame a second, with sound, index in front."""
    path = tmp_path_factory.mktemp("media") / "clip.mp4"
    return make(path, *PICTURE, *SOUND, *H264, "-c:a", "aac", "-movflags", "+faststart")


@pytest.fixture(scope="module")
def info(clip: Path) -> MediaInfo:
    return probe(clip, LIMITS)


def code_of(path: Path, limits: LimitSettings = LIMITS) -> str:
    with pytest.raises(Rejected) as refusal:
        probe(path, limits)
    return refusal.value.code


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


# ------------------------------------------------------------------------------------------------ accepted


def test_probe_tells_what_a_video_is(info: MediaInfo) -> None:
    assert (info.kind, info.container, info.video_codec, info.audio_codec) == (MediaKind.VIDEO, "mp4", "h264", "aac")
    assert (info.width_px, info.height_px, info.frame_rate_hz, info.sample_rate_hz) == (160, 90, 25.0, 44100)
    assert info.duration_s == pytest.approx(3.0, abs=0.1)
    assert not info.truncated


@pytest.mark.parametrize(
    ("name", "codecs", "container"),
    [
        ("clip.mkv", (*H264, "-c:a", "aac"), "matroska"),
        ("clip.webm", ("-c:v", "libvpx", "-g", "25", "-c:a", "libopus"), "matroska"),
        ("clip.avi", ("-c:v", "mpeg4", "-c:a", "libmp3lame"), "avi"),
        ("clip.ts", (*H264, "-c:a", "mp2"), "mpegts"),
        ("clip.mpg", ("-c:v", "mpeg2video", "-c:a", "mp2"), "mpeg"),
        ("clip.flv", ("-c:v", "flv", "-c:a", "libmp3lame"), "flv"),
        ("clip.wmv", ("-c:v", "wmv2", "-c:a", "wmav2"), "asf"),
    ],
)
def test_every_container_gives_frames_and_sound(
    tmp_path: Path, name: str, codecs: tuple[str, ...], container: str
) -> None:
    path = make(tmp_path / name, *PICTURE, *SOUND, *codecs)
    info = probe(path, LIMITS)
    frames = sample_frames(path, info, budget=6)
    sound = extract_waveform(path, info, LIMITS)
    assert (info.container, info.kind, info.truncated) == (container, MediaKind.VIDEO, False)
    assert len(frames) == 6
    assert np.diff([frame.time_s for frame in frames]).min() > 0.1
    assert sound is not None
    assert sound.duration_s == pytest.approx(3.0, abs=0.15)


@pytest.mark.parametrize("name", ["tone.wav", "tone.mp3", "tone.m4a", "tone.ogg", "tone.flac", "tone.aac"])
def test_sound_alone_is_accepted(tmp_path: Path, name: str) -> None:
    path = make(tmp_path / name, *SOUND)
    info = probe(path, LIMITS)
    sound = extract_waveform(path, info, LIMITS)
    assert (info.kind, info.has_video, info.has_audio) == (MediaKind.AUDIO, False, True)
    assert sample_frames(path, info, budget=4) == ()
    assert sound is not None
    assert np.argmax(np.abs(np.fft.rfft(sound.samples[:16000]))) == pytest.approx(440, abs=1)


def test_cover_art_is_not_a_moving_picture(tmp_path: Path) -> None:
    cover = write(tmp_path / "cover.png", png(np.full((64, 64, 3), 90, np.uint8)))
    path = tmp_path / "tagged.mp3"
    make(path, *SOUND, "-i", str(cover), "-map", "0", "-map", "1", "-disposition:v", "attached_pic")
    assert probe(path, LIMITS).kind is MediaKind.AUDIO


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "bmp", "tiff", "gif"])
def test_still_images_become_one_lossless_frame(tmp_path: Path, suffix: str) -> None:
    image = np.zeros((40, 60, 3), np.uint8)
    image[:, :30, 2] = 200
    path = tmp_path / f"image.{suffix}"
    cv2.imwrite(str(path), image)
    info = probe(path, LIMITS)
    (frame,) = sample_frames(path, info, budget=8)
    assert (info.kind, info.width_px, info.height_px, info.duration_s) == (MediaKind.IMAGE, 60, 40, 0.0)
    assert frame.encoded.startswith(b"\x89PNG")
    np.testing.assert_array_equal(decode_image(frame.encoded), decode_image(path.read_bytes()))
    assert decode_image(frame.encoded)[20, 10].argmax() == 0


def test_the_content_decides_not_the_name(tmp_path: Path, clip: Path) -> None:
    assert probe(write(tmp_path / "clip.txt", clip.read_bytes()), LIMITS).kind is MediaKind.VIDEO


def test_a_file_cut_short_is_used_as_far_as_it_goes(tmp_path: Path, clip: Path) -> None:
    content = clip.read_bytes()
    path = write(tmp_path / "cut.mp4", content[: len(content) * 6 // 10])
    info = probe(path, LIMITS)
    frames = sample_frames(path, info, budget=4)
    assert info.truncated
    assert 0.5 < info.duration_s < 2.9
    assert len(frames) >= 2


# ------------------------------------------------------------------------------------------------ refused


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"just some words\n" * 50, "unsupported_format"),
        (b"PK\x03\x04" + bytes(200), "unsupported_format"),
        (b"MZ" + bytes(200), "unsupported_format"),
        (bytes(range(256)) * 20, "unsupported_format"),
        (b"#EXTM3U\n#EXTINF:1,\n/etc/hostname\n", "playlist_refused"),
        (b"ffconcat version 1.0\nfile other.mp4\n", "playlist_refused"),
        (b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n", "playlist_refused"),
        (b'<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"></MPD>', "playlist_refused"),
        (b"\x89PNG\r\n\x1a\n", "corrupt_media"),
        (b"\xff\xd8\xff\xe0" + bytes(40), "corrupt_media"),
        (b"\x00\x00\x00\x18ftypisom" + bytes(400), "corrupt_media"),
        (b"RIFF\x24\x00\x00\x00WAVE", "corrupt_media"),
        (b"II*\0\xff\xff\xff\x7f", "corrupt_media"),
    ],
)
def test_bad_input_is_refused_with_a_stable_code(tmp_path: Path, content: bytes, code: str) -> None:
    assert code_of(write(tmp_path / "upload.mp4", content)) == code


def png(image: np.ndarray) -> bytes:
    return bytes(cv2.imencode(".png", image)[1])


def test_a_decompression_bomb_is_refused_by_its_header(tmp_path: Path) -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(10_000)))
    assert code_of(write(tmp_path / "bomb.png", bomb)) == "too_many_pixels"


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (LimitSettings(max_duration_s=1.0), "too_long"),
        (LimitSettings(max_pixels=160 * 90 - 1), "too_many_pixels"),
        (LimitSettings(max_streams=1), "too_many_streams"),
        (LimitSettings(max_upload_bytes=1000), "too_large"),
    ],
)
def test_limits_are_enforced(clip: Path, limits: LimitSettings, code: str) -> None:
    assert code_of(clip, limits) == code


def test_a_container_without_picture_or_sound_is_refused(tmp_path: Path) -> None:
    words = tmp_path / "words.srt"
    words.write_text("1\n00:00:00,000 --> 00:00:01,000\nhello\n")
    assert code_of(make(tmp_path / "words.mkv", "-i", str(words))) == "no_streams"


def test_media_of_no_duration_is_refused(tmp_path: Path) -> None:
    path = make(tmp_path / "nothing.wav", "-f", "lavfi", "-i", "sine=duration=1", "-t", "0")
    assert code_of(path) == "zero_duration"


@given(data=st.data())
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damage_is_survived_or_refused(tmp_path: Path, clip: Path, data: st.DataObject) -> None:
    content = bytearray(clip.read_bytes())
    for position in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=30)):
        content[position] = data.draw(st.integers(0, 255))
    path = write(tmp_path / "damaged.mp4", bytes(content[: data.draw(st.integers(0, len(content)))]))
    frames: tuple[SampledFrame, ...] = ()
    with suppress(Rejected):
        frames = load(path, LimitSettings(decode_timeout_s=20), frame_budget=3).frames
    assert all(decode_image(frame.encoded).size > 0 for frame in frames)


# ------------------------------------------------------------------------------------------------ frames


def test_frames_spread_evenly_and_keep_their_times(clip: Path, info: MediaInfo) -> None:
    times = [frame.time_s for frame in sample_frames(clip, info, budget=10)]
    assert len(times) == 10
    assert times == sorted(times)
    assert np.diff(times).max() < 0.6
    assert all(time == pytest.approx(round(time * 25) / 25, abs=1e-3) for time in times)


def test_key_frames_come_first(clip: Path, info: MediaInfo) -> None:
    assert [frame.time_s for frame in sample_frames(clip, info, budget=3)] == pytest.approx([0.0, 1.0, 2.0])


def test_a_budget_beyond_the_video_takes_every_frame_once(clip: Path, info: MediaInfo) -> None:
    times = [frame.time_s for frame in sample_frames(clip, info, budget=400)]
    assert times == pytest.approx([number / 25 for number in range(75)], abs=1e-3)


def test_taking_frames_leaves_no_threads_behind(clip: Path, info: MediaInfo) -> None:
    """Each takes address space, which is limited where files are read: the frames of an hour came to an end midway."""
    before = len(list(Path("/proc/self/task").iterdir()))
    assert len(sample_frames(clip, info, budget=60)) > 50
    assert len(list(Path("/proc/self/task").iterdir())) < before + 20


def test_denser_frames_stay_in_the_range_and_are_new(clip: Path, info: MediaInfo) -> None:
    first = [frame.time_s for frame in sample_frames(clip, info, budget=9)]
    stretch = TimeRange(start_s=0.8, end_s=2.0)
    more = [
        frame.time_s for frame in sample_frames(clip, info, budget=8, range_s=stretch, exclude_times_s=tuple(first))
    ]
    assert len(more) >= 6
    assert all(0.8 <= time <= 2.05 for time in more)
    assert not {round(time, 3) for time in first} & {round(time, 3) for time in more}


def halves(path: Path, info: MediaInfo, budget: int) -> list[list[float]]:
    found = [sample(path, Probed(info), budget=budget, half=half) for half in ("first", "rest")]
    assert found[0].left == len(found[1].frames)
    assert found[1].left == 0
    whole = [frame.time_s for frame in sample_frames(path, info, budget=budget)]
    times = [[time_s for time_s, _ in each.frames] for each in found]
    assert sorted([*times[0], *times[1]]) == whole
    return times


def test_key_frames_come_in_two_halves_that_lie_between_one_another(tmp_path: Path) -> None:
    often = make(tmp_path / "often.mp4", *PICTURE, "-c:v", "libx264", "-g", "5", "-pix_fmt", "yuv420p")
    first, rest = halves(often, probe(often, LIMITS), 8)
    assert len(first) == len(rest) == 4
    assert all(early < late for early, late in zip(first, rest, strict=True))
    assert all(late < early for late, early in zip(rest, first[1:], strict=False))


def test_frames_that_would_be_decoded_twice_come_all_at_once(tmp_path: Path) -> None:
    large = ("-f", "lavfi", "-i", "testsrc2=size=1920x1080:rate=25:duration=6")
    seldom = make(tmp_path / "seldom.mp4", *large, "-c:v", "libx264", "-g", "150", "-pix_fmt", "yuv420p")
    first, rest = halves(seldom, probe(seldom, LIMITS), 8)
    assert (len(first), rest) == (8, [])


def test_sampling_is_deterministic(clip: Path, info: MediaInfo) -> None:
    assert sample_frames(clip, info, budget=5) == sample_frames(clip, info, budget=5)


@pytest.mark.parametrize(("rotation", "corner"), [(90, (0, -1)), (180, (-1, -1)), (-90, (-1, 0))])
def test_rotation_metadata_is_honoured(tmp_path: Path, rotation: int, corner: tuple[int, int]) -> None:
    """A red quarter at the top left of the stored picture is shown where the display matrix puts it."""
    marked = "color=blue:size=160x96:rate=25:duration=1,drawbox=x=0:y=0:w=80:h=48:color=red:t=fill"
    stored = make(tmp_path / "stored.mp4", "-f", "lavfi", "-i", marked, *H264)
    shown = make(tmp_path / "shown.mp4", "-display_rotation", str(rotation), "-i", str(stored), "-c", "copy")
    frame = decode_image(sample_frames(shown, probe(shown, LIMITS), budget=1)[0].encoded)
    reference = make(tmp_path / "reference.png", "-i", str(shown), "-frames:v", "1")
    expected = decode_image(reference.read_bytes())
    assert frame.shape == expected.shape
    assert np.abs(frame.astype(int) - expected).mean() < 3
    assert expected.shape[:2] == ((160, 96) if abs(rotation) == 90 else (96, 160))


def test_pixels_are_made_square_and_large_frames_reduced(tmp_path: Path) -> None:
    source = "testsrc2=size=1280x90:rate=5:duration=1,setsar=2"
    path = make(tmp_path / "wide.mp4", "-f", "lavfi", "-i", source, *H264)
    (frame,) = sample_frames(path, probe(path, LIMITS), budget=1)
    assert decode_image(frame.encoded).shape == (68, 1920, 3)


def test_an_interlaced_frame_is_seen_at_one_moment(tmp_path: Path) -> None:
    """A bar that moves 12 pixels between the two fields has one pair of edges, not a comb."""
    bar = "color=gray:size=320x240:rate=50:duration=1,drawbox=x='30+12*n':y=0:w=40:h=240:color=white:t=fill"
    moving = ("-f", "lavfi", "-i", f"{bar.replace('*n', '*t*50')},tinterlace=interleave_top")
    woven = make(tmp_path / "woven.mp4", *moving, *H264, "-flags", "+ildct+ilme", "-x264opts", "tff=1")
    for frame in sample_frames(woven, probe(woven, LIMITS), budget=4):
        rows = decode_image(frame.encoded)[40:200, :, 1].astype(int)
        assert rows.shape[1] == 320
        assert np.abs(np.diff(rows, axis=0)).max() < 60


def test_a_picture_that_ends_before_its_sound_gets_the_whole_budget(tmp_path: Path) -> None:
    long_sound = ("-f", "lavfi", "-i", "sine=frequency=440:duration=30")
    path = make(tmp_path / "podcast.mp4", *PICTURE, *long_sound, *H264, "-c:a", "aac")
    info = probe(path, LIMITS)
    assert info.duration_s == pytest.approx(30, abs=0.2)
    times = [frame.time_s for frame in sample_frames(path, info, budget=10)]
    assert len(times) == 10
    assert times[-1] > 2.5


def test_a_transport_stream_that_begins_between_key_frames_keeps_its_picture(tmp_path: Path) -> None:
    source = ("-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=16")
    coding = ("-c:v", "libx264", "-g", "125", "-keyint_min", "125", "-sc_threshold", "0", "-bf", "0")
    content = make(tmp_path / "whole.ts", *source, *coding).read_bytes()
    cut = write(tmp_path / "cut.ts", content[len(content) * 2 // 25 // 188 * 188 :])
    info = probe(cut, LIMITS)
    assert info.has_video
    assert len(sample_frames(cut, info, budget=8)) >= 6


def test_what_a_decoder_only_mended_is_not_shown(tmp_path: Path) -> None:
    source = ("-f", "lavfi", "-i", "testsrc2=size=320x240:rate=25:duration=8")
    path = make(tmp_path / "whole.mp4", *source, "-c:v", "libx264", "-g", "250", "-bf", "0", "-movflags", "+faststart")
    info = probe(path, LIMITS)
    intact = {frame.time_s: frame.encoded for frame in sample_frames(path, info, budget=32)}
    content = bytearray(path.read_bytes())
    for place in np.random.default_rng(1).integers(len(content) * 4 // 10, len(content), 60):
        content[place] ^= 0xFF
    damaged = write(tmp_path / "damaged.mp4", bytes(content))
    shown = sample_frames(damaged, info, budget=32)
    assert 8 <= len(shown) < 20
    assert all(frame.encoded == intact[frame.time_s] for frame in shown[:8])


# ------------------------------------------------------------------------------------------------ sound


@pytest.mark.parametrize("second", ["-1*c0", "-0.9*c0"])
def test_channels_that_cancel_each_other_are_heard(tmp_path: Path, second: str) -> None:
    panned = ("-f", "lavfi", "-i", f"sine=frequency=440:duration=1,pan=stereo|c0=c0|c1={second}")
    path = make(tmp_path / "miswired.wav", *panned)
    sound = extract_waveform(path, probe(path, LIMITS), LIMITS)
    assert sound is not None
    assert float(np.abs(sound.samples[1600:-1600]).max()) == pytest.approx(0.125, abs=0.01)


def test_two_channels_become_their_mean(tmp_path: Path) -> None:
    panned = ("-f", "lavfi", "-i", "sine=frequency=440:duration=1,pan=stereo|c0=c0|c1=0.5*c0")
    path = make(tmp_path / "stereo.wav", *panned)
    sound = extract_waveform(path, probe(path, LIMITS), LIMITS)
    assert sound is not None
    assert float(np.abs(sound.samples[1600:-1600]).max()) == pytest.approx(0.125 * 0.75, abs=0.01)


def test_a_gap_in_the_sound_is_silence_of_its_length(tmp_path: Path) -> None:
    parts = ("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration=1")
    gapped = "asetpts='if(gte(T,0.5),PTS+20/TB,PTS)'"
    path = make(tmp_path / "gap.mkv", *parts, "-af", gapped, "-c:a", "flac")
    sound = extract_waveform(path, probe(path, LIMITS), LIMITS)
    assert sound is not None
    assert len(sound.samples) / sound.rate_hz == pytest.approx(21, abs=0.1)
    assert float(np.abs(sound.samples[16_000 : 20 * 16_000]).max()) < 0.001
    assert float(np.abs(sound.samples[int(20.6 * 16_000) :]).max()) > 0.1


def test_sound_that_starts_late_keeps_the_time_of_the_picture(tmp_path: Path) -> None:
    sine = ("-itsoffset", "1.5", "-f", "lavfi", "-i", "sine=frequency=440:duration=1")
    path = make(tmp_path / "late.mp4", *PICTURE, *sine, *H264, "-c:a", "aac")
    sound = extract_waveform(path, probe(path, LIMITS), LIMITS)
    assert sound is not None
    loud = np.flatnonzero(np.abs(sound.samples) > 0.02)
    assert loud[0] / sound.rate_hz == pytest.approx(1.5, abs=0.06)


def test_a_silent_film_has_no_waveform(tmp_path: Path) -> None:
    path = make(tmp_path / "silent.mp4", *PICTURE, *H264)
    info = probe(path, LIMITS)
    assert not info.has_audio
    assert extract_waveform(path, info, LIMITS) is None


@given(seed=st.integers(0, 2**16), length=st.integers(1, 5000))
@settings(max_examples=20, deadline=None)
def test_stored_sound_is_the_extracted_sound(seed: int, length: int) -> None:
    values = np.random.default_rng(seed).integers(-32768, 32768, length)
    waveform = Waveform((values / 32768.0).astype(np.float32))
    restored = decode_flac(encode_flac(waveform))
    np.testing.assert_array_equal(restored.samples, waveform.samples)
    assert restored.rate_hz == waveform.rate_hz
