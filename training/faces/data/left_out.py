"""The left-out files of every source, and what the serving code observes in them."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from core.media import LocalMedia, SampledFrame
from core.types import MediaInfo, MediaKind, Scored, VisualObservations
from detectors.faces.detector import FaceManipulationDetector
from detectors.media.extraction import decode_image
from training.calibration import Scores
from training.faces.data.dataset import FaceRow
from training.faces.pictures.corruptions import CORRUPTIONS, Encoder

FRAMES_PER_VIDEO: Final = 16
STILLS: Final = {"dfdc": 400, "ciplab": 264, "generated": 280}
"""Left-out stills scored of each source, whole groups first come by a fixed shuffle."""
GRID_FRAMES: Final = 3
"""Frames of each FF++ video in the corruption grid, and as many stills of each other source as that makes, halved."""


@dataclass(frozen=True, slots=True)
class File:
    """One video's frames, or one still, as a file to score."""

    source: str
    method: str
    group: str
    is_fake: bool
    paths: tuple[str, ...]


@dataclass(slots=True)
class Seen:
    """What the detector observed in each file."""

    files: list[File] = field(default_factory=list)
    observations: list[VisualObservations] = field(default_factory=list)

    def observed(self) -> Iterable[tuple[File, VisualObservations]]:
        return ((f, o) for f, o in zip(self.files, self.observations, strict=True) if o.faces)

    def frame_scores(self) -> Scores:
        return _scores((f, face.logit) for f, o in self.observed() for face in o.faces)

    def file_scores(self, detector: FaceManipulationDetector) -> Scores:
        return _scores((f, pooled_logit(detector, f, o)) for f, o in self.observed())

    def mean_scores(self) -> Scores:
        """The mean over a video's frames: the measure that the literature reports."""
        return _scores((f, float(np.mean([face.logit for face in o.faces]))) for f, o in self.observed())


def left_out_files(rows: Sequence[FaceRow]) -> tuple[File, ...]:
    """The left-out files of every source, the same ones every time."""
    files = []
    rows = sorted(rows, key=lambda row: row.path)
    videos: dict[tuple[str, str], list[FaceRow]] = {}
    for row in rows:
        if row.held_out and row.dataset == "ffpp_c23":
            videos.setdefault((row.method, row.video), []).append(row)
    for (method, _), frames in sorted(videos.items()):
        paths = sorted(row.path for row in frames)
        spread = np.unique(np.linspace(0, len(paths) - 1, min(FRAMES_PER_VIDEO, len(paths))).round().astype(int))
        files.append(
            File("ffpp_c23", method, frames[0].group, frames[0].is_fake, tuple(paths[index] for index in spread))
        )
    for source, limit in STILLS.items():
        groups: dict[str, list[FaceRow]] = {}
        for row in rows:
            if row.held_out and row.dataset == source:
                groups.setdefault(row.group, []).append(row)
        names = sorted(groups)
        chosen = [row for index in np.random.default_rng(3).permutation(len(names)) for row in groups[names[index]]]
        files += [File(source, row.method, row.group, row.is_fake, (row.path,)) for row in chosen[:limit]]
    return tuple(files)


def observe(detector: FaceManipulationDetector, faces: Path, file: File, encode: Encoder | None) -> VisualObservations:
    """The serving path from encoded picture to logits; `encode` corrupts each picture first."""
    frames = []
    for index, path in enumerate(file.paths):
        encoded = (faces / path).read_bytes()
        if encode is not None:
            encoded = encode(decode_image(encoded))
        frames.append(SampledFrame(index, index * 0.5, encoded))
    return detector.observe(LocalMedia(info=_info(file), frames=tuple(frames), is_face_crop=True))


def pooled_logit(detector: FaceManipulationDetector, file: File, observed: VisualObservations) -> float:
    finding = detector.interpret(_info(file), observed).finding
    assert isinstance(finding, Scored)
    return finding.uncalibrated


def _info(file: File) -> MediaInfo:
    return MediaInfo(
        kind=MediaKind.VIDEO if len(file.paths) > 1 else MediaKind.IMAGE,
        container="frames",
        size_bytes=0,
        sha256="0" * 64,
        duration_s=len(file.paths) * 0.5,
        has_video=True,
        has_audio=False,
    )


def _scores(entries: Iterable[tuple[File, float]]) -> Scores:
    listed = list(entries)
    return Scores(
        labels=np.array([int(file.is_fake) for file, _ in listed]),
        logits=np.array([logit for _, logit in listed]),
        sources=tuple(file.source for file, _ in listed),
        groups=tuple(file.group for file, _ in listed),
    )


def grid_files(files: Sequence[File]) -> tuple[File, ...]:
    chosen = []
    for file in files:
        if file.source == "ffpp_c23":
            step = max(1, len(file.paths) // GRID_FRAMES)
            chosen.append(File(file.source, file.method, file.group, file.is_fake, file.paths[::step][:GRID_FRAMES]))
    stills = GRID_FRAMES * len(chosen) // 2
    for source in STILLS:
        listed = [file for file in files if file.source == source]
        for is_fake in (False, True):
            chosen += [file for file in listed if file.is_fake is is_fake][: stills // 2]
    return tuple(chosen)


def degraded(detector: FaceManipulationDetector, faces: Path, files: Sequence[File]) -> Seen:
    """Every file once more, each under one corruption that its group's name draws."""
    names = [name for name in CORRUPTIONS if name != "none"]
    encoders = [CORRUPTIONS[names[zlib.crc32(file.group.encode()) % len(names)]] for file in files]
    return Seen(list(files), [observe(detector, faces, f, encode) for f, encode in zip(files, encoders, strict=True)])
