"""The explain bodies over fakes of the ports, tiny networks and the real renderers."""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pypdf
import pytest

from core.confinement import Run, run_alone
from core.errors import Defect, Unavailable
from core.media import SPEECH_RATE_HZ, AlignedFace, Waveform
from core.ports import Bucket
from core.sealing import digests, is_signed_by
from core.settings import BlobSettings, BrokerSettings, DatabaseSettings, Settings, SigningSettings
from core.types import (
    Analysis,
    AnalysisStatus,
    ArtefactKind,
    AudioCoverage,
    AudioEvidence,
    AudioWindow,
    Box,
    DetectorRef,
    FacialRegion,
    FrameRef,
    JobSpec,
    Outcome,
    PreparedMedia,
    Report,
    Scored,
)
from detectors.faces.witnesses import LeadingModel
from detectors.fusion import weigh
from detectors.media.extraction import encode_flac
from detectors.voice.features import BINS, FRAMES, HZ_PER_BIN, SECONDS_PER_FRAME, WINDOW_SAMPLES, spectrogram
from explainers.rendering.clip import FRAMES_PER_S
from explainers.rendering.palette import png
from prompts.words import Words
from tasks.job import ClaimedJob
from tasks.jobs.explain import explain_audio, explain_fusion, explain_report, explain_visual, reduced
from tests.fixtures.jobs import claimed
from tests.fixtures.networks import PooledNetwork, SpeechNetwork, pooled_network
from tests.fixtures.reports import LIMITS, every_shape, faces, media, track
from tests.unit.detectors.clips import H264, make

ANALYSIS = "an_1"
SIZE = 48


class Shelf:
    """Blobs in memory. Named buckets can be put out of reach."""

    def __init__(self) -> None:
        self.held: dict[tuple[Bucket, str], bytes] = {}
        self.away: set[Bucket] = set()

    def download(self, bucket: Bucket, key: str, path: Path) -> None:
        path.write_bytes(self.get_bytes(bucket, key))

    def put_bytes(self, bucket: Bucket, key: str, content: bytes, media_type: str) -> None:
        self.held[bucket, key] = content

    def get_bytes(self, bucket: Bucket, key: str) -> bytes:
        if bucket in self.away:
            raise Unavailable("blobs_away", "Object storage cannot be reached.")
        return self.held[bucket, key]


