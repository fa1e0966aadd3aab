from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.media import AlignedFace, Waveform
from core.types import (
    AudioCoverage,
    AudioEvidence,
    AudioExplanation,
    AudioSegment,
    AudioWindow,
    Box,
    DetectorRef,
    FaceTrack,
    Faithfulness,
    FrameScore,
    FrameSize,
    FusionExplanation,
    FusionFactor,
    MapPlace,
    MediaInfo,
    Outcome,
    Reason,
    ReasonCode,
    Scored,
    Thresholds,
    Unscored,
    Verdict,
    VisualCoverage,
    VisualEvidence,
    VisualExplanation,
    VisualSegment,
    decide,
)
from explainers.faces.attribution import FaceAttribution
from explainers.rendering.charts import render_timeline, render_waterfall
from explainers.rendering.clip import CarriedMap, Moment, box_at, render_clip, score_at
from explainers.rendering.heatmap import (
    area_of,
    close_area,
    frame_area,
    over_frame,
    relabel_heatmap,
    render_heatmap,
    render_layer,
    render_thumbnail,
    tinted,
    wrapped,
)
from explainers.rendering.palette import heat_colours, picture_font, png
from explainers.rendering.spectrogram import relabel_spectrogram, render_spectrogram
from explainers.rendering.waveform import ROWS, PaintedWindow, pitches, render_strip
from explainers.voice.attribution import WindowAttribution, band_shares
from prompts.words import Words
from tests.fixtures.reports import media

_BY = DetectorRef(name="tiny", version="1")
_LIMITS = Thresholds(version="1", real=0.3, fake=0.7)


def _pixels(encoded: bytes) -> np.ndarray:
    decoded = cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    return decoded[..., ::-1]


def _frame_score(box: Box) -> FrameScore:
    return FrameScore(frame_index=3, time_s=72.4, box=box, p_fake=0.913, quality=0.8)


@pytest.mark.parametrize(
    ("width", "height", "reliable"), [(1280, 720, True), (360, 640, False), (96, 80, True)], ids=str
)
def test_heatmaps_keep_the_frame_and_are_the_same_bytes_twice(width, height, reliable):
    frame = np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)
    face = AlignedFace(pixels=frame[:64, :64].copy(), frame_to_crop=np.eye(2, 3), regions={})
    heat = np.zeros((64, 64), np.float32)
    heat[20:30, 20:30] = 1.0
    check = Faithfulness(deletion_drop=1, random_drop=0, reliable=reliable)
    attribution = FaceAttribution(heat=heat, logit=1.0, regions=(), faithfulness=check)
    box = Box(x_px=-4, y_px=2, width_px=60, height_px=60)
    score = _frame_score(box)
    track = FaceTrack(id=1, start_s=70, end_s=75, p_fake=0.9, frames=(score,))
    encoded = render_heatmap(frame.copy(), face, attribution, track, score, Words())
    assert encoded == render_heatmap(frame.copy(), face, attribution, track, score, Words())
    picture = _pixels(encoded)
    left = (picture.shape[1] - width) // 2
    assert picture.shape[0] > height
    shown = picture[:height, left : left + width]
    np.testing.assert_array_equal(shown[70:, 70:], frame[70:, 70:])
    assert (shown[22:28, 22:28].astype(int) - frame[22:28, 22:28].astype(int)).any()
    explanation = VisualExplanation(
        id="heatmap.1",
        artefact_id="heatmap-1",
        track_id=1,
        frame_index=3,
        time_s=score.time_s,
        p_fake=score.p_fake,
        method=attribution.method,
        regions=(),
        faithfulness=check,
        place=MapPlace(frame=FrameSize(width_px=width, height_px=height), area=box, layer_id="heat-layer-1"),
    )
    assert frame_area(explanation) == (left, 0, left + width, height)
    close = (left, 0, left + min(width, 86), min(height, 92)) if reliable else frame_area(explanation)
    assert close_area(explanation) == close
    for language in ("de", "fr", "en"):
        own = render_heatmap(frame.copy(), face, attribution, track, score, Words(language))
        assert relabel_heatmap(encoded, explanation, Words(language)) == own
    with pytest.raises(ValueError, match="other measures"):
        relabel_heatmap(png(frame), explanation, Words("de"))


