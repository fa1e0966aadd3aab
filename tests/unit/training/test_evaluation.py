"""What the evaluations choose, corrupt and write, without data and with tiny networks."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from core.errors import Misconfigured
from detectors.media.extraction import decode_image
from detectors.voice.detector import load_audio_detector
from detectors.voice.features import BINS, FRAMES
from tests.fixtures import calibrations
from training.calibration import Scores
from training.faces.data.dataset import FaceRow
from training.faces.evaluation import detector as visual
from training.reporting import errors, evaluated, measures_table, provenance, write_page
from training.voice.data.dataset import VoiceRow
from training.voice.evaluation import trunk as audio
from training.voice.network.backbone import build, imagenet, start
from training.voice.network.export import averaged_model
from training.voice.network.export import write as write_model

CALIBRATION = calibrations.CALIBRATION.model_copy(update={"real": 0.2, "fake": 0.8})


# ------------------------------------------------------------------------------------------------ reporting


def test_errors_divide_each_class():
    labels = np.array([0, 0, 0, 0, 1, 1, 1, 1])
    found = errors(labels, np.array([0.1, 0.5, 0.8, 0.9, 0.2, 0.3, 0.5, 0.9]), CALIBRATION)
    assert found.cells == ("50 %", "25 %", "25 %", "50 %")


def test_calibration_is_reported_on_the_half_that_it_was_not_fitted_on():
    groups = tuple(f"g{index}" for index in range(200))
    scores = Scores(np.arange(200) % 2, np.zeros(200), ("s",) * 200, groups)
    wrong = np.where(scores.fitting_half, 1.0 - scores.labels, scores.labels)
    row = evaluated("x", scores, wrong.astype(float))
    assert row.measures.ece_15 == 0
    assert row.measures.auc < 0.9
    assert "| x | 100 | 100 | 200 |" in measures_table([row], "what")


def test_pages_hold_no_number_that_json_cannot(tmp_path):
    write_page(tmp_path, "page", "# Page\n", {"a": float("nan"), "b": [1.23456789, {"c": float("inf")}]})
    assert json.loads((tmp_path / "page.json").read_text()) == {"a": None, "b": [1.23457, {"c": None}]}


# ------------------------------------------------------------------------------------------------ visual


def face_rows() -> list[FaceRow]:
    def row(path: str, is_fake: bool, dataset: str, group: str, video: str = "", held_out: bool = True) -> FaceRow:
        return FaceRow(path, is_fake, dataset, "Deepfakes" if is_fake else "original", video or path, group, held_out)

    rows = [row(f"ff/{n:03}.jpg", False, "ffpp_c23", "g", "v1") for n in range(40)]
    rows += [row(f"ff/fake{n:03}.jpg", True, "ffpp_c23", "g", "v2") for n in range(10)]
    rows += [row(f"d/{kind}{n}.jpg", kind == "fake", "dfdc", f"o{n}") for n in range(300) for kind in ("real", "fake")]
    return [*rows, row("ff/seen.jpg", True, "ffpp_c23", "other", "v3", held_out=False)]


def test_left_out_files_are_whole_groups_the_same_every_time_and_never_trained_on():
    files = visual.left_out_files(face_rows())
    assert files == visual.left_out_files(list(reversed(face_rows())))
    assert not any("seen" in path for file in files for path in file.paths)
    videos = [file for file in files if file.source == "ffpp_c23"]
    assert sorted(len(file.paths) for file in videos) == [10, 16]
    stills = [file for file in files if file.source == "dfdc"]
    assert len(stills) == visual.STILLS["dfdc"]
    pairs = {file.group: sum(other.group == file.group for other in stills) for file in stills}
    assert set(pairs.values()) == {2}


@pytest.mark.parametrize("name", [name for name in visual.CORRUPTIONS if name != "none"])
def test_every_visual_corruption_changes_the_picture_and_keeps_its_shape(name):
    encode = visual.CORRUPTIONS[name]
    assert encode is not None
    image = np.random.default_rng(0).integers(0, 256, (60, 80, 3), dtype=np.uint8)
    corrupted = decode_image(encode(image))
    assert corrupted.shape == image.shape
    assert np.abs(corrupted.astype(int) - image).mean() > 1
    assert encode(image) == encode(image)


# ------------------------------------------------------------------------------------------------ audio


def voice_rows() -> tuple[VoiceRow, ...]:
    return tuple(
        VoiceRow(f"{n}.flac", n % 2 == 1, f"s{n % 6}", f"sys{n % 6}" if n % 2 else "human", f"p{n}", n % 3)
        for n in range(120)
    )


def test_left_out_logits_go_to_their_rows(tmp_path):
    rows = voice_rows()
    indexes = np.array([index for index, row in enumerate(rows) if row.fold == 1])
    (tmp_path / "fold1").mkdir()
    np.savez(tmp_path / "fold1" / "left_out.npz", rows=indexes, logits=indexes / 10)
    assert audio.finished_folds(tmp_path) == (1,)
    found = audio.left_out(tmp_path, rows, (1,))
    assert [row.path for row in found.rows] == [rows[index].path for index in indexes]
    np.testing.assert_allclose(found.logits, indexes / 10)
    with pytest.raises(Misconfigured):
        audio.left_out(tmp_path, rows, ())


def test_a_fold_of_another_manifest_is_refused(tmp_path):
    (tmp_path / "fold1").mkdir()
    np.savez(tmp_path / "fold1" / "left_out.npz", rows=np.array([0, 3]), logits=np.zeros(2))
    with pytest.raises(ValueError, match="another manifest"):
        audio.left_out(tmp_path, voice_rows(), (1,))


def test_slices_compare_like_with_like():
    rows = voice_rows()
    logits = np.array([3.0 if row.is_fake and row.system != "sys1" else 0.0 for row in rows])
    systems = audio.by_system(audio.LeftOut(rows, logits))
    assert (systems[0][0], systems[0][2]) == ("sys1", 0.5)
    assert {value for name, _, value in systems if name != "sys1"} == {1.0}


@pytest.mark.parametrize("name", [name for name in audio.CORRUPTIONS if name != "none"])
def test_every_audio_corruption_changes_the_sound_and_keeps_its_length(name):
    times = np.arange(32_000) / 16_000
    clip = sum(np.sin(2 * np.pi * 150 * n * times) / n for n in range(1, 40)) * (1 + np.sin(6 * np.pi * times))
    clip = (0.1 * clip).astype(np.float32)
    corrupted = audio.CORRUPTIONS[name](clip)
    assert corrupted.shape == clip.shape
    assert corrupted.dtype == np.float32
    assert np.abs(corrupted - clip).max() > 1e-3


# ------------------------------------------------------------------------------------------------ export


@pytest.fixture(scope="module")
def trained(tmp_path_factory) -> Path:
    """A run of a random network whose batch normalisation has something to fold."""
    import keras

    keras.utils.set_random_seed(3)
    model, rng = build(imagenet()), np.random.default_rng(3)
    weights = [value + rng.normal(0, 0.01, value.shape).astype(np.float32) for value in model.get_weights()]
    run = tmp_path_factory.mktemp("runs") / "final"
    run.mkdir()
    np.savez(run / "checkpoint.npz", step=np.array(7), **{f"a{index}": value for index, value in enumerate(weights)})
    return run


def test_folding_keeps_the_function():
    features = np.random.default_rng(1).standard_normal((8, FRAMES, BINS, 1)).astype(np.float32)
    weights = start(features)
    folded, whole = build(weights), build(weights, folded=False)
    folded.get_layer("head").set_weights(whole.get_layer("head").get_weights())
    before = np.asarray(whole(features[:2], training=False))
    np.testing.assert_allclose(np.asarray(folded(features[:2], training=False)), before, rtol=1e-3, atol=1e-3)


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras, when it saves
def test_the_exported_files_agree_and_say_where_they_are_from(trained, tmp_path):
    write_model(averaged_model(trained / "checkpoint.npz"), tmp_path)
    detector = load_audio_detector(threads=1, weights=tmp_path, alone=True)
    features = np.random.default_rng(2).standard_normal((2, FRAMES, BINS, 1)).astype(np.float32)
    replayed = np.asarray(detector.network()(features, training=False))[:, 0]
    np.testing.assert_allclose(detector.logits(features), replayed, rtol=1e-3, atol=1e-3)
    assert "run `final` after 7 steps" in provenance(tmp_path, trained)
    assert detector.thresholds.version == "uncalibrated"


def test_weights_of_another_run_are_called_interim(trained, tmp_path):
    assert "Interim" in provenance(Path("detectors/weights/audio"), trained)
    assert "not at hand" in provenance(Path("detectors/weights/audio"), tmp_path)
