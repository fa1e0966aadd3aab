"""What file names tell of speakers, and the directions that are fitted to them."""

from __future__ import annotations

import numpy as np
import pytest

from training.voice.data.pool import VOICES, Voice
from training.voice.speakers.fitting import DIRECTIONS, fit, fit_folds
from training.voice.speakers.material import Voices, name_speaker
from training.voice.speakers.pages import _card, _page

SIZE = 60
EACH = 6


def clip(path: str, page: str = "page", *, origin: str = "pool", is_fake: bool = False) -> Voice:
    return Voice(path, origin, is_fake, page, "human", "")


@pytest.mark.parametrize(
    ("path", "speaker"),
    [
        ("gt/p225_001.wav", "vctk_p225"),
        ("gt/LJ001-0072.wav", "lj_LJ"),
        ("data/103_1240_000012_000001.wav", "libri_103"),
        ("recordings/*_george_*.wav/0", "fsdd_george"),
        ("gt/prompt_03.wav", ""),
        ("data/sr/wavs/p225_001-h-106.wav", ""),
    ],
)
def test_a_speaker_is_named_by_the_file(path: str, speaker: str) -> None:
    assert name_speaker(clip(path)) == speaker


def test_the_manifest_names_the_speakers_of_the_first_set_and_crowds_are_nobody() -> None:
    own = clip("a.flac", origin=VOICES)
    assert name_speaker(own, "emodb_08") == "emodb_08"
    assert name_speaker(own, "unknown(crowd)") == ""
    assert name_speaker(clip("gt/p225_001.wav", is_fake=True)) == ""


def made() -> Voices:
    """Four pages of four speakers, who differ in the first five statistics, in rooms that differ in the next ten."""
    rng = np.random.default_rng(0)
    voices, speakers, clean = [], [], []
    for page in range(4):
        room = np.zeros(SIZE)
        room[5:15] = rng.normal(0, 20, 10)
        for speaker in range(4):
            voice = np.zeros(SIZE)
            voice[:5] = rng.normal(0, 4, 5)
            for number in range(EACH):
                voices.append(clip(f"{page}-{speaker}-{number}.wav", f"page {page}"))
                speakers.append(f"{page}-{speaker}")
                clean.append(room + voice + rng.normal(size=SIZE))
    first = np.array(clean, np.float32)
    again = (first + rng.normal(size=first.shape)).astype(np.float32)
    honest = np.arange(len(voices))
    return Voices(tuple(voices), tuple(speakers), first, honest, again, again, np.ones(len(voices), bool))


def test_directions_follow_speakers_and_not_the_rooms_of_pages() -> None:
    voices = made()
    directions = fit(voices, np.ones(len(voices.voices), bool))
    assert directions.directions.shape == (SIZE, DIRECTIONS)
    strongest = np.abs(directions.directions[:, np.argmax(directions.spread)] / directions.scale)
    assert strongest[:5].sum() > 3 * strongest[5:15].sum()


def test_a_fold_hears_neither_its_pages_nor_its_speakers() -> None:
    voices = made()
    whole = fit(voices, np.ones(len(voices.voices), bool))
    folds = dict(fit_folds(voices))
    assert set(folds) == set(range(5))
    assert any(not np.array_equal(each.mean, whole.mean) for each in folds.values())


def test_page_and_card_tell_the_figures() -> None:
    recording = {
        "recordings": 9,
        "pages": 3,
        "seconds": [9.0, 31.0, 60.0],
        "several": 0.021,
        "exactly": 0.9,
        "purity": 0.95,
    }
    verdict = {"several": 0.5, "fake_before": 0.1, "fake": 0.2, "real_before": 0.3, "real": 0.25}
    figures = {
        "least_log_odds": 12.0,
        "clips": 4502,
        "speakers": 126,
        "pairs": {"auc": 0.874, "eer": 0.206, "pairs": 8925},
        "windows": {"one": recording, "two": recording | {"several": 0.7, "purity": None}},
        "recordings": {"one": recording},
        "verdicts": {"two honest voices": verdict},
    }
    page = _page(figures)
    assert "| one voice | 9 of 3 pages, 31 s (9–60) | 2.1 % | 90.0 % | 95.0 % |" in page
    assert "| two honest voices | 50.0 % | 10.0 % | 20.0 % | 30.0 % | 25.0 % |" in page
    assert "| one voice | 3 | 2.1 % | 90.0 % | 95.0 % |" in page
    assert "2.1 % of rows of one voice's windows are split, 70.0 %" in " ".join(_card(figures).split())
