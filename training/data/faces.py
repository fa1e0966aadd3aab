"""Builds the face crops of all sources and one manifest of them.

Every crop is cut by the face finder that serves, at one margin and size, whatever the source: sizes and framings of the
files tell nothing afterwards. What is built is not built again: a source whose recipe asks for more files grows.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Literal

import cv2
import numpy as np
import numpy.typing as npt

from core.errors import Rejected
from core.media import RgbImage
from detectors.faces.finder import FaceFinder
from detectors.faces.geometry import Face, crop_face
from detectors.media.extraction import decode_image
from training.data.duplicates import Hashes, find_duplicates, hash_picture
from training.data.face_recipes import PUBLIC_FACES, SHARED_FACES, Framing, Recipe, Rule, SharedRecipe
from training.data.films import spread_frames
from training.data.manifest import FaceRow, digest, read_manifest, write_manifest
from training.data.repository import Blob, Repository, clone_repository, find_clone

CONTEXT_MARGIN: Final = 1.7
"""Side of a crop over the longer side of its mesh: room for shifts, other margins and blend boundaries."""
CONTEXT_PX: Final = 288
LEAST_FACE_PX: Final = 40
EVALUATION_FRAMES: Final = 12

Points = npt.NDArray[np.float32]
Label = Literal["real", "fake"]
Origins = frozenset[str]


@dataclass(frozen=True, slots=True)
class FoundFace:
    """A crop and what is known of it. landmarks: (468, 2) in pixels of the crop."""

    image: RgbImage
    landmarks: Points
    label: Label
    method: str
    group: str
    video: str
    origin: str
    sha256: str
    terms: str


def build_faces(
    shared: Path, clones: Path, out: Path, wanted: tuple[str, ...] = (), *, may_clone: bool = False
) -> tuple[FaceRow, ...]:
    """Build every source that is there, drop repetitions, and write `out/manifest.csv` and `out/landmarks.npy`.

    Args:
        shared: the shared data, with `faces/`, `faces_more/` and `videos/`.
        clones: cloned repositories. Absent ones are cloned when `may_clone`; else they are named and passed over.
        out: `<dataset>/<number>.png` crops of 288 px and the manifest are written here.
        wanted: datasets; empty means all.
    """
    finder = FaceFinder()
    folders: list[Path] = []
    for part in SHARED_FACES:
        if not wanted or part.dataset in wanted:
            found = partial(_shared_faces, part, shared, finder)
            folders.append(_build(out, part.dataset, "shared", part, found))
    for recipe in PUBLIC_FACES:
        if wanted and recipe.dataset not in wanted:
            continue
        clone = find_clone(clones, recipe.repository)
        if clone is None and may_clone:
            clone = clone_repository(recipe.repository, clones)
        if clone is None:
            print(f"{recipe.dataset}: {recipe.repository} is not among the clones", flush=True)
            continue
        read = partial(_public_faces, recipe, clone, finder)
        folders.append(_build(out, recipe.dataset, "public", recipe, read))
    known = _evaluation_hashes(shared / "videos", finder, out / "evaluation_hashes.npy")
    return _merge(folders, known, out)


def read_faces(folder: Path) -> tuple[tuple[FaceRow, ...], Points]:
    """The manifest and its (N, 468, 2) landmarks, in the same order."""
    return read_manifest(folder / "manifest.csv", FaceRow), np.load(folder / "landmarks.npy")


def read_crop(folder: Path, row: FaceRow) -> RgbImage:
    """(288, 288, 3) uint8 RGB."""
    encoded = cv2.imread(str(folder / row.path), cv2.IMREAD_COLOR)
    if encoded is None:
        raise FileNotFoundError(row.path)
    return np.asarray(cv2.cvtColor(encoded, cv2.COLOR_BGR2RGB), np.uint8)


# -------------------------------------------------------------------------------------------------- one source


def _build(out: Path, dataset: str, part: str, rules: object, faces: Callable[[Origins], Iterator[FoundFace]]) -> Path:
    """Write one source's crops; those that were written by an earlier recipe are kept, and the others follow them.

    Args:
        rules: what the recipe asks for; a source is looked at again when it has changed.
        faces: of the files whose origins are not among the given ones.
    """
    folder = out / "parts" / f"{dataset}-{part}"
    asked = hashlib.sha256(repr(rules).encode()).hexdigest()
    if (folder / "manifest.csv").exists() and (folder / "recipe").exists() and (folder / "recipe").read_text() == asked:
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    (out / f"{dataset}-{part}").mkdir(parents=True, exist_ok=True)
    rows: list[FaceRow] = []
    landmarks: list[Points] = []
    hashes: list[npt.NDArray[np.uint8]] = []
    if (folder / "manifest.csv").exists():
        rows += read_manifest(folder / "manifest.csv", FaceRow)
        landmarks += list(np.load(folder / "landmarks.npy"))
        hashes += list(np.load(folder / "hashes.npy"))
    for face in faces(frozenset(row.origin for row in rows)):
        path = f"{dataset}-{part}/{len(rows):05d}.png"
        bgr = cv2.cvtColor(face.image, cv2.COLOR_RGB2BGR)
        cv2.imwrite(str(out / path), bgr, [cv2.IMWRITE_PNG_COMPRESSION, 1])
        rows.append(
            FaceRow(
                path=path, label=face.label, dataset=dataset, method=face.method, group=face.group, video=face.video,
                origin=face.origin, sha256=face.sha256, terms=face.terms,
            )
        )  # fmt: skip
        landmarks.append(face.landmarks)
        hashes.append(hash_picture(face.image))
    np.save(folder / "landmarks.npy", np.asarray(landmarks, np.float32).reshape(-1, 468, 2))
    np.save(folder / "hashes.npy", np.asarray(hashes, np.uint8).reshape(len(rows), -1))
    write_manifest(rows, folder / "manifest.csv", FaceRow)
    (folder / "recipe").write_text(asked)
    print(f"{dataset}-{part}: {len(rows)} faces, {sum(row.is_fake for row in rows)} of them forged", flush=True)
    return folder


def _public_faces(recipe: Recipe, clone: Path, finder: FaceFinder, built: Origins) -> Iterator[FoundFace]:
    with Repository(clone) as repository:
        for rule in recipe.rules:
            for blob, found in _chosen(repository, rule):
                if f"{recipe.repository}:{blob.path}" in built:
                    continue
                content = repository.read(blob)
                if content is None:
                    continue
                named = found.groupdict()
                images = (
                    spread_frames(content, recipe.frames) if rule.framing is Framing.VIDEO else tuple(_decoded(content))
                )
                for image in images:
                    face = _find(finder, image, rule.framing)
                    if face is None:
                        continue
                    crop = crop_face(image, face, CONTEXT_PX, CONTEXT_MARGIN)
                    yield FoundFace(
                        image=crop.image,
                        landmarks=crop.project(face.landmarks),
                        label=rule.label,
                        method=named.get("method") or rule.method,
                        group=named.get("group") or blob.path,
                        video=blob.path,
                        origin=f"{recipe.repository}:{blob.path}",
                        sha256=digest(content),
                        terms=recipe.terms,
                    )


def _chosen(repository: Repository, rule: Rule) -> list[tuple[Blob, re.Match[str]]]:
    """The rule's files: a fixed shuffle, then its caps."""
    listed = list(repository.match(rule.pattern))
    chosen: list[tuple[Blob, re.Match[str]]] = []
    taken: dict[str, int] = {}
    for index in np.random.default_rng(0).permutation(len(listed)):
        blob, found = listed[int(index)]
        group = found.groupdict().get("group") or blob.path
        if taken.get(group, 0) < rule.per_group and len(chosen) < rule.cap:
            taken[group] = taken.get(group, 0) + 1
            chosen.append((blob, found))
    return chosen


