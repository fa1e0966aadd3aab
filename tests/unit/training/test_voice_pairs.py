"""Batches of copies beside their original."""

from __future__ import annotations

import numpy as np
import pytest

from training.voice.data.pool import FOLDS, Voice
from training.voice.network.pairs import PairBatches, Schedule, batch_loss, spared


def pool() -> tuple[tuple[Voice, ...], np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Ten pages with one original and four copies each, and two sources of `voices`."""
    voices, originals = [], []
    for page in range(12):
        origin = "voices" if page > 9 else "pool"
        first = len(voices)
        voices.append(Voice("o", origin, False, f"page{page}", "human", ""))
        voices += [Voice(f"c{n}", origin, True, f"page{page}", f"s{n}", "codec") for n in range(4)]
        originals += [first] * 5
    return tuple(voices), np.array(originals)


def test_a_batch_begins_with_originals_and_their_copies_all_clean_or_all_distorted() -> None:
    voices, originals = pool()
    schedule = Schedule(groups=3, copies=3, old_real=2, old_fake=2, pages_fake=2, pages_real=2)
    batches = PairBatches(voices, originals, np.zeros(len(voices), bool), schedule)
    for step in range(20):
        rows, labels = batches.draw(np.random.default_rng(step))
        assert len(rows) == len(labels) == schedule.size
        for group in rows[:12].reshape(3, 4):
            assert len({int(row) // len(voices) for row in group}) == 1
            own = group % len(voices)
            assert not voices[own[0]].is_fake
            assert set(originals[own].tolist()) == {int(own[0])}
            assert len({voices[row].system for row in own[1:]}) == 3
        assert [voices[row % len(voices)].is_fake for row in rows] == (labels[:, 0] == 1).tolist()


def test_what_is_left_out_is_never_drawn() -> None:
    voices, originals = pool()
    left_out = spared(voices, "fold0")
    assert left_out.any()
    assert not any(voice.is_old for voice, out in zip(voices, left_out, strict=True) if out)
    batches = PairBatches(voices, originals, left_out, Schedule())
    for step in range(10):
        rows, _ = batches.draw(np.random.default_rng(step))
        assert not left_out[rows % len(voices)].any()
    assert sum(int(spared(voices, f"fold{fold}").sum()) for fold in range(FOLDS)) == 50
    assert spared(voices, "codec").sum() == 40
    with pytest.raises(ValueError, match="no family"):
        spared(voices, "steam")


def test_a_copy_above_its_original_costs_less() -> None:
    schedule = Schedule(groups=2, copies=1, old_real=0, old_fake=0, pages_fake=0, pages_real=0)
    labels = np.array([[0], [1], [0], [1]], np.float32)
    right = float(batch_loss(schedule, labels, np.array([[-1], [1], [-1], [1]], np.float32)))
    wrong = float(batch_loss(schedule, labels, np.array([[1], [-1], [1], [-1]], np.float32)))
    assert right < wrong
