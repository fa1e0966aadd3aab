"""Batches of pairs: a real crop and a fake one, made from it or kept beside it, augmented alike."""

from __future__ import annotations

import multiprocessing as mp
import os
from collections.abc import Generator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from core.media import RgbImage
from training.faces.data.dataset import CONTEXT_SIZE_PX, FaceCache, open_cache
from training.faces.pictures.augmentation import draw, draw_backdrop, draw_degradation
from training.faces.pictures.blending import Pair, match_colour, resynthesis, self_blend, swap_blend
from training.feeding import feed, from_workers

STRIDE_PX: Final = 32
"""Of the network: one cell of its last feature map."""


class Batch(NamedTuple):
    """images: (2 * pairs, S, S, 3) uint8, reals then fakes; labels: (2 * pairs, 1); masks: (2 * pairs, S/32, S/32),
    the changed share of each cell, all zero where nothing was changed or nobody knows where."""

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.float32]
    masks: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Recipe:
    """Shares of the kinds of pair in a batch, and of the sources of real faces that blends are made from."""

    self_blends: float = 0.44
    swap_blends: float = 0.08
    resyntheses: float = 0.06
    dfdc_pairs: float = 0.21
    ffpp_fakes: float = 0.11
    generated: float = 0.07
    ciplab: float = 0.03
    sources: tuple[tuple[str, float], ...] = (("ffpp_c23", 0.34), ("dfdc", 0.3), ("ciplab", 0.18), ("generated", 0.18))

    def kinds(self) -> tuple[str, ...]:
        return ("self_blends", "swap_blends", "resyntheses", "dfdc_pairs", "ffpp_fakes", "generated", "ciplab")


RECIPE: Final = Recipe()


class PairMaker:
    """Draws pairs from the training part of the cache. Holds indices only."""

    def __init__(self, cache: FaceCache, recipe: Recipe) -> None:
        self._cache = cache
        self._recipe = recipe
        train = [i for i, row in enumerate(cache.rows) if not row.held_out and cache.found[i]]
        self._real = {
            name: np.array([i for i in train if cache.rows[i].dataset == name and not cache.rows[i].is_fake])
            for name, _ in recipe.sources
        }
        self._fake = {
            name: np.array([i for i in train if cache.rows[i].dataset == name and cache.rows[i].is_fake])
            for name, _ in recipe.sources
        }
        by_group = {cache.rows[i].group: i for i in self._real["dfdc"]}
        self._dfdc = [(by_group[cache.rows[i].group], i) for i in self._fake["dfdc"] if cache.rows[i].group in by_group]
        self._ffpp_methods: dict[str, npt.NDArray[np.int64]] = {}
        for method in sorted({cache.rows[i].method for i in self._fake["ffpp_c23"]}):
            self._ffpp_methods[method] = np.array([i for i in self._fake["ffpp_c23"] if cache.rows[i].method == method])
        self._ffpp_by_group: dict[str, list[int]] = {}
        for i in self._real["ffpp_c23"]:
            self._ffpp_by_group.setdefault(cache.rows[i].group, []).append(int(i))

    def draw(self, rng: np.random.Generator) -> Pair:
        recipe = self._recipe
        shares = np.array([getattr(recipe, kind) for kind in recipe.kinds()])
        kind = str(rng.choice(recipe.kinds(), p=shares / shares.sum()))
        if kind == "dfdc_pairs":
            return self._beside(*self._dfdc[int(rng.integers(len(self._dfdc)))])
        if kind == "ffpp_fakes":
            methods = list(self._ffpp_methods)
            fake = int(rng.choice(self._ffpp_methods[methods[int(rng.integers(len(methods)))]]))
            near = self._ffpp_by_group.get(self._cache.rows[fake].group) or self._real["ffpp_c23"]
            return self._beside(int(rng.choice(near)), fake)
        if kind in ("generated", "ciplab"):
            # Portraits of either source stand beside either's fakes: how a portrait is lit and framed is no evidence.
            portraits = self._real["generated" if rng.random() < 0.5 else "ciplab"]
            return self._unmatched(int(rng.choice(portraits)), int(rng.choice(self._fake[kind])), rng)
        names = [name for name, _ in recipe.sources]
        weights = np.array([share for _, share in recipe.sources])
        source = str(rng.choice(names, p=weights / weights.sum()))
        index = int(rng.choice(self._real[source]))
        image, landmarks = self._cache.images[index], self._cache.landmarks[index]
        if kind == "swap_blends":
            donor = int(rng.choice(self._real[source]))
            return swap_blend(image, landmarks, self._cache.images[donor], self._cache.landmarks[donor], rng)
        if kind == "resyntheses":
            return resynthesis(image, landmarks, rng)
        return self_blend(image, landmarks, rng)

    def other(self, rng: np.random.Generator) -> RgbImage:
        """Any real picture of any source."""
        source = str(rng.choice(list(self._real)))
        return np.asarray(self._cache.images[int(rng.choice(self._real[source]))], np.uint8)

    def _beside(self, real: int, fake: int) -> Pair:
        images = self._cache.images
        return Pair(real=images[real], fake=images[fake], mask=np.zeros(images.shape[1:3], np.float32))

    def _unmatched(self, real: int, fake: int, rng: np.random.Generator) -> Pair:
        """Two pictures that share nothing: each degraded by itself, their colours brought together, and mostly one
        backdrop laid around both faces, for a plain background is no evidence."""
        images = [np.asarray(self._cache.images[index], np.uint8) for index in (real, fake)]
        whole = np.ones(images[0].shape[:2], np.float32)
        if rng.random() < 0.85:
            behind = draw_backdrop(np.asarray(self._cache.images[int(rng.choice(self._real["dfdc"]))], np.uint8), rng)
            images = [
                behind(image, self._cache.landmarks[index]) for image, index in zip(images, (real, fake), strict=True)
            ]
        moved = int(rng.integers(2))
        images[moved] = match_colour(images[moved], images[1 - moved], whole, float(rng.uniform(0.3, 1.0)))
        for position in range(2):
            for step in draw_degradation(rng):
                images[position] = step(images[position])
        return Pair(real=images[0], fake=images[1], mask=np.zeros_like(whole))


