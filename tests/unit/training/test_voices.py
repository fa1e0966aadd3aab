"""Voices that training makes itself."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from detectors.voice.features import WINDOW_SAMPLES
from training.voice.sound import voices


def test_without_a_speller_there_are_none(monkeypatch, capsys):
    monkeypatch.setenv("PATH", "")
    assert list(voices.made_voices()) == []
    assert "espeak-ng is not installed" in capsys.readouterr().out


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_piper_speaks_at_the_level_of_the_other_clips():
    made = list(voices.made_voices({voices.PIPER: 2}))
    assert [system for system, _ in made] == [voices.PIPER] * 2
    for _, clip in made:
        assert 8_000 < len(clip) <= WINDOW_SAMPLES
        assert float(np.sqrt(np.mean(clip**2))) == pytest.approx(0.06, rel=1e-3)
    assert not np.array_equal(made[0][1][:8000], made[1][1][:8000])
