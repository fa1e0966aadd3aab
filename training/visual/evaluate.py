"""Evaluate the committed visual detector on left-out groups, through the code that serves.

`python -m training.visual.evaluate --data ../shared/data [--calibrate]` writes `docs/evaluation/visual.{md,json}` and
the model card; `--calibrate` first fits `calibration.json` on one half of the left-out groups.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from core.media import LocalMedia, RgbImage, SampledFrame
from core.types import MediaInfo, MediaKind, Scored, VisualObservations
from detectors.calibration import Calibration
from detectors.faces import crop_face, sharpness
from detectors.media import decode_image
from detectors.visual import INPUT_PX, NAME, WEIGHTS, FaceManipulationDetector, load_visual_detector
from training.calibration import Scores, calibrate, write
from training.metrics import auc
from training.reporting import (
    ERROR_HEADER,
    PAGES,
    Row,
    decimal,
    digest,
    errors,
    evaluated,
    measures_table,
    provenance,
    recipe,
    table,
    write_page,
)
from training.visual.dataset import FaceRow, read_manifest
from training.visual.pages import card, page

FRAMES_PER_VIDEO: Final = 16
STILLS: Final = {"dfdc": 400, "ciplab": 264, "generated": 280}
"""Left-out stills scored of each source, whole groups first come by a fixed shuffle."""
GRID_FRAMES: Final = 3
"""Frames of each FF++ video in the corruption grid, and as many stills of each other source as that makes, halved."""
EQUAL_PX: Final = 200
"""Shorter side of equalised stills: smaller than any of them, so that all are made smaller."""
MISMATCHED: Final = ("ciplab", "generated")
"""Sources whose honest and forged stills differ in size."""
POPULATION: Final = "left-out groups of FaceForensics++ c23 videos and of DFDC, Photoshop and generated-face stills"

Encoder = Callable[[RgbImage], bytes]


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


# ------------------------------------------------------------------------------------------------ corruptions


def _jpeg(quality: int) -> Encoder:
    return lambda image: cv2.imencode(".jpg", _bgr(image), [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def _resized(share: float) -> Encoder:
    def encode(image: RgbImage) -> bytes:
        small = cv2.resize(image, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
        return _png(np.asarray(cv2.resize(small, image.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.uint8))

    return encode


def _noisy(image: RgbImage) -> bytes:
    noise = np.random.default_rng(image.size).normal(0, 8, image.shape)
    return _png(np.clip(image + noise, 0, 255).astype(np.uint8))


def _equalised(image: RgbImage) -> bytes:
    """Every still at one size and through one encoder: neither can tell the classes apart any more."""
    scale = EQUAL_PX / min(image.shape[:2])
    resized = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return _jpeg(85)(np.asarray(resized, np.uint8))


def _bgr(image: RgbImage) -> RgbImage:
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2BGR), np.uint8)


def _png(image: RgbImage) -> bytes:
    return bytes(cv2.imencode(".png", _bgr(image), [cv2.IMWRITE_PNG_COMPRESSION, 1])[1])


CORRUPTIONS: Final[dict[str, Encoder | None]] = {
    "none": None,
    "JPEG 75": _jpeg(75),
    "JPEG 50": _jpeg(50),
    "JPEG 30": _jpeg(30),
    "half size": _resized(0.5),
    "blur, sigma 1.5 px": lambda image: _png(np.asarray(cv2.GaussianBlur(image, (0, 0), 1.5), np.uint8)),
    "noise, sigma 8": _noisy,
}


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


def corruption_grid(
    detector: FaceManipulationDetector, faces: Path, files: Sequence[File], calibration: Calibration
) -> dict[str, dict[str, float]]:
    """By corruption: AUC of FF++ videos and of the stills, and the share of honest files at or above `fake`."""
    grid = {}
    for name, encode in CORRUPTIONS.items():
        seen = Seen(list(files), [observe(detector, faces, file, encode) for file in files])
        scores = seen.mean_scores()
        videos = np.array([source == "ffpp_c23" for source in scores.sources])
        by_still = [
            auc(part.labels, part.logits)
            for source in STILLS
            for part in [scores.where(np.array([name == source for name in scores.sources]))]
        ]
        p_fake = probabilities(calibration, scores)
        grid[name] = {
            "ffpp_c23": auc(scores.labels[videos], scores.logits[videos]),
            "stills": float(np.mean(by_still)),
            "false_alarms": float(np.mean(p_fake[scores.labels == 0] >= calibration.fake)),
            "mean_shift": float(np.mean(scores.logits)),
        }
    return grid


# ------------------------------------------------------------------------------------------------ shortcuts


def shortcuts(faces: Path, files: Sequence[File], encode: Encoder | None = None) -> dict[str, dict[str, float]]:
    """AUC by source of single numbers that must not give the label away; by the middle frame of each file."""
    named: dict[str, dict[str, list[float]]] = {}
    labels: dict[str, list[int]] = {}
    for file in files:
        encoded = (faces / file.paths[len(file.paths) // 2]).read_bytes()
        if encode is not None:
            encoded = encode(decode_image(encoded))
        image = decode_image(encoded)
        values = {
            "shorter side": float(min(image.shape[:2])),
            "file size": float(len(encoded)),
            "sharpness at the model's size": sharpness(crop_face(image, None, INPUT_PX).image),
            "brightness": float(image.mean()),
        }
        labels.setdefault(file.source, []).append(int(file.is_fake))
        for name, value in values.items():
            named.setdefault(file.source, {}).setdefault(name, []).append(value)
    return {
        source: {name: auc(np.array(labels[source]), np.array(column)) for name, column in columns.items()}
        for source, columns in named.items()
    }


# ------------------------------------------------------------------------------------------------ the whole


def probabilities(calibration: Calibration, scores: Scores) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([calibration.file.p_fake(float(logit)) for logit in scores.logits])


def populations(scores: Scores, methods: Sequence[str], calibration: Calibration) -> list[Row]:
    """FF++ as a whole and by method (against all its reals), then each source of stills."""
    sources, method = np.array(scores.sources), np.array(methods)
    ffpp = sources == "ffpp_c23"
    wanted = {"FF++ c23, all": ffpp}
    wanted |= {
        f"FF++ c23, {name}": ffpp & ((scores.labels == 0) | (method == name))
        for name in sorted(set(method[ffpp & (scores.labels == 1)]))
    }
    wanted |= {
        "DFDC val": sources == "dfdc",
        "generated faces": sources == "generated",
        "Photoshop": sources == "ciplab",
    }
    return [evaluated(name, part, probabilities(calibration, part)) for name, mask in wanted.items()
            for part in [scores.where(mask)]]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path(".cache"))
    parser.add_argument("--run", default="visual")
    parser.add_argument("--pages", type=Path, default=PAGES)
    parser.add_argument("--calibrate", action="store_true")
    arguments = parser.parse_args()
    started = time.monotonic()
    faces = arguments.data / "faces"
    detector = load_visual_detector(device="cpu", threads=1)
    files = left_out_files(read_manifest(faces))
    seen = Seen(list(files), [observe(detector, faces, file, None) for file in files])
    pooled, frames = seen.file_scores(detector), seen.frame_scores()
    if arguments.calibrate:
        fitted = calibrate(frames.where(frames.fitting_half), pooled.where(pooled.fitting_half), population=POPULATION)
        write(fitted, WEIGHTS / "calibration.json")
    calibration = Calibration.read(WEIGHTS / "calibration.json")
    methods = [file.method for file, _ in seen.observed()]
    by_mean = populations(seen.mean_scores(), methods, calibration)
    by_file = populations(pooled, methods, calibration)
    stills = tuple(file for file in files if file.source in MISMATCHED)
    equalised = Seen(list(stills), [observe(detector, faces, file, _equalised) for file in stills])
    by_file += [
        evaluated(f"{name}, sizes equalised", part, probabilities(calibration, part))
        for source, name in (("generated", "generated faces"), ("ciplab", "Photoshop"))
        for whole in [equalised.file_scores(detector)]
        for part in [whole.where(np.array([each == source for each in whole.sources]))]
    ]
    reporting = pooled.where(~pooled.fitting_half)
    decided = {
        source: errors(part.labels, probabilities(calibration, part), calibration)
        for source in (*STILLS, "ffpp_c23")
        for part in [reporting.where(np.array([name == source for name in reporting.sources]))]
    }
    grid = corruption_grid(detector, faces, grid_files(files), calibration)
    short = shortcuts(faces, files)
    short |= {f"{name}, sizes equalised": row for name, row in shortcuts(faces, stills, _equalised).items()}
    worst = sorted((row for row in by_file if row.measures.n_fake), key=lambda row: row.measures.auc)[:3]
    misses = [f"{row.name}: AUC {decimal(row.measures.auc)}" for row in worst]
    figures: dict[str, object] = {
        "model": {"name": NAME, "sha256": digest(WEIGHTS / "model.tflite")},
        "calibration": calibration.model_dump(mode="json"),
        "files": {"scored": len(pooled.labels), "listed": len(files)},
        "video_mean": [row.as_dict() for row in by_mean],
        "file_score": [row.as_dict() for row in by_file],
        "corruptions": grid,
        "shortcuts": short,
    }
    tables = {
        "mean": measures_table(by_mean, "left-out groups"),
        "file": measures_table(by_file, "left-out groups"),
        "errors": table(("left-out groups", *ERROR_HEADER), ((name, *found.cells) for name, found in decided.items())),
        "grid": table(
            ("corruption", "AUC of FF++ videos", "mean AUC of stills", "real called fake", "mean logit"),
            ((name, *(decimal(value) for value in row.values())) for name, row in grid.items()),
        ),
        "shortcuts": table(
            ("source", *next(iter(short.values()))),
            ((source, *(decimal(value) for value in row.values())) for source, row in short.items()),
        ),
    }
    origin, how = (
        provenance(WEIGHTS, arguments.cache / "runs" / arguments.run),
        recipe(arguments.cache / "runs" / arguments.run),
    )
    write_page(arguments.pages, "visual", page(tables, calibration, misses, origin), figures)
    (WEIGHTS / "card.md").write_text(card(tables, calibration, misses, origin, how, digest(WEIGHTS / "model.tflite")))
    print(f"evaluated {len(files)} files in {time.monotonic() - started:.0f} s")
    print(tables["file"], tables["errors"], tables["grid"], tables["shortcuts"], sep="\n")


if __name__ == "__main__":
    main()
