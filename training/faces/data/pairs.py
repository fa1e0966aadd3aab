"""Pairs of honest and forged faces of all built sources, through one chain each, in batches for the network."""

from __future__ import annotations

import multiprocessing as mp
import os
from collections import defaultdict
from collections.abc import Generator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from core.media import RgbImage
from detectors.faces.geometry import Face, crop_face
from training.data.degradation import draw_chain, draw_mild_chain, draw_tightening
from training.data.faces import CONTEXT_MARGIN, read_crop, read_faces
from training.faces.data.batches import STRIDE_PX, Batch
from training.faces.pictures.augmentation import draw_backdrop, draw_degradation, draw_style
from training.faces.pictures.blending import Mask, Pair, match_colour, resynthesis, self_blend, swap_blend
from training.faces.pictures.mouth import mouth_blend
from training.feeding import feed, from_workers

MARGINS: Final = (1.12, 1.42)
PSEUDO_FAKES: Final = {"self_blend": 0.22, "swap_blend": 0.04, "resynthesis": 0.05, "mouth_blend": 0.13}
TIGHT_SHARE: Final = 0.25
"""Of the pairs whose pictures end near the face."""
MATCHED: Final = 0.42
"""Share of pairs with a filed fake of a source that has honest faces too."""
UNMATCHED: Final = 0.14
"""Share of pairs of a filed fake and an honest face of any other source."""
MILD_SHARE: Final = 0.35
"""Of the pairs that come nearly as their pictures were filed."""
LARGE_SOURCE: Final = 4000
"""Faces of a class beyond which a source is drawn no more often."""


@dataclass(frozen=True, slots=True)
class _Picked:
    """A pair and the landmarks that its members are cropped by."""

    pair: Pair
    landmarks: tuple[np.ndarray[tuple[int, ...], np.dtype[np.float32]], ...]


class SourcePairs:
    """Draws pairs from the built faces, all sources alike.

    Args:
        folder: what `training.data` built.
        spared: datasets that no pair may come from.
        held_out: origins of files that no pair may come from.

    Raises: ValueError when nothing is left of a class.
    """

    def __init__(self, folder: Path, spared: frozenset[str], held_out: frozenset[str]) -> None:
        self._folder = folder
        self._rows, self._landmarks = read_faces(folder)
        self._honest: dict[str, list[int]] = defaultdict(list)
        self._forged: dict[str, list[int]] = defaultdict(list)
        self._films: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._beside: dict[tuple[str, str], list[int]] = defaultdict(list)
        for index, row in enumerate(self._rows):
            if row.dataset in spared or row.origin in held_out:
                continue
            (self._forged if row.is_fake else self._honest)[row.dataset].append(index)
            if not row.is_fake:
                self._films[row.dataset, row.video].append(index)
                self._beside[row.dataset, row.group].append(index)
        if not self._honest or not self._forged:
            raise ValueError("no source is left of a class")
        self._matched = [name for name in self._forged if name in self._honest]

    def draw(self, rng: np.random.Generator) -> _Picked:
        names = [*PSEUDO_FAKES, "matched", "unmatched"]
        shares = np.array([*PSEUDO_FAKES.values(), MATCHED, UNMATCHED])
        kind = str(rng.choice(names, p=shares / shares.sum()))
        if kind == "matched":
            fake = self._pick(self._forged, self._matched, rng)
            row = self._rows[fake]
            near = self._beside.get((row.dataset, row.group)) or self._honest[row.dataset]
            return self._filed(int(rng.choice(near)), fake)
        if kind == "unmatched":
            fake = self._pick(self._forged, list(self._forged), rng)
            return self._unmatched(self._pick(self._honest, list(self._honest), rng), fake, rng)
        index = self._pick(self._honest, list(self._honest), rng)
        return self._pseudo(kind, index, rng)

    def other(self, rng: np.random.Generator) -> RgbImage:
        """Any honest picture."""
        return self._image(self._pick(self._honest, list(self._honest), rng))

    def _pseudo(self, kind: str, index: int, rng: np.random.Generator) -> _Picked:
        image, landmarks = self._image(index), self._landmarks[index]
        row = self._rows[index]
        if kind == "self_blend":
            pair = self_blend(image, landmarks, rng)
        elif kind == "resynthesis":
            pair = resynthesis(image, landmarks, rng)
        else:
            film = [other for other in self._films[row.dataset, row.video] if other != index]
            near = film if film and kind == "mouth_blend" else self._honest[row.dataset]
            other = int(rng.choice(near))
            make = mouth_blend if kind == "mouth_blend" else swap_blend
            pair = make(image, landmarks, self._image(other), self._landmarks[other], rng)
        return _Picked(pair, (landmarks, landmarks))

    def _filed(self, real: int, fake: int) -> _Picked:
        image = self._image(real)
        pair = Pair(real=image, fake=self._image(fake), mask=np.zeros(image.shape[:2], np.float32))
        return _Picked(pair, (self._landmarks[real], self._landmarks[fake]))

    def _unmatched(self, real: int, fake: int, rng: np.random.Generator) -> _Picked:
        """Two pictures that share nothing: each degraded by itself, colours brought together, often one backdrop."""
        picked = self._filed(real, fake)
        images = [picked.pair.real, picked.pair.fake]
        if rng.random() < 0.5:
            behind = draw_backdrop(self.other(rng), rng)
            images = [behind(image, points) for image, points in zip(images, picked.landmarks, strict=True)]
        moved = int(rng.integers(2))
        whole: Mask = np.ones(images[0].shape[:2], np.float32)
        images[moved] = match_colour(images[moved], images[1 - moved], whole, float(rng.uniform(0.2, 1.0)))
        for position in range(2):
            for step in draw_degradation(rng):
                images[position] = step(images[position])
        return _Picked(Pair(images[0], images[1], np.zeros_like(whole)), picked.landmarks)

    def _pick(self, classes: dict[str, list[int]], names: list[str], rng: np.random.Generator) -> int:
        """One of a source, which is chosen by the square root of its size."""
        sizes = np.sqrt([min(len(classes[name]), LARGE_SOURCE) for name in names])
        return int(rng.choice(classes[names[int(rng.choice(len(names), p=sizes / sizes.sum()))]]))

    def _image(self, index: int) -> RgbImage:
        return read_crop(self._folder, self._rows[index])


