"""Training of the second face model: its samples, its heads, the sources that are left out, and batches of pairs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from detectors.faces.runtime import WEIGHTS, Activations
from training.data.face_recipes import PUBLIC_FACES, SHARED_FACES
from training.data.manifest import FaceRow, write_manifest
from training.faces.data.folds import FOLDS
from training.faces.data.pairs import SourcePairs, make_batch
from training.faces.evaluation.by_source import Evaluation, Files, decide, measure_meaning, weigh_by_spread
from training.faces.evaluation.films import Film, compare_poolings
from training.faces.evaluation.shortcuts import measure_shortcuts
from training.faces.pictures.mouth import mouth_blend
from training.faces.tokens.features import (
    AS_FILED,
    Kind,
    Sample,
    SampleMaker,
    TokenTable,
    plan_as_filed,
    plan_samples,
    read_tokens,
    write_tokens,
)
from training.faces.tokens.heads import Basis, HeadRecipe, SourceMoments, fit_logistic
from training.faces.tokens.rescoring import rescore
from training.reporting import digest

SOURCES = (("first", "real"), ("first", "fake"), ("second", "real"), ("third", "fake"))


def draw_landmarks(rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """468 points that fill a face-like oval in the middle of a crop."""
    angle, radius = rng.uniform(0, 2 * np.pi, 468), np.sqrt(rng.uniform(0, 1, 468))
    return np.stack([144 + 62 * radius * np.cos(angle), 144 + 84 * radius * np.sin(angle)], axis=1).astype(np.float32)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve crops of four classes, as `training.data` writes them."""
    folder, rng, rows, landmarks = tmp_path_factory.mktemp("built"), np.random.default_rng(0), [], []
    for dataset, label in SOURCES:
        for number in range(3):
            noise = rng.integers(0, 256, (18, 18, 3), dtype=np.uint8)
            path = f"{dataset}-{label}-{number}.png"
            cv2.imwrite(str(folder / path), cv2.resize(noise, (288, 288), interpolation=cv2.INTER_CUBIC))
            rows.append(FaceRow(path, label, dataset, "m", f"g{number}", f"{label}{number // 2}", path, "0" * 64, "t"))
            landmarks.append(draw_landmarks(rng))
    write_manifest(rows, folder / "manifest.csv", FaceRow)
    np.save(folder / "landmarks.npy", np.stack(landmarks))
    return folder


def made_up_table(rows: tuple[FaceRow, ...], each: int, rng: np.random.Generator) -> TokenTable:
    """Tokens whose first value rises with forgery in every source."""
    index = np.repeat(np.arange(len(rows)), each)
    forged = np.array([rows[i].is_fake for i in index])
    means = rng.standard_normal((len(index), 2, 2, 8)).astype(np.float16)
    means[:, 1, 0, 0] += np.where(forged, 3, -3).astype(np.float16)
    return TokenTable(
        means=means,
        logits=rng.standard_normal(len(index)).astype(np.float32),
        rows=index,
        draws=np.zeros(len(index), np.int64),
        kinds=np.full(len(index), Kind.FILED.value),
        forged=forged,
        shortcuts=rng.standard_normal((len(index), 5)).astype(np.float32),
        networks=np.full(len(index), "the network's"),
    )


def write_part(path: Path, table: TokenTable, paths: list[str], network: str = "the network's") -> None:
    arrays = {name: getattr(table, name) for name in TokenTable.__slots__ if name not in ("rows", "networks")}
    np.savez(path, **arrays, paths=np.array(paths), network=np.array(network))


def test_every_source_is_left_out_exactly_once() -> None:
    named = [dataset for fold in FOLDS for dataset in fold.datasets]
    assert len(named) == len(set(named))
    assert set(named) == {recipe.dataset for recipe in (*PUBLIC_FACES, *SHARED_FACES)}