def test_matplotlib_is_loaded_by_the_first_picture_and_not_before() -> None:
    script = (
        "import sys, explainers.rendering.charts, explainers.rendering.heatmap, explainers.rendering.waveform\n"
        "from explainers.rendering.palette import warm\n"
        "before = 'matplotlib' in sys.modules; warm(); print(before, 'matplotlib' in sys.modules)"
    )
    root = Path(__file__).resolve().parents[3]
    ended = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=False)
    assert ended.stdout.split() == ["False", "True"], ended.stderr


def test_heat_is_carried_back_to_where_the_crop_came_from():
    frame = np.zeros((100, 200, 3), np.uint8)
    heat = np.zeros((50, 50), np.float32)
    heat[20:36, 20:36] = 1.0
    # the crop is the square at (120, 40), side 25, enlarged twice
    painted = over_frame(frame, heat, np.array([[2.0, 0, -240], [0, 2.0, -80]]))
    rows, columns = np.nonzero(painted.sum(axis=2))
    assert (rows.min(), rows.max()) == pytest.approx((50, 58), abs=1)
    assert (columns.min(), columns.max()) == pytest.approx((130, 138), abs=1)


@pytest.mark.parametrize(("x", "y", "side"), [(40, 30, 20), (-10, -10, 40), (70, 40, 60), (0, 0, 3)], ids=str)
def test_thumbnails_show_the_face_and_take_boxes_that_leave_the_frame(x, y, side):
    frame = np.zeros((80, 120, 3), np.uint8)
    frame[max(0, y) : y + side, max(0, x) : x + side] = 255
    picture = _pixels(render_thumbnail(frame, Box(x_px=x, y_px=y, width_px=side, height_px=side)))
    assert picture.shape == (128, 128, 3)
    assert picture[64, 64].min() > 200


@pytest.mark.parametrize(("x", "y"), [(500, 10), (10, 500), (-300, -300)])
def test_a_face_outside_of_the_frame_is_black(x, y):
    frame = np.full((80, 120, 3), 255, np.uint8)
    assert _pixels(render_thumbnail(frame, Box(x_px=x, y_px=y, width_px=50, height_px=50))).max() == 0


def test_no_heat_no_tint():
    picture = np.random.default_rng(0).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    np.testing.assert_array_equal(tinted(picture, np.zeros((8, 8), np.float32)), picture)


def test_colours_rise_in_lightness():
    lightness = cv2.cvtColor(heat_colours()[None], cv2.COLOR_RGB2LAB)[0, :, 0].astype(int)
    assert (np.diff(lightness) >= -1).all()
    assert lightness[-1] - lightness[0] > 200


def test_spectrogram_is_deterministic_and_takes_an_empty_attribution():
    plane = np.random.default_rng(0).normal(size=(40, 16)).astype(np.float32)
    band_hz = np.geomspace(100, 7000, 16).astype(np.float32)
    check = Faithfulness(deletion_drop=1, random_drop=0, reliable=False)
    pictures = []
    for values in (plane / 40, plane / 40, np.zeros_like(plane)):
        attribution = WindowAttribution(values, 1.0, 0.0, 0.0, 0.5, 1.0, band_shares(values, band_hz), check)
        pictures.append(
            render_spectrogram(
                plane, attribution, frame_s=0.075, band_hz=band_hz, start_s=61.5, p_fake=0.7, words=Words()
            )
        )
    assert pictures[0] == pictures[1]
    assert pictures[0] != pictures[2]
    assert _pixels(pictures[0]).std() > 5
    explanation = AudioExplanation(
        id="spectrogram.1", artefact_id="spectrogram-1", start_s=61.5, end_s=64.5, p_fake=0.7, method="SHAP",
        peak_start_s=61.5, peak_end_s=62.0, bands=(), additivity_error=0, faithfulness=check,
    )  # fmt: skip
    german = render_spectrogram(
        plane,
        WindowAttribution(plane / 40, 1.0, 0.0, 0.0, 0.5, 1.0, band_shares(plane / 40, band_hz), check),
        frame_s=0.075,
        band_hz=band_hz,
        start_s=61.5,
        p_fake=0.7,
        words=Words("de"),
    )
    assert relabel_spectrogram(pictures[0], explanation, Words("de")) == german != pictures[0]
    with pytest.raises(ValueError, match="other measures"):
        relabel_spectrogram(png(np.zeros((10, 10, 3), np.uint8)), explanation, Words("de"))


