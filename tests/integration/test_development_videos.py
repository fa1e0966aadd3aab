"""The shipped detectors over the development videos, as a whole: what nobody sees when a model computes nonsense."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from cli.scoring import FileScore, shipped_scorer
from core.types import Outcome

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "videos"


@pytest.mark.timeout(300)
@pytest.mark.skipif(not DATA.exists(), reason="the development videos are not here")
def test_no_honest_video_is_called_manipulated_and_forged_ones_score_higher() -> None:
    with (DATA / "manifest.csv").open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    scorer = shipped_scorer(frame_budget=16, faces=False, threads=2)
    found = [(row["label"], scorer.score(str(DATA / row["path"]))) for row in rows]
    assert len(found) == 12
    assert all(isinstance(line, FileScore) for _, line in found)
    told = [(label, line) for label, line in found if isinstance(line, FileScore)]
    called = [line.path for label, line in told if label == "real" and line.verdict is Outcome.FAKE]
    assert called == []
    faces = [(label, line.visual.p_fake) for label, line in told if line.visual.p_fake is not None]
    pairs = [(fake, real) for kind, fake in faces if kind == "fake" for other, real in faces if other == "real"]
    assert sum(fake > real for fake, real in pairs) >= 0.6 * len(pairs)
