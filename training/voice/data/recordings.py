"""Honest speech that Debian packages carry: telephone prompts, a game's dialogues, letters of the alphabet.

Other rooms, microphones, languages and speakers than the manifest's. A package that is not installed gives none.

Source: `asterisk-core-sounds-*-g722` (CC-BY-SA-3.0), `fillets-ng-data-cs` and `-nl` (GPL-2+), `klettres-data` (GPL-2+).
Limits: read by their actors and by volunteers, short pieces joined; a game's dialogues now and then lie over noises.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av
import librosa
import numpy as np
import numpy.typing as npt

from detectors.voice.features import WINDOW_SAMPLES
from detectors.voice.speech import find_speech
from training.voice.sound.voices import RATE_HZ, levelled

Samples = npt.NDArray[np.float32]
PROMPTS: Final = ("en_US_f_Allison", "es_MX_f_Allison", "fr_CA_f_June", "it_IT_m_Carlo", "ru_RU_f_IvrvoiceRU")
DIALOGUES: Final = ("cs", "nl")
ALPHABETS: Final = (
    *("ar", "cs", "da", "de", "en", "en_GB", "es", "fr", "he", "hu"),
    *("it", "lt", "ml", "nb", "nds", "nl", "pt_BR", "ru", "tn", "uk"),
)
MOST_CLIPS: Final = 60
"""Of one source."""
LEAST_SPEECH_S: Final = 1.5
_LEAST_PIECE_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class Recordings:
    """Files of one source: one speaker or one cast, recorded in one place."""

    source: str
    files: tuple[Path, ...]


def recorded_sources(share: Path) -> tuple[Recordings, ...]:
    """The sources whose packages are installed under `share` (`/usr/share`), files in a fixed order."""
    listed = [(f"asterisk_{name}", share.glob(f"asterisk/sounds/{name}/**/*.g722")) for name in PROMPTS]
    listed += [(f"fillets_{name}", share.glob(f"games/fillets-ng/sound/*/{name}/*.ogg")) for name in DIALOGUES]
    listed += [(f"klettres_{name}", share.glob(f"klettres/{name}/**/*.ogg")) for name in ALPHABETS]
    found = (Recordings(source, tuple(sorted(files))) for source, files in listed)
    return tuple(each for each in found if each.files)


def recorded_clips(recordings: Recordings, most: int = MOST_CLIPS) -> Iterator[Samples]:
    """Clips of one window, 16 kHz, level-normalised: pieces in a drawn order, joined until a window is full."""
    rng = np.random.default_rng([23, *recordings.source.encode()])
    joined: list[Samples] = []
    given = 0
    for index in rng.permutation(len(recordings.files)):
        piece = _piece(recordings.files[int(index)])
        if piece is None:
            continue
        joined.append(piece)
        if sum(map(len, joined)) < WINDOW_SAMPLES:
            continue
        clip, joined = np.concatenate(joined)[:WINDOW_SAMPLES], []
        if speech_seconds(clip) < LEAST_SPEECH_S:
            continue
        yield levelled(clip)
        given += 1
        if given == most:
            return


def speech_seconds(clip: Samples) -> float:
    return sum(stretch.end_s - stretch.start_s for stretch in find_speech(clip))


def _piece(path: Path) -> Samples | None:
    """A file's sound without the silence around it, at its own level; None when it holds none or cannot be decoded."""
    try:
        samples = _decoded(path)
    except av.FFmpegError:
        return None
    if len(samples) == 0 or float(np.abs(samples).max()) < 1e-3:
        return None
    voiced = librosa.effects.trim(samples, top_db=35, frame_length=1024, hop_length=256)[0]
    return voiced if len(voiced) >= _LEAST_PIECE_S * RATE_HZ else None


def _decoded(path: Path) -> Samples:
    resampler = av.AudioResampler(format="fltp", layout="mono", rate=RATE_HZ)
    with av.open(str(path), format="g722" if path.suffix == ".g722" else None) as source:
        pieces = [out.to_ndarray()[0] for frame in source.decode(audio=0) for out in resampler.resample(frame)]
    return np.concatenate([*pieces, np.zeros(0, np.float32)]).astype(np.float32)