def test_waterfall():
    explanation = FusionExplanation(
        id="fusion",
        artefact_id=None,
        base=0.5,
        factors=(
            FusionFactor(name="face score", value=0.9, shapley=0.4),
            FusionFactor(name="voice score", value=0.2, shapley=-0.1),
        ),
    )
    first = render_waterfall(explanation, Words())
    assert first == render_waterfall(explanation, Words())
    assert _pixels(first).std() > 5


def _scored(p_fake: float) -> Scored:
    return Scored(p_fake=p_fake, calibration_version="1", uncalibrated=0.0, outcome=Outcome.FAKE)


def test_timeline_of_everything_of_nothing_and_of_an_hour():
    box = Box(x_px=0, y_px=0, width_px=9, height_px=9)
    tracks = tuple(
        FaceTrack(
            id=number,
            start_s=0,
            end_s=3000,
            p_fake=0.5,
            frames=tuple(
                FrameScore(frame_index=index, time_s=index * 30.0, box=box, p_fake=0.1 * number, quality=1)
                for index in range(100)
            ),
        )
        for number in range(1, 9)
    )
    coverage = VisualCoverage(frames_sampled=100, frames_with_face=100, faces_scored=800)
    visual = VisualEvidence(
        detector=_BY,
        finding=_scored(0.9),
        coverage=coverage,
        tracks=tracks,
        segments=(VisualSegment(id=1, track_id=8, start_s=60, end_s=600, p_fake=0.8),),
    )
    audio = AudioEvidence(
        detector=_BY,
        finding=_scored(0.8),
        coverage=AudioCoverage(total_s=3600, speech_s=3000),
        windows=tuple(
            AudioWindow(start_s=start, end_s=start + 3, p_fake=0.6, speech_s=3) for start in range(0, 3597, 60)
        ),
        segments=(AudioSegment(id=1, start_s=120, end_s=180, p_fake=0.8),),
    )
    silent = AudioEvidence(
        detector=_BY,
        finding=Unscored(reason=Reason(code=ReasonCode.NO_SPEECH, message="There is no speech.")),
        coverage=AudioCoverage(total_s=4, speech_s=0),
    )
    verdict = Verdict(outcome=Outcome.FAKE, p_fake=0.8, thresholds=_LIMITS)

    def drawn(info: MediaInfo, *evidence: VisualEvidence | AudioEvidence) -> bytes:
        return render_timeline(info, evidence, decide(verdict, evidence, info), Words())

    full = drawn(media(3600), visual, audio)
    assert full == drawn(media(3600), visual, audio)
    empty = drawn(media(4), silent)
    assert drawn(media(0))
    assert _pixels(full).std() > _pixels(empty).std() > 0


@given(st.lists(st.text("abc ", min_size=1, max_size=12), min_size=1, max_size=12).map(" ".join), st.integers(60, 400))
@settings(deadline=None)
def test_captions_keep_to_their_room_and_lose_no_word(words, room_px):
    font = picture_font(13)
    lines = wrapped(words, font, room_px)
    assert " ".join(lines).split() == words.split()
    for line in lines:
        assert font.getlength(line) <= room_px or " " not in line.strip()


@given(st.floats(0, 30), st.integers(1, 9))
@settings(deadline=None)
def test_a_face_between_two_frames_lies_between_them_and_its_score_is_one_that_was_measured(time_s, seed):
    frames = tuple(
        FrameScore(
            frame_index=index,
            time_s=3.0 * index,
            box=Box(x_px=10.0 * index * seed, y_px=5.0, width_px=20 + index, height_px=30),
            p_fake=index / 10,
            quality=1,
        )
        for index in range(9)
    )
    face = FaceTrack(id=1, start_s=0, end_s=24, p_fake=0.5, frames=frames)
    box = box_at(face, time_s)
    assert 0 <= box.x_px <= frames[-1].box.x_px
    shown = score_at(face, time_s)
    assert shown in frames
    assert shown.time_s <= time_s + 1e-6


