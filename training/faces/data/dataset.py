"""The face data as the training sees it: aligned context crops with landmarks, cached once.

Limits: research data; the cache lives outside version control and is rebuilt from the manifest.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from detectors.faces.finder import FaceFinder
from detectors.faces.geometry import crop_face
from training.data.faces import CONTEXT_MARGIN

CONTEXT_SIZE_PX: Final = 288
HELD_OUT_SHARE: Final = 0.34
"""Of the groups of every cross-development source, by a hash of the group; never trained on."""


@dataclass(frozen=True, slots=True)
class FaceRow:
    """One image of the manifest. `held_out` rows are never trained on."""

    path: str
    is_fake: bool
    dataset: str
    method: str
    video: str
    group: str
    held_out: bool


@dataclass(frozen=True, slots=True)
class FaceCache:
    """images: (N, S, S, 3) uint8 RGB memmap; landmarks: (N, 468, 2) float32 in crop pixels; found: (N,) bool."""

    rows: tuple[FaceRow, ...]
    images: npt.NDArray[np.uint8]
    landmarks: npt.NDArray[np.float32]
    found: npt.NDArray[np.bool_]


def is_held_out(dataset: str, split: str, group: str) -> bool:
    """Whole groups are held out: DFDC's validation split as given, a hashed third of the groups elsewhere."""
    if dataset == "dfdc":
        return split == "val"
    digest = hashlib.sha256(f"{dataset}/{group}".encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32 < HELD_OUT_SHARE


def read_manifest(faces: Path) -> tuple[FaceRow, ...]:
    with (faces / "manifest.csv").open(newline="") as handle:
        return tuple(_row(row) for row in csv.DictReader(handle))


def _row(row: dict[str, str]) -> FaceRow:
    # Single images carry one group for the whole source: there each image is a group of its own.
    is_still = row["dataset"] in ("ciplab", "generated")
    group = row["path"] if is_still else row["group"]
    return FaceRow(
        path=row["path"],
        is_fake=row["label"] == "fake",
        dataset=row["dataset"],
        method=row["method"],
        video=row["path"] if is_still else row["video"],
        group=group,
        held_out=is_held_out(row["dataset"], row["split"], group),
    )


def open_cache(data: Path, cache: Path) -> FaceCache:
    """The cached crops, built first if they are missing or the manifest changed."""
    rows = read_manifest(data / "faces")
    manifest = (data / "faces" / "manifest.csv").read_bytes()
    key = hashlib.sha256(manifest + f"{CONTEXT_MARGIN}/{CONTEXT_SIZE_PX}".encode()).hexdigest()[:12]
    folder = cache / f"faces-{key}"
    if not (folder / "done.json").exists():
        _build(data / "faces", rows, folder)
    shape = (len(rows), CONTEXT_SIZE_PX, CONTEXT_SIZE_PX, 3)
    return FaceCache(
        rows=rows,
        images=np.memmap(folder / "images.u8", np.uint8, "r", shape=shape),
        landmarks=np.load(folder / "landmarks.npy"),
        found=np.load(folder / "found.npy"),
    )


def _build(faces: Path, rows: tuple[FaceRow, ...], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    finder = FaceFinder()
    shape = (len(rows), CONTEXT_SIZE_PX, CONTEXT_SIZE_PX, 3)
    images = np.memmap(folder / "images.u8", np.uint8, "w+", shape=shape)
    landmarks = np.zeros((len(rows), 468, 2), np.float32)
    found = np.zeros(len(rows), bool)

    def one(index: int) -> None:
        encoded = cv2.imread(str(faces / rows[index].path), cv2.IMREAD_COLOR)
        if encoded is None:
            raise FileNotFoundError(rows[index].path)
        image = np.asarray(cv2.cvtColor(encoded, cv2.COLOR_BGR2RGB), np.uint8)
        face = finder.find_in_crop(image)
        crop = crop_face(image, face, CONTEXT_SIZE_PX, CONTEXT_MARGIN)
        images[index] = crop.image
        if face is not None:
            landmarks[index] = crop.project(face.landmarks)
            found[index] = True

    with ThreadPoolExecutor(2) as pool:
        for done, _ in enumerate(pool.map(one, range(len(rows))), 1):
            if done % 1000 == 0:
                print(f"cached {done}/{len(rows)} faces", flush=True)
    images.flush()
    np.save(folder / "landmarks.npy", landmarks)
    np.save(folder / "found.npy", found)
    (folder / "done.json").write_text(json.dumps({"rows": len(rows), "found": int(found.sum())}))


def indices(cache: FaceCache, **wanted: object) -> npt.NDArray[np.int64]:
    """Rows whose fields equal `wanted`."""
    return np.array(list(_matching(cache, wanted)), np.int64)


def _matching(cache: FaceCache, wanted: dict[str, object]) -> Iterator[int]:
    for index, row in enumerate(cache.rows):
        if all(getattr(row, name) == value for name, value in wanted.items()):
            yield index


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path(".cache"))
    arguments = parser.parse_args()
    opened = open_cache(arguments.data, arguments.cache)
    print(f"{len(opened.rows)} faces, {int(opened.found.sum())} with a mesh")
