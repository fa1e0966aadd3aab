"""Which sources are left out together: a source with both classes alone, others as an honest and a forged one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Fold:
    """name: what a reader calls it. datasets: left out whole. unscored: of them, left out and not scored.
    known_to_network: the shipped network was trained on other groups of them."""

    name: str
    datasets: frozenset[str]
    unscored: frozenset[str] = frozenset()
    known_to_network: bool = False


FOLDS: Final = (
    Fold("web photos, GAN swaps", frozenset({"openforensics"}), known_to_network=True),
    Fold("DFDC", frozenset({"dfdc"}), known_to_network=True),
    Fold("FF++ c23", frozenset({"ffpp_c23"}), known_to_network=True),
    Fold("Photoshop", frozenset({"ciplab"}), known_to_network=True),
    Fold("generated portraits", frozenset({"generated"}), known_to_network=True),
    Fold("television, ReSyncer and TALK-Act", frozenset({"resyncer"})),
    # All forged frames of ReenactGAN show one man whom none of its honest frames shows.
    Fold(
        "webcam, Wav2Lip-GAN", frozenset({"lipreading", "reenactgan"}), frozenset({"reenactgan"}), known_to_network=True
    ),
    Fold(
        "StyleGAN2 edits; UTKFace, portraits, laboratory",
        frozenset({"omi", "utkface", "portraits", "fasseg"}),
        known_to_network=True,
    ),
    Fold("VASA-1 and EMO; vloggers", frozenset({"vasa_emo", "celebv_text"})),
    Fold("Loopy and Sonic; reactions and talks", frozenset({"loopy", "sonic", "styletalk"}), known_to_network=True),
    Fold("EDTalk and AniTalker; acted clips, webcam", frozenset({"edtalk", "anitalker", "imagintalk", "liveness"})),
)

SPARED: Final = frozenset().union(*(fold.datasets for fold in FOLDS if not fold.known_to_network))
"""Datasets that the shipped network was not trained on."""