def test_small_sources_are_drawn_more_than_once(built: Path) -> None:
    rows = SampleMaker(built).rows
    samples = plan_samples(rows, pairs=4)
    filed = [sample for sample in samples if sample.kind is Kind.FILED]
    assert {(sample.row, sample.draw) for sample in filed} == {(row, draw) for row in range(12) for draw in range(3)}
    assert samples == plan_samples(rows, pairs=4)
    assert all(not rows[sample.row].is_fake for sample in samples if sample.kind is not Kind.FILED)


def test_faces_as_filed_pass_no_chain(built: Path) -> None:
    maker = SampleMaker(built)
    samples = plan_as_filed(maker.rows, cap=2)
    assert len(samples) == 2 * len(SOURCES)
    assert {sample.draw for sample in samples} == {AS_FILED}
    ((forged, crop, small, shortcuts),) = maker.draw(samples[0])
    assert forged == maker.rows[samples[0].row].is_fake
    assert (crop.shape, small.shape, shortcuts[0]) == ((224, 224, 3), (192, 192, 3), 288.0)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.FILED])
def test_a_pseudo_fake_comes_beside_its_original(built: Path, kind: Kind) -> None:
    maker = SampleMaker(built)
    sample = next(s for s in plan_samples(maker.rows, pairs=60) if s.kind is kind)
    first, second = (list(maker.draw(sample)) for _ in range(2))
    assert [forged for forged, *_ in first] == [False, True]
    assert np.array_equal(first[1][1], second[1][1])


def test_a_mouth_blend_changes_nothing_outside_its_mask() -> None:
    rng = np.random.default_rng(1)
    image, other = (rng.integers(0, 256, (288, 288, 3), dtype=np.uint8) for _ in range(2))
    landmarks = draw_landmarks(rng)
    for seed in range(12):
        pair = mouth_blend(image, landmarks, other, landmarks, np.random.default_rng(seed))
        assert np.array_equal(pair.fake[pair.mask == 0], image[pair.mask == 0])
        assert not np.array_equal(pair.fake, image)


def test_a_head_finds_what_all_sources_share(built: Path) -> None:
    rows = SampleMaker(built).rows
    table = made_up_table(rows, 20, np.random.default_rng(3))
    recipe = HeadRecipe()
    features = table.means[:, 1, 0].astype(np.float32)
    head = SourceMoments(rows, table, features, ()).fit(frozenset({"first"}), recipe)
    left = np.array([rows[index].dataset == "first" for index in table.rows])
    assert ((head.logits(features[left]) > 0) == table.forged[left]).mean() > 0.9
    assert int(np.argmax(np.abs(head.weights[0]))) == 0


def test_a_kind_is_judged_by_its_own_head(built: Path) -> None:
    rows = SampleMaker(built).rows
    table = made_up_table(rows, 40, np.random.default_rng(3))
    features = table.means[:, 1, 0].astype(np.float32)
    names = np.array([rows[index].dataset for index in table.rows])
    # Of the first source the sign is turned, and a second value tells it from the others.
    features[names == "first", 0] *= -1
    features[:, 1] += np.where(names == "first", 6, -6)
    kinds = (frozenset({"first"}), frozenset({"second", "third"}))
    moments = SourceMoments(rows, table, features, kinds)
    apart, common = (moments.fit(frozenset(), HeadRecipe(kin=0.95, common=share)) for share in (0.0, 1.0))
    right = [float(((head.logits(features) > 0) == table.forged).mean()) for head in (apart, common)]
    assert right[0] > 0.9
    assert right[0] > right[1] + 0.2


def test_weights_of_means_say_what_slopes_over_kept_directions_say() -> None:
    rng = np.random.default_rng(8)
    means = rng.standard_normal((40, 2, 3, 8)).astype(np.float32) * rng.uniform(0.5, 3, 8).astype(np.float32)
    recipe = HeadRecipe(directions=10, local_directions=4)
    basis = Basis(means, recipe)
    kept = basis.keep(means)
    assert kept.shape == (40, 10 + 2 * 4)
    slopes = rng.standard_normal(18).astype(np.float32)
    weights, bias = basis.of_means(slopes, 0.7)
    assert weights.shape == (2, 3, 8)
    assert np.einsum("nbrw,brw->n", means, weights) + bias == pytest.approx(kept @ slopes + 0.7, abs=1e-3)


