"""Heads over the voice network's levels: what they learn, and that the joined network says the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from detectors.voice.encoder import Head
from detectors.voice.features import BINS, FRAMES
from tests.fixtures.calibrations import CALIBRATION
from training.calibration import for_longer_files
from training.voice.data.pool import Voice
from training.voice.evaluation.by_family import Longer, Said, first_half, fit_limits, page_aucs
from training.voice.heads.fitting import Material, Recipe, fit_head, left_out_logits, mean_of
from training.voice.heads.longer import LEAST_SAMPLES, choose_long
from training.voice.network.levels import SPECTRUM, spectrum_statistics


def material(seed: int = 0, pages: int = 10, each: int = 24) -> Material:
    """Pages whose synthetic clips differ from their own honest ones in one of twelve features."""
    rng = np.random.default_rng(seed)
    voices, rows, originals = [], [], []
    for page in range(pages):
        room = rng.standard_normal(12)
        for number in range(each):
            is_fake = number >= each // 2
            old = page >= pages - 2
            voices.append(
                Voice(f"{number}", "voices" if old else "pool", is_fake, f"page{page}", "s", "codec" if is_fake else "")
            )
            originals.append(page * each + number - (each // 2 if is_fake else 0))
            rows.append(room + rng.standard_normal(12) * 0.5 + (np.arange(12) == 3) * 2.0 * is_fake)
    features = np.array(rows, np.float32)
    return Material(tuple(voices), (features, features + np.float32(0.1)), np.array(originals))


QUICK = Recipe(hidden=4, steps=120, batch=64, pairs=16, pair_weight=0.3, rate=5e-3)


def test_a_head_learns_what_copies_differ_in_and_the_same_again() -> None:
    made = material()
    heard = np.ones(len(made.voices), bool)
    first, second = (fit_head(made, heard, QUICK, [5]) for _ in range(2))
    logits = first.logits(made.features[0])
    assert logits[made.labels == 1].mean() > logits[made.labels == 0].mean() + 1
    np.testing.assert_array_equal(logits, second.logits(made.features[0]))


def test_a_left_out_logit_is_of_a_head_that_did_not_hear_the_page() -> None:
    made = material()
    logits = left_out_logits(made, QUICK, [5], [1])
    asked = np.isfinite(logits[0])
    names = {voice.page for voice, kept in zip(made.voices, asked, strict=True) if kept}
    rest = {voice.page for voice, kept in zip(made.voices, asked, strict=True) if not kept}
    assert names
    assert not names & rest


def test_the_mean_of_heads_is_the_mean_of_their_logits() -> None:
    made = material()
    heard = np.ones(len(made.voices), bool)
    recipe = Recipe(hidden=3, steps=20, batch=32, pairs=8)
    heads = [fit_head(made, heard, recipe, [seed]) for seed in (1, 2)]
    expected = np.mean([head.logits(made.features[0]) for head in heads], axis=0)
    np.testing.assert_allclose(mean_of(heads).logits(made.features[0]), expected, atol=1e-4)
    both = fit_head(made, heard, recipe, [1, 2])
    np.testing.assert_allclose(both.logits(made.features[0]), expected, atol=1e-4)


def test_limits_are_fitted_on_the_pages_that_they_may_hear() -> None:
    made = material(pages=24)
    half = first_half(made.voices)
    pages = {voice.page for voice, kept in zip(made.voices, half, strict=True) if kept}
    assert pages
    assert not pages & {voice.page for voice, kept in zip(made.voices, half, strict=True) if not kept}
    logits = np.tile(np.where(made.labels == 1, 2.0, -2.0).astype(np.float32), (2, 1))
    logits[:, ~half] *= -1
    rows = np.arange(len(made.voices))
    limits = fit_limits(made.voices, logits, half, Longer(rows, logits))
    assert limits.file.p_fake(2.0) > 0.7
    assert limits.real < 0.5 < limits.fake


def test_two_windows_that_err_apart_are_scaled_more_steeply_than_one() -> None:
    made = material(pages=24, each=12)
    rng = np.random.default_rng(4)
    signs = np.where(made.labels == 1, 1.0, -1.0)
    logits = (signs + rng.normal(0, 2, (2, len(signs)))).astype(np.float32)
    rows, every = np.flatnonzero([not voice.is_old for voice in made.voices]), np.ones(len(signs), bool)
    apart = Longer(rows, logits[:, rows]).gain(made.voices, every)
    alike = Longer(rows, np.tile(logits[:1, rows], (2, 1))).gain(made.voices, every)
    assert 1.5 < apart.slope < 2.5
    assert (alike.slope, alike.intercept) == (pytest.approx(1), pytest.approx(0))
    longer = for_longer_files(CALIBRATION, apart)
    assert longer.file.slope == pytest.approx(CALIBRATION.file.slope * apart.slope, abs=1e-6)
    assert longer.sample == CALIBRATION.sample
    assert longer.version != CALIBRATION.version


def test_clips_of_two_windows_are_drawn_by_class_and_shorter_ones_are_not(tmp_path: Path) -> None:
    made = replace(material(), voices=tuple(replace(voice, origin="pool") for voice in material().voices))
    paths: list[Path | None] = []
    for row in range(len(made.voices)):
        path = tmp_path / f"{row}.flac"
        soundfile.write(path, np.zeros(LEAST_SAMPLES - row % 2, np.float32), 16_000)
        paths.append(path if row % 8 else None)
    rows = choose_long(made, paths)
    assert rows.tolist() == sorted(rows.tolist())
    assert all(row % 2 == 0 and row % 8 for row in rows)
    assert set(made.labels[rows]) == {0, 1}


def test_each_clip_is_decided_by_its_own_judge() -> None:
    labels = np.array([0, 0, 1, 1])
    logits = np.tile(np.array([-9.0, 9.0, -9.0, 9.0], np.float32), (2, 1))
    first = np.array([True, False, True, False])
    never = CALIBRATION.model_copy(update={"fake": 1.0, "real": 0.0})
    every = np.ones(4, bool)
    found = Said("both", logits, ((CALIBRATION, first), (never, ~first))).errors(labels, every)
    assert (found.false_alarms, found.misses) == (0.0, 0.5)
    assert (found.undecided_real, found.undecided_fake) == (0.5, 0.5)


def test_an_auc_within_pages_ignores_what_tells_pages_apart() -> None:
    made = material(each=12)
    chosen = np.array([not voice.is_old for voice in made.voices])
    number = np.array([int(voice.page.removeprefix("page")) for voice in made.voices], np.float32)
    found = page_aucs(made.voices, chosen, made.labels, number)
    assert set(found.values()) == {0.5}
    said = Said("nothing", np.tile(number, (2, 1)), ((CALIBRATION, chosen),))
    assert said.errors(made.labels, chosen).misses >= 0


def test_the_joined_network_says_what_the_head_says_of_the_levels() -> None:
    keras = pytest.importorskip("keras")
    from training.voice.heads.network import join
    from training.voice.network.backbone import build, imagenet
    from training.voice.network.levels import with_levels

    rng = np.random.default_rng(3)
    planes = rng.standard_normal((3, FRAMES, BINS, 1)).astype(np.float32)
    trunk = build(imagenet())
    levels = np.asarray(with_levels(trunk).predict_on_batch(planes)[0])
    features = np.concatenate([levels, spectrum_statistics(planes[..., 0])], axis=1)
    size = features.shape[1]
    assert size == levels.shape[1] + SPECTRUM
    head = Head(
        mean=features.mean(axis=0),
        scale=features.std(axis=0) + np.float32(0.01),
        line=(rng.standard_normal(size) * 0.03).astype(np.float32),
        offset=0.3,
        inner=(rng.standard_normal((5, size)) * 0.02).astype(np.float32),
        bias=rng.standard_normal(5).astype(np.float32),
        out=rng.standard_normal(5).astype(np.float32),
    )
    network = join(trunk, head)
    np.testing.assert_allclose(network.predict_on_batch(planes).ravel(), head.logits(features), atol=2e-3)
    assert isinstance(network, keras.Model)
    assert network.output_shape == (None, 1)
