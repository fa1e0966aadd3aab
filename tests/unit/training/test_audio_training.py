"""What the audio training refuses, without data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from training.audio.dataset import VoiceCache
from training.audio.train import Run, Schedule


def test_a_fold_does_not_go_on_from_weights_that_may_have_heard_it(tmp_path):
    nothing = np.zeros((0, 0), np.int16)
    cache = VoiceCache((), np.zeros(0, np.int64), nothing, nothing, np.zeros(0, np.int64), nothing)
    with pytest.raises(ValueError, match="heard no voices"):
        Run(tmp_path / "fold0", Schedule(), cache, 0, resume=False, initial=Path("model.keras"))
    assert not (tmp_path / "fold0").exists()
