"""Several sounds and pictures in one file: each is taken and examined by itself, and the worst that is sure decides."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from core.settings import LimitSettings
from core.types import (
    AudioCoverage,
    AudioEvidence,
    Box,
    DetectorRef,
    FaceObservation,
    MediaInfo,
    MediaKind,
    Outcome,
    Reading,
    Reason,
    ReasonCode,
    Scored,
    SoundPart,
    Thresholds,
    Unscored,
)
from detectors.faces.finder import FaceFinder
from detectors.faces.small_faces import known_places
from detectors.media.extraction import decode_image, probe, sample_frames
from detectors.media.reading import read_into
from detectors.parts import decide_sound
from tests.unit.detectors.clips import H264, PICTURE, make

LIMITS = LimitSettings(decode_timeout_s=30)
LOW = ("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=44100:duration=3")
HIGH = ("-f", "lavfi", "-i", "sine=frequency=1234:sample_rate=44100:duration=3")
SPEECH = Path("samples/interview.mp4")


def read(path: Path, folder: Path) -> Reading:
    folder.mkdir()
    return read_into(path, folder, LIMITS, sha256="0" * 64, frames=8)


def pitches(reading: Reading, folder: Path) -> list[int]:
    import soundfile

    found = []
    for sound in reading.sounds:
        samples, _ = soundfile.read(folder / sound.file)
        found.append(int(np.argmax(np.abs(np.fft.rfft(samples[:16000])))))
    return found


# ------------------------------------------------------------------------------------------------ what is taken


def test_every_sound_track_is_taken_with_its_language(tmp_path: Path) -> None:
    maps = ("-map", "0:v", "-map", "1:a", "-map", "2:a", "-metadata:s:a:1", "language=spa", "-disposition:a:1", "0")
    path = make(tmp_path / "two.mp4", *PICTURE, *LOW, *HIGH, *maps, *H264, "-c:a", "aac")
    reading = read(path, tmp_path / "out")
    assert [sound.part for sound in reading.sounds] == [SoundPart(), SoundPart(track=2, language="spa")]
    assert pitches(reading, tmp_path / "out") == pytest.approx([440, 1234], abs=2)


def test_channels_that_differ_are_taken_apart(tmp_path: Path) -> None:
    path = make(tmp_path / "call.wav", *LOW, *HIGH, "-filter_complex", "join=inputs=2:channel_layout=stereo")
    reading = read(path, tmp_path / "out")
    assert {sound.part.channel for sound in reading.sounds} == {1, 2}
    assert sorted(pitches(reading, tmp_path / "out")) == pytest.approx([440, 1234], abs=2)


@pytest.mark.parametrize("right", ["c0", "0.3*c0", "0*c0"])
def test_channels_that_are_alike_are_one_sound(tmp_path: Path, right: str) -> None:
    path = make(tmp_path / "stereo.wav", *LOW[:3], f"{LOW[3]},pan=stereo|c0=c0|c1={right}")
    reading = read(path, tmp_path / "out")
    assert [sound.part for sound in reading.sounds] == [SoundPart()]


def test_the_video_inside_a_photograph_is_taken_with_the_photograph(tmp_path: Path) -> None:
    movie = make(tmp_path / "movie.mp4", *PICTURE, *LOW, *H264, "-c:a", "aac").read_bytes()
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), (200, 0, 0)).save(buffer, "JPEG")
    (tmp_path / "photo.jpg").write_bytes(buffer.getvalue() + b"MotionPhoto_Data" + movie)
    reading = read(tmp_path / "photo.jpg", tmp_path / "out")
    assert (reading.info.kind, reading.info.container) == (MediaKind.VIDEO, "jpeg")
    assert [frame.picture for frame in reading.frames] == [1] * 8 + [2]
    still = decode_image((tmp_path / "out" / reading.frames[-1].file).read_bytes())
    assert still.shape == (48, 64, 3)
    assert len(reading.sounds) == 1
    assert len({frame.time_s for frame in reading.frames}) == 9


def test_frames_to_draw_on_are_the_same_ones_in_small(tmp_path: Path) -> None:
    path = make(tmp_path / "clip.mp4", *PICTURE, *H264)
    pictures = []
    for side_px in (None, 80):
        folder = tmp_path / str(side_px)
        folder.mkdir()
        reading = read_into(path, folder, LIMITS, sha256="0" * 64, frames=3, drawn_px=side_px)
        pictures.append([decode_image((folder / each.file).read_bytes()) for each in reading.frames])
    for whole, small in zip(*pictures, strict=True):
        assert small.shape == (45, 80, 3)
        shrunk = cv2.resize(whole, (80, 45), interpolation=cv2.INTER_LINEAR)
        assert np.abs(shrunk.astype(int) - small).mean() < 2


def test_a_second_picture_track_is_looked_at_too(tmp_path: Path) -> None:
    other = ("-f", "lavfi", "-i", "color=red:size=64x48:rate=25:duration=3")
    path = make(tmp_path / "two.mkv", *PICTURE, *other, "-map", "0:v", "-map", "1:v", *H264)
    reading = read(path, tmp_path / "out")
    assert [frame.picture for frame in reading.frames].count(2) >= 4
    second = next(frame for frame in reading.frames if frame.picture == 2)
    assert decode_image((tmp_path / "out" / second.file).read_bytes())[20, 20].argmax() == 0


def test_a_small_face_beside_a_large_one_is_found(tmp_path: Path) -> None:
    frame = decode_image(sample_frames(SPEECH, probe(SPEECH, LIMITS), budget=1)[0].encoded)
    finder = FaceFinder()
    (large,) = finder.find(frame)
    x, y, side = (round(value) for value in (large.box.x_px, large.box.y_px, large.box.width_px))
    around = frame[max(0, y - side // 2) : y + side * 2, max(0, x - side // 2) : x + side * 3 // 2]
    wide = cv2.copyMakeBorder(cv2.resize(frame, (1280, 720)), 0, 0, 0, 0, cv2.BORDER_CONSTANT)
    wide[540:700, 20:180] = cv2.resize(around, (160, 160))
    seen = finder.find(wide)
    (small,) = finder.find_small(wide, seen)
    assert 20 <= small.box.x_px <= 180
    assert finder.find_near(wide, small.box, seen)
    assert finder.find_near(wide, small.box, [*seen, small]) == ()


def test_small_faces_are_looked_for_where_they_were_seen_before() -> None:
    def seen(width_px: float, picture: int = 1, x_px: float = 20) -> FaceObservation:
        box = Box(x_px=x_px, y_px=540, width_px=width_px, height_px=width_px)
        return FaceObservation(frame_index=0, time_s=0, box=box, logit=0, quality=1, picture=picture)

    info = MediaInfo(
        kind=MediaKind.VIDEO, container="mp4", size_bytes=1, sha256="0" * 64, duration_s=9, has_video=True,
        has_audio=False, width_px=1280, height_px=720,
    )  # fmt: skip
    small, again, large, other = seen(120), seen(124, x_px=24), seen(200), seen(60, picture=2)
    places = known_places(info, (small, again, large, other))
    assert places == {1: [small.box], 2: [other.box]}
    assert known_places(info.model_copy(update={"width_px": None, "height_px": None}), (small,)) == {}


# ------------------------------------------------------------------------------------------------ what decides


def heard(p_fake: float | None, *codes: ReasonCode) -> AudioEvidence:
    limits = Thresholds(version="1", real=0.3, fake=0.8)
    reasons = tuple(Reason(code=code, message="So it is.") for code in codes)
    finding = (
        Unscored(reason=Reason(code=ReasonCode.NO_SPEECH, message="No speech."))
        if p_fake is None
        else Scored(
            p_fake=p_fake,
            calibration_version="1",
            uncalibrated=0.0,
            outcome=Outcome.INCONCLUSIVE if reasons else limits.outcome(p_fake),
        )
    )
    return AudioEvidence(
        detector=DetectorRef(name="test", version="1"),
        finding=finding,
        coverage=AudioCoverage(total_s=8.0, speech_s=6.0),
        thresholds=limits,
        limits=reasons,
    )


def outcome(*sounds: AudioEvidence) -> Outcome | None:
    found = decide_sound([(SoundPart(track=number), each) for number, each in enumerate(sounds, start=1)])
    return found.finding.outcome if isinstance(found.finding, Scored) else None


def test_a_synthetic_second_track_decides() -> None:
    found = decide_sound([(SoundPart(), heard(0.1)), (SoundPart(track=2, language="spa"), heard(0.98))])
    assert isinstance(found.finding, Scored)
    assert (found.finding.outcome, found.finding.p_fake) == (Outcome.FAKE, 0.98)
    assert found.part == SoundPart(track=2, language="spa")
    assert [each.decides for each in found.parts] == [False, True]


def test_one_sound_stays_as_it_is() -> None:
    assert decide_sound([(SoundPart(), heard(0.9))]) == heard(0.9)


def test_a_score_that_is_just_high_enough_alone_is_not_among_many() -> None:
    assert outcome(heard(0.82)) is Outcome.FAKE
    assert outcome(heard(0.82), *[heard(0.2)] * 7) is Outcome.INCONCLUSIVE
    assert outcome(heard(0.99), *[heard(0.2)] * 7) is Outcome.FAKE


def test_a_sound_too_poor_to_judge_condemns_nothing_and_clears_nothing() -> None:
    assert outcome(heard(0.1), heard(0.95, ReasonCode.LOW_QUALITY)) is Outcome.INCONCLUSIVE
    assert outcome(heard(0.1), heard(0.5, ReasonCode.TOO_LITTLE_SPEECH)) is Outcome.REAL


def test_a_silent_track_beside_a_voice_changes_nothing() -> None:
    assert outcome(heard(None), heard(0.1)) is Outcome.REAL
    assert outcome(heard(None), heard(None)) is None
