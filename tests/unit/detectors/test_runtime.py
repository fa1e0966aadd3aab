"""Model files: found and checked where they lie, and run by LiteRT or ONNX Runtime behind one interface."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest

from core.errors import Defect, Misconfigured
from detectors.model_files import file_digest, find_model_file
from detectors.runtime import ModelRuntime, side_by_side
from detectors.voice.detector import WEIGHTS
from detectors.voice.features import BINS, FRAMES

VOICE = WEIGHTS / "model.tflite"
PLANES = np.random.default_rng(6).normal(size=(4, FRAMES, BINS, 1)).astype(np.float32)


def test_litert_gives_every_row_its_own_answer_whatever_stands_beside_it() -> None:
    runtime = ModelRuntime(VOICE, row_shape=(FRAMES, BINS, 1))
    (together,) = runtime.run(PLANES)
    assert together.shape[0] == 4
    assert len(np.unique(together)) == 4
    for row, plane in zip(together, PLANES, strict=True):
        np.testing.assert_array_equal(runtime.run(plane[None])[0][0], row)


def test_one_runtime_serves_threads_at_once_from_a_file_or_its_content() -> None:
    (alone,) = ModelRuntime(VOICE.read_bytes()).run(PLANES)
    runtime = ModelRuntime(VOICE)
    with ThreadPoolExecutor(3) as threads:
        for (found,) in threads.map(runtime.run, [PLANES] * 6):
            np.testing.assert_array_equal(found, alone)


def test_there_are_no_more_interpreters_than_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[object] = []
    load = ModelRuntime._load
    monkeypatch.setattr(ModelRuntime, "_load", lambda self: loaded.append(self) or load(self))
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1})
    runtime = ModelRuntime(VOICE, threads=3)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(runtime.run, [PLANES] * 8))
    assert 1 <= len(loaded) <= 2


@pytest.mark.parametrize("threads", [2, 3, 9])
def test_a_batch_that_is_shared_among_threads_comes_back_in_order(threads: int) -> None:
    (alone,), (shared,) = (ModelRuntime(VOICE, threads=each).run(PLANES) for each in (1, threads))
    np.testing.assert_array_equal(shared, alone)


def test_what_is_done_side_by_side_comes_back_in_order_and_fails_as_it_would_alone() -> None:
    meeting = Barrier(2)

    def meet(number: int) -> int:
        meeting.wait(30)
        return number * number

    assert side_by_side(meet, [1, 2, 3, 4], 2) == [1, 4, 9, 16]
    with pytest.raises(ZeroDivisionError):
        side_by_side(lambda number: 1 // number, [1, 0], 2)


def test_onnx_answers_through_the_same_interface() -> None:
    path = find_model_file("onnxruntime", "datasets/sigmoid.onnx")
    batch = np.linspace(-2, 2, 60, dtype=np.float32).reshape(3, 4, 5)
    for runtime in (ModelRuntime(path, row_shape=(4, 5)), ModelRuntime(path.read_bytes(), outputs=("y",))):
        (found,) = runtime.run(batch)
        np.testing.assert_allclose(found, 1 / (1 + np.exp(-batch)), rtol=1e-5)


@pytest.mark.parametrize("content", [b"", b"no model at all", VOICE.read_bytes()[:5000]])
def test_a_damaged_file_is_the_deployments_fault(content: bytes) -> None:
    with pytest.raises(Misconfigured, match="weights_missing"):
        ModelRuntime(content).run(PLANES)


def test_a_file_that_is_gone_or_of_another_shape_is_the_deployments_fault(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="weights_missing"):
        ModelRuntime(tmp_path / "gone.tflite").run(PLANES)
    with pytest.raises(Misconfigured, match="weights_missing"):
        ModelRuntime(VOICE, row_shape=(8, 8, 1)).run(np.zeros((1, 8, 8, 1), np.float32))


def test_a_row_of_another_shape_is_our_fault() -> None:
    with pytest.raises(Defect, match="model_input_shape"):
        ModelRuntime(VOICE, row_shape=(FRAMES, BINS, 1)).run(PLANES[:, :-1])


def test_a_model_file_is_found_in_a_folder_and_in_a_package_and_is_the_one_that_is_meant() -> None:
    assert find_model_file(WEIGHTS, "model.tflite", sha256=file_digest(VOICE)) == VOICE
    assert find_model_file("onnxruntime", "datasets/sigmoid.onnx").is_file()
    for place, name in ((WEIGHTS, "none.tflite"), ("onnxruntime", "none.onnx"), ("a_package_nobody_has", "x")):
        with pytest.raises(Misconfigured, match="weights_missing"):
            find_model_file(place, name)
    with pytest.raises(Misconfigured, match="face_models_missing"):
        find_model_file(WEIGHTS, "model.tflite", sha256="0" * 64, code="face_models_missing")