def _shared_faces(recipe: SharedRecipe, shared: Path, finder: FaceFinder, built: Origins) -> Iterator[FoundFace]:
    folder = shared / recipe.folder
    with (folder / "manifest.csv").open(newline="") as handle:
        listed = [row for row in csv.DictReader(handle) if row["dataset"] == recipe.source]
    order = np.random.default_rng(0).permutation(sorted({_group(row) for row in listed}))
    ranks = {group: rank for rank, group in enumerate(order.tolist())}
    spread = _spread(listed, ranks) if len(ranks) < 200 else sorted(listed, key=lambda row: ranks[_group(row)])
    left: dict[str, int] = {"real": recipe.real_cap, "fake": recipe.fake_cap}
    for row in spread:
        if not left[row["label"]]:
            continue
        if f"{recipe.folder}:{row['path']}" in built:
            left[row["label"]] -= 1
            continue
        content = (folder / row["path"]).read_bytes()
        for image in _decoded(content):
            face = _find(finder, image, Framing.CROP)
            if face is None:
                continue
            left[row["label"]] -= 1
            crop = crop_face(image, face, CONTEXT_PX, CONTEXT_MARGIN)
            yield FoundFace(
                image=crop.image,
                landmarks=crop.project(face.landmarks),
                label="fake" if row["label"] == "fake" else "real",
                method=row["method"],
                group=_group(row),
                video=_video(row),
                origin=f"{recipe.folder}:{row['path']}",
                sha256=digest(content),
                terms=row["terms"],
            )


