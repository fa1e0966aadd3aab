"""The second opinion on a face: its arithmetic, on seeded tokens."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.errors import Defect, Misconfigured
from detectors.calibration import WitnessFusion
from detectors.faces import tokens as face_tokens
from detectors.faces.tokens import (
    BLOCKS,
    GRID,
    INPUT_PX,
    REGIONS,
    WIDTH,
    DrawnLine,
    FaceTokenModel,
    Floats,
    Head,
    OnnxEncoder,
    region_means,
)
from explainers.faithfulness import rank_correlation


class SeededEncoder:
    """Tokens that depend on the crop alone."""

    def tokens(self, crop: face_tokens.Crops) -> Floats:
        rng = np.random.default_rng(int(crop.sum()))
        return rng.standard_normal((len(BLOCKS), GRID * GRID, WIDTH)).astype(np.float32)


@pytest.fixture
def head() -> Head:
    rng = np.random.default_rng(1)
    weights = rng.standard_normal((2, 3, len(BLOCKS), len(REGIONS), WIDTH)).astype(np.float32)
    gates = np.float32(0.1) * rng.standard_normal(weights.shape[1:]).astype(np.float32)
    biases, gate_biases = (
        np.array([[-0.5, 0.1, 0.4], [0.3, 0.0, -0.1]], np.float32),
        np.array([0.2, 0.0, -0.2], np.float32),
    )
    return Head(weights, biases, gates, gate_biases)


@pytest.fixture
def crops() -> face_tokens.Crops:
    return np.random.default_rng(2).integers(0, 256, (3, INPUT_PX, INPUT_PX, 3), dtype=np.uint8)


def test_the_logit_is_the_most_that_a_set_of_heads_says_under_the_shares_of_their_kinds(
    head: Head, crops: face_tokens.Crops
) -> None:
    scores = FaceTokenModel(SeededEncoder(), head).score(crops)
    means = np.stack([region_means(SeededEncoder().tokens(crop)) for crop in crops]).astype(np.float64)
    told = np.exp(np.einsum("kbrw,nbrw->nk", head.gates, means) + head.gate_biases)
    shares = told / told.sum(axis=1, keepdims=True)
    assert shares.min() > 0.01
    assert shares.max() < 0.99
    each = np.einsum("skbrw,nbrw->nsk", head.weights, means) + head.biases
    sets = (shares[:, None] * each).sum(axis=2)
    assert {0, 1} == set(sets.argmax(axis=1)), "each set speaks for a face"
    assert scores.logits == pytest.approx(sets.max(axis=1), abs=1e-3)


def test_patches_add_up_to_the_logit(head: Head, crops: face_tokens.Crops) -> None:
    scores = FaceTokenModel(SeededEncoder(), head).score(crops)
    assert scores.contributions.shape == (3, GRID, GRID)
    assert scores.contributions.sum(axis=(1, 2)) + head.bias == pytest.approx(scores.logits, abs=1e-3)


def test_a_face_of_equal_patches_has_a_flat_map(head: Head, crops: face_tokens.Crops) -> None:
    class Even(SeededEncoder):
        def tokens(self, crop: face_tokens.Crops) -> face_tokens.Floats:
            return np.repeat(super().tokens(crop)[:, :1], GRID * GRID, axis=1)

    scores = FaceTokenModel(Even(), head).score(crops[:1])
    assert np.ptp(scores.contributions) < 1e-4 * np.abs(scores.contributions).max()


def test_the_map_is_what_an_explainer_asks_for(head: Head, crops: face_tokens.Crops) -> None:
    seen = FaceTokenModel(SeededEncoder(), head).activations(crops)
    assert seen.maps.mean(axis=(1, 2)) + head.bias == pytest.approx(seen.logits, abs=1e-3)


def test_a_shuffled_head_keeps_its_weights_and_draws_another_map(head: Head, crops: face_tokens.Crops) -> None:
    model = FaceTokenModel(SeededEncoder(), head)
    maps = [each.activations(crops[:1]).maps[0] for each in (model, model.shuffled)]
    assert abs(rank_correlation(*maps)) < 0.3
    again = FaceTokenModel(SeededEncoder(), head).shuffled.score(crops[:1])
    assert np.array_equal(again.maps[0], maps[1])


def test_a_face_scores_the_same_alone(head: Head, crops: face_tokens.Crops) -> None:
    alone, together = (FaceTokenModel(SeededEncoder(), head).score(each) for each in (crops[1:2], crops))
    assert alone.logits[0] == together.logits[1]


def test_a_crop_that_was_scored_lately_is_not_encoded_again(head: Head, crops: face_tokens.Crops) -> None:
    asked: list[bytes] = []

    class Counting(SeededEncoder):
        def tokens(self, crop: face_tokens.Crops) -> face_tokens.Floats:
            asked.append(crop.tobytes())
            return super().tokens(crop)

    model = FaceTokenModel(Counting(), head)
    first, again = model.score(crops), model.score(crops[::-1])
    assert asked == [crop.tobytes() for crop in crops]
    assert np.array_equal(first.contributions, again.contributions[::-1])
    model.shuffled.score(crops[:1])
    assert len(asked) == len(crops) + 1, "another head has a map of its own"


def test_what_lies_furthest_back_is_forgotten(crops: face_tokens.Crops) -> None:
    made: list[int] = []
    recent: face_tokens.Recent[int] = face_tokens.Recent(2)
    for number in (0, 1, 0, 2, 0, 1):
        recent.get(crops[number], lambda crop: made.append(int(crop[0, 0, 0])) or len(made))
    assert made == [int(crops[number][0, 0, 0]) for number in (0, 1, 2, 1)]


def test_the_committed_parts_are_read() -> None:
    head = Head.read()
    scores = FaceTokenModel(SeededEncoder(), head).score(np.zeros((1, INPUT_PX, INPUT_PX, 3), np.uint8))
    assert np.isfinite(scores.logits).all()
    fusion = WitnessFusion.read(face_tokens.WEIGHTS / "fusion.json")
    assert min(fusion.network, fusion.second) > 0
    assert fusion.calibration.real < fusion.calibration.fake


def test_strangeness_is_one_on_the_line_and_above_beyond_it(head: Head, crops: face_tokens.Crops) -> None:
    weights = np.random.default_rng(4).standard_normal((len(BLOCKS), WIDTH)).astype(np.float32)
    means = np.stack([SeededEncoder().tokens(crop).mean(axis=1) for crop in crops])
    scores = (means * weights).sum(axis=(1, 2))
    line = DrawnLine(weights, -float(scores[0]))
    found = FaceTokenModel(SeededEncoder(), head, drawn=line).score(crops).strangeness
    assert found[0] == pytest.approx(1.0, abs=1e-3)
    assert np.array_equal(found[1:] > 1, scores[1:] > scores[0])
    assert FaceTokenModel(SeededEncoder(), head).score(crops).strangeness.tolist() == [0, 0, 0]


def test_a_line_of_other_blocks_is_a_misconfiguration(tmp_path: Path) -> None:
    assert DrawnLine.read().weights.shape == (len(BLOCKS), WIDTH)
    np.savez(tmp_path / "drawn.npz", weights=np.zeros((len(BLOCKS) + 1, WIDTH), np.float32), bias=0.0)
    for path in (tmp_path / "drawn.npz", tmp_path / "absent.npz"):
        with pytest.raises(Misconfigured):
            DrawnLine.read(path)


def test_a_region_tells_how_far_its_patches_differ_from_the_whole() -> None:
    tokens = np.full((1, GRID, GRID, 1), 2.0, np.float32)
    assert region_means(tokens.reshape(1, -1, 1)).ravel() == pytest.approx([2, 0, 0], abs=1e-6)
    for name, row, column in (("mouth", 11, 6), ("border", 0, 0)):
        raised = tokens.copy()
        raised[0, row, column] += 196
        found = dict(zip(REGIONS, region_means(raised.reshape(1, -1, 1)).ravel(), strict=True))
        assert found.pop("whole") == pytest.approx(3)
        assert max(found, key=lambda region: found[region]) == name
        assert found[name] > 1


def test_a_missing_fusion_is_a_misconfiguration(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured):
        WitnessFusion.read(tmp_path / "fusion.json")


def test_no_faces_give_no_scores(head: Head, crops: face_tokens.Crops) -> None:
    scores = FaceTokenModel(SeededEncoder(), head).score(crops[:0])
    assert scores.logits.shape == (0,)
    assert scores.contributions.shape == (0, GRID, GRID)


def test_a_crop_of_another_size_is_a_defect() -> None:
    with pytest.raises(Defect):
        OnnxEncoder().tokens(np.zeros((192, 192, 3), np.uint8))


def test_a_missing_head_is_a_misconfiguration(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured):
        Head.read(tmp_path / "head.npz")


def test_a_head_of_another_shape_is_a_misconfiguration(tmp_path: Path) -> None:
    np.savez(tmp_path / "head.npz", blocks=[1, 2], weights=np.zeros((2, 3), np.float32), bias=0.0)
    with pytest.raises(Misconfigured):
        Head.read(tmp_path / "head.npz")


def test_a_missing_package_is_a_misconfiguration(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> Path:
        raise Misconfigured("weights_missing", "not there")

    monkeypatch.setattr(face_tokens, "find_model_file", refuse)
    with pytest.raises(Misconfigured):
        FaceTokenModel.load()


def test_outputs_are_declared_as_a_graph_with_names() -> None:
    # Field 7 of 5 bytes, in it field 12 of 3 bytes, in it field 1 of 1 byte.
    assert face_tokens.declare_outputs(["a"]) == bytes([0x3A, 5, 0x62, 3, 0x0A, 1]) + b"a"


def test_long_lengths_take_two_bytes() -> None:
    assert face_tokens.declare_outputs(["a" * 200])[:3] == bytes([0x3A, 0xCE, 0x01])


def test_the_packaged_encoder_gives_tokens_of_its_blocks(crops: face_tokens.Crops) -> None:
    tokens = OnnxEncoder().tokens(crops[0])
    assert tokens.shape == (len(BLOCKS), GRID * GRID, WIDTH)
    assert np.isfinite(tokens).all()
    assert np.ptp(tokens, axis=1).min() > 0


def test_the_packaged_encoder_gives_what_it_gave_where_it_was_measured() -> None:
    black = np.zeros((INPUT_PX, INPUT_PX, 3), np.uint8)
    means = OnnxEncoder().tokens(black).mean(axis=1)[:, :: WIDTH // 8]
    np.testing.assert_allclose(means, face_tokens.BLACK_TOKENS, atol=0.03)


def test_fast_sums_that_are_wrong_are_replaced_by_exact_ones(
    monkeypatch: pytest.MonkeyPatch, crops: face_tokens.Crops
) -> None:
    """Processors without VNNI and AMX are wrong here; elsewhere both are right."""
    by_default = OnnxEncoder().tokens(crops[0])
    monkeypatch.setattr(face_tokens, "fast_products", lambda: "unknown")
    np.testing.assert_allclose(OnnxEncoder().tokens(crops[0]), by_default, atol=1e-4)


def test_an_encoder_that_computes_something_else_here_is_refused(
    monkeypatch: pytest.MonkeyPatch, crops: face_tokens.Crops
) -> None:
    monkeypatch.setattr(face_tokens, "BLACK_TOKENS", tuple(np.roll(face_tokens.BLACK_TOKENS, 1, axis=1)))
    with pytest.raises(Misconfigured, match="model_miscomputes"):
        OnnxEncoder().tokens(crops[0])