def test_what_is_left_out_has_no_part_in_a_head(built: Path) -> None:
    rows = SampleMaker(built).rows
    table = made_up_table(rows, 6, np.random.default_rng(4))
    features = table.means[:, 1, 0].astype(np.float32)
    left = np.array([rows[index].dataset == "first" for index in table.rows])
    first = SourceMoments(rows, table, features, ()).fit(frozenset({"first"}), HeadRecipe())
    table.forged[left] = ~table.forged[left]
    second = SourceMoments(rows, table, features, ()).fit(frozenset({"first"}), HeadRecipe())
    assert first.weights == pytest.approx(second.weights, rel=1e-3, abs=1e-5)


def test_a_logistic_model_of_two_logits_weighs_the_better_one_more() -> None:
    rng = np.random.default_rng(5)
    labels = np.repeat([0, 1], 200)
    features = rng.standard_normal((400, 2)).astype(np.float32)
    features[:, 1] += 2 * labels
    head = fit_logistic(features, labels, np.full(400, 1 / 400, np.float32))
    assert head.weights[1] > 5 * abs(head.weights[0])
    assert ((head.logits(features) > 0) == labels).mean() > 0.8


def test_limits_and_fusion_come_from_other_folds() -> None:
    rng = np.random.default_rng(6)
    folds = np.repeat([0, 5, 6], 100)
    labels = np.tile([0, 1], 150)
    logits = np.stack([rng.standard_normal(300), 3.0 * labels + rng.standard_normal(300)], axis=1).astype(np.float32)
    names = tuple(str(number) for number in range(300))
    files = Files(labels, logits, folds, names, tuple(f"s{number}" for number in folds))
    outcomes = decide(files, files, weigh_by_spread(logits[folds != 6], 2.5), 6)
    assert outcomes.right > 0.3
    assert outcomes.wrong < 0.1
    meaning = measure_meaning(files, files)
    assert 0 < meaning.ece < 0.2
    assert [band for band, *_ in meaning.bands] == sorted(band for band, *_ in meaning.bands)
    assert sum(count for _, count, *_ in meaning.bands) == 300
    lowest, highest = meaning.bands[0], meaning.bands[-1]
    assert lowest[2] < 0.2 < 0.8 < highest[2]
    assert lowest[3] < 0.3 < 0.7 < highest[3]


def test_ways_to_pool_a_film_are_compared_within_folds() -> None:
    rng = np.random.default_rng(10)
    films = []
    for number in range(80):
        is_fake, fold = number % 2 == 1, number % 4 // 2
        logits = (rng.standard_normal((8, 2)) + (1.5 if is_fake else 0) + 9 * fold).astype(np.float32)
        films.append(Film(is_fake, fold, logits, np.full(8, 20, np.float32)))
    short = Film(is_fake=True, fold=0, logits=np.full((2, 2), -99, np.float32), sharpness=np.ones(2, np.float32))
    found = compare_poolings([*films, short], 2.0)
    assert found["mean"] > 0.95
    assert found["spread alone"] < 0.7
    assert compare_poolings([short], 2.0) == {}


def test_shortcuts_of_a_source_are_measured_on_filed_faces(built: Path) -> None:
    rows = SampleMaker(built).rows
    table = made_up_table(rows, 4, np.random.default_rng(7))
    table.shortcuts[:, 1] = table.forged
    measured = measure_shortcuts("first", rows, table, frozenset({"first"}))
    assert (measured.honest, measured.forged) == (12, 12)
    assert measured.aucs[1] == 1.0


