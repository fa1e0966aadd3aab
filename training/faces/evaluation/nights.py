"""What the shipped detector says of honest faces filmed in the dark, and of their stand-ins in stone.

    python -m training.faces.evaluation.nights --data FACES

Honest faces of every source that `training/data` builds, as they are and as `training/faces/pictures/nights.py` makes
them, one picture each. Writes `docs/evaluation/night-faces.md`.
"""

from __future__ import annotations

import argparse
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from core.media import LocalMedia, SampledFrame
from core.types import MediaInfo, MediaKind, Outcome, ReasonCode, Scored, VisualEvidence
from detectors.faces.detector import FaceManipulationDetector, load_visual_detector
from detectors.faces.finder import FaceFinder
from training.faces.pictures.nights import NIGHTS, Night
from training.faces.tokens.features import SampleMaker
from training.reporting import table

FACES: Final = 16
"""Of a source."""
FILM_FACES: Final = 6
"""A recording of so many faces is a film; films are left out, their faces being alike."""
QUALITIES: Final = (60, 95)
"""JPEG, as a file that is shown is rarely as the camera wrote it."""
COLUMNS: Final = ("fake", "real", "between", "unfamiliar", "low_quality", "no_face")
HEADER: Final = (
    "made into", "number", "called manipulated", "no evidence", "between the limits", "unfamiliar", "too poor",
    "no face found",
)  # fmt: skip


def choose(maker: SampleMaker, finder: FaceFinder) -> tuple[int, ...]:
    """Honest faces, each of another group of people, drawn by a digest of their recordings.

    Only pictures that show one face: crops near the edge of their picture are filled up by mirroring it.
    """
    recordings: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, row in enumerate(maker.rows):
        if not row.is_fake:
            recordings[row.dataset, row.video].append(index)
    chosen: list[int] = []
    taken: Counter[str] = Counter()
    groups: set[tuple[str, str]] = set()
    ordered = sorted(recordings.items(), key=lambda item: hashlib.sha256(str(item[0]).encode()).digest())
    for (dataset, _), members in ordered:
        group = dataset, maker.rows[members[0]].group
        if group in groups or len(members) >= FILM_FACES or taken[dataset] >= FACES:
            continue
        if len(finder.find(maker.image(members[0]))) != 1:
            continue
        groups.add(group)
        taken[dataset] += 1
        chosen.append(members[0])
    return tuple(chosen)


def show(detector: FaceManipulationDetector, maker: SampleMaker, face: int, night: Night | None) -> str:
    """What becomes of one picture: `fake`, `real`, or the reason why neither."""
    rng = np.random.default_rng([face, 3])
    quality, seed = int(rng.integers(*QUALITIES)), int(rng.integers(2**31))
    image = maker.image(face)
    if night is not None:
        image = night(image, maker.landmarks[face], np.random.default_rng(seed))
    options = [cv2.IMWRITE_JPEG_QUALITY, quality]
    encoded = bytes(cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), options)[1])
    info = MediaInfo(
        kind=MediaKind.IMAGE,
        container="jpeg",
        size_bytes=len(encoded),
        sha256="0" * 64,
        duration_s=0.0,
        has_video=True,
        has_audio=False,
        width_px=image.shape[1],
        height_px=image.shape[0],
    )
    return read(detector.detect(LocalMedia(info, (SampledFrame(0, 0.0, encoded),))))


def read(evidence: VisualEvidence) -> str:
    if not isinstance(evidence.finding, Scored):
        return str(evidence.finding.reason.code)
    if evidence.finding.outcome is not Outcome.INCONCLUSIVE:
        return str(evidence.finding.outcome)
    told = [limit.code for limit in evidence.limits]
    return str(next((code for code in (ReasonCode.UNFAMILIAR, ReasonCode.LOW_QUALITY) if code in told), "between"))


def count_rows(
    detector: FaceManipulationDetector, maker: SampleMaker, faces: Sequence[int]
) -> Iterator[tuple[str, ...]]:
    """Of every kind of night, how many faces come to what."""
    kinds: dict[str, Night | None] = {"as they are": None, **NIGHTS}
    for name, night in kinds.items():
        found = Counter(show(detector, maker, face, night) for face in faces)
        told = (f"{found[each]} ({100 * found[each] / len(faces):.1f} %)" for each in COLUMNS)
        row = (name, str(len(faces)), *told)
        print(" | ".join(row), flush=True)
        yield row


def page(rows: Sequence[tuple[str, ...]]) -> str:
    return f"""# Faces filmed in the dark

    python -m training.faces.evaluation.nights --data FACES

Written by that command. Honest faces of the sources that `training/data` names, at most {FACES} of each, every one of
another group of people, one picture each, as the shipped detector judges them: as they are, without colour, with noise,
as a light intensifier and as an infrared camera would show them, and as busts.

{table(HEADER, rows)}
A face that is unfamiliar, too poor or not found gets no outcome, whether it is honest or forged.

## Limits

The nights are made by arithmetic from pictures taken in light, not by such cameras; stone is a rough stand-in. The
models learnt from most of these sources, so that faces as they are score lower than a stranger's would. Films of such
cameras and masks were not measured, for want of data.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("docs/evaluation"))
    arguments = parser.parse_args()
    maker, detector = SampleMaker(arguments.data), load_visual_detector(device="cpu", threads=1)
    text = page(list(count_rows(detector, maker, choose(maker, FaceFinder()))))
    (arguments.out / "night-faces.md").write_text(text)


if __name__ == "__main__":
    main()