def make_batch(maker: SourcePairs, pairs: int, size_px: int, rng: np.random.Generator) -> Batch:
    """A batch of pairs, each through one chain and one cut."""
    cells = size_px // STRIDE_PX
    images = np.empty((2 * pairs, size_px, size_px, 3), np.uint8)
    masks = np.zeros((2 * pairs, cells, cells), np.float32)
    for index in range(pairs):
        picked = maker.draw(rng)
        light = draw_style(maker.other(rng), rng) if rng.random() < 0.25 else None
        chain = draw_mild_chain(rng) if rng.random() < MILD_SHARE else draw_chain(rng)
        flipped = bool(rng.random() < 0.5)
        margin, shift = float(rng.uniform(*MARGINS)), rng.uniform(-0.04, 0.04, 2)
        tighten = draw_tightening(rng) if rng.random() < TIGHT_SHARE else None
        members = ((index, picked.pair.real), (pairs + index, picked.pair.fake))
        for (position, image), points in zip(members, picked.landmarks, strict=True):
            film = chain(light(image) if light else image)
            placed, off = points * (film.shape[0] / image.shape[0]), 0
            if tighten is not None:
                film, off = tighten(film, float(np.ptp(placed, axis=0).max()))
            images[position] = _cut(film, placed - off, size_px, margin, shift, flipped=flipped)
        changed = _cut(picked.pair.mask, picked.landmarks[1], 4 * cells, margin, shift, flipped=flipped)
        masks[pairs + index] = cv2.resize(changed.astype(np.float32), (cells, cells), interpolation=cv2.INTER_AREA)
    labels = np.concatenate([np.zeros((pairs, 1)), np.ones((pairs, 1))]).astype(np.float32)
    return Batch(images, labels, masks)


def _cut(
    image: RgbImage | Mask, points: object, size_px: int, margin: float, shift: object, *, flipped: bool
) -> RgbImage:
    face = Face(np.asarray(points, np.float32), 1.0)
    moved = Face((face.landmarks + np.asarray(shift) * face.box.width_px).astype(np.float32), 1.0)
    whole = np.asarray(image if image.dtype == np.uint8 else np.round(image * 255), np.uint8)
    cut = crop_face(whole, moved, size_px, margin).image
    if image.dtype != np.uint8:
        cut = np.asarray(cut > 127, np.uint8)
    return np.ascontiguousarray(cut[:, ::-1]) if flipped else cut


def stream(
    folder: Path,
    spared: frozenset[str],
    held_out: frozenset[str],
    *,
    pairs: int,
    size_px: int,
    seed: int,
    first_step: int,
) -> Generator[Batch, None, None]:
    """Batches from one worker process. Batch `k` depends on `seed` and `k` only."""
    return from_workers(_work, [(folder, spared, held_out, pairs, size_px, seed, first_step)], waiting=6)


def _work(
    folder: Path,
    spared: frozenset[str],
    held_out: frozenset[str],
    pairs: int,
    size_px: int,
    seed: int,
    first: int,
    queue: mp.Queue[Batch],
) -> None:
    cv2.setNumThreads(1)
    os.nice(2)
    maker = SourcePairs(folder, spared, held_out)
    rngs = (np.random.default_rng([seed, step]) for step in count(first))
    feed(queue, (make_batch(maker, pairs, size_px, rng) for rng in rngs))


def context_to_network(image: RgbImage, size_px: int, margin: float = 1.25) -> RgbImage:
    """A crop of `training.data` cut to the margin that the network is served."""
    side = image.shape[0] * margin / CONTEXT_MARGIN
    scale, shift = size_px / side, (image.shape[0] - side) / 2
    matrix = np.array([[scale, 0, -shift * scale], [0, scale, -shift * scale]])
    return np.asarray(cv2.warpAffine(image, matrix, (size_px, size_px), flags=cv2.INTER_LINEAR), np.uint8)