def make_batch(maker: PairMaker, pairs: int, size_px: int, rng: np.random.Generator) -> Batch:
    """A batch of pairs, each augmented alike."""
    cells = size_px // STRIDE_PX
    images = np.empty((2 * pairs, size_px, size_px, 3), np.uint8)
    masks = np.zeros((2 * pairs, cells, cells), np.float32)
    for index in range(pairs):
        pair = maker.draw(rng)
        drawn = draw(rng, size_px, CONTEXT_SIZE_PX, maker.other(rng))
        images[index] = drawn.picture(pair.real)
        images[pairs + index] = drawn.picture(pair.fake)
        masks[pairs + index] = drawn.cells(pair.mask, cells)
    labels = np.concatenate([np.zeros((pairs, 1)), np.ones((pairs, 1))]).astype(np.float32)
    return Batch(images, labels, masks)


def stream(
    data: Path, cache: Path, recipe: Recipe, *, pairs: int, size_px: int, seed: int, first_step: int, workers: int = 1
) -> Generator[Batch, None, None]:
    """Batches from worker processes. Batch `k` depends on `seed` and `k` only, so a resumed run repeats nothing."""
    lanes = [(data, cache, recipe, pairs, size_px, seed, first_step + lane, workers) for lane in range(workers)]
    return from_workers(_work, lanes, waiting=6)


def _work(
    data: Path,
    cache: Path,
    recipe: Recipe,
    pairs: int,
    size_px: int,
    seed: int,
    first: int,
    stride: int,
    queue: mp.Queue[Batch],
) -> None:
    cv2.setNumThreads(1)
    os.nice(2)
    maker = PairMaker(open_cache(data, cache), recipe)
    rngs = (np.random.default_rng([seed, step]) for step in count(first, stride))
    feed(queue, (make_batch(maker, pairs, size_px, rng) for rng in rngs))
