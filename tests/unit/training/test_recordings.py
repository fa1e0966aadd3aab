"""Honest recordings of packages: what is there is read, what is not is nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from detectors.voice.features import WINDOW_SAMPLES
from tests.fixtures.calibrations import CALIBRATION
from training.voice.data import recordings
from training.voice.data.recordings import recorded_clips, recorded_sources
from training.voice.evaluation.elsewhere import Said, page, parted, unknown_voice, within


def written(path: Path, seconds: float, hertz: float, rate_hz: int = 22_050) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    samples = 0.3 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate_hz)) / rate_hz)
    soundfile.write(path, np.concatenate([np.zeros(rate_hz // 4), samples]), rate_hz, format="OGG", subtype="VORBIS")


@pytest.fixture
def everything_is_speech(monkeypatch):
    monkeypatch.setattr(recordings, "speech_seconds", lambda clip: len(clip) / 16_000)


def test_nothing_installed_is_no_source(tmp_path):
    assert recorded_sources(tmp_path) == ()


def test_short_pieces_are_joined_without_their_silence(tmp_path, everything_is_speech):
    for index in range(9):
        written(tmp_path / "klettres" / "nl" / "alpha" / f"{index}.ogg", 0.9, 200 + 40 * index)
    (tmp_path / "klettres" / "nl" / "alpha" / "broken.ogg").write_bytes(b"OggS, but not really")
    (source,) = recorded_sources(tmp_path)
    assert source.source == "klettres_nl"
    clips = list(recorded_clips(source))
    assert len(clips) == 2
    for clip in clips:
        assert clip.shape == (WINDOW_SAMPLES,)
        assert float(np.sqrt(np.mean(clip**2))) == pytest.approx(0.06, rel=1e-3)
        assert np.abs(clip).reshape(-1, 800).max(axis=1).min() > 0.01


def test_tones_are_no_speech(tmp_path):
    for index in range(6):
        written(tmp_path / "games" / "fillets-ng" / "sound" / "level" / "cs" / f"{index}.ogg", 1.5, 440.0)
    (source,) = recorded_sources(tmp_path)
    assert list(recorded_clips(source)) == []


def test_clips_that_are_not_scored_do_not_count():
    honest = Said("honest", np.array([-1.0, np.nan, -2.0]))
    assert parted(honest, Said("other", np.array([0.5, np.nan]))) == 1.0
    assert parted(honest, Said("other", np.array([-1.5]))) == 0.5
    silent = Said("silent", np.array([np.nan]))
    assert within([honest, honest], [Said("other", np.array([-1.5])), silent]) == 0.5


def test_the_unknown_system_speaks_and_the_page_says_what_was_heard():
    (clip,) = unknown_voice(1)
    assert 16_000 < len(clip) <= WINDOW_SAMPLES
    assert float(np.sqrt(np.mean(clip**2))) == pytest.approx(0.06, rel=1e-3)
    line = Said("klettres_nl", np.array([-9.0, 9.0, np.nan])).line(CALIBRATION)
    assert (line["clips"], line["scored"], line["called_fake"], line["called_real"]) == (3, 2, 0.5, 0.5)
    written = page({"klettres_nl": line}, {"world": {"auc": 0.75, **line}}, 0.6)
    assert "| klettres_nl | 3 | 2 | 50 % | 50 % | 0.0 |" in written
    assert "| world | 0.75 | 3 | 2 |" in written