def test_a_clip_marks_the_same_place_in_frames_of_any_size():
    box = Box(x_px=160, y_px=40, width_px=80, height_px=60)
    face = FaceTrack(id=1, start_s=0, end_s=1, p_fake=0.5, frames=(_frame_score(box),))
    drawn = []
    for size in ((320, 180), (160, 90)):
        grey = np.full((size[1], size[0], 3), 128, np.uint8)
        content = render_clip(
            [Moment(0.0, grey)], face, (), _LIMITS, Words("en"), frame_size=FrameSize(width_px=320, height_px=180),
            start_s=0.0, end_s=0.2,
        )  # fmt: skip
        with av.open(io.BytesIO(content)) as container:
            drawn.append(next(container.decode(video=0)).to_ndarray(format="rgb24")[:180].astype(int))
    assert np.abs(drawn[0] - drawn[1]).max() < 12
    marked = np.argwhere(np.abs(drawn[0].mean(axis=2) - 128) > 60)
    assert np.abs(marked.min(axis=0) - (40, 160)).max() <= 3
    assert np.abs(marked.max(axis=0) - (100, 240)).max() <= 3


def test_a_map_is_carried_with_its_face():
    own = Box(x_px=100, y_px=100, width_px=50, height_px=50)
    carried = CarriedMap(0.0, np.ones((4, 4), np.float32), Box(x_px=90, y_px=90, width_px=70, height_px=70), own)
    assert carried.around(own) == carried.area
    moved = carried.around(Box(x_px=200, y_px=300, width_px=100, height_px=100))
    assert (moved.x_px, moved.y_px, moved.width_px, moved.height_px) == (180, 280, 140, 140)


def test_a_layer_is_transparent_where_there_is_no_heat():
    heat = np.zeros((32, 32), np.float32)
    heat[8:16, 8:16] = 1
    layer = cv2.imdecode(np.frombuffer(render_layer(heat), np.uint8), cv2.IMREAD_UNCHANGED)
    assert layer.shape == (32, 32, 4)
    assert (layer[..., 3][heat == 0] == 0).all()
    assert (layer[..., 3][heat == 1] > 150).all()


def test_the_area_of_a_crop_is_where_it_was_taken_from():
    to_crop = np.array([[2.0, 0, -100], [0, 2.0, -40]])
    area = area_of(to_crop, 192)
    assert (area.x_px, area.y_px, area.width_px, area.height_px) == (50, 20, 96, 96)


def test_the_strip_shows_a_tone_at_its_pitch_and_time_and_tints_the_explained_window() -> None:
    rate, duration_s = 16_000, 10.0
    samples = np.zeros(8 * rate, np.float32)
    samples[4 * rate : 6 * rate] = np.sin(2 * np.pi * 1000 * np.arange(2 * rate) / rate)
    values = np.zeros((60, 20), np.float32)
    values[:, 10:] = 1.0
    attribution = WindowAttribution(
        values=values,
        logit=1.0,
        expected=0.0,
        additivity_error=0.0,
        peak_start_s=0.0,
        peak_end_s=0.5,
        bands=(),
        faithfulness=Faithfulness(deletion_drop=1, random_drop=0, reliable=True),
    )
    band_hz = np.linspace(100, 7000, 20, dtype=np.float32)
    waveform = Waveform(samples, rate)
    plain = _pixels(render_strip(waveform, duration_s, (), band_hz)).astype(float)
    assert plain.shape == (ROWS, 500, 3)
    row, column = np.unravel_index(plain[..., 0].argmax(), plain.shape[:2])
    assert pitches()[ROWS - 1 - row] == pytest.approx(1000, rel=0.1)
    assert 200 <= column < 300
    assert np.ptp(plain[:, 420:]) < 40, "after the sound there is only ground"
    painted = _pixels(render_strip(waveform, duration_s, (PaintedWindow(1.0, 0.05, attribution),), band_hz)).astype(
        float
    )
    redder = (painted - plain)[..., 0] - (painted - plain)[..., 2]
    assert redder[: ROWS // 4, 60:190].mean() > 40
    assert np.abs(painted - plain)[:, :45].max() == 0
    assert np.abs(painted - plain)[:, 210:].max() == 0
    long = render_strip(Waveform(np.zeros(600 * rate, np.float32), rate), 600.0, (), band_hz)
    assert _pixels(long).shape == (ROWS, 1600, 3)
