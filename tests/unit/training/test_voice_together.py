"""Training of the second voice model's encoder together with its head."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from detectors.voice.encoder import BANDS, Head
from detectors.voice.features import FRAMES
from training.voice.data.bank import AGAIN, distorted_window, make_windows
from training.voice.encoder.whisper import HEADS, LAYERS, STATISTICS, WIDTH
from training.voice.evaluation.by_family import Run
from training.voice.heads import together

UNITS = (LAYERS + 1) * STATISTICS * WIDTH


def make_head(rng: np.random.Generator) -> Head:
    line, inner = rng.standard_normal(UNITS), rng.standard_normal((3, UNITS))
    ones = np.ones(UNITS, np.float32)
    return Head(
        mean=0.1 * ones,
        scale=ones,
        line=(line * 0.01).astype(np.float32),
        offset=0.5,
        inner=(inner * 0.01).astype(np.float32),
        bias=np.zeros(3, np.float32),
        out=np.ones(3, np.float32),
    )


def make_weights(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """An encoder of the right shapes."""
    shapes: dict[str, tuple[int, ...]] = {
        "conv1/weight": (WIDTH, BANDS, 3),
        "conv1/bias": (WIDTH,),
        "conv2/weight": (WIDTH, WIDTH, 3),
        "conv2/bias": (WIDTH,),
        together.FIXED: (1500, WIDTH),
    }
    for number in range(LAYERS):
        place = f"layer_{number}/"
        for part, wide, narrow in (
            ("self_attention/linear_0", 3 * WIDTH, WIDTH),
            ("self_attention/linear_1", WIDTH, WIDTH),
            ("ffn/linear_0", 4 * WIDTH, WIDTH),
            ("ffn/linear_1", WIDTH, 4 * WIDTH),
        ):
            shapes |= {f"{place}{part}/weight": (wide, narrow), f"{place}{part}/bias": (wide,)}
        for part in ("self_attention", "ffn"):
            shapes |= {f"{place}{part}/layer_norm/{name}": (WIDTH,) for name in ("gamma", "beta")}
    return {name: (rng.standard_normal(shape) * 0.03).astype(np.float32) for name, shape in shapes.items()}


def test_rates_rise_and_fall() -> None:
    recipe = together.Recipe()
    paces = [recipe.pace(step) for step in range(recipe.steps)]
    highest = int(np.argmax(paces))
    assert highest == recipe.warmup - 1
    assert paces[0] < 0.02
    assert paces[-1] < 0.03
    assert paces[highest] > 0.95


def test_a_changed_clip_stays_a_clip_and_differs_from_draw_to_draw() -> None:
    bands = np.random.default_rng(1).standard_normal((8, FRAMES, BANDS)).astype(np.float32)
    first = together.changed(bands, np.random.default_rng(2))
    assert first.shape == bands.shape
    assert np.isfinite(first).all()
    assert (first == together.changed(bands, np.random.default_rng(2))).all()
    assert (first != together.changed(bands, np.random.default_rng(3))).any()


def test_a_second_draw_distorts_otherwise() -> None:
    samples = np.random.default_rng(4).standard_normal(48_000).astype(np.float32)
    clean, distorted = make_windows(samples, 7)
    assert (distorted_window(samples, 7) == distorted).all()
    assert (distorted_window(samples, 7, AGAIN) != distorted).any()
    assert (clean != distorted).any()


def test_a_finished_run_is_read_back(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    head = make_head(rng)
    for name, rows in (("apart", [1, 3]), ("other", [2]), ("final", [])):
        folder = tmp_path / name
        folder.mkdir()
        stored = {"conv1/bias": np.ones(WIDTH, np.float32)}
        stored |= {part: np.atleast_1d(getattr(head, part)) for part in (*together.FITTED, *together.STANDARDS)}
        np.savez(folder / together.WEIGHTS, **stored)  # type: ignore[arg-type]
        np.savez(folder / together.LOGITS, rows=np.array(rows, int), logits=np.ones((2, len(rows)), np.float32))
        np.savez(folder / together.LONGER, rows=np.array(rows, int), logits=np.ones((2, len(rows)), np.float32))
        (folder / together.RECIPE).write_text(json.dumps({"steps": 1}))
    run = Run.together(tmp_path, ["apart", "other", "final"], 5)
    assert np.isfinite(run.logits[0]).tolist() == [False, True, True, True, False]
    features = rng.standard_normal((2, UNITS)).astype(np.float32)
    assert run.head.logits(features) == pytest.approx(head.logits(features), abs=1e-5)


def test_what_is_trained_is_what_is_served() -> None:
    """The model in training gives what the exported layers and the served head give. Half precision is coarse."""
    torch = pytest.importorskip("torch", reason="a CPU build of PyTorch is needed to train the encoder")
    from training.voice.encoder.whisper import build

    rng = np.random.default_rng(6)
    weights, head = make_weights(rng), make_head(rng)
    tensors = together.begin(weights, head)
    bands = rng.standard_normal((2, FRAMES, BANDS)).astype(np.float32)
    with torch.no_grad():
        features = together.statistics(tensors, torch.tensor(bands)).numpy()
    assert features == pytest.approx(build(weights)(bands).numpy(), abs=0.05)
    assert together.logits(tensors, torch.tensor(features)).detach().numpy() == pytest.approx(
        head.logits(features), abs=1e-4
    )
    assert WIDTH % HEADS == 0