def test_parts_are_joined_in_their_order(tmp_path: Path, built: Path) -> None:
    rows = SampleMaker(built).rows
    table = made_up_table(rows, 1, np.random.default_rng(8))
    table.forged[:] = False
    paths = [row.path for row in rows]
    write_part(tmp_path / "part-0001.npz", table, [*paths[3:], "gone-1", "gone-2", "gone-3"], "an earlier one's")
    write_part(tmp_path / "part-0000.npz", table, ["gone-0", *paths[:11]][::-1])
    joined = read_tokens(rows, tmp_path)
    assert joined.rows.tolist() == [*range(10, -1, -1), 11]
    assert joined.networks.tolist() == ["the network's"] * 11 + ["an earlier one's"]
    assert len(read_tokens(rows[:5], tmp_path).rows) == 5
    with pytest.raises(FileNotFoundError):
        read_tokens(rows, tmp_path / "absent")


def test_samples_that_a_folder_holds_are_not_drawn_again(tmp_path: Path, built: Path) -> None:
    maker = SampleMaker(built)
    table = made_up_table(maker.rows, 1, np.random.default_rng(8))
    write_part(tmp_path / "part-0000.npz", table, [row.path for row in maker.rows])
    write_tokens(maker, [Sample(index, 0, Kind.FILED) for index in range(12)], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["part-0000.npz"]


def test_samples_that_another_network_scored_are_not_evaluated(built: Path) -> None:
    rows = SampleMaker(built).rows
    table = made_up_table(rows, 1, np.random.default_rng(8))
    assert not Evaluation(rows, table, frozenset()).scored.any()
    shipped = replace(table, networks=np.array([digest(WEIGHTS / "model.tflite")] * 3 + ["an earlier one's"] * 9))
    assert np.flatnonzero(Evaluation(rows, shipped, frozenset()).scored).tolist() == [0, 1, 2]


class Constant:
    """A network that says the same of every face."""

    def run(self, crops: npt.NDArray[np.uint8]) -> Activations:
        count = len(crops)
        return Activations(
            np.full(count, 5, np.float32), np.zeros((count, 6, 6), np.float32), np.zeros((count, 80), np.float32)
        )


def test_a_new_network_hears_the_same_samples(tmp_path: Path, built: Path) -> None:
    maker, path = SampleMaker(built), tmp_path / "part-0000.npz"
    samples = plan_as_filed(maker.rows, cap=3)
    paths = [maker.rows[sample.row].path for sample in samples]
    shortcuts = np.stack([next(iter(maker.draw(sample)))[3] for sample in samples]).astype(np.float32)
    drawn = np.full(len(paths), AS_FILED)
    table = replace(made_up_table(maker.rows, 1, np.random.default_rng(8)), shortcuts=shortcuts, draws=drawn)
    write_part(path, table, paths)
    rescore(maker, Constant(), path, "a new one's")
    joined = read_tokens(maker.rows, tmp_path)
    assert set(joined.logits.tolist()) == {5.0}
    assert set(joined.networks.tolist()) == {"a new one's"}
    assert np.array_equal(joined.means, table.means)
    shortcuts[0] += 1
    write_part(path, replace(table, shortcuts=shortcuts), paths)
    with pytest.raises(ValueError, match="not drawn as it was"):
        rescore(maker, Constant(), path, "a new one's")


def test_added_faces_do_not_move_the_order_of_the_others(built: Path) -> None:
    rows = SampleMaker(built).rows
    few, all_of_them = plan_as_filed(rows[:9], cap=9), plan_as_filed(rows, cap=9)
    assert [sample for sample in all_of_them if sample.row < 9] == list(few)


def test_a_batch_holds_honest_faces_then_forged_ones(built: Path) -> None:
    maker = SourcePairs(built, frozenset(), frozenset())
    batch = make_batch(maker, 6, 96, np.random.default_rng(9))
    assert batch.images.shape == (12, 96, 96, 3)
    assert batch.masks.shape == (12, 3, 3)
    assert batch.labels.ravel().tolist() == [0.0] * 6 + [1.0] * 6
    assert not batch.masks[:6].any()


def test_a_class_without_sources_is_refused(built: Path) -> None:
    with pytest.raises(ValueError, match="no source is left"):
        SourcePairs(built, frozenset({"first", "third"}), frozenset())