class Folder:
    """A case file in memory."""

    def __init__(self, prepared: PreparedMedia, evidence: tuple[Any, ...], verdict: Any) -> None:
        self._prepared, self._evidence = prepared, evidence
        self._analysis = Analysis(
            id=ANALYSIS,
            owner_id="me",
            media_id="m",
            file_name="a.mp4",
            instruction="",
            pipeline_version="0",
            status=AnalysisStatus.RUNNING,
            stage=None,
            verdict=verdict,
            created_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        self.saved_artefacts: dict[str, Any] = {}
        self.saved_explanations: dict[str, Any] = {}

    def prepared(self, analysis_id: str) -> PreparedMedia:
        return self._prepared

    def save_prepared(self, analysis_id: str, prepared: PreparedMedia) -> None:
        self._prepared = prepared

    def original_key(self, analysis_id: str) -> str:
        return "original"

    def evidence(self, analysis_id: str) -> tuple[Any, ...]:
        return self._evidence

    def analysis(self, analysis_id: str) -> Analysis:
        return self._analysis

    saved_report: Report | None = None

    def report(self, analysis_id: str) -> Report | None:
        return self.saved_report

    def save_artefact(self, analysis_id: str, artefact: Any) -> None:
        self.saved_artefacts[artefact.id] = artefact

    def explanations(self, analysis_id: str) -> tuple[Any, ...]:
        return tuple(self.saved_explanations.values())

    def save_explanation(self, analysis_id: str, explanation: Any) -> None:
        self.saved_explanations[explanation.id] = explanation


class Notices:
    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []

    def append(self, analysis_id: str, kind: str, message: str, **_: Any) -> None:
        self.told.append((kind, message))


@dataclass(frozen=True)
class TinyFaceDetector:
    """Crops the left upper corner; its network is seeded."""

    network_: PooledNetwork = field(default_factory=lambda: pooled_network(1, SIZE))
    asked: list[Any] = field(default_factory=list)
    is_second: bool = False

    def align(self, image: np.ndarray, box: Any, geometry: Any) -> AlignedFace:
        self.asked.append(geometry)
        upper = np.zeros((SIZE, SIZE), np.bool_)
        upper[: SIZE // 2] = True
        regions = {FacialRegion.EYES: upper, FacialRegion.MOUTH: ~upper}
        return AlignedFace(image[:SIZE, :SIZE].copy(), np.eye(2, 3), regions)

    def leading(self, image: np.ndarray, box: Any, geometry: Any) -> LeadingModel:
        return LeadingModel(self, self.shuffled, self.align(image, box, geometry), is_second=self.is_second)

    def activations(self, crops: np.ndarray) -> Any:
        return self.network_.activations(crops)

    @property
    def shuffled(self) -> PooledNetwork:
        return pooled_network(2, SIZE)

    def network(self) -> Any:
        """The same layers, flat, taking crops as they are."""
        import keras

        inputs = keras.layers.Input((SIZE, SIZE, 3))
        tensor = keras.layers.Rescaling(1 / 127.5, -1.0)(inputs)
        for layer in self.network_.network.layers[1:]:
            tensor = layer(tensor)
        return keras.Model(inputs, tensor)

    thresholds = LIMITS


class TinyVoiceDetector:
    def __init__(self) -> None:
        import keras

        keras.utils.set_random_seed(1)
        plane = keras.layers.Input((FRAMES, BINS, 1))
        maps = keras.layers.ReLU()(keras.layers.Conv2D(4, 5, strides=4)(plane))
        logit = keras.layers.Dense(1)(keras.layers.GlobalAveragePooling2D()(maps))
        self._network = keras.Model(plane, logit)
        self.layers = SpeechNetwork(self._network, self.background).layers

    frame_s = SECONDS_PER_FRAME
    band_hz = (np.arange(BINS) * HZ_PER_BIN).astype(np.float32)
    background = np.random.default_rng(1).normal(size=(4, FRAMES, BINS, 1)).astype(np.float32)

    def network(self) -> Any:
        return self._network

    def logits(self, inputs: np.ndarray) -> np.ndarray:
        return np.asarray(self._network(inputs, training=False))[:, 0]

    def planes(self, waveform: Waveform, windows: Sequence[AudioWindow]) -> np.ndarray:
        starts = [round(each.start_s * waveform.rate_hz) for each in windows]
        return spectrogram(np.stack([waveform.samples[start : start + WINDOW_SAMPLES] for start in starts]))


SETTINGS = Settings(
    db=DatabaseSettings(url="postgresql+psycopg2://nowhere/x"),
    broker=BrokerSettings(url="redis://nowhere/0"),
    blobs=BlobSettings(endpoint="nowhere:1", access_key="a", secret_key="s"),
    signing=SigningSettings(key="07" * 32),
)


@dataclass(frozen=True)
class TinyBench:
    case: Folder
    blobs: Shelf
    settings: Settings = SETTINGS
    events: Notices = field(default_factory=Notices)
    visual: Callable[[], Any] = TinyFaceDetector
    audio: Callable[[], Any] = TinyVoiceDetector
    reader: Run = run_alone

    def artefact(self, artefact_id: str) -> bytes:
        artefact = self.case.saved_artefacts[artefact_id]
        content = self.blobs.held[Bucket.OUTPUTS, artefact.key]
        assert artefact.sha256 == hashlib.sha256(content).hexdigest()
        assert artefact.size_bytes == len(content)
        assert artefact.key.startswith(f"{ANALYSIS}/")
        return content


def _job(task: str, **payload: object) -> ClaimedJob[Any]:
    return claimed(JobSpec(id=f"{ANALYSIS}:4:{task}", analysis_id=ANALYSIS, wave=4, task=task, payload=payload))


def _voice() -> AudioEvidence:
    return AudioEvidence(
        detector=DetectorRef(name="audio", version="1"),
        finding=Scored(p_fake=0.9, calibration_version="1", uncalibrated=2.0, outcome=Outcome.FAKE),
        coverage=AudioCoverage(total_s=8, speech_s=7),
        windows=tuple(
            AudioWindow(start_s=start, end_s=start + 3, p_fake=0.5 + start / 20, speech_s=2.5) for start in (0, 3, 5)
        ),
    )


@cache
def _recording() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source = ("-f", "lavfi", "-i", "testsrc2=size=640x480:rate=12:duration=8")
        return make(Path(folder) / "clip.mp4", *source, *H264).read_bytes()


@pytest.fixture
def bench() -> TinyBench:
    evidence = (faces(0.9, (track(1, 0, 3, 0.9, 3), track(2, 1, 4, 0.2, 3))), _voice())
    shelf = Shelf()
    rng = np.random.default_rng(0)
    refs = []
    for index in range(3):
        picture = cv2.resize(rng.integers(0, 256, (9, 16, 3), dtype=np.uint8), (640, 480))
        shelf.held[Bucket.FRAMES, f"f{index}"] = png(picture)
        refs.append(FrameRef(index=index, time_s=float(index), key=f"f{index}"))
    sound = rng.normal(0, 0.1, 8 * SPEECH_RATE_HZ).astype(np.float32)
    shelf.held[Bucket.AUDIO, "sound"] = encode_flac(Waveform(sound))
    shelf.held[Bucket.ORIGINALS, "original"] = _recording()
    prepared = PreparedMedia(
        info=media(8.0).model_copy(update={"container": "mp4"}), frames=tuple(refs), audio_key="sound"
    )
    return TinyBench(Folder(prepared, evidence, weigh(evidence)), shelf)


def test_heatmaps_and_thumbnails_are_kept_told_and_citable(bench):
    result = explain_visual(bench, _job("explain.visual"))
    assert result == {"explanations": ["heatmap.1", "heatmap.2", "heatmap.3", "heatmap.4"], "failed": 0}
    for name in ("heatmap-1", "heatmap-4", "thumbnail-1", "thumbnail-2"):
        assert bench.artefact(name).startswith(b"\x89PNG")
    assert bench.case.saved_artefacts["heatmap-1"].kind is ArtefactKind.HEATMAP
    explanation = bench.case.saved_explanations["heatmap.1"]
    assert explanation.artefact_id == "heatmap-1"
    assert explanation.faithfulness.weights_correlation is not None
    assert explanation.place.area == Box(x_px=0, y_px=0, width_px=SIZE, height_px=SIZE)
    assert (explanation.place.frame.width_px, explanation.place.frame.height_px) == (640, 480)
    layer = cv2.imdecode(np.frombuffer(bench.artefact("heat-layer-1"), np.uint8), cv2.IMREAD_UNCHANGED)
    assert layer.shape == (SIZE, SIZE, 4)
    assert sum(each.share for each in explanation.regions) == pytest.approx(1.0, abs=1e-4)
    assert [kind for kind, _ in bench.events.told] == ["explanation"] * 4


def test_the_worst_stretch_becomes_a_clip_that_plays(bench, tmp_path):
    explain_visual(bench, _job("explain.visual"))
    content = bench.artefact("overlay-clip")
    path = tmp_path / "clip.mp4"
    path.write_bytes(content)
    with av.open(str(path)) as container:
        (stream,) = container.streams.video
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
        assert stream.codec_context.name == "h264"
        assert stream.codec_context.pix_fmt == "yuv420p"
    segment = bench.case.evidence("")[0].segments[0]
    assert len(frames) == pytest.approx((segment.end_s - segment.start_s) * FRAMES_PER_S, abs=1)
    assert np.abs(frames[0].astype(int) - frames[-1].astype(int)).max() > 40, "the picture or the cursor moves"


def test_a_recording_that_is_gone_costs_the_clip_only(bench):
    del bench.blobs.held[Bucket.ORIGINALS, "original"]
    assert len(explain_visual(bench, _job("explain.visual"))["explanations"]) == 4
    assert "overlay-clip" not in bench.case.saved_artefacts


def test_a_second_run_leaves_the_same_bytes(bench):
    explain_visual(bench, _job("explain.visual"))
    first = dict(bench.blobs.held)
    explain_visual(bench, _job("explain.visual"))
    assert bench.blobs.held == first


def test_a_frame_that_is_gone_costs_its_own_maps_only(bench):
    del bench.blobs.held[Bucket.FRAMES, "f0"]
    result = explain_visual(bench, _job("explain.visual"))
    assert 0 < result["failed"] < 4
    assert len(result["explanations"]) + result["failed"] == 4


def test_storage_that_is_away_is_not_swallowed(bench):
    bench.blobs.away.add(Bucket.FRAMES)
    with pytest.raises(Unavailable):
        explain_visual(bench, _job("explain.visual"))


def test_spectrograms_explain_the_strongest_windows_on_the_recordings_clock(bench):
    result = explain_audio(bench, _job("explain.audio"))
    assert result == {"explanations": ["spectrogram.1", "spectrogram.2"], "failed": 0}
    first, second = (bench.case.saved_explanations[name] for name in ("spectrogram.1", "spectrogram.2"))
    assert (first.start_s, second.start_s) == (0.0, 5.0)
    for explanation in (first, second):
        assert explanation.start_s <= explanation.peak_start_s < explanation.peak_end_s <= explanation.end_s
        assert explanation.additivity_error < 1e-3
        assert sum(band.share for band in explanation.bands) == pytest.approx(1.0, abs=1e-4)
    assert bench.artefact("spectrogram-1") != bench.artefact("spectrogram-2")
    assert bench.artefact("sound-strip").startswith(b"\x89PNG")


def test_what_is_not_there_is_not_explained(bench):
    silent = TinyBench(Folder(PreparedMedia(info=media()), (), bench.case.analysis("").verdict), Shelf())
    for body in (explain_visual, explain_audio):
        assert body(silent, _job("explain.visual"))["explanations"] == []
    assert explain_fusion(silent, _job("explain.fusion")) == {"explanations": []}
    assert silent.artefact("timeline").startswith(b"\x89PNG")


def test_the_verdicts_account_adds_up(bench):
    assert explain_fusion(bench, _job("explain.fusion")) == {"explanations": ["fusion"]}
    explanation = bench.case.saved_explanations["fusion"]
    verdict = bench.case.analysis("").verdict
    assert explanation.base + sum(each.shapley for each in explanation.factors) == pytest.approx(verdict.p_fake)
    assert {"visual.p_fake", "audio.p_fake"} <= {each.name for each in explanation.factors}
    assert bench.artefact("fusion-1").startswith(b"\x89PNG")
    assert bench.artefact("timeline").startswith(b"\x89PNG")


def test_what_the_file_says_of_its_origin_is_kept_and_reported(bench):
    explain_fusion(bench, _job("explain.fusion"))
    kept = bench.case.prepared("").origin
    assert [note.code for note in kept.notes] == ["re_encoded"]
    _, report, _ = next(every_shape())
    written = explain_report(bench, _job("explain.report", report=report.model_dump(mode="json")))["report"]
    assert written["origin"] == kept.model_dump(mode="json")


def test_a_verdict_comes_before_its_account(bench):
    unweighed = TinyBench(Folder(bench.case.prepared(""), bench.case.evidence(""), None), bench.blobs)
    with pytest.raises(Defect):
        explain_fusion(unweighed, _job("explain.fusion"))


def test_the_report_becomes_two_files_that_agree(bench):
    _, report, pictures = next(every_shape())
    for artefact in report.artefacts:
        bench.blobs.held[Bucket.OUTPUTS, artefact.key] = pictures[artefact.id]
    result = explain_report(bench, _job("explain.report", report=report.model_dump(mode="json")))
    written = json.loads(bench.artefact("report-json"))
    assert written == result["report"]
    assert written["evidence"] == report.model_dump(mode="json")["evidence"]
    assert is_signed_by(written["manifest"], written["seal"])
    assert digests(written) == written["manifest"]["digests"]
    document = next(each for each in written["artefacts"] if each["kind"] == "report_pdf")
    assert document["sha256"] == hashlib.sha256(bench.artefact("report-pdf")).hexdigest()
    assert written["manifest"]["settings"]["sampling.frame_budget"] == "32"
    reader = pypdf.PdfReader(io.BytesIO(bench.artefact("report-pdf")))
    assert report.manifest.media_sha256 in "".join(page.extract_text() for page in reader.pages).replace("\n", "")


def test_a_missing_picture_does_not_stop_the_report(bench):
    _, report, _ = next(every_shape())
    explain_report(bench, _job("explain.report", report=report.model_dump(mode="json")))
    assert bench.artefact("report-pdf").startswith(b"%PDF")


def test_no_report_is_a_defect(bench):
    with pytest.raises(Defect):
        explain_report(bench, _job("explain.report"))


def test_a_picture_smaller_than_the_recording_says_so():
    shown = np.zeros((1080, 1920, 3), np.uint8)
    large = media(8.0).model_copy(update={"width_px": 3840, "height_px": 2160})
    assert reduced(Words(), large, shown).strip() == "(examined and shown at 1920 × 1080 of 3840 × 2160 pixels)"
    assert reduced(Words(), large.model_copy(update={"width_px": 1920, "height_px": 1080}), shown) == ""
    assert reduced(Words(), large.model_copy(update={"width_px": 1080, "height_px": 1920}), shown) == "", (
        "it was turned upright"
    )
