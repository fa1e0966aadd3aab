"""The pool of voices: labels, families, cuts, folds and pairs."""

from __future__ import annotations

import numpy as np
import pytest

from training.data.voices import LONGEST_S, RATE_HZ, Clip, chosen, cut, read_rules
from training.voice.data.bank import ENVELOPE_BANDS, ENVELOPE_FRAMES, find_originals
from training.voice.data.pool import Voice, assign_folds, read_dealt
from training.voice.sound.chain import distort


@pytest.mark.parametrize(
    ("page", "system", "family"),
    [
        ("periodwave/demo", "bigvgan_base", "bigvgan"),
        ("periodwave/demo", "mimi_codebook16", "codec"),
        ("periodwave/demo", "pw16", "flow"),
        ("BakerBunker/FreeV", "istft_inv", "vocos"),
        ("kallavinka8045/icassp2021", "UniversalMelGAN-page wavernn", "autoregressive"),
        ("SVCODEC/SVCODEC.github.io", "MELP", "classical"),
        ("BrightGu/MediumVC", "FragmentVC", "conversion"),
        ("chomeyama/wavehax-demo", "hifigan.sine", "hifigan"),
        ("nobody/knows", "mystery", "unknown"),
    ],
)
def test_a_system_belongs_to_the_family_that_its_name_or_page_tells(page: str, system: str, family: str) -> None:
    assert read_rules().family_of(page, system) == family


def test_restored_speech_is_neither_class() -> None:
    rules = read_rules()
    assert rules.is_neither("fake", "Miipher-oss", "google/df-conformer", "miipher/a.wav")
    assert not rules.is_neither("fake", "wavefit-page iter5", "google/df-conformer", "wavefit/a.wav")
    assert not rules.is_neither("fake", "Miipher-oss", "somebody/else", "miipher/a.wav")


def test_a_cut_begins_with_the_sound_and_has_one_level() -> None:
    rng = np.random.default_rng(0)
    loud = rng.standard_normal(RATE_HZ * 8).astype(np.float32) * 0.4
    silence = np.zeros(RATE_HZ, np.float32)
    found = cut(np.concatenate([silence, loud]), RATE_HZ)
    assert found is not None
    assert len(found) == LONGEST_S * RATE_HZ
    assert float(np.sqrt(np.mean(found**2))) == pytest.approx(0.06, rel=0.05)
    assert cut(silence * 2, RATE_HZ) is None


def test_a_system_keeps_the_utterances_that_others_share() -> None:
    clips = [Clip("fake", system, "a/b", f"{system}{name}", f"{system}/{name}.wav") for system in "xy" for name in "12"]
    clips += [Clip("fake", "x", "a/b", f"alone{n}", f"x/alone{n}.wav") for n in range(5)]
    kept = chosen(clips, most=2, most_honest=2)
    assert {clip.sha for clip in kept} == {"x1", "x2", "y1", "y2"}


def test_a_page_lies_in_one_fold_and_folds_are_balanced() -> None:
    voices = tuple(
        Voice(f"{page}{n}", "pool", n % 2 == 0, f"page{page}", "s", "codec") for page in range(10) for n in range(10)
    )
    folds = assign_folds(voices, 5)
    for page in range(10):
        assert len({int(f) for f, voice in zip(folds, voices, strict=True) if voice.page == f"page{page}"}) == 1
    assert np.bincount(folds).tolist() == [20] * 5


def test_a_page_that_was_dealt_stays_in_its_fold_however_much_of_it_is_read() -> None:
    page, fold = next((page, fold) for page, fold in read_dealt().items() if fold)
    few = (Voice("a", "pool", True, page, "s", "codec"),)
    many = tuple(Voice(f"b{n}", "pool", n % 2 == 0, page, "s", "codec") for n in range(50))
    new = tuple(Voice(f"c{n}", "pool", n % 2 == 0, "new", "s", "codec") for n in range(10))
    assert assign_folds(few).tolist() == [fold]
    assert set(assign_folds(many + new)[:50]) == {fold}
    assert fold not in assign_folds(many + new)[50:]


def test_a_copy_is_found_by_its_sound_within_its_page_only() -> None:
    rng = np.random.default_rng(1)
    first, second = rng.standard_normal((2, ENVELOPE_BANDS, ENVELOPE_FRAMES)).astype(np.float32)
    copy = np.roll(first, 3, axis=1) + 0.2 * second
    voices = [
        Voice("h1", "pool", False, "p", "human", ""),
        Voice("h2", "pool", False, "p", "human", ""),
        Voice("c", "pool", True, "p", "s", "codec"),
        Voice("c", "pool", True, "q", "s", "codec"),
        Voice("h3", "pool", False, "q", "human", ""),
    ]
    found = find_originals(voices, np.stack([first, second, copy, copy, second]))
    assert found.tolist() == [0, 1, 0, -1, 4]


def test_a_chain_follows_from_its_generator_and_keeps_the_length() -> None:
    window = np.random.default_rng(2).standard_normal(RATE_HZ * 3).astype(np.float32) * 0.05
    for seed in range(30):
        out = distort(window, np.random.default_rng(seed))
        assert out.shape == window.shape
        assert out.dtype == np.float32
        assert np.isfinite(out).all()
        np.testing.assert_array_equal(out, distort(window, np.random.default_rng(seed)))