def _group(row: dict[str, str]) -> str:
    # Single pictures carry one group for their whole source: each is a group of its own.
    if row["dataset"] in ("dfdc", "ffpp_c23"):
        return row["group"]
    return row["path"]


def _video(row: dict[str, str]) -> str:
    return f"{row['method']}/{row['video']}" if row["dataset"] in ("dfdc", "ffpp_c23") else row["path"]


def _spread(rows: list[dict[str, str]], ranks: dict[str, int]) -> list[dict[str, str]]:
    """One frame of every video, then another of each, and so on: a cap then takes from all videos alike."""
    numbers: dict[str, int] = {}
    keyed = []
    order = np.random.default_rng(1).permutation(len(rows))
    for index in order:
        row = rows[int(index)]
        numbers[_video(row)] = numbers.get(_video(row), -1) + 1
        keyed.append((numbers[_video(row)], ranks[_group(row)], int(index)))
    return [rows[index] for _, _, index in sorted(keyed)]


def _decoded(content: bytes) -> Iterator[RgbImage]:
    try:
        yield decode_image(content)
    except Rejected:
        return


def _find(finder: FaceFinder, image: RgbImage, framing: Framing) -> Face | None:
    """The face of a crop, or the largest of a picture that is large enough."""
    if framing is Framing.CROP:
        return finder.find_in_crop(image)
    faces = finder.find(image)
    if not faces and framing is Framing.PICTURE:
        alone = finder.find_in_crop(image)
        faces = (alone,) if alone else ()
    if not faces or min(faces[0].box.width_px, faces[0].box.height_px) < LEAST_FACE_PX:
        return None
    return faces[0]


# -------------------------------------------------------------------------------------------------- all sources


def _evaluation_hashes(videos: Path, finder: FaceFinder, cached: Path) -> Hashes:
    """Of the faces in the clips that evaluation uses: none of them may be trained on."""
    if cached.exists():
        return np.asarray(np.load(cached), np.uint8)
    hashes = []
    for path in sorted(videos.rglob("*.mp*")):
        for image in spread_frames(path.read_bytes(), EVALUATION_FRAMES):
            hashes += [
                hash_picture(crop_face(image, face, CONTEXT_PX, CONTEXT_MARGIN).image) for face in finder.find(image)
            ]
    stacked = np.asarray(hashes, np.uint8).reshape(len(hashes), -1)
    np.save(cached, stacked)
    return stacked


def _merge(folders: list[Path], known: Hashes, out: Path) -> tuple[FaceRow, ...]:
    rows = [row for folder in folders for row in read_manifest(folder / "manifest.csv", FaceRow)]
    landmarks = np.concatenate([np.load(folder / "landmarks.npy") for folder in folders])
    hashes = np.concatenate([h for folder in folders if (h := np.load(folder / "hashes.npy")).size])
    repeated = find_duplicates(
        hashes, [row.label for row in rows], [f"{row.dataset}/{row.video}" for row in rows], known
    )
    kept = tuple(row for row, gone in zip(rows, repeated, strict=True) if not gone)
    np.save(out / "landmarks.npy", landmarks[~repeated])
    write_manifest(kept, out / "manifest.csv", FaceRow)
    print(f"{len(kept)} faces; {int(repeated.sum())} repetitions left out", flush=True)
    for dataset in dict.fromkeys(row.dataset for row in rows):
        numbers = [sum(r.dataset == dataset and r.label == label for r in kept) for label in ("real", "fake")]
        gone = sum(bool(g) for r, g in zip(rows, repeated, strict=True) if r.dataset == dataset)
        print(f"  {dataset}: {numbers[0]} honest, {numbers[1]} forged; {gone} left out", flush=True)
    return kept
