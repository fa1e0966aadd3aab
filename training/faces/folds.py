"""Which sources are left out together: a source with both classes alone, others as an honest and a forged one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Fold:
    """name: what a reader calls it. datasets: left out whole."""

    name: str
    datasets: frozenset[str]


FOLDS: Final = (
    Fold("web photos, GAN swaps", frozenset({"openforensics"})),
    Fold("DFDC", frozenset({"dfdc"})),
    Fold("FF++ c23", frozenset({"ffpp_c23"})),
    Fold("Photoshop", frozenset({"ciplab"})),
    Fold("generated portraits", frozenset({"generated"})),
    Fold("television, ReSyncer and TALK-Act", frozenset({"resyncer"})),
    Fold("webcam, Wav2Lip-GAN; ReenactGAN", frozenset({"lipreading", "reenactgan"})),
    Fold("StyleGAN2 edits; UTKFace, portraits, laboratory", frozenset({"omi", "utkface", "portraits", "fasseg"})),
    Fold("VASA-1 and EMO; vloggers", frozenset({"vasa_emo", "celebv_text"})),
    Fold("Loopy and Sonic; reactions and talks", frozenset({"loopy", "sonic", "styletalk"})),
    Fold("EDTalk and AniTalker; acted clips, webcam", frozenset({"edtalk", "anitalker", "imagintalk", "liveness"})),
)
